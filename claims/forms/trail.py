"""What a trail is narrowed to."""

import datetime
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from claims.forms import fields
from claims.forms.articles import within
from claims.trail.verbs import GROUPS

YEARS = (2, 9998)  # those whose every day is one in each time zone


class TrailFilters(fields.Form):
    """Filters of a trail, all in the address. `person` is a user's id, or 0 for Galley itself."""

    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    act = forms.ChoiceField(label=gettext_lazy("Act"), required=False)
    claim = forms.IntegerField(
        label=gettext_lazy("Claim"),
        required=False,
        min_value=1,
        max_value=2**31 - 1,
        widget=forms.TextInput(attrs={"type": "search", "inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("Give the number of a claim, such as 5."),
            "min_value": gettext_lazy("Give the number of a claim, such as 5."),
            "max_value": gettext_lazy("Give the number of a claim, such as 5."),
        },
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Give the day as year-month-day, such as 2026-11-19.")},
    )

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]], of_article: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        apart = {"team"} if of_article else {"verdicts", "back", "claims", "evidence", "reports", "article"}
        groups = [(code, name) for code, name, _verbs in GROUPS if code not in apart]
        self._choose("person", gettext_lazy("Anybody"), [(str(pk), name) for pk, name in people])
        self._choose("act", gettext_lazy("Any act"), groups)
        if not of_article:
            del self.fields["claim"]

    def _choose(self, name: str, everything: Any, choices: Iterable[tuple[str, Any]]) -> None:
        field: forms.ChoiceField = self.fields[name]  # type: ignore[assignment]
        field.choices = [("", everything), *choices]

    def clean_since(self) -> datetime.date | None:
        since: datetime.date | None = self.cleaned_data["since"]
        if since:
            within(YEARS, since)
        return since

    @property
    def chosen(self) -> dict[str, object]:
        """The filters that are set, cleaned; what cannot be read is left out, and said beside its field."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in {"", None}}
