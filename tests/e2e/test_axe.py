"""Axe finds nothing in any state of any page, and what axe does not ask holds as well: reflow, spacing, names, targets.

By default every third address, in views that take turns; `make test-all` shows every state in every view.
"""

import re
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.e2e.album import Show, View
from tests.e2e.states import Shot, shots

VIEWS = [View(width, scheme) for width, scheme in product((1440, 360), ("light", "dark"))]
AXE: dict[str, Any] = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {"target-size": {"enabled": True}},
    # all style sheets would be fetched again, for a rule that is not asked (css-orientation-lock)
    "preload": {"assets": ["media"]},
}
# the colours are the system's then, and axe reads those of the style sheet for the text of buttons
FORCED = AXE | {"rules": AXE["rules"] | {"color-contrast": {"enabled": False}}}
# what WCAG 1.4.12 lets a reader set
SPACING = """* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-block-end: 2em !important; }"""
# a name is read out as it is: no mark of punctuation stands by itself in it
STRAY = re.compile(r"\s[:,;.](\s|$)")

# by default one stands for those that differ in words alone
ALIKE = re.compile(
    r"leave_place|propose|decide|reopen|withdraw|restore|retire_label|withdraw_invitation|add_label|change_roles"
    r"|claim (?!proposed).*|account_reset_password_\w+|mfa_(?!index|authenticate|activate).*|account_reauthenticate"
    r"|\S+ empty"
)
# what is docked lies over what can be scrolled from under it; axe looks at one moment, and takes it for covered
UNDOCKED = ".verdict-foot, .claim-bar, .claim-head { position: static !important; }"

TURNS = 3  # by default every third address

Check = Callable[[Page], list[str]]


@pytest.fixture(scope="module")
def core(django_db_setup: None, django_db_blocker: Any) -> list[Shot]:
    """Each address once; what forms and failures answer is shown with every state."""
    with django_db_blocker.unblock():
        return [shot for shot in shots(every=False) if shot.core and not ALIKE.fullmatch(shot.name)]


@pytest.fixture(scope="module")
def every(django_db_setup: None, django_db_blocker: Any) -> list[Shot]:
    with django_db_blocker.unblock():
        return shots(every=True)


@pytest.fixture
def show(browser: Browser) -> Iterator[Callable[[View], Show]]:
    """One page a view, opened when it is first asked for."""
    made: dict[View, Show] = {}

    def shown(view: View) -> Show:
        return made.setdefault(view, Show(browser, view)) if view not in made else made[view]

    yield shown
    for one in made.values():
        one.close()


# --- what is looked for -----------------------------------------------------------------------------


def styled(page: Page, css: str) -> None:
    page.evaluate(
        "css => { const one = new CSSStyleSheet(); one.replaceSync(css); document.adoptedStyleSheets = [one]; }", css
    )


def violations(page: Page, options: dict[str, Any] = AXE) -> list[str]:
    styled(page, UNDOCKED)
    found = Axe().run(page, options=options).response["violations"]
    styled(page, "")
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def sticks_out(page: Page) -> list[str]:
    """Nothing is wider than the window."""
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [f"{over} px stick out"] if over > 0 else []


def odd_names(page: Page) -> list[str]:
    """Names of links, buttons and the like, as the browser gives them to a screen reader."""
    session = page.context.new_cdp_session(page)
    tree = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    named = [node["name"]["value"] for node in tree if node.get("name", {}).get("value") and _operable(node)]
    return [f"odd name: {name!r}" for name in named if STRAY.search(name) or "  " in name]


def _operable(node: dict[str, Any]) -> bool:
    return not node["ignored"] and node["role"]["value"] in {
        "link",
        "button",
        "checkbox",
        "radio",
        "combobox",
        "textbox",
    }


def spaced(page: Page) -> list[str]:
    """With more space between letters and lines nothing is cut off at the side."""
    styled(page, SPACING)
    return sticks_out(page)


def failing(show: Show, shot: Shot, *checks: Check) -> list[str]:
    page = show.put(shot)
    return [f"{shot.name} ({show.view}): {line}" for check in checks for line in check(page)]


