"""The team's scale, and the proposals and decisions made on it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from claims.models.articles import Article
from claims.models.days import Moment
from claims.models.ready import ready
from claims.models.teams import Team
from claims.workflow import DEFAULT_SCALE

MEANINGS = {meaning: names[0] for meaning, names in DEFAULT_SCALE.items()}


class LabelQuerySet(models.QuerySet["Label"]):
    """Labels of scales."""

    def in_force(self) -> "LabelQuerySet":
        return self.filter(retired_at=None).order_by("position", "pk")


class Label(models.Model):
    """A word of the team's verdict scale. Immutable: an edit retires one and adds one."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="labels")
    meaning = models.CharField(_("Meaning"), max_length=15, choices=MEANINGS)
    name = models.CharField(_("Label"), max_length=60)
    explanation = models.CharField(_("Explanation"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField()
    created_at = Moment(default=clock.now)
    retired_at = Moment(null=True)

    objects: ClassVar[LabelQuerySet] = LabelQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team", "name"], condition=models.Q(retired_at=None), name="one_label_a_name"
            ),
            models.UniqueConstraint(fields=["id", "team"], name="label_of_team"),
            models.CheckConstraint(condition=models.Q(meaning__in=list(MEANINGS)), name="known_meaning"),
        ]

    def __str__(self) -> str:
        return self.name


@ready
def labels_in_force(team: int) -> models.QuerySet[Label]:
    """The team's scale, in its order."""
    return Label.objects.filter(team=team).in_force()


class Answered(models.Model):
    """What a proposal and a decision both hold."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+")
    rationale = models.TextField(_("Rationale"))
    proposed_wording = models.TextField(_("Proposed wording"), blank=True)
    searched = models.TextField(_("What was searched"), blank=True)
    created_at = Moment(default=clock.now)

    class Meta:
        abstract = True


class Proposal(Answered):
    """A checker's verdict that waits, or waited, for another's decision. Append-only."""

    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="proposals")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposals")

    def __str__(self) -> str:
        return f"{self.label} by {self.proposed_by}"


class Decision(Answered):
    """A reviewer's answer to a proposal. Append-only."""

    claim = models.ForeignKey("claims.Claim", on_delete=models.PROTECT, related_name="decisions")
    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="decision")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="decisions")
    four_eyes = models.BooleanField()

    def __str__(self) -> str:
        return f"{self.label} by {self.decided_by}"
