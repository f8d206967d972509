"""Verify that every capture's bytes are there and are what they were, and that nothing else is."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims import store
from claims.actions.errands import FORGOTTEN, is_named
from claims.models import Capture, Part, Pending, Proof, Team
from claims.models.captures import text_hash
from claims.store import Damaged, Lost, StoreAway

SHOWN = 20


class Command(BaseCommand):
    """`manage.py verify_captures`: status 1 where something does not hold."""

    help = _("Reads the bytes, records and texts of all captures, and names those that are not what they were.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--named", action="store_true", help=_("only what rows name, not what no row does"))
        parser.add_argument("--team", metavar="SLUG", help=_("only this team's"))

    def handle(self, *args: Any, **options: Any) -> None:
        mine = Q(team__slug=options["team"]) if options["team"] else Q()
        captures = Capture.objects.filter(mine).exclude(sha256="").order_by("pk")
        proofs = Proof.objects.filter(mine).exclude(sha256="").order_by("pk")
        try:
            faults = [*wrong(captures, proofs), *(() if options["named"] else strays(options["team"]))]
        except StoreAway as away:
            raise CommandError(f"{away} {away.why}") from away
        if faults:
            for fault in faults[:SHOWN]:
                self.stderr.write(self.style.ERROR(fault))
            if len(faults) > SHOWN:
                self.stderr.write(_("and %(count)d more.") % {"count": len(faults) - SHOWN})
            sys.exit(1)
        count = captures.count()
        said = ngettext("%(count)d capture holds.", "%(count)d captures hold.", count) % {"count": count}
        self.stdout.write(self.style.SUCCESS(said))


def wrong(captures: Any, proofs: Any) -> Iterator[str]:
    """What of them is not there, or not what it was."""
    for capture in captures.iterator():
        name = _("capture %(number)d of source %(source)d")
        name %= {"number": capture.number, "source": capture.source_id}
        for what, key in ((_("its bytes"), capture.key), (_("the bytes of its record"), capture.warc_key)):
            if key and (fault := fault_of(key)):
                yield f"{name}: {what} {fault}"
        if text_hash(Part.objects.of_capture(capture)) != capture.text_sha256:
            yield f"{name}: " + _("its text is not what it was")
    for proof in proofs.iterator():
        if fault := fault_of(proof.key):
            yield _("proof %(number)d: its bytes") % {"number": proof.pk} + f" {fault}"


def fault_of(key: str) -> str:
    """What is wrong with the bytes of a key; empty where nothing is."""
    try:
        with store.opened(key):
            return ""
    except Lost:
        return _("are gone")
    except Damaged:
        return _("are not what they were")


def strays(slug: str | None) -> Iterator[str]:
    """Bytes that no row names, and that nobody is about to keep; those of a put that was killed are no team's."""
    for path in () if slug else store.unfinished(FORGOTTEN.total_seconds()):
        yield _("%(path)s is in the store, and nobody writes it any more") % {"path": path}
    for team in Team.objects.filter(slug=slug).values_list("pk", flat=True) if slug else store.teams():
        for key in store.keys(team):
            if not is_named(key) and not Pending.objects.filter(key=key).exists():
                yield _("%(key)s is in the store, and no row names it") % {"key": key}
