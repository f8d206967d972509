"""Statuses, transitions, gates and four eyes (pure): the rules a newsroom can read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext


class Status(StrEnum):
    """Where a claim stands in the work."""

    OPEN = "open"
    PROPOSED = "proposed"
    DECIDED = "decided"
    RECHECK = "recheck"
    WITHDRAWN = "withdrawn"


class Meaning(StrEnum):
    """What a verdict's label means, whatever the team calls it."""

    ACCURATE = "accurate"
    NEEDS_FIX = "needs-fix"
    DISPUTED = "disputed"
    INACCURATE = "inaccurate"
    UNPROVABLE = "unprovable"
    NOT_CHECKABLE = "not-checkable"


class Stance(StrEnum):
    """How a source stands to a claim."""

    SUPPORTS = "supports"
    IN_PART = "in-part"
    CONFLICTS = "conflicts"
    CONTEXT = "context"


class Risk(StrEnum):
    """What a wrong claim would cost."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class OriginKind(StrEnum):
    """Where a source has it from."""

    UNKNOWN = "unknown"
    ITSELF = "itself"
    SOURCE = "source"
    ARTICLE = "article"


STATUS_NAMES: dict[Status, Promise] = {
    Status.OPEN: gettext_lazy("To check"),
    Status.PROPOSED: gettext_lazy("In review"),
    Status.DECIDED: gettext_lazy("Decided"),
    Status.RECHECK: gettext_lazy("Recheck"),
    Status.WITHDRAWN: gettext_lazy("Withdrawn"),
}
# label, explanation: the default scale, in its order
DEFAULT_SCALE: dict[Meaning, tuple[Promise, Promise]] = {
    Meaning.ACCURATE: (gettext_lazy("Verified"), gettext_lazy("The statement holds as it is written.")),
    Meaning.NEEDS_FIX: (
        gettext_lazy("Needs fix"),
        gettext_lazy("Right in substance; the wording or a figure has to change."),
    ),
    Meaning.DISPUTED: (gettext_lazy("Disputed"), gettext_lazy("Sources that deserve weight disagree.")),
    Meaning.INACCURATE: (gettext_lazy("Inaccurate"), gettext_lazy("The statement does not hold.")),
    Meaning.UNPROVABLE: (
        gettext_lazy("Unverifiable"),
        gettext_lazy("Nothing that can be reached settles it."),
    ),
    Meaning.NOT_CHECKABLE: (gettext_lazy("Not checkable"), gettext_lazy("Opinion, taste or prediction.")),
}
MEANING_NEEDS: dict[Meaning, Promise] = {
    Meaning.ACCURATE: gettext_lazy("supporting evidence with a quote or a place in the source"),
    Meaning.NEEDS_FIX: gettext_lazy("the proposed wording"),
    Meaning.DISPUTED: gettext_lazy("conflicting evidence"),
    Meaning.INACCURATE: gettext_lazy("conflicting evidence"),
    Meaning.UNPROVABLE: gettext_lazy("a record of what was searched"),
    Meaning.NOT_CHECKABLE: gettext_lazy("a rationale, as every decision does"),
}
STANCE_NAMES: dict[Stance, Promise] = {
    Stance.SUPPORTS: gettext_lazy("Supports"),
    Stance.IN_PART: gettext_lazy("Supports in part"),
    Stance.CONFLICTS: gettext_lazy("Conflicts"),
    Stance.CONTEXT: gettext_lazy("Context"),
}
RISK_NAMES: dict[Risk, Promise] = {
    Risk.LOW: gettext_lazy("Low"),
    Risk.MEDIUM: gettext_lazy("Medium"),
    Risk.HIGH: gettext_lazy("High"),
}
ORIGIN_NAMES: dict[OriginKind, Promise] = {
    OriginKind.UNKNOWN: gettext_lazy("Unknown"),
    OriginKind.ITSELF: gettext_lazy("The source itself"),
    OriginKind.SOURCE: gettext_lazy("Another source"),
    OriginKind.ARTICLE: gettext_lazy("This article"),
}

# deed: the statuses it leaves, the status it leads to
TRANSITIONS: dict[str, tuple[frozenset[Status], Status]] = {
    "propose": (frozenset({Status.OPEN, Status.RECHECK}), Status.PROPOSED),
    "decide": (frozenset({Status.PROPOSED}), Status.DECIDED),
    "send_back": (frozenset({Status.PROPOSED}), Status.OPEN),
    "reopen": (frozenset({Status.DECIDED}), Status.OPEN),
    "withdraw": (frozenset({Status.OPEN, Status.PROPOSED, Status.RECHECK}), Status.WITHDRAWN),
    "restore": (frozenset({Status.WITHDRAWN}), Status.OPEN),
}
NEEDS_REASON = frozenset({"send_back", "reopen", "withdraw", "restore"})


class Refused(Exception):
    """A rule refuses what was asked; `reasons` are sentences that say what is missing."""

    def __init__(self, *reasons: str, field: str = "") -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)
        self.field = field


def leads_to(deed: str, status: str, *, four_eyes: bool = True) -> Status:
    """The status that `deed` leads to from `status`; Refused where the workflow does not know it."""
    if deed not in deeds(status, four_eyes=four_eyes):
        raise Refused(
            _("A claim that is “%(status)s” cannot be changed this way. Nothing was changed.")
            % {"status": STATUS_NAMES[Status(status)]}
        )
    return TRANSITIONS[deed][1]


def deeds(status: str, *, four_eyes: bool = True) -> list[str]:
    """The deeds that the workflow knows at `status`, in the order of their buttons."""
    known = [deed for deed, (leaves, _to) in TRANSITIONS.items() if Status(status) in leaves]
    if not four_eyes and Status(status) in {Status.OPEN, Status.RECHECK}:
        known.insert(1, "decide")  # solo desk: one act writes proposal and decision
    return known


# --- origins ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Link:
    """What a source's row says of its origin."""

    kind: str
    source: int | None = None
    article: int | None = None


