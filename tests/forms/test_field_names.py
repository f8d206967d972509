"""What is done with a field goes by its name (claims.fields): the names that forms have fit into the table."""

import importlib

import pytest
from django import forms

from claims.fields import MARKS, TOKENS, is_kept, is_secret, is_shown
from claims.forms.keys import Keys
from tests.naughty.newsroom import classes

PACKAGES = ("account", "mfa.base", "mfa.recovery_codes", "mfa.totp", "mfa.webauthn")
ONE_TIME = {"code", "credential"}
FILTERS = {"person"}  # of the trail, in its address
CHOICE = "passwordless"  # to be ticked beside a credential: taken for a secret as well, and none is lost by it


def every_field() -> list[tuple[str, forms.Field]]:
    """The fields of all forms: the project's, and those of the packages that people sign in with."""
    found = [one for one in classes() if one is not Keys]
    for package in PACKAGES:
        module = importlib.import_module(f"allauth.{package}.forms")
        found += [one for one in vars(module).values() if isinstance(one, type) and issubclass(one, forms.BaseForm)]
    return [pair for one in found for pair in one.base_fields.items()]


def test_a_secret_and_nothing_else_is_taken_for_one() -> None:
    fields = every_field()
    secret = {name for name, one in fields if isinstance(one.widget, forms.PasswordInput)} | ONE_TIME
    assert {name for name, _one in fields if is_secret(name)} - {CHOICE} == secret
    assert {"password", "oldpassword", "password2"} <= secret


@pytest.mark.parametrize(
    ("name", "kept", "shown"),
    [
        ("statement", True, True),
        ("login", True, True),
        ("version", True, False),
        ("next", True, False),
        ("request_id", False, False),
        ("kept", False, False),
        ("password1", False, False),
        ("code", False, False),
        ("credential", False, False),
    ],
)
def test_what_is_kept_and_what_is_shown_again(name: str, kept: bool, shown: bool) -> None:
    assert (is_kept(name), is_shown(name)) == (kept, shown)


def test_no_field_that_somebody_fills_in_has_the_name_of_a_key() -> None:
    typed = {name for name, one in every_field() if not one.widget.is_hidden}
    assert typed & (TOKENS | MARKS) <= FILTERS
