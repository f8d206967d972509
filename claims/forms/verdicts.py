"""Verdicts as people give them, and the reasons of acts that need one."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims import workflow
from claims.actions.verdicts import Verdict
from claims.forms import fields
from claims.models import Label, Proposal
from claims.workflow import Case, Risk

# the gates that ask for text: the field that answers each
FIELD_OF_GATE = {"rationale": "rationale", "wording": "proposed_wording", "searched": "searched"}

WHY_A_REASON = {
    "send_back": gettext_lazy("Give a reason: the proposer has to know what to do next."),
}


class VerdictForm(fields.Form):
    """A verdict of the scale with what goes with it; which of it is needed, the gates say.

    `labels` are those in force, in their order. Nobody is given a verdict to begin with: without one in `initial` it
    has to be chosen. `proposal` is the one that is decided on: its words can be taken over, never are by themselves.
    """

    as_proposed = forms.BooleanField(label=gettext_lazy("Agree in the proposer’s words"), required=False)
    verdict = forms.ChoiceField(
        label=gettext_lazy("Verdict"),
        error_messages={
            "required": gettext_lazy("Choose a verdict."),
            "invalid_choice": gettext_lazy("Choose a verdict of the team’s scale."),
        },
    )
    proposed_wording = fields.Prose(
        label=gettext_lazy("Proposed wording"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"class": "quote-field", "rows": 2}),
    )
    searched = fields.Prose(
        label=gettext_lazy("What was searched"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    rationale = fields.Prose(
        label=gettext_lazy("Rationale"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, labels: Sequence[Label], proposal: Proposal | None = None, **kwargs: Any) -> None:
        super().__init__(*args, ids="foot", **kwargs)
        self.labels = {str(label.pk): label for label in labels}
        self.proposal = proposal
        if proposal is None:
            del self.fields["as_proposed"]
        else:
            self.fields["as_proposed"].help_text = format_html("“{}”", Truncator(proposal.rationale).chars(200))
        choice: Any = self.fields["verdict"]
        none = [] if self.initial.get("verdict") else [("", _("Choose a verdict"))]
        choice.choices = none + [(pk, label.name) for pk, label in self.labels.items()]

    def clean(self) -> dict[str, Any] | None:
        """Say beside each field what the verdict wants of it; what it wants of the evidence, the action says."""
        cleaned = super().clean()
        if cleaned is not None and "verdict" in cleaned and not self.errors:
            cleaned["rationale"] = cleaned["rationale"] or self.taken_over(self.labels[cleaned["verdict"]])
            for gate in workflow.gates(Case(Risk.LOW), self.given.answer):
                if not gate.met and gate.code in FIELD_OF_GATE:
                    self.add_error(FIELD_OF_GATE[gate.code], gate.sentence)
        return cleaned

    @property
    def chosen(self) -> Label | None:
        """The label as it stands in the form; None where none is chosen yet."""
        return self.labels.get(str(self["verdict"].value()))

    def taken_over(self, label: Label) -> str:
        """The proposal's rationale, where it is agreed with and `label` means what was proposed; else empty."""
        if self.proposal is None or not self["as_proposed"].value() or label.meaning != self.proposal.label.meaning:
            return ""
        return self.proposal.rationale

    def said(self, name: str) -> str:
        """What stands in a field of text."""
        return str(self[name].value() or "")

    @property
    def given(self) -> Verdict:
        """The verdict, cleaned, for the action."""
        said = self.cleaned_data
        return Verdict(self.labels[said["verdict"]], said["rationale"], said["proposed_wording"], said["searched"])


class ReasonForm(fields.Form):
    """Why: it stands in the trail and in every report."""

    reason = fields.Prose(
        label=gettext_lazy("Reason"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("It stands in the trail, and in every report that covers this act."),
    )

    def __init__(self, *args: Any, deed: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # the form comes because somebody pressed the button
        self.fields["reason"].widget.attrs["autofocus"] = not self.is_bound
        why = WHY_A_REASON.get(deed, _("Give a reason: others have to know why."))
        self.fields["reason"].error_messages["required"] = str(why)
