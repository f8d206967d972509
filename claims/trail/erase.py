"""Erase contents and say so: what stood in a row, its history and reports goes; that it was there stays.

All in one act of the owner role. The chains hold afterwards: they cover salted commitments of what was erased.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.db import connection, transaction

from claims.trail import captured, traces
from claims.trail.acts import seal
from claims.trail.traces import Issued, Row, Trace, Unsought, ids_of, rows_of

ERASED = "[erased]"
MASK = "█"
PARTS = ("name", "reason")
# table: the columns of text that an erasure of its row empties
TEXTS: dict[str, tuple[str, ...]] = {
    "claims_source": ("title", "url", "publisher"),
    "claims_capture": ("asked_url", "final_url", "file_name"),
    "claims_proof": ("authority",),
    "claims_evidence": ("quote", "locator", "note", "retraction_reason"),
    "claims_claim": ("statement", "said_by", "reported_by", "status_reason"),
    "claims_proposal": ("rationale", "proposed_wording", "searched"),
    "claims_decision": ("rationale", "proposed_wording", "searched"),
    # masked letter by letter, so that positions in the text still hold
    "claims_version": ("text",),
    "claims_anchor": ("exact", "prefix", "suffix"),
}
MASKED = {"claims_version", "claims_anchor"}
# emptied too, but no secrets: a report that holds such a word is as a rule of something else
COMMON = {"claims_capture": {"file_name"}, "claims_proof": {"authority"}}
# of those, what a person is told where else it stands; authorities are the same for all
TOLD = {"claims_capture": {"file_name"}}
# and what is no text, or none that is worth looking for elsewhere
BARE = {
    "claims_source": "published_on = NULL",
    # a hash would let whoever has the document find out that it was this one
    "claims_capture": "sha256 = '', warc_sha256 = '', text_sha256 = '', size = 0, pages = 0, title = '',"
    " redirects = '[]', headers = '[]', notes = '[]'",
    "claims_proof": "sha256 = '', size = 0, detail = '{}'",
}
# a form that was opened before the erasure is stale after it: it holds the words
VERSIONED = {"claims_source", "claims_claim"}

Place = tuple[str, int]  # an act: stream, seq


@dataclass
class Plan:
    """What an erasure takes away.

    `rows` are redacted and lose all lines; `names` and `reasons` are acts that lose the actor's name or their reason;
    `mentions` are other rows with the texts that Galley wrote into them from erased words; `reports` lose their bytes.
    `bytes` go from the store of captures, by their keys; `shared` stay, since they are another source's too.
    `acts` are those that wrote what goes. `secrets`: what was there; `common`: what was, and says little by
    itself. `elsewhere`: where the same words stay; `unsought`: how many were not looked for.
    """

    team: int = 0
    rows: list[Row] = field(default_factory=list)
    names: list[Place] = field(default_factory=list)
    reasons: list[Place] = field(default_factory=list)
    mentions: dict[Row, list[str]] = field(default_factory=dict)
    reports: list[Issued] = field(default_factory=list)
    bytes: list[str] = field(default_factory=list)
    shared: list[str] = field(default_factory=list)
    acts: list[int] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    common: list[str] = field(default_factory=list)
    lines: int = 0
    elsewhere: list[Trace] = field(default_factory=list)
    unsought: Unsought = field(default_factory=Unsought)
    again: Callable[[], "Plan"] | None = field(default=None, repr=False, compare=False)

    @property
    def empty(self) -> bool:
        return not (self.rows or self.names or self.reasons)


# --- what goes -------------------------------------------------------------------------------


def repeatable[**Which](make: Callable[Which, Plan]) -> Callable[Which, Plan]:
    """A plan that can be made again, to see whether it is still what would go."""

    @wraps(make)
    def made(*args: Which.args, **kwargs: Which.kwargs) -> Plan:
        plan = make(*args, **kwargs)
        plan.again = lambda: make(*args, **kwargs)
        return plan

    return made


@repeatable
def of_source(source: int) -> Plan:
    """A source's title, address and publisher, what evidence that leans on it says, and all that was captured of it."""
    leaning = ids_of("SELECT id FROM claims_evidence WHERE source_id = %s ORDER BY id", source)
    mine = [("claims_source", source), *(("claims_evidence", pk) for pk in leaning)]
    return _plan([*mine, *captured.rows_of_source(source)])


