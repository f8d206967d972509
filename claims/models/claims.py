"""Claims and where they stand in the text."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from claims.anchors import Selector
from claims.models.accounts import User
from claims.models.articles import Article, Version
from claims.models.teams import Team
from claims.models.verdicts import Label, Proposal
from claims.workflow import RISK_NAMES, STATUS_NAMES, Risk, Status


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims as the queue asks for them; each of its kinds lists oldest first."""

    def of(self, team: Team) -> "ClaimQuerySet":
        return self.filter(team=team)

    def at_work(self) -> "ClaimQuerySet":
        """Those of articles that are not closed."""
        return self.exclude(article__stage=Article.Stage.CLOSED)

    def oldest_first(self) -> "ClaimQuerySet":
        return self.order_by("status_since", "pk")

    def sent_back_to(self, user: User) -> "ClaimQuerySet":
        """Sent back, waiting for `user`'s answer as their proposer."""
        return self.filter(status=Status.OPEN, returned_to=user)

    def to_check_by(self, user: User) -> "ClaimQuerySet":
        """Open, not sent back to anybody, and assigned to `user` or to nobody."""
        return self.filter(status=Status.OPEN, returned_to=None).for_hands_of(user)

    def to_recheck_by(self, user: User) -> "ClaimQuerySet":
        """At recheck, and assigned to `user` or to nobody."""
        return self.filter(status=Status.RECHECK).for_hands_of(user)

    def for_hands_of(self, user: User) -> "ClaimQuerySet":
        return self.filter(Q(assigned_to=user) | Q(assigned_to=None))

    def to_review_by(self, user: User, *, four_eyes: bool) -> "ClaimQuerySet":
        """In review, without those that four eyes forbid `user` to decide."""
        found = self.filter(status=Status.PROPOSED)
        if not four_eyes:
            return found
        brought = self.model._meta.get_field("evidence").related_model.objects.resting()  # type: ignore[union-attr]
        return found.exclude(proposal__proposed_by=user).exclude(
            Exists(brought.filter(claim=OuterRef("pk"), added_by=user))
        )


class Claim(models.Model):
    """One checkable statement, numbered within its article for good."""

    class Kind(models.TextChoices):
        NUMBER = "number", _("Number")
        QUOTE = "quote", _("Quote")
        EVENT = "event", _("Event")
        COMPARISON = "comparison", _("Comparison")
        ATTRIBUTION = "attribution", _("Attribution")
        OTHER = "other", _("Other")

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveIntegerField()
    statement = models.TextField(_("Statement"))
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    said_by = models.CharField(_("Said by"), max_length=300, blank=True)
    reported_by = models.CharField(_("Reported by"), max_length=300, blank=True)
    risk = models.CharField(_("Risk"), max_length=6, choices=RISK_NAMES, default=Risk.MEDIUM)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=STATUS_NAMES, default=Status.OPEN)
    status_since = models.DateTimeField(default=clock.now)
    status_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    status_reason = models.TextField(blank=True)
    returned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.ForeignKey(Label, null=True, on_delete=models.PROTECT, related_name="+")
    row_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ClaimQuerySet] = ClaimQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["article", "number"]
        indexes = [
            models.Index(fields=["team", "status", "status_since", "id"], name="claim_oldest_first"),
            models.Index(
                fields=["team", "assigned_to", "status", "status_since", "id"], name="claim_of_assignee"
            ),
            models.Index(
                fields=["returned_to", "status_since"],
                condition=Q(returned_to__isnull=False),
                name="claim_sent_back",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_claim_a_number"),
            models.UniqueConstraint(fields=["id", "article"], name="claim_of_article"),
            models.CheckConstraint(condition=Q(status__in=list(STATUS_NAMES)), name="known_status"),
            models.CheckConstraint(
                condition=Q(status="proposed", proposal__isnull=False)
                | (~Q(status="proposed") & Q(proposal=None)),
                name="a_proposal_while_in_review",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["decided", "recheck"]) | Q(verdict__isnull=False),
                name="a_verdict_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"


class Anchor(models.Model):
    """A place of a claim in a version's text: quote and position selectors in one row."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="anchors")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="anchors")
    exact = models.TextField()
    prefix = models.CharField(max_length=64, blank=True)
    suffix = models.CharField(max_length=64, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["start", "-end", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="an_anchor_has_words"),
            models.UniqueConstraint(
                fields=["claim", "version", "start", "end"], name="one_anchor_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.start}–{self.end}"

    @property
    def selector(self) -> Selector:
        return Selector(self.exact, self.prefix, self.suffix, self.start, self.end)
