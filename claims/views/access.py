"""Fetch and authorise: the one place where a URL's row is found for a person.

Rows of other teams do not exist (404). A role that a member lacks raises NotAllowed (403, with the reason).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import roles
from claims.actions import stashes
from claims.forms.keys import read_person
from claims.models import (
    Anchor,
    Article,
    Claim,
    Evidence,
    Invitation,
    Label,
    Membership,
    Source,
    Team,
    User,
    Version,
)

View = Callable[..., HttpResponse]
METHODS = ("GET", "HEAD", "POST")


class Request(HttpRequest):
    """A request of somebody signed in; what views are given behind `signed_in`."""

    user: User
    htmx: Any
    opened_on: int | None


def signed_in(view: View) -> View:
    """Let only somebody signed in through; shows times in the zone of their team.

    What was typed into a form whose session had expired is kept for that person, and given back after sign-in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        membership = current_membership(cast(Request, request))
        with timezone.override(membership.team.zone if membership else timezone.get_default_timezone()):
            return view(request, *args, **kwargs)

    return guarded


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page and back here; keep what was typed for the person who typed it."""
    person = read_person(request.POST.get("person", ""))
    user = User.objects.filter(pk=person, is_active=True).first() if person else None
    if user is not None:
        stashes.keep(user=user, path=request.path, fields=dict(request.POST.lists()))
    back = request.path if request.method == "POST" else request.get_full_path()
    if request.path == reverse("switch_team"):
        back = settings.LOGIN_REDIRECT_URL
    target = f"{settings.LOGIN_URL}?next={quote(back)}" + ("&kept=1" if user else "")
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def kept(request: Request) -> QueryDict | None:
    """What the person typed into this page's form before their session expired."""
    if request.method != "GET":
        return None
    fields = stashes.take(user=request.user, path=request.path)
    if fields is None:
        return None
    # the form is sent again as it was opened: what others changed since then gets 409, not overwritten
    request.opened_on = positive(next(iter(fields.pop("version", [])), None))
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    return data


def current_membership(request: Request) -> Membership | None:
    """The membership whose team the session shows: the one chosen, else the first joined. None: no team."""
    if not hasattr(request, "_membership"):
        memberships = Membership.objects.filter(user=request.user).select_related("team").order_by("pk")
        chosen = request.session.get("team")
        found = list(memberships)
        request._membership = next(  # type: ignore[attr-defined]
            (membership for membership in found if membership.team_id == chosen), found[0] if found else None
        )
        request._memberships = found  # type: ignore[attr-defined]
    return cast(Membership | None, request._membership)  # type: ignore[attr-defined]


def memberships(request: Request) -> list[Membership]:
    """All the person's memberships, read once a request."""
    current_membership(request)
    return cast(list[Membership], request._memberships)  # type: ignore[attr-defined]


def team(request: Request, permission: str = "team.read") -> Team:
    """The session's team, for lists; NotAllowed for somebody in no team."""
    membership = current_membership(request)
    if membership is None:
        raise roles.NotAllowed(_("You are in no team yet. Ask an admin of your newsroom for an invitation."))
    roles.require(membership.role, permission)
    return membership.team


def role(request: Request, team_id: int) -> str | None:
    """The person's role in a row's team; None where they are no member."""
    return next((membership.role for membership in memberships(request) if membership.team_id == team_id), None)


def may(request: Request, team_id: int, permission: str) -> bool:
    """Whether the person's role in a row's team has the permission."""
    return roles.allows(role(request, team_id), permission)


def _row(request: Request, rows: QuerySet[Any], permission: str, **which: Any) -> Any:
    """The one row of the person's teams; 404 where there is none, NotAllowed where the role lacks the permission."""
    teams = [membership.team_id for membership in memberships(request)]
    row = get_object_or_404(rows, team_id__in=teams, **which)
    roles.require(role(request, row.team_id), permission)
    return row


def article(request: Request, article_id: int, permission: str = "article.read") -> Article:
    """An article, with its team."""
    return cast(Article, _row(request, Article.objects.select_related("team"), permission, pk=article_id))


def version(request: Request, article_id: int, permission: str = "article.read") -> Version:
    """The latest text of an article, with the article and its team."""
    latest = Version.objects.filter(article_id=article_id).order_by("-number").values("pk")[:1]
    rows = Version.objects.select_related("article__team").filter(pk__in=latest)
    return cast(Version, _row(request, rows, permission))


def claim(request: Request, article_id: int, number: int, permission: str = "article.read") -> Claim:
    """A claim by its number within the article, with what its panel shows."""
    rows = Claim.objects.select_related(
        "team", "article", "verdict", "assigned_to", "status_by", "returned_to", "created_by",
        "proposal__proposed_by", "proposal__label",
    )  # fmt: skip
    return cast(Claim, _row(request, rows, permission, article_id=article_id, number=number))


def evidence(request: Request, article_id: int, number: int, e: int, permission: str = "article.read") -> Evidence:
    """A piece of evidence by the claim's number and its own."""
    rows = Evidence.objects.select_related("team", "claim__article", "source", "added_by")
    which = {"article_id": article_id, "claim__number": number, "number": e}
    return cast(Evidence, _row(request, rows, permission, **which))


def anchor(request: Request, article_id: int, number: int, anchor_id: int, permission: str = "article.read") -> Anchor:
    """A place of a claim."""
    rows = Anchor.objects.select_related("team", "claim__article")
    return cast(Anchor, _row(request, rows, permission, article_id=article_id, claim__number=number, pk=anchor_id))


def source(request: Request, source_id: int, permission: str = "team.read") -> Source:
    """A source, with its team and origin."""
    rows = Source.objects.select_related("team", "origin", "origin_article", "created_by")
    return cast(Source, _row(request, rows, permission, pk=source_id))


def label(request: Request, label_id: int, permission: str = "team.read") -> Label:
    """A label of a scale."""
    return cast(Label, _row(request, Label.objects.select_related("team"), permission, pk=label_id))


def member(request: Request, membership_id: int, permission: str = "team.read") -> Membership:
    """A membership of one of the person's teams."""
    rows = Membership.objects.select_related("team", "user")
    return cast(Membership, _row(request, rows, permission, pk=membership_id))


def invitation(request: Request, invitation_id: int, permission: str = "team.read") -> Invitation:
    """An invitation of one of the person's teams."""
    return cast(Invitation, _row(request, Invitation.objects.select_related("team"), permission, pk=invitation_id))


def positive(number: str | None) -> int | None:
    """A number from the address's query; None for what is no small positive number."""
    if number is None or not number.isascii() or not number.isdigit() or len(number) > 12:
        return None
    return int(number)
