"""The list of articles, and an article's facts."""

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone as clock

from claims.actions import articles, claims
from claims.models import Act, Article, Claim, Submission, Team, User
from tests.people import TEXT, keys, log

As = Callable[[User], Client]
LIST = "/articles/"


def page(client: Client, query: str = "") -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return answer.content.decode()


def bring(team: Team, actor: User, title: str, text: str = "Nothing of note.", **facts: Any) -> Article:
    return articles.import_article(actor=actor, team=team, blocks=[("paragraph", text)], title=title, **facts)


def titles(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', html)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_a_row_says_how_far_the_article_is_who_works_on_it_and_what_was_done_last(
    as_: As, proposed: Claim, viewer: User, checker: User, teammate: User
) -> None:
    claims.edit_claim(actor=checker, claim=log(proposed.article, checker, "in March 2023"), assigned_to=teammate)
    html = page(as_(viewer))
    assert titles(html) == [proposed.article.title]
    assert 'aria-label="1 In review, 1 To check"' in html
    assert "0 of 2 decided" in html
    assert "Ifeoma Brandt</bdi>" in html
    assert "Nora Vance</bdi>" in html
    assert "<bdi>Ifeoma Brandt</bdi> changed <a" in html
    assert "version 1" in html


def test_the_last_act_is_told_with_its_verdict(as_: As, decided: Claim, viewer: User) -> None:
    assert 'decided <a href="/articles/' in page(as_(viewer))
    assert ">Verified</span>" in page(as_(viewer))


def test_a_viewer_sees_why_they_cannot_import(as_: As, article: Article, viewer: User, checker: User) -> None:
    html = page(as_(viewer))
    assert 'aria-disabled="true"' in html
    assert "takes the role Checker" in html
    assert reverse("import_article") not in html
    assert edit(article) not in html
    html = page(as_(checker))
    assert reverse("import_article") in html
    assert edit(article) in html


def test_another_teams_articles_do_not_exist(as_: As, article: Article, other_team: Team, outsider: User) -> None:
    html = page(as_(outsider))
    assert article.title not in html
    assert "No article yet" in html


def test_the_nearest_deadline_comes_first_and_what_is_over_with_last(as_: As, team: Team, checker: User) -> None:
    now = clock.now()
    bring(team, checker, "No deadline")
    bring(team, checker, "Tomorrow", deadline=now + datetime.timedelta(days=1))
    bring(team, checker, "Late", deadline=now - datetime.timedelta(hours=1))
    over = bring(team, checker, "Over", deadline=now - datetime.timedelta(days=9))
    articles.edit_article(actor=checker, article=over, stage="published")
    html = page(as_(checker))
    assert titles(html) == ["Late", "Tomorrow", "No deadline", "Over"]
    assert html.count('class="late"') == 1
    assert titles(page(as_(checker), "?sort=act"))[0] == "Over"


