"""Teams, their members, invitations and policy."""

import datetime
import secrets
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone as clock
from django.utils.translation import gettext as _
from django.utils.translation import override

from claims.actions.rows import changed, lock_team, locked, require, save
from claims.actions.whole import action
from claims.models import Invitation, Label, Membership, Team, User
from claims.roles import Role
from claims.trail import act
from claims.workflow import DEFAULT_SCALE, Refused

INVITATION_HOLDS = datetime.timedelta(days=7)


@action
def create_team(
    *, name: str, slug: str, admin: User, timezone: str = "UTC", language: str = "en", actor: User | None = None
) -> Team:
    """Make a team with the default scale and its first admin. The system does it: sign-up is closed."""
    with act("team.create", actor):
        team = Team.objects.create(name=name, slug=slug, timezone=timezone)
        with override(language):
            Label.objects.bulk_create(
                Label(team=team, meaning=meaning, name=str(label), explanation=str(says), position=position)
                for position, (meaning, (label, says)) in enumerate(DEFAULT_SCALE.items(), 1)
            )
        Membership.objects.create(team=team, user=admin, role=Role.ADMIN)
    return team


@action
def invite(*, actor: User, team: Team, email: str, role: str) -> tuple[Invitation, str]:
    """Invite one address; returns the invitation and the token of its link, which is stored nowhere."""
    lock_team(team.pk)
    require(team.pk, actor, "member.invite")
    email = email.strip().lower()
    if Membership.objects.filter(team=team, user__email__iexact=email).exists():
        raise Refused(_("%(email)s is a member already.") % {"email": email}, field="email")
    token = secrets.token_urlsafe(24)
    now = clock.now()
    with act("member.invite", actor):
        team.invitations.waiting().filter(email=email).update(withdrawn_at=now)
        invitation = Invitation.objects.create(
            team=team,
            email=email,
            role=Role(role),
            token_hash=Invitation.hash_of(token),
            invited_by=actor,
            expires_at=now + INVITATION_HOLDS,
        )
    return invitation, token


@action
def withdraw_invitation(*, actor: User, invitation: Invitation) -> Invitation:
    """Take an invitation back; its link stops to work."""
    require(invitation.team_id, actor, "member.invite")
    invitation = locked(invitation)
    if invitation.accepted_at is not None:
        raise Refused(_("It was accepted already. Change the member’s role instead."))
    if invitation.withdrawn_at is None:
        with act("member.uninvite", actor):
            save(invitation, withdrawn_at=clock.now())
    return invitation


@action
def accept_invitation(*, token: str, name: str, password: str) -> User:
    """Join as a new person, who gets an account with the invited address."""
    invitation = _open_invitation(token)
    if User.objects.filter(email__iexact=invitation.email).exists():
        raise Refused(_("There is an account with this address already. Sign in to join."))
    try:
        with transaction.atomic():
            user = User.objects.create_user(invitation.email, name, password)
    except IntegrityError as error:  # another team's invitation, answered in this moment
        raise Refused(_("There is an account with this address already. Sign in to join.")) from error
    _join(invitation, user)
    return user


@action
def join(*, actor: User, token: str) -> Membership:
    """Join as somebody who has an account with the invited address."""
    invitation = _open_invitation(token)
    if invitation.email.lower() != actor.email.lower():
        raise Refused(_("This invitation is for another address than the one you are signed in with."))
    return _join(invitation, actor)


def _open_invitation(token: str) -> Invitation:
    invitation = Invitation.objects.by_token(token).select_for_update(no_key=True).first()
    if invitation is None or not invitation.is_open:
        raise Refused(_("This invitation no longer holds. Ask an admin of the team for a new one."))
    return invitation


def _join(invitation: Invitation, user: User) -> Membership:
    with act("member.join", user):
        save(invitation, accepted_at=clock.now())
        membership, _made = Membership.objects.get_or_create(
            team=invitation.team, user=user, defaults={"role": invitation.role}
        )
    return membership


@action
def change_roles(*, actor: User, team: Team, roles: Mapping[int, str], opened: Mapping[int, int]) -> Team:
    """Give members (by membership id) new roles, in one act; a team keeps at least one admin.

    `opened` holds the version of each membership that the form was opened on; Stale where one was changed since.
    """
    # under the lock: who was removed or lost their role a moment ago changes nothing any more
    team = lock_team(team.pk)
    require(team.pk, actor, "member.change")
    wanted = {
        membership: roles[membership.pk]
        for membership in Membership.objects.filter(team=team, pk__in=roles).select_for_update(no_key=True)
        if membership.role != roles[membership.pk]
    }
    if not wanted:
        return team
    with act("member.role", actor):
        for membership, role in wanted.items():
            locked(membership, opened.get(membership.pk))
            save(membership, role=Role(role))
        _keep_an_admin(team)
    return team


@action
def remove_member(*, actor: User, membership: Membership, reason: str, version: int | None = None) -> Team:
    """End a membership. What the person did stays; what was assigned to them is nobody's."""
    team = lock_team(membership.team_id)
    require(team.pk, actor, "member.change")
    membership = locked(membership, version)
    with act("member.remove", actor, reason):
        membership.delete()
        _keep_an_admin(team)
    return team


def _keep_an_admin(team: Team) -> None:
    if not Membership.objects.filter(team=team, role=Role.ADMIN).exists():
        raise Refused(_("A team keeps at least one admin. Make somebody else admin first. Nothing was changed."))


@action
def change_policy(*, actor: User, team: Team, reason: str, version: int | None = None, **policy: Any) -> Team:
    """Change the team's policy: four_eyes, high_risk_origins, timezone, name."""
    lock_team(team.pk)
    require(team.pk, actor, "policy.change")
    team = locked(team, version)
    if values := changed(team, policy):
        if "four_eyes" in values and not reason.strip():
            raise Refused(_("Give a reason: every report will say that this was switched."), field="reason")
        with act("team.policy", actor, reason):
            save(team, **values)
    return team
