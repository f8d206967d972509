"""The desk of a 5,000-word article with 200 claims and 600 pieces of evidence, and one of its claims opened.

The floor is the same page set from data that is ready: the template alone, nothing read and nothing worked out.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.bench import newsroom
from tests.bench.figures import Took, figure, median, repeated, spread
from tests.bench.ground import Ground
from tests.bench.templates import instrumented
from tests.people import BACKEND

TIMES = 40
QUERIES_OF_DESK, TIMES_THE_FLOOR = 12, 3.0
QUERIES_OF_CLAIM, SECONDS_OF_CLAIM = 8, 0.020
SESSION_USER_AND_TEAMS = 3
PANE = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def reviewer(ground: Ground) -> Iterator[Client]:
    with ground.database("desk", newsroom.fill):
        client = Client()
        client.force_login(newsroom.reviewer(), backend=BACKEND)
        yield client


def cost(client: Client, address: str, headers: dict[str, str]) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, headers=headers).status_code == 200
    return len(queries)


def ready(client: Client, address: str, headers: dict[str, str]) -> Callable[[], str]:
    """Sets the answer again from what it was set from, all of it read."""
    with instrumented():
        answer: Any = client.get(address, headers=headers)
    template, context = answer.templates[0], answer.context[0]

    def again() -> str:
        with context.render_context.push_state(template):
            return str(template.nodelist.render(context))

    return again


def compared(client: Client, address: str, headers: dict[str, str]) -> tuple[list[Took], list[Took], int]:
    """The page, its floor, and the page's bytes."""
    again = ready(client, address, headers)
    size = len(client.get(address, headers=headers).content)
    assert abs(len(again().encode()) - size) <= size / 100, "the floor is another page"
    return repeated(lambda: client.get(address, headers=headers), TIMES), repeated(again, TIMES), size


def test_the_desk(reviewer: Client) -> None:
    address = reverse("desk", args=[newsroom.article().pk])
    queries = cost(reviewer, address, {})
    page, floor, size = compared(reviewer, address, {})
    figure(
        f"desk of {newsroom.WORDS} words, {newsroom.CLAIMS} claims, {newsroom.CLAIMS * newsroom.EVIDENCE} evidence, "
        "processors’ time against its floor",
        median([took.processor for took in page]) / median([took.processor for took in floor]),
        TIMES_THE_FLOOR,
        "×",
        spread(page),
        f"floor, the same {size} bytes from ready data: {spread(floor)}",
        f"{queries} queries of {QUERIES_OF_DESK}",
    )
    assert queries <= QUERIES_OF_DESK


def test_opening_a_claim(reviewer: Client) -> None:
    claim = newsroom.proposed()
    address = reverse("claim", args=[claim.article_id, claim.number])
    queries = cost(reviewer, address, PANE) - SESSION_USER_AND_TEAMS
    page, floor, size = compared(reviewer, address, PANE)
    figure(
        "opening a claim",
        median([took.wall for took in page]) * 1000,
        SECONDS_OF_CLAIM * 1000,
        " ms",
        spread(page),
        f"floor, the same {size} bytes from ready data: {spread(floor)}",
        f"{queries} queries of {QUERIES_OF_CLAIM}, and {SESSION_USER_AND_TEAMS} for session, user and teams",
    )
    assert queries <= QUERIES_OF_CLAIM
