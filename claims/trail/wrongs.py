"""What does not hold in a trail, in words; and the careful look at rows that differ by their hash."""

import datetime
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import NOT_PROVIDED
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Found = Mapping[str, Any]
Row = dict[str, Any] | None

LINK: dict[str, Promise] = {
    "missing": gettext_lazy("this act is missing"),
    "hash": gettext_lazy("its contents do not give the hash it was sealed with"),
    "before": gettext_lazy("it was not sealed to the act that stands before it"),
    "number": gettext_lazy("its number is not the one it was sealed with"),
    "name": gettext_lazy("the name in it was changed"),
    "reason": gettext_lazy("its reason was changed"),
    "name gone": gettext_lazy("the name in it is gone, and no act says that it was erased"),
    "reason gone": gettext_lazy("its reason is gone, and no act says that it was erased"),
}
ROW: dict[str, Promise] = {
    "no act": gettext_lazy("a change of it belongs to no act"),
    "not watched": gettext_lazy("it is of no table under watch"),
    "line": gettext_lazy("the record of its change was changed"),
    "form": gettext_lazy("the record of its change is not as the database writes it"),
    "unreadable": gettext_lazy("a record of it cannot be read"),
    "not erasing": gettext_lazy("it was erased in an act that erases nothing"),
    "stream": gettext_lazy("the record of its change stands in another stream than its own"),
    "claim": gettext_lazy("the record of its change names another claim than its own"),
    "moved": gettext_lazy("it moved to another stream"),
    "gone": gettext_lazy("the record of its change is gone, and no act says that it was erased"),
    "made twice": gettext_lazy("it was made though it was there"),
    "row without an act": gettext_lazy("it is there, and no act made it"),
    "never made": gettext_lazy("it was changed, and no act before made it"),
    "back again": gettext_lazy("it is there again after an act that deleted it"),
    "row gone": gettext_lazy("it is gone, and no act after this one deleted it"),
    "erased, and no act says what is left": gettext_lazy("its record was erased, and no act says what is left of it"),
}


@dataclass(frozen=True)
class Fault:
    """One thing that does not hold: the act (with verb and time where they can be read), or the row, and what.

    `of_now`: the acts hold as they stand, but the row as it is now does not follow from the last of them.
    """

    stream: str
    seq: int
    verb: str = ""
    at: datetime.datetime | None = None
    what: str | Promise = ""
    relation: str = ""
    row: int | None = None
    of_now: bool = False

    def place(self) -> tuple[str, int, bool, int, str, int]:
        """Where it stands among others: by stream (numbers as numbers), acts in order, then rows as they are now."""
        kind, _colon, number = self.stream.partition(":")
        return (kind, int(number) if number.isdecimal() else 0, self.of_now, self.seq, self.relation, self.row or 0)

    def __str__(self) -> str:
        what = f"{self.relation} {self.row}: {self.what}" if self.relation else str(self.what)
        if not self.stream:
            return what
        if self.seq >= 2**62:
            return _("%(stream)s, after its last act: %(what)s") % {"stream": self.stream, "what": what}
        act = _("%(stream)s, act %(seq)d") % {"stream": self.stream, "seq": self.seq}
        if self.at is not None:
            act += f" ({self.verb}, {self.at:%Y-%m-%d %H:%M:%S} UTC)"
        return f"{act}: {what}"


def verb_and_time(header: str | None) -> tuple[str, datetime.datetime | None]:
    """What an act's header says of itself; empty where it cannot be read, since it may have been changed."""
    try:
        said = json.loads(header or "")
        return str(said["verb"]), datetime.datetime.fromisoformat(said["at"])
    except (ValueError, KeyError, TypeError):
        return "", None


def of_rows(found: Sequence[Found], end: int) -> Iterator[Fault]:
    """The faults among the rows that verify_rows.sql found; those that differ only by columns added since are none."""
    lines = _lines(found)
    headers = _headers(found)
    for row in found:
        what: str | Promise | None = ROW.get(row["verdict"])
        at_act = (row["stream"], row["seq"])
        if row["verdict"] == "differs":
            what = _difference(row, lines)
            if row["deed"] == "now":  # the act that the row does not agree with any more
                at_act = (row["stream_before"], row["seq_before"])
        elif row["deed"] == "now" and row["seq_before"] is not None:
            at_act = (row["stream_before"], row["seq_before"])
        if what:
            stream, seq = at_act
            yield Fault(
                stream, end if seq is None else seq, *verb_and_time(headers.get(at_act)), what=what,
                relation=row["relation"], row=row["row"], of_now=row["deed"] == "now" or row["verdict"] == "row gone",
            )  # fmt: skip


