"""What has to come out, counted from the data's own words: no rule of the product, and no reading of it, is asked.

The rules are told here once more, in the data's words, so that they cannot go wrong in both places at once:

- nobody can hold a claim true that no evidence supports completely; nobody can hold one false that none refutes;
- what nobody could settle is unprovable, what is no statement of fact is not checkable, and both can be decided.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Line = Mapping[str, Any]  # one text of the file, as it stands there
SUPPORT = "Supporting evidence with a quote or a place in the source (in part is not enough)."
CONFLICT = "Conflicting evidence."
STANCES = {
    "completely-support": "supports",
    "partially-support": "in-part",
    "refute": "conflicts",
    "irrelevant": "context",
}


@dataclass
class Counted:
    """What a report has to count, for one text or for several together."""

    claims: int = 0
    decided: Counter[str] = field(default_factory=Counter)  # by the verdict's meaning
    open: int = 0
    stances: Counter[str] = field(default_factory=Counter)
    sources: set[str] = field(default_factory=set)

    def add(self, other: "Counted") -> "Counted":
        return Counted(
            self.claims + other.claims,
            self.decided + other.decided,
            self.open + other.open,
            self.stances + other.stances,
            self.sources | other.sources,
        )


def refusals(lines: Iterable[Line]) -> dict[tuple[int, int], str]:
    """The claims whose verdict lacks evidence, by the numbers of text and claim, with the sentence that is missing."""
    return {
        (text, number): missing
        for text, line in enumerate(lines, 1)
        for number, (held, _kind, stances, _addresses) in enumerate(_claims(line), 1)
        if (missing := _missing(held, stances))
    }


def counted(line: Line) -> Counted:
    """What the report of one text has to count."""
    counts = Counted()
    for held, kind, stances, addresses in _claims(line):
        counts.claims += 1
        counts.stances.update(STANCES[stance] for stance in stances)
        counts.sources.update(addresses[: len(stances)])
        if _missing(held, stances):
            counts.open += 1
        else:
            counts.decided[_verdict(held, kind)] += 1
    return counts


def _claims(line: Line) -> Iterator[tuple[object, str, list[str], list[str]]]:
    """What is held of each claim, what kind of statement it is, and its evidence: stances and addresses."""
    for sentence in line["sentences"].values():
        for at in range(len(sentence["claims"])):
            yield (
                sentence["claims_factuality_label"][at],
                sentence["claim_checkworthiness"][at],
                sentence["stance_claim_autoEvid"][at],
                sentence["auto_evidence_url"][at],
            )


def _missing(held: object, stances: list[str]) -> str:
    if held is True and "completely-support" not in stances:
        return SUPPORT
    if held is False and "refute" not in stances:
        return CONFLICT
    return ""


def _verdict(held: object, kind: str) -> str:
    return {True: "accurate", False: "inaccurate"}.get(held, "unprovable" if kind == "factual" else "not-checkable")
