"""At the doors: guessing, finding out who has an account, being led astray, a stranger's host, another site's form."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client
from django.urls import reverse

from claims.models import Team, User
from tests.access.addresses import TABLE, address
from tests.access.world import newsroom, written
from tests.people import BACKEND, PASSWORD, keys, person

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
TOO_MANY = 429


def try_to_sign_in(email: str, password: str = "wrong", ip: str = "192.0.2.1", **more: str) -> tuple[int, str]:
    answer = Client(REMOTE_ADDR=ip).post(LOGIN, {"login": email, "password": password} | more)
    return answer.status_code, answer.content.decode()


# --- guessing --------------------------------------------------------------------------------


def test_after_five_wrong_passwords_an_address_waits_and_is_told_so_with_429(checker: User) -> None:
    statuses = [try_to_sign_in(checker.email)[0] for _try in range(5)]
    assert statuses == [200] * 5
    answer = Client(REMOTE_ADDR="192.0.2.1").post(LOGIN, {"login": checker.email, "password": PASSWORD})
    assert (answer.status_code, answer["Retry-After"]) == (TOO_MANY, "300")
    assert "Too many tries." in answer.content.decode()
    assert f'value="{checker.email}"' in answer.content.decode()


def test_other_spellings_of_the_account_are_the_same_account(checker: User) -> None:
    for spelling in (checker.email, checker.email.upper(), f" {checker.email}", f"{checker.email} ", checker.email):
        try_to_sign_in(spelling)
    assert try_to_sign_in(checker.email.title())[0] == TOO_MANY


def test_fourteen_wrong_passwords_hold_up_nobody_else_behind_the_same_address(checker: User, admin: User) -> None:
    for _try in range(14):
        try_to_sign_in(checker.email)
    assert try_to_sign_in(admin.email, PASSWORD)[0] == 302


def test_a_stranger_elsewhere_does_not_lock_the_account(checker: User) -> None:
    for _try in range(14):
        try_to_sign_in(checker.email, ip="203.0.113.9")
    assert try_to_sign_in(checker.email, PASSWORD)[0] == 302


def with_limits(settings: Any, **less: str) -> None:
    """The project's limits, with a lower number where so many tries would take long."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | less


def test_from_many_addresses_at_one_account_there_is_an_end_too(checker: User, settings: Any) -> None:
    assert settings.ACCOUNT_RATE_LIMITS["login_failed_everywhere"] == "300/h/key"
    with_limits(settings, login_failed_everywhere="12/h/key")
    statuses = [try_to_sign_in(checker.email, ip=f"203.0.113.{n // 4}")[0] for n in range(13)]
    assert statuses.index(TOO_MANY) == 12


def test_one_address_at_many_accounts_comes_to_an_end(db: None, settings: Any) -> None:
    assert settings.ACCOUNT_RATE_LIMITS["login_failed"] == "5/5m/key,100/5m/ip"
    with_limits(settings, login_failed="5/5m/key,12/5m/ip")
    statuses = [try_to_sign_in(f"{n}@ledger.example")[0] for n in range(13)]
    assert statuses.index(TOO_MANY) == 12


def test_right_passwords_are_not_counted_as_wrong_ones(checker: User) -> None:
    assert [try_to_sign_in(checker.email, PASSWORD)[0] for _morning in range(20)] == [302] * 20


def test_a_client_that_names_its_own_address_is_not_believed(checker: User) -> None:
    for n in range(6):
        answer = Client(REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": f"203.0.113.{n}"}).post(
            LOGIN, {"login": checker.email, "password": "wrong"}
        )
    assert answer.status_code == TOO_MANY


def test_the_password_asked_for_once_more_is_counted_too(checker: User) -> None:
    browser = Client()
    browser.force_login(checker, backend=BACKEND)
    answers = [browser.post("/accounts/reauthenticate/", {"password": "wrong"}).status_code for _try in range(6)]
    assert answers == [200] * 5 + [TOO_MANY]


def test_setting_a_new_password_ends_the_wait(checker: User) -> None:
    browser = Client()
    browser.force_login(checker, backend=BACKEND)
    for _try in range(6):
        try_to_sign_in(checker.email, ip="127.0.0.1")
    words = {"oldpassword": PASSWORD, "password1": "carry bread and coal", "password2": "carry bread and coal"}
    browser.post("/accounts/password/change/", words)
    assert try_to_sign_in(checker.email, "carry bread and coal", ip="127.0.0.1")[0] == 302


def test_the_page_without_a_form_answers_429_too(checker: User) -> None:
    browser = Client()
    answers = [browser.post("/accounts/password/reset/", {"email": f"{n}@x.example"}).status_code for n in range(21)]
    assert (answers[0], answers[-1]) == (302, TOO_MANY)


def test_mails_to_one_address_come_to_an_end(checker: User, mailoutbox: list[object]) -> None:
    for n in range(8):
        Client(REMOTE_ADDR=f"203.0.113.{n}").post("/accounts/password/reset/", {"email": checker.email})
    assert len(mailoutbox) == 5


# --- finding out who has an account ----------------------------------------------------------


def shown(page: str, email: str) -> str:
    """The page without what differs from one to the next anyway."""
    return re.sub(r'value="[^"]{40,}"|X-CSRFToken": "[^"]+"', "", page.replace(email, ""))


def test_a_wrong_password_and_a_wrong_address_get_the_same_page(checker: User) -> None:
    known = try_to_sign_in(checker.email)
    unknown = try_to_sign_in("nobody@ledger.example")
    assert known[0] == unknown[0]
    assert shown(known[1], checker.email) == shown(unknown[1], "nobody@ledger.example")


