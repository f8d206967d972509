"""Erase contents for good, as the owner: a confidential source, a person's words, a legal order."""

import argparse
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.actions import errands
from claims.actions.errands import Erased
from claims.models import Claim, Evidence, Membership, User
from claims.roles import Role
from claims.trail import erase
from claims.trail.erase import Plan
from claims.trail.traces import COPIES, MOST, Trace, Unsought
from verify.database import as_owner

LONGEST_SHOWN = 60


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
        parser.add_argument("--only", choices=erase.PARTS, help=_("with --act: one of the two, and the other stays"))
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
            help=_("rewrite the tables afterwards, so that nothing in the database's files keeps the words"),
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["only"] and not options["act"]:
            raise CommandError(_("--only goes with --act."))
        with as_owner():
            plan = planned(options)
            if plan.empty:
                raise CommandError(_("There is nothing of that kind to erase; nothing was changed."))
            actor = admin(options["email"], plan.team)
            check_reason(options["reason"], plan)
            self._show(plan)
            if not options["yes"] and input(_("Erase it for good? Type “erase”: ")) != "erase":
                raise CommandError(_("Nothing was changed."))
            try:
                ahead = erase.carry_out(plan, actor=actor.pk, name=actor.name, reason=options["reason"])
            except erase.Changed:
                raise CommandError(
                    _("Somebody wrote meanwhile what would have to go as well. Nothing was changed: look again.")
                ) from None
            cleared = errands.clear_erased(plan.bytes)
            cleared.left.extend(errands.clear_erased(ahead).left)
            rewritten = erase.rewrite() if options["rewrite"] else []
            log_too = bool(rewritten) and erase.begin_log_anew()
        self._say(plan)
        self._say_of_the_store(cleared)
        self._say_what_keeps(rewritten, log_too)

    def _show(self, plan: Plan) -> None:
        self.stdout.write(_("This goes for good:"))
        for table, pk in plan.rows:
            self.stdout.write(f"  {table} {pk}: {', '.join(erase.TEXTS[table])}")
        self.stdout.write(
            ngettext("  %d line of their history", "  %d lines of their history", plan.lines) % plan.lines
        )
        for table, pk in plan.mentions:
            said = _("  %(table)s %(pk)d: %(column)s, which holds the same")
            self.stdout.write(said % {"table": table, "pk": pk, "column": COPIES[table]})
        for stream, seq in plan.names:
            self.stdout.write(_("  the name in %(stream)s act %(seq)d") % {"stream": stream, "seq": seq})
        for stream, seq in plan.reasons:
            self.stdout.write(_("  the reason of %(stream)s act %(seq)d") % {"stream": stream, "seq": seq})
        for _pk, article, number in plan.reports:
            said = _("  the bytes of report %(number)d of article %(article)d (number and hash stay)")
            self.stdout.write(said % {"number": number, "article": article})
        if plan.bytes:
            said = ngettext(
                "  %d file in the store of captures", "  %d files in the store of captures", len(plan.bytes)
            )
            self.stdout.write(said % len(plan.bytes) + _(", and the text and index of each capture"))
        if plan.shared:
            said = _("Another source has the same bytes, which stay with it: %(keys)s.")
            self.stdout.write(self.style.WARNING(said % {"keys": ", ".join(plan.shared)}))
        self._show_elsewhere(plan)

    def _show_elsewhere(self, plan: Plan) -> None:
        if plan.elsewhere:
            self.stdout.write(
                self.style.WARNING(_("The same words stand here too, and stay unless you erase them as well:"))
            )
            for trace in plan.elsewhere:
                self.stdout.write("  " + in_words(trace))
        for sentence in not_looked_for(plan.unsought):
            self.stdout.write(self.style.WARNING(sentence))

    def _say(self, plan: Plan) -> None:
        said = _("Erased: %(rows)s, %(lines)s, %(names)s, %(reasons)s, the bytes of %(reports)s. An act says so.")
        rows, reports = len(plan.rows), len(plan.reports)
        names, reasons = len(plan.names), len(plan.reasons)
        counts = {
            "rows": ngettext("%d row", "%d rows", rows) % rows,
            "lines": ngettext("%d line", "%d lines", plan.lines) % plan.lines,
            "names": ngettext("%d name", "%d names", names) % names,
            "reasons": ngettext("%d reason", "%d reasons", reasons) % reasons,
            "reports": ngettext("%d report", "%d reports", reports) % reports,
        }
        self.stdout.write(self.style.SUCCESS(said % counts))

    def _say_of_the_store(self, cleared: Erased) -> None:
        gone, left = len(cleared.gone), cleared.left
        if gone:
            said = ngettext(
                "%d file went from the store of captures.", "%d files went from the store of captures.", gone
            )
            self.stdout.write(self.style.SUCCESS(said % gone))
        if left:
            said = _(
                "%(count)d files are not in the store that GALLEY_STORE names here, or it does not answer. The worker"
                " takes them away within a minute: run verify_captures afterwards. They are: %(keys)s."
            )
            self.stdout.write(self.style.WARNING(said % {"count": len(left), "keys": ", ".join(left)}))
        if cleared.stay:
            said = _("Something else came to have the same bytes meanwhile, which stay with it: %(keys)s.")
            self.stdout.write(self.style.WARNING(said % {"keys": ", ".join(cleared.stay)}))

    def _say_what_keeps(self, rewritten: list[str], log_too: bool) -> None:
        if rewritten:
            self.stdout.write(_("Rewritten: %(tables)s.") % {"tables": ", ".join(rewritten)})
        else:
            self.stdout.write(_("Dead rows keep the words until the tables are rewritten: --rewrite does it."))
        if log_too:
            self.stdout.write(_("The database's log of writes (WAL) was begun anew: it keeps nothing of before."))
        else:
            self.stdout.write(_("The database's log of writes (WAL) keeps the words until it is recycled."))
        self.stdout.write(_("Backups and files sent out keep what they held: docs/trail.md."))


