"""The hidden keys of forms that write: which request this is, what it was opened on, who typed it."""

from django import forms
from django.core import signing

from claims.models import User

PERSON_SALT = "galley.person"


def sign_person(user: User) -> str:
    """The person's id, signed: a form proves with it whose typed text it carries."""
    return signing.Signer(salt=PERSON_SALT).sign(str(user.pk))


def read_person(value: str) -> int | None:
    """The id of the person that sign_person() signed; None where the signature does not hold."""
    try:
        return int(signing.Signer(salt=PERSON_SALT).unsign(value))
    except signing.BadSignature:
        return None


class Keys(forms.Form):
    """What {% keys %} wrote into a form: `request_id` (UUID), `version` (int or None), `person` (signed id)."""

    request_id = forms.UUIDField()
    version = forms.IntegerField(required=False, min_value=1)
    person = forms.CharField(required=False)
