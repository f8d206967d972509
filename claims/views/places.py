"""A claim gets its other places in the text, and loses them."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from claims.actions import claims as actions
from claims.anchors import Span
from claims.forms.desk import StandAlso
from claims.forms.fields import Form
from claims.models import Claim, Version
from claims.views import access, claims, conflicts, desk, proof
from claims.views.access import Request, signed_in
from claims.views.writing import Writing


@signed_in
def stand_also(request: Request, article_id: int, number: int) -> HttpResponse:
    """Add a place, by its words."""
    row = access.claim(request, article_id, number, "claim.anchor")
    version = access.version(request, article_id)
    writing = Writing(request)
    form = StandAlso(writing.data, text=version.text, taken=[] if writing.is_done else _taken(row, version))
    if (
        writing.sent
        and form.is_valid()
        and writing.once(
            form,
            lambda opened: actions.stand_also(actor=request.user, claim=row, place=form.span, version=opened or 0),
        )
    ):
        return claims.after(request, row, _("Claim %(number)d also stands there now.") % {"number": number})
    found = desk.offered(proof.read(version), form) if form.found else []
    return _show(request, row, writing, also=form, also_found=found)


@signed_in
def leave_place(request: Request, article_id: int, number: int, anchor_id: int) -> HttpResponse:
    """Take a place away."""
    row = access.claim(request, article_id, number, "claim.anchor")
    writing = Writing(request)
    form = Form(writing.data)
    if not writing.sent:
        access.anchor(request, article_id, number, anchor_id, "claim.anchor")
    elif writing.once(form, lambda opened: _leave(request, row, anchor_id, opened)):
        return claims.after(request, row, _("Claim %(number)d stands there no longer.") % {"number": number})
    return _show(request, row, writing, left=form)


def _taken(row: Claim, version: Version) -> list[Span]:
    return [Span(*ends) for ends in row.anchors.filter(version=version).values_list("start", "end")]


def _leave(request: Request, row: Claim, anchor_id: int, opened: int | None) -> Claim:
    # found within: the same form sent again is answered with what it did, though the place is gone
    anchor = access.anchor(request, row.article_id, row.number, anchor_id, "claim.anchor")
    return actions.leave_place(actor=request.user, anchor=anchor, version=opened or 0)


def _show(request: Request, row: Claim, writing: Writing, **state: Any) -> HttpResponse:
    """The panel with the form, and what others did meanwhile."""
    theirs = None
    if writing.stale:
        row = access.claim(request, row.article_id, row.number)
        theirs = conflicts.meanwhile(row, writing.stale.opened)
    form = state.get("also")
    if writing.data is not None and form is not None and (why := claims.edit_refusal(request, row, "claim.anchor")):
        state |= {"refused": [why], "unsaved": claims.typed(form)}
    return claims.show(request, row, writing, theirs=theirs, kept=bool(writing.kept), **state)
