"""Passwords, codes and links: what is refused, what opens once, what is kept of them, and that no log has them."""

import base64
import datetime
import io
import logging
import re
import time
from collections.abc import Iterator

import pytest
from allauth.account.forms import default_token_generator
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.apps import apps
from django.conf import global_settings, settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone as clock
from django.utils.module_loading import import_string

from claims.actions import teams
from claims.models import Article, Claim, Invitation, Team, User
from claims.workflow import Refused
from tests.people import BACKEND, PASSWORD, keys
from verify import logs

pytestmark = pytest.mark.django_db

LOGIN = "/accounts/login/"
SECOND_STEP = "/accounts/2fa/authenticate/"
WORDS = {"name": "Ines Okafor", "password": "carry bread and coal"}


# --- passwords -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "password",
    [
        "eleven-char", "passwordpassword", "1234567890123", "ifeoma@ledger.example", "ifeoma brandt",
        "newsroom2026!", "galley-newsroom-1", "FactCheck-Checker", "wexcombe-ledger", "Verify! Verify! 99",
    ],
)  # fmt: skip
def test_passwords_that_are_short_common_or_of_the_house_are_refused(checker: User, password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password, checker)


@pytest.mark.parametrize(
    "password",
    [
        "carry bread and coal", "correct-horse-battery", "пароль из разных слов", "🐘" * 12, "x" * 200 + "yz",
        "lowercaseonlyword s", " leading and trailing ", "the newsroom kettle whistles",
    ],
)  # fmt: skip
def test_length_counts_and_no_kind_of_character_is_asked_for(checker: User, password: str) -> None:
    validate_password(password, checker)
    checker.set_password(password)
    checker.save()
    answer = Client().post(LOGIN, {"login": checker.email, "password": password})
    assert answer.status_code == 302
    for altered in (password.strip() + "x", password.upper() + " ", password[:72]):
        assert altered == password or not checker.check_password(altered)


def test_a_password_is_kept_as_a_salted_slow_hash() -> None:
    """Tests hash fast, so the project's own way is Django's first, which its settings leave as it is."""
    first = import_string(global_settings.PASSWORD_HASHERS[0])()
    assert (first.algorithm, first.iterations >= 600_000) == ("pbkdf2_sha256", True)
    assert first.salt() != first.salt()
    assert "PASSWORD_HASHERS" not in (settings.BASE_DIR / "verify/settings.py").read_text()


def test_changing_it_asks_for_the_one_before(checker: User) -> None:
    browser = Client()
    browser.force_login(checker, backend=BACKEND)
    words = {"oldpassword": "wrong", "password1": WORDS["password"], "password2": WORDS["password"]}
    browser.post("/accounts/password/change/", words)
    browser.post("/accounts/password/change/", {name: words[name] for name in ("password1", "password2")})
    checker.refresh_from_db()
    assert checker.check_password(PASSWORD)


def test_fields_of_passwords_hide_them_and_let_managers_help(client: Client, checker: User) -> None:
    pages = [client.get(LOGIN).content.decode()]
    client.force_login(checker, backend=BACKEND)
    pages.append(client.get("/accounts/password/change/").content.decode())
    fields = [field for page in pages for field in re.findall(r"<input[^>]*password[^>]*>", page)]
    assert len(fields) == 4
    assert all('type="password"' in field and 'autocomplete="' in field for field in fields)
    assert not any('autocomplete="off"' in field or "onpaste" in field or "value=" in field for field in fields)


# --- the second step -------------------------------------------------------------------------


@pytest.fixture
def secret(checker: User) -> str:
    made = generate_totp_secret()
    TOTP.activate(checker, made)
    RecoveryCodes.activate(checker)
    return made


def half_way(user: User) -> Client:
    """Somebody whose password was right, and who is asked for the code."""
    browser = Client()
    answer = browser.post(LOGIN, {"login": user.email, "password": PASSWORD})
    assert answer["Location"].startswith(SECOND_STEP)
    return browser