@repeatable
def of_evidence(evidence: int) -> Plan:
    """What one piece of evidence says; its source stays."""
    return _plan([("claims_evidence", evidence)])


@repeatable
def of_claim(claim: int) -> Plan:
    """A claim's words, and those of its proposals and decisions; its place in the text stays."""
    ruled = [
        (table, pk)
        for table in ("claims_proposal", "claims_decision")
        for pk in ids_of(f"SELECT id FROM {table} WHERE claim_id = %s ORDER BY id", claim)  # noqa: S608 (names of ours)
    ]
    return _plan([("claims_claim", claim), *ruled])


@repeatable
def of_article(article: int) -> Plan:
    """An article's text, masked in every version and in every place of a claim; its facts and claims stay."""
    rows = [
        (table, pk)
        for table in ("claims_version", "claims_anchor")
        for pk in ids_of(f"SELECT id FROM {table} WHERE article_id = %s ORDER BY id", article)  # noqa: S608
    ]
    return _plan([*rows, *_rows_gone("claims_anchor", f"article:{article}")])


@repeatable
def of_act(stream: str, seq: int, parts: Sequence[str] = PARTS) -> Plan:
    """An act's name, its reason, or both (`parts`), in each stream that it is in."""
    found = rows_of("SELECT id, name, reason FROM trail.act WHERE stream = %s AND seq = %s", stream, seq)
    act, name, reason = found[0] if found else (0, None, None)
    plan = Plan(team=_team_of(stream))
    if "name" in parts and name is not None:
        plan.names = [(stream, seq)]
    if "reason" in parts and reason is not None:
        plan.reasons = [(stream, seq)]
        plan.secrets = [line for line in reason.split("\n") if line]
    return _with_traces(plan, [act])


def _plan(rows: Sequence[Row]) -> Plan:
    plan = Plan(rows=list(rows))
    plan.team = rows_of(f"SELECT team_id FROM {rows[0][0]} WHERE id = %s", rows[0][1])[0][0] if rows else 0  # noqa: S608
    secret = {table: set(columns) - COMMON.get(table, set()) for table, columns in TEXTS.items()}
    plan.secrets, plan.common = _said(rows, secret), _said(rows, TOLD)
    plan.bytes, plan.shared = captured.keys(rows)
    plan.lines = sum(
        rows_of("SELECT count(*) FROM trail.change WHERE (relation, row) = (%s, %s) AND line IS NOT NULL", *row)[0][0]
        for row in rows
    )
    plan.reasons = _reasons_about(rows)
    return _with_traces(plan, _acts_on(rows))


def _with_traces(plan: Plan, acts: Sequence[int]) -> Plan:
    """The plan, with what goes as well and what stays: `acts` are those that wrote what it takes away."""
    plan.acts = list(acts)
    plan.mentions = traces.mentions(plan.team, acts, plan.rows, plan.secrets)
    said = [*plan.secrets, *(text for texts in plan.mentions.values() for text in texts)]
    plan.reports = sorted({*traces.reports_covering(plan.rows), *traces.reports_holding(plan.team, said)})
    sought, plan.unsought = traces.findable(sorted({*plan.secrets, *plan.common}, key=_longest_first))
    plan.elsewhere = traces.elsewhere(plan.team, sought, {*plan.rows, *plan.mentions}, plan.reasons)
    return plan


def _acts_on(rows: Sequence[Row]) -> list[int]:
    return ids_of(
        "SELECT DISTINCT c.act FROM unnest(%s::text[], %s::bigint[]) AS r (relation, row)"
        " JOIN trail.change c USING (relation, row) ORDER BY 1",
        [table for table, _pk in rows],
        [pk for _table, pk in rows],
    )