@pytest.mark.parametrize(
    ("due", "found"), [("past", ["Late"]), ("today", ["Late", "Soon"]), ("week", ["Late", "Soon"]), ("none", ["Never"])]
)
def test_deadlines_are_filtered_by_the_days_of_the_teams_zone(
    as_: As, team: Team, checker: User, due: str, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = datetime.datetime(2026, 6, 10, 22, 30, tzinfo=datetime.UTC)  # 23:30 in London
    monkeypatch.setattr(clock, "now", lambda: now)
    bring(team, checker, "Late", deadline=now - datetime.timedelta(hours=23))
    bring(team, checker, "Soon", deadline=now + datetime.timedelta(minutes=29))
    bring(team, checker, "Next month", deadline=now + datetime.timedelta(days=20))
    bring(team, checker, "Never")
    assert titles(page(as_(checker), f"?due={due}")) == found


def test_stage_and_person_narrow_the_list(
    as_: As, article: Article, claim: Claim, team: Team, checker: User, teammate: User, reviewer: User
) -> None:
    other = bring(team, teammate, "The mayor’s first thousand days")
    articles.edit_article(actor=checker, article=article, stage="ready")
    client = as_(checker)
    assert titles(page(client, "?stage=ready")) == [article.title]
    assert titles(page(client, f"?person={teammate.pk}")) == [other.title]
    claims.edit_claim(actor=checker, claim=claim, assigned_to=reviewer)
    assert titles(page(client, f"?person={reviewer.pk}")) == [article.title]
    assert titles(page(client, "?stage=nonsense&due=nonsense&person=nonsense")) == titles(page(client))


@pytest.mark.parametrize(
    "words",
    [
        "kingsmill",
        "KINGSMILL repair",
        '"closed the bridge"',
        "lorr",
        "thrice",
        "nothere OR thrice",
        "thrice -nothere",
        '"thrice the estimate"',
        '"closed the bridge to lorries" "eleven months"',
        '"closed the bridge" lorries -nothere OR nothere',
    ],
)
def test_words_are_found_in_titles_texts_and_claims(
    as_: As, article: Article, claim: Claim, checker: User, words: str
) -> None:
    bring(article.team, checker, "The mayor’s first thousand days")
    claims.edit_claim(actor=checker, claim=claim, statement="The bill is thrice the estimate")
    assert titles(page(as_(checker), f"?q={words}")) == [article.title]


@pytest.mark.parametrize(
    "words",
    [
        "nothere",
        "kingsmill -bridge",
        "kingsmill -lorries",
        "thrice -lorries",
        '"closed the" "the bridge to the lorries"',
        'thrice -"the bridge"',
        '"bridge the closed"',
        "!!!",
        "' ) | (",
        "-kingsmill",
        "\\",
        "a:*b",
        "<->",
        "OR",
    ],
)
def test_words_that_match_nothing_say_so(as_: As, article: Article, claim: Claim, checker: User, words: str) -> None:
    claims.edit_claim(actor=checker, claim=claim, statement="The bill is thrice the estimate")
    html = as_(checker).get(LIST, {"q": words}).content.decode()
    assert titles(html) == []
    assert "No article matches" in html


def kept() -> list[int]:
    """The claims whose words are kept: no text of their article says them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT claim_id FROM claims_claimwords ORDER BY 1")
        return [pk for (pk,) in cursor.fetchall()]


def test_the_words_of_a_claim_are_kept_where_the_text_does_not_say_them(claim: Claim, checker: User) -> None:
    assert kept() == []
    for statement, expected in [
        ("The bill is thrice the estimate", [claim.pk]),
        ("Puts the BILL at £31.4 million!", []),
        ("puts the bill, at £31.4 million pounds", [claim.pk]),
        ("the bill puts at", [claim.pk]),
        ("the bill", []),
    ]:
        claim = claims.edit_claim(actor=checker, claim=claim, statement=statement)
        assert kept() == expected, statement


def test_what_was_looked_for_in_vain_names_the_filters_and_what_lies_beside_them(
    as_: As, article: Article, checker: User
) -> None:
    html = page(as_(checker), "?q=kingsmill&stage=closed")
    assert "No article matches “kingsmill”, stage Closed" in html
    assert "Of 1 articles, 1 matches “kingsmill” alone." in html
    assert 'href="?q=kingsmill"' in html


@pytest.mark.parametrize(("words", "status"), [("%00", 200), ("%ED%A0%80", 400), ("x" * 300, 200)])
def test_words_that_cannot_be_looked_for_are_no_fault(
    as_: As, article: Article, checker: User, words: str, status: int
) -> None:
    assert as_(checker).get(f"{LIST}?q={words}").status_code == status


def test_a_long_list_comes_in_pages_that_keep_the_filters(as_: As, team: Team, checker: User) -> None:
    for number in range(27):
        bring(team, checker, f"Article {number}")
    client = as_(checker)
    html = page(client, "?stage=checking")
    assert len(titles(html)) == 25
    assert "25 of 27 articles" in html
    assert 'href="?stage=checking&amp;page=2"' in html
    assert len(titles(page(client, "?stage=checking&page=2"))) == 2


def test_queries_do_not_grow_with_the_list(
    as_: As,
    proposed: Claim,
    decided: Claim,
    team: Team,
    checker: User,
    reviewer: User,
    django_assert_max_num_queries: Any,
) -> None:
    for number in range(12):
        other = articles.import_article(actor=checker, team=team, blocks=TEXT, title=f"Article {number}")
        log(other, checker, "in March 2023")
    client = as_(reviewer)
    for query in ("", "?q=bridge", f"?person={checker.pk}&sort=act"):
        with django_assert_max_num_queries(10):
            assert len(titles(client.get(LIST + query).content.decode())) >= 12


# --- an article's facts -----------------------------------------------------------------------------------------------


def facts(**more: str) -> dict[str, str]:
    return {"title": "Kingsmill Bridge", "language": "en", "stage": "checking"} | more


def edit(article: Article) -> str:
    return reverse("edit_article", args=[article.pk])


def test_facts_stage_and_deadline_are_saved_in_one_act(as_: As, article: Article, checker: User) -> None:
    client = as_(checker)
    assert 'value="Nora Vance"' in client.get(edit(article)).content.decode()
    sent = facts(
        stage="ready", deadline="2026-07-01T12:00", published_on="2026-06-30", url="https://ledger.example/bridge",
        byline="Nora Vance and Ines Okafor", outlet="The Wexcombe Ledger", reason="Moved to Wednesday",
    )  # fmt: skip
    answer = client.post(edit(article), sent | keys(article.row_version))
    assert answer.headers["Location"] == reverse("desk", args=[article.pk])
    article.refresh_from_db()
    assert (article.stage, article.title) == ("ready", "Kingsmill Bridge")
    assert article.deadline == datetime.datetime(2026, 7, 1, 11, tzinfo=datetime.UTC)  # noon in London
    act = Act.objects.in_stream(article.stream).newest_first()[0]
    assert (act.verb, act.reason) == ("article.edit", "Moved to Wednesday")


def test_a_deadline_is_shown_in_the_teams_zone(as_: As, article: Article, checker: User) -> None:
    articles.edit_article(
        actor=checker, article=article, deadline=datetime.datetime(2026, 7, 1, 11, tzinfo=datetime.UTC)
    )
    html = as_(checker).get(edit(article)).content.decode()
    assert 'value="2026-07-01T12:00"' in html
    assert "Europe/London" in html


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": " "}, "An article needs a title"),
        ({"title": "x" * 501}, "Shorten this to 500 characters"),
        ({"url": "javascript:alert(1)"}, "Give the whole address"),
        ({"language": '"><b>'}, "Choose one of the languages"),
        ({"stage": "burnt"}, "burnt is not one of the available choices"),
        ({"deadline": "soon"}, "Give day and time"),
        ({"deadline": "0001-01-01T00:00"}, "Give a year from 1990 to 2199"),
        ({"published_on": "yesterday"}, "Give the day as year-month-day"),
        ({"byline": "a\0b"}, "U+0000"),
        ({"reason": "x" * 2001}, "Shorten this to 2000 characters"),
    ],
)
def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(
    as_: As, article: Article, checker: User, sent: dict[str, str], said: str
) -> None:
    answer = as_(checker).post(edit(article), facts(outlet="Typed here") | sent | keys(article.row_version))
    assert answer.status_code == 422
    html = answer.content.decode()
    assert said in html
    assert 'value="Typed here"' in html
    assert Act.objects.in_stream(article.stream).count() == 1


def test_whoever_was_slower_sees_what_is_there_now_and_keeps_their_words(
    as_: As, article: Article, checker: User, teammate: User
) -> None:
    opened = article.row_version
    articles.edit_article(actor=teammate, article=article, stage="ready", title="Her title")
    client = as_(checker)
    answer = client.post(edit(article), facts(title="His title") | keys(opened))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "His title" in html
    assert "Her title" in html
    assert "Ready" in html
    assert 'name="version" value="2"' in html
    answer = client.post(edit(article), facts(title="His title") | keys(2))
    assert answer.status_code == 302


def test_the_same_form_sent_twice_is_saved_once(as_: As, article: Article, checker: User) -> None:
    client, sent = as_(checker), facts(stage="ready") | keys(article.row_version)
    for _time in range(2):
        assert client.post(edit(article), sent).status_code == 302
    assert Act.objects.in_stream(article.stream).count() == 2
    assert Submission.objects.count() == 1
    answer = client.post(edit(article), sent | {"title": "Typed after Back"})
    assert answer.status_code == 409
    assert "Typed after Back" in answer.content.decode()


def test_viewers_and_other_teams_change_nothing(
    as_: As, article: Article, viewer: User, other_team: Team, outsider: User
) -> None:
    for person, status in ((viewer, 403), (outsider, 404)):
        client = as_(person)
        assert client.get(edit(article)).status_code == status
        assert client.post(edit(article), facts() | keys(1)).status_code == status
    assert Act.objects.in_stream(article.stream).count() == 1
