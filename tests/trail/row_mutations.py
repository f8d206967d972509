"""What a database’s owner with every guard off may do to domain rows alone, the trail untouched: each by a seed.

A mutation gives how the first fault must end: the row, and what is wrong with it.
"""

import random
from collections.abc import Callable

from claims.trail.verify import GUARDS, WATCHED
from tests.trail.mutations import every, one, order, pick, run

RowMutation = Callable[[random.Random], str]

TEXTS = {
    "claims_claim": "statement",
    "claims_evidence": "quote",
    "claims_source": "title",
    "claims_article": "title",
    "claims_version": "text",
    "claims_proposal": "rationale",
    "claims_decision": "rationale",
    "claims_label": "name",
    "claims_team": "name",
    "claims_anchor": "exact",
    "claims_invitation": "email",
    "claims_report": "sha256",
}
DIFFERS = "it is not as this act left it, but was changed without an act: "


def a_row(rng: random.Random, table: str) -> int:
    return int(pick(rng, f"SELECT id FROM {table} ORDER BY id")[0])


def edits_a_row(rng: random.Random) -> str:
    table, column = rng.choice(sorted(TEXTS.items()))
    pk = a_row(rng, table)
    run(f"UPDATE {table} SET {column} = '!' || right({column}, -1) WHERE id = %s", pk)
    return f"{table} {pk}: {DIFFERS}{column}"


def edits_another_column(rng: random.Random) -> str:
    table, column, to = rng.choice([
        ("claims_claim", "row_version", "row_version + 1"), ("claims_team", "four_eyes", "NOT four_eyes"),
        ("claims_membership", "role", "CASE role WHEN 'admin' THEN 'viewer' ELSE 'admin' END"),
        ("claims_evidence", "created_at", "created_at - interval '1 microsecond'"),
        ("claims_decision", "four_eyes", "NOT four_eyes"), ("claims_version", "blocks", "'[]'"),
        ("claims_claim", "assigned_to_id", "CASE WHEN assigned_to_id IS NULL THEN status_by_id END"),
    ])  # fmt: skip
    pk = a_row(rng, table)
    run(f"UPDATE {table} SET {column} = {to} WHERE id = %s", pk)
    return f"{table} {pk}: {DIFFERS}{column}"


def puts_a_row_back_as_it_was(rng: random.Random) -> str:
    """As an act had found it: that one and those after it are undone without a trace in the row."""
    act, n, row = pick(
        rng, "SELECT act, n, row FROM trail.change WHERE relation = 'claims_claim' AND line::json->>1 = 'update'"
        " ORDER BY n",
    )  # fmt: skip
    columns = "statement, risk, status, status_since, status_by_id, status_reason, proposal_id, verdict_id, row_version"
    run(
        f"UPDATE claims_claim t SET ({columns}) = (SELECT {columns} FROM trail.change c,"
        " json_populate_record(NULL::claims_claim, c.line::json->2) WHERE (c.act, c.n) = (%s, %s)) WHERE t.id = %s",
        act, n, row,
    )  # fmt: skip
    return f"claims_claim {row}: {DIFFERS}"


def swaps_the_contents_of_two_rows(rng: random.Random) -> str:
    table, column = rng.choice([("claims_claim", "statement"), ("claims_source", "title"), ("claims_label", "name")])
    found = every(f"SELECT min(id), {column} FROM {table} WHERE {column} <> '[erased]' GROUP BY 2 ORDER BY 1")
    (first, said), (second, other) = rng.sample(found, 2)
    if table == "claims_label":
        other, said = f"{other}.", f"{said}."
    run(f"UPDATE {table} SET {column} = %s WHERE id = %s", other, first)
    run(f"UPDATE {table} SET {column} = %s WHERE id = %s", said, second)
    first = min(first, second, key=lambda pk: _last_act(table, pk))
    return f"{table} {first}: {DIFFERS}{column}"


def _last_act(table: str, pk: int) -> tuple[str, int, int, int]:
    stream, seq = one(
        "SELECT a.stream, max(a.seq) FROM trail.act a JOIN trail.change c ON c.act = a.id AND c.stream = a.stream"
        " WHERE c.relation = %s AND c.row = %s GROUP BY a.stream", table, pk,
    )  # fmt: skip
    return (*order((stream, seq)), pk)


def gives_a_row_another_id(rng: random.Random) -> str:
    table = rng.choice(["claims_evidence", "claims_anchor", "claims_invitation", "claims_membership"])
    pk = a_row(rng, table)
    run(f"UPDATE {table} SET id = id + 1000 WHERE id = %s", pk)
    return f"{table} {pk}: it is gone, and no act after this one deleted it"


def moves_a_row_to_another_team(rng: random.Random) -> str:
    pk = a_row(rng, "claims_membership")
    run("UPDATE claims_membership m SET team_id = (SELECT max(id) FROM claims_team t WHERE t.id <> m.team_id)"
        " WHERE id = %s", pk)  # fmt: skip
    return f"claims_membership {pk}: it moved to another stream"


def deletes_a_row(rng: random.Random) -> str:
    table = rng.choice(
        ["claims_decision", "claims_evidence", "claims_anchor", "claims_invitation", "claims_membership"]
    )
    pk = a_row(rng, table)
    run(f"DELETE FROM {table} WHERE id = %s", pk)
    return f"{table} {pk}: it is gone, and no act after this one deleted it"


def deletes_the_bytes_of_a_report(rng: random.Random) -> str:
    pk, number = pick(
        rng, "SELECT r.id, r.number FROM claims_report r JOIN claims_reportdocument d ON d.report_id = r.id"
    )
    run("DELETE FROM claims_reportdocument WHERE report_id = %s", pk)
    return f"claims_report {pk}: the bytes of report {number} are gone, and no act erased them"


