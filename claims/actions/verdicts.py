"""Verdicts are proposed and decided, claims sent back, reopened, withdrawn, restored; the scale is changed."""

from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from claims import workflow
from claims.actions import cases
from claims.actions.rows import held, lock_team, locked, require
from claims.actions.whole import action
from claims.models import Claim, Decision, Label, Proposal, Team, User
from claims.trail import act
from claims.workflow import Answer, Meaning, Refused, Status


@dataclass(frozen=True)
class Verdict:
    """What a person proposes or decides: a label of the team's scale, and what goes with it."""

    label: Label
    rationale: str
    proposed_wording: str = ""
    searched: str = ""

    @property
    def answer(self) -> Answer:
        return Answer(self.label.meaning, self.rationale, self.proposed_wording, self.searched)

    def columns(self, claim: Claim) -> dict[str, object]:
        return {
            "team_id": claim.team_id,
            "article_id": claim.article_id,
            "claim": claim,
            "label": self.label,
            "rationale": self.rationale,
            "proposed_wording": self.proposed_wording,
            "searched": self.searched,
        }


@action
def propose(*, actor: User, claim: Claim, verdict: Verdict, version: int | None = None) -> Claim:
    """Propose a verdict: its gates must be met."""
    require(claim.team_id, actor, "claim.propose")
    claim = locked(claim, version)
    status = workflow.leads_to("propose", claim.status)
    _check_label(claim, verdict)
    workflow.check(workflow.gates(cases.case_of(claim), verdict.answer))
    with act("claim.propose", actor, verdict.rationale):
        proposal = Proposal.objects.create(proposed_by=actor, **verdict.columns(claim))
        cases.move(claim, status, actor, "", proposal=proposal, returned_to=None)
    return claim


@action
def decide(*, actor: User, claim: Claim, verdict: Verdict, version: int | None = None) -> Claim:
    """Decide on somebody else's proposal, with its verdict or another; gates and four eyes must be met.

    On a solo desk (four eyes off) a claim To check or at Recheck is proposed and decided in one act.
    """
    # policy and origins hold still while they are read: no decision slips past a change of them
    team = held(Team, claim.team_id)
    require(claim.team_id, actor, "claim.decide")
    claim = locked(claim, version)
    claim.team = team
    status = workflow.leads_to("decide", claim.status, four_eyes=team.four_eyes)
    _check_label(claim, verdict)
    case = cases.case_of(claim)
    workflow.check([*workflow.gates(case, verdict.answer), workflow.four_eyes(case, actor.pk)])
    with act("claim.decide", actor, verdict.rationale):
        proposal = claim.proposal or Proposal.objects.create(proposed_by=actor, **verdict.columns(claim))
        Decision.objects.create(proposal=proposal, decided_by=actor, four_eyes=team.four_eyes, **verdict.columns(claim))
        cases.move(claim, status, actor, "", proposal=None, verdict=verdict.label, returned_to=None)
    return claim


@action
def send_back(*, actor: User, claim: Claim, reason: str, version: int | None = None) -> Claim:
    """Send a proposal back; the claim waits for its proposer."""
    claim, status = _for_move("send_back", actor, claim, reason, version)
    proposer = claim.proposal and claim.proposal.proposed_by
    with act("claim.send_back", actor, reason):
        cases.move(claim, status, actor, reason, returned_to=proposer, proposal=None)
    return claim


@action
def reopen(*, actor: User, claim: Claim, reason: str, version: int | None = None) -> Claim:
    """Take a decided claim up again."""
    return _move("reopen", actor, claim, reason, version)


@action
def withdraw(*, actor: User, claim: Claim, reason: str, version: int | None = None) -> Claim:
    """Withdraw a claim, with a reason; reports list it."""
    return _move("withdraw", actor, claim, reason, version)


@action
def restore(*, actor: User, claim: Claim, reason: str, version: int | None = None) -> Claim:
    """Take a withdrawn claim up again."""
    return _move("restore", actor, claim, reason, version)


def _move(deed: str, actor: User, claim: Claim, reason: str, version: int | None) -> Claim:
    claim, status = _for_move(deed, actor, claim, reason, version)
    with act(f"claim.{deed}", actor, reason):
        cases.move(claim, status, actor, reason, proposal=None, returned_to=None)
    return claim


def _for_move(deed: str, actor: User, claim: Claim, reason: str, version: int | None) -> tuple[Claim, Status]:
    require(claim.team_id, actor, f"claim.{deed}")
    claim = locked(claim, version)
    status = workflow.leads_to(deed, claim.status)
    if deed in workflow.NEEDS_REASON and not reason.strip():
        raise Refused(_("Give a reason: others have to know why."), field="reason")
    return claim, status


def _check_label(claim: Claim, verdict: Verdict) -> None:
    # as it is now, and until this is written: it may have been retired since the form was sent
    label = held(Label, verdict.label.pk)
    if label.team_id != claim.team_id or label.retired_at is not None:
        raise Refused(_("Choose a verdict of the team’s scale."), field="verdict")


# --- the scale -------------------------------------------------------------------------------


@action
def add_label(*, actor: User, team: Team, meaning: str, name: str, explanation: str, reason: str = "") -> Label:
    """Add a label to the team's scale, with one of the six meanings."""
    _for_scale(actor, team, name)
    with act("scale.add", actor, reason):
        last = team.labels.aggregate(last=Max("position"))["last"] or 0
        return Label.objects.create(
            team=team, meaning=Meaning(meaning), name=name.strip(), explanation=explanation, position=last + 1
        )


@action
def relabel(*, actor: User, label: Label, name: str, explanation: str, reason: str = "") -> Label:
    """Give a verdict another word: the old label is retired, a new one takes its place; old decisions keep theirs."""
    _for_scale(actor, label.team, name, instead_of=label)
    with act("scale.relabel", actor, reason):
        _retire(label)
        return Label.objects.create(
            team=label.team, meaning=label.meaning, name=name.strip(), explanation=explanation, position=label.position
        )


@action
def retire_label(*, actor: User, label: Label, reason: str = "") -> Label:
    """Take a label out of the scale; old decisions keep it. The last of the scale stays."""
    lock_team(label.team_id)
    require(label.team_id, actor, "scale.change")
    if label.team.labels.in_force().exclude(pk=label.pk).count() == 0:
        raise Refused(_("A scale keeps at least one verdict."))
    with act("scale.retire", actor, reason):
        return _retire(label)


def _for_scale(actor: User, team: Team, name: str, instead_of: Label | None = None) -> None:
    lock_team(team.pk)
    require(team.pk, actor, "scale.change")
    if not name.strip():
        raise Refused(_("A verdict needs a label."), field="name")
    others = team.labels.in_force().exclude(pk__in=[instead_of.pk] if instead_of else [])
    if others.filter(name__iexact=name.strip()).exists():
        raise Refused(_("The scale has a verdict of that name."), field="name")


def _retire(label: Label) -> Label:
    label = locked(label)
    if label.retired_at is not None:
        raise Refused(_("This label was retired already."))
    label.retired_at = clock.now()
    label.save(update_fields=["retired_at"])
    return label
