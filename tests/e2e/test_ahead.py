"""An address is fetched while its form is typed in, in a real browser: typing goes on, and nothing of it is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.actions import ahead
from claims.models import Ahead, Capture, Claim, Source, User
from tests.captures import Site, run_errands, worker_lives
from tests.e2e.hands import open_page, quiet, region
from tests.faults.house import wait_for

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, checker: User) -> Iterator[Page]:
    opened = open_page(browser, live_server.url, checker)
    with quiet(opened):
        yield opened


@pytest.fixture
def asked(page: Page) -> list[str]:
    """What the page asks about addresses ahead: each request's method and form."""
    found: list[str] = []
    page.on("request", lambda one: found.append(f"{one.method} {one.post_data}") if "/ahead/" in one.url else None)
    return found


@pytest.fixture
def adding(page: Page, claim: Claim, kept_in: Path) -> Locator:
    """“Add evidence” on the desk, while a worker runs."""
    worker_lives()
    page.goto(f"/articles/{claim.article_id}/?claim={claim.number}")
    page.keyboard.press("e")
    panel = region(page)
    expect(panel.get_by_label("Source, already known here or new")).to_be_focused()
    panel.get_by_label("Title").fill("Road bridges in the county")
    return panel


def test_an_address_is_fetched_while_the_quote_is_typed_and_kept_when_that_is_saved(
    page: Page, adding: Locator, site: Site, asked: list[str]
) -> None:
    quote, state = adding.get_by_label("Quote from source"), adding.locator(".ahead-state")
    adding.get_by_label("URL").fill(site.url())
    quote.focus()
    page.keyboard.type("Marsh Viaduct 1968")
    expect(state).to_contain_text("Capturing. You can go on typing.")
    expect(state.get_by_role("progressbar")).to_be_visible()
    assert "Road" not in asked[0]  # of the form the address alone is sent
    run_errands()
    expect(state).to_contain_text("kept when you save.")
    expect(quote).to_be_focused()
    page.keyboard.type(", at 2025 prices")
    expect(quote).to_have_value("Marsh Viaduct 1968, at 2025 prices")
    assert [(rule["id"], rule["nodes"]) for rule in Axe().run(page).response["violations"]] == []
    expect(state.locator("[hx-trigger='every 2s']")).to_have_count(0)  # it seldom asks any more
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("E1 is attached.")).to_be_visible()
    run_errands()
    expect(adding.get_by_role("link", name="captured today")).to_be_visible()
    assert site.asked == ["/report"]
    assert Capture.objects.get().source == Source.objects.get()


def test_a_draft_comes_back_whole_with_how_far_its_address_is(page: Page, adding: Locator, site: Site) -> None:
    adding.get_by_label("Quote from source").fill("Marsh Viaduct")
    adding.get_by_label("URL").fill(site.url())
    page.keyboard.press("Tab")
    run_errands_of_one()
    expect(adding.locator(".ahead-state")).to_contain_text("kept when you save.")
    page.keyboard.press("Escape")
    expect(adding.get_by_label("URL")).to_have_count(0)
    page.keyboard.press("e")
    expect(adding.get_by_label("Quote from source")).to_have_value("Marsh Viaduct")
    expect(adding.get_by_label("URL")).to_have_value(site.url())
    expect(adding.get_by_label("Title")).to_have_value("Road bridges in the county")
    expect(adding.locator(".ahead-state")).to_contain_text("kept when you save.")
    assert site.asked == ["/report"]


def run_errands_of_one() -> None:
    """Wait until an address was asked for, and fetch it."""
    wait_for(Ahead.objects.exists, "what was asked for", 30)
    run_errands()


def test_a_form_that_comes_back_refused_says_again_how_far_it_is(page: Page, adding: Locator, site: Site) -> None:
    adding.get_by_label("URL").fill(site.url())
    adding.get_by_label("Title").fill("")
    run_errands_of_one()
    page.keyboard.press("Control+Enter")
    expect(adding.get_by_text("A source needs a title")).to_be_visible()
    expect(adding.locator(".ahead-state")).to_contain_text("kept when you save.")
    adding.get_by_label("Title").fill("Minutes")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("E1 is attached.")).to_be_visible()
    run_errands()
    assert site.asked == ["/report"]


def test_an_address_that_was_looked_for_is_fetched_and_a_wrong_one_is_said(
    page: Page, adding: Locator, site: Site, asked: list[str]
) -> None:
    search, state = adding.get_by_label("Source, already known here or new"), adding.locator(".ahead-state")
    gone = site.says("/gone", status=404)
    search.focus()
    page.keyboard.type(gone)
    expect(adding.get_by_label("URL")).to_have_value(gone)
    assert asked == []  # not letter by letter
    page.keyboard.press("Tab")
    expect(state).to_contain_text("You can go on typing.")
    run_errands()
    expect(state).to_contain_text("Could not be fetched: The server says that the page cannot be had. (404)")
    adding.get_by_label("URL").fill("highways")
    adding.get_by_label("Publisher").focus()
    expect(state).to_be_empty()
    assert len(Ahead.objects.all()) == 1


def test_the_form_of_a_new_source_has_it_too(page: Page, kept_in: Path, site: Site) -> None:
    worker_lives()
    page.goto("/sources/new/")
    page.get_by_label("Title").fill("Minutes")
    page.get_by_label("URL").fill(site.url())
    page.get_by_label("Publisher").focus()
    state = page.locator(".ahead-state")
    expect(state).to_contain_text("Capturing. You can go on typing.")
    run_errands()
    expect(state).to_contain_text("kept when you save.")
    page.get_by_role("button", name="Add source").click()
    expect(page.get_by_role("heading", name="Minutes")).to_be_visible()
    run_errands()
    expect(page.get_by_role("link", name="Read capture 1")).to_be_visible()
    assert site.asked == ["/report"]


def test_a_line_whose_address_was_given_up_says_nothing_any_more(page: Page, adding: Locator, site: Site) -> None:
    state = adding.locator(".ahead-state")
    adding.get_by_label("URL").fill(site.url())
    adding.get_by_label("Quote from source").focus()
    expect(state).to_contain_text("Capturing. You can go on typing.")
    ahead.leave(Ahead.objects.get())  # as an erasure does
    expect(state).to_be_empty()
    expect(adding.get_by_label("Quote from source")).to_be_focused()


def test_whoever_is_signed_out_meanwhile_types_on(page: Page, adding: Locator, site: Site) -> None:
    page.context.clear_cookies(name="sessionid")
    adding.get_by_label("URL").fill(site.url())
    quote = adding.get_by_label("Quote from source")
    with page.expect_response("**/sources/ahead/") as answer:
        quote.focus()
    page.keyboard.type("Marsh Viaduct")
    assert answer.value.status == 204
    expect(quote).to_be_focused()
    expect(quote).to_have_value("Marsh Viaduct")


def test_a_fault_by_the_way_takes_nobody_s_focus(page: Page, adding: Locator, site: Site) -> None:
    page.route("**/sources/ahead/", lambda route: route.fulfill(status=500))
    adding.get_by_label("URL").fill(site.url())
    quote = adding.get_by_label("Quote from source")
    with page.expect_event("requestfinished"):
        quote.focus()
    page.keyboard.type("Marsh Viaduct")
    expect(quote).to_have_value("Marsh Viaduct")
    expect(quote).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)