def _rows_gone(table: str, stream: str) -> list[Row]:
    """Rows of a table that were deleted: only their lines are left."""
    known = set(ids_of("SELECT DISTINCT row FROM trail.change WHERE relation = %s AND stream = %s", table, stream))
    there = set(ids_of(f"SELECT id FROM {table} WHERE id = ANY(%s)", list(known)))  # noqa: S608 (names of ours)
    return [(table, pk) for pk in sorted(known - there)]


def _team_of(stream: str) -> int:
    kind, _colon, number = stream.partition(":")
    if not number.isdecimal():
        return 0
    found = (
        ids_of("SELECT team_id FROM claims_article WHERE id = %s", int(number)) if kind == "article" else [int(number)]
    )
    return found[0] if found else 0


def _said(rows: Sequence[Row], columns: Mapping[str, Collection[str]]) -> list[str]:
    """All that those columns of the rows ever held, line by line, longest first."""
    said: set[str] = set()
    for table, pk in (row for row in rows if row[0] in columns):
        sides = rows_of(
            "SELECT line::json->2, line::json->3 FROM trail.change"
            " WHERE relation = %s AND row = %s AND line IS NOT NULL",
            table,
            pk,
        )
        for row in (side for both in sides for side in both if side):
            said |= {row[column] for column in columns[table] if row.get(column)}
    lines = {line for text in said for line in text.split("\n") if line.strip(MASK)}
    return sorted(lines - {ERASED}, key=_longest_first)


def _longest_first(text: str) -> tuple[int, str]:
    return -len(text), text


def _reasons_about(rows: Sequence[Row]) -> list[Place]:
    """The acts that gave a reason when they changed the rows."""
    return rows_of(
        "SELECT DISTINCT a.stream, a.seq FROM unnest(%s::text[], %s::bigint[]) AS r (relation, row)"
        " JOIN trail.change c USING (relation, row) JOIN trail.act a ON a.id = c.act AND a.stream = c.stream"
        " WHERE a.reason <> '' ORDER BY 1, 2",
        [table for table, _pk in rows],
        [pk for _table, pk in rows],
    )


# --- and how ---------------------------------------------------------------------------------


class Changed(Exception):
    """Somebody wrote after the plan was made, what it would have to hold too. Nothing was erased."""


@transaction.atomic
def carry_out(plan: Plan, *, actor: int, name: str, reason: str) -> list[str]:
    """Erase what the plan says, in one act, as the owner. Changed where by now something else would have to go.

    Acts that are open come first, and others wait until the erasure is done: none slips past it. Returns the keys of
    bytes to be cleared besides those of the plan: what was fetched for forms that the team's people are typing in.
    """
    _run("LOCK TABLE trail.open IN SHARE ROW EXCLUSIVE MODE")
    if plan.again is not None and plan.again() != plan:
        raise Changed
    _run("SELECT trail.open_erasure(%s, %s, %s)", actor, name, reason)
    for table, pk in plan.rows:
        _run(_redaction(table), pk)
        _run("SELECT trail.forget(%s, %s)", table, pk)
    captured.forget(plan.rows, plan.bytes)
    for (table, pk), texts in plan.mentions.items():
        column = traces.COPIES[table]
        said = f"CASE WHEN {column} = ANY(%s) THEN %s ELSE {column} END"
        _run(f"UPDATE {table} SET {column} = {said} WHERE id = %s", texts, ERASED, pk)  # noqa: S608 (names of ours)
        for text in texts:
            _run("SELECT trail.forget(%s, %s, %s)", table, pk, text)
    for part, places in zip(PARTS, (plan.names, plan.reasons), strict=True):
        for stream, seq in places:
            _run("SELECT trail.forget_of_act(%s, %s, %s)", stream, seq, part)
    for report, _article, _number in plan.reports:
        _run("DELETE FROM claims_reportdocument WHERE report_id = %s", report)
        # the row stays as it is: an act says that its bytes went
        _run("UPDATE claims_report SET number = number WHERE id = %s", report)
    _forget_forms(plan)
    ahead = captured.forget_ahead(plan.team)
    seal()
    return ahead