def code_now(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def codes_of(user: User) -> list[str]:
    return list(Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes())


def test_the_password_alone_opens_nothing(checker: User, team: Team, secret: str) -> None:
    browser = half_way(checker)
    for path in ("/queue/", "/accounts/", "/accounts/2fa/", "/accounts/2fa/recovery-codes/"):
        assert browser.get(path).status_code == 302


def test_a_code_opens_once(checker: User, team: Team, secret: str) -> None:
    code = code_now(secret)
    first, second = half_way(checker), half_way(checker)
    assert first.post(SECOND_STEP, {"code": code}).status_code == 302
    assert first.get("/queue/").status_code == 200
    assert second.post(SECOND_STEP, {"code": code}).status_code == 200
    assert second.get("/queue/").status_code == 302


def test_a_code_of_before_or_after_does_not_hold(checker: User, team: Team, secret: str) -> None:
    counter = int(time.time()) // 30
    for away in (-20, 20):
        browser = half_way(checker)
        browser.post(SECOND_STEP, {"code": format_hotp_value(hotp_value(secret, counter + away))})
        assert browser.get("/queue/").status_code == 302


def test_guessing_codes_comes_to_an_end_wherever_from(checker: User, team: Team, secret: str) -> None:
    statuses = []
    for n in range(7):
        browser = half_way(checker)
        answer = browser.post(SECOND_STEP, {"code": "000000"}, REMOTE_ADDR=f"203.0.113.{n}")
        statuses.append(answer.status_code)
    assert statuses[:5] == [200] * 5
    assert statuses[5:] == [429] * 2


def test_a_recovery_code_opens_once(checker: User, team: Team, secret: str) -> None:
    code = codes_of(checker)[0]
    assert half_way(checker).post(SECOND_STEP, {"code": code}).status_code == 302
    browser = half_way(checker)
    assert browser.post(SECOND_STEP, {"code": code}).status_code == 200
    assert browser.get("/queue/").status_code == 302
    assert code not in codes_of(checker)


def test_seeds_and_codes_are_drawn_by_chance_and_long_enough(
    checker: User, teammate: User, team: Team, secret: str
) -> None:
    seeds = [generate_totp_secret() for _time in range(50)]
    assert len(set(seeds)) == 50
    assert all(len(base64.b32decode(seed)) * 8 >= 128 for seed in seeds)
    RecoveryCodes.activate(teammate)
    theirs = codes_of(teammate)
    assert all(re.fullmatch(r"[0-9]{8}", code) for code in [*codes_of(checker), *theirs])  # 26 bits
    assert len({*codes_of(checker), *theirs}) == len(codes_of(checker)) + len(theirs)


def test_a_password_holds_however_old_it_is(checker: User, team: Team) -> None:
    long_ago = clock.now() - datetime.timedelta(days=3650)
    User.objects.filter(pk=checker.pk).update(date_joined=long_ago, last_login=long_ago)
    browser = Client()
    assert browser.post(LOGIN, {"login": checker.email, "password": PASSWORD})["Location"] == "/queue/"
    assert browser.get("/queue/").status_code == 200


def test_the_second_step_is_changed_only_after_the_password_once_more(checker: User, secret: str) -> None:
    browser = Client()
    browser.force_login(checker, backend=BACKEND)
    for path in ("totp/deactivate/", "recovery-codes/generate/", "webauthn/add/"):
        answer = browser.post(f"/accounts/2fa/{path}")
        assert (answer.status_code, "reauthenticate" in answer["Location"]) == (302, True)
    assert "reauthenticate" in browser.get("/accounts/2fa/recovery-codes/")["Location"]
    assert Authenticator.objects.filter(user=checker).count() == 2


def test_a_new_password_by_link_does_not_go_round_the_second_step(
    checker: User, team: Team, secret: str, mailoutbox: list[object]
) -> None:
    browser = Client()
    browser.post("/accounts/password/reset/", {"email": checker.email})
    path = reset_path(mailoutbox)
    page = browser.get(path, follow=True).redirect_chain[-1][0]
    browser.post(page, {"password1": WORDS["password"], "password2": WORDS["password"]})
    assert browser.get("/queue/").status_code == 302
    answer = browser.post(LOGIN, {"login": checker.email, "password": WORDS["password"]})
    assert answer["Location"].startswith(SECOND_STEP)


# --- links -----------------------------------------------------------------------------------


def reset_path(mailoutbox: list[object]) -> str:
    found = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[-1].body)  # type: ignore[attr-defined]
    assert found is not None
    return found[1]


