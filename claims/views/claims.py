"""The Claim panel: a claim with its evidence, proposal and verdict, on the desk and as a page of its own."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from claims import roles
from claims.actions import cases, claims
from claims.forms.claims import EditClaim
from claims.models import Claim as ClaimRow
from claims.models import Evidence, Proposal
from claims.models.ready import ready
from claims.reports.wording import rewording
from claims.views import access, brackets, conflicts, foot
from claims.views.access import Request, signed_in
from claims.views.changes import changes, sheet_to_change, shown_at
from claims.views.passages import passages
from claims.views.proof import read as read_proof
from claims.views.recent import recent
from claims.views.standing import Standing, standing
from claims.views.writing import Writing
from claims.workflow import Status

# how the parts of the panel are headed: on a page of its own, and in the desk's pane
PAGE_HEADINGS = {"head": "h1", "part": "h2", "sub": "h3"}
PANE_HEADINGS = {"head": "h2", "part": "h3", "sub": "h4"}


@signed_in
def claim(request: Request, article_id: int, number: int) -> HttpResponse:
    """A claim: its page, or to htmx its panel; a POST saves its facts."""
    row = access.claim(request, article_id, number)
    if request.method == "POST":
        return _save(request, row)
    # a fragment comes from a session that has not ended: nothing can be kept for it
    kept = None if request.htmx else access.kept(request)
    if (kept or "edit" in request.GET) and may_edit(request, row):
        return show(request, row, edit=EditClaim(kept, claim=row), kept=bool(kept))
    if kept:
        refused = [edit_refusal(request, row, "claim.edit")]
        return show(request, row, refused=refused, unsaved=typed(EditClaim(kept, claim=row)), kept=True)
    return show(request, row, opened="verdict" in request.GET)


def _save(request: Request, row: ClaimRow) -> HttpResponse:
    roles.require(access.role(request, row.team_id), "claim.edit")
    writing = Writing(request)
    form = EditClaim(writing.data, claim=row)
    if form.is_valid() and writing.once(
        form,
        lambda version: claims.edit_claim(
            actor=request.user, claim=row, reason=form.cleaned_data["reason"], version=version or 0, **form.facts
        ),
    ):
        return after(request, row, _("Claim %(number)d is saved.") % {"number": row.number})
    if writing.stale:
        row = access.claim(request, row.article_id, row.number)
        theirs = conflicts.meanwhile(row, writing.stale.opened)
        return show(request, row, writing, edit=conflicts.merged(row, form, theirs), theirs=theirs)
    return show(request, row, writing, edit=form)


def typed(form: BaseForm) -> list[tuple[str, str]]:
    """What stands in a form, by the names of its fields, to be copied where the form itself cannot stand."""
    return [(str(field.label), str(field.value())) for field in form if field.value()]


def may_edit(request: Request, row: ClaimRow) -> bool:
    """Whether the person's role and the claim's status let its facts be changed."""
    return not edit_refusal(request, row, "claim.edit")


def edit_refusal(request: Request, row: ClaimRow, permission: str) -> str:
    """Why facts or evidence of the claim are not the person's to change now; empty where they are."""
    if why := roles.refusal(access.role(request, row.team_id), permission):
        return why
    return _("The claim is withdrawn. Restore it first.") if row.status == Status.WITHDRAWN else ""


# --- the answers of all that is done in the panel ----------------------------------------------


def show(
    request: Request, row: ClaimRow, writing: Writing | None = None, *, said: str = "", **state: Any
) -> HttpResponse:
    """The panel: to htmx alone, else on the claim's page. What `writing` refused decides the status."""
    status = writing.status if writing else 200
    wrote = bool(said) or status == 409
    sheet = sheet_to_change(request, row.article) if wrote else None
    stands = sheet.standing(row.number) if sheet else None
    context = panel(request, row, page=_on_its_page(request), writing=writing, stands=stands, **state)
    if not request.htmx:
        return render(request, "claims/claim.html", context, status=status)
    context |= {"said": said, "changes": changes(request, sheet), "wrote": wrote}
    return render(request, "claims/fragment.html", context, status=status)


def after(request: Request, row: ClaimRow, said: str, then: ClaimRow | None = None) -> HttpResponse:
    """What follows a write: to htmx the fresh panel of the claim, or of the one to go on with; else its page."""
    if request.htmx:
        goes_on = access.claim(request, row.article_id, (then or row).number)
        response = show(request, goes_on, said=said)
        if then and _on_its_page(request):
            response["HX-Push-Url"] = address(then)
        return response
    messages.success(request, said)
    return see_other(address(row))


def address(row: ClaimRow) -> str:
    """The address of the claim's page."""
    return reverse("claim", args=[row.article_id, row.number])


