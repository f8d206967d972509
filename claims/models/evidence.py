"""Evidence: a claim leaning on a source."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from claims.models.articles import Article
from claims.models.claims import Claim
from claims.models.days import Moment
from claims.models.ready import OneOf, ready
from claims.models.sources import Source
from claims.models.teams import Team
from claims.workflow import STANCE_NAMES, Stance


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    """Evidence as the rules ask for it."""

    def resting(self) -> "EvidenceQuerySet":
        """What a verdict rests on: neither retracted nor mere context."""
        return self.filter(retracted_at=None).exclude(stance=Stance.CONTEXT)

    def with_claim(self) -> "EvidenceQuerySet":
        """With all that a list says of the claim that leans."""
        return self.select_related("claim__verdict", "claim__proposal__label", "article")

    def with_capture(self) -> "EvidenceQuerySet":
        """With the newest capture of its source, `captured` (number), `captured_at` and `captured_sha256`.

        And with `errand`, the state of what was asked for last and not erased.
        """
        captures = _of_source("captures").order_by("-number")
        errands = _of_source("errands").exclude(code="erased").order_by("-pk")
        return self.annotate(
            captured=Subquery(captures.values("number")[:1]),
            captured_at=Subquery(captures.values("captured_at")[:1]),
            captured_sha256=Subquery(captures.values("sha256")[:1]),
            errand=Subquery(errands.values("state")[:1]),
        )

    def leaning(self, sources: Iterable[Source]) -> dict[int, int]:
        """How many claims lean on each of the sources, by its id; what was retracted does not count."""
        ids = [source.pk for source in sources]
        return dict(_leaning(ids)) if ids else {}


def _of_source(name: str) -> Any:
    """Rows that point to the evidence's source: their models stand above this one."""
    rows = Source._meta.get_field(name).related_model._default_manager  # type: ignore[union-attr]
    return rows.filter(source=OuterRef("source"))


class Evidence(models.Model):
    """A source's stance to a claim, with the words and their place. Immutable but for its retraction."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    stance = models.CharField(_("Stance"), max_length=10, choices=STANCE_NAMES)
    quote = models.TextField(_("Quote from source"), blank=True)
    locator = models.CharField(_("Where in the source"), max_length=300, blank=True)
    note = models.TextField(_("Note"), blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = Moment(default=clock.now)
    retracted_at = Moment(null=True)
    retracted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    retraction_reason = models.TextField(blank=True)

    objects: ClassVar[EvidenceQuerySet] = EvidenceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["claim", "number"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "number"], name="one_evidence_a_number"),
            models.CheckConstraint(condition=Q(stance__in=list(STANCE_NAMES)), name="known_stance"),
            models.CheckConstraint(
                condition=Q(retracted_at=None, retracted_by=None)
                | Q(retracted_at__isnull=False, retracted_by__isnull=False),
                name="a_retraction_has_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} E{self.number}"

    @property
    def name(self) -> str:
        """What people call it: E1, E2 …"""
        return f"E{self.number}"


@ready
def _leaning(sources: Sequence[int]) -> models.QuerySet[Evidence, tuple[int, int]]:
    rows = Evidence.objects.filter(OneOf("source_id", sources), retracted_at=None).order_by().values("source")
    return rows.annotate(claims=models.Count("claim", distinct=True)).values_list("source", "claims")


def saying_the_same(piece: Evidence) -> list[Evidence]:
    """What stands for the piece's claim with the same words of the same source in the same stance, first come first."""
    return _same(piece.claim_id, piece.source_id, piece.stance, piece.quote, piece.pk)


@ready
def _same(claim: int, source: int, stance: str, quote: str, but: int) -> models.QuerySet[Evidence]:
    same = Evidence.objects.filter(claim=claim, source=source, stance=stance, quote=quote)
    return same.filter(retracted_at=None).exclude(pk=but).order_by("number")