def test_both_take_as_many_hashes(checker: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is what takes time at a sign-in: as much of it for who has an account as for who has none."""
    hashed: list[str] = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher,
        "encode",
        lambda self, password, salt: hashed.append(salt) or encode(self, password, salt),  # type: ignore[func-returns-value]
    )
    counts = []
    linkless = User.objects.create_user("linkless@ledger.example", "Without a password")
    inactive = person("gone@ledger.example", "Gone")
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    for email in (checker.email, "nobody@ledger.example", linkless.email, inactive.email):
        hashed.clear()
        try_to_sign_in(email)
        counts.append(len(hashed))
    assert len(set(counts)) == 1
    assert counts[0] >= 1


def test_who_asks_for_a_new_password_is_told_the_same_with_and_without_an_account(
    checker: User, mailoutbox: list[object]
) -> None:
    answers = {}
    for email in (checker.email, "nobody@ledger.example"):
        answer = Client().post("/accounts/password/reset/", {"email": email}, follow=True)
        answers[email] = (answer.redirect_chain, shown(answer.content.decode(), email))
    assert answers[checker.email] == answers["nobody@ledger.example"]
    assert len(mailoutbox) == 1


def test_nobody_signs_up_whatever_is_sent(db: None) -> None:
    words = {"email": "new@x.example", "password1": "carry bread and coal", "password2": "carry bread and coal"}
    answer = Client().post("/accounts/signup/", words)
    assert "entered by invitation" in answer.content.decode()
    assert not User.objects.exists()
    assert Client().post("/accounts/2fa/webauthn/signup/", {}).status_code == 404


# --- being led astray ------------------------------------------------------------------------

ASTRAY = [
    "https://evil.example/", "//evil.example/", "///evil.example", "http:evil.example", "/\\evil.example",
    "\\\\evil.example", "https:/evil.example", "javascript:alert(1)", "data:text/html,x", " https://evil.example",
    "\thttps://evil.example", "https://testserver@evil.example/", "https://testserver.evil.example/",
    "http://[::1/", "/%0d%0aX-Injected:1//evil.example\r\nX-Injected: 1", "https://evil.example#testserver",
]  # fmt: skip


@pytest.mark.parametrize("astray", ASTRAY)
def test_after_the_door_nobody_is_led_elsewhere(checker: User, team: Team, astray: str) -> None:
    by_form = Client().post(LOGIN, {"login": checker.email, "password": PASSWORD, "next": astray})
    by_address = Client().post(f"{LOGIN}?{by_query(astray)}", {"login": checker.email, "password": PASSWORD})
    signed_in = Client()
    signed_in.force_login(checker, backend=BACKEND)
    through = signed_in.get(f"{LOGIN}?{by_query(astray)}")
    out = signed_in.post("/accounts/logout/", {"next": astray})
    for answer in (by_form, by_address, through, out):
        assert answer.status_code == 302
        assert re.fullmatch(r"/(?![/\\])[^\r\n]*", answer["Location"]), answer["Location"]
        assert "X-Injected" not in answer


def by_query(astray: str) -> str:
    from urllib.parse import urlencode

    return urlencode({"next": astray})


def test_who_was_going_somewhere_gets_there(checker: User, team: Team) -> None:
    asked = Client().get("/articles/?q=bridge")
    answer = Client().post(asked["Location"], {"login": checker.email, "password": PASSWORD})
    assert answer["Location"] == "/articles/?q=bridge"


# --- a stranger's host -----------------------------------------------------------------------


@pytest.mark.parametrize("host", ["evil.example", "testserver:80@evil.example", "testserver, evil.example", "[::1", ""])
def test_another_host_is_answered_with_400(team: Team, host: str) -> None:
    assert Client(headers={"Host": host}).get(LOGIN).status_code == 400


def test_a_host_named_by_the_way_is_not_believed(checker: User, mailoutbox: list[object]) -> None:
    headers = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Original-URL": "/team/"}
    Client(headers=headers).post("/accounts/password/reset/", {"email": checker.email})
    assert "evil.example" not in str(mailoutbox[0].message())  # type: ignore[attr-defined]
    assert "http://testserver/accounts/password/reset/key/" in str(mailoutbox[0].message())  # type: ignore[attr-defined]


# --- another site's form ---------------------------------------------------------------------


def forms_without_key() -> Iterator[str]:
    yield from (name for name, page in TABLE.items() if page.send is not None)


def test_no_form_is_taken_without_the_key_of_its_session() -> None:
    home = newsroom("ledger")
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(home.people["admin"], backend=BACKEND)
    before = written()
    taken = [
        name
        for name in forms_without_key()
        if browser.post(address(name, home.ids), keys(1) | {"reason": "x"}).status_code != 403
    ]
    assert taken == []
    for path in (LOGIN, "/accounts/logout/", "/accounts/password/change/", reverse("join", args=[home.token])):
        assert browser.post(path, {}).status_code == 403
    assert written() == before


def test_a_key_from_another_browser_does_not_open_the_form(checker: User, team: Team) -> None:
    stranger, browser = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    browser.force_login(checker, backend=BACKEND)
    for one in (stranger, browser):
        one.get(LOGIN if one is stranger else "/accounts/")
    key = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', stranger.get(LOGIN).content.decode())
    mine = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', browser.get("/accounts/").content.decode())
    assert key is not None
    assert mine is not None
    fields = {"part": "name", "name": "Renamed"}
    assert browser.post("/accounts/", fields | {"csrfmiddlewaretoken": key[1]}).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    answer = browser.post("/accounts/", fields | {"csrfmiddlewaretoken": mine[1]}, headers=foreign)
    assert answer.status_code == 403
    checker.refresh_from_db()
    assert checker.name == "Ifeoma Brandt"
    assert browser.post("/accounts/", fields | {"csrfmiddlewaretoken": mine[1]}).status_code == 302
