"""The whole job in a real browser: import, ten claims, sources both ways, proposals, another's decisions, exports.

On the shared page where it is there, on a page of the project's own otherwise.
"""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.models import Article, Claim, User, Version
from tests.e2e.hands import PATIENCE, by_the_door, landed

pytestmark = [pytest.mark.django_db(transaction=True)]


@dataclass(frozen=True)
class Work:
    """A page, what is to be found in it, and the words of ten claims."""

    page: str
    title: str
    byline: str
    published: str
    dropped: str
    quotes: list[str] = field(default_factory=list)


OWN = Work(
    page="""HomeNewsHarbourFerry fares to rise by a fifth, council decides
HARBOUR

Ferry fares to rise by a fifth, council decides

HARBOUR / 14 MAY 2025 BY ADA MERROW EN

The council has voted to raise ferry fares by 20 percent from July, according to minutes seen by the Chronicle.

Some 41,000 people cross the harbour each weekday, said Jonas Field, who runs the service, and a single ticket will \
cost 4.80 instead of 4.00. Two of the five boats are older than forty years.

In 2019 the service lost 1.2 million, more than any other line in the county, the auditors wrote. The council paid for \
the loss out of its reserves.

What passengers say

Passengers handed in a petition with 6,300 names in April. Nobody from the council came to receive it, its author said.

The last rise was in 2017, when fares went up by six percent. Since then prices in general have risen by 29 percent.

share icon icon icon

Was this content helpful?

We want to keep the Chronicle free, but in order to do so, we need resources.

DONATE

Tags

Related Content

HARBOUR / 3 MAR 2025

The bridge that was never built, and the ferry that is always late…

About the Chronicle

Terms of use

Privacy
""",
    title="Ferry fares to rise by a fifth, council decides",
    byline="Ada Merrow",
    published="2025-05-14",
    dropped="DONATE",
    quotes=[
        "raise ferry fares by 20 percent from July",
        "41,000 people cross the harbour each weekday",
        "a single ticket will cost",
        "Two of the five boats are older than forty years",
        "In 2019 the service lost 1.2 million",
        "more than any other line in the county",
        "the auditors wrote",
        "petition with 6,300 names in April",
        "The last rise was in 2017",
        "prices in general have risen by 29 percent",
    ],
)


def shared() -> Work | None:
    """The first real input, where it is there."""
    path = Path(os.environ.get("GALLEY_TEST_DATA", "")) / "page-dump-brief.txt"
    if not path.is_file():
        return None
    return Work(
        page=path.read_text(),
        title="Mexico Is World Leader in Child Pornography: Officials",
        byline="Marguerite Cawley",
        published="2013-09-27",
        dropped="DONATE",
        quotes=[
            "the world's number one distributor",
            "the second largest producer",
            "85,000 children in Mexico are victims",
            "over 1,300 Mexican websites",
            "16 people were arrested last year",
            "an estimated 11,000 child pornography cases",
            "current law does not require Internet services to provide information",
            "with 50 percent of these crimes linked",
            "much of the material produced is amateur",
            "an estimated 800,000 adults and 20,000 children trafficked",
        ],
    )


@pytest.fixture
def work() -> Work:
    return shared() or OWN


@pytest.fixture
def open_as(browser: Browser, live_server: LiveServer) -> Callable[[User], Page]:
    """A browser session of one's own, signed in; it fails the test that leaves an error in its console."""

    def opened(user: User) -> Page:
        page = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=live_server.url).new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: pytest.fail(str(error)))
        by_the_door(page, user)
        page.wait_for_url("**/queue/")
        return page

    return opened


def import_page(page: Page, work: Work) -> int:
    """Paste, look through the preview, start checking; the article's id."""
    page.goto("/articles/")
    page.get_by_role("link", name="Import article").click()
    page.get_by_label("Article text").fill(work.page)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_label("Title")).to_have_value(work.title)
    expect(page.get_by_label("Byline")).to_have_value(work.byline)
    expect(page.get_by_label("Published on")).to_have_value(work.published)
    page.get_by_role("button", name="Start checking").click()
    page.wait_for_url(re.compile(r"/articles/\d+/"))
    found = re.search(r"/articles/(\d+)/", page.url)
    assert found is not None
    return int(found.group(1))


SELECT = """words => {
  const text = document.querySelector('[aria-label="Article text"]');
  const nodes = [], walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, {acceptNode: node =>
    node.parentElement.closest('.no, .margin, .block-no, .proof-slug') || !node.parentElement.closest('.block-text')
      ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT});
  let all = '';
  while (walker.nextNode()) { nodes.push([all.length, walker.currentNode]); all += walker.currentNode.data; }
  const start = all.indexOf(words);
  if (start < 0) throw new Error('not in the text: ' + words);
  const at = place => { const [from, node] = nodes.findLast(([from]) => from <= place); return [node, place - from]; };
  const range = document.createRange(), end = at(start + words.length - 1);
  range.setStart(...at(start)); range.setEnd(end[0], end[1] + 1);
  const selection = getSelection(); selection.removeAllRanges(); selection.addRange(range);
  range.startContainer.parentElement.scrollIntoView({block: 'center'});
}"""


