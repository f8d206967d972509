"""What is done while somebody erases, or was begun before, does not bring the words back."""

import io
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims.actions import Stale, articles, claims, evidence, reports, sources
from claims.models import Article, Claim, Evidence, Report, ReportDocument, Team, User
from claims.trail.verify import verify
from tests.people import TEXT, log
from tests.trail.test_erase import SECRET, erased, standing

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def told_of(article: Article, checker: User) -> Evidence:
    claim = log(article, checker, "eleven months")
    return attached(claim, checker, f"Talk with {SECRET}")


@pytest.fixture
def second_article(team: Team, checker: User) -> Article:
    return articles.import_article(actor=checker, team=team, blocks=TEXT, title="A bridge, once more")


def attached(claim: Claim, actor: User, title: str, quote: str = "They knew.") -> Evidence:
    source = {"title": title, "kind": "person", "origin_kind": "itself"}
    return evidence.attach(actor=actor, claim=claim, stance="supports", new_source=source, quote=quote)


def beside(do: Callable[[], object]) -> None:
    """Do it as another request would: in a thread, on a connection of its own."""

    def closing() -> None:
        try:
            do()
        finally:
            connection.close()

    thread = Thread(target=closing)
    thread.start()
    thread.join()


def test_a_source_s_form_that_was_open_is_stale(told_of: Evidence, checker: User) -> None:
    source = told_of.source
    erased("--source", str(source.pk))
    with pytest.raises(Stale):
        sources.edit_source(actor=checker, source=source, version=source.row_version, title=source.title)
    assert standing(SECRET) == []


def test_a_claim_s_form_that_was_open_is_stale(article: Article, checker: User) -> None:
    claim = log(article, checker, "eleven months")
    claim = claims.edit_claim(actor=checker, claim=claim, statement=f"Said {SECRET}")
    erased("--claim", f"{article.pk}/{claim.number}")
    with pytest.raises(Stale):
        claims.edit_claim(actor=checker, claim=claim, version=claim.row_version, statement=claim.statement)
    assert standing(SECRET) == []
    assert verify().holds


def test_what_is_written_while_the_command_asks_stops_it(
    told_of: Evidence, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(_question: str) -> str:
        beside(
            lambda: evidence.attach(
                actor=checker, claim=told_of.claim, stance="supports", source=told_of.source, note=f"Ask {SECRET}"
            )
        )
        return "erase"

    monkeypatch.setattr("builtins.input", answer)
    which = ("--source", str(told_of.source_id), "--reason", "Promise", "--as", "margit@ledger.example")
    with pytest.raises(CommandError, match="Somebody wrote meanwhile"):
        call_command("erase", *which, stdout=io.StringIO())
    told_of.refresh_from_db()
    assert told_of.quote == "They knew."
    erased("--source", str(told_of.source_id))
    assert standing(SECRET) == []
    assert verify().holds


def test_a_report_that_was_being_made_is_made_anew(
    told_of: Evidence, article: Article, reviewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Any] = []
    build = reports.build

    def build_then_erase(of: Article) -> Any:
        document = build(of)
        if not built:
            beside(lambda: erased("--source", str(told_of.source_id)))
        built.append(document)
        return document

    monkeypatch.setattr(reports, "build", build_then_erase)
    report = reports.issue_report(actor=reviewer, article=article)
    assert (len(built), report.number) == (2, 1)
    assert standing(SECRET) == []
    assert verify().holds


def test_long_quotes_hide_no_title_from_the_search(
    told_of: Evidence, second_article: Article, checker: User, reviewer: User
) -> None:
    lines = "\n".join(
        f"{number} times they were told, at length and more than once, by the night" for number in range(250)
    )
    evidence.attach(actor=checker, claim=told_of.claim, stance="supports", source=told_of.source, quote=lines)
    other = log(second_article, checker, "eleven months")
    copy = {"title": "A letter", "kind": "page", "origin_kind": "source", "origin": told_of.source}
    evidence.attach(actor=checker, claim=other, stance="supports", new_source=copy, quote="As told.")
    reports.issue_report(actor=reviewer, article=second_article)
    assert SECRET.encode() in bytes(ReportDocument.objects.get().content)
    erased("--source", str(told_of.source_id))
    assert not ReportDocument.objects.exists()
    assert Report.objects.count() == 1
    assert standing(SECRET) == []
