"""A person's own pages: the account, the team they look at, the invitation they answer."""

import logging
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from claims.actions import accounts as actions
from claims.actions import teams
from claims.forms.accounts import Join, YourKeys, YourName
from claims.models import Invitation, Membership, User
from claims.views import access
from claims.views.access import Request, signed_in
from claims.workflow import Refused

log = logging.getLogger("galley.access")
GONE = 410
UNPROCESSABLE = 422


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: Request) -> HttpResponse:
    """Name and keys, and the ways to password, two-step sign-in and teams."""
    user, sent = request.user, request.method == "POST"
    data = request.POST if sent else access.kept(request)
    part = data.get("part", "") if data else ""
    name = YourName(data if part == "name" else None, initial={"name": user.name})
    keys = YourKeys(data if part == "keys" else None, initial={"shortcuts": user.shortcuts})
    form = {"name": name, "keys": keys}.get(part)
    if sent and form is not None and form.is_valid():
        values: dict[str, Any] = {"name": user.name, "shortcuts": user.shortcuts} | form.cleaned_data
        actions.change_account(actor=user, **values)
        access.drop_kept(request)
        messages.success(request, _("Saved."))
        return redirect("account")
    context = {"name_form": name, "keys_form": keys, "two_step": is_mfa_enabled(user), "kept": data and not sent}
    return render(request, "accounts/account.html", context, status=UNPROCESSABLE if sent and form else 200)


@signed_in
@require_POST
def switch_team(request: Request) -> HttpResponse:
    """Look at another of one's teams: its queue opens."""
    found = Membership.objects.filter(user=request.user, team__slug=request.POST.get("team", "").replace("\0", ""))
    request.session["team"] = get_object_or_404(found).team_id
    return redirect(settings.LOGIN_REDIRECT_URL)


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: Request, token: str) -> HttpResponse:
    """Answer an invitation: as a new person, or as the one it was sent to."""
    found = Invitation.objects.by_token(token).select_related("team", "invited_by")
    invitation = get_object_or_404(found)
    try:
        if not invitation.is_open:
            return over(request, invitation)
        if request.user.is_authenticated:
            return join_signed_in(request, invitation, token)
        return join_as_new(request, invitation, token)
    except Refused:  # somebody answered or withdrew it in this moment
        return over(request, invitation)


def over(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """The invitation was used, withdrawn, or has run out."""
    return render(request, "accounts/invitation_over.html", {"invitation": invitation}, status=GONE)


def join_signed_in(request: Request, invitation: Invitation, token: str) -> HttpResponse:
    """One button for the invited person; another person is told whose it is."""
    user = request.user
    mine = user.email.lower() == invitation.email.lower()
    if request.method == "POST" and mine:
        teams.join(actor=user, token=token)
        return welcome(request, invitation)
    context = {"invitation": invitation, "mine": mine}
    return render(request, "accounts/join.html", context, status=403 if request.method == "POST" else 200)


def join_as_new(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Name and password make the account; whoever has one already signs in first."""
    if User.objects.filter(email__iexact=invitation.email).exists():
        return render(request, "accounts/join.html", {"invitation": invitation, "known": True})
    form = Join(request.POST or None, email=invitation.email)
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return render(request, "accounts/join.html", {"invitation": invitation, "form": form}, status=status)
    user = teams.accept_invitation(token=token, **form.cleaned_data)
    log.info("Person %d joined by an invitation", user.pk)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return welcome(request, invitation)


def welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Into the team that was just joined."""
    request.session["team"] = invitation.team_id
    messages.success(request, _("Welcome to %(team)s.") % {"team": invitation.team})
    return redirect(settings.LOGIN_REDIRECT_URL)
