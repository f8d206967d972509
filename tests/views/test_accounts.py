"""The account, the doors, and the invitation."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import teams
from claims.models import Act, Membership, Team, User
from tests.people import PASSWORD

As = Callable[[User], Client]


@pytest.fixture
def invited(team: Team, admin: User) -> str:
    """The token of an invitation of ines@ledger.example as a checker."""
    return teams.invite(actor=admin, team=team, email="ines@ledger.example", role="checker")[1]


def of(token: str) -> str:
    return reverse("join", args=[token])


def test_a_person_changes_their_name(as_: As, checker: User) -> None:
    answer = as_(checker).post(reverse("account"), {"part": "name", "name": " Ifeoma  Brandt-Orme "}, follow=True)
    checker.refresh_from_db()
    assert checker.name == "Ifeoma  Brandt-Orme"
    assert "Saved." in answer.content.decode()


def test_an_empty_name_is_refused_and_keeps_the_old_one(as_: As, checker: User) -> None:
    answer = as_(checker).post(reverse("account"), {"part": "name", "name": " "})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    checker.refresh_from_db()
    assert checker.name == "Ifeoma Brandt"


def test_keys_are_switched_off_and_on_without_touching_the_name(as_: As, checker: User) -> None:
    client = as_(checker)
    client.post(reverse("account"), {"part": "keys"})
    checker.refresh_from_db()
    assert (checker.shortcuts, checker.name) == (False, "Ifeoma Brandt")
    client.post(reverse("account"), {"part": "keys", "shortcuts": "on"})
    checker.refresh_from_db()
    assert checker.shortcuts


def test_an_unknown_part_changes_nothing(as_: As, checker: User) -> None:
    assert as_(checker).post(reverse("account"), {"part": "role", "role": "admin"}).status_code == 200
    assert Membership.objects.get(user=checker).role == "checker"


def test_the_account_asks_for_sign_in(client: Client, db: None) -> None:
    assert client.get(reverse("account")).headers["Location"].startswith("/accounts/login/?next=")


def test_somebody_in_no_team_sees_their_account(as_: As, outsider: User) -> None:
    assert "in no team yet" in as_(outsider).get(reverse("account")).content.decode()


def test_a_person_of_two_teams_switches(as_: As, checker: User, other_team: Team, outsider: User) -> None:
    _invitation, token = teams.invite(actor=outsider, team=other_team, email=checker.email, role="viewer")
    teams.join(actor=checker, token=token)
    client = as_(checker)
    page = client.get(reverse("account")).content.decode()
    assert 'value="post"' in page
    client.post(reverse("switch_team"), {"team": "post"})
    assert "viewer in Lode Valley Post" in client.get(reverse("account")).content.decode()


def test_nobody_switches_to_another_persons_team(as_: As, checker: User, other_team: Team) -> None:
    assert as_(checker).post(reverse("switch_team"), {"team": "post"}).status_code == 404


def test_sign_in_has_the_labels_that_people_look_for(client: Client, db: None) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert re.search(r'<label for="id_login">Email</label>', page)
    assert re.search(r'<label for="id_password">Password</label>', page)
    assert re.search(r'<button class="button button-first" type="submit">Sign in</button>', page)
    assert "placeholder" not in page
    assert " required" not in page


def test_a_wrong_password_is_said_and_the_address_kept(client: Client, checker: User) -> None:
    page = client.post("/accounts/login/", {"login": checker.email, "password": "wrong"}).content.decode()
    assert 'role="alert"' in page
    assert f'value="{checker.email}"' in page


def test_the_right_password_opens_the_queue(client: Client, checker: User) -> None:
    answer = client.post("/accounts/login/", {"login": checker.email, "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/queue/")


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/inactive/"])
def test_doors_stand_in_the_look_of_the_house(client: Client, db: None, path: str) -> None:
    page = client.get(path).content.decode()
    assert 'class="sheet cropped card"' in page
    assert "<script>" not in page
    assert "onclick" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    "path",
    [
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/accounts/2fa/webauthn/",
        "/accounts/reauthenticate/",
        "/accounts/logout/",
    ],
)
def test_own_pages_stand_in_the_look_of_the_house(as_: As, checker: User, path: str) -> None:
    answer = as_(checker).get(path)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert 'class="masthead"' in page or 'class="sheet cropped card"' in page
    assert "<script>" not in page
    assert "style=" not in page


def test_a_new_person_joins_by_link_and_is_signed_in(client: Client, invited: str, team: Team) -> None:
    page = client.get(of(invited)).content.decode()
    assert "Join The Wexcombe Ledger" in page
    assert "Margit Sørensen" in page
    assert "checker" in page
    answer = client.post(of(invited), {"name": "Ines Okafor", "password": "carry bread and coal"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/queue/")
    ines = User.objects.get(email="ines@ledger.example")
    assert Membership.objects.get(user=ines, team=team).role == "checker"
    assert client.get(reverse("account")).status_code == 200
    last = Act.objects.order_by("-act")[0]
    assert (last.verb, last.actor_name) == ("member.join", "Ines Okafor")


@pytest.mark.parametrize("password", ["", "short", "password1234", "ines@ledger.example"])
def test_a_weak_password_is_refused_and_nobody_joins(client: Client, invited: str, password: str) -> None:
    answer = client.post(of(invited), {"name": "Ines Okafor", "password": password})
    assert answer.status_code == 422
    assert 'value="Ines Okafor"' in answer.content.decode()
    assert not User.objects.filter(email="ines@ledger.example").exists()


def test_a_link_works_once(client: Client, invited: str) -> None:
    client.post(of(invited), {"name": "Ines Okafor", "password": "carry bread and coal"})
    again = Client().get(of(invited))
    assert again.status_code == 410
    assert "It was used already." in again.content.decode()


def test_a_withdrawn_link_says_so(client: Client, invited: str, team: Team, admin: User) -> None:
    teams.withdraw_invitation(actor=admin, invitation=team.invitations.get())
    answer = client.post(of(invited), {"name": "Ines Okafor", "password": "carry bread and coal"})
    assert answer.status_code == 410
    assert "It was withdrawn." in answer.content.decode()


def test_a_link_that_ran_out_says_so(client: Client, invited: str, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    later = team.invitations.get().expires_at + dt.timedelta(seconds=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    answer = client.get(of(invited))
    assert answer.status_code == 410
    assert "older than seven days" in answer.content.decode()


def test_an_unknown_link_is_not_found(client: Client, db: None) -> None:
    assert client.get(of("nothing")).status_code == 404


def test_somebody_with_an_account_is_asked_to_sign_in_first(
    client: Client, team: Team, admin: User, outsider: User
) -> None:
    token = teams.invite(actor=admin, team=team, email=outsider.email, role="viewer")[1]
    page = client.get(of(token)).content.decode()
    assert f"/accounts/login/?next={of(token)}" in page
    client.post(of(token), {"name": "Not Ken", "password": "carry bread and coal"})
    assert not Membership.objects.filter(team=team, user=outsider).exists()


def test_a_signed_in_person_joins_with_one_button(as_: As, team: Team, admin: User, outsider: User) -> None:
    token = teams.invite(actor=admin, team=team, email=outsider.email, role="viewer")[1]
    assert as_(outsider).post(of(token)).headers["Location"] == "/queue/"
    assert Membership.objects.get(team=team, user=outsider).role == "viewer"


def test_another_person_is_told_whose_invitation_it_is(as_: As, checker: User, invited: str) -> None:
    client = as_(checker)
    assert "This invitation is for somebody else" in client.get(of(invited)).content.decode()
    assert client.post(of(invited)).status_code == 403
    assert Membership.objects.filter(user=checker).count() == 1
