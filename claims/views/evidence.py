"""Evidence is found, attached and retracted in the Claim panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, Window
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims import search
from claims.actions import evidence
from claims.forms.evidence import NEW, AttachForm
from claims.forms.sources import LONGEST_WORDS
from claims.forms.verdicts import ReasonForm
from claims.models import Claim, Evidence, Source, Team
from claims.models.evidence import saying_the_same
from claims.models.ready import OneOf, ready
from claims.views import access, claims, conflicts
from claims.views.access import Request, signed_in
from claims.views.writing import Writing

SHOWN = 8
RECENT = 4


@dataclass(frozen=True)
class Found:
    """Sources for a field named `name` to pick from: those that match, how many there are, which one is chosen."""

    name: str
    sources: list[Source]
    words: str
    matching: int
    team: Team
    chosen: str
    offers_new: bool = False
    article: int | None = None

    @property
    def left_out(self) -> int:
        return max(0, self.matching - len(self.sources))


def find(team: Team, name: str, words: str, chosen: str = "", article: int | None = None) -> Found:
    """Look for sources of the team; without words, those that the article's claims leaned on last.

    The chosen one is always among them. `name` is “source” or “origin”; for “source” a new one is offered too.
    """
    # what no title can hold cannot be asked for either
    words = "".join(character for character in words[:LONGEST_WORDS] if character.isprintable())
    found = _matching(team, words) if words.strip() else _recent(team, article)
    count = found[0].matching if found and words.strip() else 0
    if chosen.isascii() and chosen.isdigit() and chosen not in {str(source.pk) for source in found}:
        found = [*Source.objects.of(team).filter(pk=int(chosen[:18])), *found]
    leaning = Evidence.objects.leaning(found)
    for source in found:
        source.leaned = leaning.get(source.pk, 0)
    return Found(name, found, words, count, team, chosen, name == "source", article)


def _matching(team: Team, words: str) -> list[Any]:
    """The first of the sources that the words find, each with how many those are: words are looked for once."""
    # an address or a title in full is the very source, whatever others begin like it
    very = Q(url__iexact=words.strip()) | Q(title__iexact=words.strip())
    rows = search.sources(team, words).annotate(very=very, matching=Window(Count("pk")))
    return list(rows.order_by("-very", "-pk")[:SHOWN])


def _recent(team: Team, article: int | None) -> list[Any]:
    """The sources that the article's claims leaned on last."""
    last = _leaned_on(article) if article else []
    return sorted(_sources(team.pk, last), key=lambda source: last.index(source.pk)) if last else []


@ready
def _leaned_on(article: int) -> QuerySet[Evidence, int]:
    rows = Evidence.objects.filter(article=article).order_by().values("source").annotate(last=Max("pk"))
    return rows.order_by("-last").values_list("source", flat=True)[:RECENT]


@ready
def _sources(team: int, ids: Sequence[int]) -> QuerySet[Source]:
    return Source.objects.filter(OneOf("pk", ids), team=team)


@signed_in
@require_safe
def find_sources(request: Request) -> HttpResponse:
    """Sources found while somebody types: a fragment to pick from. Without htmx it is the list of sources."""
    if not request.htmx:
        return claims.see_other(reverse("sources"))
    team = access.named_team(request, request.GET.get("team"))
    name = "origin" if request.GET.get("as") == "origin" else "source"
    words = request.GET.get("words", request.GET.get("origin_words", ""))
    found = find(team, name, words, request.GET.get(name, ""), access.positive(request.GET.get("article")))
    return render(request, "evidence/found.html", {"found": found})


@signed_in
def attach(request: Request, article_id: int, number: int) -> HttpResponse:
    """Attach a source, known or new, to a claim."""
    claim = access.claim(request, article_id, number, "evidence.attach")
    writing = Writing(request)
    if "look" in request.POST:
        writing.status = 200
        return _form(request, claim, AttachForm(claim=claim, initial=request.POST.dict()), writing)
    form = AttachForm(writing.data, claim=claim, initial={"source": NEW, "words": request.GET.get("words", "")})
    if writing.sent and form.is_valid():
        made = writing.once(form, lambda _version: _attach(request, claim, form))
        if made:
            return claims.after(request, claim, _said(made))
    return _form(request, claim, form, writing)


def _said(made: Evidence) -> str:
    """That it is attached; and where something says just that already, so that one of the two can go."""
    said = _("%(name)s is attached.") % {"name": made.name}
    twin = next(iter(saying_the_same(made)), None)
    return f"{said} {_('%(twin)s says the same in the same words.') % {'twin': twin.name}}" if twin else said


def _attach(request: Request, claim: Claim, form: AttachForm) -> Evidence:
    form.point_out_twins()
    return evidence.attach(actor=request.user, claim=claim, **form.evidence)


def _form(request: Request, claim: Claim, form: AttachForm, writing: Writing) -> HttpResponse:
    """The panel with “Add evidence” open, and the sources that its words find."""
    if not form.is_bound and claims.edit_refusal(request, claim, "evidence.attach"):
        return claims.show(request, claim)
    origin_words, chosen = str(form.new["origin_words"].value() or ""), form.new.chosen_origin
    state: dict[str, Any] = {
        "attach": form,
        "found": find(claim.team, "source", str(form["words"].value() or ""), form.chosen, claim.article_id),
        "found_origin": find(claim.team, "origin", origin_words, chosen),
        "kept": bool(writing.kept),
    }
    return claims.show(request, claim, writing, **state)


@signed_in
def retract(request: Request, article_id: int, number: int, e: int) -> HttpResponse:
    """Retract a piece of evidence, with a reason; it stays, struck."""
    piece = access.evidence(request, article_id, number, e, "evidence.retract")
    claim = access.claim(request, article_id, number)
    writing = Writing(request)
    form = ReasonForm(writing.data, deed="retract", ids=f"retract-{e}")
    if writing.sent and form.is_valid():
        reason = form.cleaned_data["reason"]
        if writing.once(
            form,
            lambda version: evidence.retract(actor=request.user, evidence=piece, reason=reason, version=version or 0),
        ):
            return claims.after(request, claim, _("%(name)s is retracted.") % {"name": piece.name})
    return _not_retracted(request, claim, writing, form, piece)


def _not_retracted(request: Request, claim: Claim, writing: Writing, form: ReasonForm, piece: Evidence) -> HttpResponse:
    """The panel with the reason in its form; beside it, where the evidence has been retracted meanwhile."""
    state: dict[str, Any] = {"kept": bool(writing.kept)}
    if writing.stale:
        claim = access.claim(request, claim.article_id, claim.number)
        state["theirs"] = conflicts.meanwhile(claim, writing.stale.opened)
    piece.refresh_from_db(fields=["retracted_at"])
    if piece.retracted_at is None:
        state |= {"retract": piece.number, "why": form}
    elif form.is_bound:
        typed = [(form["reason"].label, form["reason"].value())]
        state |= {"refused": form.non_field_errors(), "unsaved": typed}
    return claims.show(request, claim, writing, **state)
