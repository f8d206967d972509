"""Typed text kept for an hour when a session has expired."""

import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone as clock

from claims.models.days import Moment

LIFETIME = datetime.timedelta(hours=1)


class StashQuerySet(models.QuerySet["Stash"]):
    """Stashes that are still kept."""

    def alive(self) -> "StashQuerySet":
        return self.filter(created_at__gt=clock.now() - LIFETIME)


class Stash(models.Model):
    """The fields that one person typed into one form, for that person alone. Not a domain row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    path = models.CharField(max_length=500)
    fields = models.JSONField()
    created_at = Moment(auto_now_add=True)

    objects: ClassVar[StashQuerySet] = StashQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["user", "created_at"], name="stash_of_user")]

    def __str__(self) -> str:
        return self.path
