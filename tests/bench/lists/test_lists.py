"""The queue and the lists over 1,000,000 claims of one newsroom, beside 31 others in the same database.

Each tab, filter, order and page, and words of every kind, one request after the other, round after round. The peer is
the same newsroom with 10,000 claims, once alone in its database, once as the neighbour of the large one.
"""

from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, field

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Claim, User
from tests.bench.figures import Took, figure, median, milliseconds, percentile, spread, taking
from tests.bench.ground import Ground
from tests.bench.lists import addresses
from tests.bench.lists.newsrooms import CLAIMS, LARGE, NEIGHBOURS, SMALL, Newsroom, fill
from tests.people import BACKEND

ROUNDS = 4
MOST, TIMES_THE_SMALL, QUERIES = 0.050, 1.5, 10
PLACES = [("large", LARGE), ("large", SMALL), ("small", SMALL)]
ROOMS = {"large": (LARGE, SMALL, *NEIGHBOURS), "small": (SMALL,)}
PARTS = ("wall", "processor")
LISTS = {"queue": addresses.queue, "articles": addresses.articles, "sources": addresses.sources}
ALIKE = 1.25  # bytes of two pages that show about as much


@dataclass
class Answers:
    """What an address answers: how long that took each time, and how many bytes it is."""

    address: str
    took: list[Took] = field(default_factory=list)
    size: int = 0


Measured = list[Answers]


def measured(newsroom: Newsroom, listed: list[str]) -> Measured:
    """Each address, ROUNDS times, as a reviewer of the newsroom; the first round does not count."""
    client = Client()
    reviewer = User.objects.get(pk=newsroom.team * 100 + 2)
    client.force_login(reviewer, backend=BACKEND)
    found = [Answers(address) for address in listed]
    for again in range(ROUNDS + 1):
        for answers in found:
            address = answers.address
            headers = {"HX-Request": "true"} if "/find/" in address else {}
            if not again:
                connection.queries_log.clear()
            with nullcontext() if again else CaptureQueriesContext(connection) as queries, taking() as took:
                answer = client.get(address, headers=headers)
            assert answer.status_code == 200, address
            assert again or len(queries) <= QUERIES, address
            answers.size = len(answer.content)
            if again:
                answers.took.append(took)
    return found


@pytest.fixture(scope="module")
def all_measured(ground: Ground) -> dict[tuple[str, Newsroom, str], Measured]:
    found = {}
    for name, newsroom in PLACES:
        with ground.database(f"lists_{name}", lambda name=name: fill(*ROOMS[name])):
            assert Claim.objects.filter(team=newsroom.team).count() == newsroom.articles * CLAIMS
            for what, listed in LISTS.items():
                found[name, newsroom, what] = measured(newsroom, listed(newsroom))
    return found


def pooled(found: Iterable[Answers], part: str) -> list[float]:
    return [getattr(took, part) for answers in found for took in answers.took]


def alike(large: Measured, small: Measured) -> tuple[list[Answers], list[Answers]]:
    """The addresses that show about as much in both newsrooms: a page of one row is no peer of a page of fifty."""
    pairs = [pair for pair in zip(large, small, strict=True) if 1 / ALIKE <= pair[0].size / pair[1].size <= ALIKE]
    return [one for one, _other in pairs], [other for _one, other in pairs]


@pytest.mark.parametrize("what", LISTS)
def test_lists(all_measured: dict[tuple[str, Newsroom, str], Measured], what: str) -> None:
    large, neighbour, alone = (all_measured[*place, what] for place in PLACES)
    p95 = percentile(pooled(large, "wall"), 0.95)
    slowest = sorted(large, key=lambda answers: -median([took.wall for took in answers.took]))[:3]
    figure(
        f"{what} over {LARGE.articles * CLAIMS:,} claims, {len(large)} addresses, p95",
        p95 * 1000,
        MOST * 1000,
        " ms",
        *(said(name, found) for name, found in (("large", large), ("10,000 beside it", neighbour), ("10,000", alone))),
        *(f"slowest: {spread(answers.took)}: {answers.address}" for answers in slowest),
    )
    some, others = alike(large, alone)
    ratios = {part: percentile(pooled(some, part), 0.95) / percentile(pooled(others, part), 0.95) for part in PARTS}
    figure(
        f"{what}: p95 against the one over 10,000 claims, of {len(some)} addresses that show as much in both",
        ratios["wall"],
        TIMES_THE_SMALL,
        "×",
        f"by processors’ time {ratios['processor']:.2f}×",
    )


def said(name: str, found: Measured) -> str:
    wall, processor, database = (pooled(found, part) for part in (*PARTS, "database"))
    return (
        f"{name}: median {milliseconds(median(wall))}, p95 {milliseconds(percentile(wall, 0.95))}; "
        f"of processors {milliseconds(median(processor))} and {milliseconds(percentile(processor, 0.95))}, "
        f"PostgreSQL’s share {milliseconds(median(database))} and {milliseconds(percentile(database, 0.95))}"
    )
