"""Recompute every chain, replay it, and name what does not hold.

Works as the web role, in one transaction that reads a single moment: people who write meanwhile cause no false alarm.
docs/trail.md tells an outsider how to recompute the same.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from claims.trail import wrongs
from claims.trail.wrongs import Fault

SQL = Path(__file__).parent / "sql"
# Every table under watch: the kind of its stream, the column that names it, the column of the claim it is about.
# sql/schema.sql puts them there; a test compares the two. Kept here, since what verifies must not trust the verified.
WATCHED: dict[str, tuple[str, str, str | None]] = {
    "claims_team": ("team", "id", None),
    "claims_membership": ("team", "team_id", None),
    "claims_invitation": ("team", "team_id", None),
    "claims_label": ("team", "team_id", None),
    "claims_source": ("team", "team_id", None),
    "claims_capture": ("team", "team_id", None),
    "claims_proof": ("team", "team_id", None),
    "claims_article": ("article", "id", None),
    "claims_version": ("article", "article_id", None),
    "claims_report": ("article", "article_id", None),
    "claims_claim": ("article", "article_id", "id"),
    "claims_anchor": ("article", "article_id", "claim_id"),
    "claims_evidence": ("article", "article_id", "claim_id"),
    "claims_proposal": ("article", "article_id", "claim_id"),
    "claims_decision": ("article", "article_id", "claim_id"),
}
GUARDS = {
    **{f"public.{table}": ("trail", "no_truncate") for table in WATCHED},
    **{f"trail.{table}": ("guard", "erase_only") for table in ("act", "change")},
    "trail.head": ("guard",),
    "trail.open": ("seal",),
    "public.claims_part": ("with_its_capture", "no_truncate"),
}
END = 2**63 - 1  # where the row as it is now stands in its history
# how rows read as text must not depend on what a role has set for itself, and no function or operator of the owner's in
# the schema public must answer in the place of PostgreSQL's; a long history is sorted in memory, by two
SETTINGS = (
    "SET LOCAL search_path = pg_catalog; "
    "SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'; "
    "SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL work_mem = '256MB'; "
    "SET LOCAL jit = off; SET LOCAL parallel_setup_cost = 100; SET LOCAL parallel_tuple_cost = 0.001"
)


@dataclass(frozen=True)
class Kept:
    """The end of a stream as somebody outside kept it: in a report or a checkpoint. `hash` is hexadecimal."""

    stream: str
    seq: int
    hash: str


@dataclass
class Verdict:
    """What verifying found. `faults` in order: the first of them is the first act or row that does not hold."""

    acts: int = 0
    streams: int = 0
    changes: int = 0
    erased: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.faults


def verify(stream: str | None = None, against: Iterable[Kept] = (), *, strays: bool = True) -> Verdict:
    """Verify one stream, or all of them; `against` are ends that somebody kept outside.

    Without `strays` nobody looks for changes that belong to no act of the one stream: that reads all changes there are.
    """
    with one_moment(SETTINGS):
        verdict = _counted(stream)
        chain = [*_chain(stream)]
        faults = [
            *_guards(),
            *chain,
            *_heads(stream),
            *(_ids(chain) if stream is None else _strays(stream) if strays else ()),
            *_rows(stream),
            *_reports(stream),
            *_texts(stream),
            *_against(against),
        ]
        verdict.faults = sorted(set(faults), key=Fault.place)
    return verdict


@contextmanager
def one_moment(settings: str = "") -> Iterator[None]:
    """Let all queries see the same moment, and write nothing; inside another transaction, read what that sees.

    `settings` hold as long; with those of the verifier, names of the schema public have to be written out.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            if not nested:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            if settings:
                cursor.execute(settings)
        yield
        # nothing was written: this takes the settings back, which would else hold for the transaction around
        transaction.set_rollback(True)


