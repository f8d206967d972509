"""Articles and the immutable versions of their text."""

import datetime
import hashlib
from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from claims.models.days import Day, Moment
from claims.models.ready import OneOf, ready
from claims.models.teams import Team
from claims.trail.rows import Head

AT_WORK = ("checking", "ready")
# over with: these stand after those at work, whatever their deadline was
OVER = ExpressionWrapper(Q(stage__in=["published", "closed"]), output_field=models.BooleanField())


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles as people look for them."""

    def of(self, team: Team) -> "ArticleQuerySet":
        return self.filter(team=team)

    def at_work(self) -> "ArticleQuerySet":
        """Those whose text is still being checked."""
        return self.filter(stage__in=AT_WORK)

    def without_claims(self) -> "ArticleQuerySet":
        return self.exclude(Exists(_related("claims").filter(article=OuterRef("pk"))))

    def of_person(self, person: int) -> "ArticleQuerySet":
        """Those that somebody (a user id) imported, or that hold a claim they logged, were given, or moved on last."""
        found = Q(created_by=person)
        for role in ("created_by", "assigned_to", "status_by"):
            # distinct, as the role's index has them: to note down all of somebody's claims would take twice as long
            found |= Q(pk__in=_related("claims").filter(**{role: person}).values("article").distinct())
        return self.filter(found)

    def due(self, start: datetime.datetime | None, end: datetime.datetime) -> "ArticleQuerySet":
        """Those whose deadline lies between two moments, or before `end`."""
        found = self.filter(deadline__lt=end)
        return found.filter(deadline__gte=start) if start else found

    def nearest_deadline_first(self) -> "ArticleQuerySet":
        """Those at work by their deadline, those without one after them; then what is over with."""
        return self.order_by(OVER.asc(), F("deadline").asc(nulls_last=True), "-pk")

    def last_act_first(self) -> "ArticleQuerySet":
        return self.order_by(F("head__act").desc(nulls_last=True), "-pk")

    def with_version(self) -> "ArticleQuerySet":
        """With `version_number` and `version_words` of the latest version, whose text stays unread."""
        latest = _related("versions").filter(article=OuterRef("pk")).order_by("-number")
        return self.annotate(
            version_number=Subquery(latest.values("number")[:1]), version_words=Subquery(latest.values("words")[:1])
        )


def _related(name: str) -> Any:
    """Rows that point to articles: their models stand above this one."""
    return Article._meta.get_field(name).related_model._default_manager.order_by()  # type: ignore[union-attr]


class Article(models.Model):
    """The piece being checked."""

    class Stage(models.TextChoices):
        CHECKING = "checking", _("Checking")
        READY = "ready", _("Ready")
        PUBLISHED = "published", _("Published")
        CLOSED = "closed", _("Closed")

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="articles")
    title = models.CharField(_("Title"), max_length=500)
    byline = models.CharField(_("Byline"), max_length=300, blank=True)
    outlet = models.CharField(_("Outlet"), max_length=200, blank=True)
    published_on = Day(_("Published on"), null=True, blank=True)
    language = models.CharField(_("Language"), max_length=35, default="en")
    url = models.CharField(_("URL"), max_length=2000, blank=True)
    stage = models.CharField(_("Stage"), max_length=10, choices=Stage, default=Stage.CHECKING)
    deadline = Moment(_("Deadline"), null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1)
    created_at = Moment(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(F("team"), OVER, F("deadline").asc(nulls_last=True), F("id").desc(), name="article_in_order"),
            models.Index(fields=["team", "stage", "deadline"], name="article_by_stage"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(stage__in=["checking", "ready", "published", "closed"]), name="known_stage"
            ),
            models.UniqueConstraint(fields=["id", "team"], name="article_of_team"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def stage_name(self) -> str:
        """The stage in words."""
        return str(Article.Stage(self.stage).label)

    @property
    def stream(self) -> str:
        """The name of its stream in the trail."""
        return f"article:{self.pk}"

    def latest_version(self) -> "Version":
        return self.versions.latest("number")


class Block(NamedTuple):
    """A piece of a version's text: its kind and its words' place, in code points."""

    kind: str
    start: int
    end: int


class Version(models.Model):
    """One immutable text of an article: its kept blocks joined by one LF."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    blocks = models.JSONField()
    words = models.PositiveIntegerField()
    created_at = Moment(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_version_a_number"),
            models.UniqueConstraint(fields=["id", "article"], name="version_of_article"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} v{self.number}"

    @staticmethod
    def hash_of(text: str) -> str:
        """sha256 over the text's UTF-8, in hex."""
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def pieces(self) -> list[Block]:
        return [Block(block["kind"], block["start"], block["end"]) for block in self.blocks]


@ready
def latest_version(article: int, teams: Sequence[int]) -> models.QuerySet[Version]:
    """The latest text of an article, with the article and its team; none where no team of these has it.

    `seen` is the number of the article's last act: what is read afterwards holds it, and what came before.
    """
    last_act = Subquery(Head.objects.of_article(OuterRef("article_id")).values("seq")[:1])
    latest = Version.objects.filter(article_id=article).order_by("-number").values("pk")[:1]
    rows = Version.objects.select_related("article__team").annotate(seen=last_act)
    return rows.filter(OneOf("team_id", teams), pk__in=latest)
