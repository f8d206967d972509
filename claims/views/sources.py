"""The team's sources, and every claim that leans on each."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone as clock
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from claims import roles, search
from claims.actions import sources as actions
from claims.forms.sources import EditSource, SourceFilters, SourceForm
from claims.models import Capture, Claim, Evidence, Source, Team
from claims.views import access, captures, evidence
from claims.views.access import Request, signed_in
from claims.views.articles import Pages
from claims.views.theirs import theirs
from claims.views.writing import Writing
from claims.workflow import OriginKind, Status

PAGE = 50
SHOWN_CAPTURES = 20  # in whose text a search has found its words
COPIES = 50  # copies of one source that its page names
STEPS = 20  # of the way back to an origin


@signed_in
@require_safe
def sources(request: Request) -> HttpResponse:
    """The sources, as far as the filters of the address let them through; the newest first."""
    team = access.team(request)
    form = SourceFilters(request.GET)
    found = filtered(team, form)
    whole = Source.objects.select_related("origin", "origin_article").order_by("-pk")
    pages = Pages(found.order_by("-pk"), PAGE, whole, searched=bool(form.chosen("q")))
    page: Page[Source] = pages.get_page(request.GET.get("page"))
    leaning = Evidence.objects.leaning(page.object_list)
    rows = [(source, leaning.get(source.pk, 0)) for source in page]
    refused = roles.refusal(access.role(request, team.pk), "source.add")
    context = {"rows": rows, "page": page, "form": form, "add_refused": refused}
    if form.chosen("q") and not form.errors.get("q") and page.number == 1:
        context["captures"] = in_captures(team, form.chosen("q"))
    if not rows:
        context["none_yet"] = not Source.objects.of(team).exists()
    return render(request, "sources/sources.html", context)


def in_captures(team: Team, words: str) -> list[Capture]:
    """The newest captures with the words in their text, whatever source they are of."""
    return list(search.captures(team, words).select_related("source").order_by("-pk")[:SHOWN_CAPTURES])


def filtered(team: Team, form: SourceFilters) -> Any:
    """The sources that the filters let through."""
    if form.errors.get("q"):
        return Source.objects.none()
    kind, origin = form.chosen("kind"), form.chosen("origin")
    if form.chosen("q"):
        return search.sources(team, form.chosen("q"), kind, origin)
    set_to = {"kind": kind, "origin_kind": origin}
    return Source.objects.of(team).filter(**{name: value for name, value in set_to.items() if value})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add_source(request: Request) -> HttpResponse:
    """Add a source before any claim leans on it."""
    team = access.team(request, "source.add")
    writing = Writing(request)
    form = SourceForm(writing.data, team=team)
    if "look" not in request.POST and writing.sent and form.is_valid():
        made = writing.once(form, lambda _version: actions.add_source(actor=request.user, team=team, **form.facts))
        if made:
            messages.success(request, _("The source is added."))
            return redirect("source", made.pk)
    context = {"writing": writing, **origin_choice(team, form, writing)}
    return render(request, "sources/add.html", context, status=writing.status)


def origin_choice(team: Team, form: SourceForm, writing: Writing) -> dict[str, Any]:
    """The form with the sources that its words for the origin find; looking for them is no refused submit."""
    if "look" in writing.request.POST:
        writing.status = 200
        form.errors.clear()
    words = str(form["origin_words"].value() or "")
    return {"new": form, "found_origin": evidence.find(team, "origin", words, form.chosen_origin)}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def source(request: Request, source_id: int) -> HttpResponse:
    """What a source is, where it has it from, and every claim that leans on it; with ?edit=1 its form."""
    found = access.source(request, source_id, "source.edit" if request.method == "POST" else "team.read")
    refused = roles.refusal(access.role(request, found.team_id), "source.edit")
    writing = Writing(request)
    context: dict[str, Any] = {"writing": writing, "edit_refused": refused, "theirs": []}
    if (writing.data is not None or "edit" in request.GET) and not refused:
        form = EditSource(writing.data, team=found.team, source=found)
        if "look" not in request.POST and writing.sent and form.is_valid() and save(request, writing, form, found):
            return redirect("source", found.pk)
        if writing.stale:
            found = access.source(request, source_id)
            context["theirs"] = theirs(EditSource(team=found.team, source=found), form)
        context |= origin_choice(found.team, form, writing)
    context |= leaning(found, request.GET.get("page")) | origins(found) | captures.listed(request, found)
    return render(request, "sources/source.html", context | {"source": found}, status=writing.status)


def save(request: Request, writing: Writing, form: EditSource, found: Source) -> bool:
    """Change the source, and say which decided claims that sent to Recheck. False where it was refused."""
    began, facts, reason = clock.now(), form.facts, form.cleaned_data["reason"]
    saved = writing.once(
        form,
        lambda version: actions.edit_source(
            actor=request.user, source=found, version=version or 0, reason=reason, **facts
        ),
    )
    if saved:
        messages.success(request, _("Saved.") + effect(request, found.team, began))
    return saved is not None


def effect(request: Request, team: Team, began: Any) -> str:
    """What the act did to decided claims, in a sentence after “Saved.”; empty where it did nothing."""
    moved = (
        Claim.objects.of(team).filter(status=Status.RECHECK, status_by=request.user, status_since__gte=began).count()
    )
    if not moved:
        return ""
    said = ngettext(
        "%(count)d decided claim went to Recheck: its verdict no longer has the independent origins it needs.",
        "%(count)d decided claims went to Recheck: their verdicts no longer have the independent origins they need.",
        moved,
    )
    return " " + said % {"count": moved}


def leaning(found: Source, page: str | None) -> dict[str, Any]:
    """The evidence that cites the source, and how many claims and articles that is without what was retracted."""
    rows = Evidence.objects.filter(source=found)
    order = ("article", "claim__number", "number")
    pages = Pages(rows.order_by(*order), PAGE, Evidence.objects.with_claim().order_by(*order))
    counts = Evidence.objects.filter(source=found, retracted_at=None).aggregate(
        claims=Count("claim", distinct=True), articles=Count("article", distinct=True)
    )
    return {"page": pages.get_page(page), "counts": counts}


def origins(found: Source) -> dict[str, Any]:
    """The way back to where the source has it from, and the sources that have it from this one."""
    way: list[Source] = []
    step = found.origin
    while step is not None and len(way) < STEPS:
        way.append(step)
        step = Source.objects.filter(copies=step).first()
    copies = Source.objects.filter(origin=found, origin_kind=OriginKind.SOURCE).order_by("-pk")
    named = list(copies[:COPIES])
    return {"way": way, "copies": named, "copies_count": copies.count() if len(named) == COPIES else len(named)}
