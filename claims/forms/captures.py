"""What people send about captures: that one is wanted, and files."""

from django import forms
from django.utils.translation import gettext_lazy

from claims.forms.fields import Form


class AskForm(Form):
    """A button: all that it needs stands in its address and its keys."""


class UploadForm(Form):
    """A file of a source. `end` comes after the file: without it not all has arrived."""

    file = forms.FileField(
        label=gettext_lazy("Upload file"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file first.")},
    )
    end = forms.CharField(
        widget=forms.HiddenInput(),
        initial="end",
        error_messages={"required": gettext_lazy("The file broke off in the middle. Nothing was kept: send it again.")},
    )
