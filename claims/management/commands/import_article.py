"""Import an article from a file, as its preview proposes it: what looks like page furniture stays out."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from claims import intake
from claims.actions import articles
from claims.forms.articles import Facts
from claims.intake import MAX_FILE_BYTES, Found, Unreadable
from claims.models import Team, User
from claims.roles import NotAllowed
from claims.workflow import Refused

FACTS = ("title", "byline", "outlet", "url")


class Command(BaseCommand):
    """manage.py import_article FILE --team SLUG --as EMAIL [--title …] [--byline …] [--outlet …] [--url …]"""

    help = _("Imports a .txt or .md file as an article of the team, and prints the article's id, alone.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=_("a .txt or .md file, up to 5 MB"))
        parser.add_argument("--team", required=True, metavar="SLUG", help=_("the team's short name"))
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL", help=_("the member who imports"))
        for name in FACTS:
            parser.add_argument(f"--{name}", help=_("in the place of the one found in the text"))

    def handle(self, *_args: Any, **options: Any) -> None:
        team = Team.objects.filter(slug=options["team"]).first()
        if team is None:
            raise CommandError(_("There is no team %(slug)s.") % {"slug": options["team"]})
        actor = User.objects.filter(email__iexact=options["email"], is_active=True).first()
        if actor is None:
            raise CommandError(_("Nobody signs in as %(email)s.") % {"email": options["email"]})
        found = _read(options["file"])
        facts = _facts(found, {name: options[name] for name in FACTS if options[name] is not None})
        kept = [(block.kind, block.text) for block in found.blocks if block.keep]
        try:
            article = articles.import_article(actor=actor, team=team, blocks=kept, **facts)
        except (NotAllowed, Refused) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(str(article.pk))


def _read(path: Path) -> Found:
    """What intake finds in the file; CommandError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return intake.read_file(path.name, file.read(MAX_FILE_BYTES + 1))
    except OSError as error:
        said = _("%(path)s cannot be read: %(why)s.")
        raise CommandError(said % {"path": path, "why": error.strerror or error}) from error
    except Unreadable as unreadable:
        raise CommandError(str(unreadable)) from unreadable


def _facts(found: Found, said: dict[str, str]) -> dict[str, Any]:
    """The article's facts: those said, else those found; CommandError where one cannot be."""
    names = ("title", "byline", "outlet", "published_on", "url")
    form = Facts({name: getattr(found, name) for name in names} | {"language": found.language or "en"} | said)
    if not form.is_valid():
        wrong = [f"--{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
        raise CommandError(" ".join(wrong))
    return form.facts