UNKNOWN = ""  # an undeclared origin: never independent
NONE = "none"  # goes back to the article itself: counts as no origin at all


def resolve(source: int, links: Mapping[int, Link], article: int) -> str:
    """The origin a source goes back to, seen from `article`: a key, UNKNOWN, or NONE.

    Follows "another source" to its root; a root that is undeclared, and a circle, are UNKNOWN.
    """
    seen: set[int] = set()
    while source not in seen:
        seen.add(source)
        link = links.get(source, Link(OriginKind.UNKNOWN))
        match link.kind:
            case OriginKind.ITSELF:
                return f"source:{source}"
            case OriginKind.ARTICLE:
                return NONE if link.article == article else f"article:{link.article}"
            case OriginKind.SOURCE if link.source is not None:
                source = link.source
            case _:
                return UNKNOWN
    return UNKNOWN


@dataclass(frozen=True)
class Count:
    """How many sources there are, how many known independent origins, how many unknown, how many none."""

    sources: int
    origins: int
    unknown: int
    none: int

    def __str__(self) -> str:
        said = [ngettext("%d source", "%d sources", self.sources) % self.sources]
        if self.origins or not self.unknown:
            said.append(ngettext("%d origin", "%d origins", self.origins) % self.origins)
        if self.unknown == 1 and not self.origins:
            said.append(_("origin unknown"))
        elif self.unknown:
            said.append(ngettext("%d unknown", "%d unknown", self.unknown) % self.unknown)
        return ", ".join(said)


def count_origins(leans: "Iterable[Lean]") -> Count:
    """Count sources and their origins; a source that several pieces of evidence cite counts once."""
    by_source = {lean.source: lean.origin for lean in leans}
    known = {origin for origin in by_source.values() if origin not in {UNKNOWN, NONE}}
    values = list(by_source.values())
    return Count(len(by_source), len(known), values.count(UNKNOWN), values.count(NONE))


# --- gates -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lean:
    """A piece of evidence as the rules see it."""

    stance: str
    source: int
    origin: str
    has_place: bool
    added_by: int
    retracted: bool = False

    @property
    def rests(self) -> bool:
        """Whether a verdict rests on it: neither retracted nor mere context."""
        return not self.retracted and self.stance != Stance.CONTEXT


