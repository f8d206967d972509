"""The desk in a real browser: selecting and logging, keys, panes, the small screen, and answers that do not come."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from claims.actions import articles, verdicts
from claims.models import Article, Claim, Team, User
from tests.e2e.hands import PATIENCE, session
from tests.people import log, support, verdict

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = (
    ("title", "🌉 Kingsmill Bridge repair now to cost £31.4 million"),
    ("paragraph", "The council closed it in March 2023. 🚧 It promised a repair in eleven months for £9.8 million."),
    ("paragraph", "A report puts the bill at £31.4 million, more than three times the first estimate, to some dismay."),
    ("paragraph", "Nobody knows when the lorries will be back."),
)


@pytest.fixture
def noise(page: Page) -> Iterator[list[str]]:
    """What the console said of errors and of a broken policy; a test fails that leaves any."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.set_default_timeout(PATIENCE)
    yield heard
    # an answer that is cut off is meant, and axe asks for styles in a way that the policy refuses
    meant = (
        "Failed to load resource",
        "Applying inline style",
        "htmx: htmx:error: Failed to fetch",
        "htmx: htmx:response:error",
    )
    assert not [line for line in heard if not line.startswith(meant)]


@pytest.fixture
def draft(team: Team, checker: User) -> Article:
    return articles.import_article(
        actor=checker, team=team, blocks=TEXT, title=TEXT[0][1], byline="Nora Vance", outlet="The Wexcombe Ledger"
    )


@pytest.fixture
def three(draft: Article, checker: User) -> list[Claim]:
    """Claim 2 is nested in 1, claim 3 runs out of 2."""
    quotes = (
        "promised a repair in eleven months for £9.8 million",
        "eleven months for £9.8",
        "puts the bill at £31.4 million",
    )
    return [log(draft, checker, quote) for quote in quotes]


@pytest.fixture
def desk(page: Page, noise: list[str], live_server: LiveServer, draft: Article, checker: User) -> Page:
    """The draft's desk, opened by the checker."""
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, live_server.url, checker)
    page.goto(f"{live_server.url}/articles/{draft.pk}/")
    return page


def sign_in(page: Page, base: str, user: User) -> None:
    """A session of theirs; the doors have tests of their own."""
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session(user), "url": base}])


def pane(page: Page) -> Locator:
    return page.get_by_role("region", name="Claim", exact=True)


def text(page: Page) -> Locator:
    return page.get_by_role("region", name="Article text")


def select(page: Page, start: str, end: str) -> None:
    """Select from the first words to the last ones, wherever they stand in the text."""
    page.evaluate(
        """([start, end]) => {
          const walker = document.createTreeWalker(document.querySelector("#text .proof"), NodeFilter.SHOW_TEXT);
          const nodes = [];
          let all = "";
          while (walker.nextNode()) {
            const node = walker.currentNode;
            if (!node.parentElement.closest(".block-text") || node.parentElement.closest(".no")) continue;
            nodes.push([all.length, node]);
            all += node.data;
          }
          const at = (place) => nodes.findLast(([from]) => from <= place);
          const [low, high] = [all.indexOf(start), all.indexOf(end, all.indexOf(start)) + end.length];
          const [[from, first], [to, last]] = [at(low), at(high - 1)];
          const range = document.createRange();
          range.setStart(first, low - from);
          range.setEnd(last, high - to);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
          document.dispatchEvent(new PointerEvent("pointerup"));
        }""",
        [start, end],
    )


def test_words_are_selected_and_logged_with_two_keys(desk: Page, draft: Article) -> None:
    select(desk, "more than three", "first estimate")
    desk.keyboard.press("c")
    form = pane(desk).get_by_role("form", name="Log claim")
    expect(form.get_by_label("Quote")).to_have_value("more than three times the first estimate")
    expect(form.get_by_label("Statement")).to_be_focused()
    expect(form.get_by_label("Said by")).to_have_value("The Wexcombe Ledger")
    expect(form.get_by_label("Reported by")).to_have_value("Nora Vance")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("status").filter(has_text="Claim 1 logged.")).to_be_visible()
    expect(text(desk).locator("#c1")).to_contain_text("more than three times the first estimate")
    expect(form.get_by_label("Quote")).to_have_value("")
    expect(desk.get_by_role("img", name="1 To check")).to_be_visible()
    place = draft.claims.get().anchors.get()
    assert place.exact == "more than three times the first estimate"


