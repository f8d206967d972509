"""Claims and where they stand in the text."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.lookups import Exact
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from claims.anchors import Selector
from claims.models.accounts import User
from claims.models.articles import Article, Version
from claims.models.days import Moment
from claims.models.ready import OneOf, ready
from claims.models.teams import Team
from claims.models.verdicts import Label, Proposal
from claims.workflow import RISK_NAMES, STATUS_NAMES, Risk, Status


def of_article(column: str) -> Subquery:
    """A column of a claim's article."""
    return Subquery(Article.objects.filter(pk=OuterRef("article_id")).values(column)[:1])


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Claims as the queue asks for them; each of its kinds lists oldest first."""

    def of(self, team: Team) -> "ClaimQuerySet":
        return self.filter(team=team)

    def at_work(self) -> "ClaimQuerySet":
        """Those of articles that are not closed."""
        # a subquery and no join: the planner then walks an index in its order and stops at the limit
        return self.exclude(Exact(of_article("stage"), Value(Article.Stage.CLOSED)))

    def oldest_first(self) -> "ClaimQuerySet":
        return self.order_by("status_since", "pk")

    def sent_back_to(self, user: User) -> "ClaimQuerySet":
        """Sent back, waiting for `user`'s answer as their proposer."""
        return self.filter(status=Status.OPEN, returned_to=user)

    def to_check(self) -> "ClaimQuerySet":
        """Open, and not sent back to anybody."""
        return self.filter(status=Status.OPEN, returned_to=None)

    def to_recheck(self) -> "ClaimQuerySet":
        return self.filter(status=Status.RECHECK)

    def for_hands_of(self, user: User) -> "list[ClaimQuerySet]":
        """Those assigned to `user`, and those assigned to nobody: each stands in an index in its own order."""
        return [self.filter(assigned_to=user), self.filter(assigned_to=None)]

    def to_review_by(self, user: User | int, *, four_eyes: bool) -> "ClaimQuerySet":
        """In review, without those that four eyes forbid `user` to decide."""
        found = self.filter(status=Status.PROPOSED)
        if not four_eyes:
            return found
        evidence: Any = self.model._meta.get_field("evidence").related_model  # its module stands above this one
        brought = evidence.objects.resting().filter(claim=OuterRef("pk"), added_by=user)
        return found.exclude(proposal__proposed_by=user).exclude(Exists(brought))

    def for_queue(self) -> "ClaimQuerySet":
        """With all that a line of the queue says."""
        return self.select_related("article", "status_by", "verdict", "proposal__label", "proposal__proposed_by")


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
    article = models.ForeignKey(Article, db_index=False, on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveIntegerField()
    statement = models.TextField(_("Statement"))
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind, default=Kind.OTHER)
    said_by = models.CharField(_("Said by"), max_length=300, blank=True)
    reported_by = models.CharField(_("Reported by"), max_length=300, blank=True)
    risk = models.CharField(_("Risk"), max_length=6, choices=RISK_NAMES, default=Risk.MEDIUM)
    # people's own indexes are the three with the article, below
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, db_index=False, on_delete=models.PROTECT, related_name="+"
    )
    status = models.CharField(max_length=10, choices=STATUS_NAMES, default=Status.OPEN)
    status_since = Moment(default=clock.now)
    status_by = models.ForeignKey(settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+")
    status_reason = models.TextField(blank=True)
    returned_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    proposal = models.ForeignKey(Proposal, null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.ForeignKey(Label, null=True, on_delete=models.PROTECT, related_name="+")
    row_version = models.PositiveIntegerField(default=1)
    created_at = Moment(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, db_index=False, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ClaimQuerySet] = ClaimQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["article", "number"]
        indexes = [
            models.Index(
                fields=["team", "status_since", "id"],
                condition=Q(status="proposed"),
                name="claim_to_review",
            ),
            models.Index(
                fields=["team", "assigned_to", "status", "status_since", "id"],
                condition=Q(status__in=["open", "recheck"], assigned_to__isnull=False),
                name="claim_of_hands",
            ),
            # its own: rows that an index finds by IS NULL do not come in its order
            models.Index(
                fields=["team", "status", "status_since", "id"],
                condition=Q(status__in=["open", "recheck"], assigned_to=None),
                name="claim_of_nobody",
            ),
            models.Index(
                fields=["returned_to", "status_since"],
                condition=Q(returned_to__isnull=False),
                name="claim_sent_back",
            ),
            models.Index(fields=["article", "status"], name="claim_by_status"),
            models.Index(fields=["assigned_to", "article"], name="claim_assigned"),
            models.Index(fields=["created_by", "article"], name="claim_logged"),
            models.Index(fields=["status_by", "article"], name="claim_moved"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_claim_a_number"),
            models.UniqueConstraint(fields=["id", "article"], name="claim_of_article"),
            models.CheckConstraint(condition=Q(status__in=list(STATUS_NAMES)), name="known_status"),
            models.CheckConstraint(
                condition=Q(status="proposed", proposal__isnull=False) | (~Q(status="proposed") & Q(proposal=None)),
                name="a_proposal_while_in_review",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["decided", "recheck"]) | Q(verdict__isnull=False),
                name="a_verdict_when_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id}/{self.number}"

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return str(Claim.Kind(self.kind).label)

    @property
    def risk_name(self) -> str:
        """The risk in words."""
        return str(RISK_NAMES[Risk(self.risk)])


def claim_at(article: int, number: int, teams: Sequence[int]) -> list[Claim]:
    """The article's claim of that number with all that its panel shows of it; empty where no team of these has it.

    The people it names are known by their names; the rest of them is read when it is asked for.
    """
    found = _claim_at(article, number, teams)
    for claim in found:
        for column in PEOPLE:
            named = claim.proposal if column == PROPOSER else claim
            _name(named, column.removeprefix("proposal__"), getattr(claim, f"{column}_name"))
    return found


# with a join for each of them, the query takes longer to plan than all of its page's to run
PROPOSER = "proposal__proposed_by"
PEOPLE = ("assigned_to", "status_by", "returned_to", "created_by", PROPOSER)


@ready
def _claim_at(article: int, number: int, teams: Sequence[int]) -> models.QuerySet[Claim]:
    names = {
        f"{column}_name": Subquery(User.objects.filter(pk=OuterRef(column)).values("name")[:1]) for column in PEOPLE
    }
    rows = Claim.objects.select_related("article", "verdict", "proposal__label").annotate(**names)
    return rows.filter(OneOf("team_id", teams), article_id=article, number=number)


def _name(row: models.Model | None, column: str, name: str) -> None:
    if row is not None and (pk := getattr(row, f"{column}_id")):
        setattr(row, column, User.from_db("default", ["id", "name"], [pk, name]))


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
            models.UniqueConstraint(fields=["claim", "version", "start", "end"], name="one_anchor_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.claim} {self.start}–{self.end}"

    @property
    def selector(self) -> Selector:
        return Selector(self.exact, self.prefix, self.suffix, self.start, self.end)
