"""The team's page: members and roles, invitations, and the policy. claims.views.scale has the verdict scale on it."""

from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims import roles
from claims.actions import teams
from claims.forms.fields import Form
from claims.forms.teams import InviteForm, PolicyForm, RolesForm
from claims.forms.verdicts import ReasonForm
from claims.models import Invitation, Membership, Team
from claims.roles import ROLE_NAMES, Role
from claims.trail.lasts import last_acts
from claims.views import access, scales
from claims.views.access import Request, signed_in
from claims.views.theirs import theirs
from claims.views.writing import Writing

MEMBERS = 500  # on one page
PERMISSIONS = {
    "captures": "capture.queue",
    "members": "member.change",
    "invite": "member.invite",
    "scale": "scale.change",
    "policy": "policy.change",
}


@dataclass(frozen=True)
class Ask:
    """A form that opens within a section of the page, for an act that wants to be meant."""

    section: str
    heading: str
    text: str
    action: str
    button: str
    form: Form
    version: int | None = None


@signed_in
@require_safe
def team(request: Request) -> HttpResponse:
    """Who may do what, the scale, and the rules; admins change them, others read them."""
    return page(request, access.team(request))


def page(request: Request, shown: Team, writing: Writing | None = None, **more: Any) -> HttpResponse:
    """The team's page; `more` replaces a form by the one that was sent, or opens an `ask`."""
    role = access.role(request, shown.pk)
    refused = {part: roles.refusal(role, permission) for part, permission in PERMISSIONS.items()}
    members = list(shown.memberships.select_related("user").order_by("user__name", "pk")[:MEMBERS])
    context = {
        "team": shown,
        "writing": writing,
        "refused": refused,
        "admins": [member.user.name for member in members if member.role == Role.ADMIN][:3],
        "theirs": [],
        "count": len(members),
        "roles": None if refused["members"] else RolesForm(members=members),
        "invite": None if refused["invite"] else InviteForm(ids="invite"),
        "policy": PolicyForm(team=shown),
        "invitations": [] if refused["invite"] else invitations(shown),
        **scales.shown(shown, refused=bool(refused["scale"])),
        **more,
    }
    context["members"] = rows(shown, members, context["roles"])
    status = 200 if writing is None else writing.status
    return render(request, "teams/team.html", context, status=status)


def rows(shown: Team, members: list[Membership], form: RolesForm | None) -> list[dict[str, Any]]:
    """Each member with when they last acted and, for an admin, the fields of their role."""
    acted = last_acts(shown.pk, [member.user_id for member in members])
    return [
        {
            "member": member,
            "last": acted.get(member.user_id),
            "role": form[f"role-{member.pk}"] if form else None,
            "opened": form[f"opened-{member.pk}"] if form else None,
        }
        for member in members
    ]


def invitations(shown: Team) -> list[Invitation]:
    """Those that wait, and those that ran out unanswered; the newest first."""
    return list(shown.invitations.waiting().select_related("invited_by").order_by("-pk")[:100])


def back(section: str) -> HttpResponse:
    """To the section of the page."""
    return redirect(reverse("team") + f"#{section}")


# --- members ---------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_roles(request: Request) -> HttpResponse:
    """Give members their roles, all in one act."""
    shown = access.team(request, "member.change")
    writing = Writing(request)
    members = list(shown.memberships.select_related("user").order_by("user__name", "pk")[:MEMBERS])
    form = RolesForm(writing.data, members=members)
    if writing.sent and form.is_valid():
        given, opened = form.roles, form.opened
        saved = writing.once(
            form, lambda _version: teams.change_roles(actor=request.user, team=shown, roles=given, opened=opened)
        )
        if saved:
            messages.success(request, _("The roles are saved."))
            return back("members")
    if writing.stale:
        form = reopened(form, members)
    return page(request, shown, writing, roles=form, at="members")