def test_positions_count_code_points_and_leave_the_numbers_out(desk: Page, three: list[Claim], draft: Article) -> None:
    desk.reload()
    select(desk, "It promised", "million.")
    desk.keyboard.press("c")
    expect(pane(desk).get_by_label("Quote")).to_have_value("It promised a repair in eleven months for £9.8 million.")
    expect(pane(desk).get_by_label("Statement")).to_be_focused()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("status").filter(has_text="Claim 4 logged.")).to_be_visible()
    place = draft.claims.get(number=4).anchors.get()
    assert place.exact == "It promised a repair in eleven months for £9.8 million."
    assert draft.latest_version().text[place.start : place.end] == place.exact


def test_a_selection_may_cross_blocks(desk: Page, draft: Article) -> None:
    select(desk, "eleven months", "the bill")
    desk.keyboard.press("c")
    expect(pane(desk).get_by_label("Statement")).to_be_focused()
    desk.keyboard.press("Control+Enter")
    expect(text(desk).locator("mark[data-claim='1']")).to_have_count(2)
    assert draft.claims.get().anchors.get().exact.endswith("£9.8 million.\nA report puts the bill")


def test_the_button_beside_the_words_logs_them_too(desk: Page) -> None:
    select(desk, "Nobody", "back")
    button = desk.locator("#log-here")
    expect(button).to_be_visible()
    button.click()
    expect(pane(desk).get_by_label("Quote")).to_have_value("Nobody knows when the lorries will be back")
    pane(desk).get_by_role("button", name="Log claim and open it").click()
    expect(pane(desk).get_by_role("heading", name=re.compile("Claim 1"))).to_be_visible()
    expect(desk).to_have_url(re.compile(r"\?claim=1$"))
    expect(text(desk).locator("#c1")).to_have_attribute("aria-current", "true")


def test_other_words_selected_take_the_place_of_the_quote_and_leave_a_typed_statement(desk: Page) -> None:
    select(desk, "Nobody", "knows")
    desk.keyboard.press("c")
    expect(pane(desk).get_by_label("Statement")).to_have_value("Nobody knows")
    select(desk, "lorries", "back")
    expect(pane(desk).get_by_label("Statement")).to_have_value("lorries will be back")
    pane(desk).get_by_label("Statement").fill("The lorries come back.")
    select(desk, "The council", "closed it")
    expect(pane(desk).get_by_label("Quote")).to_have_value("The council closed it")
    expect(pane(desk).get_by_label("Statement")).to_have_value("The lorries come back.")


def test_a_closed_form_keeps_its_draft(desk: Page, three: list[Claim]) -> None:
    desk.reload()
    select(desk, "Nobody", "knows")
    desk.keyboard.press("c")
    pane(desk).get_by_label("Statement").fill("Nobody knows it.")
    desk.keyboard.press("Escape")
    expect(pane(desk).get_by_role("heading", name=re.compile("Claim 1"))).to_be_visible()
    text(desk).focus()
    desk.keyboard.press("c")
    expect(pane(desk).get_by_label("Statement")).to_have_value("Nobody knows it.")
    expect(pane(desk).get_by_label("Quote")).to_have_value("Nobody knows")
    desk.reload()
    desk.keyboard.press("c")
    expect(pane(desk).get_by_label("Statement")).to_have_value("Nobody knows it.")
    pane(desk).get_by_role("button", name="Log claim and open it").click()
    expect(pane(desk).get_by_role("heading", name=re.compile("Claim 4"))).to_be_visible()
    desk.keyboard.press("c")
    expect(pane(desk).get_by_label("Quote")).to_have_value("")


def test_words_typed_that_stand_twice_ask_for_the_place(desk: Page, draft: Article) -> None:
    desk.get_by_role("link", name="Log claim").first.click()
    pane(desk).get_by_label("Quote").fill("£31.4 million")
    pane(desk).get_by_label("Statement").fill("It costs £31.4m.")
    pane(desk).get_by_role("button", name="Log claim", exact=True).click()
    expect(pane(desk).get_by_role("alert")).to_contain_text("stand in the text twice")
    assert Axe().run(desk).response["violations"] == []
    pane(desk).get_by_role("radio", name=re.compile("¶ 2")).check()
    pane(desk).get_by_role("button", name="Log claim", exact=True).click()
    expect(desk.get_by_role("status").filter(has_text="Claim 1 logged.")).to_be_visible()
    assert draft.claims.get().anchors.get().prefix.endswith("puts the bill at ")


