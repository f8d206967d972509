"""Evidence is attached and retracted."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from claims.actions import cases, sources
from claims.actions.rows import locked, require, save
from claims.actions.whole import action
from claims.models import Claim, Evidence, Source, User
from claims.models.ready import ready
from claims.trail import act
from claims.workflow import Refused, Status


@action
def attach(
    *,
    actor: User,
    claim: Claim,
    stance: str,
    source: Source | None = None,
    new_source: dict[str, Any] | None = None,
    quote: str = "",
    locator: str = "",
    note: str = "",
) -> Evidence:
    """Attach a source of the team, or a new one, to a claim.

    Bumps the claim's version but does not ask for it: two checkers may attach at once. A decided claim goes to recheck.
    """
    require(claim.team_id, actor, "evidence.attach")
    claim = locked(claim)
    if claim.status == Status.WITHDRAWN:
        raise Refused(_("The claim is withdrawn. Restore it before you bring evidence."))
    _check_source(actor, claim, source, new_source)
    taken = next(iter(_numbers(claim.pk)), 0)
    with act("evidence.attach", actor):
        found = source or sources.create(actor=actor, team=claim.team, **(new_source or {}))
        evidence = Evidence.objects.create(
            team_id=claim.team_id,
            article_id=claim.article_id,
            claim=claim,
            source=found,
            number=taken + 1,
            stance=stance,
            quote=quote,
            locator=locator,
            note=note,
            added_by=actor,
        )
        cases.disturb(claim, actor, _("Evidence was added after the decision: %(name)s") % {"name": evidence.name})
    return evidence


@ready
def _numbers(claim: int) -> QuerySet[Evidence, int]:
    """The newest number of a claim's evidence."""
    return Evidence.objects.filter(claim=claim).order_by("-number").values_list("number", flat=True)[:1]


def _check_source(actor: User, claim: Claim, source: Source | None, new_source: dict[str, Any] | None) -> None:
    """One of the two, and not both: a source of the claim's team, or a new one from somebody who may add it."""
    if new_source is not None:
        require(claim.team_id, actor, "source.add")
    if (source is None) == (new_source is None) or (source and source.team_id != claim.team_id):
        raise Refused(_("Choose one of the team’s sources, or describe a new one."), field="source")


@action
def retract(*, actor: User, evidence: Evidence, reason: str, version: int | None = None) -> Evidence:
    """Retract evidence, with a reason; it stays, struck. `version` is the claim's. A decided claim goes to recheck."""
    require(evidence.team_id, actor, "evidence.retract")
    claim = locked(evidence.claim, version)
    evidence = locked(evidence)
    if evidence.retracted_at is not None:
        raise Refused(_("It was retracted already."))
    if not reason.strip():
        raise Refused(_("Give a reason: it stands in the trail and in every report."), field="reason")
    with act("evidence.retract", actor, reason):
        save(evidence, retracted_at=clock.now(), retracted_by=actor, retraction_reason=reason)
        cases.disturb(claim, actor, _("Evidence was retracted after the decision: %(name)s") % {"name": evidence.name})
    return evidence