def reopened(form: RolesForm, members: list[Membership]) -> RolesForm:
    """The form with what was chosen, on the memberships as they are now."""
    data = cast(QueryDict, form.data).copy()
    for member in members:
        data[f"opened-{member.pk}"] = str(member.row_version)
    return RolesForm(data, members=members)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def remove_member(request: Request, membership_id: int) -> HttpResponse:
    """End a membership, with a reason."""
    writing = Writing(request)
    try:
        member = access.member(request, membership_id, "member.change")
    except Http404:
        writing.again()
        return back("members")
    form = ReasonForm(writing.data, ids="remove")
    if writing.sent and form.is_valid():
        reason = form.cleaned_data["reason"]
        removed = writing.once(
            form,
            lambda version: teams.remove_member(
                actor=request.user, membership=member, reason=reason, version=version or 0
            ),
        )
        if removed:
            messages.success(request, _("%(name)s is no member any more.") % {"name": member.user.name})
            return back("members")
    if writing.stale:
        member = access.member(request, membership_id)
    ask = Ask(
        "members",
        _("Remove %(name)s") % {"name": member.user.name},
        _("They lose the team at once. What they did stays, under their name; claims assigned to them stay assigned."),
        reverse("remove_member", args=[member.pk]),
        _("Remove"),
        form,
        member.row_version,
    )
    now = [(_("Role"), str(ROLE_NAMES[Role(member.role)]))] if writing.stale else []
    return page(request, member.team, writing, ask=ask, theirs=now, at="members")


# --- invitations -----------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: Request) -> HttpResponse:
    """Invite an address; the link is shown in the answer, and nowhere again."""
    shown = access.team(request, "member.invite")
    writing = Writing(request)
    form = InviteForm(writing.data, ids="invite")
    tokens: list[str] = []

    def do(_version: int | None) -> Invitation:
        invitation, token = teams.invite(actor=request.user, team=shown, **form.cleaned_data)
        tokens[:] = [token]  # of the last try
        return invitation

    if writing.sent and form.is_valid() and (made := writing.once(form, do)):
        writing.status = 200
        link = settings.URL.geturl() + reverse("join", args=tokens) if tokens else ""
        fresh = InviteForm(ids="invite")
        response = page(request, shown, writing, invite=fresh, invited=made, link=link, at="invitations")
        response["Cache-Control"] = "no-store"
        return response
    return page(request, shown, writing, invite=form, at="invitations")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_invitation(request: Request, invitation_id: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = access.invitation(request, invitation_id, "member.invite")
    writing, form = Writing(request), Form(request.POST if request.method == "POST" else None, ids="withdraw")
    if writing.sent and form.is_valid():
        withdrawn = writing.once(
            form, lambda _version: teams.withdraw_invitation(actor=request.user, invitation=invitation)
        )
        if withdrawn:
            messages.success(request, _("The invitation of %(email)s no longer holds.") % {"email": invitation.email})
            return back("invitations")
    ask = Ask(
        "invitations",
        _("Withdraw the invitation of %(email)s") % {"email": invitation.email},
        _("Its link stops to work at once."),
        reverse("withdraw_invitation", args=[invitation.pk]),
        _("Withdraw"),
        form,
    )
    return page(request, invitation.team, writing, ask=ask, at="invitations")


# --- policy ----------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change_policy(request: Request) -> HttpResponse:
    """Change the rules that hold for the team."""
    shown = access.team(request, "policy.change")
    writing = Writing(request)
    form = PolicyForm(writing.data, team=shown)
    if writing.sent and form.is_valid():
        policy = dict(form.cleaned_data)
        reason = policy.pop("reason")
        saved = writing.once(
            form,
            lambda version: teams.change_policy(
                actor=request.user, team=shown, reason=reason, version=version or 0, **policy
            ),
        )
        if saved:
            messages.success(request, _("The policy is saved."))
            return back("policy")
    now = []
    if writing.stale:
        shown = writing.stale.row
        now = theirs(PolicyForm(team=shown), form)
    return page(request, shown, writing, policy=form, theirs=now, at="policy")
