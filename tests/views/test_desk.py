"""The desk: what it shows to whom, logging by words, and the places of a claim."""

import html
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions import articles, claims, verdicts
from claims.anchors import find
from claims.models import Article, Claim, Stash, Team, User
from tests.many import article_of, lean_on_sources
from tests.people import TEXT, keys, log

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "section#claim"}


def desk_of(article: Article) -> str:
    return f"/articles/{article.pk}/"


def on_desk(article: Article) -> dict[str, str]:
    """The headers of htmx on the article's desk."""
    return HTMX | {"HTTP_HX_CURRENT_URL": f"http://testserver{desk_of(article)}?claim=1"}


def words(page: str) -> list[str]:
    """The text of each block as a reader sees it, without the numbers."""
    blocks = re.findall(r'class="block-text"[^>]*>(.*?)</(?:p|h2|h3)>', page, re.DOTALL)
    plain = (re.sub(r'<a class="no".*?</a>', "", block, flags=re.DOTALL) for block in blocks)
    return [html.unescape(re.sub(r"<[^>]+>", "", block)) for block in plain]


def form(quote: str, **more: object) -> dict[str, object]:
    """What the log form sends."""
    return keys() | {"quote": quote, "statement": quote, "kind": "number", "risk": "medium"} | more


# --- what it shows -------------------------------------------------------------------------------


def test_the_text_stands_in_its_blocks_and_nothing_is_added_to_it(as_: As, checker: User, article: Article) -> None:
    log(article, checker, "puts the bill at £31.4 million")
    page = as_(checker).get(desk_of(article)).content.decode()
    assert words(page) == [text for _kind, text in TEXT]
    assert f'lang="en" dir="auto" data-start="{article.latest_version().pieces[1].start}"' in page


def test_markup_in_an_article_stays_text(as_: As, checker: User, team: Team) -> None:
    evil = "<script>alert(1)</script> & <hx-partial hx-target='#x'>“x”</hx-partial> costs 5"
    article = articles.import_article(
        actor=checker, team=team, blocks=[("paragraph", evil)], title=evil, language='"><i>'
    )
    log(article, checker, "<hx-partial hx-target='#x'>“x”")
    page = as_(checker).get(desk_of(article)).content.decode()
    assert words(page) == [evil]
    assert "<script>alert" not in page
    assert '"><i>' not in page


def test_marks_nest_and_an_overlap_goes_on_after_the_outer_one(as_: As, checker: User, article: Article) -> None:
    log(article, checker, "puts the bill at £31.4 million, more than")
    log(article, checker, "£31.4 million, more than three times")
    page = as_(checker).get(desk_of(article)).content.decode()
    marks = re.findall(r'<mark class="hit" data-status="open" data-claim="(\d)"( id="[^"]+")?', page)
    assert marks == [("1", ' id="c1"'), ("2", ' id="c2"'), ("2", "")]


def test_a_mark_shows_its_end_only_where_it_ends_before_the_one_around_it(
    as_: As, checker: User, article: Article
) -> None:
    """Many claims of one sentence end where it does: a sign for each of them would be a row of bars."""
    whole = "puts the bill at £31.4 million, more than three times"
    for quote in (whole, whole, "the bill at", "three times the first estimate"):
        log(article, checker, quote)
    page = as_(checker).get(desk_of(article)).content.decode()
    marks = re.findall(r'<mark class="hit" data-status="open" data-claim="(\d)"[^>]*?( data-cut)?>', page)
    assert marks == [("1", ""), ("2", " data-cut"), ("3", ""), ("4", " data-cut"), ("4", "")]


def test_a_withdrawn_claim_leaves_only_its_number(as_: As, checker: User, article: Article, claim: Claim) -> None:
    verdicts.withdraw(actor=checker, claim=claim, reason="It is no claim.")
    page = as_(checker).get(f"{desk_of(article)}?claim=1").content.decode()
    text = page[page.index('id="text"') : page.index('id="claim"')]
    assert "<mark" not in text
    assert '<span class="withdrawn-mark" id="c1">' in text
    assert "Claim 1, Withdrawn" in text


def test_a_number_says_status_and_verdict_in_words(as_: As, checker: User, article: Article, proposed: Claim) -> None:
    page = as_(checker).get(desk_of(article)).content.decode()
    assert 'data-status="proposed" data-verdict="accurate" href="/articles/' in page
    assert "Claim 1, In review, proposed Verified" in page
    assert '<span class="margin-state">In review</span>' in page


