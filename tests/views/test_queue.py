"""The queue: what waits for whom, and where the next step leads."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import articles, claims, teams, verdicts
from claims.models import Article, Claim, Team, User
from tests.people import log, support, verdict

As = Callable[[User], Client]
URL = "/queue/"


def page(client: Client, url: str = URL) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def section(html: str, kind: str) -> str:
    """The part of the page that one kind of waiting fills; empty where it is not there."""
    found = re.search(rf'<section class="queue" aria-labelledby="{kind}">.*?</section>', html, re.DOTALL)
    return found[0] if found else ""


def test_the_front_door_leads_to_the_queue(as_: As, checker: User) -> None:
    assert as_(checker).get("/").headers["Location"] == reverse("queue") == URL


def test_whoever_is_signed_out_is_sent_to_sign_in(client: Client, team: Team) -> None:
    assert client.get(URL).headers["Location"].startswith("/accounts/login/?next=/queue/")


def test_an_open_claim_waits_for_those_who_check_and_not_for_viewers(
    as_: As, claim: Claim, teammate: User, viewer: User
) -> None:
    html = page(as_(teammate))
    assert claim.statement in section(html, "to-check")
    assert f'href="/articles/{claim.article_id}/?claim={claim.number}"' in html
    assert ">Check<" in html
    assert "One claim waits for you." in html
    html = page(as_(viewer))
    assert "Nothing waits for you" in html
    assert claim.statement not in html


def test_a_claim_given_to_somebody_waits_for_them_alone(
    as_: As, claim: Claim, checker: User, teammate: User, reviewer: User
) -> None:
    claims.edit_claim(actor=checker, claim=claim, assigned_to=teammate)
    assert "assigned to you" in section(page(as_(teammate)), "to-check")
    assert claim.statement not in page(as_(reviewer))


def test_a_proposal_waits_for_reviewers_who_may_decide_it(
    as_: As, proposed: Claim, checker: User, reviewer: User, admin: User
) -> None:
    html = page(as_(reviewer))
    assert proposed.statement in section(html, "to-review")
    assert "?claim=1&amp;verdict=1" in html
    assert "proposed by <bdi>Ifeoma Brandt</bdi>" in html
    assert proposed.statement not in page(as_(checker))
    support(proposed, admin, title="The admin’s find")
    assert proposed.statement not in page(as_(admin))


def test_on_a_solo_desk_one_reviews_what_one_proposed(as_: As, claim: Claim, team: Team, admin: User) -> None:
    teams.change_policy(actor=admin, team=team, four_eyes=False, reason="A desk of one")
    support(claim, admin)
    verdicts.propose(actor=admin, claim=claim, verdict=verdict(team))
    assert claim.statement in section(page(as_(admin)), "to-review")


def test_what_was_sent_back_waits_for_its_proposer_with_the_reason(
    as_: As, proposed: Claim, checker: User, teammate: User, reviewer: User
) -> None:
    verdicts.send_back(actor=reviewer, claim=proposed, reason="Which <b>report</b>?")
    html = page(as_(checker))
    part = section(html, "sent-back")
    assert "Which &lt;b&gt;report&lt;/b&gt;?" in part
    assert "Tomasz Wilk" in part
    assert ">Answer<" in part
    assert proposed.statement not in page(as_(teammate))


def test_a_recheck_says_why_and_what_was_decided(as_: As, decided: Claim, checker: User, teammate: User) -> None:
    support(decided, checker, title="Another report")
    part = section(page(as_(teammate)), "recheck")
    assert "It was decided Verified." in part
    assert "Evidence was added after the decision" in part


def test_claims_of_closed_articles_wait_for_nobody(as_: As, claim: Claim, checker: User, article: Article) -> None:
    articles.edit_article(actor=checker, article=article, stage="closed")
    assert claim.statement not in page(as_(checker))


def test_other_teams_claims_do_not_exist(as_: As, claim: Claim, other_team: Team, outsider: User) -> None:
    assert claim.statement not in page(as_(outsider))


def test_kinds_stand_in_the_order_of_the_work_and_the_oldest_first(as_: As, article: Article, checker: User) -> None:
    first = log(article, checker, "in March 2023")
    log(article, checker, "a repair in eleven months")
    html = section(page(as_(checker)), "to-check")
    assert html.index(first.statement) < html.index("a repair in eleven months")


@pytest.fixture
def many(article: Article, checker: User) -> list[Claim]:
    """Thirty claims of one article."""
    text = article.latest_version().text
    words = [match.span() for match in re.finditer(r"\w+", text)][:30]
    return [log(article, checker, text[start:end], risk="low") for start, end in words]


def test_a_long_section_shows_the_oldest_and_leads_to_the_rest(as_: As, many: list[Claim], checker: User) -> None:
    client = as_(checker)
    html = page(client)
    assert html.count('<li class="job">') == 12
    assert "and 18 more" in html
    assert "30 claims, yours or nobody’s yet." in html
    assert page(client, URL + "?kind=to-check").count('<li class="job">') == 25
    rest = page(client, URL + "?kind=to-check&page=2")
    assert rest.count('<li class="job">') == 5
    assert "Next page" not in rest
    assert 'rel="prev"' in rest


def test_each_kind_has_a_page_of_its_own(as_: As, proposed: Claim, reviewer: User, checker: User) -> None:
    client = as_(reviewer)
    assert proposed.statement in page(client, URL + "?kind=to-review")
    for kind in ("sent-back", "recheck", "to-check"):
        assert "Nothing waits here" in page(client, f"{URL}?kind={kind}")
    verdicts.send_back(actor=reviewer, claim=proposed, reason="Which report?")
    assert "Which report?" in page(as_(checker), URL + "?kind=sent-back")


@pytest.mark.parametrize(
    "query", ["kind=nonsense", "kind=to-check&page=x", "kind=to-check&page=999999999999", "kind=%00"]
)
def test_odd_addresses_are_answered(as_: As, claim: Claim, checker: User, query: str) -> None:
    assert as_(checker).get(f"{URL}?{query}").status_code == 200


def test_a_checker_cannot_ask_for_what_waits_for_reviewers(as_: As, proposed: Claim, teammate: User) -> None:
    assert proposed.statement not in page(as_(teammate), URL + "?kind=to-review")


def test_the_masthead_counts_what_waits(
    as_: As, proposed: Claim, article: Article, checker: User, reviewer: User
) -> None:
    log(article, checker, "in March 2023")
    assert '<span class="tally">2<' in page(as_(reviewer), reverse("sources"))
    assert '<span class="tally">1<' in page(as_(checker), reverse("sources"))


def test_an_empty_queue_says_what_to_do(as_: As, team: Team, checker: User, viewer: User) -> None:
    html = page(as_(checker))
    assert "Bring in the first article." in html
    assert reverse("import_article") in html
    html = page(as_(viewer))
    assert "Wait for the first article." in html
    assert "takes the role Checker" in html


def test_an_empty_queue_points_to_the_text_that_holds_no_claim(as_: As, article: Article, checker: User) -> None:
    html = page(as_(checker))
    assert "Read a text that holds no claim yet." in html
    assert f'href="/articles/{article.pk}/"' in html


def test_somebody_in_no_team_is_told_whom_to_ask(as_: As, outsider: User) -> None:
    answer = as_(outsider).get(URL)
    assert answer.status_code == 403
    assert "Ask an admin of your newsroom" in answer.content.decode()


def test_queries_do_not_grow_with_what_waits(
    as_: As, many: list[Claim], proposed: Claim, reviewer: User, django_assert_max_num_queries: Any
) -> None:
    client = as_(reviewer)
    with django_assert_max_num_queries(7):
        client.get(URL)
