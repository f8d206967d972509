"""The last acts on one claim, told in its panel in two queries, since the panel has read already what they refer to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from claims.models import Act, Change, Claim, Evidence, Label, Proposal, Source
from claims.models.ready import ready
from claims.views.acts import Told, changes_of, sentence
from claims.views.things import Things
from claims.workflow import Status

SHOWN = 4
TITLE = 48


@dataclass(frozen=True)
class Recent:
    """How many acts there are on the claim, the newest of them, and those since the proposal that waits."""

    count: int
    shown: list[Told]
    since: list[Told]


def recent(claim: Claim, evidence: Sequence[Evidence], proposals: Sequence[Proposal]) -> Recent:
    """`evidence` and `proposals` are all that the claim has; `shown` is newest first, `since` oldest first."""
    acts = _acts(claim.article.stream, claim.pk)
    later: list[Act] = []
    if claim.status == Status.PROPOSED:
        later = list(takewhile(lambda act: act.verb != "claim.propose", acts))
    wanted = acts[: max(SHOWN, len(later))]
    changes = changes_of(wanted, claim.pk)
    things = Known(
        (change for rows in changes.values() for change in rows),
        claim=claim,
        evidence=evidence,
        labels=_labels(claim, proposals),
    )
    said = [Told(act, name_of(act), sentence(act.verb, changes[act.act], things)) for act in wanted]
    return Recent(len(acts), said[:SHOWN], said[: len(later)][::-1])


@ready
def _acts(stream: str, claim: int) -> QuerySet[Act]:
    return Act.objects.about_claim(stream, claim).newest_first()


def name_of(act: Act) -> str:
    return _("Somebody (name erased)") if act.name_erased else act.actor_name


class Known(Things):
    """Things of which the panel has read the claim, its evidence and its labels."""

    def __init__(
        self, changes: Iterable[Change], *, claim: Claim, evidence: Sequence[Evidence], labels: Iterable[Label]
    ) -> None:
        super().__init__(changes)
        self.__dict__["claims"] = {claim.pk: claim}
        self.__dict__["evidence"] = {piece.pk: piece for piece in evidence}
        self.__dict__["labels"] = {label.pk: label for label in labels}
        self.__dict__["sources"] = {piece.source_id: short(piece.source) for piece in evidence}


def short(source: Source) -> Source:
    """The source under a title short enough for a sentence in the panel, which has the whole one above."""
    if len(source.title) <= TITLE:
        return source
    return Source(pk=source.pk, title=Truncator(source.title).chars(TITLE))


def _labels(claim: Claim, proposals: Iterable[Proposal]) -> list[Label]:
    found = [claim.verdict] if claim.verdict else []
    for proposal in proposals:
        found.append(proposal.label)
        if decision := getattr(proposal, "decision", None):
            found.append(decision.label)
    return found
