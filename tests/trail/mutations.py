"""What a database’s owner with every guard off may do to a history: each by a seed, and says what is then wrong."""

import random
from collections.abc import Callable
from typing import Any

from django.db import connection

from claims.trail.verify import WATCHED

Mutation = Callable[[random.Random], str]
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
}


def one(sql: str, *parameters: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found = cursor.fetchone()
        assert found is not None
        return tuple(found)


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def pick(rng: random.Random, sql: str) -> tuple[Any, ...]:
    """One of the rows, chosen by the seed."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return tuple(rng.choice(cursor.fetchall()))


def an_act(rng: random.Random) -> tuple[Any, ...]:
    return pick(rng, "SELECT stream, seq, id FROM trail.act ORDER BY stream, seq")


def a_change(rng: random.Random) -> tuple[Any, ...]:
    return pick(
        rng,
        "SELECT c.act, c.n, c.stream, a.seq, c.relation, c.row FROM trail.change c"
        " JOIN trail.act a ON a.id = c.act AND a.stream = c.stream ORDER BY c.act, c.n",
    )


def where(stream: str, seq: int) -> str:
    return f"{stream}, act {seq}"


# --- acts ------------------------------------------------------------------------------------


def edits_a_header(rng: random.Random) -> str:
    stream, seq, _id = an_act(rng)
    to = rng.choice(["'\"actor\" : 1'", "'\"actor\" : null'"])
    run(
        f"UPDATE trail.act SET header = regexp_replace(header, '\"actor\" : (\\d+|null)', {to}) || ' '"
        " WHERE (stream, seq) = (%s, %s)",
        stream, seq,
    )  # fmt: skip
    return where(stream, seq)


def backdates_an_act(rng: random.Random) -> str:
    stream, seq, _id = an_act(rng)
    run(
        'UPDATE trail.act SET header = replace(header, \'"at" : "2\', \'"at" : "1\') WHERE (stream, seq) = (%s, %s)',
        stream,
        seq,
    )
    return where(stream, seq)


def edits_a_reason(rng: random.Random) -> str:
    stream, seq, _id = an_act(rng)
    run(
        'UPDATE trail.act SET words = replace(words, \'"name" : "\', \'"name" : "Not \')'
        " WHERE (stream, seq) = (%s, %s)",
        stream,
        seq,
    )
    return where(stream, seq)


def clears_a_reason(rng: random.Random) -> str:
    stream, seq, _id = an_act(rng)
    run("UPDATE trail.act SET words = NULL, salt = NULL WHERE (stream, seq) = (%s, %s)", stream, seq)
    return where(stream, seq)


def edits_a_hash(rng: random.Random) -> str:
    stream, seq, _id = an_act(rng)
    column = rng.choice(["hash", "prev", "commitment"])
    run(f"UPDATE trail.act SET {column} = sha256({column}) WHERE (stream, seq) = (%s, %s)", stream, seq)
    return where(stream, seq)


def deletes_an_act(rng: random.Random) -> str:
    stream, seq, _id = an_act(rng)
    run("DELETE FROM trail.act WHERE (stream, seq) = (%s, %s)", stream, seq)
    return where(stream, seq)


def deletes_an_act_and_closes_the_gap(rng: random.Random) -> str:
    stream, seq, pk = pick(
        rng,
        "SELECT stream, seq, id FROM trail.act a WHERE seq < (SELECT seq FROM trail.head h WHERE h.stream = a.stream)",
    )
    run("DELETE FROM trail.change WHERE act = %s AND stream = %s", pk, stream)
    run("DELETE FROM trail.act WHERE (stream, seq) = (%s, %s)", stream, seq)
    run("UPDATE trail.act SET seq = -seq WHERE stream = %s AND seq > %s", stream, seq)
    run("UPDATE trail.act SET seq = -seq - 1 WHERE stream = %s AND seq < 0", stream)
    run("UPDATE trail.head SET seq = seq - 1 WHERE stream = %s", stream)
    return where(stream, seq)


def inserts_an_act(rng: random.Random) -> str:
    stream, seq, _id = an_act(rng)
    run(
        "INSERT INTO trail.act"
        " SELECT stream, seq + 1000, id + 1000, prev, hash, header, commitment, salt, words FROM trail.act"
        " WHERE (stream, seq) = (%s, %s)", stream, seq,
    )  # fmt: skip
    return f"{stream}, act"


def swaps_two_acts(rng: random.Random) -> str:
    stream, seq, _id = pick(
        rng,
        "SELECT stream, seq, id FROM trail.act a"
        " WHERE EXISTS (SELECT FROM trail.act b WHERE (b.stream, b.seq) = (a.stream, a.seq + 1))",
    )
    run("UPDATE trail.act SET seq = -1 WHERE (stream, seq) = (%s, %s)", stream, seq)
    run("UPDATE trail.act SET seq = %s WHERE (stream, seq) = (%s, %s)", seq, stream, seq + 1)
    run("UPDATE trail.act SET seq = %s WHERE (stream, seq) = (%s, -1)", seq + 1, stream)
    return where(stream, seq)


def moves_an_act_to_another_stream(rng: random.Random) -> str:
    stream, _seq, pk = an_act(rng)
    other, last = pick(rng, f"SELECT stream, seq FROM trail.head WHERE stream <> '{stream}'")
    run("UPDATE trail.act SET stream = %s, seq = %s WHERE id = %s AND stream = %s", other, last + 1, pk, stream)
    run("UPDATE trail.change SET stream = %s WHERE act = %s AND stream = %s", other, pk, stream)
    return ""


def gives_two_acts_one_another_s_ids(rng: random.Random) -> str:
    _stream, _seq, pk = an_act(rng)
    _stream, _seq, other = pick(rng, f"SELECT stream, seq, id FROM trail.act WHERE id <> {pk}")
    run("UPDATE trail.act SET id = CASE id WHEN %s THEN %s ELSE %s END WHERE id IN (%s, %s)", pk, other, pk, pk, other)
    return ""


def takes_one_link_from_its_act(rng: random.Random) -> str:
    pk, stream, seq = pick(
        rng,
        "SELECT id, min(stream), (array_agg(seq ORDER BY stream))[1] FROM trail.act GROUP BY id HAVING count(*) > 1",
    )
    run("UPDATE trail.act SET id = 99999 WHERE id = %s AND stream = %s", pk, stream)
    run("UPDATE trail.change SET act = 99999 WHERE act = %s AND stream = %s", pk, stream)
    return where(stream, seq)


# --- changes ---------------------------------------------------------------------------------


def edits_a_line(rng: random.Random) -> str:
    act, n, stream, seq, _relation, _row = a_change(rng)
    kind = rng.randrange(3)
    new = ["overlay(line placing 'x' from length(line) / 2)", "line || ' '", "left(line, -2) || ',\"x\":1}]'"][kind]
    run(f"UPDATE trail.change SET line = {new} WHERE (act, n) = (%s, %s)", act, n)
    return where(stream, seq)


def edits_a_line_with_its_commitment(rng: random.Random) -> str:
    act, n, stream, seq, _relation, _row = a_change(rng)
    run("UPDATE trail.change SET line = line || ' ' WHERE (act, n) = (%s, %s)", act, n)
    run(
        "UPDATE trail.change SET commitment = sha256(convert_to(salt::text || line, 'UTF8')) WHERE (act, n) = (%s, %s)",
        act,
        n,
    )
    return where(stream, seq)


def clears_a_line(rng: random.Random) -> str:
    act, n, stream, seq, _relation, _row = a_change(rng)
    salt = rng.choice(["NULL", "salt"])
    run(f"UPDATE trail.change SET line = NULL, salt = {salt} WHERE (act, n) = (%s, %s)", act, n)
    return where(stream, seq)


def gives_a_line_another_salt(rng: random.Random) -> str:
    act, n, stream, seq, _relation, _row = a_change(rng)
    run("UPDATE trail.change SET salt = gen_random_uuid() WHERE (act, n) = (%s, %s)", act, n)
    return where(stream, seq)


def deletes_a_change(rng: random.Random) -> str:
    act, n, stream, seq, _relation, _row = a_change(rng)
    run("DELETE FROM trail.change WHERE (act, n) = (%s, %s)", act, n)
    return where(stream, seq)


def repeats_a_change(rng: random.Random) -> str:
    act, n, stream, seq, _relation, _row = a_change(rng)
    run(
        "INSERT INTO trail.change (act, stream, relation, row, claim, commitment, salt, line)"
        " SELECT act, stream, relation, row, claim, commitment, salt, line FROM trail.change WHERE (act, n) = (%s, %s)",
        act, n,
    )  # fmt: skip
    return where(stream, seq)


def swaps_the_payloads_of_two_changes(rng: random.Random) -> str:
    first = a_change(rng)
    while (second := a_change(rng))[:2] == first[:2]:
        pass
    whole = rng.random() < 0.5
    columns = ["salt", "line", *(["commitment"] if whole else [])]
    sets = ", ".join(f"{name} = o.{name}" for name in columns)
    run(
        f"WITH o AS MATERIALIZED (SELECT * FROM trail.change) UPDATE trail.change c SET {sets} FROM o WHERE"
        " ((c.act, c.n) = (%s, %s) AND (o.act, o.n) = (%s, %s))"
        " OR ((c.act, c.n) = (%s, %s) AND (o.act, o.n) = (%s, %s))",
        *first[:2], *second[:2], *second[:2], *first[:2],
    )  # fmt: skip
    return ""


def points_a_change_at_another_row(rng: random.Random) -> str:
    act, n, stream, seq, _relation, _row = a_change(rng)
    to = rng.choice(
        ["row = row + 1", "claim = coalesce(claim, 0) + 1", "relation = 'claims_report'", "stream = 'article:77'"]
    )
    run(f"UPDATE trail.change SET {to} WHERE (act, n) = (%s, %s)", act, n)
    return where(stream, seq)


def moves_a_change_to_another_act(rng: random.Random) -> str:
    act, n, *_rest = a_change(rng)
    (other,) = pick(rng, f"SELECT DISTINCT id FROM trail.act WHERE id <> {act}")
    run("UPDATE trail.change SET act = %s WHERE (act, n) = (%s, %s)", other, act, n)
    return ""


def reorders_an_act(rng: random.Random) -> str:
    act, stream, seq = pick(
        rng, "SELECT c.act, c.stream, min(a.seq)"
        " FROM trail.change c JOIN trail.act a ON a.id = c.act AND a.stream = c.stream"
        " GROUP BY c.act, c.stream HAVING count(*) > 1",
    )  # fmt: skip
    _reversed(act, stream)
    return where(stream, seq)


def _reversed(act: int, stream: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM trail.change WHERE act = %s AND stream = %s ORDER BY n", [act, stream])
        numbers = [n for (n,) in cursor.fetchall()]
    run("ALTER TABLE trail.change ALTER n SET GENERATED BY DEFAULT")
    for n, other in zip(numbers, reversed(numbers), strict=True):
        run("UPDATE trail.change SET n = %s WHERE act = %s AND n = %s", -other, act, n)
    run("UPDATE trail.change SET n = -n WHERE act = %s AND n < 0", act)


# --- heads -----------------------------------------------------------------------------------


def moves_a_head(rng: random.Random) -> str:
    (stream,) = pick(rng, "SELECT stream FROM trail.head ORDER BY 1")
    to = rng.choice(["seq = seq + 1", "seq = seq - 1", "hash = sha256(hash)", "prev = sha256(prev)"])
    run(f"UPDATE trail.head SET {to} WHERE stream = %s", stream)
    return stream


def deletes_a_head(rng: random.Random) -> str:
    (stream,) = pick(rng, "SELECT stream FROM trail.head ORDER BY 1")
    run("DELETE FROM trail.head WHERE stream = %s", stream)
    return stream


def cuts_the_end_and_moves_the_head(rng: random.Random) -> str:
    """All that is left is coherent, but the rows remember."""
    stream, seq, pk = pick(rng, "SELECT h.stream, h.seq, a.id FROM trail.head h JOIN trail.act a USING (stream, seq)")
    run("DELETE FROM trail.change WHERE act = %s AND stream = %s", pk, stream)
    run("DELETE FROM trail.act WHERE (stream, seq) = (%s, %s)", stream, seq)
    run("UPDATE trail.head h SET seq = a.seq, hash = a.hash, prev = a.prev FROM trail.act a"
        " WHERE h.stream = %s AND a.stream = %s AND a.seq = %s", stream, stream, seq - 1)  # fmt: skip
    run("DELETE FROM trail.head WHERE stream = %s AND seq = %s", stream, seq)
    return ""


# --- domain rows alone -----------------------------------------------------------------------


def edits_a_row(rng: random.Random) -> str:
    table, column = rng.choice(sorted(TEXTS.items()))
    (pk,) = pick(rng, f"SELECT id FROM {table} ORDER BY id")
    run(f"UPDATE {table} SET {column} = {column} || '!' WHERE id = %s", pk)
    return f"{table} {pk}: it is not as this act left it, but was changed without an act: {column}"


def edits_another_column(rng: random.Random) -> str:
    table, sets = rng.choice([
        ("claims_claim", "row_version = row_version + 1"), ("claims_team", "four_eyes = NOT four_eyes"),
        ("claims_membership", "role = CASE role WHEN 'admin' THEN 'viewer' ELSE 'admin' END"),
        ("claims_evidence", "created_at = created_at - interval '1 microsecond'"),
        ("claims_decision", "four_eyes = NOT four_eyes"), ("claims_version", "blocks = '[]'"),
    ])  # fmt: skip
    (pk,) = pick(rng, f"SELECT id FROM {table} ORDER BY id")
    run(f"UPDATE {table} SET {sets} WHERE id = %s", pk)
    return f"{table} {pk}: it is not as this act left it"


def deletes_a_row(rng: random.Random) -> str:
    table = rng.choice(
        ["claims_decision", "claims_evidence", "claims_anchor", "claims_invitation", "claims_membership"]
    )
    (pk,) = pick(rng, f"SELECT id FROM {table} ORDER BY id")
    run(f"DELETE FROM {table} WHERE id = %s", pk)
    return f"{table} {pk}: it is gone"


def makes_a_row(rng: random.Random) -> str:
    table = rng.choice(["claims_anchor", "claims_evidence", "claims_source", "claims_invitation"])
    other = {"claims_anchor": "start = start - 1", "claims_evidence": "number = number + 50",
             "claims_source": "id = id",
             "claims_invitation": "token_hash = 'x'"}[table]  # fmt: skip
    columns = [row[0] for row in _columns(table) if row[0] != "id"]
    name, value = other.split(" = ")
    taken = ", ".join(value if column == name else f'"{column}"' for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    (pk,) = one(f"INSERT INTO {table} ({names}) SELECT {taken} FROM {table} LIMIT 1 RETURNING id")
    run("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys still hold
    return f"{table} {pk}: it is there, and no act made it"


def _columns(table: str) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position",
            [table],
        )
        return cursor.fetchall()


def changes_a_row_before_a_true_act(rng: random.Random) -> str:
    """An edit without an act, covered by a true act after it: its `before` gives it away."""
    (pk,) = pick(rng, "SELECT id FROM claims_claim ORDER BY id")
    run("UPDATE claims_claim SET said_by = 'Somebody else' WHERE id = %s", pk)
    run("ALTER TABLE claims_claim ENABLE TRIGGER USER; ALTER TABLE trail.open ENABLE TRIGGER USER")
    run("SELECT trail.open_act('claim.edit', 1, 'x', '')")
    run("UPDATE claims_claim SET risk = 'low', row_version = row_version + 1 WHERE id = %s", pk)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    return f"claims_claim {pk}: before this act it was changed without an act: said_by"


def leaves_a_guard_off(rng: random.Random) -> str:
    """That changes no row, and is named all the same."""
    return rng.choice(sorted(WATCHED))


MUTATIONS: list[Mutation] = [
    edits_a_header, backdates_an_act, edits_a_reason, clears_a_reason, edits_a_hash, deletes_an_act,
    deletes_an_act_and_closes_the_gap, inserts_an_act, swaps_two_acts, moves_an_act_to_another_stream,
    gives_two_acts_one_another_s_ids, takes_one_link_from_its_act, edits_a_line, edits_a_line_with_its_commitment,
    clears_a_line, gives_a_line_another_salt, deletes_a_change, repeats_a_change, swaps_the_payloads_of_two_changes,
    points_a_change_at_another_row, moves_a_change_to_another_act, reorders_an_act, moves_a_head, deletes_a_head,
    cuts_the_end_and_moves_the_head, edits_a_row, edits_another_column, deletes_a_row, makes_a_row,
    changes_a_row_before_a_true_act, leaves_a_guard_off,
]  # fmt: skip
