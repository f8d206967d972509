"""Queries that are asked again and again: their SQL is worked out once in a process, and then only sent.

    @ready
    def pieces(claim: int) -> QuerySet[Evidence]:
        return Evidence.objects.filter(claim=claim).select_related("source")

    pieces(7)       # the rows of that QuerySet, as a list

To turn a QuerySet into SQL takes Django three times as long as PostgreSQL takes to answer it, and it does so at every
call anew. A ready query is made at its first call, with a placeholder in the place of each argument: so the function
may put its arguments into lookups, and must not look at them; and it must not depend on the moment or the language.
A None matches no row. For “one of these” it says `OneOf("act", acts)`. What is kept is the question alone, never rows.
"""

from collections.abc import Callable, Sequence
from copy import copy
from functools import wraps
from inspect import signature
from typing import Any

from django.db import connections
from django.db.models import BooleanField, Func, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError


class OneOf(Func):
    """The column's value is one of a list, which is sent as one value, however long it is."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = BooleanField()


class _Place:
    """Where an argument of the function stands among the statement's parameters."""

    def __init__(self, name: str) -> None:
        self.name = name


class _Prepared:
    """A QuerySet with its SQL, in which the arguments are places."""

    def __init__(self, queryset: QuerySet[Any, Any]) -> None:
        self.queryset = queryset
        self.compiler: SQLCompiler = queryset.query.get_compiler(using=queryset.db)
        self.sql, self.parameters = self.compiler.as_sql()
        converters = self.compiler.get_converters([column for column, *_named in self.compiler.select])
        self.compiler.get_converters = lambda _columns: converters

    def rows(self, given: dict[str, object]) -> list[Any]:
        """What the database answers with the arguments in their places."""
        if self.queryset.query.select_for_update and connections[self.queryset.db].get_autocommit():
            raise TransactionManagementError("What is locked outside of a transaction is locked by nobody.")
        values = tuple(given[one.name] if isinstance(one, _Place) else one for one in self.parameters)
        compiler = copy(self.compiler)
        compiler.connection = connections[self.queryset.db]
        compiler.as_sql = lambda *_how, **_more: (self.sql, values)  # type: ignore[method-assign, assignment]
        return list(self._answered_by(compiler))

    def _answered_by(self, compiler: SQLCompiler) -> QuerySet[Any, Any]:
        """The QuerySet, to be read once: a clone of all that it is made of would take longer than to read it."""
        query = copy(self.queryset.query)
        query.get_compiler = lambda *_how, **_more: compiler  # type: ignore[method-assign]
        asked: QuerySet[Any, Any] = QuerySet(self.queryset.model, query, self.queryset.db)
        for how in ("_iterable_class", "_fields", "_prefetch_related_lookups"):
            setattr(asked, how, getattr(self.queryset, how))
        return asked


def ready[**Arguments, Row](make: Callable[Arguments, QuerySet[Any, Row]]) -> Callable[Arguments, list[Row]]:
    """A function that answers with the rows of the QuerySet that `make` makes of its arguments."""
    names: Sequence[str] = list(signature(make).parameters)
    made: list[_Prepared] = []

    @wraps(make)
    def rows(*args: Arguments.args, **kwargs: Arguments.kwargs) -> list[Row]:
        if not made:
            places: Any = [Value(_Place(name)) for name in names]
            made.append(_Prepared(make(*places)))  # type: ignore[call-arg]
        return made[0].rows(dict(zip(names, args, strict=False)) | kwargs)

    return rows
