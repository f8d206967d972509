"""Acts told as sentences, for the trail, the claim panel and lists.

    for it in told(Act.objects.about_claim(article.stream, claim.pk).newest_first()[:20]):
        it.who, it.says      # “Ifeoma Brandt”, and as safe HTML with links: proposed Needs fix for claim 5
        it.line              # the same as plain text with the name: “Ifeoma Brandt proposed Needs fix for claim 5”
        it.at, it.reason     # a moment, the reason as typed (empty: none)
        it.diffs             # list of Diff: `name`, then `pieces` (word diff) or `before` and `after`; `erased`
        it.seq, it.short_hash, it.act

At most nine queries for any number of acts; two or three for a list's last acts (`told(acts, diffs=False)`).
{% include "trail/told.html" with it=it %} is all of it in the markup of the house.
"""

import html
import string
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, F, Q, QuerySet, When
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Act, Change
from claims.models.ready import OneOf, ready
from claims.roles import ROLE_NAMES, Role
from claims.trail.verbs import VERBS
from claims.views.diffs import Diff, diffs_of
from claims.views.things import Things
from claims.workflow import Stance

AS_STANCE: dict[str, Promise] = {
    Stance.SUPPORTS: gettext_lazy("supporting"),
    Stance.IN_PART: gettext_lazy("supporting in part"),
    Stance.CONFLICTS: gettext_lazy("conflicting"),
    Stance.CONTEXT: gettext_lazy("context"),
}


@dataclass(frozen=True)
class Told:
    """An act as people read it; `says` is what follows the name, as HTML without a full stop."""

    act: Act
    who: str
    says: SafeString
    diffs: list[Diff] = field(default_factory=list)

    @property
    def line(self) -> str:
        """The whole sentence as plain text, without a full stop."""
        return f"{self.who} {html.unescape(strip_tags(self.says))}"

    @property
    def at(self) -> datetime:
        return self.act.at

    @property
    def reason(self) -> str:
        return self.act.reason

    @property
    def erased(self) -> str:
        """What was erased of name and reason, as a sentence; empty where nothing was."""
        if self.act.name_erased:
            return _("Name and reason were erased.") if self.act.reason_erased else _("The name was erased.")
        return _("The reason was erased.") if self.act.reason_erased else ""

    @property
    def seq(self) -> int:
        return self.act.seq

    @property
    def short_hash(self) -> str:
        return short(bytes(self.act.hash).hex())


def short(hexadecimal: str) -> str:
    """A hash as pages show it: “9f27…4be8”."""
    return f"{hexadecimal[:4]}…{hexadecimal[-4:]}" if hexadecimal else ""


def told(acts: Iterable[Act], *, diffs: bool = True) -> list[Told]:
    """The acts (of one stream or several) as sentences, in their order; with what each changed in its stream."""
    acts = list(acts)
    by_act = changes_of(acts)
    things = Things(change for changes in by_act.values() for change in changes)
    things.ids["user"] |= {act.actor_id for act in acts if act.name_erased and act.actor_id is not None}
    return [_told(act, by_act[act.act], things, diffs) for act in acts]


def changes_of(acts: Iterable[Act], claim: int | None = None) -> dict[int, list[Change]]:
    """All changes of the acts, by the act's id, in one query. A version's line, a whole text, is left unread.

    With `claim`, an act that changed many claims is read only as far as it concerns that one.
    """
    found: dict[int, list[Change]] = defaultdict(list)
    wanted = list({act.act for act in acts})
    if not wanted:
        return found
    for row in _changes(wanted) if claim is None else _changes_of_claim(wanted, claim):
        row.line = row.read  # type: ignore[attr-defined]
        found[row.act].append(row)
    return found


def _rows(acts: Sequence[int]) -> QuerySet[Change]:
    rows = Change.objects.filter(OneOf("act", acts)).defer("line", "salt", "commitment")
    line = Case(When(~Q(relation="claims_version"), then=F("line")))
    return rows.annotate(read=line, gone=Q(line__isnull=True)).order_by("act", "n")


_changes = ready(_rows)


@ready
def _changes_of_claim(acts: Sequence[int], claim: int) -> QuerySet[Change]:
    return _rows(acts).filter(Q(claim=claim) | Q(claim=None))


def _told(act: Act, changes: list[Change], things: Things, diffs: bool) -> Told:
    # what an erasure leaves of who acted is a number, which may still have a name
    who = (things.person(act.actor_id) or _("Somebody")) if act.name_erased else act.actor_name
    shown = diffs_of(act, [change for change in changes if change.stream == act.stream], things) if diffs else []
    return Told(act, who, sentence(act.verb, changes, things), shown)


# --- sentences -------------------------------------------------------------------------------


