"""Claims are logged, and given their other places, by words of the text."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.anchors import Span, find
from claims.forms import fields
from claims.forms.claims import FACTS, STATEMENT_LENGTH, Facts
from claims.models import Article

LARGEST = 12  # digits of a position
MOST_PLACES = 50  # to choose from; words that stand oftener say too little
NOWHERE = gettext_lazy(
    "These words do not stand in the text. Copy them from it just as they are, or select them there; "
    "all you typed is kept."
)


class Quoted(fields.Form):
    """Words of a text, typed or selected; `span` is where they stand.

    `start` and `end` are where they were selected, and hold while the words are those; `place` (“12-40”) is the one
    chosen of several. Where the words stand more than once and none was chosen, `found` lists the places, and the form
    is invalid. `taken` are stretches that are no place for them any more.
    """

    quote = fields.Prose(
        label=gettext_lazy("Quote"),
        max_length=STATEMENT_LENGTH,
        widget=forms.Textarea(attrs={"class": "quote-field", "rows": 2}),
    )
    start = forms.CharField(required=False, widget=forms.HiddenInput)
    end = forms.CharField(required=False, widget=forms.HiddenInput)
    place = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, text: str, taken: Sequence[Span] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        self.taken = set(taken)
        self.found: list[Span] = []
        quote = self.fields["quote"]
        quote.help_text = _("Select words in the text, or type them here as they stand there.")
        quote.error_messages["required"] = _("Say which words you mean.")

    @property
    def span(self) -> Span:
        """Where the words stand; to be asked of a valid form."""
        span: Span = self.cleaned_data["span"]
        return span

    @property
    def chosen(self) -> Span | None:
        """The place chosen of several."""
        start, _dash, end = str(self["place"].value() or "").partition("-")
        return _span(start, end)

    @property
    def selected(self) -> Span | None:
        """Where the words were selected."""
        return _span(str(self["start"].value() or ""), str(self["end"].value() or ""))

    def clean(self) -> dict[str, Any]:
        """Find the words; say where they are missing, or that they stand there more than once."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if quote := cleaned.get("quote"):
            cleaned["span"] = self._find(quote)
        return cleaned

    def _find(self, quote: str) -> Span | None:
        selected = self.selected
        if selected and self.text[selected.start : selected.end] == quote and selected not in self.taken:
            return selected
        everywhere = find(self.text, quote)
        found = [span for span in everywhere if span not in self.taken]
        if len(found) == 1 or self.chosen in found:
            return self.chosen if self.chosen in found else found[0]
        if len(found) > MOST_PLACES:
            said = _("These words stand in the text %(count)s times. Add the words around them, or select them there.")
            self.add_error("quote", said % {"count": f"{len(found):,}"})
        elif found:
            self.found = found
            self.add_error("place", _("Say which place you mean."))
        elif everywhere:
            self.add_error("quote", _("The claim stands there already, and these words stand nowhere else."))
        else:
            self.add_error("quote", NOWHERE)
        return None


def _span(start: str, end: str) -> Span | None:
    """A stretch as a form sends it; None for what is none."""
    if not all(side.isascii() and side.isdigit() and len(side) <= LARGEST for side in (start, end)):
        return None
    span = Span(int(start), int(end))
    return span if span.start < span.end else None


class LogClaim(Quoted, Facts):
    """A new claim: its words in the text, and what is said of it. Without a statement it states its quote."""

    field_order = ("quote", "start", "end", "place", *FACTS)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        super().__init__(*args, team=article.team, ids="log", **kwargs)
        statement = self.fields["statement"]
        statement.required = False
        statement.help_text = _("The one thing that can be true or false, in a sentence that stands by itself.")
        statement.widget.attrs = {"rows": 2}


class StandAlso(Quoted):
    """Another place of a claim."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, ids="also", **kwargs)
        self.fields["quote"].widget.attrs |= {"rows": 1, "autofocus": True}
