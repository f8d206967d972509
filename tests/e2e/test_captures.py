"""Captures in a real browser: watched while one types, read, saved; and what was captured is never run."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.actions import evidence
from claims.models import Capture, Claim, Source, Team, User
from tests.captures import PAGE, Site, add, run_errands, worker_lives
from tests.e2e.hands import open_page, quiet, region
from tests.fetching.documents import pdf

pytestmark = pytest.mark.django_db(transaction=True)
LIVELY = b"<!doctype html><title>Lively</title><p>Words.</p><script>document.title = 'ran'</script><img src=x>"


@pytest.fixture
def report(site: Site, kept_in: Path, checker: User, team: Team) -> Source:
    worker_lives()
    return add(checker, team, site.url())


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, checker: User) -> Iterator[Page]:
    opened = open_page(browser, live_server.url, checker)
    with quiet(opened):
        yield opened


def test_a_source_page_watches_its_captures_and_leaves_what_is_typed_alone(page: Page, report: Source) -> None:
    page.goto(f"/sources/{report.pk}/?edit=1")
    captures = page.get_by_role("region", name="Captures")
    expect(captures.get_by_text("Waiting")).to_be_visible()
    page.get_by_label("Publisher").fill("Lodeshire High")
    page.get_by_label("Publisher").press("End")
    run_errands()
    expect(captures.get_by_role("link", name="Read capture 1")).to_be_visible()
    page.keyboard.type("ways")
    expect(page.get_by_label("Publisher")).to_have_value("Lodeshire Highways")
    expect(page.get_by_label("Publisher")).to_be_focused()


def test_evidence_says_when_its_source_is_captured_while_the_next_is_typed(
    page: Page, report: Source, claim: Claim, checker: User
) -> None:
    evidence.attach(actor=checker, claim=claim, stance="supports", source=report, quote="£31.4m")
    page.goto(f"/articles/{claim.article_id}/?claim={claim.number}")
    expect(region(page).get_by_text("being captured")).to_be_visible()
    page.keyboard.press("e")
    expect(region(page).get_by_label("Source, already known here or new")).to_be_focused()
    page.keyboard.type("Minutes of")
    run_errands()
    expect(region(page).get_by_role("link", name="captured today")).to_be_visible()
    page.keyboard.type(" May")
    expect(region(page).get_by_label("Source, already known here or new")).to_have_value("Minutes of May")


def test_a_file_is_uploaded_read_by_page_and_saved_as_it_is(page: Page, report: Source) -> None:
    run_errands()
    minutes = pdf(*[f"Page {number}: the outturn is 31.4m." for number in range(1, 13)])
    page.goto(f"/sources/{report.pk}/")
    page.get_by_label("Upload file").set_input_files({"name": "minutes.pdf", "mimeType": "x/y", "buffer": minutes})
    page.get_by_role("button", name="Upload", exact=True).click()
    captures = page.get_by_role("region", name="Captures")
    expect(captures.get_by_text("minutes.pdf")).to_be_visible()
    run_errands()
    captures.get_by_role("link", name="Read capture 2").click()
    expect(page.get_by_text("Page 10: the outturn is 31.4m.")).to_be_visible()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_text("Page 12: the outturn is 31.4m.")).to_be_visible()
    with page.expect_download() as saving:
        page.get_by_role("link", name="Download").click()
    assert saving.value.path().read_bytes() == minutes


def test_what_was_captured_is_saved_and_never_opened(
    browser: Browser, live_server: LiveServer, checker: User, site: Site, report: Source
) -> None:
    page = open_page(browser, live_server.url, checker)  # whose console says what was refused
    site.says("/report", LIVELY)
    run_errands()
    page.goto(f"/sources/{report.pk}/captures/1/")
    expect(page.get_by_text("Words.")).to_be_visible()
    assert page.title() != "ran"
    with page.expect_download() as saving:
        page.evaluate("location.assign('bytes/')")
    assert saving.value.path().read_bytes() == LIVELY
    # nor does any page get it as a script, a style or a picture
    refused = page.evaluate(
        """async () => {
            const script = document.createElement("script");
            script.src = "bytes/";
            return new Promise(done => {
                script.onload = () => done(false); script.onerror = () => done(true); document.head.append(script);
            });
        }"""
    )
    assert refused


def test_what_failed_says_why_is_tried_again_and_given_up(page: Page, site: Site, report: Source) -> None:
    site.says("/report", status=404)
    run_errands()
    page.goto(f"/sources/{report.pk}/")
    captures = page.get_by_role("region", name="Captures")
    expect(captures.get_by_text("The server says that the page cannot be had. (404)")).to_be_visible()
    captures.get_by_role("button", name="Try again").click()
    expect(captures.get_by_text("Waiting")).to_be_visible()
    run_errands()
    expect(captures.get_by_text("cannot be had")).to_be_visible()
    captures.get_by_role("button", name="Give up").click()
    expect(captures.get_by_text("Nothing is captured yet.")).to_be_visible()
    site.says("/report", PAGE)
    captures.get_by_role("button", name="Capture now").click()
    expect(captures.get_by_text("Waiting")).to_be_visible()
    run_errands()
    expect(captures.get_by_role("link", name="Read capture 1")).to_be_visible()
    assert Capture.objects.get().status == 200
