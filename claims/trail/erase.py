"""Erase contents and say so: what stood in a row, its history and reports goes; that it was there stays.

All in one act of the owner role. The chains hold afterwards: they cover salted commitments of what was erased.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

ERASED = "[erased]"
MASK = "█"
SHORTEST = 8  # characters; shorter words would be found everywhere
# table: the columns of text that an erasure of its row empties
TEXTS: dict[str, tuple[str, ...]] = {
    "claims_source": ("title", "url", "publisher"),
    "claims_evidence": ("quote", "locator", "note", "retraction_reason"),
    "claims_claim": ("statement", "said_by", "reported_by", "status_reason"),
    "claims_proposal": ("rationale", "proposed_wording", "searched"),
    "claims_decision": ("rationale", "proposed_wording", "searched"),
    # masked letter by letter, so that positions in the text still hold
    "claims_version": ("text",),
    "claims_anchor": ("exact", "prefix", "suffix"),
}
MASKED = {"claims_version", "claims_anchor"}
MODELS = {table: "claims." + table.removeprefix("claims_").capitalize() for table in TEXTS}

Row = tuple[str, int]


@dataclass
class Plan:
    """What an erasure takes away.

    `rows` are redacted and lose all lines; `words` are acts (stream, seq) that lose name and reason; `mentions` are
    claims whose reason of status Galley wrote from erased words; `reports` lose their bytes. `secrets`: what was there.
    """

    team: int = 0
    rows: list[Row] = field(default_factory=list)
    words: list[tuple[str, int]] = field(default_factory=list)
    mentions: list[int] = field(default_factory=list)
    reports: list[tuple[int, int, int]] = field(default_factory=list)  # id, article, number
    secrets: list[str] = field(default_factory=list)
    lines: int = 0
    elsewhere: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.rows and not self.words


# --- what goes -------------------------------------------------------------------------------


def of_source(source: int) -> Plan:
    """A source's title, address and publisher, and what evidence that leans on it says."""
    leaning = _ids("SELECT id FROM claims_evidence WHERE source_id = %s ORDER BY id", source)
    return _plan([("claims_source", source), *(("claims_evidence", pk) for pk in leaning)])


def of_evidence(evidence: int) -> Plan:
    """What one piece of evidence says; its source stays."""
    return _plan([("claims_evidence", evidence)])


def of_claim(claim: int) -> Plan:
    """A claim's words, and those of its proposals and decisions; its place in the text stays."""
    ruled = [
        (table, pk)
        for table in ("claims_proposal", "claims_decision")
        for pk in _ids(f"SELECT id FROM {table} WHERE claim_id = %s ORDER BY id", claim)  # noqa: S608 (names of ours)
    ]
    return _plan([("claims_claim", claim), *ruled])


def of_article(article: int) -> Plan:
    """An article's text, masked in every version and in every place of a claim; its facts and claims stay."""
    rows = [
        (table, pk)
        for table in ("claims_version", "claims_anchor")
        for pk in _ids(f"SELECT id FROM {table} WHERE article_id = %s ORDER BY id", article)  # noqa: S608
    ]
    return _plan([*rows, *_rows_gone("claims_anchor", f"article:{article}")])


def of_act(stream: str, seq: int) -> Plan:
    """An act's name and reason."""
    found = _all(
        "SELECT words::json->>'reason' FROM trail.act WHERE stream = %s AND seq = %s AND words IS NOT NULL", stream, seq
    )
    secrets = [reason for (reason,) in found if reason]
    plan = Plan(words=[(stream, seq)] if found else [], secrets=secrets, team=_team_of(stream))
    plan.reports = _reports_holding(plan)
    plan.elsewhere = _elsewhere(plan)
    return plan


def _plan(rows: Sequence[Row]) -> Plan:
    plan = Plan(rows=list(rows))
    plan.team = _all(f"SELECT team_id FROM {rows[0][0]} WHERE id = %s", rows[0][1])[0][0] if rows else 0  # noqa: S608
    plan.secrets = _secrets(rows)
    plan.lines = sum(
        _all("SELECT count(*) FROM trail.change WHERE (relation, row) = (%s, %s) AND line IS NOT NULL", *row)[0][0]
        for row in rows
    )
    plan.words = _words_about(rows)
    plan.mentions = _mentions(plan)
    plan.reports = sorted({*_reports_covering(rows), *_reports_holding(plan)})
    plan.elsewhere = _elsewhere(plan)
    return plan


