"""The team's verdict scale."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from claims.forms import fields
from claims.models import Label
from claims.models.verdicts import MEANINGS


class RelabelForm(fields.Form):
    """Another word for a verdict whose meaning stays."""

    name = fields.Line(
        label=gettext_lazy("New label"),
        max_length=60,
        error_messages={"required": gettext_lazy("A verdict needs a label.")},
    )
    explanation = fields.Line(label=gettext_lazy("What it says"), max_length=300, required=False)
    reason = fields.Line(label=gettext_lazy("Reason"), max_length=2000, required=False)

    def __init__(self, *args: Any, label: Label, **kwargs: Any) -> None:
        initial = {"name": label.name, "explanation": label.explanation}
        super().__init__(*args, ids="relabel", initial=initial, **kwargs)


class AddLabelForm(fields.Form):
    """A verdict of the team's own, with one of the six meanings that the rules know."""

    name = fields.Line(
        label=gettext_lazy("Label"),
        max_length=60,
        error_messages={"required": gettext_lazy("A verdict needs a label.")},
    )
    meaning = forms.ChoiceField(
        label=gettext_lazy("Meaning"),
        choices=list(MEANINGS.items()),
        help_text=gettext_lazy("What the rules take it for: it says what a decision needs, and how the mark looks."),
    )
    explanation = fields.Line(label=gettext_lazy("What it says"), max_length=300, required=False)
    reason = fields.Line(label=gettext_lazy("Reason"), max_length=2000, required=False)


class RetireForm(fields.Form):
    """Why a verdict leaves the scale."""

    reason = fields.Line(label=gettext_lazy("Reason"), max_length=2000, required=False)