def sentence(verb: str, changes: list[Change], things: Things) -> SafeString:
    """What was done, with links, as HTML; `changes` are all those of the act."""
    if verb not in VERBS:
        return format_html("{}", _("did “%(verb)s”") % {"verb": verb})
    words = str(VERBS[verb])
    names = {name for _text, name, _spec, _conversion in string.Formatter().parse(words) if name}
    return format_html(words, **{name: PARTS[name](changes, things) for name in names}) if names else SafeString(words)


def _link(words: str, name: str, *args: object) -> SafeString:
    return format_html('<a href="{}">{}</a>', reverse(name, args=args), words)


def _of(changes: Iterable[Change], relation: str) -> Iterator[Change]:
    return (change for change in changes if change.relation == relation)


def _column(changes: Iterable[Change], relation: str, column: str) -> object | None:
    """What the act wrote (or, in a row it deleted, found) in a column; None where it is erased."""
    for change in _of(changes, relation):
        if change.said is not None:
            value: object | None = (change.said.after or change.said.before).get(column)
            return value
    return None


def _claim(changes: list[Change], things: Things) -> SafeString | str:
    for change in changes:
        if change.claim in things.claims:
            claim = things.claims[change.claim]
            words = _("claim %(number)d") % {"number": claim.number}
            return _link(words, "claim", claim.article_id, claim.number)
    return _("a claim")


def _label(pk: object) -> Callable[[Things], SafeString | str]:
    def word(things: Things) -> SafeString | str:
        label = things.labels.get(pk)  # type: ignore[call-overload]
        if label is None:
            return _("a verdict (erased)")
        return format_html('<span class="verdict" data-verdict="{}">{}</span>', label.meaning, label.name)

    return word


def _verdict(changes: list[Change], things: Things) -> SafeString | str:
    ruled = _column(changes, "claims_decision", "label_id") or _column(changes, "claims_proposal", "label_id")
    return _label(ruled)(things)


def _new_label(changes: list[Change], things: Things) -> SafeString | str:
    rows = list(_of(changes, "claims_label"))
    return _label(rows[-1].row if rows else None)(things)


def _old_label(changes: list[Change], things: Things) -> SafeString | str:
    rows = list(_of(changes, "claims_label"))
    return _label(rows[0].row if rows else None)(things)


def _evidence(changes: list[Change], things: Things) -> str:
    for change in _of(changes, "claims_evidence"):
        if change.row in things.evidence:
            return things.evidence[change.row].name
    return _("evidence")


def _stance(changes: list[Change], things: Things) -> str:
    for change in _of(changes, "claims_evidence"):
        if change.row in things.evidence:
            stance = things.evidence[change.row].stance
            return str(AS_STANCE.get(stance, stance))
    return _("evidence")


def _source(changes: list[Change], things: Things) -> SafeString | str:
    leaned = [
        things.evidence[row.row].source_id for row in _of(changes, "claims_evidence") if row.row in things.evidence
    ]
    captured = [_column(changes, relation, "source_id") for relation in ("claims_capture", "claims_proof")]
    for pk in [*leaned, *(change.row for change in _of(changes, "claims_source")), *captured]:
        if pk in things.sources:
            return _link(things.sources[pk].title, "source", pk)
    return _("a source")


def _people(changes: list[Change], things: Things) -> SafeString | str:
    names = []
    for change in changes:
        if change.said is not None and change.relation in {"claims_membership", "claims_claim"}:
            columns = change.said.after or change.said.before
            names.append(things.person(columns.get("user_id") or columns.get("returned_to_id")))
    return format_html_join(", ", "{}", ((name,) for name in dict.fromkeys(names) if name)) or _("somebody")


def _email(changes: list[Change], things: Things) -> str:
    # an invitation made anew withdraws the one before it: the last row is the one meant
    return str(_column(reversed(changes), "claims_invitation", "email") or _("somebody"))


def _role(changes: list[Change], things: Things) -> str:
    role = _column(reversed(changes), "claims_invitation", "role") or _column(changes, "claims_membership", "role")
    return str(ROLE_NAMES[Role(str(role))]).lower() if role else _("a member")


def _report(changes: list[Change], things: Things) -> SafeString | str:
    for change in _of(changes, "claims_report"):
        if change.row in things.reports:
            report = things.reports[change.row]
            words = _("report %(number)d") % {"number": report.number}
            return _link(words, "report_file", report.article_id, report.number, "html")
    return _("a report")


PARTS: dict[str, Callable[[list[Change], Things], SafeString | str]] = {
    "claim": _claim,
    "verdict": _verdict,
    "label": _new_label,
    "old": _old_label,
    "evidence": _evidence,
    "stance": _stance,
    "source": _source,
    "people": _people,
    "email": _email,
    "role": _role,
    "report": _report,
}
