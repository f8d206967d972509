"""Searching among many: the newest sources of a common word, phrases, and pages that are counted from either end."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from claims import search
from claims.actions import sources
from claims.models import Source, Team, User
from claims.views import articles
from claims.views import sources as listed

As = Callable[[User], Client]
MOST = 2


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is found counts to two, and a common word is looked for among the newest sixteen sources first."""
    monkeypatch.setattr(search, "COUNTED", MOST)
    monkeypatch.setattr(articles, "COUNTED", MOST)


def add(team: Team, actor: User, *titles: str, kind: str = "page") -> None:
    for title in titles:
        sources.add_source(actor=actor, team=team, title=title, kind=kind)


def found(client: Client, query: str) -> list[str]:
    html = client.get(f"/sources/?{query}").content.decode()
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', html)


def test_a_common_word_finds_the_newest(as_: As, team: Team, checker: User) -> None:
    add(team, checker, *(f"Bridge {number}" for number in range(20)))
    assert found(as_(checker), "q=bridge") == ["Bridge 19", "Bridge 18"]
    assert "2 of 2 sources or more" in as_(checker).get("/sources/?q=bridge").content.decode()


def test_a_word_that_the_newest_do_not_hold_is_found_in_the_oldest(as_: As, team: Team, checker: User) -> None:
    add(team, checker, "Bridge A", "Bridge B", "Bridge C")
    add(team, checker, *(f"Minutes {number}" for number in range(30)))
    assert found(as_(checker), "q=bridge") == ["Bridge C", "Bridge B"]
    assert found(as_(checker), "q=bridge -c") == ["Bridge B", "Bridge A"]


def test_one_among_the_newest_does_not_hide_the_older(as_: As, team: Team, checker: User) -> None:
    add(team, checker, "Bridge A")
    add(team, checker, "Bridge B", kind="document")
    add(team, checker, *(f"Minutes {number}" for number in range(30)), "Bridge C")
    assert found(as_(checker), "q=bridge") == ["Bridge C", "Bridge B"]
    assert found(as_(checker), "q=bridge&kind=document") == ["Bridge B"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ('"bridge of stone"', ["Bridge of stone"]),
        ('"of stone"', ["Walls of stone", "Bridge of stone"]),
        ('"stone of"', []),
        ('"stone"', ["Stone, and a bridge made of it", "Walls of stone"]),
        ('"of stone" bridge', ["Bridge of stone"]),
        ('"of stone" -bridge', ["Walls of stone"]),
        ('"bridge of stone" OR nowhere', ["Bridge of stone"]),
        ('"the bridge" OR "of stone"', ["Walls of stone", "Bridge of stone"]),
    ],
)
def test_a_phrase_is_found_as_it_stands(as_: As, team: Team, checker: User, words: str, expected: list[str]) -> None:
    add(team, checker, "Bridge of stone", "Walls of stone", "Stone, and a bridge made of it")
    assert found(as_(checker), f"q={words}") == expected


def test_each_page_follows_the_one_before_from_whichever_end_it_is_counted(
    as_: As, team: Team, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listed, "PAGE", 3)
    add(team, checker, *(f"Source {number}" for number in range(17)))
    pages = [found(as_(checker), f"page={number}") for number in range(1, 7)]
    assert [len(page) for page in pages] == [3, 3, 3, 3, 3, 2]
    assert [title for page in pages for title in page] == list(
        Source.objects.order_by("-pk").values_list("title", flat=True)
    )