# --- each address, by default -------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [0, *(pytest.param(turn, marks=pytest.mark.slow) for turn in range(1, TURNS))])
def test_every_address_is_clean(show: Callable[[View], Show], core: list[Shot], turn: int) -> None:
    assert len(core) > 30
    found = [
        line
        for at, shot in enumerate(core[turn::TURNS])
        for line in failing(show(VIEWS[at % len(VIEWS)]), shot, violations, sticks_out, odd_names)
    ]
    assert found == []


def test_what_opens_is_clean_too(show: Callable[[View], Show], core: list[Shot]) -> None:
    """The sheet of keys, the list of teams, the foot with each verdict, the button beside selected words."""
    by_name = {shot.name: shot for shot in core}
    found = []
    for view in (VIEWS[1],):
        page = show(view).put(by_name["claim proposed"])
        page.locator(".verdict-foot > details").evaluate("node => { node.open = true; }")
        found += violations(page) + sticks_out(page)
        page = show(view).put(by_name["desk, foot open"])
        page.locator("#text").focus()
        page.keyboard.press("s")
        expect(page.locator("#log-here")).to_be_visible()
        found += violations(page)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        found += violations(page) + sticks_out(page) + odd_names(page)
        page = show(view).put(by_name["queue"])
        page.locator(".teams > summary").evaluate("node => node.click()")
        found += violations(page) + sticks_out(page)
    assert found == []


# --- forced colours ---------------------------------------------------------------------------------------

SEEN_IN_FORCED = ("queue, checker", "desk, foot open", "claim proposed", "report", "account_login, signed out")
LOOKS = """([element, pseudo, name]) => getComputedStyle(document.querySelector(element), pseudo)[name]"""


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_in_forced_colours_nothing_vanishes(show: Callable[[View], Show], core: list[Shot], scheme: str) -> None:
    """What a ground or a colour says: the current place and claim, the rings, what was decided, the focus."""
    by_name, view = {shot.name: shot for shot in core}, View(1440, scheme, forced=True)
    found = [
        line
        for name in SEEN_IN_FORCED
        for line in failing(show(view), by_name[name], lambda one: violations(one, FORCED))
    ]
    assert found == []

    page = show(view).put(by_name["desk, foot open"])

    def looks(element: str, name: str, pseudo: str | None = None) -> str:
        return str(page.evaluate(LOOKS, [element, pseudo, name]))

    canvas = looks("html", "backgroundColor")
    assert looks(".places a[aria-current]", "borderBottomColor") != canvas
    assert looks(".places a:not([aria-current])", "borderBottomColor") == canvas
    assert looks(".margin [aria-current]", "outlineStyle") == "solid"
    assert looks("#text .hit[aria-current]", "backgroundColor") != canvas
    assert looks("#text .no[data-status=decided]", "backgroundColor") != canvas
    assert looks(".stack-decided", "fill") != canvas
    page.locator(".button-first").first.focus()
    assert looks(".button-first:focus-visible", "outlineColor") != canvas
    assert looks(".button-first:focus-visible", "borderTopStyle") != "none"


# --- every state, with `make test-all` ------------------------------------------------------------------


# each scheme and each width on every state; the other two pairs of them stand on the addresses above
WIDE_AND_SMALL = [View(1440, "light"), View(360, "dark")]


@pytest.mark.slow
@pytest.mark.parametrize("view", WIDE_AND_SMALL, ids=str)
def test_every_state_is_clean(show: Callable[[View], Show], every: list[Shot], view: View) -> None:
    assert [line for shot in every for line in failing(show(view), shot, violations, sticks_out, odd_names)] == []


@pytest.mark.slow
def test_every_state_is_clean_in_forced_colours(show: Callable[[View], Show], every: list[Shot]) -> None:
    view = View(1440, "dark", forced=True)
    assert [line for shot in every for line in failing(show(view), shot, lambda page: violations(page, FORCED))] == []


@pytest.mark.slow
def test_at_four_times_the_size_nothing_scrolls_sideways(show: Callable[[View], Show], every: list[Shot]) -> None:
    """400 % of a window of 1280 px is one of 320 px; and there is room for spaced letters."""
    assert [line for shot in every for line in failing(show(View(320)), shot, sticks_out, spaced)] == []
