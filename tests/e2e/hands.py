"""Hands at a browser: each key and each act of the pointer is one, and is counted; typing is what was to be said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from playwright.sync_api import Browser, Locator, Page, expect

from claims.models import Claim, User
from tests.people import PASSWORD, browser_of

PATIENCE = 30_000  # milliseconds: the machine may have much else to do
FAR = 80  # presses of Tab after which something cannot be reached

# what is meant: a refusal's status, and axe, which asks for styles in a way that the policy refuses
MEANT = ("Failed to load resource", "Applying inline style")


def open_page(
    browser: Browser,
    base: str,
    user: User | None = None,
    *,
    width: int = 1440,
    script: bool = True,
    scheme: str = "light",
) -> Page:
    """A browser session of one's own, signed in (the doors have tests of their own)."""
    context = browser.new_context(
        viewport={"width": width, "height": 900 if width > 500 else 740},
        base_url=base,
        java_script_enabled=script,
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    context.set_default_timeout(PATIENCE)
    if user is not None:
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session(user), "url": base}])
    return context.new_page()


def session(user: User) -> str:
    """The key of a fresh session of theirs."""
    return browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value


def by_the_door(page: Page, user: User) -> None:
    """Sign in with address and password, as far as the button."""
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@contextmanager
def quiet(page: Page) -> Iterator[None]:
    """Fail on an error or a broken policy in the console."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    yield
    assert not [line for line in heard if not line.startswith(MEANT)]


class Hand:
    """Two hands on a page. Whatever they do goes through here, so that `acts` is all they did."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.acts: list[str] = []

    def press(self, *keys: str) -> None:
        """Press keys, or chords, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.acts.append(key)

    def click(self, place: Locator) -> None:
        place.click()
        self.acts.append("click")

    def type(self, words: str) -> None:
        """Say something in the field that has the focus."""
        self.page.keyboard.type(words)

    def to(self, place: Locator, key: str = "Tab") -> None:
        """Go to something by Tab, as somebody without a pointer does."""
        for _press in range(FAR):
            if place.count() and place.first.evaluate("node => node === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"{place} cannot be reached by {key}")

    @contextmanager
    def within(self, most: int, what: str) -> Iterator[None]:
        """Count what is done for `what`, print it, and fail beyond `most`."""
        before = len(self.acts)
        yield
        did = self.acts[before:]
        print(f"{what}: {len(did)} of {most} ({', '.join(did)})")
        assert len(did) <= most, did


def region(page: Page) -> Locator:
    return page.get_by_role("region", name="Claim", exact=True)


def shows(page: Page, number: int, *, swapped: bool = True) -> None:
    """Wait until the claim of this number is open; where it was `swapped` in, the focus has stayed on the page."""
    expect(region(page).get_by_role("heading", name=f"Claim {number} of")).to_be_visible()
    if swapped:
        somewhere(page)


def landed(page: Page, number: int) -> None:
    """Wait until the claim just logged has the focus in the text: what is selected from then on stays selected."""
    expect(page.get_by_role("link", name=f"Claim {number}, To check")).to_be_focused()


def somewhere(page: Page) -> None:
    """The focus is on something after what had it was swapped away: the next key goes on from there."""
    expect(page.locator("body :focus")).to_have_count(1)


def on_desk(claim: Claim) -> str:
    return f"/articles/{claim.article_id}/?claim={claim.number}"


Opened = Callable[..., Page]