@dataclass(frozen=True)
class Case:
    """A claim as the rules see it: risk, the team's policy, its evidence, who proposed."""

    risk: str
    evidence: Sequence[Lean] = field(default_factory=tuple)
    origins_needed: int = 2
    four_eyes: bool = True
    proposer: int | None = None

    def resting(self, *stances: str) -> list[Lean]:
        """The evidence of these stances that a verdict rests on."""
        return [lean for lean in self.evidence if lean.rests and lean.stance in stances]


@dataclass(frozen=True)
class Answer:
    """What a person answers with."""

    meaning: str
    rationale: str = ""
    proposed_wording: str = ""
    searched: str = ""


@dataclass(frozen=True)
class Gate:
    """One thing a verdict needs: whether it is met, in a word, and in a sentence."""

    code: str
    met: bool
    word: str
    sentence: str


PRO = (Stance.SUPPORTS, Stance.IN_PART)
CON = (Stance.CONFLICTS,)
# among which stances the independent origins of a high-risk claim are counted
ORIGINS_AMONG: dict[str, tuple[Stance, ...]] = {
    Meaning.ACCURATE: PRO,
    Meaning.INACCURATE: CON,
    Meaning.NEEDS_FIX: PRO + CON,
    Meaning.DISPUTED: PRO + CON,
}


def gates(case: Case, answer: Answer) -> list[Gate]:
    """Everything that `answer` needs at proposal and at decision, met or not."""
    needs = [own] if (own := _own_gate(case, answer)) else []
    if case.risk == Risk.HIGH and answer.meaning in ORIGINS_AMONG:
        needs.append(_origins_gate(case, answer.meaning))
    needs.append(
        Gate("rationale", bool(answer.rationale.strip()), _("rationale"), _("A rationale: a sentence or two."))
    )
    return needs


def _own_gate(case: Case, answer: Answer) -> Gate | None:
    match answer.meaning:
        case Meaning.ACCURATE:
            met = any(lean.has_place for lean in case.resting(Stance.SUPPORTS))
            return Gate(
                "support",
                met,
                _("support"),
                _("Supporting evidence with a quote or a place in the source (in part is not enough)."),
            )
        case Meaning.NEEDS_FIX:
            met = bool(answer.proposed_wording.strip())
            return Gate("wording", met, _("wording"), _("The proposed wording."))
        case Meaning.INACCURATE | Meaning.DISPUTED:
            met = bool(case.resting(*CON))
            return Gate("conflict", met, _("conflict"), _("Conflicting evidence."))
        case Meaning.UNPROVABLE:
            return Gate("searched", bool(answer.searched.strip()), _("search"), _("What was searched."))
    return None


def _origins_gate(case: Case, meaning: str) -> Gate:
    found, needed = count_origins(case.resting(*ORIGINS_AMONG[meaning])).origins, case.origins_needed
    return Gate(
        "origins",
        found >= needed,
        _("%(found)d/%(needed)d origins") % {"found": found, "needed": needed},
        ngettext(
            "High risk: %(needed)d independent origin, %(found)d found.",
            "High risk: %(needed)d independent origins, %(found)d found.",
            needed,
        )
        % {"found": found, "needed": needed},
    )


def four_eyes(case: Case, person: int) -> Gate | None:
    """The gate of four eyes for `person` (a user id); None where the team has switched it off."""
    if not case.four_eyes:
        return None
    why = ""
    if case.proposer == person:
        why = _("You proposed this verdict, so somebody else decides on it.")
    elif any(lean.added_by == person for lean in case.evidence if lean.rests):
        why = _("You brought evidence that the verdict rests on, so somebody else decides on it.")
    return Gate(
        "four-eyes", not why, _("four eyes"), why or _("Four eyes: you neither proposed it nor brought evidence.")
    )


def check(needs: Iterable[Gate | None]) -> None:
    """Raise Refused with the sentence of each gate that is not met."""
    missing = [gate.sentence for gate in needs if gate is not None and not gate.met]
    if missing:
        raise Refused(*missing)
