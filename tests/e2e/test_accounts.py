"""The doors in a real browser: an invitation, a passkey, and nothing for axe to find on the way."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.actions import teams
from claims.models import Team, User
from tests.e2e.hands import PATIENCE
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def noise(page: Page) -> Iterator[list[str]]:
    """What the console said of errors and of a broken policy; a test fails that leaves any."""
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.set_default_timeout(PATIENCE)
    yield heard
    # a refusal's status is meant, and axe asks for styles in a way that the policy refuses
    assert not [line for line in heard if not line.startswith(("Failed to load resource", "Applying inline style"))]


def clean(page: Page) -> None:
    """Axe finds nothing, and nothing sticks out at the side."""
    found = [rule["id"] for rule in Axe().run(page).response["violations"]]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert found == []


def sign_in(page: Page, base: str, user: User) -> None:
    page.goto(f"{base}/accounts/login/")
    page.get_by_label("Email").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


@pytest.mark.parametrize("width", [360, 1440])
def test_an_invited_person_joins(
    page: Page, noise: list[str], live_server: LiveServer, team: Team, admin: User, width: int
) -> None:
    token = teams.invite(actor=admin, team=team, email="ines@ledger.example", role="checker")[1]
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{live_server.url}/accounts/join/{token}/")
    clean(page)
    page.get_by_label("Name").fill("Ines Okafor")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("Name")).to_have_value("Ines Okafor")
    clean(page)
    page.get_by_label("Password").fill("carry bread and coal")
    page.get_by_role("button", name="Accept").click()
    page.wait_for_url("**/queue/")
    page.goto(f"{live_server.url}/accounts/")
    expect(page.get_by_text("checker in The Wexcombe Ledger")).to_be_visible()
    clean(page)


def test_a_wrong_password_is_heard(page: Page, noise: list[str], live_server: LiveServer, checker: User) -> None:
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email").fill(checker.email)
    page.get_by_label("Password", exact=True).fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Email")).to_have_value(checker.email)
    clean(page)


def test_a_passkey_is_added_and_opens_the_door(
    page: Page, noise: list[str], live_server: LiveServer, checker: User
) -> None:
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    sign_in(page, live_server.url, checker)
    page.wait_for_url("**/queue/")
    page.goto(f"{live_server.url}/accounts/2fa/webauthn/add/")
    page.get_by_label("Password").fill(PASSWORD)  # what guards the account asks once more
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Desk laptop")
    page.get_by_label("Sign in with this passkey alone").check()
    clean(page)
    page.get_by_role("button", name="Add", exact=True).click()
    page.wait_for_url(re.compile("recovery-codes"))
    expect(page.get_by_role("list", name="Unused codes").get_by_role("listitem")).to_have_count(10)
    clean(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")  # with its scripts
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/queue/")


def test_a_form_is_sent_once_however_often_the_button_is_pressed(
    page: Page, noise: list[str], live_server: LiveServer, checker: User
) -> None:
    sign_in(page, live_server.url, checker)
    page.goto(f"{live_server.url}/accounts/")
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_label("Name").fill("Ifeoma Orme")
    page.get_by_role("button", name="Save the name").dblclick()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert len(sent) == 1
