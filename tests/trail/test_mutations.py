"""A database's owner, with every guard off, changes the history: the verifier finds it and names the first act or row.

Each seed makes one change of a real history in a transaction that is rolled back. Ends that were rewritten with all
hashes computed anew hold by themselves; against a report that somebody kept outside, they do not.
"""

import hashlib
import random
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from claims.trail.verify import WATCHED, Kept, Verdict, head_of, verify
from tests.trail.mutations import MUTATIONS, Mutation, leaves_a_guard_off, pick, run, takes_one_link_from_its_act
from tests.trail.newsroom import Newsroom, newsroom
from verify.database import as_owner

__all__ = ["newsroom"]

GUARDED = [*(f"public.{table}" for table in WATCHED), "trail.act", "trail.change", "trail.head", "trail.open"]


def guards(word: str, but: str = "") -> None:
    """Turn all guards but one table's on or off."""
    run("; ".join(f"ALTER TABLE {table} {word} TRIGGER USER" for table in GUARDED if table != f"public.{but}"))


@pytest.fixture(scope="module")
def owning(newsroom: Newsroom, django_db_blocker: Any) -> Iterator[Newsroom]:
    """The newsroom in the hands of the database's owner."""
    with django_db_blocker.unblock(), as_owner():
        yield newsroom


def mutated(mutation: Mutation, seed: int) -> tuple[str, Verdict]:
    """What the mutation says it did, and what the verifier finds; nothing of it stays."""
    with transaction.atomic():
        run("SET CONSTRAINTS ALL DEFERRED")
        guards("DISABLE")
        if mutation is not takes_one_link_from_its_act:
            run("ALTER TABLE trail.act DROP CONSTRAINT act_pkey")
        expected = mutation(random.Random(seed))
        guards("ENABLE", but=expected if mutation is leaves_a_guard_off else "")
        verdict = verify()
        transaction.set_rollback(True)
    return expected, verdict


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[pytest.mark.slow] if seed >= 8 else []) for seed in range(40)]
)
@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_what_an_owner_changes_is_found_and_named(owning: Newsroom, mutation: Mutation, seed: int) -> None:
    expected, verdict = mutated(mutation, seed)
    assert not verdict.holds
    said = [str(fault) for fault in verdict.faults]
    assert any(expected in line for line in said), (expected, said[:4])
    if expected.startswith(("article", "team")):
        stream = expected.partition(",")[0]
        first = next(line for line in said if line.startswith(f"{stream},"))
        assert first.startswith(expected), (expected, said[:4])


def test_the_untouched_history_gives_no_alarm(owning: Newsroom) -> None:
    for _time in range(5):
        assert [str(fault) for fault in verify().faults] == []


# --- everything recomputed -------------------------------------------------------------------


def links_anew(stream: str, start: int) -> Iterator[None]:
    """Compute the chain anew from an act on, as docs/trail.md tells an outsider to do, and move the head."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seq, id, header, commitment FROM trail.act WHERE stream = %s AND seq >= %s ORDER BY seq",
            [stream, start],
        )
        acts = cursor.fetchall()
        cursor.execute(
            "SELECT coalesce((SELECT hash FROM trail.act WHERE stream = %s AND seq = %s), '')", [stream, start - 1]
        )
        before = bytes(cursor.fetchone()[0])
    for seq, act, header, said in acts:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relation, row, claim, commitment FROM trail.change WHERE act = %s AND stream = %s ORDER BY n",
                [act, stream],
            )
            covered = [
                f"{relation} {row} {'-' if claim is None else claim} {bytes(commitment).hex()}"
                for relation, row, claim, commitment in cursor.fetchall()
            ]
        text = "\n".join([stream, str(seq), header, bytes(said).hex(), *covered])
        after = hashlib.sha256(before + text.encode()).digest()
        run("UPDATE trail.act SET prev = %s, hash = %s WHERE (stream, seq) = (%s, %s)", before, after, stream, seq)
        run("UPDATE trail.head SET seq = %s, prev = %s, hash = %s WHERE stream = %s", seq, before, after, stream)
        before = after
        yield


def test_the_chain_can_be_recomputed_outside_of_the_database(owning: Newsroom) -> None:
    stream = owning.article.stream
    ends = head_of(stream)
    with transaction.atomic():
        guards("DISABLE")
        assert sum(1 for _link in links_anew(stream, 1)) == ends[0]
        assert head_of(stream)[:2] == ends[:2]
        transaction.set_rollback(True)


@pytest.mark.parametrize("seed", range(20))
def test_an_end_rewritten_with_all_hashes_is_found_against_a_kept_report(owning: Newsroom, seed: int) -> None:
    stream = owning.article.stream
    kept = [Kept(stream, *head_of(stream)[:2])]
    rng = random.Random(seed)
    with transaction.atomic():
        guards("DISABLE")
        (seq,) = pick(rng, f"SELECT seq FROM trail.act WHERE stream = '{stream}'")
        run(
            'UPDATE trail.act SET header = replace(header, \'"verb" : "\', \'"verb" : "x\')'
            " WHERE (stream, seq) = (%s, %s)",
            stream,
            seq,
        )
        for _link in links_anew(stream, seq):
            pass
        guards("ENABLE")
        assert [str(fault) for fault in verify(stream).faults] == []
        (fault,) = verify(stream, kept).faults
        transaction.set_rollback(True)
    assert (fault.stream, fault.seq) == (stream, kept[0].seq)
    assert "rewritten" in str(fault)


def test_a_cut_end_is_found_against_a_kept_report(owning: Newsroom) -> None:
    stream = owning.article.stream
    kept = [Kept(stream, *head_of(stream)[:2])]
    with transaction.atomic():
        guards("DISABLE")
        cuts = f"(SELECT id FROM trail.act WHERE stream = '{stream}' AND seq = {kept[0].seq})"
        run(f"DELETE FROM trail.change WHERE act IN {cuts} AND stream = '{stream}'")
        run("DELETE FROM trail.act WHERE (stream, seq) = (%s, %s)", stream, kept[0].seq)
        found = verify(stream, kept).faults
        transaction.set_rollback(True)
    assert any("it is gone" in str(fault) for fault in found)
