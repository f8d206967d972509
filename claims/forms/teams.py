"""Members, invitations and policy of a team."""

import zoneinfo
from collections.abc import Sequence
from functools import cache
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.forms import fields
from claims.models import Membership, Team
from claims.roles import ROLE_NAMES, Role

AREAS = frozenset({"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"})


@cache
def zones() -> list[str]:
    """The time zones that are named after places, and UTC."""
    return ["UTC", *sorted(name for name in zoneinfo.available_timezones() if name.split("/")[0] in AREAS)]


class RolesForm(fields.Form):
    """One role field a member, and beside it the version of the membership that the form was opened on."""

    def __init__(self, *args: Any, members: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, ids="roles", **kwargs)
        self.members = members
        for member in members:
            label = _("Role of %(name)s") % {"name": member.user.name}
            self.fields[f"role-{member.pk}"] = forms.ChoiceField(
                label=label, choices=list(ROLE_NAMES.items()), initial=member.role, required=False
            )
            self.fields[f"opened-{member.pk}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=member.row_version, required=False, min_value=0
            )

    def clean(self) -> dict[str, Any] | None:
        """Refuse a role that is sent empty, and a form without any: taking one away is removing the member."""
        cleaned = super().clean()
        # a version that cannot be read is none: the row then counts as changed meanwhile, and the page says so
        for name in [name for name in self.errors if name.startswith("opened-")]:
            del self.errors[name]
            self.cleaned_data[name] = None
        names = {f"role-{member.pk}" for member in self.members}
        for name in names & self.data.keys():
            if not self.data.get(name) and name not in self.errors:
                self.add_error(name, _("Choose a role. To take somebody out of the team, remove them."))
        if not names & self.data.keys():
            self.add_error(None, _("No role of any member was sent, so nothing was changed. Choose the roles anew."))
        return cleaned

    @property
    def roles(self) -> dict[int, str]:
        """The roles that were sent, by membership; who joined since the form was opened is not among them."""
        said = {member.pk: self.cleaned_data[f"role-{member.pk}"] for member in self.members}
        return {pk: role for pk, role in said.items() if role}

    @property
    def opened(self) -> dict[int, int]:
        """The version of each membership that the form was opened on; 0, which none has, where it was not sent."""
        return {member.pk: self.cleaned_data[f"opened-{member.pk}"] or 0 for member in self.members}


class InviteForm(fields.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(
        label=gettext_lazy("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Whom do you invite? Give their address."),
            "invalid": gettext_lazy("This is no address: write it as name@newsroom.example."),
        },
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), choices=list(ROLE_NAMES.items()), initial=Role.CHECKER)


class PolicyForm(fields.Form):
    """The rules that hold for a team, and why they change."""

    four_eyes = forms.BooleanField(label=gettext_lazy("Four eyes"), required=False)
    name = fields.Line(
        label=gettext_lazy("Name of the team"),
        max_length=120,
        error_messages={"required": gettext_lazy("A team needs a name.")},
    )
    high_risk_origins = forms.TypedChoiceField(
        label=gettext_lazy("Independent origins for a high-risk claim"),
        choices=[(number, str(number)) for number in range(1, 6)],
        coerce=int,
    )
    timezone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    reason = fields.Line(label=gettext_lazy("Reason"), max_length=2000, required=False)

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        columns = ("four_eyes", "name", "high_risk_origins")
        said = {name: getattr(team, name) for name in columns} | {"timezone": str(team.zone)}
        super().__init__(*args, ids="policy", initial=said, **kwargs)
        known = zones() if said["timezone"] in zones() else [said["timezone"], *zones()]
        zone: forms.ChoiceField = self.fields["timezone"]  # type: ignore[assignment]
        zone.choices = [(name, name.replace("_", " ")) for name in known]