def _redaction(table: str) -> str:
    """The UPDATE that empties a row's columns of text; what was empty stays so."""
    sets = [
        f"{column} = regexp_replace({column}, '[^\\n]', '{MASK}', 'g')"
        if table in MASKED
        else f"{column} = CASE WHEN {column} = '' THEN '' ELSE '{ERASED}' END"
        for column in TEXTS[table]
    ]
    if table in BARE:
        sets.append(BARE[table])
    if table in VERSIONED:
        sets.append("row_version = row_version + 1")
    return f"UPDATE {table} SET {', '.join(sets)} WHERE id = %s"  # noqa: S608 (names of ours)


def _forget_forms(plan: Plan) -> None:
    """What forms leave behind: what the team's people typed when a session had expired, digests of what wrote the rows.

    Typed text goes whatever it says: it lives for an hour, and may hold a name in any words. The request id of a form
    stays, without its digest: sent again, it is refused, and does not bring back what was erased.
    """
    _run("DELETE FROM claims_stash WHERE created_at < now() - interval '1 hour'")
    _run(
        "DELETE FROM claims_stash USING claims_membership m WHERE m.user_id = claims_stash.user_id AND m.team_id = %s",
        plan.team,
    )
    _run(
        "UPDATE claims_submission SET digest = '' WHERE digest <> '' AND made IN ("
        " SELECT 'claims.' || initcap(replace(w.relation, 'claims_', '')) || ':' || w.row FROM ("
        "   SELECT relation, row FROM trail.change WHERE act = ANY(%s)"
        "   UNION SELECT * FROM unnest(%s::text[], %s::bigint[])) AS w (relation, row))",
        plan.acts,
        [table for table, _pk in plan.mentions],
        [pk for _table, pk in plan.mentions],
    )


def _run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


# --- in the files of the database ------------------------------------------------------------


def rewrite() -> list[str]:
    """Rewrite all tables that an erasure touches, so that no dead row and no statistics keep it; returns their names.

    Locks each table while it is rewritten. The connection is the owner's, outside a transaction.
    """
    tables = [
        *TEXTS,
        "claims_report",
        "claims_reportdocument",
        "claims_versionwords",
        "claims_part",
        "claims_errand",
        "claims_ahead",
        "claims_pending",
        "claims_claimwords",
        "claims_unproven",
        "claims_stash",
        "claims_submission",
        "django_session",
        "trail.open",
        "trail.act",
        "trail.change",
    ]
    _run("SET lock_timeout = 0")  # pages wait for it; it waits for pages
    for table in tables:
        _run(f"VACUUM (FULL, ANALYZE) {table}")
    # statistics hold common values of columns: those of before are dead rows of a table of PostgreSQL's own
    if rows_of("SELECT pg_has_role(datdba, 'usage') FROM pg_database WHERE datname = current_database()")[0][0]:
        _run("VACUUM FULL pg_catalog.pg_statistic")
        tables.append("pg_statistic")
    return tables


def begin_log_anew() -> bool:
    """Let PostgreSQL throw away its log of writes (WAL) up to here. False where it may not, or keeps its files."""
    allowed = rows_of(
        "SELECT pg_has_role('pg_checkpoint', 'usage') AND has_function_privilege('pg_switch_wal()', 'execute')"
        " AND current_setting('wal_recycle') = 'off' AND current_setting('archive_mode') = 'off'"
        " AND NOT EXISTS (SELECT FROM pg_replication_slots)"
    )[0][0]
    if allowed:
        _run("SELECT pg_switch_wal()")
        _run("CHECKPOINT")
    return bool(allowed)