def see_other(url: str) -> HttpResponseRedirect:
    """303: what was sent is done; get that page."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def _on_its_page(request: Request) -> bool:
    """Whether the panel stands on the claim's own page, not on the desk."""
    if not request.htmx:
        return True
    return bool(re.search(r"/claims/\d+/", shown_at(request)))


# --- the panel ---------------------------------------------------------------------------------


def panel(
    request: Request,
    row: ClaimRow,
    *,
    page: bool = False,
    opened: bool = False,
    writing: Writing | None = None,
    verdict: Any = None,
    reason: Any = None,
    asked: str = "",
    stands: Standing | None = None,
    **state: Any,
) -> dict[str, Any]:
    """The context of claims/panel.html.

    `page` says that it stands on a page of its own, with the words around it and its facts as a form; `opened` that
    the foot is to stand open; `stands` where the claim stands, if that is known already. `verdict`, `reason` and
    `asked` are the foot's (see foot.make). `state` may hold `edit` (EditClaim), `attach` (AttachForm) with `found` and
    `found_origin`, `retract` (a number) with `why` (ReasonForm), `theirs` (Meanwhile), `refused` and `unsaved`
    (sentences; pairs of name and text), `kept`.
    """
    evidence, said = brackets.read(row), _proposals(row.pk)
    case, last = cases.case_of(row, evidence), next(iter(said), None)
    stand = foot.Stand(request, row, evidence, case)
    placed = _placed(row, page, stands)
    if page and not state.get("edit") and not state.get("theirs") and may_edit(request, row):
        state["edit"] = _facts(row)
    return {
        "claim": row,
        "article": row.article,
        "page": page,
        "writing": writing,
        **placed,
        "shown_label": row.proposal.label if row.proposal else row.verdict,
        **brackets.part(evidence, case),
        **_refusals(request, row),
        **_told(row, evidence, said, placed["stands"]),
        "foot": foot.make(stand, verdict=verdict, reason=reason, asked=asked, opened=opened, last=last),
        **state,
    }


def _placed(row: ClaimRow, page: bool, stands: Standing | None) -> dict[str, Any]:
    """Where the claim stands; on a page of its own with the words around it, marked in the article's proof."""
    if not page:
        return {"stands": stands or standing(row), "passages": [], **PANE_HEADINGS}
    sheet = read_proof(row.article.latest_version())
    sheet.current = row.number
    return {"stands": sheet.standing(row.number), "passages": passages(sheet, row.number), **PAGE_HEADINGS}


def _told(row: ClaimRow, evidence: Sequence[Evidence], said: Sequence[Proposal], stands: Standing) -> dict[str, Any]:
    """What was said of the claim, with the wording that was proposed last, and what was done with it."""
    told = history(row, said)
    answer = row.proposal or (told.decision and told.decision.decision)
    return {"history": told, "wording": _rewording(stands, answer), "recent": recent(row, evidence, said)}


def _facts(row: ClaimRow) -> EditClaim:
    """The facts as a form that nobody asked for: it does not take the focus."""
    form = EditClaim(claim=row)
    form.fields["statement"].widget.attrs["autofocus"] = False
    return form


@ready
def _proposals(claim: int) -> QuerySet[Proposal]:
    """The claim's proposals with their decisions, newest first."""
    said = Proposal.objects.select_related("label", "proposed_by", "decision__label", "decision__decided_by")
    return said.filter(claim=claim).order_by("-pk")


def _refusals(request: Request, row: ClaimRow) -> dict[str, str]:
    """Why the person may not change the claim's facts and evidence, as the panel says it; empty where they may."""
    return {
        "no_edit": edit_refusal(request, row, "claim.edit"),
        "no_evidence": edit_refusal(request, row, "evidence.attach"),
        "no_retract": roles.refusal(access.role(request, row.team_id), "evidence.retract"),
    }


def _rewording(placed: Standing, said: Any) -> list[tuple[str, str]]:
    """How the proposed wording differs from the words it replaces, where the claim stands once."""
    if said is None or not said.proposed_wording or len(placed.quotes) != 1:
        return []
    return rewording(placed.quotes[0], said.proposed_wording)


@dataclass(frozen=True)
class History:
    """What was proposed and decided: the decision that stands, and all that came before what stands or waits."""

    decision: Proposal | None
    earlier: list[Proposal]


def history(row: ClaimRow, said: Sequence[Proposal]) -> History:
    """`said` are the claim's proposals with their decisions, newest first."""
    stands_on = None
    if row.status in {Status.DECIDED, Status.RECHECK}:
        stands_on = next((one for one in said if getattr(one, "decision", None)), None)
    return History(stands_on, [one for one in said if one.pk != row.proposal_id and one is not stands_on])
