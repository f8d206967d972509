"""The base of all forms: text kept as typed, and the markup of the house for every field."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

UNKEEPABLE = re.compile("[\0\ud800-\udfff]")


class Field(BoundField):
    """A field as its page shows it: without placeholders, and without a browser's own bubbles.

    A bubble says neither what was kept nor why; what is wrong is said by the error beside the field.
    """

    def build_widget_attrs(self, attrs: dict[str, Any], widget: forms.Widget | None = None) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        attrs.pop("required", None)
        own = (widget or self.field.widget).attrs
        own.pop("placeholder", None)
        if own.get("autocomplete") == "one-time-code":
            attrs |= {"class": "code-field", "inputmode": "numeric"}
        return attrs


class Renderer(TemplatesSetting):
    """Fields in the markup of components/form/; widgets in Django's, where the project has none of its own.

    settings.FORM_RENDERER names it, so that the forms of other packages look the same.
    """

    form_template_name = "components/form/form.html"
    field_template_name = "components/form/field.html"
    bound_field_class = Field


class Form(forms.Form):
    """A form of the house. `ids` sets its fields' ids apart where a page holds several forms."""

    default_renderer = Renderer

    def __init__(self, *args: Any, ids: str = "", **kwargs: Any) -> None:
        if ids:
            kwargs["auto_id"] = f"{ids}-%s"
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)


def typed(text: str) -> str:
    """The text with its line ends as LF and nothing else changed.

    Raises ValidationError for NUL and for lone surrogates, which no database can keep.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if found := UNKEEPABLE.search(text):
        raise ValidationError(
            _("Line %(line)d holds a character that cannot be kept (U+%(code)s). Take it out and send again."),
            code="unkeepable",
            params={"line": text.count("\n", 0, found.start()) + 1, "code": f"{ord(found[0]):04X}"},
        )
    return text


class Typed(forms.CharField):
    """Text of which nothing is lost on the way: no maxlength that cuts a paste, no silent stripping."""

    default_error_messages = {
        "required": gettext_lazy("Write something here."),
    }

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(strip=kwargs.pop("strip", False), **kwargs)
        self.max_length = max_length
        self.validators = [
            MaxLengthValidator(
                max_length,
                ngettext_lazy(
                    "Shorten this to %(limit_value)d character; it has %(show_value)d. Nothing was cut.",
                    "Shorten this to %(limit_value)d characters; it has %(show_value)d. Nothing was cut.",
                    "limit_value",
                ),
            ),
        ]

    def to_python(self, value: Any) -> str:
        text = typed(super().to_python(value) or "")
        return text if text.strip() else ""

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attrs = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class Prose(Typed):
    """Text of any number of lines, kept to the character. `max_length` counts code points."""

    widget = forms.Textarea(attrs={"rows": 3})


class Line(Typed):
    """Text of one line; blanks at its ends go. `max_length` counts code points."""

    default_error_messages = {
        "lines": gettext_lazy("This has to fit on one line. Take the line breaks out."),
    }

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, strip=True, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if "\n" in text:
            raise ValidationError(self.error_messages["lines"], code="lines")
        return text


class Segments(forms.RadioSelect):
    """A few ways, one choice, side by side."""

    template_name = "components/form/segments.html"
