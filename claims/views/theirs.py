"""A row's facts that others changed while somebody was typing into a form on it."""

from django import forms
from django.utils.translation import gettext as _


def theirs(now: forms.Form, typed: forms.Form) -> list[tuple[str, str]]:
    """The facts as they are now where they differ from what was typed, as pairs of name and text.

    `now` is an unbound form on the row as it is now, `typed` the bound one; both of one class.
    """
    return [
        (str(now[name].label), shown(now, name) or _("nothing"))
        for name in now.initial
        if shown(now, name) != shown(typed, name)
    ]


def shown(form: forms.Form, name: str) -> str:
    """A field's value as its page shows it."""
    value, widget = form[name].value(), form.fields[name].widget
    if choices := {str(code): str(said) for code, said in getattr(widget, "choices", ())}:
        return choices.get(str(value), str(value or ""))
    if hasattr(value, "pk"):
        return str(value)
    return str(widget.format_value(value) or "").replace("\r\n", "\n")