def test_keys_step_through_the_claims_and_only_while_nobody_types(desk: Page, three: list[Claim]) -> None:
    desk.goto(f"{desk.url}?claim=1")
    for key, number in (("j", 2), ("j", 3), ("k", 2), ("n", 3), ("n", 1)):
        desk.keyboard.press(key)
        expect(pane(desk).get_by_role("heading", name=re.compile(f"Claim {number}"))).to_be_visible()
        expect(desk).to_have_url(re.compile(rf"\?claim={number}$"))
        expect(text(desk).locator(f"#c{number}")).to_have_attribute("aria-current", "true")
    desk.keyboard.press("c")
    expect(pane(desk).get_by_label("Quote")).to_be_focused()
    desk.keyboard.type("jckn?")
    expect(pane(desk).get_by_label("Quote")).to_have_value("jckn?")


def test_keys_pressed_faster_than_answers_come_lead_to_the_last(desk: Page, three: list[Claim]) -> None:
    desk.goto(f"{desk.url}?claim=1")
    for key in "jjkkjjkj":
        desk.keyboard.press(key)
    expect(pane(desk).get_by_role("heading", name=re.compile("Claim 3"))).to_be_visible()
    expect(desk).to_have_url(re.compile(r"\?claim=3$"))
    expect(text(desk).locator("#c3")).to_have_attribute("aria-current", "true")


def test_the_sheet_of_keys_opens_and_closes(desk: Page) -> None:
    desk.keyboard.press("?")
    sheet = desk.get_by_role("dialog", name="Keys")
    expect(sheet).to_be_visible()
    assert Axe().run(desk).response["violations"] == []
    desk.keyboard.press("?")
    expect(sheet).to_be_hidden()
    desk.keyboard.press("?")
    desk.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_keys_switched_off_do_nothing(desk: Page, three: list[Claim], checker: User) -> None:
    checker.shortcuts = False
    checker.save(update_fields=["shortcuts"])
    desk.goto(f"{desk.url}?claim=1")
    for key in "jckn?ev":
        desk.keyboard.press(key)
    expect(desk.get_by_role("dialog", name="Keys")).to_be_hidden()
    expect(pane(desk).get_by_role("heading", name=re.compile("Claim 1"))).to_be_visible()
    assert desk.locator("kbd:visible").count() == 0


def test_a_number_opens_its_claim_and_back_leads_back(desk: Page, three: list[Claim]) -> None:
    desk.goto(f"{desk.url}?claim=1")
    text(desk).get_by_role("link", name="Claim 3, To check").click()
    expect(pane(desk).get_by_role("heading", name=re.compile("Claim 3"))).to_be_visible()
    expect(desk).to_have_url(re.compile(r"\?claim=3$"))
    desk.go_back()
    expect(pane(desk).get_by_role("heading", name=re.compile("Claim 1"))).to_be_visible()
    expect(desk).to_have_url(re.compile(r"\?claim=1$"))
    expect(text(desk).locator("#c1")).to_have_attribute("aria-current", "true")


def test_an_answer_that_does_not_come_leaves_what_was_typed(desk: Page, draft: Article) -> None:
    select(desk, "Nobody", "knows")
    desk.keyboard.press("c")
    pane(desk).get_by_label("Statement").fill("Nobody knows it.")
    desk.route("**/claims/", lambda route: route.abort())
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("alert")).to_contain_text("No answer came")
    expect(pane(desk).get_by_label("Statement")).to_have_value("Nobody knows it.")
    desk.unroute("**/claims/")
    pane(desk).get_by_role("button", name="Log claim", exact=True).click()
    expect(desk.get_by_role("status").filter(has_text="Claim 1 logged.")).to_be_visible()
    assert draft.claims.count() == 1


def test_a_double_click_logs_once(desk: Page, draft: Article) -> None:
    select(desk, "Nobody", "knows")
    desk.keyboard.press("c")
    expect(pane(desk).get_by_label("Statement")).to_be_focused()
    pane(desk).get_by_role("button", name="Log claim", exact=True).dblclick()
    expect(desk.get_by_role("status").filter(has_text="Claim 1 logged.")).to_be_visible()
    assert draft.claims.count() == 1


def test_a_claim_that_does_not_come_leaves_the_open_one_marked(desk: Page, three: list[Claim]) -> None:
    desk.goto(f"{desk.url}?claim=1")
    refuse = re.compile(r"/claims/3/$")
    desk.route(refuse, lambda route: _refuse(route))
    text(desk).get_by_role("link", name="Claim 3, To check").click()
    expect(desk.get_by_role("alert")).to_contain_text("No answer came")
    expect(text(desk).locator("#c1")).to_have_attribute("aria-current", "true")
    expect(desk).to_have_url(re.compile(r"\?claim=1$"))


