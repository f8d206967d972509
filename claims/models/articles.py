"""Articles and the immutable versions of their text."""

import hashlib
from typing import ClassVar, NamedTuple

from django.conf import settings
from django.db import models
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from claims.models.teams import Team


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles as people look for them."""

    def of(self, team: Team) -> "ArticleQuerySet":
        return self.filter(team=team)

    def nearest_deadline_first(self) -> "ArticleQuerySet":
        return self.order_by(models.F("deadline").asc(nulls_last=True), "-pk")


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
    published_on = models.DateField(_("Published on"), null=True, blank=True)
    language = models.CharField(_("Language"), max_length=35, default="en")
    url = models.CharField(_("URL"), max_length=2000, blank=True)
    stage = models.CharField(_("Stage"), max_length=10, choices=Stage, default=Stage.CHECKING)
    deadline = models.DateTimeField(_("Deadline"), null=True, blank=True)
    row_version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[ArticleQuerySet] = ArticleQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["team", "deadline", "-id"], name="article_by_deadline"),
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
    created_at = models.DateTimeField(default=clock.now)
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
