"""From the key to the painted result: p95 ≤ 100 ms for each gesture on a desk of 200 claims and 600 evidence.

The peer is the same panel, ready, put in its place by the same page: what a browser takes for it without any server.
"""

import re
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.bench.hands.fill import EMAILS, PASSWORD
from tests.bench.hands.server import Running, running

CLAIMS = 200
TIMES = 41  # of each gesture; the first, for which templates and queries are read, does not count
MOST = 100.0  # ms, p95
WATCH = (Path(__file__).parent / "watch.js").read_text()
HEADING = "() => document.querySelector('#claim .claim-head h2')?.textContent.includes('Claim {number} ')"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(tmp_path_factory.mktemp("hands"), CLAIMS) as found:
        print(f"\nA desk of {found.words} words, {found.claims} claims and {3 * found.claims} pieces of evidence")
        yield found


@pytest.fixture
def desk(browser: Browser, server: Running) -> Callable[[str, int], Page]:
    """The desk of the large text with a claim open, as the checker or the reviewer."""

    def opened(who: str, number: int) -> Page:
        page = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=server.url).new_page()
        page.add_init_script(WATCH)
        page.goto("/accounts/login/")
        page.get_by_label("Email").fill(EMAILS[who])
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/queue/")
        page.goto(f"/articles/{server.article}/?claim={number}")
        page.evaluate("document.fonts.ready")
        return page

    return opened


def timed(page: Page, shown: str, do: Callable[[], None]) -> float:
    """Milliseconds from the first event of `do` to the frame after `shown` holds."""
    page.evaluate(f"watchNext({shown})")
    do()
    took: float = page.evaluate("watched")
    return took


def tell(name: str, took: list[float], peer: list[float] | None = None) -> float:
    """Print median and p95, and the ratio to the peer's; the p95."""
    took = took[1:]
    p95 = statistics.quantiles(took, n=20)[-1]
    line = f"{name:<34} median {statistics.median(took):6.1f} ms   p95 {p95:6.1f} ms   of {len(took)}"
    if peer:
        line += f"   × {statistics.median(took) / statistics.median(peer):.1f} of the panel put in place ready"
    print(line)
    return p95


def swapped(page: Page) -> list[float]:
    """The peer: the open claim's panel, put in its place again and again."""
    page.evaluate("globalThis.ready = document.getElementById('claim').innerHTML")
    fresh = "() => !document.querySelector('#claim [data-old]')"
    took = []
    for _time in range(TIMES):
        page.evaluate("document.querySelector('#claim .claim').dataset.old = ''")
        took.append(timed(page, fresh, lambda: page.keyboard.press("F9")))
    return took


def heading(number: int) -> str:
    return HEADING.format(number=number)


def test_reading(desk: Callable[[str, int], Page]) -> None:
    page = desk("checker", 1)
    peer = swapped(page)
    tell("panel put in place ready (peer)", peer)
    marks, opened, following, forms = [], [], [], []
    for number in range(2, 2 + TIMES):
        link = page.locator(f"#c{number} a.no")
        link.scroll_into_view_if_needed()
        marks.append(timed(page, f"() => document.querySelector('#c{number}').ariaCurrent === 'true'", link.click))
        expect(page.locator("#claim .claim-head h2")).to_contain_text(f"Claim {number} ")
    for number in range(40, 40 + TIMES):
        link = page.locator(f"#c{number} a.no")
        link.scroll_into_view_if_needed()
        opened.append(timed(page, heading(number), link.click))
    for number in range(90, 90 + TIMES):
        page.goto(page.url) if number == 90 else None
        following.append(
            timed(
                page, "() => document.querySelector('#claim .claim-head h2') !== globalThis.last", lambda: _step(page)
            )
        )
    for _time in range(TIMES):
        forms.append(timed(page, "() => document.activeElement?.id === 'e-words'", lambda: page.keyboard.press("e")))
        page.keyboard.press("Escape")
        expect(page.locator("#e-words")).to_have_count(0)
    figures = [
        tell("mark of a claim, by its number", marks),
        tell("open a claim, by its number", opened, peer),
        tell("next claim (j)", following, peer),
        tell("form for evidence (e)", forms, peer),
    ]
    assert max(figures) <= MOST


def _step(page: Page) -> None:
    page.evaluate("globalThis.last = document.querySelector('#claim .claim-head h2')")
    page.keyboard.press("j")


def test_writing(desk: Callable[[str, int], Page], server: Running) -> None:
    page = desk("checker", 1)
    peer = swapped(page)
    asked, logged, attached, proposed = [], [], [], []
    for time in range(TIMES):
        number = CLAIMS + time + 1
        page.keyboard.press("s")
        asked.append(
            timed(page, "() => document.activeElement?.name === 'statement'", lambda: page.keyboard.press("c"))
        )
        done = f"() => document.getElementById('c{number}') && document.querySelector('#logged')"
        logged.append(timed(page, done, lambda: page.keyboard.press("Control+Enter")))
    first = CLAIMS // 2 - TIMES
    page.goto(f"/articles/{server.article}/?claim={first}")
    for number in range(first, CLAIMS // 2):
        expect(page.locator("#claim .claim-head h2")).to_contain_text(f"Claim {number} ")
        page.keyboard.press("e")
        page.get_by_role("radio", name=re.compile("Register of bills")).check()
        page.get_by_label("Quote from source").fill("the bill")
        done = "() => document.querySelector('#notices')?.textContent.includes('is attached')"
        attached.append(timed(page, done, lambda: page.keyboard.press("Control+Enter")))
        page.keyboard.press("v")
        page.keyboard.press("1")
        page.keyboard.type("The register says so.")
        done = "() => document.querySelector('#notices')?.textContent.includes('is proposed')"
        proposed.append(timed(page, done, lambda: page.keyboard.press("Control+Enter")))
        page.keyboard.press("j")
    figures = [
        tell("form for a claim (c)", asked, peer),
        tell("log a claim", logged, peer),
        tell("attach evidence", attached, peer),
        tell("propose a verdict", proposed, peer),
    ]
    assert max(figures) <= MOST


def test_deciding(desk: Callable[[str, int], Page]) -> None:
    page = desk("reviewer", CLAIMS // 2 + 1)
    peer = swapped(page)
    page.reload()
    took = []
    for number in range(CLAIMS // 2 + 1, CLAIMS // 2 + 1 + TIMES):
        expect(page.locator("#claim .claim-head h2")).to_contain_text(f"Claim {number} ")
        page.keyboard.press("v")
        page.keyboard.press("ArrowDown")
        took.append(timed(page, heading(number + 1), lambda: page.keyboard.press("Control+Enter")))
    assert tell("decide, and the next claim", took, peer) <= MOST
