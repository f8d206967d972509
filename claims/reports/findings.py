"""One claim of a report put into words: what it says, what it rests on, what was ruled on it and by whom."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from claims.reports import words
from claims.reports.document import Claim, Evidence, Origins, Ruling, Source, Word
from claims.reports.wording import OUT, rewording
from claims.workflow import STANCE_NAMES, STATUS_NAMES, Count, Meaning, Stance, Status

Told = dict[str, Any]
MUST_CHANGE = {Meaning.NEEDS_FIX, Meaning.INACCURATE}
# the groups of evidence: their name, their stances, the count of origins that the document keeps for them
GROUPS: tuple[tuple[Stance, tuple[Stance, ...], str], ...] = (
    (Stance.SUPPORTS, (Stance.SUPPORTS, Stance.IN_PART), "supports"),
    (Stance.CONFLICTS, (Stance.CONFLICTS,), "conflicts"),
    (Stance.CONTEXT, (Stance.CONTEXT,), ""),
)


def shown_verdict(claim: Claim) -> Word | None:
    """The verdict that a claim's line shows: the proposed one in review, the one in force once decided."""
    if claim["status"] == Status.PROPOSED:
        return claim["rulings"][-1]["verdict"]
    return claim["verdict"] if claim["status"] in {Status.DECIDED, Status.RECHECK} else None


def says(claim: Claim) -> str:
    """“Verified”, “In review, proposed Needs fix”, “Recheck, was Verified”, “To check”."""
    name, verdict = str(STATUS_NAMES[Status(claim["status"])]), shown_verdict(claim)
    if verdict is None:
        return name
    patterns = {
        Status.PROPOSED: _("%(status)s, proposed %(verdict)s"),
        Status.RECHECK: _("%(status)s, was %(verdict)s"),
    }
    return patterns.get(Status(claim["status"]), "%(verdict)s") % {"status": name, "verdict": verdict["name"]}


def sign(claim: Claim) -> Told:
    """What ring and line of a claim say, in codes and in words."""
    verdict = shown_verdict(claim)
    return {
        "claim": claim["number"],
        "status": claim["status"],
        "status_name": str(STATUS_NAMES[Status(claim["status"])]),
        "meaning": verdict["meaning"] if verdict else "",
        "verdict": verdict["name"] if verdict else "",
        "says": says(claim),
    }


