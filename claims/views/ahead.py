"""The address of a new source is fetched while its form is typed in: a line beside it says how far that is.

By the way of other work: whatever becomes of it, nobody is led away from the form that they are typing in.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from claims.actions import ahead as actions
from claims.forms.ahead import AheadForm
from claims.models import Ahead
from claims.models.captures import is_worker_away
from claims.views import access, claims
from claims.views.access import Request, signed_in

NOTHING = 204  # htmx leaves the page as it is


def by_the_way(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Says nothing to somebody whose session has ended: the form sends them to sign in, with all that they typed."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("HX-Request") and not request.user.is_authenticated:
            return HttpResponse(status=NOTHING)
        return view(request, *args, **kwargs)

    return asked


@by_the_way
@signed_in
@require_POST
def fetch_ahead(request: Request) -> HttpResponse:
    """Have an address fetched that somebody has typed in, for the team of their form; the line that says so."""
    named = request.POST.get("team")
    team = access.named_team(request, named, "source.add") if named else access.team(request, "source.add")
    form = AheadForm(request.POST)
    found = actions.ask(actor=request.user, team=team, url=form.cleaned_data["url"]) if form.is_valid() else None
    return _line(request, found)


@by_the_way
@signed_in
@require_safe
def ahead(request: Request, ahead_id: int) -> HttpResponse:
    """How far it is, for the person who asked alone. Without htmx it is the list of sources."""
    if not request.htmx:
        return claims.see_other(reverse("sources"))
    return _line(request, access.ahead(request, ahead_id))


def _line(request: Request, found: Ahead | None) -> HttpResponse:
    away = found is not None and found.is_open and is_worker_away()
    return render(request, "captures/ahead.html", {"ahead": found, "away": away})
