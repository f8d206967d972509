"""Fetch and authorise: the one place where a URL's row is found for a person.

Rows of other teams do not exist (404). A role that a member lacks raises NotAllowed (403, with the reason).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, cast
from urllib.parse import quote

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import roles
from claims.actions import stashes
from claims.forms.keys import read_person
from claims.models import (
    Ahead,
    Anchor,
    Article,
    Claim,
    Evidence,
    Invitation,
    Label,
    Membership,
    Source,
    Stash,
    Team,
    User,
    Version,
)
from claims.models.articles import latest_version
from claims.models.claims import claim_at
from claims.models.teams import memberships_of

View = Callable[..., HttpResponse]
METHODS = ("GET", "HEAD", "POST")


@dataclass(frozen=True)
class Kept:
    """Texts that a page gives back after a session had ended: the one in its form, and others typed at its address."""

    shown: Stash
    others: list[Stash]


class Request(HttpRequest):
    """A request of somebody signed in; what views are given behind `signed_in`."""

    user: User
    htmx: Any
    opened_on: int | None
    kept: Kept


def signed_in(view: View) -> View:
    """Let only somebody signed in through; shows times in the zone of their team.

    What was typed into a form whose session had expired is kept for that person, and given back after sign-in.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        if not request.user.is_authenticated:
            return _signed_out(request)
        if request.method == "POST" and "drop_kept" in request.POST:
            return _drop_kept(cast(Request, request))
        membership = current_membership(cast(Request, request))
        with timezone.override(membership.team.zone if membership else timezone.get_default_timezone()):
            return view(request, *args, **kwargs)

    return guarded


def _signed_out(request: HttpRequest) -> HttpResponse:
    """Send to the sign-in page and back here; keep what was typed for the person who typed it."""
    person = read_person(request.POST.get("person", ""))
    user = User.objects.filter(pk=person, is_active=True).first() if person else None
    if user is not None:
        stashes.keep(user=user, path=request.path, **typed(request))
    back = request.path if request.method == "POST" else request.get_full_path()
    if request.path == reverse("switch_team"):
        back = settings.LOGIN_REDIRECT_URL
    return to_sign_in(request, back, kept=user is not None)


def to_sign_in(request: HttpRequest, back: str, *, kept: bool = False) -> HttpResponse:
    """Send to the sign-in page and from there back. `kept`: what was typed waits there."""
    target = f"{settings.LOGIN_URL}?next={quote(back)}" + ("&kept=1" if kept else "")
    if request.headers.get("HX-Request"):
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


def typed(request: HttpRequest) -> dict[str, Any]:
    """The fields that a form sent, and the kept text that it was filled with, as stashes.keep() takes them."""
    return {"fields": dict(request.POST.lists()), "instead": positive(request.POST.get("kept"))}


def kept(request: Request) -> QueryDict | None:
    """What the person typed into this page's form before their session expired; it stays until it is sent or dropped.

    Of several texts the newest, or the one that the address names: `request.kept` tells which, and the others.
    """
    if request.method != "GET":
        return None
    found = list(stashes.of(user=request.user, path=request.path).defer("fields"))
    if not found:
        return None
    asked = positive(request.GET.get("kept"))
    shown = next((stash for stash in found if stash.pk == asked), found[0])
    request.kept = Kept(shown, [stash for stash in found if stash is not shown])
    fields = dict(shown.fields)
    # the form is sent again as it was opened: what others changed since then gets 409, not overwritten
    request.opened_on = positive(next(iter(fields.pop("version", [])), None))
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    return data


def drop_kept(request: Request) -> None:
    """Forget the kept text that was sent: it is written now."""
    sent = typed(request)
    stashes.drop(user=request.user, path=request.path, shown=sent["instead"], fields=sent["fields"])


def _drop_kept(request: Request) -> HttpResponse:
    """Forget a kept text without sending it: the person wants the form as it is without."""
    stashes.drop(user=request.user, path=request.path, shown=positive(request.POST["drop_kept"]))
    return HttpResponseRedirect(request.path)


def current_membership(request: Request) -> Membership | None:
    """The membership whose team the session shows: the one chosen, else the first joined. None: no team."""
    if not hasattr(request, "_membership"):
        chosen = request.session.get("team")
        found = memberships_of(request.user.pk)
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


def named_team(request: Request, named: str | None, permission: str = "team.read") -> Team:
    """The team that a form or a fragment names by its id; 404 for those who are not in it."""
    membership = next((one for one in memberships(request) if one.team_id == positive(named)), None)
    if membership is None:
        raise Http404
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
    return _one(request, rows.filter(team_id__in=_teams(request), **which), permission)


def _one[Row: (Claim, Version)](request: Request, found: Iterable[Row], permission: str) -> Row:
    row = next(iter(found), None)
    if row is None:
        raise Http404
    roles.require(role(request, row.team_id), permission)
    return row


def _teams(request: Request) -> list[int]:
    return [membership.team_id for membership in memberships(request)]


def article(request: Request, article_id: int, permission: str = "article.read") -> Article:
    """An article, with its team."""
    return cast(Article, _row(request, Article.objects.select_related("team"), permission, pk=article_id))


def version(request: Request, article_id: int, permission: str = "article.read") -> Version:
    """The latest text of an article, with the article and its team."""
    return _one(request, latest_version(article_id, _teams(request)), permission)


def claim(request: Request, article_id: int, number: int, permission: str = "article.read") -> Claim:
    """A claim by its number within the article, with what its panel shows."""
    found = _one(request, claim_at(article_id, number, _teams(request)), permission)
    found.team = found.article.team = next(one.team for one in memberships(request) if one.team_id == found.team_id)
    return found


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


def ahead(request: Request, ahead_id: int) -> Ahead:
    """What the person has asked for ahead of a source; nobody else's, and not when its hour is over."""
    rows = Ahead.objects.alive().filter(asked_by=request.user)
    return cast(Ahead, _row(request, rows, "source.add", pk=ahead_id))


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