def _all(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _ids(sql: str, *parameters: Any) -> list[int]:
    return [row[0] for row in _all(sql, *parameters)]


def _rows_gone(table: str, stream: str) -> list[Row]:
    """Rows of a table that were deleted: only their lines are left."""
    known = set(_ids("SELECT DISTINCT row FROM trail.change WHERE relation = %s AND stream = %s", table, stream))
    there = set(_ids(f"SELECT id FROM {table} WHERE id = ANY(%s)", list(known)))  # noqa: S608 (names of ours)
    return [(table, pk) for pk in sorted(known - there)]


def _team_of(stream: str) -> int:
    kind, _colon, number = stream.partition(":")
    found = (
        _ids("SELECT team_id FROM claims_article WHERE id = %s", int(number)) if kind == "article" else [int(number)]
    )
    return found[0] if found else 0


def _secrets(rows: Sequence[Row]) -> list[str]:
    """All that the columns to be emptied ever held, longest first."""
    said: set[str] = set()
    for table, pk in rows:
        sides = _all(
            "SELECT line::json->2, line::json->3 FROM trail.change"
            " WHERE relation = %s AND row = %s AND line IS NOT NULL",
            table,
            pk,
        )
        for row in (side for both in sides for side in both if side):
            said |= {row[column] for column in TEXTS[table] if row.get(column)}
    blocks = {line for text in said for line in text.split("\n")}
    return sorted(blocks - {ERASED, ""}, key=lambda text: (-len(text), text))


def _words_about(rows: Sequence[Row]) -> list[tuple[str, int]]:
    """The acts that gave a reason when they changed the rows."""
    found: set[tuple[str, int]] = set()
    for table, pk in rows:
        found.update(
            _all(
                "SELECT a.stream, a.seq FROM trail.change c JOIN trail.act a ON a.id = c.act AND a.stream = c.stream"
                " WHERE c.relation = %s AND c.row = %s AND a.words::json->>'reason' <> ''",
                table,
                pk,
            )
        )
    return sorted(found)


def _long(secrets: Iterable[str]) -> list[str]:
    return [text for text in secrets if len(text) >= SHORTEST][:200]


def _mentions(plan: Plan) -> list[int]:
    """Claims, not among the rows, whose reason of status ever held one of the secrets."""
    mine = [pk for table, pk in plan.rows if table == "claims_claim"]
    return _ids(
        "SELECT DISTINCT c.row FROM trail.change c, unnest(%s::text[]) AS s (words) WHERE c.relation = 'claims_claim'"
        " AND c.row <> ALL(%s) AND strpos(c.line, btrim(to_json(s.words)::text, '\"')) > 0"
        " AND (strpos(c.line::json->2->>'status_reason', s.words) > 0"
        " OR strpos(c.line::json->3->>'status_reason', s.words) > 0)",
        _long(plan.secrets),
        mine,
    )


def _reports_covering(rows: Sequence[Row]) -> list[tuple[int, int, int]]:
    """The reports with bytes that were issued after one of the rows was made, on its article."""
    found: set[tuple[int, int, int]] = set()
    for table, pk in rows:
        if table != "claims_source":
            since = "r.created_at >= t.created_at" if table != "claims_anchor" else "true"
            sql = (
                "SELECT r.id, r.article_id, r.number FROM claims_report r"  # noqa: S608 (names of ours)
                " JOIN claims_reportdocument d ON d.report_id = r.id"
                f" JOIN {table} t ON t.article_id = r.article_id WHERE t.id = %s AND {since}"
            )
            found.update(_all(sql, pk))
    return sorted(found)


def _reports_holding(plan: Plan) -> list[tuple[int, int, int]]:
    """The team's reports whose bytes hold one of the secrets."""
    return _all(
        "SELECT DISTINCT r.id, r.article_id, r.number"
        " FROM claims_report r JOIN claims_reportdocument d ON d.report_id = r.id,"
        " unnest(%s::text[]) AS s (words)"
        " WHERE r.team_id = %s AND position(convert_to(btrim(to_json(s.words)::text, '\"'), 'UTF8') IN d.content) > 0",
        _long(plan.secrets),
        plan.team,
    )


def _elsewhere(plan: Plan) -> list[str]:
    """Where the same words stand in the team's trail besides: a person decides whether they go as well."""
    streams = [
        f"team:{plan.team}",
        *(f"article:{pk}" for pk in _ids("SELECT id FROM claims_article WHERE team_id = %s", plan.team)),
    ]
    mine = {*plan.rows, *(("claims_claim", pk) for pk in plan.mentions)}
    lines = _all(
        "SELECT DISTINCT c.relation, c.row, c.stream FROM trail.change c, unnest(%s::text[]) AS s (words)"
        " WHERE c.stream = ANY(%s) AND strpos(c.line, btrim(to_json(s.words)::text, '\"')) > 0 ORDER BY 3, 1, 2",
        _long(plan.secrets),
        streams,
    )
    acts = _all(
        "SELECT DISTINCT a.stream, a.seq FROM trail.act a, unnest(%s::text[]) AS s (words)"
        " WHERE a.stream = ANY(%s) AND strpos(a.words::json->>'reason', s.words) > 0 ORDER BY 1, 2",
        _long(plan.secrets),
        streams,
    )
    rest = [f"{relation} {row} ({stream})" for relation, row, stream in lines if (relation, row) not in mine]
    return rest + [f"the reason of {stream} act {seq}" for stream, seq in acts if (stream, seq) not in plan.words]


# --- and how ---------------------------------------------------------------------------------


@transaction.atomic
def carry_out(plan: Plan, *, actor: int, name: str, reason: str) -> None:
    """Erase what the plan says, in one act. The connection is the owner's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT trail.open_erasure(%s, %s, %s)", [actor, name, reason])
        for table, pk in plan.rows:
            cursor.execute(_redaction(table), [pk])
            cursor.execute("SELECT trail.forget(%s, %s)", [table, pk])
        for claim in plan.mentions:
            cursor.execute("UPDATE claims_claim SET status_reason = %s WHERE id = %s", [ERASED, claim])
            for words in _long(plan.secrets):
                cursor.execute("SELECT trail.forget('claims_claim', %s, %s)", [claim, words])
        for stream, seq in plan.words:
            cursor.execute("SELECT trail.forget_words(%s, %s)", [stream, seq])
        for report, _article, _number in plan.reports:
            cursor.execute("DELETE FROM claims_reportdocument WHERE report_id = %s", [report])
            # the row stays as it is: an act says that its bytes went
            cursor.execute("UPDATE claims_report SET number = number WHERE id = %s", [report])
        _forget_forms(plan)


def _redaction(table: str) -> str:
    """The UPDATE that empties a row's columns of text; what was empty stays so."""
    sets = [
        f"{column} = regexp_replace({column}, '[^\\n]', '{MASK}', 'g')"
        if table in MASKED
        else f"{column} = CASE WHEN {column} = '' THEN '' ELSE '{ERASED}' END"
        for column in TEXTS[table]
    ]
    if table == "claims_source":
        sets.append("published_on = NULL")
    return f"UPDATE {table} SET {', '.join(sets)} WHERE id = %s"  # noqa: S608 (names of ours)


def _forget_forms(plan: Plan) -> None:
    """What forms leave behind: typed text of expired sessions, and digests of what made the rows."""
    _run(
        "DELETE FROM claims_stash USING unnest(%s::text[]) AS s (words)"
        " WHERE strpos(fields::text, btrim(to_json(s.words)::text, '\"')) > 0",
        _long(plan.secrets),
    )
    _run("DELETE FROM claims_submission WHERE made = ANY(%s)", [f"{MODELS[table]}:{pk}" for table, pk in plan.rows])


def _run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def rewrite(plan: Plan) -> list[str]:
    """Rewrite the tables that held the contents, so that no dead row and no statistics keep them; returns their names.

    Locks each table while it is rewritten. The connection is the owner's, outside a transaction.
    """
    tables = sorted({table for table, _pk in plan.rows} | ({"claims_claim"} if plan.mentions else set()))
    tables += [
        "claims_report",
        "claims_reportdocument",
        "claims_stash",
        "claims_submission",
        "trail.act",
        "trail.change",
    ]
    for table in tables:
        _run(f"VACUUM (FULL, ANALYZE) {table}")
    return tables