class Finding:
    """A claim as the report tells it."""

    def __init__(
        self, claim: Claim, sources: Mapping[int, Source], moment: Callable[[str], str], blocks: Sequence[str]
    ) -> None:
        self.claim = claim
        self.sources = sources
        self.moment = moment
        self.blocks = blocks
        self.last: Ruling | None = claim["rulings"][-1] if claim["rulings"] else None

    @property
    def quote(self) -> str:
        return self.claim["anchors"][0]["exact"] if self.claim["anchors"] else self.claim["statement"]

    def told(self) -> Told:
        """Everything the report says of the claim."""
        claim = self.claim
        return {
            **sign(claim),
            "place": self._place(),
            "about": f"{words.word(words.KINDS, claim['kind'])}, {words.word(words.RISKS, claim['risk'])}",
            "quote": self.quote,
            "places": [
                {"block": self._block(anchor["block"]), "exact": anchor["exact"]} for anchor in claim["anchors"][1:]
            ],
            "statement": claim["statement"],
            "said_by": claim["said_by"],
            "reported_by": claim["reported_by"],
            "logged": self._by(claim["logged_by"]["name"], claim["logged_at"]),
            "since": self._since(),
            "reason": claim["reason"],
            "assigned": claim["assigned_to"]["name"] if claim["assigned_to"] else "",
            "groups": list(self._groups()),
            "retracted": [self._evidence(piece) for piece in claim["evidence"] if piece["retracted"]],
            "rewording": self._rewording() if self.wording else [],
            "wording": self.wording,
            "rulings": list(self._rulings()),
        }

    # --- required changes

    @property
    def wording(self) -> str:
        return self.last["proposed_wording"] if self.last and shown_verdict(self.claim) else ""

    @property
    def wants_change(self) -> bool:
        """Whether the text has to change for it: decided so, or proposed so with a wording."""
        verdict = shown_verdict(self.claim)
        if verdict is None:
            return False
        if self.claim["status"] == Status.DECIDED and verdict["meaning"] in MUST_CHANGE:
            return True
        return bool(self.wording)

    def change(self) -> Told:
        """What has to change: the words as they stand, as they are proposed, and why."""
        return {
            **sign(self.claim),
            "place": self._place(),
            "quote": self.quote,
            "wording": self.wording,
            "rewording": self._rewording(),
            "rationale": self.last["rationale"] if self.last else "",
            "may_change": self.claim["status"] != Status.DECIDED,
        }

    def _rewording(self) -> list[Told]:
        if not self.wording:
            return [{"op": OUT, "text": self.quote}]
        return [{"op": op, "text": text} for op, text in rewording(self.quote, self.wording)]

    # --- parts

    def _place(self) -> str:
        return self._block(self.claim["anchors"][0]["block"]) if self.claim["anchors"] else ""

    def _block(self, block: int) -> str:
        return self.blocks[block - 1] if block else _("in an earlier version")

    def _by(self, person: str, at: str) -> str:
        return _("%(person)s, %(at)s") % {"person": person, "at": self.moment(at)}

    def _since(self) -> str:
        return _("%(status)s since %(at)s, by %(person)s") % {
            "status": STATUS_NAMES[Status(self.claim["status"])],
            "at": self.moment(self.claim["since"]),
            "person": self.claim["status_by"]["name"],
        }

    def _groups(self) -> Iterable[Told]:
        for name, stances, counted in GROUPS:
            pieces = [
                self._evidence(piece)
                for piece in self.claim["evidence"]
                if piece["stance"] in stances and not piece["retracted"]
            ]
            if pieces:
                count = str(_count(self.claim[counted])) if counted else ""  # type: ignore[literal-required]
                yield {"stance": str(name), "name": str(STANCE_NAMES[name]), "count": count, "evidence": pieces}

    def _evidence(self, piece: Evidence) -> Told:
        source, retracted = self.sources[piece["source"]], piece["retracted"]
        return {
            "name": f"E{piece['number']}",
            "stance": piece["stance"],
            "stance_name": str(STANCE_NAMES[Stance(piece["stance"])]),
            "in_part": piece["stance"] == Stance.IN_PART,
            "source": f"S{source['number']}",
            "title": source["title"],
            "quote": piece["quote"],
            "locator": piece["locator"],
            "note": piece["note"],
            "told": self._told(piece, source),
            "added": self._by(piece["added_by"]["name"], piece["added_at"]),
            "retracted": self._by(retracted["by"]["name"], retracted["at"]) if retracted else "",
            "retraction_reason": retracted["reason"] if retracted else "",
        }

    def _told(self, piece: Evidence, source: Source) -> str:
        """“S1, p. 2, article 4 · supports in part · E1, Ifeoma Brandt”: where it is from, for formats short of room."""
        where = ", ".join(part for part in (f"S{source['number']}", piece["locator"]) if part)
        in_part = [_("supports in part")] if piece["stance"] == Stance.IN_PART else []
        return " · ".join([where, *in_part, f"E{piece['number']}, {piece['added_by']['name']}"])

    def _rulings(self) -> Iterable[Told]:
        rulings = self.claim["rulings"]
        for ruling in rulings:
            answered = rulings[ruling["answers"] - 1] if "answers" in ruling else None
            yield {
                "deed": ruling["deed"],
                "name": _("Proposed") if ruling["deed"] == "propose" else _("Decided"),
                "meaning": ruling["verdict"]["meaning"],
                "verdict": ruling["verdict"]["name"],
                "by": self._by(ruling["by"]["name"], ruling["at"]),
                "alone": not ruling.get("four_eyes", True),
                **{
                    name: _unless_said(ruling, answered, name) for name in ("rationale", "proposed_wording", "searched")
                },
            }


def _unless_said(ruling: Ruling, answered: Ruling | None, name: str) -> str:
    """What a ruling says; empty where the proposal it answers said the very same."""
    said: str = ruling[name]  # type: ignore[literal-required]
    return "" if answered is not None and answered[name] == said else said  # type: ignore[literal-required]


def _count(origins: Origins) -> Count:
    return Count(**origins)
