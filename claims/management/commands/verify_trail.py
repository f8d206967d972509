"""Verify the trail: recompute every chain, replay it, and name the first act or row that does not hold."""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.trail.verify import Kept, Verdict, kept_by, verify

SHOWN = 20


class Command(BaseCommand):
    """`manage.py verify_trail [--article ID] [--against REPORT.json]`: status 1 where something does not hold."""

    help = _("Recomputes every chain of the trail and replays it; names the first act or row that does not hold.")

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--article", type=int, metavar="ID", help=_("only this article's stream"))
        parser.add_argument(
            "--against",
            type=Path,
            action="append",
            default=[],
            metavar="REPORT.json",
            help=_("a report that somebody kept outside: finds a cut or rewritten end; may be given several times"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["article"] is not None and not 0 < options["article"] < 2**63:  # what an id can be
            raise CommandError(_("There is no article %(id)d.") % {"id": options["article"]})
        stream = None if options["article"] is None else f"article:{options['article']}"
        kept = [end for path in options["against"] for end in ends_of(path)]
        verdict = verify(stream, kept)
        if stream and not verdict.acts and verdict.holds:
            raise CommandError(_("There is no article %(id)d.") % {"id": options["article"]})
        self._say(verdict, kept)
        if not verdict.holds:
            sys.exit(1)

    def _say(self, verdict: Verdict, kept: list[Kept]) -> None:
        if verdict.holds:
            self.stdout.write(self.style.SUCCESS(counted(verdict)))
            if kept:
                said = _("It continues what was kept outside: %(ends)s.")
                self.stdout.write(said % {"ends": ", ".join(f"{end.stream} {end.seq}" for end in kept)})
            return
        self.stderr.write(
            self.style.ERROR(_("The trail does not hold. First: %(fault)s") % {"fault": verdict.faults[0]})
        )
        for fault in verdict.faults[1:SHOWN]:
            self.stderr.write(_("Also: %(fault)s") % {"fault": fault})
        if len(verdict.faults) > SHOWN:
            self.stderr.write(_("and %(count)d more.") % {"count": len(verdict.faults) - SHOWN})


def counted(verdict: Verdict) -> str:
    """What was verified, in numbers."""
    return _("The trail holds: %(acts)s in %(streams)s, %(changes)s replayed, %(erased)d of them erased.") % {
        "acts": ngettext("%d act", "%d acts", verdict.acts) % verdict.acts,
        "streams": ngettext("%d stream", "%d streams", verdict.streams) % verdict.streams,
        "changes": ngettext("%d change", "%d changes", verdict.changes) % verdict.changes,
        "erased": verdict.erased,
    }


def ends_of(path: Path) -> list[Kept]:
    """The ends that a kept report holds; CommandError where it is none."""
    try:
        return kept_by(path.read_bytes())
    except OSError as error:
        raise CommandError(_("%(path)s cannot be read: %(why)s") % {"path": path, "why": error.strerror}) from error
    except ValueError as error:
        raise CommandError(f"{path}: {error}") from error
