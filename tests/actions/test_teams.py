"""Teams, invitations, roles and policy."""

import datetime

import pytest
from django.utils import timezone as clock

from claims.actions import Stale, teams
from claims.models import Act, Invitation, Membership, Team, User
from claims.roles import NotAllowed, Role
from claims.workflow import Refused

pytestmark = pytest.mark.django_db


def test_a_team_is_made_with_the_default_scale_and_an_admin(team: Team, admin: User) -> None:
    names = [label.name for label in team.labels.in_force()]
    assert names == ["Verified", "Needs fix", "Disputed", "Inaccurate", "Unverifiable", "Not checkable"]
    assert Membership.objects.get(team=team, user=admin).role == "admin"
    act = Act.objects.in_stream(f"team:{team.pk}").get(seq=1)
    assert (act.verb, act.actor_id, act.actor_name) == ("team.create", None, "Galley")


def test_an_invitation_holds_for_its_address_once_and_stores_no_token(team: Team, admin: User) -> None:
    invitation, token = teams.invite(actor=admin, team=team, email="New@Ledger.example", role="checker")
    assert token not in str(Invitation.objects.values().get(pk=invitation.pk))
    user = teams.accept_invitation(token=token, name="New Person", password="correct-horse-battery")
    assert (user.email, Membership.objects.get(user=user).role) == ("new@ledger.example", "checker")
    with pytest.raises(Refused, match="no longer holds"):
        teams.accept_invitation(token=token, name="Again", password="x")


def test_another_address_cannot_use_the_link(team: Team, admin: User, outsider: User) -> None:
    _invitation, token = teams.invite(actor=admin, team=team, email="new@ledger.example", role="viewer")
    with pytest.raises(Refused, match="another address"):
        teams.join(actor=outsider, token=token)


def test_withdrawn_and_expired_invitations_do_not_hold(team: Team, admin: User) -> None:
    invitation, token = teams.invite(actor=admin, team=team, email="new@ledger.example", role="viewer")
    teams.withdraw_invitation(actor=admin, invitation=invitation)
    with pytest.raises(Refused):
        teams.accept_invitation(token=token, name="New", password="x")
    assert not Invitation(expires_at=clock.now() - datetime.timedelta(seconds=1)).is_open


def test_a_second_invitation_replaces_the_first(team: Team, admin: User) -> None:
    _first, old = teams.invite(actor=admin, team=team, email="new@ledger.example", role="viewer")
    _second, new = teams.invite(actor=admin, team=team, email="new@ledger.example", role="reviewer")
    with pytest.raises(Refused):
        teams.accept_invitation(token=old, name="New", password="x")
    assert teams.accept_invitation(token=new, name="New", password="x").memberships.get().role == "reviewer"


def test_a_team_keeps_at_least_one_admin(team: Team, admin: User) -> None:
    mine = Membership.objects.get(team=team, user=admin)
    with pytest.raises(Refused, match="at least one admin"):
        teams.change_roles(actor=admin, team=team, roles={mine.pk: "viewer"}, opened={})
    with pytest.raises(Refused, match="at least one admin"):
        teams.remove_member(actor=admin, membership=mine, reason="Leaving")
    mine.refresh_from_db()
    assert mine.role == "admin"


def test_role_changes_are_acts_and_stale_ones_are_refused(team: Team, admin: User, checker: User) -> None:
    row = Membership.objects.get(team=team, user=checker)
    teams.change_roles(actor=admin, team=team, roles={row.pk: Role.REVIEWER}, opened={row.pk: 1})
    assert Act.objects.in_stream(f"team:{team.pk}").newest_first()[0].verb == "member.role"
    with pytest.raises(Stale):
        teams.change_roles(actor=admin, team=team, roles={row.pk: Role.VIEWER}, opened={row.pk: 1})


def test_only_admins_run_members_and_policy(team: Team, reviewer: User) -> None:
    with pytest.raises(NotAllowed):
        teams.invite(actor=reviewer, team=team, email="x@y.example", role="viewer")
    with pytest.raises(NotAllowed):
        teams.change_policy(actor=reviewer, team=team, reason="", high_risk_origins=1)
    row = Membership.objects.get(team=team, user=reviewer)
    with pytest.raises(NotAllowed):
        teams.change_roles(actor=reviewer, team=team, roles={row.pk: "admin"}, opened={})


def test_a_removed_member_loses_the_team_at_once(team: Team, admin: User, checker: User, viewer: User) -> None:
    teams.remove_member(actor=admin, membership=Membership.objects.get(user=checker), reason="Left the paper")
    with pytest.raises(NotAllowed):
        teams.invite(actor=checker, team=team, email="x@y.example", role="viewer")
