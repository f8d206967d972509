"""Sessions begin fresh, and end: with the sign-out, with a new password, with rest and age; and with what one loses."""

import datetime
import re
from http.cookies import Morsel

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone as clock

from claims.actions import teams, verdicts
from claims.forms.keys import sign_person
from claims.models import Article, Claim, Membership, Stash, Team, User
from tests.people import PASSWORD, keys, support, verdict

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
NEW_PASSWORD = "carry bread and coal"


def sign_in(user: User, password: str = PASSWORD, browser: Client | None = None) -> Client:
    browser = browser or Client()
    answer = browser.post("/accounts/login/", {"login": user.email, "password": password})
    assert (answer.status_code, answer["Location"]) == (302, "/queue/")
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/queue/").status_code == 200


def cookie(browser: Client) -> Morsel[str]:
    return browser.cookies[settings.SESSION_COOKIE_NAME]


def moved(monkeypatch: pytest.MonkeyPatch, by: datetime.timedelta) -> None:
    """The clock, as sessions read it."""
    now = clock.now() + by
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)


# --- they begin ------------------------------------------------------------------------------


def test_a_sign_in_makes_a_new_session_and_the_one_before_leads_nowhere(checker: User, team: Team) -> None:
    """Session fixation: the key that somebody was made to bring is not the one that is signed in."""
    browser = Client()
    browser.get("/accounts/2fa/authenticate/")
    session = browser.session
    session["brought"] = 1
    session.save()
    brought = session.session_key
    browser.cookies[settings.SESSION_COOKIE_NAME] = brought
    sign_in(checker, browser=browser)
    assert cookie(browser).value != brought
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = brought
    assert not is_in(thief)
    assert not Session.objects.filter(session_key=brought).exists()


def test_the_password_once_more_makes_a_new_session_too(checker: User, team: Team) -> None:
    browser = sign_in(checker)
    before = cookie(browser).value
    browser.post("/accounts/reauthenticate/", {"password": "wrong"})
    assert cookie(browser).value == before
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert cookie(browser).value != before
    assert is_in(browser)
    assert not Session.objects.filter(session_key=before).exists()


def test_who_joins_by_link_gets_a_new_session(team: Team, admin: User) -> None:
    token = teams.invite(actor=admin, team=team, email="ines@ledger.example", role="viewer")[1]
    browser = Client()
    session = browser.session
    session["brought"] = 1
    session.save()
    browser.cookies[settings.SESSION_COOKIE_NAME] = brought = session.session_key
    browser.post(reverse("join", args=[token]), {"name": "Ines", "password": NEW_PASSWORD})
    assert is_in(browser)
    assert cookie(browser).value != brought


def test_a_made_up_session_is_none(team: Team) -> None:
    browser = Client()
    for made_up in ("x" * 32, "", "../../etc", "a\0b", "1" * 5000):
        browser.cookies[settings.SESSION_COOKIE_NAME] = made_up
        assert browser.get("/queue/").status_code == 302


def test_the_cookie_is_out_of_reach_and_has_128_bits(checker: User, team: Team) -> None:
    browser = sign_in(checker)
    found = cookie(browser)
    assert (found["httponly"], found["samesite"], found["path"], found["domain"]) == (True, "Lax", "/", "")
    assert int(found["max-age"]) == settings.SESSION_COOKIE_AGE
    assert re.fullmatch(r"[a-z0-9]{32}", found.value)  # 36 signs, 32 places: 165 bits
    assert browser.cookies[settings.CSRF_COOKIE_NAME]["samesite"] == "Lax"


# --- they end --------------------------------------------------------------------------------


def test_a_cookie_kept_from_before_the_sign_out_opens_nothing(checker: User, team: Team) -> None:
    browser, copy = sign_in(checker), Client()
    copy.cookies[settings.SESSION_COOKIE_NAME] = cookie(browser).value
    assert is_in(copy)
    answer = browser.post("/accounts/logout/")
    assert answer["Location"] == "/accounts/login/"
    assert not is_in(copy)
    assert not is_in(browser)


def test_every_page_has_the_way_out(checker: User, claim: Claim) -> None:
    browser = sign_in(checker)
    desk = reverse("desk", args=[claim.article_id])
    for path in ("/queue/", "/articles/", "/sources/", "/team/", "/accounts/", "/accounts/2fa/", desk, "/nowhere/"):
        assert 'action="/accounts/logout/"' in browser.get(path).content.decode(), path


def test_signing_out_takes_a_post_and_makes_the_browser_forget(checker: User, team: Team) -> None:
    browser = sign_in(checker)
    browser.get("/accounts/logout/")
    assert is_in(browser)
    assert browser.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "storage"'
    # who is not signed in is not made to forget: any page could send such a form
    assert "Clear-Site-Data" not in Client().post("/accounts/logout/")


def test_a_new_password_ends_the_sessions_elsewhere_and_keeps_this_one(checker: User, team: Team) -> None:
    here, elsewhere = sign_in(checker), sign_in(checker)
    words = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert here.post("/accounts/password/change/", words).status_code == 302
    assert is_in(here)
    assert not is_in(elsewhere)


