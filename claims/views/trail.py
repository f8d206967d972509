"""The trails: of an article, and of what a team shares."""

import datetime
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, JSONField, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone as clock
from django.views.decorators.http import require_safe

from claims.forms.trail import TrailFilters
from claims.models import Act, Article, Claim, Membership, Team, User
from claims.trail.acts import NAME_OF_THE_SYSTEM
from claims.trail.verbs import GROUPS
from claims.views import access
from claims.views.access import Request, signed_in
from claims.views.acts import Told, told
from claims.views.seals import EACH_TIME, seal_of

PAGE = 50


@signed_in
@require_safe
def article_trail(request: Request, article_id: int) -> HttpResponse:
    """Everything anybody did to an article, newest first."""
    article = access.article(request, article_id)
    return trail(request, article.stream, article.team, article)


@signed_in
@require_safe
def team_trail(request: Request) -> HttpResponse:
    """Everything anybody did to what the team shares: members, scale, policy, sources."""
    team = access.team(request)
    return trail(request, f"team:{team.pk}", team)


def trail(request: Request, stream: str, team: Team, article: Article | None = None) -> HttpResponse:
    """One stream's acts, as far as the filters of the address let them through."""
    seal = seal_of(stream)
    form = TrailFilters(request.GET, people=people(stream, team, seal.acts), of_article=article is not None)
    found = filtered(stream, form.chosen, article)
    page: Page[Act] = Paginator(found.newest_first(), PAGE).get_page(request.GET.get("page"))
    context = {
        "article": article,
        "seal": seal,
        "form": form,
        "page": page,
        "days": list(days(told(page.object_list))),
        "asked": bool(form.chosen),
    }
    return render(request, "trail/trail.html", context)


def people(stream: str, team: Team, acts: int) -> list[tuple[int, str]]:
    """Who can be looked for: who acted in the stream; in a long one, the team's members."""
    if acts > EACH_TIME:
        found = Membership.objects.filter(team=team).values_list("user_id", "user__name")
        return [(0, NAME_OF_THE_SYSTEM), *sorted(found, key=lambda person: person[1])]
    actors = set(with_header(Act.objects.in_stream(stream)).values_list("of_actor", flat=True).distinct())
    known = User.objects.filter(pk__in=[int(actor) for actor in actors if actor]).order_by("name")
    return [(0, NAME_OF_THE_SYSTEM)] * (None in actors) + [(user.pk, user.name) for user in known]


def with_header(acts: Any) -> Any:
    """The acts with the parts of their headers as columns: of_verb, of_actor, of_at (ISO, UTC)."""
    said = Cast("header", JSONField())
    parts = {f"of_{name}": Cast(KeyTextTransform(name, said), CharField()) for name in ("verb", "actor", "at")}
    return acts.annotate(**parts)


def filtered(stream: str, chosen: dict[str, Any], article: Article | None) -> Any:
    """The stream's acts that the filters let through."""
    found = Act.objects.in_stream(stream)
    if "claim" in chosen and article is not None:
        claim = Claim.objects.filter(article=article, number=chosen["claim"]).values_list("pk", flat=True).first()
        found = Act.objects.about_claim(stream, claim) if claim else found.none()
    if not chosen.keys() & {"person", "act", "since"}:
        return found
    found = with_header(found)
    if "person" in chosen:
        found = found.filter(of_actor=chosen["person"]) if chosen["person"] != "0" else found.filter(of_actor=None)
    if "act" in chosen:
        found = found.filter(of_group(chosen["act"]))
    if "since" in chosen:
        begin = clock.make_aware(datetime.datetime.combine(chosen["since"], datetime.time()))
        found = found.filter(of_at__gte=begin.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    return found


def of_group(code: str) -> Q:
    """The verbs of a group of GROUPS."""
    verbs = next(verbs for known, _name, verbs in GROUPS if known == code)
    wanted = Q()
    for verb in verbs:
        wanted |= Q(of_verb__startswith=verb) if verb.endswith(".") else Q(of_verb=verb)
    return wanted


def days(acts: list[Told]) -> Iterator[tuple[datetime.date, list[Told]]]:
    """The acts by the day of the active zone, in their order."""
    for day, group in groupby(acts, key=lambda it: clock.localtime(it.at).date()):
        yield day, list(group)
