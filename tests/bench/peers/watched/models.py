"""A model that each of the peers watches, as its documentation says, and one that none does."""

import pghistory
from auditlog.registry import auditlog
from django.db import models
from simple_history.models import HistoricalRecords


class Facts(models.Model):
    statement = models.TextField()
    risk = models.CharField(max_length=10)
    number = models.IntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.statement


class Bare(Facts):
    """Watched by none."""


class Logged(Facts):
    """By django-auditlog."""


class Versioned(Facts):
    """By django-simple-history."""

    history = HistoricalRecords()


@pghistory.track()
class Tracked(Facts):
    """By django-pghistory."""


auditlog.register(Logged)
