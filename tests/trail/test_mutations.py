"""A database's owner, with every guard off, changes the history: the verifier finds it and names the first act or row.

Each seed makes one change of a real history in a transaction that is rolled back. test_ends.py holds what an owner does
who computes all hashes anew.
"""

import random

import pytest
from django.db import transaction

from claims.trail.verify import verify
from tests.trail.mutations import ACTS, Mutation, order
from tests.trail.newsroom import Newsroom, newsroom
from tests.trail.ownership import KEYS, explained, found, owning, unguarded
from tests.trail.record_mutations import RECORDS
from tests.trail.row_mutations import OF_GUARDS, ROWS, RowMutation

__all__ = ["newsroom", "owning"]

SEEDS, QUICK = 24, 3
seeds = pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[pytest.mark.slow] if seed >= QUICK else []) for seed in range(SEEDS)]
)


@seeds
@pytest.mark.parametrize("mutation", [*ACTS, *RECORDS], ids=lambda mutation: mutation.__name__)
def test_the_first_act_that_an_owner_touched_is_named(owning: Newsroom, mutation: Mutation, seed: int) -> None:
    with unguarded(KEYS):
        erasures = explained()
        touched = mutation(random.Random(seed))
        said = found()
    # where an erasure itself was touched, what it had taken from acts before is no longer explained
    first = [min(touched, key=order), *(of for by, of in erasures if by in touched)]
    expected = tuple(f"{stream}, act {seq}{sign}" for stream, seq in first for sign in (" (", ":"))
    assert said, touched
    assert said[0].startswith(expected), (expected, said[:4])


@seeds
@pytest.mark.parametrize("mutation", ROWS, ids=lambda mutation: mutation.__name__)
def test_the_row_that_an_owner_touched_is_named_first(owning: Newsroom, mutation: RowMutation, seed: int) -> None:
    with unguarded():
        expected = mutation(random.Random(seed))
        said = found()
    assert said, expected
    assert expected in said[0], (expected, said[:4])


@seeds
@pytest.mark.parametrize("mutation", OF_GUARDS, ids=lambda mutation: mutation.__name__)
def test_a_guard_that_an_owner_left_off_is_named_first(owning: Newsroom, mutation: RowMutation, seed: int) -> None:
    with transaction.atomic():
        expected = mutation(random.Random(seed))
        said = [str(fault) for fault in verify().faults]
        transaction.set_rollback(True)
    assert said[0].startswith(expected)


def test_there_are_a_thousand_mutations_and_more() -> None:
    assert len({mutation.__name__ for mutation in (*ACTS, *RECORDS, *ROWS, *OF_GUARDS)}) * SEEDS >= 1000


def test_the_untouched_history_gives_no_alarm(owning: Newsroom) -> None:
    assert [str(fault) for fault in verify().faults] == []
    assert verify().erased >= 3
