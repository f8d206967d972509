"""The verdict foot: what the person may do with the claim now, and what each verdict needs."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import roles, workflow
from claims.forms.verdicts import FIELD_OF_GATE, ReasonForm, VerdictForm
from claims.models import Claim, Evidence, Label, Membership, Proposal
from claims.models.verdicts import labels_in_force
from claims.views import access
from claims.views.access import Request
from claims.workflow import Answer, Case, Gate, Status

NAMES: dict[str, Promise] = {
    "propose": gettext_lazy("Propose"),
    "decide": gettext_lazy("Decide"),
    "send_back": gettext_lazy("Send back"),
    "reopen": gettext_lazy("Reopen"),
    "withdraw": gettext_lazy("Withdraw"),
    "restore": gettext_lazy("Restore"),
}
HEADINGS: dict[str, Promise] = {
    "propose": gettext_lazy("Propose a verdict"),
    "decide": gettext_lazy("Decide the verdict"),
    "send_back": gettext_lazy("Send back to %(proposer)s"),
    "reopen": gettext_lazy("Reopen"),
    "withdraw": gettext_lazy("Withdraw claim %(number)s"),
    "restore": gettext_lazy("Restore"),
}
FOLLOWS: dict[str, Promise] = {
    "send_back": gettext_lazy("It becomes To check again and waits for %(proposer)s."),
    "reopen": gettext_lazy(
        "It becomes To check again. The decision stays in the trail, and in the reports that have it."
    ),
    "withdraw": gettext_lazy(
        "It keeps its number and stays in the trail; reports list it as withdrawn. A reviewer can restore it."
    ),
    "restore": gettext_lazy("It becomes To check, with the number and the evidence it had."),
}


@dataclass(frozen=True)
class Deed:
    """A button of the foot; `refused` says why it does nothing, `lead` its first words."""

    code: str
    name: str
    url: str
    refused: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Need:
    """A gate as the page shows it; `field` is the one of the form that answers it, or empty."""

    gate: Gate
    field: str


@dataclass(frozen=True)
class Choice:
    """A label with what it needs; without one, the choice of none, which needs one."""

    label: Label | None
    needs: list[Need]
    chosen: bool
    explanation: str = ""


@dataclass
class Foot:
    """The last part of the Claim region: either a verdict is given in it, or a reason, or nothing."""

    heading: str
    main: Deed
    more: list[Deed]
    open: bool
    verdict: VerdictForm | None = None
    reason: ReasonForm | None = None
    follows: str = ""
    asked: bool = False
    shown: Label | None = None
    choices: list[Choice] = field(default_factory=list)
    carried: list[tuple[str, str]] = field(default_factory=list)
    back: str = ""


@dataclass(frozen=True)
class Stand:
    """What the foot is made from: the claim's case, and who looks at it."""

    request: Request
    claim: Claim
    evidence: Sequence[Evidence]
    case: Case

    @property
    def role(self) -> str | None:
        return access.role(self.request, self.claim.team_id)

    @property
    def deeds(self) -> list[str]:
        """What the workflow knows at the claim's status; the first is the one that leads on."""
        return workflow.deeds(self.claim.status, four_eyes=self.case.four_eyes)


def make(
    stand: Stand,
    *,
    verdict: VerdictForm | None = None,
    reason: ReasonForm | None = None,
    asked: str = "",
    opened: bool = False,
    last: Proposal | None = None,
) -> Foot:
    """The foot. `verdict` and `reason` are forms that come back; `asked` is the deed whose reason is asked for.

    `last` is the newest proposal, from which its proposer goes on when it was sent back.
    """
    if asked and asked in stand.deeds:
        return _asking(stand, asked, reason, verdict)
    deeds = [_deed(stand, code) for code in stand.deeds]
    # a solo desk decides at once, where the role allows it
    deeds.sort(key=lambda deed: not (deed.code == "decide" and not deed.refused))
    main, more = deeds[0], deeds[1:]
    if main.code in workflow.NEEDS_REASON:
        return _asking(stand, main.code, reason, None, opened=opened)
    if main.refused:
        return _closed(stand, main, more, opened)
    form = verdict or form_for(stand.claim, last if stand.claim.returned_to_id == stand.request.user.pk else None)
    choices = _choices(stand, form)
    form.fields["verdict"].help_text = escape(next((one.explanation for one in choices if one.chosen), ""))
    return Foot(
        heading=_heading(stand.claim, main.code),
        main=main,
        more=more,
        open=opened or verdict is not None,
        verdict=form,
        shown=stand.claim.proposal.label if stand.claim.proposal else None,
        choices=choices,
    )


def form_for(claim: Claim, last: Proposal | None = None) -> VerdictForm:
    """The verdict form, filled: with the proposal that waits, but for its rationale, which is its proposer's; with
    `last`, that was sent back, as it was; else with the verdict it had, if any.
    """
    labels = labels_in_force(claim.team_id)
    return VerdictForm(labels=labels, proposal=claim.proposal, initial=_initial(claim, labels, last))


def typed_form(claim: Claim, data: QueryDict) -> VerdictForm:
    """The verdict form with what was typed so far, not checked yet."""
    return VerdictForm(labels=labels_in_force(claim.team_id), proposal=claim.proposal, initial=data.dict())


def _initial(claim: Claim, labels: Sequence[Label], last: Proposal | None) -> dict[str, object]:
    goes_on = claim.proposal or last
    if goes_on is None:
        return {"verdict": _in_force(claim.verdict, labels)}
    return {
        "verdict": _in_force(goes_on.label, labels),
        "rationale": "" if claim.proposal else goes_on.rationale,
        "proposed_wording": goes_on.proposed_wording,
        "searched": goes_on.searched,
    }


