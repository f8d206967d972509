"""Strings from the import to the report, through the app's pages: equal in html, json, csv; in pdf what fonts have."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
from django.urls import reverse

from claims.actions import teams
from claims.models import Article, Team, User
from claims.reports import coverage
from claims.reports.csv import unguard
from tests import cluster
from tests.naughty import lawless, newsroom
from tests.naughty.pages import Page
from tests.people import member, person

FETCHING = {"img", "iframe", "object", "embed", "base", "marquee", "applet", "video", "audio", "image"}
COLUMNS = {"title": "source_title", "quote": "source_quote"}


class Issued:
    """The article of strings with its report in every format, and the pages that show it."""

    def __init__(self, room: newsroom.Room, team: Team, reviewer: User) -> None:
        client = room.client()
        self.made = lawless.build(client, team, room.admin, reviewer)
        self.article = self.made.article
        self.words = [text for texts in self.made.words.values() for text in texts]
        assert client.post(reverse("report", args=[self.article.pk])).status_code == 302
        self.files: dict[str, bytes] = {}
        for kind in ("html", "json", "csv", "pdf"):
            answer = client.get(reverse("report_file", args=[self.article.pk, 1, kind]))
            assert answer.status_code == 200, kind
            self.files[kind] = answer.content
        self.pages = [Page(client.get(address).content.decode()) for address in self._addresses()]

    def _addresses(self) -> list[str]:
        pk = self.article.pk
        claims = [reverse("claim", args=[pk, number]) for number in range(1, 13)]
        trail = [f"{reverse('article_trail', args=[pk])}?page={number}" for number in (1, 2)]
        sources = list(self.article.team.sources.order_by("-pk").values_list("pk", flat=True)[:12])
        return [reverse("desk", args=[pk]), *claims, *trail, *(reverse("source", args=[one]) for one in sources)]


@pytest.fixture(scope="module")
def issued(django_db_setup: None, django_db_blocker: Any) -> Iterator[Issued]:
    with django_db_blocker.unblock():
        try:
            admin = person("margit@ledger.example", "Margit")
            team = teams.create_team(name="Ledger", slug="ledger", admin=admin)
            reviewer = member(team, person("nora@ledger.example", "Nora"), "reviewer")
            room = newsroom.Room(team, admin, admin, reviewer, Article(), "")
            yield Issued(room, team, reviewer)
        finally:
            cluster.empty()


@pytest.mark.django_db
def test_the_text_is_the_strings_one_by_one(issued: Issued) -> None:
    lines = issued.article.latest_version().text.split("\n")
    for words in lawless.blocks():
        assert words in lines, words


def test_json_holds_every_string_as_it_was_typed(issued: Issued) -> None:
    document = json.loads(issued.files["json"])
    assert set(document["version"]["text"].split("\n")) >= set(lawless.blocks())
    told = set(_strings(document))
    for words in issued.words:
        assert words in told, words


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _strings(part)


def test_csv_holds_them_behind_its_guard(issued: Issued) -> None:
    rows = list(csv.DictReader(io.StringIO(issued.files["csv"].decode("utf-8-sig"), newline="")))
    assert len(rows) == 12
    for name, texts in issued.made.words.items():
        cells = [unguard(row[COLUMNS.get(name, name)]) for row in rows]
        assert cells == texts, name
    assert not [cell for row in rows for cell in row.values() if re.match(r"\s*[=+\-@＝＋－＠]", cell)]


def test_html_holds_them_and_nothing_of_them_is_markup(issued: Issued) -> None:
    page = Page(issued.files["html"].decode())
    for words in [*issued.words, *lawless.blocks()]:
        assert page.holds(words), words
    assert not {tag for tag, _given in page.tags} & {*FETCHING, "script", "form", "link"}
    assert not [name for _tag, given in page.tags for name in given if name.startswith("on") or name == "style"]


def test_every_page_of_the_app_holds_them_and_nothing_of_them_is_markup(issued: Issued) -> None:
    shown = "\x00".join(page.text for page in issued.pages)
    for words in issued.words:
        assert words in shown, words
    desk = issued.pages[0]
    for words in lawless.blocks():
        assert words in desk.text, words
    for page in issued.pages:
        assert not {tag for tag, _given in page.tags} & FETCHING
        assert not [name for _tag, given in page.tags for name in given if name.startswith("on") or name == "style"]
        assert not [link for link in page.links if re.match(r"\s*(javascript|data|vbscript):", link, re.IGNORECASE)]


def test_pdf_holds_what_fonts_have_and_numbers_for_the_rest(issued: Issued) -> None:
    pdf = pypdfium2.PdfDocument(issued.files["pdf"])
    told = "".join("".join(page.get_textpage().get_text_range().split()) for page in pdf)
    plain = [one for words in issued.words for one in re.split("\n| ¦ ", words) if one.isascii() and one.isprintable()]
    assert len(set(plain)) > 30
    for words in plain:
        assert "".join(words.split()) in told, words
    # in its text from right to left the brackets stand elsewhere, and a line may end within a number
    numbers = {one for words in lawless.blocks() for one in re.findall(r"⟨(U\+[0-9A-F]+)⟩", coverage.printable(words))}
    assert len(numbers) > 15  # without the strings of others too
    assert {one for one in numbers if one not in told} == set()
