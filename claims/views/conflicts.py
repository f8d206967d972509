"""Two hands on one claim: what others did since a form was opened, beside what was typed into it."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from claims.forms.claims import EditClaim
from claims.models import Act, Change, Claim
from claims.reports.wording import rewording
from claims.views.acts import Told, told
from claims.views.diffs import CLAIM, Diff
from claims.views.things import Things

# the form's fields, by the claim's columns
FIELDS = {
    "statement": "statement",
    "kind": "kind",
    "said_by": "said_by",
    "reported_by": "reported_by",
    "risk": "risk",
    "assigned_to_id": "assigned_to",
}


@dataclass
class Meanwhile:
    """What others did to a claim since a form on it was opened: `acts` and `diffs`, oldest first.

    `opened` and `now` are the claim's row then and now, None where the trail no longer holds it.
    """

    acts: Sequence[Told]
    diffs: list[Diff] = field(default_factory=list)
    opened: dict[str, Any] | None = None
    now: dict[str, Any] | None = None

    @property
    def who(self) -> str:
        """Their names."""
        names = list(dict.fromkeys(act.who for act in self.acts))
        return get_text_list(names, _("and")) if names else _("Somebody")

    @property
    def at(self) -> datetime.datetime | None:
        """When the last of it was saved."""
        return self.acts[-1].at if self.acts else None

    @property
    def reasons(self) -> list[str]:
        return [act.reason for act in self.acts if act.reason]


def meanwhile(claim: Claim, opened: int) -> Meanwhile:
    """What was done to the claim since its version `opened`, from the trail."""
    later: list[Change] = []
    for row in Change.objects.filter(relation="claims_claim", row=claim.pk).order_by("-act", "-n").iterator(50):
        if row.said is not None and row.said.after.get("row_version", 0) <= opened:
            break
        later.insert(0, row)
    acts = Act.objects.in_stream(claim.article.stream).filter(act__in=[row.act for row in later]).order_by("seq")
    lines = [row.said for row in later if row.said is not None]
    then = next((line.before for line in lines if line.before), None)
    now = next((line.after for line in reversed(lines) if line.after), None)
    return Meanwhile(told(acts, diffs=False), _diffs(then, now, Things(later)), then, now)


def _diffs(then: dict[str, Any] | None, now: dict[str, Any] | None, things: Things) -> list[Diff]:
    """What the claim's facts were and are, whatever stood there in between."""
    if then is None or now is None:
        return []
    said = [(shown, shown.word(then, things), shown.word(now, things)) for shown in CLAIM]
    return [
        Diff(str(shown.name), before, after, tuple(rewording(before, after)) if shown.prose else ())
        for shown, before, after in said
        if before != after
    ]


def merged(claim: Claim, form: EditClaim, theirs: Meanwhile) -> EditClaim:
    """What was typed, with theirs in the fields that the person had left as they were; says so beside each field."""
    if theirs.opened is None or theirs.now is None:
        return form
    typed = {name: form[name].value() for name in form.fields}
    hints = {}
    for column, name in FIELDS.items():
        then, now = theirs.opened[column], theirs.now[column]
        if then == now:
            continue
        if _same(typed[name], then):
            typed[name] = now
            hints[name] = _("Taken from theirs; you had not changed it.")
        elif not _same(typed[name], now):
            hints[name] = _("Both of you changed this field.")
    fresh = EditClaim(claim=claim, initial=typed)
    # the focus is the notice's, which says what happened
    fresh.fields["statement"].widget.attrs["autofocus"] = False
    for name, hint in hints.items():
        fresh.fields[name].help_text = hint
    return fresh


def _same(typed: Any, value: Any) -> bool:
    said = "" if typed is None else str(typed).replace("\r\n", "\n")
    return said == ("" if value is None else str(value))
