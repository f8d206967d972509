"""What is fetched while the form of a new source is still being typed in."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from claims.models.captures import SHA256, Errand, key_of
from claims.models.days import Moment
from claims.models.teams import Team

LIFETIME = datetime.timedelta(hours=1)
AGAIN = datetime.timedelta(seconds=20)  # after a failure, to be asked once more


class AheadQuerySet(models.QuerySet["Ahead"]):
    """Aheads by whom they are for, and how far they are."""

    def free(self) -> "AheadQuerySet":
        """Those that no errand has, yet."""
        return self.filter(errand=None)

    def alive(self) -> "AheadQuerySet":
        """Those that a form may still be saved with."""
        return self.free().lately()

    def lately(self) -> "AheadQuerySet":
        """Those that were asked for within the hour."""
        return self.filter(asked_at__gt=clock.now() - LIFETIME)

    def still_good(self) -> "AheadQuerySet":
        """Those that are there or on their way; what has failed is for a moment, so that nobody asks twice at once."""
        failed_long_ago = Q(state=Ahead.State.FAILED, state_since__lte=clock.now() - AGAIN)
        return self.alive().exclude(failed_long_ago)

    def under_way(self) -> "AheadQuerySet":
        """Those that the worker has, or will."""
        return self.filter(state__in=Ahead.OPEN)

    def over(self) -> "AheadQuerySet":
        """Those that nobody saves any more: their hour has ended, or the errand has that took them."""
        forgotten = Q(errand=None, asked_at__lte=clock.now() - LIFETIME)
        return self.filter(forgotten | Q(errand__isnull=False) & ~Q(errand__state__in=Errand.OPEN))

    def naming(self, team: int, sha256: str) -> "AheadQuerySet":
        """Those that say that bytes of this hash are in the team's store."""
        return self.filter(Q(sha256=sha256) | Q(warc_sha256=sha256), team=team)


class Ahead(models.Model):
    """That an address was fetched, or is being, before there is a source with it. Not a domain row: lives an hour.

    For the person who types alone. `facts` are columns of the capture that may become of it, its time as text; `errand`
    is what took it over once the source was saved.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        FETCHING = "fetching", _("Fetching")
        FETCHED = "fetched", _("Fetched")
        FAILED = "failed", _("Failed")

    OPEN = (State.WAITING, State.FETCHING)

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    url = models.CharField(max_length=2000)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    asked_at = Moment(default=clock.now)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    state_since = Moment(default=clock.now)
    code = models.CharField(max_length=30, blank=True)
    detail = models.TextField(blank=True)
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=SHA256, blank=True)
    warc_sha256 = models.CharField(max_length=SHA256, blank=True)
    facts = models.JSONField(default=dict)
    errand = models.ForeignKey(Errand, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[AheadQuerySet] = AheadQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="fetched") & ~Q(sha256="") | ~Q(state="fetched") & Q(sha256="", warc_sha256=""),
                name="what_is_fetched_has_bytes",
            ),
        ]

    def __str__(self) -> str:
        return f"ahead {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in Ahead.OPEN

    @property
    def keys(self) -> list[str]:
        """Where its bytes and its record are in the store; none before they are."""
        return [key_of(self.team_id, sha256) for sha256 in (self.sha256, self.warc_sha256) if sha256]
