"""What people type about themselves: name, password, keys."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm
from django import forms
from django.contrib.auth.password_validation import (
    MinimumLengthValidator,
    get_default_password_validators,
    validate_password,
)
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.forms import fields
from claims.models import User

NAME_LENGTH = 120


def password_hint() -> str:
    """What a password has to be, in one sentence."""
    least = [rule.min_length for rule in get_default_password_validators() if isinstance(rule, MinimumLengthValidator)]
    return _("At least %(count)d characters; a sentence is good.") % {"count": max(least, default=1)}


class YourName(fields.Form):
    """The name as it stands in the trail and in reports."""

    name = fields.Line(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class YourKeys(fields.Form):
    """Whether single letters are keys on the desk."""

    shortcuts = forms.BooleanField(label=gettext_lazy("Keyboard shortcuts"), required=False)


class Join(fields.Form):
    """A new person accepts an invitation; `email` is the invited address."""

    name = fields.Line(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("As it shall stand in the trail and in reports."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=1024,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Choose a password.")},
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = password_hint()

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if cleaned and "password" in cleaned:
            person = User(email=self.email, name=cleaned.get("name", ""))
            try:
                validate_password(cleaned["password"], person)
            except ValidationError as error:
                self.add_error("password", error)
        return cleaned


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]
    """The old password, and the new one twice; settings.ACCOUNT_FORMS names it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "oldpassword" in self.fields:
            self.fields["oldpassword"].label = _("Password now")
        name_new_password(self)


class NewPassword(ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice, behind a link from a mail; settings.ACCOUNT_FORMS names it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name_new_password(self)


def name_new_password(form: forms.Form) -> None:
    """Label the fields of a new password, and say what it has to be."""
    form.fields["password1"].label = _("New password")
    form.fields["password1"].help_text = password_hint()
    if "password2" in form.fields:
        form.fields["password2"].label = _("New password once more")
