"""Ten of the shared texts through the pages, as people's hands do it: the report is the one that the actions give.

A checker imports by paste, logs claims by selecting words, brings evidence and proposes, by the keys of the guide; a
reviewer decides and exports. tests/replay does the same work through the actions.
"""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.models import Article
from tests.e2e.hands import landed, open_page, quiet, region, shows
from tests.replay.newsroom import BY, Newsroom, opened, title_of, work_on
from tests.replay.texts import Piece, Stated, Text, read

pytestmark = pytest.mark.django_db(transaction=True)
# By number: a small one, with a claim that stays open and a corrected wording; no claim at all; a sentence of 5 lines
# with six claims; no statements of fact; a slip of the pen put right; what nobody could settle; binary garbage for
# evidence; sources used again and again; every verdict
NUMBERS = (3, 89, 79, 5, 7, 39, 63, 83, 92, 40)
VERDICTS = {
    "accurate": "Verified",
    "inaccurate": "Inaccurate",
    "unprovable": "Unverifiable",
    "not-checkable": "Not checkable",
}
DIGITS = {"accurate": "1", "inaccurate": "4", "unprovable": "5", "not-checkable": "6"}
STANCES = {"supports": 0, "in-part": 1, "conflicts": 2, "context": 3}
# what two runs of the same work differ in: ids, moments, hashes, and who did it (there a newsroom, here two)
NOT_SAID = {
    "id", "as_of", "since", "at", "logged_at", "added_at", "created_at", "heads", "slug", "origin", "status_by", "by",
    "added_by", "assigned_to", "logged_by", "created_by", "people",
}  # fmt: skip


def said(told: Any) -> Any:
    """What a report says, without NOT_SAID."""
    if isinstance(told, dict):
        return {name: said(value) for name, value in told.items() if name not in NOT_SAID}
    return [said(one) for one in told] if isinstance(told, list) else told


def lines(document: dict[str, Any]) -> list[str]:
    """What a report says, line by line: where two differ, the lines that do are shown."""
    return json.dumps(said(document), indent=1, ensure_ascii=False, sort_keys=True).splitlines()


@pytest.fixture
def texts(shared_data: Path) -> dict[int, Text]:
    return {text.number: text for text in read(shared_data)}


@pytest.mark.slow
@pytest.mark.parametrize("number", NUMBERS)
def test_the_pages_make_the_report_that_the_actions_make(
    browser: Browser, live_server: LiveServer, texts: dict[int, Text], number: int
) -> None:
    text, by_actions, by_hand = texts[number], opened("actions"), opened("pages")
    work_on(by_actions, text)
    checker = open_page(browser, live_server.url, by_hand.checkers[0])
    with quiet(checker):
        article = import_text(checker, text)
        log_claims(checker, text, article)
        check(checker, text)
    reviewer = open_page(browser, live_server.url, by_hand.reviewers[0])
    with quiet(reviewer):
        review(reviewer, text, article, by_actions)
        exported = export(reviewer, article)
    assert lines(exported) == lines(json.loads(by_actions.reports[number].content))
    assert exported["article"]["id"] == article.pk
    assert exported["team"]["slug"] == "pages"


# --- the checker ----------------------------------------------------------------------------------------------------


def import_text(page: Page, text: Text) -> Article:
    """Paste, look through the preview, start checking."""
    page.goto("/articles/")
    page.get_by_role("link", name="Import article").first.press("Enter")
    page.get_by_label("Article text").focus()
    page.keyboard.insert_text(text.pasted)  # as Ctrl+V does
    page.get_by_role("button", name="Preview").press("Enter")
    for label, words in (("Title", text.title), ("Byline", BY["byline"]), ("Outlet", BY["outlet"])):
        page.get_by_label(label, exact=True).fill(words)
    expect(page.get_by_text(f"{len(text.blocks)} of {len(text.blocks)} block")).to_be_visible()
    page.get_by_role("button", name="Start checking").press("Enter")
    page.wait_for_url(re.compile(r"/articles/\d+/$"))
    return Article.objects.get(pk=int(page.url.split("/")[-2]))


def log_claims(page: Page, text: Text, article: Article) -> None:
    form = region(page).get_by_role("form", name="Log claim")
    for number, claim in enumerate(text.claims, 1):
        select(page, claim.place.start, claim.place.end)
        page.keyboard.press("c")
        expect(form.get_by_label("Quote")).to_have_value(text.quote(claim))
        expect(form.get_by_label("Statement")).to_be_focused()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(claim.statement)
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").filter(has_text=f"Claim {number} logged.")).to_be_visible()
        landed(page, number)
    places = [claim.anchors.get() for claim in article.claims.order_by("number")]
    assert [(place.start, place.end) for place in places] == [
        (claim.place.start, claim.place.end) for claim in text.claims
    ]


