"""Articles as people describe them: what comes in, its facts, and what to look for among them."""

import datetime
import re
from collections.abc import Iterable
from typing import Any
from unicodedata import normalize

from django import forms
from django.conf.locale import LANG_INFO
from django.core.exceptions import ValidationError
from django.utils import timezone as clock
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.forms import fields
from claims.forms.sources import web_address
from claims.models import Article

FACTS = ("title", "byline", "outlet", "published_on", "language", "url")
COMMON = (
    "ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "gl", "he",
    "hi", "hr", "hu", "hy", "id", "is", "it", "ja", "ka", "ko", "lt", "lv", "mk", "nb", "nl", "pl", "pt", "ro", "ru",
    "sk", "sl", "sq", "sr", "sv", "sw", "ta", "th", "tr", "uk", "ur", "vi", "zh-hans",
)  # fmt: skip
TAG = re.compile(r"[a-z]{2,3}(-[a-zA-Z0-9]{2,8}){0,3}")
# what a calendar of deadlines needs
YEARS = (1990, 2199)


def within(years: tuple[int, int], day: datetime.date) -> None:
    """Raise ValidationError for a day, or a moment, before the first or after the last of the years."""
    if not years[0] <= day.year <= years[1]:
        raise ValidationError(_("Give a year from %(first)d to %(last)d.") % {"first": years[0], "last": years[1]})


def language_name(tag: str) -> str:
    """“Deutsch”, “العربيّة”: what a language calls itself; its tag where that is not known."""
    for known in (tag.lower(), tag.lower().split("-")[0]):
        if name := LANG_INFO.get(known, {}).get("name_local"):
            # some of the names are written with combining signs; pages are not
            return normalize("NFC", str(name[:1].upper() + name[1:]))
    return tag


class Languages(forms.Select):
    """The common languages by their own names, and whichever the form holds."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, [(tag, language_name(tag)) for tag in COMMON])
        self.choices = sorted(self.choices, key=lambda choice: str(choice[1]))

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> Any:
        unlisted = [(tag, language_name(tag)) for tag in value if TAG.fullmatch(tag) and tag not in COMMON]
        mine = type(self)(self.attrs)
        mine.choices = [*unlisted, *self.choices]
        return super(Languages, mine).optgroups(name, value, attrs)


class Facts(fields.Form):
    """What an article is, whatever its text."""

    title = fields.Line(
        label=gettext_lazy("Title"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("An article needs a title: what people would look for.")},
    )
    byline = fields.Line(label=gettext_lazy("Byline"), max_length=300, required=False)
    outlet = fields.Line(label=gettext_lazy("Outlet"), max_length=200, required=False)
    published_on = forms.DateField(
        label=gettext_lazy("Published on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Give the day as year-month-day, such as 2026-11-19.")},
    )
    language = fields.Line(label=gettext_lazy("Language"), max_length=35, widget=Languages())
    url = fields.Line(
        label=gettext_lazy("URL"),
        max_length=2000,
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    deadline = forms.DateTimeField(
        label=gettext_lazy("Deadline"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "class": "input"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": gettext_lazy("Give day and time, such as 2026-11-25 12:00.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = clock.get_current_timezone_name()
        self.fields["deadline"].help_text = _("In the team’s time zone, %(zone)s.") % {"zone": zone}

    def clean_language(self) -> str:
        tag: str = self.cleaned_data["language"]
        if not TAG.fullmatch(tag):
            raise ValidationError(_("Choose one of the languages."))
        return tag

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url:
            web_address(url)
        return url

    def clean_deadline(self) -> datetime.datetime | None:
        deadline: datetime.datetime | None = self.cleaned_data["deadline"]
        if deadline:
            within(YEARS, deadline)
        return deadline

    @property
    def facts(self) -> dict[str, Any]:
        """The article's facts, cleaned, for the action."""
        return {name: self.cleaned_data[name] for name in (*FACTS, "deadline")}


class EditArticle(Facts):
    """The facts of an article that is in, its stage among them, and why they change."""

    stage = forms.ChoiceField(label=gettext_lazy("Stage"), choices=Article.Stage.choices)
    reason = fields.Line(label=gettext_lazy("Reason"), max_length=2000, required=False)

    def __init__(self, *args: Any, article: Article, **kwargs: Any) -> None:
        names = (*FACTS, "deadline", "stage")
        kwargs.setdefault("initial", {name: getattr(article, name) for name in names})
        super().__init__(*args, **kwargs)

    @property
    def facts(self) -> dict[str, Any]:
        return super().facts | {"stage": self.cleaned_data["stage"]}


class ArticleFilters(fields.Form):
    """What the list of articles is narrowed to. Who can be chosen as “Person” is told later, with `offer`."""

    DUE = (
        ("", gettext_lazy("Any day")),
        ("past", gettext_lazy("Past")),
        ("today", gettext_lazy("Today")),
        ("week", gettext_lazy("This week")),
        ("none", gettext_lazy("None set")),
    )

    q = fields.Line(
        label=gettext_lazy("Search titles, text and claims"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"),
        choices=[("", gettext_lazy("Any stage")), *Article.Stage.choices],
        required=False,
    )
    person = forms.IntegerField(
        label=gettext_lazy("Person"), required=False, min_value=1, max_value=2**62, widget=forms.Select()
    )
    due = forms.ChoiceField(label=gettext_lazy("Deadline"), choices=DUE, required=False)

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Let “Person” be one of these pairs of id and name."""
        choose: Any = self.fields["person"].widget
        choose.choices = [("", _("Anybody")), *people]

    def chosen(self, name: str) -> Any:
        """What a filter is set to; empty where it is not set, or set to what it cannot be."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""
