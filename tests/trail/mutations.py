"""What a database’s owner with every guard off may do to acts, records and heads: each by a seed.

A mutation gives the acts that it touched: the verifier must name the first of them. row_mutations.py holds those that
touch domain rows alone, and record_mutations.py those of records.
"""

import random
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

Place = tuple[str, int]  # an act: stream, seq
Mutation = Callable[[random.Random], list[Place]]


def one(sql: str, *parameters: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found = cursor.fetchone()
        assert found is not None
        return tuple(found)


def run(sql: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


def every(sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def pick(rng: random.Random, sql: str, *parameters: Any) -> tuple[Any, ...]:
    """One of the rows, chosen by the seed; the query gives them in an order of its own."""
    return tuple(rng.choice(every(sql, *parameters)))


def an_act(rng: random.Random, only: str = "true") -> tuple[str, int, int]:
    found = pick(rng, f"SELECT stream, seq, id FROM trail.act a WHERE {only} ORDER BY stream, seq")
    return found[0], found[1], found[2]


def a_change(rng: random.Random, only: str = "true") -> tuple[Any, ...]:
    return pick(
        rng,
        "SELECT c.act, c.n, c.stream, a.seq, c.relation, c.row FROM trail.change c"
        f" JOIN trail.act a ON a.id = c.act AND a.stream = c.stream WHERE {only} ORDER BY c.act, c.n",
    )


def order(place: Place) -> tuple[str, int, int]:
    """Acts stand by stream, numbers as numbers, and then in their order."""
    kind, _colon, number = place[0].partition(":")
    return kind, int(number), place[1]


def links(pks: Iterable[int]) -> list[Place]:
    """All links of some acts."""
    return [(row[0], row[1]) for row in every("SELECT stream, seq FROM trail.act WHERE id = ANY(%s)", list(pks))]


def exchange(table: str, key: str, first: tuple[Any, ...], second: tuple[Any, ...], columns: list[str]) -> None:
    """Let two rows have one another's values."""
    sets = ", ".join(f"{name} = o.{name}" for name in columns)
    this, other = (f"({alias}.{key.replace(', ', f', {alias}.')})" for alias in "to")
    run(
        f"WITH o AS MATERIALIZED (SELECT * FROM {table}) UPDATE {table} t SET {sets} FROM o"
        f" WHERE ({this} = (%s, %s) AND {other} = (%s, %s)) OR ({this} = (%s, %s) AND {other} = (%s, %s))",
        *first, *second, *second, *first,
    )  # fmt: skip


# --- acts ------------------------------------------------------------------------------------


def edits_a_header(rng: random.Random) -> list[Place]:
    stream, seq, _id = an_act(rng)
    to = rng.choice(["'\"actor\" : 1'", "'\"actor\" : null'"])
    run(
        f"UPDATE trail.act SET header = regexp_replace(header, '\"actor\" : (\\d+|null)', {to}) || ' '"
        " WHERE (stream, seq) = (%s, %s)",
        stream, seq,
    )  # fmt: skip
    return [(stream, seq)]


def backdates_an_act(rng: random.Random) -> list[Place]:
    stream, seq, _id = an_act(rng)
    run(
        'UPDATE trail.act SET header = replace(header, \'"at" : "2\', \'"at" : "1\') WHERE (stream, seq) = (%s, %s)',
        stream,
        seq,
    )
    return [(stream, seq)]


def edits_a_name(rng: random.Random) -> list[Place]:
    stream, seq, _id = an_act(rng, "name IS NOT NULL")
    run("UPDATE trail.act SET name = 'Not ' || name WHERE (stream, seq) = (%s, %s)", stream, seq)
    return [(stream, seq)]


def edits_a_reason(rng: random.Random) -> list[Place]:
    stream, seq, _id = an_act(rng, "reason IS NOT NULL")
    run("UPDATE trail.act SET reason = reason || '.' WHERE (stream, seq) = (%s, %s)", stream, seq)
    return [(stream, seq)]


def clears_a_name_or_reason(rng: random.Random) -> list[Place]:
    part = rng.choice(["name", "reason"])
    stream, seq, _id = an_act(rng, f"{part} IS NOT NULL")
    salt = rng.choice(["NULL", f"{part}_salt"])
    run(
        f"UPDATE trail.act SET {part} = NULL, {part}_salt = {salt} WHERE (stream, seq) = (%s, %s)",
        stream,
        seq,
    )
    return [(stream, seq)]


def swaps_the_reasons_of_two_acts(rng: random.Random) -> list[Place]:
    """Words with their salts and, with some seeds, their commitments."""
    first = an_act(rng, "reason IS NOT NULL")
    second = an_act(rng, f"reason IS NOT NULL AND id <> {first[2]}")
    columns = ["reason", "reason_salt", *(["reason_commitment"] if rng.random() < 0.5 else [])]
    exchange("trail.act", "stream, seq", first[:2], second[:2], columns)
    return [(first[0], first[1]), (second[0], second[1])]


def puts_words_back_that_were_erased(rng: random.Random) -> list[Place]:
    part = rng.choice(["name", "reason"])
    stream, seq, _id = an_act(rng, f"{part} IS NULL")
    run(
        f"UPDATE trail.act SET {part} = 'Anna', {part}_salt = gen_random_uuid() WHERE (stream, seq) = (%s, %s)",
        stream,
        seq,
    )
    return [(stream, seq)]


def edits_a_hash(rng: random.Random) -> list[Place]:
    stream, seq, _id = an_act(rng)
    column = rng.choice(["hash", "prev", "name_commitment", "reason_commitment"])
    run(f"UPDATE trail.act SET {column} = sha256({column}) WHERE (stream, seq) = (%s, %s)", stream, seq)
    return [(stream, seq)]


def deletes_an_act(rng: random.Random) -> list[Place]:
    stream, seq, _id = an_act(rng)
    run("DELETE FROM trail.act WHERE (stream, seq) = (%s, %s)", stream, seq)
    return [(stream, seq)]


NOT_LAST = "seq < (SELECT seq FROM trail.head h WHERE h.stream = a.stream)"


def deletes_an_act_and_closes_the_gap(rng: random.Random) -> list[Place]:
    stream, seq, pk = an_act(rng, NOT_LAST)
    run("DELETE FROM trail.change WHERE act = %s AND stream = %s", pk, stream)
    run("DELETE FROM trail.act WHERE (stream, seq) = (%s, %s)", stream, seq)
    _shift(stream, seq, -1)
    run("UPDATE trail.head SET seq = seq - 1 WHERE stream = %s", stream)
    return [(stream, seq)]


def _shift(stream: str, after: int, by: int) -> None:
    run("UPDATE trail.act SET seq = -seq WHERE stream = %s AND seq > %s", stream, after)
    run("UPDATE trail.act SET seq = -seq + %s WHERE stream = %s AND seq < 0", by, stream)


COPIED = "prev, hash, header, name_commitment, reason_commitment, name_salt, name, reason_salt, reason"


def inserts_an_act(rng: random.Random) -> list[Place]:
    """Far behind the end: all between is missing, and the head is not the last."""
    stream, seq, _id = an_act(rng)
    run(
        f"INSERT INTO trail.act SELECT stream, seq + 1000, id + 1000, {COPIED} FROM trail.act"
        " WHERE (stream, seq) = (%s, %s)", stream, seq,
    )  # fmt: skip
    (last,) = one("SELECT seq FROM trail.head WHERE stream = %s", stream)
    return [(stream, last + 1)]


def inserts_an_act_and_makes_room(rng: random.Random) -> list[Place]:
    stream, seq, pk = an_act(rng, NOT_LAST)
    _shift(stream, seq, 1)
    run(
        f"INSERT INTO trail.act SELECT stream, seq + 1, id + 1000, {COPIED} FROM trail.act"
        " WHERE (stream, seq) = (%s, %s)", stream, seq,
    )  # fmt: skip
    run(
        "INSERT INTO trail.change (act, stream, relation, row, claim, commitment, salt, line)"
        " SELECT act + 1000, stream, relation, row, claim, commitment, salt, line FROM trail.change"
        " WHERE act = %s AND stream = %s ORDER BY n", pk, stream,
    )  # fmt: skip
    run("UPDATE trail.head SET seq = seq + 1 WHERE stream = %s", stream)
    return [(stream, seq + 1)]


def swaps_two_acts(rng: random.Random) -> list[Place]:
    stream, seq, _id = an_act(rng, NOT_LAST)
    run("UPDATE trail.act SET seq = -1 WHERE (stream, seq) = (%s, %s)", stream, seq)
    run("UPDATE trail.act SET seq = %s WHERE (stream, seq) = (%s, %s)", seq, stream, seq + 1)
    run("UPDATE trail.act SET seq = %s WHERE (stream, seq) = (%s, -1)", seq + 1, stream)
    return [(stream, seq)]


def moves_an_act_to_another_stream(rng: random.Random) -> list[Place]:
    """To its end, with its records. Where it was, it is missing; if it was the last there, the head is what is left."""
    stream, seq, pk = an_act(rng)
    other, last = pick(rng, "SELECT stream, seq FROM trail.head WHERE stream <> %s ORDER BY 1", stream)
    run("UPDATE trail.act SET stream = %s, seq = %s WHERE id = %s AND stream = %s", other, last + 1, pk, stream)
    run("UPDATE trail.change SET stream = %s WHERE act = %s AND stream = %s", other, pk, stream)
    # a link that the act has there already gets records that were not its own
    return [(stream, seq), (other, last + 1), *(link for link in links([pk]) if link[0] == other)]


def splices_two_streams(rng: random.Random) -> list[Place]:
    """Two streams go on with one another's ends, whatever has the same number there."""
    (one_stream, a), (other, b) = rng.sample(every("SELECT stream, seq FROM trail.head WHERE seq > 1 ORDER BY 1"), 2)
    cut = rng.randrange(1, min(a, b) + 1)
    touched = [(stream, seq) for stream, last in ((one_stream, a), (other, b)) for seq in range(cut, last + 1)]
    for table, more in (("trail.change", "_"), ("trail.act", "_"), ("trail.head", "_")):
        acts = f"(SELECT id FROM trail.act x WHERE x.stream = {table}.stream AND x.seq >= {cut})"
        only = {"trail.change": f"act IN {acts}", "trail.act": f"seq >= {cut}", "trail.head": "true"}[table]
        run(f"UPDATE {table} SET stream = %s WHERE stream = %s AND {only}", more + other, one_stream)
        run(f"UPDATE {table} SET stream = %s WHERE stream = %s AND {only}", one_stream, other)
        run(f"UPDATE {table} SET stream = %s WHERE stream = %s", other, more + other)
    return touched


def gives_two_acts_one_another_s_ids(rng: random.Random) -> list[Place]:
    """Alone or, with some seeds, together with all their records, so that nothing but the number is another."""
    _stream, _seq, pk = an_act(rng)
    _stream, _seq, other = an_act(rng, f"id <> {pk}")
    touched = links([pk, other])
    for table, column in (("trail.act", "id"), ("trail.change", "act"))[: rng.randrange(1, 3)]:
        run(
            f"UPDATE {table} SET {column} = CASE {column} WHEN %s THEN %s ELSE %s END WHERE {column} IN (%s, %s)",
            pk, other, pk, pk, other,
        )  # fmt: skip
    return touched


def renumbers_an_act(rng: random.Random) -> list[Place]:
    """In all its streams and records: nothing but its number is another."""
    _stream, _seq, pk = an_act(rng)
    run("UPDATE trail.change SET act = -act WHERE act = %s", pk)
    run("UPDATE trail.act SET id = -id WHERE id = %s", pk)
    return links([-pk])


def takes_one_link_from_its_act(rng: random.Random) -> list[Place]:
    pk, streams = pick(
        rng, "SELECT id, array_agg(stream ORDER BY stream) FROM trail.act GROUP BY id HAVING count(*) > 1 ORDER BY 1"
    )
    stream = rng.choice(streams)
    run("UPDATE trail.act SET id = 99999 WHERE id = %s AND stream = %s", pk, stream)
    run("UPDATE trail.change SET act = 99999 WHERE act = %s AND stream = %s", pk, stream)
    return links([99999])


# --- heads -----------------------------------------------------------------------------------


def moves_a_head(rng: random.Random) -> list[Place]:
    stream, seq = pick(rng, "SELECT stream, seq FROM trail.head ORDER BY 1")
    to, named = rng.choice([
        ("seq = seq + 1", seq + 1), ("seq = seq - 1", seq), ("hash = sha256(hash)", seq), ("prev = sha256(prev)", seq),
    ])  # fmt: skip
    run(f"UPDATE trail.head SET {to} WHERE stream = %s", stream)
    return [(stream, named)]


def deletes_a_head(rng: random.Random) -> list[Place]:
    stream, seq = pick(rng, "SELECT stream, seq FROM trail.head ORDER BY 1")
    run("DELETE FROM trail.head WHERE stream = %s", stream)
    return [(stream, seq + 1)]


def cuts_the_end(rng: random.Random) -> list[Place]:
    stream, seq = pick(rng, "SELECT stream, seq FROM trail.head ORDER BY 1")
    gone = rng.randrange(1, min(seq, 4) + 1)
    cut(stream, gone)
    return [(stream, seq - number) for number in range(gone)]


def cut(stream: str, gone: int) -> None:
    """Take the last acts of a stream away with their records; the head stays."""
    acts = f"SELECT id FROM trail.act WHERE stream = '{stream}' ORDER BY seq DESC LIMIT {gone}"
    run(f"DELETE FROM trail.change WHERE stream = %s AND act IN ({acts})", stream)
    run(f"DELETE FROM trail.act WHERE stream = %s AND id IN ({acts})", stream)


def set_head(stream: str) -> None:
    """Let a stream's head be its last act; without acts it has none."""
    run("DELETE FROM trail.head WHERE stream = %s", stream)
    run(
        "INSERT INTO trail.head SELECT stream, seq, prev, hash FROM trail.act WHERE stream = %s"
        " ORDER BY seq DESC LIMIT 1",
        stream,
    )


ACTS: list[Mutation] = [
    edits_a_header, backdates_an_act, edits_a_name, edits_a_reason, clears_a_name_or_reason,
    swaps_the_reasons_of_two_acts, puts_words_back_that_were_erased, edits_a_hash, deletes_an_act,
    deletes_an_act_and_closes_the_gap, inserts_an_act, inserts_an_act_and_makes_room, swaps_two_acts,
    moves_an_act_to_another_stream, splices_two_streams, gives_two_acts_one_another_s_ids, renumbers_an_act,
    takes_one_link_from_its_act, moves_a_head, deletes_a_head, cuts_the_end,
]  # fmt: skip
