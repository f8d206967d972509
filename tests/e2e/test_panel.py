"""The Claim panel in a real browser: evidence and verdicts by keyboard, two people at once, and without script."""

import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.actions import claims, sources, verdicts
from claims.models import Article, Claim, Team, User
from tests.e2e.hands import open_page
from tests.people import log, support, verdict

pytestmark = pytest.mark.django_db(transaction=True)
Opened = Callable[..., Page]


@pytest.fixture
def open_as(browser: Browser, live_server: LiveServer) -> Iterator[Opened]:
    """A browser session of one's own, signed in; a test fails that leaves an error in a console."""
    heard: list[str] = []

    def opened(user: User, width: int = 1440, *, script: bool = True, scheme: str = "light") -> Page:
        page = open_page(browser, live_server.url, user, width=width, script=script, scheme=scheme)
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
        return page

    yield opened
    assert not [line for line in heard if not line.startswith(("Failed to load resource", "Applying inline style"))]


TYPED_AT_ONCE = """() => new MutationObserver((_, watch) => {
  const search = document.querySelector("#claim [data-pick=source]");
  if (!search) return;
  watch.disconnect();
  search.value = "hw/26";
  search.dispatchEvent(new Event("input", { bubbles: true }));
}).observe(document.getElementById("claim"), { childList: true, subtree: true })"""


def region(page: Page) -> Locator:
    return page.get_by_role("region", name="Claim", exact=True)


def at(claim: Claim) -> str:
    return f"/articles/{claim.article_id}/claims/{claim.number}/"


def desk(claim: Claim) -> str:
    return f"/articles/{claim.article_id}/?claim={claim.number}"


