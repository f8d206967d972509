"""What answers tell browsers and caches: what may run, who may frame, what may be kept; and all of it behind https."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.models import Article, Claim, User
from tests.people import PASSWORD, browser_of

ROOT = Path(__file__).resolve().parents[2]
YEAR = 365 * 24 * 3600


# --- what may run ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_policy_lets_nothing_run_but_the_project_s_own_files(checker: User) -> None:
    policy = browser_of(checker).get("/accounts/")["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert (rules["default-src"], rules["script-src"], rules["style-src"]) == ("'self'", "'self'", "'self'")
    assert (rules["object-src"], rules["base-uri"], rules["frame-ancestors"]) == ("'none'", "'none'", "'none'")
    assert rules["form-action"] == "'self'"
    assert "unsafe" not in policy


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/nowhere/", "/articles/999/", "/static/nowhere.js", "/team/policy/"])
def test_refusals_have_the_same_headers_as_pages(viewer: User, path: str) -> None:
    answer = browser_of(viewer).get(path)
    assert answer.status_code in {403, 404}
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    assert (answer["Referrer-Policy"], answer["Cross-Origin-Opener-Policy"]) == ("same-origin", "same-origin")


@pytest.mark.django_db
def test_a_fault_tells_nothing_of_the_inside(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_args: object) -> None:
        raise RuntimeError("postgresql://owner:secret@db/galley")

    monkeypatch.setattr("claims.views.queue.what_else", broken)
    browser = browser_of(checker)
    browser.raise_request_exception = False
    answer = browser.get("/queue/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert not any(word in page for word in ("secret", "RuntimeError", "Traceback", "claims/views", "postgresql"))
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]


# --- what may be kept ------------------------------------------------------------------------


@pytest.mark.django_db
def test_private_pages_are_kept_for_nobody_else_and_secrets_for_nobody(
    article: Article, admin: User, claim: Claim
) -> None:
    browser = browser_of(admin)
    for path in ("/queue/", reverse("desk", args=[article.pk]), reverse("claim", args=[article.pk, claim.number])):
        answer = browser.get(path)
        assert set(answer["Cache-Control"].split(", ")) >= {"private", "no-cache"}
        assert "Cookie" in answer["Vary"]
    for path in ("/accounts/login/", "/accounts/password/change/"):
        assert "no-store" in Client().get(path, follow=True)["Cache-Control"]


@pytest.mark.parametrize("path", ["/static/", "/static/css/", "/.git/config", "/static/../verify/settings.py", "/var/"])
@pytest.mark.django_db
def test_folders_and_the_project_s_own_files_are_not_served(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.e2e
@pytest.mark.django_db(transaction=True)
def test_back_after_the_sign_out_shows_nothing(
    page: Page, live_server: LiveServer, claim: Claim, checker: User
) -> None:
    desk = f"{live_server.url}/articles/{claim.article_id}/"
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email").fill(checker.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/queue/")
    page.goto(desk)
    expect(page.get_by_role("region", name="Article text")).to_be_visible()
    page.evaluate("sessionStorage.setItem('galley-draft x', 'typed'); localStorage.setItem('x', 'y')")
    page.goto(f"{live_server.url}/accounts/")
    page.locator("#main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/accounts/login/")
    assert page.evaluate("localStorage.length") == 0
    for _step in range(2):
        page.go_back()
        expect(page.get_by_label("Password", exact=True)).to_be_visible()
        expect(page.get_by_text("Kingsmill Bridge")).to_have_count(0)


# --- behind https ----------------------------------------------------------------------------

ASKED = """
import django, json
django.setup()
from django.conf import settings
from django.test import Client, override_settings
plain_files = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
with override_settings(ALLOWED_HOSTS=["galley.example"], STORAGES=settings.STORAGES | {"staticfiles": plain_files}):
    browser = Client(headers={"Host": "galley.example"})
    plain = browser.get("/accounts/login/", REMOTE_ADDR="10.0.0.1")
    behind = browser.get("/accounts/signup/", headers={"X-Forwarded-Proto": "https"})
    health = browser.get("/healthz")
print(json.dumps({
    "plain": [plain.status_code, plain["Location"]],
    "behind": behind.status_code,
    "health": health.status_code,
    "hsts": behind["Strict-Transport-Security"],
    "cookies": {name: [morsel["secure"], morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]]
                for name, morsel in behind.cookies.items()},
    "names": [settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME],
    "secure": [settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY],
    "messages": __import__("verify.cookies").cookies.MessagesInCookie.cookie_name,
    "hosts": settings.ALLOWED_HOSTS,
}))
"""


def behind_a_proxy(code: str) -> str:
    """What the project says when it is set up as docs/operating.md describes it."""
    told = {
        "GALLEY_URL": "https://galley.example",
        "GALLEY_PROXIES": "1",
        "GALLEY_SMTP_URL": "smtps://galley:x@mail.example",
        "DJANGO_SETTINGS_MODULE": "verify.settings",
    }
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"} | told
    said = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert said.returncode == 0, said.stderr[-2000:]
    return said.stdout


def test_behind_a_proxy_that_ends_tls_all_insists_on_https() -> None:
    told = json.loads(behind_a_proxy(ASKED))
    assert told["plain"] == [301, "https://galley.example/accounts/login/"]
    assert told["behind"] == 200
    assert told["health"] in {200, 503}  # for a machine that asks: no page, and no redirect
    assert told["hsts"] == f"max-age={YEAR}; includeSubDomains"
    assert told["secure"] == [True, True, True]
    assert told["names"][:2] == ["__Host-sessionid", "__Host-csrftoken"]
    assert told["messages"] == "__Host-messages"
    assert told["hosts"] == ["galley.example"]
    assert all(secure and path == "/" and not domain for secure, _h, _s, path, domain in told["cookies"].values())


def test_django_s_own_list_for_deployment_has_nothing_to_say() -> None:
    """But that the name may be put on the browsers' own list (W021), which is for who owns it to decide."""
    code = (
        "import django; django.setup()\nfrom django.conf import settings\n"
        "from django.core.management import call_command\n"
        "settings.SILENCED_SYSTEM_CHECKS = ['security.W021']\n"
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    behind_a_proxy(code)


def test_debug_pages_are_off_unless_asked_for() -> None:
    assert settings.DEBUG is False
    call_command("check", fail_level="WARNING")