def test_the_first_claim_with_work_is_open_and_another_by_address(
    as_: As, checker: User, article: Article, decided: Claim
) -> None:
    log(article, checker, "Nobody knows")
    log(article, checker, "The council")
    assert as_(checker).get(desk_of(article)).context["claim"].number == 3
    assert as_(checker).get(f"{desk_of(article)}?claim=1").context["claim"].number == 1
    assert as_(checker).get(f"{desk_of(article)}?claim=9").status_code == 404
    assert as_(checker).get(f"{desk_of(article)}?claim=x").context["claim"].number == 3


def test_without_claims_it_says_what_to_do(as_: As, checker: User, article: Article) -> None:
    page = as_(checker).get(desk_of(article))
    assert "Select text to log a claim." in page.content.decode()
    assert "claim" not in page.context


def test_with_all_claims_decided_none_is_open(as_: As, checker: User, article: Article, decided: Claim) -> None:
    assert "No claim waits for anybody" in as_(checker).get(desk_of(article)).content.decode()


def test_to_htmx_it_gives_the_inside_of_the_pane(as_: As, checker: User, article: Article) -> None:
    empty = as_(checker).get(desk_of(article), **HTMX).content.decode()
    assert "No claim logged yet" in empty
    assert "<html" not in empty
    log(article, checker, "Nobody knows")
    assert 'data-claim="1"' in as_(checker).get(desk_of(article), **on_desk(article)).content.decode()


def test_the_slug_says_how_far_it_is_and_who_works_on_it(
    as_: As, checker: User, teammate: User, article: Article, decided: Claim
) -> None:
    log(article, checker, "Nobody knows", assigned_to=teammate)
    page = as_(checker).get(desk_of(article)).content.decode()
    assert 'aria-label="1 Decided, 1 To check"' in page
    assert "<bdi>Nora Vance</bdi>, <bdi>Ifeoma Brandt</bdi>, <bdi>Tomasz Wilk</bdi>" in page


def test_a_viewer_reads_and_is_told_why_not_more(as_: As, viewer: User, article: Article, claim: Claim) -> None:
    page = as_(viewer).get(desk_of(article)).content.decode()
    assert "To log claims takes the role Checker. You are Viewer here." in page
    assert "log-here" not in page
    assert "data-may-log" not in page


def test_another_team_sees_no_desk(as_: As, outsider: User, other_team: Team, article: Article, claim: Claim) -> None:
    place = claim.anchors.get().pk
    for path in ("", "claims/", "claims/1/places/", f"claims/1/places/{place}/leave/"):
        assert as_(outsider).get(desk_of(article) + path).status_code == 404
        assert as_(outsider).post(desk_of(article) + path, form("x")).status_code in {404, 405}


def test_a_closed_article_says_so(as_: As, checker: User, article: Article) -> None:
    articles.edit_article(actor=checker, article=article, stage="closed")
    assert "This article is closed" in as_(checker).get(desk_of(article)).content.decode()


def test_it_costs_the_same_queries_for_20_and_for_200_claims(
    as_: As, checker: User, reviewer: User, team: Team
) -> None:
    client = as_(reviewer)
    costs: dict[int, list[int]] = {20: [], 200: []}
    for count, cost in costs.items():
        article = article_of(team, checker, count)
        lean_on_sources(article, checker, each=3, sources=count)
        client.get(desk_of(article))
        for address in (desk_of(article), f"{desk_of(article)}?claim=3"):
            with CaptureQueriesContext(connection) as queries:
                page = client.get(address).content.decode()
            assert len(re.findall(r'<mark class="hit"[^>]* id="c\d+"', page)) == count
            cost.append(len(queries))
    assert costs[20] == costs[200]
    assert max(costs[200]) <= 12


# --- logging -------------------------------------------------------------------------------------


def test_the_form_is_filled_from_the_article_and_the_selection(as_: As, checker: User, article: Article) -> None:
    place = find(article.latest_version().text, "council")[0]
    shown = as_(checker).get(f"{desk_of(article)}claims/?start={place.start}&end={place.end}").context["log"]
    assert shown["quote"].value() == shown["statement"].value() == "council"
    assert (shown["said_by"].value(), shown["reported_by"].value()) == ("The Wexcombe Ledger", "Nora Vance")
    assert shown["assigned_to"].value() == checker.pk


@pytest.mark.parametrize(
    "query", ["?start=9&end=4", "?start=0&end=999999999", "?start=-1&end=5", "?start=x&end=y", "?end=5"]
)
def test_a_selection_that_is_none_leaves_the_quote_blank(as_: As, reviewer: User, article: Article, query: str) -> None:
    shown = as_(reviewer).get(f"{desk_of(article)}claims/{query}").context["log"]
    assert not shown["quote"].value()
    assert shown["assigned_to"].value() is None


