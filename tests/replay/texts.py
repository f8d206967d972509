"""The shared texts of real checking work, read into dataclasses: 94 texts, their claims, and the evidence of each.

The file and its licence are described beside it, in the folder that GALLEY_TEST_DATA names. What its words are in
Galley:

- a text is an article, what was asked is its title; its blocks are those that intake finds, as in an import by paste;
- the sentence that a claim was drawn from is the quote, the claim itself the statement;
- *completely-support* supports, *partially-support* supports in part, *refute* conflicts, *irrelevant* is context; the
  words of the evidence are the quote from the source, whose address is the source;
- a claim held true is proposed as accurate, one held false as inaccurate, with the corrected wording where there is
  one; one that nobody could settle as unprovable, with what was searched; one that is no statement of fact as not
  checkable;
- the rationale is what the data's own checkers wrote, and where they wrote nothing, what they ticked.

Evidence without a stance (of the claims that are no statement of fact) is no evidence: its sources are known all the
same.
"""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any

from claims import anchors, intake
from claims.anchors import Span

FILE = Path("replay") / "factcheck-gpt.jsonl.gz"
STANCES = {
    "completely-support": "supports",
    "partially-support": "in-part",
    "refute": "conflicts",
    "irrelevant": "context",
}
NOTHING = {"", "NA"}  # how the data says that nothing was written
NEAR = 3  # words that may stand between two parts of a sentence that was put in other words


@dataclass(frozen=True)
class Piece:
    """A piece of evidence: an address, what is said there, and how that stands to the claim."""

    address: str
    quote: str
    stance: str


@dataclass(frozen=True)
class Stated:
    """A claim: what it states, where its sentence stands in the text, what was found, and what is held of it."""

    statement: str
    place: Span
    pieces: tuple[Piece, ...]
    meaning: str
    rationale: str
    wording: str
    searched: str
    looked_at: tuple[str, ...]

    @property
    def said(self) -> dict[str, str]:
        """What goes with the verdict."""
        return {"rationale": self.rationale, "proposed_wording": self.wording, "searched": self.searched}


@dataclass(frozen=True)
class Text:
    """One text with its claims in order; `number` counts from 1, `raw` is the line as the file has it."""

    number: int
    raw: dict[str, Any]

    @property
    def title(self) -> str:
        return " ".join(self.raw["prompt"].split())

    @property
    def pasted(self) -> str:
        """What a person pastes."""
        return str(self.raw["response"])

    @cached_property
    def blocks(self) -> list[tuple[str, str]]:
        """The pairs of kind and text that an import by paste keeps."""
        return [(block.kind, block.text) for block in intake.read_text(self.pasted).blocks if block.keep]

    @cached_property
    def body(self) -> str:
        """The text of the version that the blocks become."""
        return intake.version_text(self.blocks)[0]

    @cached_property
    def claims(self) -> list[Stated]:
        return [_stated(sentence, at, place) for sentence, place in self._places() for at in range(_claims(sentence))]

    def quote(self, claim: Stated) -> str:
        return self.body[claim.place.start : claim.place.end]

    def _places(self) -> Iterator[tuple[dict[str, Any], Span]]:
        """Each sentence that holds claims, and where it stands: no sentence begins before the one it follows."""
        begun = 0
        for sentence in self.raw["sentences"].values():
            if _claims(sentence):
                place = place_of(self.body, sentence["text"], begun)
                begun = place.start
                yield sentence, place


def read(folder: Path) -> list[Text]:
    """All texts of the shared folder, in the file's order."""
    with gzip.open(folder / FILE, "rt", encoding="utf-8") as lines:
        return [Text(number, json.loads(line)) for number, line in enumerate(lines, 1)]


def _claims(sentence: dict[str, Any]) -> int:
    return len(sentence["claims"])


# --- where a sentence stands ----------------------------------------------------------------------------------------


def place_of(text: str, sentence: str, begun: int) -> Span:
    """The first place of the sentence at `begun` or after it.

    Some sentences stand in the data in other words than in the text (a clause was made a sentence, a slip of the pen
    put right): their place is the longest run of words that both have, with the runs near it.
    """
    return next((span for span in anchors.find(text, sentence) if span.start >= begun), None) or _near(
        text, sentence, begun
    )


def _near(text: str, sentence: str, begun: int) -> Span:
    there = [match for match in re.finditer(r"\S+", text) if match.start() >= begun]
    runs = SequenceMatcher(
        None, [_bare(word) for word in sentence.split()], [_bare(word[0]) for word in there], autojunk=False
    ).get_matching_blocks()[:-1]
    first, last = _joined(runs)
    start, end = there[first].start(), there[last].end()
    return Span(start, start + len(text[start:end].rstrip(",;: ")))


def _bare(word: str) -> str:
    return re.sub(r"\W", "", word).lower()


def _joined(runs: Sequence[Match]) -> tuple[int, int]:
    """The first and the last word (in the text) of the longest run and of those near it."""
    low = high = max(range(len(runs)), key=lambda at: runs[at].size)
    while low and runs[low].b - (runs[low - 1].b + runs[low - 1].size) <= NEAR:
        low -= 1
    while high + 1 < len(runs) and runs[high + 1].b - (runs[high].b + runs[high].size) <= NEAR:
        high += 1
    return runs[low].b, runs[high].b + runs[high].size - 1


# --- what is held of a claim ----------------------------------------------------------------------------------------


def _stated(sentence: dict[str, Any], at: int, place: Span) -> Stated:
    found = zip(sentence["auto_evidence_url"][at], sentence["auto_evidence"][at], strict=True)
    held = zip(found, sentence["stance_claim_autoEvid"][at], strict=False)
    meaning = _meaning(sentence["claims_factuality_label"][at], sentence["claim_checkworthiness"][at])
    looked_at = tuple(dict.fromkeys(sentence["auto_evidence_url"][at]))
    return Stated(
        statement=sentence["claims"][at],
        place=place,
        pieces=tuple(Piece(address, keepable(words), STANCES[stance]) for (address, words), stance in held),
        meaning=meaning,
        rationale=_rationale(sentence, at),
        wording=_wording(sentence, at) if meaning == "inaccurate" else "",
        searched="\n".join(looked_at) if meaning == "unprovable" else "",
        looked_at=looked_at,
    )


def keepable(words: str) -> str:
    """The words without NUL, which the form asks people to take out: two pieces of the evidence have it."""
    return words.replace("\0", "")


def _meaning(held: object, kind: str) -> str:
    if isinstance(held, bool):
        return "accurate" if held else "inaccurate"
    return "unprovable" if kind == "factual" else "not-checkable"


def _rationale(sentence: dict[str, Any], at: int) -> str:
    """What the checkers wrote down; else what they ticked."""
    written = sentence["human_evidence"][at].strip()
    if written not in NOTHING:
        return str(written)
    return (
        f"Held to be {str(sentence['claims_factuality_label'][at]).lower()}: {sentence['claim_checkworthiness'][at]}. "
        f"Evidence found enough to settle it: {sentence['if_automatic_evidence_enough_to_verify'][at]}."
    )


def _wording(sentence: dict[str, Any], at: int) -> str:
    """The sentence corrected, which takes the quote's place; else the claim corrected; empty where neither is."""
    corrected = sentence["revised_decontext"] or ""
    if corrected.strip() not in {*NOTHING, sentence["text"].strip(), sentence["decontext"].strip()}:
        return str(corrected.strip())
    corrected = sentence["revised_claims"][at].strip()
    return "" if corrected in {*NOTHING, sentence["claims"][at].strip()} else str(corrected)