def test_a_password_set_by_a_mailed_link_ends_all_sessions(checker: User, team: Team, mailoutbox: list[object]) -> None:
    before = sign_in(checker)
    stranger = Client()
    stranger.post("/accounts/password/reset/", {"email": checker.email})
    link = re.search(r"http://[^/]+(/accounts/password/reset/key/\S+)", mailoutbox[0].body)  # type: ignore[attr-defined]
    assert link is not None
    page = stranger.get(link[1], follow=True).redirect_chain[-1][0]
    stranger.post(page, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert not is_in(before)
    assert not is_in(stranger)
    assert is_in(sign_in(checker, NEW_PASSWORD))


def test_somebody_switched_off_is_out_at_the_next_request(checker: User, team: Team) -> None:
    browser = sign_in(checker)
    User.objects.filter(pk=checker.pk).update(is_active=False)
    assert not is_in(browser)
    answer = Client().post("/accounts/login/", {"login": checker.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/inactive/"


def test_a_session_that_rests_for_a_day_ends(checker: User, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in(checker)
    moved(monkeypatch, datetime.timedelta(hours=23))
    assert is_in(browser)  # and begins its rest anew
    moved(monkeypatch, datetime.timedelta(hours=23))
    assert is_in(browser)
    moved(monkeypatch, datetime.timedelta(hours=25))
    assert not is_in(browser)


def test_a_session_in_use_ends_after_a_fortnight(checker: User, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = sign_in(checker)
    for _half_day in range(27):
        moved(monkeypatch, datetime.timedelta(hours=12))
        assert is_in(browser)
    moved(monkeypatch, datetime.timedelta(hours=13))
    assert not is_in(browser)
    assert not Session.objects.filter(session_key=cookie(browser).value).exists()


def test_a_page_does_not_write_the_session_again(checker: User, team: Team, django_assert_num_queries: object) -> None:
    browser = sign_in(checker)
    is_in(browser)
    expires = Session.objects.get().expire_date
    is_in(browser)
    assert Session.objects.get().expire_date == expires


# --- and what one may do ends with the role --------------------------------------------------


def without_role(team: Team, admin: User, user: User, role: str) -> None:
    row = team.memberships.get(user=user)
    teams.change_roles(actor=admin, team=team, roles={row.pk: role}, opened={row.pk: row.row_version})


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_lost_role_holds_at_the_next_request_on_a_form_that_stands_open(
    team: Team, admin: User, reviewer: User, checker: User, proposed: Claim, headers: dict[str, str]
) -> None:
    browser = sign_in(reviewer)
    path = reverse("decide", args=[proposed.article_id, proposed.number])
    fields = keys(proposed.row_version) | {"verdict": verdict(team).label.pk, "rationale": "Typed at length."}
    assert browser.get(path, headers=headers).status_code == 200
    without_role(team, admin, reviewer, "viewer")
    answer = browser.post(path, fields, headers=headers)
    assert answer.status_code == 403
    assert "takes the role Reviewer" in answer.content.decode()
    # to htmx the page stays as it was typed; without script the words are shown to be copied
    assert headers or "Typed at length." in answer.content.decode()
    proposed.refresh_from_db()
    assert proposed.status == "proposed"


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_who_is_removed_from_the_team_loses_it_at_once(
    team: Team, admin: User, checker: User, claim: Claim, article: Article, headers: dict[str, str]
) -> None:
    browser = sign_in(checker)
    desk, form = reverse("desk", args=[article.pk]), reverse("log_claim", args=[article.pk])
    assert browser.get(desk, headers=headers).status_code == 200
    row = team.memberships.get(user=checker)
    teams.remove_member(actor=admin, membership=row, reason="Left", version=row.row_version)
    assert browser.get(desk, headers=headers).status_code == 404
    answer = browser.post(form, keys() | {"quote": "in March 2023", "statement": "Typed at length."}, headers=headers)
    assert answer.status_code == 404
    assert headers or "Typed at length." in answer.content.decode()
    assert browser.get("/queue/", headers=headers).status_code == 403
    assert article.claims.count() == 1


def test_what_was_typed_before_the_removal_is_given_back_to_nobody(
    team: Team, admin: User, checker: User, teammate: User, claim: Claim
) -> None:
    """The session had ended, the text was kept; meanwhile its writer was removed."""
    path = reverse("claim", args=[claim.article_id, claim.number])
    Client().post(path, keys(1) | {"statement": "Kept in confidence", "person": sign_person(checker)})
    assert Stash.objects.count() == 1
    row = team.memberships.get(user=checker)
    teams.remove_member(actor=admin, membership=row, reason="Left", version=row.row_version)
    assert sign_in(checker).get(path).status_code == 404
    assert "Kept in confidence" not in sign_in(teammate).get(path).content.decode()


def test_a_signature_of_another_person_keeps_nothing_for_them(claim: Claim, checker: User, teammate: User) -> None:
    path = reverse("claim", args=[claim.article_id, claim.number])
    forged = sign_person(checker).replace(str(checker.pk), str(teammate.pk), 1)
    Client().post(path, keys(1) | {"statement": "Planted", "person": forged})
    assert not Stash.objects.exists()


def test_the_team_that_the_session_shows_is_gone_with_the_membership(
    team: Team, checker: User, other_team: Team, outsider: User
) -> None:
    token = teams.invite(actor=outsider, team=other_team, email=checker.email, role="viewer")[1]
    teams.join(actor=checker, token=token)
    browser = sign_in(checker)
    browser.post(reverse("switch_team"), {"team": "post"})
    assert "Lode Valley Post" in browser.get("/queue/").content.decode()
    row = Membership.objects.get(user=checker, team=other_team)
    teams.remove_member(actor=outsider, membership=row, reason="Left", version=row.row_version)
    assert "Lode Valley Post" not in browser.get("/queue/").content.decode()


def test_an_action_asks_for_the_role_again(team: Team, admin: User, checker: User, claim: Claim) -> None:
    """Beneath the pages: what was fetched while the role held is not written after it is lost."""
    support(claim, checker)
    without_role(team, admin, checker, "viewer")
    with pytest.raises(Exception, match="takes the role Checker"):
        verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