def _read(name: str, parameters: dict[str, Any], **parts: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(_sql(name, **parts), parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _sql(name: str, **parts: str) -> str:
    text = (SQL / f"{name}.sql").read_text()
    for part, words in parts.items():
        text = text.replace("{" + part + "}", words)
    return text


def _only(alias: str, stream: str | None) -> str:
    return "true" if stream is None else f"{alias}.stream = %(stream)s"


def _counted(stream: str | None) -> Verdict:
    changes = "trail.change c"
    if stream is not None:
        changes += " JOIN trail.act a ON a.id = c.act AND a.stream = c.stream WHERE " + _only("a", stream)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT (SELECT count(*) FROM trail.act a WHERE {_only('a', stream)}),"  # noqa: S608 (words of ours)
            f" (SELECT count(*) FROM trail.head h WHERE {_only('h', stream)}),"
            f" count(*), count(*) - count(c.line) FROM {changes}",
            {"stream": stream},
        )
        acts, streams, lines, erased = cursor.fetchone()
    return Verdict(acts=acts, streams=streams, changes=lines, erased=erased)


# --- the chain -------------------------------------------------------------------------------


def _chain(stream: str | None) -> Iterator[Fault]:
    # the changes of one stream are reached through its acts: no index leads from a stream to its changes
    changes = "true" if stream is None else "c.act IN (SELECT x.id FROM trail.act x WHERE x.stream = %(stream)s)"
    for row in _read("verify_chain", {"stream": stream}, acts=_only("a", stream), changes=changes):
        found, seq, header, wrong, seq_before = row
        if wrong == "missing":
            yield Fault(found, seq_before + 1, what=wrongs.LINK["missing"])
        else:
            yield Fault(found, seq, *wrongs.verb_and_time(header), what=wrongs.LINK[wrong])


def _heads(stream: str | None) -> Iterator[Fault]:
    for found, head, last, _same in _read(
        "verify_heads", {"stream": stream}, acts=_only("a", stream), heads=_only("h", stream)
    ):
        if head is None:
            yield Fault(found, last + 1, what=_("the stream has lost its head"))
        elif last is None or head > last:
            yield Fault(
                found, (last or 0) + 1, what=_("the end of the stream, up to act %(seq)d, is gone") % {"seq": head}
            )
        elif head < last:
            yield Fault(found, head + 1, what=_("the head of the stream stands before this act"))
        else:
            yield Fault(found, last, what=_("the head of the stream is not this act"))


def _ids(chain: Iterable[Fault]) -> Iterator[Fault]:
    """Acts whose links do not say the same, unless one of the links is found wrong by itself."""
    wrong = {(fault.stream, fault.seq) for fault in chain}
    for streams, seqs, header in _read("verify_ids", {}):
        if wrong.isdisjoint(zip(streams, seqs, strict=True)):
            said = _("its links in several streams do not say the same")
            yield Fault(streams[0], seqs[0], *wrongs.verb_and_time(header), what=said)


def _strays(stream: str) -> Iterator[Fault]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relation, c.row FROM trail.change c WHERE c.stream = %s AND NOT EXISTS"
            " (SELECT FROM trail.act a WHERE a.id = c.act AND a.stream = c.stream) LIMIT 200",
            [stream],
        )
        for relation, row in cursor.fetchall():
            yield Fault(stream, END, what=wrongs.ROW["no act"], relation=relation, row=row)


def _against(kept: Iterable[Kept]) -> Iterator[Fault]:
    for end in kept:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT header, encode(hash, 'hex') FROM trail.act WHERE stream = %s AND seq = %s",
                [end.stream, end.seq],
            )
            found = cursor.fetchone()
        if found is None:
            yield Fault(end.stream, end.seq, what=_("the kept report covers this act, and it is gone"))
        elif found[1] != end.hash:
            said = _("the kept report holds another hash of this act: it, or one before it, was rewritten")
            yield Fault(end.stream, end.seq, *wrongs.verb_and_time(found[0]), what=said)


# --- the rows --------------------------------------------------------------------------------


def _rows(stream: str | None) -> Iterator[Fault]:
    sql = _sql(
        "verify_rows",
        watched=", ".join(
            f"('{table}', '{kind}', '{column}', {repr(claim) if claim else 'NULL::text'})"
            for table, (kind, column, claim) in WATCHED.items()
        ),
        changes=(
            "trail.change c LEFT JOIN trail.act a ON a.id = c.act AND a.stream = c.stream"
            if stream is None
            else "trail.act a JOIN trail.change c ON c.act = a.id AND c.stream = a.stream"
        ),
        only=_only("a", stream),
        rows=" UNION ALL ".join(_now(table, stream) for table in _tables(stream)),
    )
    identity = stream.partition(":")[2] if stream else None
    # no server-side cursor: PostgreSQL runs nothing in parallel for one
    with connection.cursor() as cursor:
        cursor.execute(sql, {"stream": stream, "identity": identity, "end": END})
        names = [column[0] for column in cursor.description]
        while found := cursor.fetchmany(500):
            yield from wrongs.of_rows([dict(zip(names, row, strict=True)) for row in found], END)