def edits_the_bytes_of_a_report(rng: random.Random) -> str:
    pk, number, size = pick(
        rng,
        "SELECT r.id, r.number, length(d.content) FROM claims_report r"
        " JOIN claims_reportdocument d ON d.report_id = r.id",
    )
    run("UPDATE claims_reportdocument SET content = set_byte(content, %s, 1) WHERE report_id = %s",
        rng.randrange(size), pk)  # fmt: skip
    return f"claims_report {pk}: the bytes of report {number} do not give its hash"


def edits_the_text_of_a_capture(rng: random.Random) -> str:
    pk, capture, source, number = pick(
        rng, "SELECT p.id, c.id, c.source_id, c.number FROM claims_part p JOIN claims_capture c ON c.id = p.capture_id"
    )
    run(rng.choice([
        "UPDATE claims_part SET text = text || '!' WHERE id = %s", "DELETE FROM claims_part WHERE id = %s",
        "UPDATE claims_part SET number = number + 10, place = 'p. 9' WHERE id = %s",
        "UPDATE claims_part SET cells = '[\"x\"]' WHERE id = %s",
    ]), pk)  # fmt: skip
    return f"claims_capture {capture}: the text of capture {number} of source {source} does not give its hash"


def makes_a_row(rng: random.Random) -> str:
    table, column, value = rng.choice([
        ("claims_anchor", "start", "start - 1"), ("claims_evidence", "number", "number + 50"),
        ("claims_source", "title", "title"), ("claims_invitation", "token_hash", "'x'"),
    ])  # fmt: skip
    columns = [name for (name,) in _columns(table) if name != "id"]
    taken = ", ".join(value if name == column else f'"{name}"' for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    (pk,) = one(f"INSERT INTO {table} ({names}) SELECT {taken} FROM {table} ORDER BY id LIMIT 1 RETURNING id")
    return f"{table} {pk}: it is there, and no act made it"


def makes_a_row_in_a_table_that_inherits(rng: random.Random) -> str:
    """A query of the parent shows it, and no trigger of the parent sees it."""
    pk = a_row(rng, "claims_source") + 5000
    run("CREATE TABLE more_sources () INHERITS (claims_source)")
    run("INSERT INTO more_sources SELECT * FROM ONLY claims_source ORDER BY id LIMIT 1")
    run("UPDATE more_sources SET id = %s", pk)
    return f"claims_source {pk}: it is there, and no act made it"


def _columns(table: str) -> list[tuple[str]]:
    return every(  # type: ignore[return-value]
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", table
    )


def adds_a_column_with_contents(rng: random.Random) -> str:
    """What a later version adds holds its default; anything else was written without an act."""
    table = rng.choice(["claims_claim", "claims_source", "claims_team"])
    run(f"ALTER TABLE {table} ADD COLUMN slipped text NOT NULL DEFAULT 'in'")
    pk = a_row(rng, table)
    run(f"UPDATE {table} SET slipped = 'forged' WHERE id = %s", pk)
    return f"{table} {pk}: {DIFFERS}slipped"


def changes_a_row_before_a_true_act(rng: random.Random) -> str:
    """An edit without an act, covered by a true act after it: its `before` gives it away."""
    pk = a_row(rng, "claims_claim")
    run("UPDATE claims_claim SET said_by = 'Somebody else' WHERE id = %s", pk)
    run("ALTER TABLE claims_claim ENABLE TRIGGER USER; ALTER TABLE trail.open ENABLE TRIGGER USER")
    run("SELECT trail.open_act('claim.edit', 1, 'x', '')")
    run("UPDATE claims_claim SET risk = 'low', row_version = row_version + 1 WHERE id = %s", pk)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    return f"claims_claim {pk}: before this act it was changed without an act: said_by"


# --- guards: they change no row, and are named all the same -----------------------------------


def leaves_a_guard_off(rng: random.Random) -> str:
    table = rng.choice(sorted(GUARDS))
    trigger = rng.choice(GUARDS[table])
    run(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    return f"the trigger {trigger} on {table} is off, gone or another"


def puts_another_guard_in_its_place(rng: random.Random) -> str:
    """One of the same name that never fires, or does nothing."""
    table = rng.choice(sorted(WATCHED))
    run(f"DROP TRIGGER trail ON {table}")
    when, condition, function = rng.choice([
        ("INSERT OR UPDATE OR DELETE", "WHEN (false)", f"trail.record_{table}"),
        ("INSERT", "", f"trail.record_{table}"),
        ("INSERT OR UPDATE OF id OR DELETE", "", f"trail.record_{table}"),
        ("INSERT OR UPDATE OR DELETE", "", "suppress_redundant_updates_trigger"),
    ])  # fmt: skip
    run(f"CREATE TRIGGER trail AFTER {when} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {function}()")
    return f"the trigger trail on public.{table} is off, gone or another"


OF_GUARDS: list[RowMutation] = [leaves_a_guard_off, puts_another_guard_in_its_place]
ROWS: list[RowMutation] = [
    edits_a_row, edits_another_column, puts_a_row_back_as_it_was, swaps_the_contents_of_two_rows,
    gives_a_row_another_id, moves_a_row_to_another_team, deletes_a_row, deletes_the_bytes_of_a_report,
    edits_the_bytes_of_a_report, edits_the_text_of_a_capture, makes_a_row, makes_a_row_in_a_table_that_inherits,
    adds_a_column_with_contents, changes_a_row_before_a_true_act,
]  # fmt: skip
