"""Issued reports: the frozen document, numbered and hashed."""

from django.conf import settings
from django.db import models
from django.utils import timezone as clock

from claims.models.articles import Article, Version
from claims.models.days import Moment
from claims.models.teams import Team


class Report(models.Model):
    """That a report was issued: its number, its hash, the state it shows."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="reports")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = Moment(default=clock.now)

    class Meta:
        ordering = ["article", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_report_a_number"),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} report {self.number}"

    @property
    def content(self) -> bytes:
        """The frozen document; empty where it was erased."""
        try:
            return bytes(self.document.content)
        except ReportDocument.DoesNotExist:
            return b""


class ReportDocument(models.Model):
    """A report's bytes. Not a domain row: its report's hash in the trail pins them, and the owner can erase them."""

    report = models.OneToOneField(Report, on_delete=models.PROTECT, primary_key=True, related_name="document")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"bytes of {self.report_id}"
