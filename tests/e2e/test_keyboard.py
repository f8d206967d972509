"""The whole main job without a pointer: what is done here is pressed or typed, from the sign-in page to the report."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.actions import sources
from claims.models import Article, Claim, Team, User
from tests.e2e.hands import Hand, landed, open_page, quiet, region, shows, somewhere
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)
PASTE = """Ferry fares to rise by a fifth, council decides

By Ada Merrow

The council has voted to raise ferry fares by 20 percent from July. Some 41,000 people cross the harbour each weekday.

In 2019 the service lost 1.2 million, the auditors wrote.
"""
REGISTER = "Register of fares"


def signed_in(browser: Browser, base: str, user: User) -> Hand:
    """Through the door, by keyboard."""
    page = open_page(browser, base)
    hand = Hand(page)
    page.goto("/accounts/login/")
    hand.to(page.get_by_label("Email"))
    hand.type(user.email)
    hand.press("Tab")
    hand.type(PASSWORD)
    hand.press("Enter")
    page.wait_for_url("**/queue/")
    return hand


def follow(hand: Hand, role: str, name: str, lands: str) -> None:
    """Go to a link or a button by Tab, press it, and wait for its page."""
    hand.to(hand.page.get_by_role(role, name=name, exact=True))  # type: ignore[arg-type]
    hand.press("Enter")
    hand.page.wait_for_url(re.compile(lands))


def bring_in(hand: Hand) -> Article:
    """Paste, preview, start."""
    page = hand.page
    follow(hand, "link", "Articles", "/articles/$")
    follow(hand, "link", "Import article", "/articles/import/")
    hand.to(page.get_by_label("Article text"))
    page.keyboard.insert_text(PASTE)  # as Ctrl+V does
    hand.to(page.get_by_role("button", name="Preview"))
    hand.press("Enter")
    expect(page.get_by_label("Title")).to_have_value("Ferry fares to rise by a fifth, council decides")
    hand.to(page.get_by_role("button", name="Start checking"))
    hand.press("Enter")
    page.wait_for_url(re.compile(r"/articles/\d+/$"))
    return Article.objects.get()


def log_three(hand: Hand, article: Article) -> None:
    """Whole sentences, a part of one by its words, and one made longer with Shift and the arrows."""
    page = hand.page
    said = page.get_by_role("status")
    hand.press("s", "s", "s", "c")  # title, byline, first sentence
    expect(region(page).get_by_label("Statement")).to_be_focused()
    hand.press("Control+Enter")
    expect(said.filter(has_text="Claim 1 logged.")).to_be_visible()
    landed(page, 1)
    hand.press("s", "w", *["Shift+Control+ArrowRight"] * 2, "c")  # from the claim just logged
    expect(region(page).get_by_label("Statement")).to_be_focused()
    hand.press("Control+Enter")
    expect(said.filter(has_text="Claim 2 logged.")).to_be_visible()
    landed(page, 2)
    hand.press("s", "c")
    expect(region(page).get_by_label("Statement")).to_be_focused()
    hand.press("Control+Enter")
    expect(said.filter(has_text="Claim 3 logged.")).to_be_visible()
    landed(page, 3)
    hand.press("Escape")
    quotes = [claim.anchors.get().exact for claim in article.claims.order_by("number")]
    assert quotes == [
        "The council has voted to raise ferry fares by 20 percent from July.",
        "41,000 people cross",
        "In 2019 the service lost 1.2 million, the auditors wrote.",
    ]


def check(hand: Hand) -> None:
    """A known source for one claim, a new one for the next, each with its proposal; and one that is not checkable."""
    page = hand.page
    pane = region(page)
    shows(page, 1)
    hand.press("e")
    expect(pane.get_by_label("Source, already known here or new")).to_be_focused()
    hand.type("register")
    hand.press("Enter")
    expect(pane.get_by_label("Quote from source")).to_be_focused()
    hand.type("up 20 percent")
    hand.press("Control+Enter")
    expect(page.get_by_text("E1 is attached.")).to_be_visible()
    propose(hand, 1, "1", "The register says so.")

    somewhere(page)
    hand.press("j")
    shows(page, 2)
    hand.press("e")
    hand.to(pane.get_by_label("Title"))
    hand.type("Harbour count 2024")
    hand.to(pane.get_by_role("radio", name="Supports", exact=True))
    hand.press("ArrowRight", "ArrowRight")
    expect(pane.get_by_role("radio", name="Conflicts", exact=True)).to_be_checked()
    hand.to(pane.get_by_label("Quote from source"))
    hand.type("28,400 on a weekday")
    hand.press("Control+Enter")
    expect(page.get_by_text("E1 is attached.")).to_be_visible()
    propose(hand, 2, "4", "The count says 28,400.")

    hand.press("j")
    shows(page, 3)
    propose(hand, 3, "6", "An opinion.")


def propose(hand: Hand, number: int, verdict: str, why: str) -> None:
    hand.press("v", verdict)
    expect(region(hand.page).get_by_label("Rationale")).to_be_focused()
    hand.type(why)
    hand.press("Control+Enter")
    expect(hand.page.get_by_text(f"Claim {number} is proposed as")).to_be_visible()
    somewhere(hand.page)


def review(hand: Hand) -> None:
    """From the queue: decide two, send one back, reopen one that was decided."""
    page = hand.page
    pane = region(page)
    hand.to(page.get_by_role("link", name=re.compile("^Review claim 1,")))
    hand.press("Enter")
    shows(page, 1, swapped=False)
    expect(page.locator("#text mark[data-claim='1'][aria-current]").first).to_be_visible()  # then its keys are there
    hand.press("v", "ArrowDown", "Control+Enter")
    shows(page, 2)
    hand.press("v")
    expect(pane.get_by_label("Rationale")).to_be_focused()
    hand.type("I found the same.")
    hand.press("Control+Enter")
    shows(page, 3)
    answer(hand, "Send back", "It can be looked up.")
    expect(page.get_by_text("Claim 3 is sent back.")).to_be_visible()
    somewhere(page)
    hand.press("k", "k")
    shows(page, 1)
    hand.press("v")
    expect(pane.get_by_label("Reason")).to_be_focused()
    hand.type("The register was corrected.")
    hand.press("Control+Enter")
    expect(page.get_by_text("Claim 1 is To check again.")).to_be_visible()
    somewhere(page)


def answer(hand: Hand, button: str, reason: str) -> None:
    """What the foot asks a reason for."""
    hand.press("v")
    hand.to(region(hand.page).get_by_role("button", name=button))
    hand.press("Enter")
    expect(region(hand.page).get_by_label("Reason")).to_be_focused()
    hand.type(reason)
    hand.press("Control+Enter")


def export(hand: Hand) -> None:
    follow(hand, "link", "Report", "/report/$")
    hand.to(hand.page.get_by_role("button", name="Export"))
    hand.press("Enter")
    expect(hand.page.get_by_role("navigation", name="Issued reports")).to_contain_text("Report 1")


def test_the_main_job_by_keyboard_alone(
    browser: Browser, live_server: LiveServer, team: Team, checker: User, reviewer: User
) -> None:
    sources.add_source(actor=checker, team=team, title=REGISTER, origin_kind="itself")
    mine = signed_in(browser, live_server.url, checker)
    with quiet(mine.page):
        article = bring_in(mine)
        log_three(mine, article)
        check(mine)
    theirs = signed_in(browser, live_server.url, reviewer)
    with quiet(theirs.page):
        review(theirs)
        export(theirs)
    stand = {claim.number: claim.status for claim in article.claims.all()}
    assert stand == {1: "open", 2: "decided", 3: "open"}
    assert article.reports.count() == 1
    pointer = {act for hand in (mine, theirs) for act in hand.acts} & {"click"}
    assert not pointer


def test_words_before_and_single_words_are_reached_too(
    browser: Browser, live_server: LiveServer, checker: User, article: Article, claim: Claim
) -> None:
    page = open_page(browser, live_server.url, checker)
    hand = Hand(page)
    chosen = "getSelection().toString().trim()"
    page.goto(f"/articles/{article.pk}/")
    hand.press("s", "s", "s")
    assert page.evaluate(chosen) == "It promised a repair in eleven months."
    hand.press("S")
    assert page.evaluate(chosen) == "The council closed the bridge to lorries in March 2023."
    hand.press("w", "w")
    assert page.evaluate(chosen) == "closed"
    hand.press("W", "Shift+Control+ArrowRight")
    assert page.evaluate(chosen) == "council closed"
    selects_nothing_while_typing(page, hand)


def selects_nothing_while_typing(page: Page, hand: Hand) -> None:
    hand.press("e")
    expect(region(page).get_by_label("Source, already known here or new")).to_be_focused()
    hand.type("sw")
    expect(region(page).get_by_label("Source, already known here or new")).to_have_value("sw")
