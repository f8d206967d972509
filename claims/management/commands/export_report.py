"""Issue an article's report, or take the last one where nothing changed, and write it to a file."""

from argparse import ArgumentParser
from pathlib import Path
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from claims.actions import reports
from claims.models import Article, Report, User
from claims.reports import csv, html, json, pdf
from claims.roles import NotAllowed

FORMATS: dict[str, ModuleType] = {"html": html, "pdf": pdf, "csv": csv, "json": json}


class Command(BaseCommand):
    """manage.py export_report ID --format F --output PATH --as EMAIL"""

    help = _(
        "Issues the article's report (the same as long as nothing changes) and writes it as html, pdf, csv or json."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("article", type=int, metavar="ID", help=_("the article's id, as in its address"))
        parser.add_argument("--format", choices=list(FORMATS), default="html")
        parser.add_argument("--output", type=Path, required=True, metavar="PATH", help=_("replaced where it exists"))
        parser.add_argument("--as", dest="email", required=True, metavar="EMAIL", help=_("the member who exports"))

    def handle(self, *_args: Any, **options: Any) -> None:
        output: Path = options["output"]
        if not output.absolute().parent.is_dir():
            raise CommandError(_("There is no folder %(path)s. Nothing was issued.") % {"path": output.parent})
        issued = _issue(options["article"], options["email"])
        rendered = FORMATS[options["format"]].render(issued.content)
        try:
            output.write_bytes(rendered)
        except OSError as error:
            said = _("Report %(number)d is issued, but could not be written: %(why)s")
            raise CommandError(said % {"number": issued.number, "why": error}) from error
        said = _("Report %(number)d written to %(path)s (%(size)d bytes; record sha256 %(sha256)s).")
        asked = {"number": issued.number, "path": output, "size": len(rendered), "sha256": issued.sha256}
        self.stdout.write(said % asked)


def _issue(article_id: int, email: str) -> Report:
    """The report, issued as the person; another team's article does not exist for them."""
    actor = User.objects.filter(email__iexact=email, is_active=True).first()
    if actor is None:
        raise CommandError(_("Nobody signs in as %(email)s.") % {"email": email})
    article = Article.objects.filter(pk=article_id, team__memberships__user=actor).first()
    if article is None:
        said = _("%(email)s is in no team with an article %(id)d.")
        raise CommandError(said % {"email": email, "id": article_id})
    try:
        return reports.issue_report(actor=actor, article=article)
    except NotAllowed as refused:
        raise CommandError(str(refused)) from refused