def _tables(stream: str | None) -> list[str]:
    kind = stream.partition(":")[0] if stream else None
    return [table for table, watched in WATCHED.items() if kind in {None, watched[0]}]


def _now(table: str, stream: str | None) -> str:
    """The rows of a table as the last step of their histories."""
    kind, column, _claim = WATCHED[table]
    only = "true" if stream is None else f"t.{column} = %(identity)s::bigint"
    return (
        f"SELECT '{table}', t.id, NULL::bigint, '{kind}:' || t.{column}, NULL::bigint, 0::bigint,"  # noqa: S608 (our names)
        " %(end)s::bigint, 'now', NULL::text, sha256(convert_to(row_to_json(t)::text, 'UTF8')), NULL::bytea"
        f" FROM public.{table} t WHERE {only}"
    )


def _reports(stream: str | None) -> Iterator[Fault]:
    only = "true" if stream is None else "'article:' || r.article_id = %(stream)s"
    for found, row, number, gone in _read("verify_reports", {"stream": stream}, only=only):
        said = _("the bytes of report %(number)d are gone, and no act erased them")
        if not gone:
            said = _("the bytes of report %(number)d do not give its hash")
        yield Fault(found, END, what=said % {"number": number}, relation="claims_report", row=row, of_now=True)


def _texts(stream: str | None) -> Iterator[Fault]:
    only = "true" if stream is None else "'team:' || c.team_id = %(stream)s"
    for found, row, source, number in _read("verify_texts", {"stream": stream}, only=only):
        said = _("the text of capture %(number)d of source %(source)d does not give its hash")
        words = said % {"number": number, "source": source}
        yield Fault(found, END, what=words, relation="claims_capture", row=row, of_now=True)


# --- the guards ------------------------------------------------------------------------------


def _guards() -> Iterator[Fault]:
    on = {
        (table, trigger): does
        for table, trigger, state, does, conditional in _read("verify_guards", {})
        if state in "OA" and conditional == (trigger == "erase_only")
    }
    for table, triggers in GUARDS.items():
        for trigger in triggers:
            if on.get((table, trigger)) != (_does(table, trigger)):
                said = _("the trigger %(trigger)s on %(table)s is off, gone or another: rows can change without an act")
                yield Fault("", 0, what=said % {"trigger": trigger, "table": table})


def _does(table: str, trigger: str) -> str:
    """The function that a trigger must call, when, and at what."""
    if trigger == "trail":
        return f"trail.record_{table.partition('.')[2]} AFTER ROW INSERT DELETE UPDATE"
    return {
        "seal": "trail.seal AFTER ROW INSERT",
        "no_truncate": "trail.refuse BEFORE STATEMENT TRUNCATE",
        "with_its_capture": "trail.with_its_capture AFTER STATEMENT INSERT",
        "guard": "trail.refuse BEFORE STATEMENT DELETE TRUNCATE",
        "erase_only": "trail.refuse BEFORE ROW UPDATE",
    }[trigger]


def kept_by(report: bytes) -> list[Kept]:
    """The ends of streams in a report's JSON, or in a checkpoint: {"heads": [{"stream", "seq", "hash"}, …]}.

    Raises ValueError where there are none.
    """
    try:
        return [Kept(str(head["stream"]), int(head["seq"]), str(head["hash"])) for head in json.loads(report)["heads"]]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(_("This is no report of Galley: it holds no ends of streams (“heads”).")) from error


def head_of(stream: str) -> tuple[int, str, datetime | None]:
    """The stream's last act: its seq, its hash in hexadecimal, its time; (0, "", None) for a stream without acts."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.seq, encode(a.hash, 'hex'), a.header FROM trail.head h"
            " JOIN trail.act a ON a.stream = h.stream AND a.seq = h.seq WHERE h.stream = %s",
            [stream],
        )
        found = cursor.fetchone()
    return (found[0], found[1], wrongs.verb_and_time(found[2])[1]) if found else (0, "", None)
