"""Erase contents for good, as the owner: a confidential source, a person's words, a legal order."""

import argparse
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.models import Claim, Evidence, Membership, User
from claims.roles import Role
from claims.trail import erase
from claims.trail.erase import Plan
from verify.database import as_owner


class Command(BaseCommand):
    """`manage.py erase --source 12 --reason "Promise to the source" --as margit@ledger.example`"""

    help = _(
        "Erases contents for good, in one act that says so. Numbers, people, times and hashes stay, and "
        "verify_trail holds. It shows what goes, and asks."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument(
            "--source", type=int, metavar="ID", help=_("a source, and what evidence says that leans on it")
        )
        which.add_argument("--evidence", metavar="ARTICLE/CLAIM/E", help=_("one piece of evidence, such as 7/5/2"))
        which.add_argument(
            "--claim", metavar="ARTICLE/N", help=_("a claim's words and those of its verdicts, such as 7/5")
        )
        which.add_argument("--article", type=int, metavar="ID", help=_("an article's text, in all its versions"))
        which.add_argument(
            "--act", nargs=2, metavar=("STREAM", "SEQ"), help=_("name and reason of an act: article:7 63")
        )
        parser.add_argument(
            "--reason", required=True, help=_("why: it stands in the trail, so it must not say what was there")
        )
        parser.add_argument(
            "--as", dest="email", required=True, metavar="EMAIL", help=_("the admin of the team who answers for it")
        )
        parser.add_argument("--yes", action="store_true", help=_("do not ask"))
        parser.add_argument(
            "--rewrite",
            action="store_true",
            help=_("rewrite the tables afterwards, so that no dead row keeps the words"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with as_owner():
            plan = planned(options)
            if plan.empty:
                raise CommandError(_("There is nothing of that kind to erase; nothing was changed."))
            actor = admin(options["email"], plan.team)
            check_reason(options["reason"], plan)
            self._show(plan)
            if not options["yes"] and input(_("Erase it for good? Type “erase”: ")) != "erase":
                raise CommandError(_("Nothing was changed."))
            erase.carry_out(plan, actor=actor.pk, name=actor.name, reason=options["reason"])
            rewritten = erase.rewrite(plan) if options["rewrite"] else []
        self._say(plan, rewritten)

    def _show(self, plan: Plan) -> None:
        self.stdout.write(_("This goes for good:"))
        for table, pk in plan.rows:
            self.stdout.write(f"  {table} {pk}: {', '.join(erase.TEXTS[table])}")
        self.stdout.write(
            ngettext("  %d line of their history", "  %d lines of their history", plan.lines) % plan.lines
        )
        for claim in plan.mentions:
            self.stdout.write(_("  claims_claim %(pk)d: the reason of its status, which names it") % {"pk": claim})
        for stream, seq in plan.words:
            self.stdout.write(_("  name and reason of %(stream)s act %(seq)d") % {"stream": stream, "seq": seq})
        for _pk, article, number in plan.reports:
            said = _("  the bytes of report %(number)d of article %(article)d (number and hash stay)")
            self.stdout.write(said % {"number": number, "article": article})
        if plan.elsewhere:
            self.stdout.write(
                self.style.WARNING(_("The same words stand here too, and stay unless you erase them as well:"))
            )
            for place in plan.elsewhere:
                self.stdout.write(f"  {place}")

    def _say(self, plan: Plan, rewritten: list[str]) -> None:
        said = _("Erased: %(rows)s, %(lines)s, %(words)s, the bytes of %(reports)s. An act says so.")
        rows, words, reports = len(plan.rows), len(plan.words), len(plan.reports)
        counts = {
            "rows": ngettext("%d row", "%d rows", rows) % rows,
            "lines": ngettext("%d line", "%d lines", plan.lines) % plan.lines,
            "words": ngettext("%d reason", "%d reasons", words) % words,
            "reports": ngettext("%d report", "%d reports", reports) % reports,
        }
        self.stdout.write(self.style.SUCCESS(said % counts))
        if rewritten:
            self.stdout.write(_("Rewritten: %(tables)s.") % {"tables": ", ".join(rewritten)})
        else:
            self.stdout.write(_("Dead rows keep the words until the tables are rewritten: --rewrite does it."))
        self.stdout.write(
            _("Backups, the database's own log of writes (WAL) and files sent out keep what they held: docs/trail.md.")
        )


def planned(options: dict[str, Any]) -> Plan:
    """What the options ask for; CommandError where there is no such thing."""
    ways: dict[str, Callable[[Any], Plan]] = {
        "source": erase.of_source,
        "article": erase.of_article,
        "evidence": lambda said: erase.of_evidence(evidence(said)),
        "claim": lambda said: erase.of_claim(claim(said)),
        "act": lambda said: erase.of_act(said[0], *numbers(said[1], 1)),
    }
    name = next(name for name in ways if options[name] is not None)
    try:
        return ways[name](options[name])
    except (LookupError, Claim.DoesNotExist, Evidence.DoesNotExist):
        raise CommandError(_("There is no such %(thing)s.") % {"thing": name}) from None


def numbers(said: str, count: int) -> list[int]:
    """The numbers of an address such as 7/5/2."""
    parts = said.split("/")
    if len(parts) != count or not all(part.isdecimal() for part in parts):
        raise CommandError(
            _("“%(said)s” is no address: write %(shape)s.") % {"said": said, "shape": "/".join("123"[:count])}
        )
    return [int(part) for part in parts]


def claim(said: str) -> int:
    """The id of the claim ARTICLE/N."""
    article, number = numbers(said, 2)
    return Claim.objects.get(article=article, number=number).pk


def evidence(said: str) -> int:
    """The id of the evidence ARTICLE/CLAIM/E."""
    article, number, e = numbers(said, 3)
    return Evidence.objects.get(article=article, claim__number=number, number=e).pk


def admin(email: str, team: int) -> User:
    """The team's admin of that address; CommandError for anybody else."""
    found = Membership.objects.filter(team=team, role=Role.ADMIN, user__email__iexact=email, user__is_active=True)
    membership = found.select_related("user").first()
    if membership is None:
        raise CommandError(_("%(email)s is no admin of the team that this belongs to.") % {"email": email})
    return membership.user


def check_reason(reason: str, plan: Plan) -> None:
    """CommandError where the reason would keep in the trail what is to be erased."""
    if not reason.strip():
        raise CommandError(_("Give a reason: it stands in the trail."))
    if any(len(secret) > 3 and secret.lower() in reason.lower() for secret in plan.secrets):
        raise CommandError(
            _("The reason holds words that are to be erased: the trail would keep them. Say it without.")
        )