def test_words_typed_are_found_and_logged(as_: As, checker: User, article: Article) -> None:
    answer = as_(checker).post(f"{desk_of(article)}claims/", form("Nobody knows", said_by="The Ledger"))
    claim = article.claims.get()
    assert answer.status_code == 303
    assert answer["Location"] == f"{desk_of(article)}?claim=1#c1"
    assert (claim.statement, claim.said_by, claim.anchors.get().exact) == ("Nobody knows", "The Ledger", "Nobody knows")
    assert "Claim 1 logged." in as_(checker).get(answer["Location"]).content.decode()


def test_without_a_statement_the_claim_states_its_quote(as_: As, checker: User, article: Article) -> None:
    as_(checker).post(f"{desk_of(article)}claims/", form("Nobody knows", statement=" "))
    assert article.claims.get().statement == "Nobody knows"


def test_where_it_was_selected_decides_between_equal_words(as_: As, checker: User, article: Article) -> None:
    text = article.latest_version().text
    second = find(text, "£31.4 million")[1]
    as_(checker).post(f"{desk_of(article)}claims/", form("£31.4 million", start=second.start, end=second.end))
    assert article.claims.get().anchors.get().start == second.start


def test_words_that_stand_twice_ask_which_place_and_keep_what_was_typed(
    as_: As, checker: User, article: Article
) -> None:
    log(article, checker, "puts the bill at £31.4 million")
    typed = form("£31.4 million", statement="It costs £31.4m.")
    answer = as_(checker).post(f"{desk_of(article)}claims/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert [place.name for place in answer.context["found"]] == ["Title", "¶ 2, inside claim 1"]
    assert "It costs £31.4m." in page
    assert article.claims.count() == 1
    chosen = answer.context["found"][1].value
    assert as_(checker).post(f"{desk_of(article)}claims/", typed | keys() | {"place": chosen}).status_code == 303
    assert article.claims.get(number=2).anchors.get().start == int(chosen.split("-")[0])


def test_words_that_stand_nowhere_are_refused_and_kept(as_: As, checker: User, article: Article) -> None:
    answer = as_(checker).post(
        f"{desk_of(article)}claims/", form("£31.5 million", statement="Mine"), **on_desk(article)
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "These words do not stand in the text." in page
    assert "£31.5 million" in page
    assert "Mine" in page
    assert "<html" not in page
    assert not article.claims.exists()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"quote": " "}, "quote"),
        ({"quote": "Nobody\0"}, "quote"),
        ({"quote": "x" * 5001}, "quote"),
        ({"kind": "rumour"}, "kind"),
        ({"risk": ""}, "risk"),
        ({"assigned_to": "999999"}, "assigned_to"),
        ({"said_by": "x" * 301}, "said_by"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(
    as_: As, checker: User, article: Article, sent: dict[str, str], field: str
) -> None:
    answer = as_(checker).post(f"{desk_of(article)}claims/", form("Nobody knows") | sent)
    assert answer.status_code == 422
    assert field in answer.context["log"].errors
    assert not article.claims.exists()


@pytest.mark.parametrize("place", ["", "5", "9-4", "0-999", "-", "a-b", "¹-²"])
def test_a_place_that_was_not_offered_is_none(as_: As, checker: User, article: Article, place: str) -> None:
    answer = as_(checker).post(f"{desk_of(article)}claims/", form("£31.4 million", place=place, start="x", end=place))
    assert answer.status_code == 422
    assert not article.claims.exists()


def test_to_htmx_the_answer_is_a_fresh_form_and_what_changed(as_: As, checker: User, article: Article) -> None:
    answer = as_(checker).post(f"{desk_of(article)}claims/", form("Nobody knows"), **on_desk(article))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Claim 1 logged." in page
    assert 'data-logged="1"' in page
    assert "it will be number 2" in page
    assert not answer.context["log"]["quote"].value()
    assert '<hx-partial hx-target="#b5" hx-swap="outerMorph">' in page
    assert page.count('hx-swap="outerMorph"') == 1
    assert 'hx-target="#progress"' in page


def test_log_and_open_shows_the_claim(as_: As, checker: User, article: Article) -> None:
    sent = form("Nobody knows", then="open")
    page = as_(checker).post(f"{desk_of(article)}claims/", sent, **on_desk(article)).content.decode()
    assert 'data-claim="1"' in page
    assert 'hx-target="#b5"' in page


def test_the_same_form_sent_twice_logs_once(as_: As, checker: User, article: Article) -> None:
    sent = form("Nobody knows")
    first, second = (as_(checker).post(f"{desk_of(article)}claims/", sent) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert article.claims.count() == 1


def test_a_form_sent_again_with_other_words_is_refused_and_kept(as_: As, checker: User, article: Article) -> None:
    sent = form("Nobody knows")
    as_(checker).post(f"{desk_of(article)}claims/", sent)
    answer = as_(checker).post(f"{desk_of(article)}claims/", sent | {"statement": "Something else"})
    assert answer.status_code == 409
    assert "Something else" in answer.content.decode()
    assert article.claims.count() == 1


def test_a_form_without_its_keys_is_refused_and_kept(as_: As, checker: User, article: Article) -> None:
    sent = form("Nobody knows") | {"request_id": ""}
    answer = as_(checker).post(f"{desk_of(article)}claims/", sent)
    assert answer.status_code == 422
    assert "too old to be sent" in answer.content.decode()
    assert not article.claims.exists()


def test_a_viewer_cannot_log(as_: As, viewer: User, article: Article) -> None:
    assert as_(viewer).get(f"{desk_of(article)}claims/").status_code == 403
    answer = as_(viewer).post(f"{desk_of(article)}claims/", form("Nobody knows"))
    assert answer.status_code == 403
    assert "takes the role Checker" in answer.content.decode()


def test_what_was_typed_before_the_session_ended_is_back(as_: As, checker: User, article: Article) -> None:
    path = f"{desk_of(article)}claims/"
    Stash.objects.create(user=checker, path=path, fields={"quote": ["Nobody knows"], "statement": ["Mine"]})
    page = as_(checker).get(path).content.decode()
    assert "Your session had ended" in page
    assert "Mine" in page
    assert not article.claims.exists()


# --- what changed --------------------------------------------------------------------------------


def test_an_answer_brings_only_the_blocks_that_acts_touched(
    as_: As, checker: User, reviewer: User, article: Article, proposed: Claim, team: Team
) -> None:
    log(article, checker, "Nobody knows")
    for at in range(12):  # later acts, in another block, push the earlier ones out of sight
        claims.edit_claim(actor=checker, claim=article.claims.get(number=2), said_by=f"Somebody {at}")
    page = as_(reviewer).get(desk_of(article), **on_desk(article)).content.decode()
    assert "outerMorph" not in page
    row = Claim.objects.get(number=1)
    sent = keys(row.row_version) | {"verdict": team.labels.get(meaning="accurate").pk, "rationale": "So it is."}
    page = as_(reviewer).post(f"{desk_of(article)}claims/1/decide/", sent, **on_desk(article)).content.decode()
    assert re.findall(r'hx-target="#(b\d+)"', page) == ["b2", "b5"]
    assert 'aria-label="1 Decided, 1 To check"' in page


def test_a_page_that_says_what_it_shows_gets_all_that_came_since_and_no_more(
    as_: As, checker: User, reviewer: User, article: Article, proposed: Claim, team: Team
) -> None:
    log(article, checker, "Nobody knows")
    page = as_(reviewer).get(desk_of(article)).content.decode()
    (seen,) = re.findall(r'data-seen="(\d+)"', page)
    for at in range(14):
        claims.edit_claim(actor=checker, claim=article.claims.get(number=2), said_by=f"Somebody {at}")
    sent = keys(proposed.row_version) | {"verdict": team.labels.get(meaning="accurate").pk, "rationale": "So it is."}
    path = f"{desk_of(article)}claims/1/decide/"
    page = as_(reviewer).post(path, sent, **on_desk(article), HTTP_GALLEY_SEEN=seen).content.decode()
    assert re.findall(r'hx-target="#(b\d+)"', page) == ["b2", "b5"]
    (seen,) = re.findall(r'data-seen="(\d+)"', page)
    sent = keys(Claim.objects.get(number=1).row_version) | {"reason": "Look again."}
    path = f"{desk_of(article)}claims/1/reopen/"
    page = as_(reviewer).post(path, sent, **on_desk(article), HTTP_GALLEY_SEEN=seen).content.decode()
    assert re.findall(r'hx-target="#(b\d+)"', page) == ["b2"]


def test_the_page_of_a_claim_gets_no_blocks(as_: As, checker: User, article: Article, claim: Claim) -> None:
    sent = keys(claim.row_version) | {"statement": "New", "kind": "other", "risk": "low"}
    there = HTMX | {"HTTP_HX_CURRENT_URL": f"http://testserver{desk_of(article)}claims/1/"}
    page = as_(checker).post(f"{desk_of(article)}claims/1/", sent, **there).content.decode()
    assert 'hx-target="#b' not in page
