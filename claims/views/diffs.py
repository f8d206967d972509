"""What an act changed, field by field, in people's words."""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils import dateparse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from claims.models import Act, Article, Change, Claim, Source
from claims.reports.wording import rewording
from claims.roles import ROLE_NAMES
from claims.templatetags.galley import day, when
from claims.trail.rows import Line
from claims.views.things import Things
from claims.workflow import ORIGIN_NAMES, RISK_NAMES, STATUS_NAMES, OriginKind, Status

Row = dict[str, Any]
Word = Callable[[Row, Things], str]


@dataclass(frozen=True)
class Diff:
    """One field of one row: a word diff in `pieces` of (same, out or in; text), else `before` and `after`.

    Without `before` the field was empty or the row is new. `erased`: what stood here was erased.
    """

    name: str
    before: str = ""
    after: str = ""
    pieces: tuple[tuple[str, str], ...] = ()
    erased: bool = False


# --- columns as words ------------------------------------------------------------------------


def _text(column: str) -> Word:
    return lambda row, _things: str(row.get(column) or "")


def _choice(column: str, names: Any) -> Word:
    words: dict[str, Any] = {str(code): name for code, name in (names.items() if isinstance(names, dict) else names)}
    return lambda row, _things: str(words.get(str(row.get(column)), row.get(column) or ""))


def _user(column: str) -> Word:
    return lambda row, things: things.person(row.get(column)) or (_("nobody") if column in row else "")


def _moment(column: str) -> Word:
    return lambda row, _things: when(dateparse.parse_datetime(row[column])) if row.get(column) else ""


def _date(column: str) -> Word:
    return lambda row, _things: day(datetime.date.fromisoformat(row[column])) if row.get(column) else ""


def _switch(column: str) -> Word:
    return lambda row, _things: "" if column not in row else _("on") if row[column] else _("off")


def _status(row: Row, things: Things) -> str:
    if "status" not in row:
        return ""
    name = str(STATUS_NAMES[Status(row["status"])])
    label = things.labels.get(row.get("verdict_id") or 0)
    return f"{name}, {label.name}" if label and row["status"] == Status.DECIDED else name


def _label(row: Row, _things: Things) -> str:
    return ": ".join(filter(None, (row.get("name"), row.get("explanation"))))


def _origin(row: Row, things: Things) -> str:
    kind = row.get("origin_kind")
    if kind == OriginKind.SOURCE and row["origin_id"] in things.sources:
        return things.sources[row["origin_id"]].title
    if kind == OriginKind.ARTICLE and row["origin_article_id"] in things.articles:
        return things.articles[row["origin_article_id"]].title
    return str(ORIGIN_NAMES[OriginKind(kind)]) if kind else ""


@dataclass(frozen=True)
class Shown:
    """A field that trails show: its name, how it reads, whether it is compared word by word, and when it is shown."""

    name: Promise
    word: Word
    prose: bool = False
    on_insert: bool = True
    on_update: bool = True


CLAIM = (
    Shown(gettext_lazy("Status"), _status, on_insert=False),
    Shown(gettext_lazy("Statement"), _text("statement"), prose=True),
    Shown(gettext_lazy("Kind"), _choice("kind", Claim.Kind.choices), on_insert=False),
    Shown(gettext_lazy("Said by"), _text("said_by")),
    Shown(gettext_lazy("Reported by"), _text("reported_by")),
    Shown(gettext_lazy("Risk"), _choice("risk", RISK_NAMES)),
    Shown(gettext_lazy("Assigned to"), _user("assigned_to_id"), on_insert=False),
)
RULING = (
    Shown(gettext_lazy("Wording"), _text("proposed_wording")),
    Shown(gettext_lazy("Searched"), _text("searched")),
)
FIELDS: dict[str, tuple[Shown, ...]] = {
    "claims_claim": CLAIM,
    "claims_anchor": (Shown(gettext_lazy("Place"), _text("exact"), prose=True),),
    "claims_evidence": (
        Shown(gettext_lazy("Quote"), _text("quote"), on_update=False),
        Shown(gettext_lazy("Where"), _text("locator"), on_update=False),
        Shown(gettext_lazy("Note"), _text("note"), on_update=False),
    ),
    "claims_proposal": RULING,
    "claims_decision": RULING,
    "claims_source": (
        Shown(gettext_lazy("Title"), _text("title"), prose=True, on_insert=False),
        Shown(gettext_lazy("Address"), _text("url")),
        Shown(gettext_lazy("Publisher"), _text("publisher")),
        Shown(gettext_lazy("Kind"), _choice("kind", Source.Kind.choices), on_insert=False),
        Shown(gettext_lazy("Published"), _date("published_on")),
        Shown(gettext_lazy("Origin"), _origin),
    ),
    "claims_article": (
        Shown(gettext_lazy("Title"), _text("title"), prose=True),
        Shown(gettext_lazy("Byline"), _text("byline")),
        Shown(gettext_lazy("Outlet"), _text("outlet")),
        Shown(gettext_lazy("Published"), _date("published_on")),
        Shown(gettext_lazy("Language"), _text("language"), on_insert=False),
        Shown(gettext_lazy("Address"), _text("url")),
        Shown(gettext_lazy("Stage"), _choice("stage", Article.Stage.choices), on_insert=False),
        Shown(gettext_lazy("Deadline"), _moment("deadline")),
    ),
    "claims_team": (
        Shown(gettext_lazy("Name"), _text("name")),
        Shown(gettext_lazy("Time zone"), _text("timezone")),
        Shown(gettext_lazy("Four eyes"), _switch("four_eyes")),
        Shown(gettext_lazy("Origins"), _text("high_risk_origins")),
    ),
    "claims_label": (Shown(gettext_lazy("Verdict"), _label, on_update=False),),
}
ROW_NAMES: dict[str, Promise] = {
    "claims_claim": gettext_lazy("Claim"),
    "claims_anchor": gettext_lazy("Place"),
    "claims_evidence": gettext_lazy("Evidence"),
    "claims_proposal": gettext_lazy("Proposal"),
    "claims_decision": gettext_lazy("Decision"),
    "claims_source": gettext_lazy("Source"),
    "claims_article": gettext_lazy("Article"),
    "claims_version": gettext_lazy("Text"),
    "claims_report": gettext_lazy("Report"),
    "claims_team": gettext_lazy("Team"),
    "claims_membership": gettext_lazy("Member"),
    "claims_invitation": gettext_lazy("Invitation"),
    "claims_label": gettext_lazy("Verdict"),
    # what an erasure says besides: that lines, names and reasons of earlier acts went
    "line": gettext_lazy("Earlier records"),
    "name": gettext_lazy("Name in an act"),
    "reason": gettext_lazy("Reason of an act"),
}