def _in_force(label: Label | None, labels: Sequence[Label]) -> int | None:
    """The label, or where it was retired the first of its meaning; None where there is none."""
    if label is None:
        return None
    return next(
        (one.pk for one in labels if one.pk == label.pk),
        next((one.pk for one in labels if one.meaning == label.meaning), None),
    )


def _asking(
    stand: Stand, code: str, reason: ReasonForm | None, verdict: VerdictForm | None, *, opened: bool = True
) -> Foot:
    """The foot that asks for a reason. What was typed for a verdict is carried along."""
    claim = stand.claim
    deed = _deed(stand, code)
    form = reason or ReasonForm(ids="foot", deed=code)
    if not opened:  # it lies folded under the button
        form.fields["reason"].widget.attrs.pop("autofocus", None)
    carried = [(bound.html_name, str(bound.value())) for bound in verdict if bound.value()] if verdict else []
    return Foot(
        heading=_heading(claim, code),
        main=deed,
        more=[],
        open=opened or bool(reason and reason.is_bound),
        reason=None if deed.refused else form,
        follows=str(FOLLOWS[code]) % _words(claim),
        asked=code != stand.deeds[0],
        carried=carried,
        back=_deed(stand, stand.deeds[0]).url if carried else "",
    )


def _closed(stand: Stand, main: Deed, more: list[Deed], opened: bool) -> Foot:
    """The foot of somebody who may not give the verdict now: what it needs can be read, nothing can be typed."""
    foot = Foot(_heading(stand.claim, main.code), main, more, opened)
    if stand.claim.proposal:
        said = stand.claim.proposal
        answer = Answer(said.label.meaning, said.rationale, said.proposed_wording, said.searched)
        foot.shown = said.label
        foot.choices = [Choice(said.label, _needs(stand, answer), chosen=True)]
    return foot


def _choices(stand: Stand, form: VerdictForm) -> list[Choice]:
    """All labels with what they need; before them, where none is chosen yet, that one has to be."""
    chosen = form.chosen
    none = Gate("verdict", met=False, word=_("verdict"), sentence=_("A verdict: choose one."))
    how = _("Choose one, or press its number, 1 to %(last)d. What it needs is shown then.") % {"last": len(form.labels)}
    first = [] if chosen else [Choice(None, [Need(none, "verdict")], chosen=True, explanation=how)]
    return first + [_choice(stand, label, form, chosen) for label in form.labels.values()]


def _choice(stand: Stand, label: Label, form: VerdictForm, chosen: Label | None) -> Choice:
    rationale = form.said("rationale") or form.taken_over(label)
    answer = Answer(label.meaning, rationale, form.said("proposed_wording"), form.said("searched"))
    return Choice(label, _needs(stand, answer), chosen=label == chosen, explanation=label.explanation)


def _needs(stand: Stand, answer: Answer) -> list[Need]:
    gates = workflow.gates(stand.case, answer)
    needs = [Need(gate, FIELD_OF_GATE.get(gate.code, "")) for gate in gates]
    eyes = workflow.four_eyes(stand.case, stand.request.user.pk)
    if eyes is not None and stand.claim.status == Status.PROPOSED and roles.allows(stand.role, "claim.decide"):
        needs.append(Need(eyes, ""))
    return needs


def _deed(stand: Stand, code: str) -> Deed:
    claim = stand.claim
    url = reverse(code, args=[claim.article_id, claim.number])
    refused, lead = roles.refusal(stand.role, f"claim.{code}"), ""
    if not refused and code == "decide":
        lead, refused = _four_eyes(stand)
    return Deed(code, str(NAMES[code]), url, refused, lead)


def _four_eyes(stand: Stand) -> tuple[str, str]:
    """Which of the person's own doings forbid the decision, and who can decide; twice empty where nothing does."""
    me = stand.request.user.pk
    gate = workflow.four_eyes(stand.case, me)
    if gate is None or gate.met:
        return "", ""
    rests = [row for row, lean in zip(stand.evidence, stand.case.evidence, strict=True) if lean.rests]
    mine = [row.name for row in rests if row.added_by_id == me]
    did = [_("proposed this")] if stand.case.proposer == me else []
    if mine:
        did.append(_("attached %(evidence)s") % {"evidence": get_text_list(mine, _("and"))})
    lead = _("You %(did)s,") % {"did": get_text_list(did, _("and"))}
    return lead, _others(stand, {row.added_by_id for row in rests} | {stand.case.proposer or 0})


def _others(stand: Stand, involved: set[int]) -> str:
    able = [role for role in roles.Role if roles.allows(role, "claim.decide")]
    rows = Membership.objects.filter(team_id=stand.claim.team_id, role__in=able, user__is_active=True)
    names = list(rows.exclude(user__in=involved).order_by("user__name").values_list("user__name", flat=True)[:3])
    if not names:
        return _("so you cannot decide on it. Nobody else in the team can: an admin can invite a reviewer.")
    return _("so you cannot decide on it. %(names)s can.") % {"names": get_text_list(names, _("or"))}


def _heading(claim: Claim, code: str) -> str:
    return str(HEADINGS[code]) % _words(claim)


def _words(claim: Claim) -> dict[str, object]:
    proposer = claim.proposal.proposed_by.name if claim.proposal else ""
    return {"proposer": proposer, "number": claim.number}
