"""The whole main job without JavaScript: forms, links, and nothing else."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.actions import sources
from claims.models import Article, Team, User
from tests.e2e.hands import by_the_door, open_page, region
from tests.e2e.test_keyboard import PASTE, REGISTER

pytestmark = pytest.mark.django_db(transaction=True)
QUOTES = {1: "raise ferry fares by 20 percent from July", 2: "41,000 people", 3: "lost 1.2 million"}


def signed_in(browser: Browser, base: str, user: User) -> Page:
    page = open_page(browser, base, script=False)
    by_the_door(page, user)
    page.wait_for_url("**/queue/")
    return page


def bring_in(page: Page) -> Article:
    page.get_by_role("link", name="Articles").click()
    page.get_by_role("link", name="Import article").click()
    page.get_by_label("Article text").fill(PASTE)
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Start checking").click()
    page.wait_for_url(re.compile(r"/articles/\d+/$"))
    return Article.objects.get()


def log(page: Page, number: int) -> None:
    """Words that are not there are refused, and kept; words that are become a claim."""
    page.get_by_role("link", name="Log claim").first.click()
    form = page.get_by_role("form", name="Log claim")
    if number == 1:
        form.get_by_label("Quote").fill("not in the text")
        form.get_by_label("Statement").fill("Fares rise by a fifth.")
        form.get_by_role("button", name="Log claim", exact=True).click()
        expect(form.get_by_label("Statement")).to_have_value("Fares rise by a fifth.")
        expect(form.get_by_label("Quote")).to_have_attribute("aria-invalid", "true")
    form.get_by_label("Quote").fill(QUOTES[number])
    form.get_by_label("Statement").fill(QUOTES[number])
    form.get_by_role("button", name="Log claim", exact=True).click()
    expect(page.get_by_text(f"Claim {number} logged.")).to_be_visible()


def attach_known(page: Page) -> None:
    pane = region(page)
    pane.get_by_role("link", name="Add evidence").click()
    pane.get_by_label("Source, already known here or new").fill("register")
    pane.get_by_role("button", name="Search the sources").click()
    pane.get_by_role("radio", name=REGISTER).check()
    pane.get_by_label("Quote from source").fill("up 20 percent")
    pane.get_by_role("button", name="Attach").click()
    expect(page.get_by_text("E1 is attached.")).to_be_visible()


def attach_new(page: Page) -> None:
    pane = region(page)
    pane.get_by_role("link", name="Add evidence").click()
    pane.get_by_label("Title").fill("Harbour count 2024")
    pane.get_by_role("radio", name="Conflicts", exact=True).check()
    pane.get_by_label("Quote from source").fill("28,400 on a weekday")
    pane.get_by_role("button", name="Attach").click()
    expect(page.get_by_text("E1 is attached.")).to_be_visible()


def propose(page: Page, verdict: str) -> None:
    pane = region(page)
    pane.get_by_role("link", name="Verdict").click()
    pane.get_by_label("Verdict", exact=True).select_option(label=verdict)
    pane.get_by_label("Rationale").fill(f"Why it is {verdict}.")
    pane.get_by_role("button", name="Propose").click()
    expect(page.get_by_text(f"is proposed as {verdict}.")).to_be_visible()


def check(page: Page, article: Article) -> None:
    for number in QUOTES:
        log(page, number)
    at = f"/articles/{article.pk}/claims/"
    page.goto(f"{at}1/")
    attach_known(page)
    propose(page, "Verified")
    page.goto(f"{at}2/")
    attach_new(page)
    propose(page, "Inaccurate")
    page.goto(f"{at}3/")
    propose(page, "Not checkable")


def review(page: Page) -> None:
    """Decide in the proposer's words, go on by the link, decide in one's own, send back, reopen."""
    pane = region(page)
    page.get_by_role("link", name=re.compile("^Review claim 1,")).click()
    pane.get_by_role("checkbox", name="Agree in the proposer’s words").check()
    pane.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Claim 1 is decided: Verified.")).to_be_visible()
    page.get_by_role("link", name="Next to review: claim 2").click()
    pane.get_by_role("link", name="Verdict").click()
    pane.get_by_role("button", name="Decide").click()
    expect(pane.get_by_text("A rationale: a sentence or two.").first).to_be_visible()
    pane.get_by_label("Rationale").fill("I found the same.")
    pane.get_by_role("button", name="Decide").click()
    page.get_by_role("link", name="Next to review: claim 3").click()
    pane.get_by_role("link", name="Verdict").click()
    with_reason(page, "Send back", "It can be looked up.", "Claim 3 is sent back.")
    page.goto(re.sub(r"claims/\d+/.*", "claims/1/", page.url))
    pane.get_by_role("link", name="Verdict").click()
    pane.get_by_label("Reason").fill("The register was corrected.")
    pane.get_by_role("button", name="Reopen").click()
    expect(page.get_by_text("Claim 1 is To check again.")).to_be_visible()


def with_reason(page: Page, button: str, reason: str, said: str) -> None:
    pane = region(page)
    pane.get_by_role("button", name=button).click()
    pane.get_by_label("Reason").fill(reason)
    pane.get_by_role("button", name=button).click()
    expect(page.get_by_text(said)).to_be_visible()


def test_the_main_job_without_javascript(
    browser: Browser, live_server: LiveServer, team: Team, checker: User, reviewer: User
) -> None:
    sources.add_source(actor=checker, team=team, title=REGISTER, origin_kind="itself")
    mine = signed_in(browser, live_server.url, checker)
    article = bring_in(mine)
    check(mine, article)
    theirs = signed_in(browser, live_server.url, reviewer)
    review(theirs)
    theirs.goto(f"/articles/{article.pk}/report/")
    theirs.get_by_role("button", name="Export").click()
    expect(theirs.get_by_role("navigation", name="Issued reports")).to_contain_text("Report 1")
    assert theirs.request.get(f"/articles/{article.pk}/reports/1.pdf").body().startswith(b"%PDF")
    stand = {claim.number: claim.status for claim in article.claims.all()}
    assert stand == {1: "open", 2: "decided", 3: "open"}
    last = article.claims.get(number=2).decisions.get()
    assert last.rationale == "I found the same."
