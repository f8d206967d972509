"""A source as people describe it, and where it has it from."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.forms import fields
from claims.models import Article, Source, Team
from claims.workflow import ORIGIN_NAMES, OriginKind

FACTS = ("title", "url", "publisher", "kind", "published_on")
LONGEST_WORDS = 2000  # what is looked for may be a whole address, pasted


def web_address(url: str) -> None:
    """Raise ValidationError for what is no http or https address: a link of it could run or read something."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if any(character.isspace() for character in url) or not host or parts.scheme not in {"http", "https"}:
        raise ValidationError(
            _("Give the whole address: it begins with http:// or https:// and has no blanks."), code="address"
        )


class SourceForm(fields.Form):
    """A source of the team. `article` is the one that “This article” means; without one it is not offered.

    `source` is the row being edited, None for a new one. `origin` names another source of the team by its id,
    chosen from those that `origin_words` finds.
    """

    title = fields.Line(
        label=gettext_lazy("Title"),
        max_length=500,
        error_messages={"required": gettext_lazy("A source needs a title: what people would look for.")},
    )
    url = fields.Line(
        label=gettext_lazy("URL"),
        max_length=2000,
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    publisher = fields.Line(label=gettext_lazy("Publisher"), max_length=200, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Source kind"), choices=Source.Kind.choices, initial=Source.Kind.PAGE)
    published_on = forms.DateField(
        label=gettext_lazy("Published on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Give the day as year-month-day, such as 2026-11-19.")},
    )
    origin_kind = forms.ChoiceField(
        label=gettext_lazy("Origin"), choices=list(ORIGIN_NAMES.items()), initial=OriginKind.UNKNOWN
    )
    origin_words = fields.Line(
        label=gettext_lazy("Has it from"),
        max_length=LONGEST_WORDS,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=gettext_lazy("Words of the other source’s title, publisher or address; then pick it."),
    )
    origin = forms.ModelChoiceField(
        queryset=Source.objects.none(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the team’s sources.")},
    )

    def __init__(
        self,
        *args: Any,
        team: Team,
        article: Article | None = None,
        source: Source | None = None,
        **kwargs: Any,
    ) -> None:
        if source is not None:
            kwargs.setdefault("initial", {name: getattr(source, name) for name in (*FACTS, "origin_kind", "origin")})
        super().__init__(*args, **kwargs)
        self.article = article or (source.origin_article if source else None)
        origins: Any = self.fields["origin"]
        origins.queryset = Source.objects.of(team).exclude(pk=source.pk if source else 0)
        if self.article is None:
            kinds: Any = self.fields["origin_kind"]
            kinds.choices = [(kind, name) for kind, name in ORIGIN_NAMES.items() if kind != OriginKind.ARTICLE]

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url:
            web_address(url)
        return url

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        other = cleaned is not None and cleaned.get("origin_kind") == OriginKind.SOURCE
        if cleaned is not None and other and not cleaned.get("origin") and "origin" not in self.errors:
            self.add_error("origin", _("Say which source it has it from: look for it and pick it."))
        return cleaned

    @property
    def facts(self) -> dict[str, Any]:
        """The source's facts, cleaned, for the action."""
        said = {name: self.cleaned_data[name] for name in FACTS}
        kind = self.cleaned_data["origin_kind"]
        return said | {
            "origin_kind": kind,
            "origin": self.cleaned_data["origin"] if kind == OriginKind.SOURCE else None,
            "origin_article": self.article if kind == OriginKind.ARTICLE else None,
        }

    @property
    def chosen_origin(self) -> str:
        """The id of the other source as it stands in the form, or empty."""
        value = self["origin"].value()
        return "" if value is None else str(getattr(value, "pk", value))


class EditSource(SourceForm):
    """A source that is known already, and why it changes."""

    reason = fields.Line(label=gettext_lazy("Reason"), max_length=2000, required=False)


class SourceFilters(fields.Form):
    """What the list of sources is narrowed to."""

    q = fields.Line(
        label=gettext_lazy("Search titles, publishers and addresses"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Source kind"),
        choices=[("", gettext_lazy("Any kind")), *Source.Kind.choices],
        required=False,
    )
    origin = forms.ChoiceField(
        label=gettext_lazy("Origin"),
        choices=[
            ("", gettext_lazy("Any origin")),
            (OriginKind.UNKNOWN, gettext_lazy("Unknown")),
            (OriginKind.ITSELF, gettext_lazy("Itself")),
            (OriginKind.SOURCE, gettext_lazy("Another source")),
            (OriginKind.ARTICLE, gettext_lazy("An article of the team")),
        ],
        required=False,
    )

    def chosen(self, name: str) -> str:
        """What a filter is set to; empty where it is not set, or set to what it cannot be."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