def test_a_link_to_a_new_password_opens_once_and_for_a_day(
    checker: User, mailoutbox: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    Client().post("/accounts/password/reset/", {"email": checker.email})
    path = reset_path(mailoutbox)
    browser = Client()
    page = browser.get(path, follow=True)
    assert b"password1" in page.content
    browser.post(page.redirect_chain[-1][0], {"password1": WORDS["password"], "password2": WORDS["password"]})
    assert b"password1" not in Client().get(path, follow=True).content
    Client().post("/accounts/password/reset/", {"email": checker.email})
    later = default_token_generator._now() + datetime.timedelta(hours=25)
    monkeypatch.setattr(type(default_token_generator), "_now", lambda _self: later)
    assert b"password1" not in Client().get(reset_path(mailoutbox), follow=True).content


def test_the_link_is_not_told_to_other_sites(checker: User, mailoutbox: list[object]) -> None:
    Client().post("/accounts/password/reset/", {"email": checker.email})
    answer = Client().get(reset_path(mailoutbox))
    assert (answer.status_code, answer["Location"].endswith("-set-password/")) == (302, True)
    assert answer["Referrer-Policy"] == "same-origin"


def test_an_invitation_is_long_hashed_and_answered_once(team: Team, admin: User) -> None:
    invitation, token = teams.invite(actor=admin, team=team, email="ines@ledger.example", role="checker")
    assert len(token) >= 32  # 24 random bytes: 192 bits
    assert invitation.token_hash == Invitation.hash_of(token)
    for model in apps.get_models():
        assert token not in str(list(model._default_manager.values()))
    assert (invitation.expires_at - invitation.created_at).days == 7 or (
        invitation.expires_at - invitation.created_at
    ) < datetime.timedelta(days=7, minutes=1)
    link = reverse("join", args=[token])
    assert Client().post(link, WORDS).status_code == 302
    again = Client().post(link, WORDS | {"name": "Somebody else"})
    assert again.status_code == 410
    assert team.memberships.count() == 2


def test_invitations_are_found_by_the_whole_token_alone(team: Team, admin: User) -> None:
    _invitation, token = teams.invite(actor=admin, team=team, email="ines@ledger.example", role="checker")
    for other in (token[:-1], token + "x", token.swapcase(), Invitation.hash_of(token), "%", "a\0b", "x" * 5000):
        assert Client().get(reverse("join", args=["x"]).replace("/x/", f"/{other}/")).status_code in {404, 400}


def test_the_role_is_the_invitation_s_whatever_the_form_says(team: Team, admin: User) -> None:
    token = teams.invite(actor=admin, team=team, email="ines@ledger.example", role="viewer")[1]
    forged = WORDS | {"role": "admin", "email": "evil@x.example", "team": "1", "is_active": "on"}
    Client().post(reverse("join", args=[token]), forged)
    ines = User.objects.get(name="Ines Okafor")
    assert (ines.email, ines.memberships.get().role) == ("ines@ledger.example", "viewer")


def test_who_is_not_invited_cannot_take_the_invitation(team: Team, admin: User, outsider: User) -> None:
    token = teams.invite(actor=admin, team=team, email="ines@ledger.example", role="admin")[1]
    with pytest.raises(Refused):
        teams.join(actor=outsider, token=token)
    assert not outsider.memberships.exists()


# --- the log ---------------------------------------------------------------------------------


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the log gets, formed as the project forms it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Line("{asctime} {levelname} {name}: {message}", style="{"))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def test_settings_form_the_log_so() -> None:
    assert settings.LOGGING["formatters"]["line"]["()"] == "verify.logs.Line"
    assert settings.LOGGING["handlers"]["stderr"]["formatter"] == "line"