def diffs_of(act: Act, changes: list[Change], things: Things) -> list[Diff]:
    """What the act's `changes` in one stream changed, field by field; what was erased says so once a row."""
    # where an act is about no claim, or about several, each field says whose it is
    claims = {change.claim for change in changes if change.claim is not None}
    says_whose = len(claims) > 1 or act.verb.startswith(("source.", "erase"))
    found: dict[Diff, None] = {}
    for change in changes:
        for diff in _diffs(act, change, things):
            found[_whose(diff, change, things) if says_whose else diff] = None
    return list(found)


def _whose(diff: Diff, change: Change, things: Things) -> Diff:
    claim = things.claims.get(change.claim or 0)
    if claim is None:
        return diff
    name = _("Claim %(number)d: %(field)s") % {"number": claim.number, "field": diff.name}
    return Diff(name, diff.before, diff.after, diff.pieces, diff.erased)


def _diffs(act: Act, change: Change, things: Things) -> Iterator[Diff]:
    said = change.said
    if change.relation == "claims_version":
        yield _version(change, things)
    elif said is None or said.operation == "erase":
        yield Diff(_row_name(change, things), erased=True)
    elif change.relation == "claims_membership" and act.verb != "member.join":
        yield _membership(said, things)
    elif change.relation == "claims_report":
        yield Diff(_("Record"), after=f"sha256 {said.after.get('sha256', '')}")
    else:
        yield from _fields(change.relation, said, things)


def _fields(relation: str, said: Line, things: Things) -> Iterator[Diff]:
    for shown in FIELDS.get(relation, ()):
        if not (shown.on_insert if said.operation == "insert" else shown.on_update):
            continue
        before, after = shown.word(said.before, things), shown.word(said.after, things)
        if before != after:
            compared = rewording(before, after) if shown.prose and before else []
            yield Diff(str(shown.name), before, after, tuple(compared))
    if relation == "claims_claim" and said.after.get("status") == Status.RECHECK != said.before.get("status"):
        yield Diff(_("Why"), after=said.after["status_reason"])


def _membership(said: Line, things: Things) -> Diff:
    def role(row: Row) -> str:
        return str(ROLE_NAMES[row["role"]]) if row else ""

    person = things.person((said.after or said.before).get("user_id"))
    return Diff(person, role(said.before), role(said.after) or _("no member"))


def _version(change: Change, things: Things) -> Diff:
    version = things.versions.get(change.row)
    if version is None or getattr(change, "gone", False):
        return Diff(_("Text"), erased=True)
    words = ngettext("version %(number)d, %(words)d word", "version %(number)d, %(words)d words", version.words)
    said = words % {"number": version.number, "words": version.words}
    return Diff(_("Text"), after=f"{said}, sha256 {version.sha256[:8]}…{version.sha256[-4:]}")


def _row_name(change: Change, things: Things) -> str:
    name = str(ROW_NAMES.get(change.relation, change.relation))
    if change.relation == "claims_evidence" and change.row in things.evidence:
        return things.evidence[change.row].name
    return name
