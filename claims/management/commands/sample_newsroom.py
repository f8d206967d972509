"""Make the sample newsroom, once, and print how to sign in to it."""

from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from claims.management.sample import newsroom
from claims.roles import ROLE_NAMES, Role
from claims.store import StoreAway


def password() -> str:
    """The sample people's first password: made of the secret key, so that it is this installation's own."""
    return salted_hmac("galley.sample", "people", algorithm="sha256").hexdigest()[:12]


class Command(BaseCommand):
    """`manage.py sample_newsroom`: run again, it changes nothing and prints the same."""

    help = _("Makes a sample newsroom with an article half checked, and prints its sign-ins.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not newsroom.exists():
            with transaction.atomic():
                newsroom.make(password())
            with suppress(StoreAway):  # the newsroom does without it
                newsroom.hand_in()
        self.stdout.write(_("Sign in as (all with the password %(password)s):") % {"password": password()})
        for key, (name, role) in newsroom.PEOPLE.items():
            self.stdout.write(f"  {key}@chronicle.example".ljust(32) + f"{name}, {str(ROLE_NAMES[Role(role)]).lower()}")
