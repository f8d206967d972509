"""Evidence as people bring it: a source known here or new, its stance, the words and their place."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.forms import fields
from claims.forms.sources import LONGEST_WORDS, SourceForm
from claims.models import Claim, Source
from claims.workflow import STANCE_NAMES, Refused, Stance

NEW = "new"


class AttachForm(fields.Form):
    """Evidence for `claim`. `source` is the id of a known source, or NEW: then `new` describes it.

    A new one that has the address or the title of a known one is pointed out once: `twins` are those, and `another`
    says that it is another source all the same.
    """

    words = fields.Line(
        label=gettext_lazy("Source, already known here or new"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    source = forms.CharField(required=False)
    another = forms.BooleanField(label=gettext_lazy("It is another source: add it"), required=False)
    stance = forms.ChoiceField(
        label=gettext_lazy("Stance"),
        choices=list(STANCE_NAMES.items()),
        initial=Stance.SUPPORTS,
        widget=fields.Segments,
        error_messages={"required": gettext_lazy("Say how the source stands to the claim.")},
    )
    quote = fields.Prose(
        label=gettext_lazy("Quote from source"),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"class": "quote-field", "rows": 1}),
    )
    locator = fields.Line(label=gettext_lazy("Where in the source"), max_length=300, required=False)
    note = fields.Prose(
        label=gettext_lazy("Note"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 1})
    )

    def __init__(self, data: Any = None, *, claim: Claim, initial: Any = None) -> None:
        super().__init__(data, initial=initial, ids="e")
        self.claim = claim
        self.new = SourceForm(data, team=claim.team, article=claim.article, initial=initial or {}, ids="e")
        self.twins: list[Source] = []

    @property
    def chosen(self) -> str:
        """The source as it stands in the form: an id, NEW, or empty."""
        return self["source"].value() or ""

    def clean_source(self) -> Source | None:
        """The known source, or None for a new one."""
        said: str = self.cleaned_data["source"]
        if said in {"", NEW}:
            return None
        number = int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0
        source = Source.objects.of(self.claim.team).filter(pk=number).first()
        if source is None:
            raise ValidationError(_("Choose one of the team’s sources, or describe a new one."))
        return source

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned is None or "source" in self.errors or cleaned["source"] is not None:
            return cleaned
        if not self.new.is_valid():
            self.add_error(None, _("Not attached yet: the new source is not described in full. All you typed is kept."))
        return cleaned

    def point_out_twins(self) -> None:
        """Raise Refused where a new source is like one that the team has, and nobody said that it is another.

        Not a part of is_valid(): what was sent twice has by then a source of its own that it is like.
        """
        if self.cleaned_data["source"] is not None or self.cleaned_data["another"]:
            return
        said = self.new.cleaned_data
        alike = Q(title__iexact=said["title"])
        if said["url"]:
            alike |= Q(url__iexact=said["url"])
        self.twins = list(Source.objects.of(self.claim.team).filter(alike).order_by("pk")[:5])
        if self.twins:
            why = _("The team has a source with this title or address. Pick it, or say that yours is another.")
            raise Refused(why, field="source")

    @property
    def evidence(self) -> dict[str, Any]:
        """What the action takes."""
        said = {name: self.cleaned_data[name] for name in ("stance", "quote", "locator", "note")}
        source = self.cleaned_data["source"]
        return said | ({"source": source} if source else {"new_source": self.new.facts})
