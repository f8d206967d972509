"""A claim's case, read from the rows for the rules; and what a change of the rows does to decided claims."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from claims import workflow
from claims.actions.rows import save
from claims.models import Claim, Decision, Evidence, Proposal, Source, User
from claims.models.ready import ready
from claims.models.sources import links_of
from claims.workflow import Answer, Case, Lean, Link, OriginKind, Status


def case_of(claim: Claim, evidence: Iterable[Evidence] | None = None) -> Case:
    """The claim as the rules see it. `evidence` is the claim's, with `source`, where a page has read it already."""
    pieces = _pieces(claim.pk) if evidence is None else list(evidence)
    links = links_of({piece.source_id: piece.source for piece in pieces}.values())
    return Case(
        risk=claim.risk,
        evidence=tuple(lean_of(piece, links, claim.article_id) for piece in pieces),
        origins_needed=claim.team.high_risk_origins,
        four_eyes=claim.team.four_eyes,
        proposer=claim.proposal.proposed_by_id if claim.proposal else None,
    )


@ready
def _pieces(claim: int) -> QuerySet[Evidence]:
    return Evidence.objects.filter(claim=claim).select_related("source").order_by("number")


def lean_of(piece: Evidence, links: dict[int, Link], article: int) -> Lean:
    """A piece of evidence as the rules see it."""
    return Lean(
        stance=piece.stance,
        source=piece.source_id,
        origin=workflow.resolve(piece.source_id, links, article),
        has_place=bool(piece.quote.strip() or piece.locator.strip()),
        added_by=piece.added_by_id,
        retracted=piece.retracted_at is not None,
    )


def move(claim: Claim, status: Status, actor: User, reason: str = "", **more: object) -> None:
    """Set the claim's status: since when, by whom, why; within an open act."""
    save(
        claim,
        status=status,
        status_since=clock.now(),
        status_by=actor,
        status_reason=reason,
        **more,
    )


def disturb(claim: Claim, actor: User, why: str, **values: object) -> bool:
    """Write what changes a claim's ground, within an open act; a decided claim goes to recheck. Whether it did."""
    if claim.status != Status.DECIDED:
        save(claim, **values)
        return False
    move(claim, Status.RECHECK, actor, why, returned_to=None, **values)
    return True


def recheck_after_origin_change(source: Source, actor: User) -> list[Claim]:
    """Send to recheck the decided claims whose gate now fails.

    Those are looked at that lean on the source, or on what it is the origin of.
    """
    family, step = {source.pk}, {source.pk}
    while step:
        step = (
            set(Source.objects.filter(origin__in=step, origin_kind=OriginKind.SOURCE).values_list("pk", flat=True))
            - family
        )
        family |= step
    leaning = Evidence.objects.resting().filter(source__in=family)
    claims = (
        Claim.objects.filter(status=Status.DECIDED, pk__in=leaning.values("claim"))
        .select_for_update(of=("self",), no_key=True)
        .select_related("team", "verdict")
        .order_by("pk")
    )
    why = _("The origin of a source it rests on has changed: %(source)s") % {"source": source.title}
    return [claim for claim in claims if _gate_fails(claim) and disturb(claim, actor, why)]


def _gate_fails(claim: Claim) -> bool:
    decision = Decision.objects.select_related("label").filter(claim=claim).latest("pk")
    return not all(gate.met for gate in workflow.gates(case_of(claim), answer_of(decision)))


def answer_of(said: Proposal | Decision) -> Answer:
    """What a proposal or a decision said, for the gates."""
    return Answer(
        meaning=said.label.meaning,
        rationale=said.rationale,
        proposed_wording=said.proposed_wording,
        searched=said.searched,
    )
