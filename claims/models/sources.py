"""What evidence leans on: documents, pages, data sets, recordings, people, own reporting."""

from collections.abc import Iterable
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from claims.models.articles import Article
from claims.models.days import Day, Moment
from claims.models.teams import Team
from claims.workflow import ORIGIN_NAMES, Link, OriginKind


class SourceQuerySet(models.QuerySet["Source"]):
    """Sources as people look for them."""

    def of(self, team: Team) -> "SourceQuerySet":
        return self.filter(team=team)


class Source(models.Model):
    """A source of the team, reused across articles."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        PAGE = "page", _("Page")
        DATA_SET = "data-set", _("Data set")
        RECORDING = "recording", _("Recording")
        PERSON = "person", _("Person")
        OWN_REPORTING = "own-reporting", _("Own reporting")

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="sources")
    title = models.CharField(_("Title"), max_length=500)
    url = models.CharField(_("URL"), max_length=2000, blank=True)
    publisher = models.CharField(_("Publisher"), max_length=200, blank=True)
    kind = models.CharField(_("Source kind"), max_length=15, choices=Kind, default=Kind.PAGE)
    published_on = Day(_("Published on"), null=True, blank=True)
    origin_kind = models.CharField(_("Origin"), max_length=10, choices=ORIGIN_NAMES, default=OriginKind.UNKNOWN)
    origin = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="copies")
    origin_article = models.ForeignKey(Article, null=True, on_delete=models.PROTECT, related_name="+")
    row_version = models.PositiveIntegerField(default=1)
    created_at = Moment(default=clock.now)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[SourceQuerySet] = SourceQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["team", "-id"], name="source_newest_first"),
            models.Index(fields=["team", "kind", "-id"], name="source_by_kind"),
            models.Index(fields=["team", "origin_kind", "-id"], name="source_by_origin"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "team"], name="source_of_team"),
            models.CheckConstraint(
                condition=(
                    models.Q(origin_kind__in=["unknown", "itself"], origin=None, origin_article=None)
                    | models.Q(origin_kind="source", origin__isnull=False, origin_article=None)
                    | models.Q(origin_kind="article", origin=None, origin_article__isnull=False)
                ),
                name="origin_fits_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_name(self) -> str:
        """The kind in words. (Django's own method translates all kinds to find one, which a list's rows feel.)"""
        return str(Source.Kind(self.kind).label)

    @property
    def link(self) -> Link:
        """What the row says of its origin, for the rules."""
        return Link(self.origin_kind, self.origin_id, self.origin_article_id)


def links_of(sources: Iterable[Source]) -> dict[int, Link]:
    """What the sources, and those that they lead back to, say of their origins: one query a step of the longest way.

    An origin that was read with its source costs none.
    """
    read = list(sources)
    read += [source.origin for source in read if Source.origin.is_cached(source) and source.origin is not None]
    links = {source.pk: source.link for source in read}
    while missing := {link.source for link in links.values() if link.source} - links.keys():
        links |= {source.pk: source.link for source in Source.objects.filter(pk__in=missing)}
    return links