def in_words(trace: Trace) -> str:
    """Words that stand elsewhere too, and where: “Harbour Trust”, 7 places: claims_source 4 (team:1), … and 2 more."""
    said = ngettext("“%(words)s”, %(count)d place: %(places)s", "“%(words)s”, %(count)d places: %(places)s", trace.of)
    words = Truncator(trace.words).chars(LONGEST_SHOWN)
    line = said % {"words": words, "count": trace.of, "places": ", ".join(trace.places)}
    more = trace.of - len(trace.places)
    return line + (_(" and %(count)d more") % {"count": more} if more else "")


def not_looked_for(unsought: Unsought) -> Iterator[str]:
    """How many texts may stand elsewhere too without being named, and why."""
    if unsought.little:
        said = ngettext(
            "%d text was not looked for elsewhere: it says too little by itself (“Ja”, “p. 3”).",
            "%d texts were not looked for elsewhere: they say too little by themselves (“Ja”, “p. 3”).",
            unsought.little,
        )
        yield said % unsought.little
    if unsought.beyond:
        said = ngettext(
            "%(count)d text was not looked for elsewhere, only the longest %(most)d were: look for it yourself.",
            "%(count)d texts were not looked for elsewhere, only the longest %(most)d were: look for them yourself.",
            unsought.beyond,
        )
        yield said % {"count": unsought.beyond, "most": MOST}


def planned(options: dict[str, Any]) -> Plan:
    """What the options ask for; CommandError where there is no such thing."""
    ways: dict[str, Callable[[Any], Plan]] = {
        "source": erase.of_source,
        "article": erase.of_article,
        "evidence": lambda said: erase.of_evidence(evidence(said)),
        "claim": lambda said: erase.of_claim(claim(said)),
        "act": lambda said: erase.of_act(said[0], numbers(said[1], 1)[0], only),
    }
    only = (options["only"],) if options["only"] else erase.PARTS
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
    if any(len(secret) > 3 and secret.lower() in reason.lower() for secret in (*plan.secrets, *plan.common)):
        raise CommandError(
            _("The reason holds words that are to be erased: the trail would keep them. Say it without.")
        )