FORGED_LINE = "2026-01-01T00:00:00.000Z ERROR galley.faults: forged"


def test_an_address_writes_one_line_whatever_is_in_it(checker: User, lines: io.StringIO) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.get(f"/nowhere%0A{FORGED_LINE}/%1b[31m/%E2%80%A8/")
    browser.post(f"/accounts/join/x%0D%0A{FORGED_LINE}/")
    written = lines.getvalue()
    assert "nowhere" in written
    assert "Form key refused" in written
    assert not any(line.startswith(FORGED_LINE) for line in re.split(r"[\r\n\u2028]", written))
    assert "\x1b" not in written


def test_the_text_of_a_fault_looks_like_no_line_of_its_own(lines: io.StringIO) -> None:
    try:
        int(f"typed\n{FORGED_LINE}")
    except ValueError:
        logging.getLogger("galley.faults").exception("Fault\n%s", FORGED_LINE)
    assert not any(line.startswith("2026-01-01") for line in lines.getvalue().splitlines())
    assert "  | ValueError: " in lines.getvalue()


def test_a_link_that_opens_something_is_not_written_down(team: Team, admin: User, lines: io.StringIO) -> None:
    token = teams.invite(actor=admin, team=team, email="ines@ledger.example", role="viewer")[1]
    Client(enforce_csrf_checks=True).post(reverse("join", args=[token]), WORDS)
    Client().get(f"/accounts/password/reset/key/1-{token}/nowhere/")
    assert "/accounts/join/…/" in lines.getvalue()
    assert token not in lines.getvalue()


def test_who_came_went_and_was_refused_stands_in_the_log_and_no_secret_does(
    team: Team, admin: User, viewer: User, secret: str, checker: User, claim: Claim, lines: io.StringIO
) -> None:
    token = teams.invite(actor=admin, team=team, email="ines@ledger.example", role="viewer")[1]
    browser = Client()
    browser.post(LOGIN, {"login": viewer.email, "password": "a-wrong-password"})
    browser.post(LOGIN, {"login": viewer.email, "password": PASSWORD})
    browser.get("/team/policy/")
    browser.post("/accounts/logout/")
    half_way(checker).post(SECOND_STEP, {"code": "000000"})
    Client().post(reverse("join", args=[token]), WORDS)
    said = lines.getvalue()
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z WARNING galley.access: Sign-in refused", said)
    for event in (
        "Sign-in refused from 127.0.0.1", f"Person {viewer.pk} signed in from 127.0.0.1 by password",
        f"Person {viewer.pk} may not GET /team/policy/", f"Person {viewer.pk} signed out", "Second step refused from",
        "joined",
    ):  # fmt: skip
        assert event in said
    for hidden in (PASSWORD, "a-wrong-password", WORDS["password"], secret, token, viewer.email, "000000"):
        assert hidden not in said


def test_a_fault_at_the_door_logs_no_password(
    checker: User, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("verify.adapters.AccountAdapter.authenticate", broken)
    browser = Client(raise_request_exception=False)
    assert browser.post(LOGIN, {"login": checker.email, "password": PASSWORD}).status_code == 500
    assert "RuntimeError: broken" in lines.getvalue()
    assert PASSWORD not in lines.getvalue()
    assert not settings.ADMINS  # nor does a mail leave with it


def test_nothing_secret_stands_in_an_address(article: Article, checker: User) -> None:
    """Passwords and codes go in the body; what a GET form sends is filters."""
    browser = Client()
    browser.force_login(checker, backend=BACKEND)
    for path in ("/accounts/password/change/", LOGIN, "/accounts/", "/articles/", f"/articles/{article.pk}/"):
        page = browser.get(path).content.decode()
        for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
            posts = 'method="post"' in form
            assert posts or not re.search(r'type="password"|name="(code|csrfmiddlewaretoken)"', form)
    assert keys()  # the keys of forms are made anew each time