def _refuse(route: Route) -> None:
    route.abort()


def test_a_place_is_added_and_shown_at_once(desk: Page, draft: Article, checker: User) -> None:
    log(draft, checker, "£31.4 million")
    desk.goto(f"{desk.url}?claim=1")
    pane(desk).get_by_role("button", name="Also stands here").click()
    expect(text(desk).locator("#c1-2")).to_have_text(re.compile("£31.4 million$"))
    expect(pane(desk).get_by_text("2 places, one claim")).to_be_visible()
    pane(desk).get_by_role("button", name=re.compile("Take this place away: Title")).click()
    expect(text(desk).locator("mark[data-claim='1']")).to_have_count(1)
    expect(text(desk).locator("#b0 mark")).to_have_count(0)


def test_words_selected_become_the_quote_of_another_place(desk: Page, three: list[Claim]) -> None:
    desk.goto(f"{desk.url}?claim=1")
    pane(desk).get_by_role("link", name="Another place").click()
    expect(pane(desk).get_by_label("Quote")).to_be_focused()
    select(desk, "Nobody", "knows")
    expect(pane(desk).get_by_label("Quote")).to_have_value("Nobody knows")
    pane(desk).get_by_role("button", name="Also stands here").click()
    expect(text(desk).locator("#c1-2")).to_have_text(re.compile("Nobody knows$"))


def test_what_is_decided_shows_in_the_text(
    page: Page,
    noise: list[str],
    live_server: LiveServer,
    draft: Article,
    three: list[Claim],
    team: Team,
    checker: User,
    reviewer: User,
) -> None:
    support(three[0], checker)
    verdicts.propose(actor=checker, claim=three[0], verdict=verdict(team))
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in(page, live_server.url, reviewer)
    page.goto(f"{live_server.url}/articles/{draft.pk}/?claim=1")
    page.keyboard.press("v")
    page.keyboard.press("ArrowDown")
    pane(page).get_by_role("button", name="Decide", exact=True).click()
    expect(text(page).get_by_role("link", name="Claim 1, Verified")).to_be_visible()
    expect(page.get_by_role("img", name="1 Decided, 2 To check")).to_be_visible()


@pytest.mark.parametrize(("key", "ends"), [("e", "claims/2/evidence/"), ("v", "claims/2/?verdict=1")])
def test_on_a_small_screen_the_keys_mean_the_claim_in_the_bar(
    desk: Page, three: list[Claim], draft: Article, key: str, ends: str
) -> None:
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.reload()
    desk.keyboard.press("j")
    expect(text(desk).locator("#c2")).to_have_attribute("aria-current", "true")
    desk.keyboard.press(key)
    expect(desk).to_have_url(re.compile(re.escape(f"/articles/{draft.pk}/{ends}") + "$"))
    expect(desk.get_by_role("heading", name="Claim 2")).to_be_visible()


def test_a_small_screen_shows_one_thing_at_a_time(desk: Page, three: list[Claim], draft: Article) -> None:
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.reload()
    expect(pane(desk)).to_be_hidden()
    bar = desk.get_by_role("navigation", name="Claims")
    bar.get_by_role("link", name="Next claim, 2").click()
    expect(text(desk).locator("#c2")).to_have_attribute("aria-current", "true")
    expect(bar.get_by_role("link", name="Previous claim, 1")).to_be_visible()
    select(desk, "Nobody", "knows")
    desk.locator("#log-here").click()
    expect(text(desk)).to_be_hidden()
    assert Axe().run(desk).response["violations"] == []
    pane(desk).get_by_role("button", name="Log claim", exact=True).click()
    expect(text(desk).locator("#c4")).to_be_in_viewport()
    expect(desk.get_by_role("status").filter(has_text="Claim 4 logged.")).to_be_attached()
    text(desk).get_by_role("link", name="Claim 4, To check").click()
    expect(desk).to_have_url(re.compile(rf"/articles/{draft.pk}/claims/4/$"))


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_and_nothing_sticks_out(desk: Page, three: list[Claim], width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 800})
    for address in (desk.url, f"{desk.url}?claim=2", f"{desk.url}claims/"):
        desk.goto(address)
        assert [rule["id"] for rule in Axe().run(desk).response["violations"]] == []
        assert desk.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
