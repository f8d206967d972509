"""What the main gestures cost the hand: keys and acts of the pointer beyond selecting and typing, counted."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from claims.actions import verdicts
from claims.models import Article, Claim, Team, User
from tests.e2e.hands import Hand, on_desk, open_page, quiet, region, shows
from tests.people import log, support, verdict

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_checkers_gestures(
    browser: Browser, live_server: LiveServer, checker: User, article: Article, claim: Claim
) -> None:
    """Log a claim ≤ 3 keys, attach evidence from a known source ≤ 4, propose ≤ 3."""
    known = support(claim, checker).source
    page = open_page(browser, live_server.url, checker)
    hand, pane = Hand(page), region(page)
    with quiet(page):
        page.goto(on_desk(claim))
        hand.press("s", "s", "s")  # selecting
        with hand.within(3, "log a claim"):
            hand.press("c")
            expect(pane.get_by_label("Statement")).to_be_focused()
            hand.type("The council promised a repair within eleven months.")
            hand.press("Control+Enter")
            expect(page.get_by_role("status").filter(has_text="Claim 2 logged.")).to_be_visible()
        logged = article.claims.get(number=2)
        assert logged.anchors.get().exact == "It promised a repair in eleven months."
        assert logged.statement == "The council promised a repair within eleven months."

        page.goto(on_desk(logged))
        with hand.within(4, "attach evidence from a known source"):
            hand.press("e")
            expect(pane.get_by_label("Source, already known here or new")).to_be_focused()
            hand.type("hw/26")
            hand.press("Enter")
            expect(pane.get_by_label("Quote from source")).to_be_focused()
            hand.type("eleven months")
            hand.press("Control+Enter")
            expect(page.get_by_text("E1 is attached.")).to_be_visible()
        assert (logged.evidence.get().source, logged.evidence.get().quote) == (known, "eleven months")

        with hand.within(3, "propose a verdict"):
            hand.press("v", "1")
            expect(pane.get_by_label("Rationale")).to_be_focused()
            hand.type("The leaflet says so.")
            hand.press("Control+Enter")
            expect(page.get_by_text("Claim 2 is proposed as Verified.")).to_be_visible()
    logged.refresh_from_db()
    assert (logged.status, logged.proposal and logged.proposal.rationale) == ("proposed", "The leaflet says so.")


def test_a_reviewer_decides_and_is_on_the_next_claim(
    browser: Browser,
    live_server: LiveServer,
    checker: User,
    reviewer: User,
    team: Team,
    article: Article,
    proposed: Claim,
) -> None:
    """≤ 3 keys, in the proposer's words and in one's own."""
    for quote in ("eleven months", "Nobody knows"):
        verdicts.propose(actor=checker, claim=_supported(log(article, checker, quote), checker), verdict=verdict(team))
    page = open_page(browser, live_server.url, reviewer)
    hand, pane = Hand(page), region(page)
    with quiet(page):
        page.goto(on_desk(proposed))
        with hand.within(3, "decide in the proposer’s words"):
            hand.press("v", "ArrowDown", "Control+Enter")
            shows(page, 2)
        with hand.within(3, "decide in one’s own words"):
            hand.press("v")
            expect(pane.get_by_label("Rationale")).to_be_focused()
            hand.type("I read the page.")
            hand.press("Control+Enter")
            shows(page, 3)
    said = article.claims.filter(status="decided").order_by("number")
    assert [claim.decisions.get().rationale for claim in said] == ["The report says so.", "I read the page."]


def _supported(claim: Claim, checker: User) -> Claim:
    support(claim, checker, title=f"Source of {claim.number}")
    return claim


def test_by_pointer_it_costs_no_more(
    browser: Browser, live_server: LiveServer, checker: User, claim: Claim, proposed: Claim, reviewer: User
) -> None:
    """The same gestures by buttons alone: open the claim, decide."""
    page = open_page(browser, live_server.url, reviewer)
    hand, pane = Hand(page), region(page)
    with quiet(page):
        page.goto(on_desk(claim))
        with hand.within(3, "decide by pointer"):
            hand.click(pane.get_by_role("link", name="Verdict", exact=True))
            hand.click(pane.get_by_role("checkbox", name="Agree in the proposer’s words"))
            hand.click(pane.get_by_role("button", name="Decide", exact=True))
            expect(page.get_by_text("Claim 1 is decided: Verified.")).to_be_visible()
