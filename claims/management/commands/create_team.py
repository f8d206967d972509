"""Make a newsroom and its first admin: sign-up is closed, so this is how the first person gets in."""

import argparse
import sys
import zoneinfo
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email, validate_slug
from django.db import transaction
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from claims.actions import teams
from claims.models import Team, User


class Command(BaseCommand):
    """`manage.py create_team "The Ledger" --admin-email margit@ledger.example --admin-name "Margit Sørensen"`"""

    help = _(
        "Makes a team with the default verdict scale and its first admin. Prints a link with which the admin sets "
        "a password, once; or reads the password from standard input."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("name", metavar="NAME", help=_("what the team is called"))
        parser.add_argument("--slug", help=_("its short name, for commands (default: from its name)"))
        parser.add_argument("--admin-email", required=True, metavar="EMAIL")
        parser.add_argument(
            "--admin-name", default="", metavar="NAME", help=_("needed unless the address has an account already")
        )
        parser.add_argument("--timezone", default="UTC", help=_("such as Europe/London (default: UTC)"))
        parser.add_argument(
            "--password-stdin", action="store_true", help=_("read the admin's password from standard input")
        )

    def handle(self, *args: Any, **options: Any) -> None:
        facts = checked(options)
        password = sys.stdin.readline().rstrip("\r\n") if options["password_stdin"] else None
        with transaction.atomic():
            admin, is_new = admin_of(options["admin_email"].strip(), options["admin_name"].strip(), password)
            team = teams.create_team(admin=admin, language=settings.LANGUAGE_CODE, actor=None, **facts)
        said = _("Made the team %(name)s (%(slug)s) with the admin %(admin)s.")
        self.stdout.write(self.style.SUCCESS(said % {"name": team.name, "slug": team.slug, "admin": admin.email}))
        if is_new and password is None:
            hours = settings.PASSWORD_RESET_TIMEOUT // 3600
            self.stdout.write(_("Within %(hours)d hours, the admin sets a password here, once:") % {"hours": hours})
            self.stdout.write(link_for(admin))
        else:
            self.stdout.write(
                _("Sign in at %(address)s") % {"address": settings.URL.geturl() + reverse("account_login")}
            )


def checked(options: dict[str, Any]) -> dict[str, str]:
    """The team's name, slug and timezone; CommandError where one cannot be."""
    name = options["name"].strip()
    slug = options["slug"] or slugify(name)
    if not name or len(name) > 120:
        raise CommandError(_("The team needs a name of 1 to 120 characters."))
    try:
        validate_slug(slug)
    except ValidationError:
        raise CommandError(
            _("“%(slug)s” is no short name: use letters, digits and hyphens (--slug).") % {"slug": slug}
        ) from None
    if len(slug) > 50 or Team.objects.filter(slug=slug).exists():
        raise CommandError(_("The short name %(slug)s is taken or too long. Choose another: --slug.") % {"slug": slug})
    if options["timezone"] not in zoneinfo.available_timezones():
        said = _("%(zone)s is no time zone. Write it as in Europe/London or UTC.")
        raise CommandError(said % {"zone": options["timezone"]})
    return {"name": name, "slug": slug, "timezone": options["timezone"]}


def admin_of(email: str, name: str, password: str | None) -> tuple[User, bool]:
    """The person of that address, and whether they are new; CommandError where they cannot be made."""
    found = User.objects.filter(email__iexact=email).first()
    if found is not None:
        if password is not None:
            raise CommandError(_("%(email)s has an account already, with a password of their own.") % {"email": email})
        return found, False
    if len(email) > 254:
        raise CommandError(_("The admin's address is too long: up to 254 characters."))
    try:
        validate_email(email)
        if password is not None:
            validate_password(password, User(email=email, name=name))
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    if not name or len(name) > 120:
        raise CommandError(_("Say what the admin is called: --admin-name, up to 120 characters."))
    return User.objects.create_user(email, name, password), True


def link_for(admin: User) -> str:
    """The address at which somebody without a password sets one, once, within PASSWORD_RESET_TIMEOUT seconds."""
    names = {"uidb36": user_pk_to_url_str(admin), "key": default_token_generator.make_token(admin)}
    return settings.URL.geturl() + reverse("account_reset_password_from_key", kwargs=names)
