"""What people say of a claim: its statement, who said it, what it would cost if it were wrong."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.forms import fields
from claims.models import Claim, Team, User
from claims.workflow import RISK_NAMES, Risk

FACTS = ("statement", "kind", "said_by", "reported_by", "risk", "assigned_to")
STATEMENT_LENGTH = 5000
NAME_LENGTH = 300
REASON_LENGTH = 2000


class Facts(fields.Form):
    """The facts of a claim; `team` says who can be given it, `claim` keeps the one who has it among them."""

    statement = fields.Prose(
        label=_("Statement"),
        max_length=STATEMENT_LENGTH,
        widget=forms.Textarea(attrs={"class": "quote-field", "rows": 3}),
        error_messages={"required": _("A claim needs a statement: the one thing that can be true or false.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Claim.Kind.choices, initial=Claim.Kind.OTHER)
    said_by = fields.Line(label=_("Said by"), max_length=NAME_LENGTH, required=False)
    reported_by = fields.Line(label=_("Reported by"), max_length=NAME_LENGTH, required=False)
    risk = forms.ChoiceField(label=_("Risk"), choices=list(RISK_NAMES.items()), initial=Risk.MEDIUM)
    assigned_to = forms.ModelChoiceField(
        label=_("Assigned to"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, team: Team, claim: Claim | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = Q(memberships__team=team, is_active=True)
        has_it = Q(pk=claim.assigned_to_id) if claim else Q(pk=None)
        people: Any = self.fields["assigned_to"]
        people.queryset = User.objects.filter(members | has_it).distinct().order_by("name", "pk")

    @property
    def facts(self) -> dict[str, Any]:
        """The claim's facts, cleaned, for the action."""
        return {name: self.cleaned_data[name] for name in FACTS}


class EditClaim(Facts):
    """The facts of a claim that is logged already, and why they change."""

    reason = fields.Line(label=_("Why it changes"), max_length=REASON_LENGTH, required=False)

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(claim, name) for name in FACTS})
        super().__init__(*args, team=claim.team, claim=claim, ids="facts", **kwargs)
        self.fields["statement"].widget.attrs["autofocus"] = not self.is_bound