# the middle of the left edge of the first letter, and of the right edge of the last: there a hand begins and ends
EDGES = """([start, end]) => {
  const block = [...document.querySelectorAll('#text [data-start]')];
  const at = (position) => {
    const home = block.findLast((one) => Number(one.dataset.start) <= position);
    const walker = document.createTreeWalker(home, NodeFilter.SHOW_TEXT);
    let left = position - Number(home.dataset.start);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (node.parentElement.closest('.no')) continue;
      const letters = [...node.data];
      if (left < letters.length) return [node, letters.slice(0, left).join('').length, letters[left].length];
      left -= letters.length;
    }
    throw new Error(`no letter at ${position}`);
  };
  const box = (position) => {
    const [node, from, length] = at(position), range = document.createRange();
    range.setStart(node, from); range.setEnd(node, from + length);
    return range.getClientRects()[0];
  };
  at(start)[0].parentElement.scrollIntoView({ block: 'center', behavior: 'instant' });
  const [first, last] = [box(start), box(end - 1)];
  return [first.left + 1.5, first.top + first.height / 2, last.right - 0.5, last.top + last.height / 2];
}"""


def select(page: Page, start: int, end: int) -> None:
    """Draw the pointer over the words."""
    left, top, right, bottom = page.evaluate(EDGES, [start, end])
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(right, bottom, steps=4)
    page.mouse.up()


def check(page: Page, text: Text) -> None:
    """The claims one after the other: what was found for each, and what is held of it."""
    if text.claims:
        page.keyboard.press("Escape")
        page.goto(f"{page.url.partition('?')[0]}?claim=1")
    known: set[str] = set()
    for number, claim in enumerate(text.claims, 1):
        opened_at(page, number)
        for at, piece in enumerate(claim.pieces, 1):
            attach(page, piece, at, new=piece.address not in known)
            known.add(piece.address)
        propose(page, number, claim)
        page.keyboard.press("j")


def opened_at(page: Page, number: int) -> None:
    """Wait until the claim is open, and marked in the text: then its keys are there too."""
    shows(page, number, swapped=False)
    expect(page.locator(f"#text mark[data-claim='{number}'][aria-current]").first).to_be_visible()


def attach(page: Page, piece: Piece, at: int, *, new: bool) -> None:
    """Paste the address; the team has it, or it is described; then its words and how they stand to the claim."""
    pane = region(page)
    page.keyboard.press("e")
    search = pane.get_by_label("Source, already known here or new")
    expect(search).to_be_focused()
    page.keyboard.insert_text(piece.address)
    quote = pane.get_by_label("Quote from source")
    if new:
        describe(page, piece.address)
        quote.focus()
    else:
        page.keyboard.press("Enter")
    expect(quote).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(pane.get_by_role("radio", name="Supports", exact=True)).to_be_focused()
    for _step in range(STANCES[piece.stance]):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    expect(quote).to_be_focused()
    page.keyboard.insert_text(piece.quote)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(f"E{at} is attached.")).to_be_visible()


def describe(page: Page, address: str) -> None:
    """A new source; its address is not typed twice."""
    pane = region(page)
    expect(pane.get_by_label("URL")).to_have_value(address)
    pane.get_by_label("Title").fill(title_of(address))
    pane.get_by_label("Publisher").fill(address.split("/")[2])
    pane.get_by_label("Origin", exact=True).select_option(label="The source itself")


def propose(page: Page, number: int, claim: Stated) -> None:
    """Propose what is held; where a gate refuses it, the button says what is missing and the claim stays open."""
    pane = region(page)
    page.keyboard.press("v")
    expect(pane.get_by_label("Verdict", exact=True)).to_be_focused()
    page.keyboard.press(DIGITS[claim.meaning])
    for label, words in (
        ("Proposed wording", claim.wording),
        ("What was searched", claim.searched),
        ("Rationale", claim.rationale),
    ):
        if words:
            pane.get_by_label(label, exact=True).focus()
            page.keyboard.insert_text(words)
    button = pane.get_by_role("button", name="Propose")
    if missing(claim):
        expect(pane.get_by_text(f"Still missing: {missing(claim)}")).to_be_visible()
        expect(button).to_have_attribute("aria-disabled", "true")
        page.keyboard.press("Escape")
    else:
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text(f"Claim {number} is proposed as {VERDICTS[claim.meaning]}.")).to_be_visible()


def missing(claim: Stated) -> str:
    stances = {piece.stance for piece in claim.pieces}
    if claim.meaning == "accurate" and "supports" not in stances:
        return "support"
    return "conflict" if claim.meaning == "inaccurate" and "conflicts" not in stances else ""


# --- the reviewer ---------------------------------------------------------------------------------------------------


def review(page: Page, text: Text, article: Article, by_actions: Newsroom) -> None:
    """Decide what is in review, one after the other, in the proposer's words."""
    proposed = [number for number, claim in enumerate(text.claims, 1) if not missing(claim)]
    assert {named.number for named in by_actions.refused} == {*range(1, len(text.claims) + 1)} - {*proposed}
    for number in proposed[:1]:
        page.goto(f"/articles/{article.pk}/?claim={number}")
    for number, following in zip(proposed, [*proposed[1:], None], strict=False):
        opened_at(page, number)
        page.keyboard.press("v")
        expect(region(page).get_by_label("Rationale", exact=True)).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text(f"Claim {number} is decided: ")).to_be_visible()
        if following:
            opened_at(page, following)


def export(page: Page, article: Article) -> dict[str, Any]:
    page.goto(f"/articles/{article.pk}/report/")
    page.get_by_role("button", name="Export").press("Enter")
    expect(page.get_by_text("Report 1 is issued")).to_be_visible()
    document: dict[str, Any] = page.request.get(f"/articles/{article.pk}/reports/1.json").json()
    return document
