"""The verdict scale as the team's page shows it."""

from collections import Counter
from typing import Any

from django.db.models import Count

from claims.forms.scale import AddLabelForm
from claims.models import Decision, Label, Team
from claims.workflow import MEANING_NEEDS, Meaning

RETIRED = 200  # shown, folded


def shown(team: Team, *, refused: bool) -> dict[str, Any]:
    """The labels in force and those retired, each with the decisions that bear it; since when the scale is as it is."""
    labels = list(team.labels.order_by("position", "pk"))
    used = Counter(dict(Decision.objects.filter(team=team).values_list("label").annotate(count=Count("pk"))))
    changes = [moment for label in labels for moment in (label.created_at, label.retired_at) if moment]
    return {
        "scale": [_row(label, used) for label in labels if label.retired_at is None],
        "retired": [_row(label, used) for label in labels if label.retired_at is not None][:RETIRED],
        "scale_since": max(changes, default=None),
        "add": None if refused else AddLabelForm(ids="add"),
    }


def _row(label: Label, used: Counter[Any]) -> dict[str, Any]:
    return {"label": label, "used": used[label.pk], "needs": MEANING_NEEDS[Meaning(label.meaning)]}


def in_use(label: Label) -> int:
    """How many decisions bear the label."""
    return Decision.objects.filter(label=label).count()