def log_claim(page: Page, quote: str, number: int) -> None:
    """Select the words, press c, log."""
    page.evaluate(SELECT, quote)
    page.keyboard.press("c")
    form = page.get_by_role("form", name="Log claim")
    expect(form.get_by_label("Quote")).to_have_value(quote)
    form.get_by_role("button", name="Log claim", exact=True).click()
    expect(page.locator(f"#c{number}")).to_be_visible()
    landed(page, number)


def attach(page: Page, stance: str, *, source: str, new: bool, quote: str) -> None:
    """Bring evidence to the open claim."""
    region = page.get_by_role("region", name="Claim", exact=True)
    region.get_by_role("link", name="Add evidence").click()
    if new:
        region.get_by_label("Title").fill(source)
        region.get_by_label("Publisher").fill("Public register")
        region.get_by_label("Origin", exact=True).select_option(label="The source itself")
    else:
        region.get_by_label("Source, already known here or new").fill(source)
        region.get_by_role("radio", name=source).check()
    region.get_by_role("radio", name=stance, exact=True).check()
    region.get_by_label("Quote from source").fill(quote)
    region.get_by_label("Where in the source").fill("p. 3")
    region.get_by_role("button", name="Attach").click()
    expect(region.get_by_text(quote)).to_be_visible()


def answer(page: Page, verdict: str, button: str, **fields: str) -> None:
    """Open the foot, fill it, send it."""
    region = page.get_by_role("region", name="Claim", exact=True)
    if not region.get_by_label("Verdict", exact=True).is_visible():
        region.locator(".verdict-foot summary").click()
    region.get_by_label("Verdict", exact=True).select_option(label=verdict)
    for label, text in fields.items():
        region.get_by_label(label.replace("_", " "), exact=True).fill(text)
    region.get_by_role("button", name=button, exact=True).click()


# claim number: stance of the evidence (None: none), verdict, further fields
PLAN: dict[int, tuple[str | None, str, dict[str, str]]] = {
    1: ("Supports", "Verified", {}),
    2: ("Supports", "Verified", {}),
    3: ("Conflicts", "Inaccurate", {}),
    4: ("Conflicts", "Disputed", {}),
    5: ("Supports", "Needs fix", {"Proposed_wording": "in other words"}),
    6: (None, "Unverifiable", {"What_was_searched": "The register and two archives."}),
    7: (None, "Not checkable", {}),
    8: ("Supports", "Verified", {}),
}
REVIEWED = {1: "Verified", 2: "Verified", 3: "Inaccurate", 4: "Disputed", 5: "Needs fix", 6: "Unverifiable"}


def check(page: Page, article: int) -> None:
    """The checker's evidence and proposals."""
    for number, (stance, verdict, more) in PLAN.items():
        page.goto(f"/articles/{article}/claims/{number}/")
        if stance:
            source = "Public register, volume one" if number < 5 else "Ministry statement"
            attach(page, stance, source=source, new=number in {1, 5}, quote=f"Words of the source on claim {number}")
        answer(page, verdict, "Propose", Rationale=f"Reason for claim {number}.", **more)
        expect(page.get_by_text("In review").first).to_be_visible()


def review(page: Page, article: int) -> None:
    """The reviewer's decisions, from the queue on."""
    for number, verdict in REVIEWED.items():
        page.goto(f"/articles/{article}/claims/{number}/")
        answer(page, verdict, "Decide", Rationale=f"Agreed on claim {number}.")
        expect(page.get_by_text(f"Claim {number} is decided: {verdict}").first).to_be_visible()
        assert Claim.objects.get(article=article, number=number).status == "decided"


def exported(page: Page, article: int) -> dict[str, bytes]:
    """Issue the report and take its four formats."""
    page.goto(f"/articles/{article}/report/")
    page.get_by_role("button", name="Export").click()
    files = {}
    for kind in ("html", "pdf", "csv", "json"):
        answer = page.request.get(f"/articles/{article}/reports/1.{kind}")
        assert answer.status == 200
        files[kind] = answer.body()
    return files


def test_the_whole_job(
    work: Work, open_as: Callable[[User], Page], checker: User, reviewer: User, tmp_path: Path
) -> None:
    mine = open_as(checker)
    article = import_page(mine, work)
    text = Version.objects.get(article=article).text
    assert work.dropped not in text
    for number, quote in enumerate(work.quotes, 1):
        log_claim(mine, quote, number)
    assert Claim.objects.filter(article=article).count() == 10
    check(mine, article)

    theirs = open_as(reviewer)
    expect(theirs.get_by_role("heading", name="To review")).to_be_visible()
    review(theirs, article)

    files = exported(theirs, article)
    document = json.loads(files["json"])
    assert hashlib.sha256(text.encode()).hexdigest() in files["json"].decode()
    rows = list(csv.DictReader(io.StringIO(files["csv"].decode("utf-8-sig"))))
    for quote in work.quotes:
        assert quote in "\n".join("\n".join(filter(None, row.values())) for row in rows)
    pdf = pypdfium2.PdfDocument(files["pdf"])
    words = " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())
    assert work.title in words
    assert "Agreed on claim 3." in words
    reads = theirs.context.new_page()
    (tmp_path / "report.html").write_bytes(files["html"])
    reads.goto((tmp_path / "report.html").as_uri())
    expect(reads.get_by_text("Agreed on claim 1.")).to_be_visible()
    kept = tmp_path / "report.json"
    kept.write_bytes(files["json"])
    assert document
    call_command("verify_trail", "--against", str(kept))
    assert Article.objects.get(pk=article).reports.count() == 1
