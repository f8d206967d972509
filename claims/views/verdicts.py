"""Verdicts are proposed and decided in the foot of the Claim panel; claims sent back, reopened, withdrawn, restored."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import workflow
from claims.actions import verdicts
from claims.forms.verdicts import ReasonForm, VerdictForm
from claims.models import Claim
from claims.models.ready import ready
from claims.models.verdicts import labels_in_force
from claims.templatetags.galley import verdict as verdict_sign
from claims.views import access, claims, conflicts, foot
from claims.views.access import Request, signed_in
from claims.views.writing import Writing

DONE: dict[str, Promise] = {
    "send_back": gettext_lazy("Claim %(number)d is sent back."),
    "reopen": gettext_lazy("Claim %(number)d is To check again."),
    "withdraw": gettext_lazy("Claim %(number)d is withdrawn."),
    "restore": gettext_lazy("Claim %(number)d is restored: To check."),
}


@signed_in
def propose(request: Request, article_id: int, number: int) -> HttpResponse:
    """Propose a verdict."""
    return _give(request, access.claim(request, article_id, number, "claim.propose"), "propose")


@signed_in
def decide(request: Request, article_id: int, number: int) -> HttpResponse:
    """Decide the verdict; then the next claim that waits for the person's review is opened."""
    return _give(request, access.claim(request, article_id, number, "claim.decide"), "decide")


@signed_in
def send_back(request: Request, article_id: int, number: int) -> HttpResponse:
    """Send a proposal back to its proposer, with a reason."""
    return _move(request, article_id, number, "send_back")


@signed_in
def reopen(request: Request, article_id: int, number: int) -> HttpResponse:
    """Take a decided claim up again, with a reason."""
    return _move(request, article_id, number, "reopen")


@signed_in
def withdraw(request: Request, article_id: int, number: int) -> HttpResponse:
    """Withdraw a claim, with a reason."""
    return _move(request, article_id, number, "withdraw")


@signed_in
def restore(request: Request, article_id: int, number: int) -> HttpResponse:
    """Take a withdrawn claim up again, with a reason."""
    return _move(request, article_id, number, "restore")


def _give(request: Request, claim: Claim, deed: str) -> HttpResponse:
    """Propose or decide what the foot's form says."""
    writing = Writing(request)
    if "keep" in request.POST:  # “Not now”: back from a reason to the verdict, with what was typed
        writing.status = 200
        return claims.show(request, claim, writing, verdict=foot.typed_form(claim, request.POST))
    if writing.data is None:
        return claims.show(request, claim, opened=True)
    form = VerdictForm(writing.data, labels=labels_in_force(claim.team_id), proposal=claim.proposal)
    act = verdicts.propose if deed == "propose" else verdicts.decide
    if (
        writing.sent
        and form.is_valid()
        and writing.once(
            form, lambda version: act(actor=request.user, claim=claim, verdict=form.given, version=version or 0)
        )
    ):
        return _given(request, claim, form, deed)
    return _not_done(request, claim, deed, writing, verdict=form)


def _given(request: Request, claim: Claim, form: VerdictForm, deed: str) -> HttpResponse:
    label = verdict_sign(form.given.label)
    if deed == "propose":
        return claims.after(request, claim, format_html(_("Claim {} is proposed as {}."), claim.number, label))
    then = next_to_review(request, claim)
    return claims.after(request, claim, _decided(claim, label, then, htmx=bool(request.htmx)), then)


def _decided(claim: Claim, label: Any, then: Claim | None, *, htmx: bool) -> SafeString:
    """What was decided, and the way on, or with htmx (which has gone on already) the way back."""
    said = format_html(_("Claim {} is decided: {}."), claim.number, label)
    if then is None:
        return format_html(_("{} No other claim of this article waits for your review."), said)
    if htmx:
        link = format_html('<a href="{}">{}</a>', claims.address(claim), _("Back to claim %d") % claim.number)
        return format_html(_("{} Here is claim {}, the next to review. {}"), said, then.number, link)
    link = format_html('<a href="{}">{}</a>', claims.address(then), _("Next to review: claim %d") % then.number)
    return format_html("{} {}", said, link)


def next_to_review(request: Request, claim: Claim) -> Claim | None:
    """The article's next claim, after this one and then from the start, that the person may decide."""
    waiting = _waiting(claim.team.four_eyes)(claim.article_id, claim.number, request.user.pk)
    return next(iter(waiting), None)


@cache
def _waiting(four_eyes: bool) -> Callable[[int, int, int], list[Claim]]:
    def rows(article: int, number: int, user: int) -> QuerySet[Claim]:
        others = Claim.objects.filter(article=article).exclude(number=number)
        after_it = others.to_review_by(user, four_eyes=four_eyes).annotate(before=Q(number__lt=number))
        return after_it.order_by("before", "number")[:1]

    return ready(rows)


def _move(request: Request, article_id: int, number: int, deed: str) -> HttpResponse:
    """Do what needs a reason. Without the field “reason” the button was only pressed: the foot asks for it."""
    claim = access.claim(request, article_id, number, f"claim.{deed}")
    writing = Writing(request)
    if writing.data is None or "reason" not in writing.data:
        writing.status = 200
        typed = foot.typed_form(claim, writing.data) if writing.data and "verdict" in writing.data else None
        return claims.show(request, claim, writing, asked=deed, verdict=typed, kept=bool(writing.kept))
    form = ReasonForm(writing.data, deed=deed, ids="foot")
    act = getattr(verdicts, deed)
    if writing.sent and form.is_valid():
        reason = form.cleaned_data["reason"]
        if writing.once(
            form, lambda version: act(actor=request.user, claim=claim, reason=reason, version=version or 0)
        ):
            return claims.after(request, claim, str(DONE[deed]) % {"number": number})
    return _not_done(request, claim, deed, writing, reason=form, asked=deed)


def _not_done(request: Request, claim: Claim, deed: str, writing: Writing, **forms: Any) -> HttpResponse:
    """The panel with what was typed: in its form, or where the claim has gone on and the form with it, beside."""
    theirs = None
    if writing.stale:
        claim = access.claim(request, claim.article_id, claim.number)
        theirs = conflicts.meanwhile(claim, writing.stale.opened)
    state: dict[str, Any] = {"theirs": theirs, "kept": bool(writing.kept)}
    if writing.data is not None and deed not in workflow.deeds(claim.status, four_eyes=claim.team.four_eyes):
        errors = [error for form in forms.values() if isinstance(form, BaseForm) for error in form.non_field_errors()]
        return claims.show(request, claim, writing, unsaved=_typed(claim, writing.data), refused=errors, **state)
    return claims.show(request, claim, writing, **state, **forms)


def _typed(claim: Claim, data: QueryDict) -> list[tuple[str, str]]:
    """What was typed into the foot, by the names of its fields."""
    labels = {str(label.pk): label.name for label in claim.team.labels.all()}
    form, reason = VerdictForm(labels=[]), ReasonForm()
    names = {name: str(bound.label) for name, bound in {**form.fields, **reason.fields}.items()}
    said = {name: data.get(name, "") for name in names}
    said["verdict"] = labels.get(said["verdict"], "")
    return [(names[name], text) for name, text in said.items() if text.strip()]