def _headers(found: Sequence[Found]) -> dict[tuple[str, int], str]:
    wanted = {(row["stream"], row["seq"]) for row in found} | {
        (row["stream_before"], row["seq_before"]) for row in found
    }
    keys = [key for key in wanted if key[0] is not None and key[1] is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.stream, a.seq, a.header FROM unnest(%s::text[], %s::bigint[]) AS k (stream, seq)"
            " JOIN trail.act a USING (stream, seq)",
            [[stream for stream, _seq in keys], [seq for _stream, seq in keys]],
        )
        return {(stream, seq): header for stream, seq, header in cursor.fetchall()}


def _lines(found: Sequence[Found]) -> dict[tuple[int, int], tuple[Row, Row]]:
    """What lines of rows that differ say: the row before and after (None: it cannot be read), by act and number."""
    differ = [row for row in found if row["verdict"] == "differs"]
    keys = {(row["act"], row["n"]) for row in differ if row["act"]} | {
        (row["act_before"], row["n_before"]) for row in differ
    }
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.act, c.n, c.line FROM unnest(%s::bigint[], %s::bigint[]) AS k (act, n)"
            " JOIN trail.change c USING (act, n)",
            [[act for act, _n in keys], [n for _act, n in keys]],
        )
        return {(act, n): _sides(line) for act, n, line in cursor.fetchall()}


def _sides(line: str | None) -> tuple[Row, Row]:
    try:
        match json.loads(line or ""):
            case [_relation, _operation, before, after]:
                return (before if isinstance(before, dict) else None), (after if isinstance(after, dict) else None)
    except (ValueError, RecursionError):
        pass
    return None, None


def _difference(row: Found, lines: Mapping[tuple[int, int], tuple[Row, Row]]) -> str | Promise | None:
    """How what was found differs from what was left before, on the columns of both; None where it does not."""
    left = lines[row["act_before"], row["n_before"]][1]
    found = _row_now(row) if row["deed"] == "now" else lines[row["act"], row["n"]][0]
    if left is None or found is None:
        return ROW["unreadable"]
    columns = [name for name in found.keys() & left.keys() if found[name] != left[name]]
    columns += [name for name in found.keys() - left.keys() if not _is_default(row["relation"], name, found[name])]
    if not columns:
        return None
    names = ", ".join(sorted(columns))
    if row["deed"] == "now":
        return _("it is not as this act left it, but was changed without an act: %(columns)s") % {"columns": names}
    return _("before this act it was changed without an act: %(columns)s") % {"columns": names}


def _row_now(row: Found) -> dict[str, Any]:
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(row["relation"])
        cursor.execute(f"SELECT row_to_json(t)::text FROM public.{table} t WHERE id = %s", [row["row"]])  # noqa: S608
        return dict(json.loads(cursor.fetchone()[0]))


def _is_default(relation: str, column: str, value: Any) -> bool:
    """Whether a column that came after a row's last act holds what its migration gave it."""
    return value is None or any(value == default for default in _defaults(relation, column))


def _defaults(relation: str, column: str) -> Iterator[Any]:
    """The default of a column: the one that PostgreSQL gave rows that were there, its own, and the model's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.attmissingval::text, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a"
            " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum"
            " WHERE a.attrelid = %s::regclass AND a.attname = %s",
            [f"public.{connection.ops.quote_name(relation)}", column],
        )
        given, own = cursor.fetchone()
        if given is not None:
            cursor.execute("SELECT (%s::text::text[])[1]", [given])
            yield from _as_json(cursor.fetchone()[0])
        elif own is not None:
            yield from _as_json(_worth(own))
    for model in apps.get_models():
        for field in model._meta.concrete_fields if model._meta.db_table == relation else ():
            if field.column == column and field.default is not NOT_PROVIDED and not callable(field.default):
                yield field.default


def _worth(default: str) -> Any:
    """What a column's default is now; None where it is no constant, or fails."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SELECT to_json({default})")
            return cursor.fetchone()[0]
    except DatabaseError:
        return None


def _as_json(value: Any) -> Iterator[Any]:
    """A default as JSON may say it: PostgreSQL gives it as text."""
    yield value
    if isinstance(value, str):
        if re.fullmatch(r"-?\d+(\.\d+)?", value):
            yield json.loads(value)
        if value in {"t", "f"}:
            yield value == "t"
