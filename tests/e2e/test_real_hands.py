"""What only real work showed: evidence after evidence, words drawn over downwards, keys pressed at once."""

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from claims.models import Article, Claim, User
from tests.e2e.hands import on_desk, open_page, region

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "https://ledger.example/works/hw-26"


def test_evidence_sent_by_keys_leaves_no_draft_in_the_next_form_and_an_address_is_typed_once(
    browser: Browser, live_server: LiveServer, checker: User, claim: Claim
) -> None:
    page = open_page(browser, live_server.url, checker)
    page.goto(on_desk(claim))
    pane = region(page)
    page.keyboard.press("e")
    expect(pane.get_by_label("Source, already known here or new")).to_be_focused()
    page.keyboard.insert_text(ADDRESS)
    expect(pane.get_by_label("URL")).to_have_value(ADDRESS)
    pane.get_by_label("Title").fill("Report HW/26/118")
    pane.get_by_label("Quote from source").focus()
    page.keyboard.insert_text("now forecast at £31.4m")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("E1 is attached.")).to_be_visible()
    page.keyboard.press("e")
    expect(pane.get_by_label("Source, already known here or new")).to_have_value("")
    for label in ("Title", "URL", "Quote from source"):
        expect(pane.get_by_label(label, exact=True)).to_have_value("")
    assert claim.evidence.get().source.url == ADDRESS


def test_words_drawn_over_downwards_stay_what_they_are(
    browser: Browser, live_server: LiveServer, checker: User, article: Article
) -> None:
    """The button beside the words comes when the hand is done, not under it."""
    page = open_page(browser, live_server.url, checker)
    page.goto(f"/articles/{article.pk}/")
    text = page.locator("#text .block-text")
    first, last = text.nth(1).bounding_box(), text.nth(2).bounding_box()
    assert first is not None
    assert last is not None
    page.mouse.move(first["x"] + 2, first["y"] + 12)
    page.mouse.down()
    for step in range(1, 13):
        page.mouse.move(first["x"] + 2 + 10 * step, first["y"] + 12 + (last["y"] - first["y"]) * step / 12)
        expect(page.locator("#log-here")).to_be_hidden()
    page.mouse.up()
    expect(page.locator("#log-here")).to_be_visible()
    chosen = page.evaluate("getSelection().toString()")
    assert chosen.startswith("The council closed")
    assert "Log claim" not in chosen


def test_a_page_opened_at_a_place_has_the_focus_in_its_field(
    browser: Browser, live_server: LiveServer, checker: User, claim: Claim
) -> None:
    page = open_page(browser, live_server.url, checker)
    page.goto(f"/articles/{claim.article_id}/claims/{claim.number}/evidence/#add-h")
    expect(region(page).get_by_label("Source, already known here or new")).to_be_focused()


def test_with_inaccurate_a_wording_can_be_proposed(
    browser: Browser, live_server: LiveServer, checker: User, claim: Claim
) -> None:
    page = open_page(browser, live_server.url, checker)
    page.goto(on_desk(claim))
    pane = region(page)
    page.keyboard.press("v")
    expect(pane.get_by_label("Verdict", exact=True)).to_be_focused()
    pane.get_by_label("Verdict", exact=True).select_option(label="Verified")
    expect(pane.get_by_label("Proposed wording")).to_be_hidden()
    pane.get_by_label("Verdict", exact=True).select_option(label="Inaccurate")
    expect(pane.get_by_label("Proposed wording")).to_be_visible()
    expect(pane.get_by_text("Still missing: conflict, rationale")).to_be_visible()
