"""A team and its first admin from the command line."""

import io
import re
import sys

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from claims.models import Membership, Team, User
from claims.roles import Role
from claims.trail.verify import verify

pytestmark = pytest.mark.django_db
ADMIN = {"admin_email": "margit@ledger.example", "admin_name": "Margit Sørensen"}


def create(name: str = "The Wexcombe Ledger", **options: object) -> str:
    said = io.StringIO()
    call_command("create_team", name, stdout=said, **{**ADMIN, **options})
    return said.getvalue()


def test_the_team_has_its_scale_its_admin_and_an_act() -> None:
    create(timezone="Europe/London")
    team = Team.objects.get(slug="the-wexcombe-ledger")
    assert (team.name, team.timezone, team.labels.count()) == ("The Wexcombe Ledger", "Europe/London", 6)
    assert Membership.objects.get(team=team).role == Role.ADMIN
    assert verify().holds


def test_the_link_lets_the_admin_set_a_password_once_and_sign_in() -> None:
    link = re.search(r"http\S+(/accounts/password/reset/key/\S+)", create())
    assert link is not None
    browser = Client()
    page = browser.get(link[1], follow=True)
    words = {"password1": "correct-horse-battery", "password2": "correct-horse-battery"}
    browser.post(page.redirect_chain[-1][0], words)
    assert User.objects.get(email=ADMIN["admin_email"]).check_password("correct-horse-battery")
    assert Client().login(email=ADMIN["admin_email"], password="correct-horse-battery")
    again = Client().get(link[1], follow=True)
    assert b"password1" not in again.content


def test_a_password_comes_by_standard_input_and_never_by_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("correct-horse-battery\n"))
    assert "/password/reset/" not in create(password_stdin=True)
    assert User.objects.get(email=ADMIN["admin_email"]).check_password("correct-horse-battery")


def test_a_person_with_an_account_becomes_admin_of_a_second_team(admin: User, team: Team) -> None:
    said = create("Lode Valley Post", slug="post")
    assert "/password/reset/" not in said
    assert Membership.objects.filter(user=admin).count() == 2


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"slug": "no slug"}, "no short name"),
        ({"slug": "x" * 51}, "taken or too long"),
        ({"timezone": "Europe/Wexcombe"}, "no time zone"),
        ({"admin_email": "nobody"}, "valid email"),
        ({"admin_name": " "}, "what the admin is called"),
        ({"name": "  ", "slug": "x"}, "needs a name"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(options: dict[str, str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        create(**options)
    assert (Team.objects.count(), User.objects.count()) == (0, 0)


def test_a_taken_short_name_is_said(team: Team) -> None:
    with pytest.raises(CommandError, match="taken"):
        create(slug="ledger")


def test_a_weak_password_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="short"):
        create(password_stdin=True)
    assert Team.objects.count() == 0