def clean(page: Page) -> None:
    """Axe finds nothing, and nothing sticks out at the side."""
    found = [
        (rule["id"], [node["html"][:80] for node in rule["nodes"]]) for rule in Axe().run(page).response["violations"]
    ]
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_known_source_is_attached_with_three_keys_beyond_typing(
    open_as: Opened, checker: User, article: Article, claim: Claim
) -> None:
    support(claim, checker)
    other = log(article, checker, "three times")
    page = open_as(checker)
    page.goto(desk(other))
    page.keyboard.press("e")
    expect(region(page).get_by_label("Source, already known here or new")).to_be_focused()
    page.keyboard.type("hw/26")
    expect(region(page).get_by_text("1 source matches.")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(region(page).get_by_role("radio", name="Report HW/26/118")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_text("E1 is attached.")).to_be_visible()
    assert other.evidence.get().source == claim.evidence.get().source


def test_a_new_source_has_it_from_one_found_while_typing(open_as: Opened, checker: User, claim: Claim) -> None:
    first = support(claim, checker).source
    page = open_as(checker)
    page.goto(desk(claim))
    pane = region(page)
    pane.get_by_role("link", name="Add evidence").click()
    expect(pane.get_by_label("Has it from")).to_be_hidden()
    pane.get_by_label("Title").fill("Bridge bill tops £31m")
    pane.get_by_label("Origin", exact=True).select_option("source")
    pane.get_by_label("Has it from").fill("report")
    pane.get_by_role("radiogroup", name="Origins found").get_by_role("radio", name="Report HW/26/118").check()
    pane.get_by_label("Conflicts", exact=True).check()
    pane.get_by_label("Quote from source").fill("31.4")
    pane.get_by_role("button", name="Attach").click()
    expect(page.get_by_text("E2 is attached.")).to_be_visible()
    assert claim.evidence.get(number=2).source.origin == first


def test_what_the_verdict_needs_is_shown_as_it_is_chosen_and_no_text_is_lost(
    open_as: Opened, checker: User, claim: Claim
) -> None:
    page = open_as(checker)
    page.goto(desk(claim))
    page.keyboard.press("v")
    pane = region(page)
    choice, propose = pane.get_by_label("Verdict", exact=True), pane.get_by_role("button", name="Propose")
    expect(choice).to_be_focused()
    expect(propose).to_have_attribute("aria-disabled", "true")
    expect(propose).to_have_accessible_description("Still missing: verdict")
    choice.select_option(label="Verified")
    expect(propose).to_have_accessible_description("Still missing: support, rationale")
    expect(pane.get_by_label("Proposed wording")).to_be_hidden()
    choice.select_option(label="Needs fix")
    pane.get_by_label("Proposed wording").fill("in other words")
    choice.select_option(label="Unverifiable")
    pane.get_by_label("What was searched").fill("two archives")
    pane.get_by_label("Rationale").fill("nothing found")
    expect(pane.get_by_label("Proposed wording")).to_have_value("in other words")
    expect(propose).not_to_have_attribute("aria-disabled", "true")
    expect(propose).to_have_accessible_description("")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Claim 1 is proposed as Unverifiable.")).to_be_visible()


def test_a_draft_is_back_when_its_form_is(open_as: Opened, checker: User, article: Article, claim: Claim) -> None:
    log(article, checker, "eleven months")
    page = open_as(checker)
    page.goto(desk(claim))
    pane = region(page)
    page.keyboard.press("e")
    pane.get_by_label("Title").fill("Half a title")
    page.keyboard.press("Escape")
    expect(pane.get_by_label("Title")).to_have_count(0)
    page.keyboard.press("v")
    pane.get_by_label("Rationale").fill("Half a rationale")
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    expect(pane.get_by_role("heading", name="Claim 2 of 2")).to_be_visible()
    page.keyboard.press("j")
    expect(pane.get_by_role("heading", name="Claim 1 of 2")).to_be_visible()
    page.keyboard.press("e")
    expect(pane.get_by_label("Title")).to_have_value("Half a title")
    expect(pane.locator("#foot-rationale")).to_have_value("Half a rationale")


def test_a_source_that_was_picked_is_picked_again_with_its_draft(
    open_as: Opened, checker: User, article: Article, claim: Claim
) -> None:
    support(log(article, checker, "eleven months"), checker)
    wanted = sources.add_source(
        actor=checker, team=article.team, title="Minutes of the bridge committee", kind="document"
    )
    page = open_as(checker)
    page.goto(desk(claim))
    pane = region(page)
    page.keyboard.press("e")
    expect(pane.get_by_label("Source, already known here or new")).to_be_focused()
    page.keyboard.type("committee")
    picked = pane.get_by_role("radio", name="Minutes of the bridge committee")
    expect(picked).to_be_visible()
    page.keyboard.press("Enter")
    expect(pane.get_by_label("Quote from source")).to_be_focused()
    page.keyboard.type("The piers were sound")
    page.keyboard.press("Escape")
    expect(picked).to_have_count(0)
    page.keyboard.press("e")
    expect(picked).to_be_checked()
    expect(pane.get_by_label("Quote from source")).to_have_value("The piers were sound")
    expect(pane.get_by_text("1 source matches.")).to_be_visible()
    pane.get_by_label("Quote from source").press("Control+Enter")
    expect(page.get_by_text("E1 is attached.")).to_be_visible()
    assert claim.evidence.get().source == wanted


def test_a_form_hears_what_is_typed_from_the_moment_it_is_shown(
    open_as: Opened, checker: User, article: Article, claim: Claim
) -> None:
    support(claim, checker)
    page = open_as(checker)
    page.goto(desk(claim))
    page.evaluate(TYPED_AT_ONCE)
    page.keyboard.press("e")
    expect(region(page).get_by_text("1 source matches.")).to_be_visible()


def test_three_keys_decide_in_the_proposers_words_and_open_the_next_claim_to_review(
    open_as: Opened, checker: User, reviewer: User, team: Team, article: Article, proposed: Claim
) -> None:
    other = log(article, checker, "Nobody knows")
    support(other, checker, title="other")
    verdicts.propose(actor=checker, claim=other, verdict=verdict(team))
    page = open_as(reviewer)
    page.goto(desk(proposed))
    page.keyboard.press("v")
    expect(region(page).get_by_label("Rationale")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(region(page).get_by_role("checkbox", name="Agree in the proposer’s words")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(region(page).get_by_role("heading", name="Claim 2 of 2")).to_be_visible()
    expect(page.get_by_text("Claim 1 is decided: Verified.")).to_be_visible()
    page.keyboard.press("v")
    expect(region(page).get_by_label("Rationale")).to_be_focused()
    region(page).get_by_label("Rationale").fill("I looked at it too.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("No other claim of this article waits for your review.")).to_be_visible()
    said = [claim.decisions.get().rationale for claim in article.claims.order_by("number")]
    assert said == ["The report says so.", "I looked at it too."]


def test_send_back_asks_for_its_reason_and_not_now_gives_the_text_back(
    open_as: Opened, reviewer: User, proposed: Claim
) -> None:
    page = open_as(reviewer)
    page.goto(desk(proposed))
    pane = region(page)
    page.keyboard.press("v")
    pane.get_by_label("Rationale").fill("Mine so far")
    pane.get_by_role("button", name="Send back").click()
    expect(pane.get_by_label("Reason")).to_be_focused()
    pane.get_by_role("button", name="Not now").click()
    expect(pane.get_by_label("Rationale")).to_have_value("Mine so far")
    pane.get_by_role("button", name="Send back").click()
    pane.get_by_label("Reason").fill("Which report?")
    pane.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("Claim 1 is sent back.")).to_be_visible()


def test_of_two_at_once_the_second_sees_both_texts_and_loses_none(
    open_as: Opened, checker: User, teammate: User, claim: Claim
) -> None:
    page = open_as(checker)
    page.goto(desk(claim))
    pane = region(page)
    pane.get_by_role("link", name="Edit").click()
    pane.get_by_label("Statement").fill("Mine: £31.4m")
    claims.edit_claim(actor=teammate, claim=claim, statement=claim.statement + " including VAT", reason="the headline")
    pane.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(pane.get_by_text("Nora Vance changed this claim while you were writing")).to_be_visible()
    expect(pane.locator("ins")).to_have_text(" including VAT")
    clean(page)
    pane.get_by_role("button", name="Save mine over theirs").click()
    expect(page.get_by_text("Claim 1 is saved.")).to_be_visible()
    claim.refresh_from_db()
    assert claim.statement == "Mine: £31.4m"


def test_all_of_it_works_without_script(
    open_as: Opened, checker: User, reviewer: User, team: Team, claim: Claim
) -> None:
    page = open_as(checker, script=False)
    page.goto(at(claim))
    pane = region(page)
    pane.get_by_label("Said by").fill("The council")
    pane.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Claim 1 is saved.")).to_be_visible()
    expect(pane.get_by_label("Said by")).to_have_value("The council")
    pane.get_by_role("link", name="Add evidence").click()
    pane.get_by_label("Title").fill("Report HW/26/118")
    pane.get_by_label("Quote from source").fill("now forecast at £31.4m")
    pane.get_by_role("button", name="Attach").click()
    expect(page.get_by_text("E1 is attached.")).to_be_visible()
    pane.get_by_role("link", name="Verdict").click()
    pane.get_by_label("Verdict", exact=True).select_option(label="Verified")
    pane.get_by_role("button", name="Propose").click()
    expect(pane.get_by_text("A rationale: a sentence or two.").first).to_be_visible()
    pane.get_by_label("Rationale").fill("It says so.")
    pane.get_by_role("button", name="Propose").click()
    expect(page.get_by_text("Claim 1 is proposed as Verified.")).to_be_visible()
    theirs = open_as(reviewer, script=False)
    theirs.goto(at(claim) + "?verdict=1")
    region(theirs).get_by_role("checkbox", name="Agree in the proposer’s words").check()
    region(theirs).get_by_role("button", name="Decide").click()
    expect(theirs.get_by_text("Claim 1 is decided: Verified.")).to_be_visible()
    region(theirs).get_by_role("button", name="Retract").click()
    region(theirs).get_by_label("Reason").first.fill("Wrong year")
    region(theirs).get_by_role("button", name="Retract").click()
    expect(region(theirs).get_by_text(re.compile("Recheck since"))).to_be_visible()


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        pytest.param(360, "dark", marks=pytest.mark.slow),
        pytest.param(360, "light", marks=pytest.mark.slow),
        pytest.param(1440, "light", marks=pytest.mark.slow),
        pytest.param(1440, "dark", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_on_any_state_of_the_panel(
    open_as: Opened, reviewer: User, viewer: User, teammate: User, proposed: Claim, width: int, scheme: str
) -> None:
    support(proposed, teammate, "conflicts", title="Award notice")
    page = open_as(reviewer, width, scheme=scheme)
    for part in ("?verdict=1", "?edit=1", "evidence/", "evidence/1/retract/", "send-back/"):
        page.goto(at(proposed) + part)
        clean(page)
    reads = open_as(viewer, width, scheme=scheme)
    reads.goto(at(proposed))
    clean(reads)
