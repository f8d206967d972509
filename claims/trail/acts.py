"""An act: one thing one person did, in one transaction, recorded and sealed by the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import connection, transaction

NAME_OF_THE_SYSTEM = "Galley"


class Actor(Protocol):
    """Who acts: a person with an id and a name."""

    pk: int
    name: str


@contextmanager
def act(verb: str, actor: Actor | None, reason: str = "") -> Iterator[int]:
    """Open an act for the domain rows that the block writes; yields the act's id.

    `verb` is a key of claims.trail.verbs; `actor` is None for what the system does. Everything is written or
    nothing is. The database seals the act at commit. Inside another transaction (a form's submission, a test) it is
    sealed at the end of the block, so that one transaction can hold several acts.
    """
    nested = connection.in_atomic_block
    name = NAME_OF_THE_SYSTEM if actor is None else actor.name
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT trail.open_act(%s, %s, %s, %s)", [verb, None if actor is None else actor.pk, name, reason]
            )
            (opened,) = cursor.fetchone()
        yield opened
        if nested:
            seal()


def seal() -> None:
    """Seal the open act now, and let the next one wait for its commit again."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS trail.seal IMMEDIATE; SET CONSTRAINTS trail.seal DEFERRED")
