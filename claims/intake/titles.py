"""Which line of a copied page is its title: a logistic model over the lines above the text."""

from collections.abc import Mapping, Sequence
from math import log1p
from typing import Final

from . import names
from .blocks import Block
from .features import OWN, Look, Row, common_words

NEAR: Final = (
    "words that the text has", "most words that the text has", "byline or date in 3", "byline or date in 8",
    "again above", "again below", "in another line", "distance", "far longer than a title",
    "sentence below", "label above", "among its like", "kept", "below the start", "credit",
)  # fmt: skip
NAMES: Final = (*OWN, *NEAR)
FARTHEST: Final = 45  # blocks with words between a title and the text below it
LONGEST: Final = 40  # words
LIKELY: Final = -2.0  # the logarithm of odds above which the best line is taken for the title
CREDITS: Final = ("photo", "foto", "image", "getty", "reuters", "credit", "/ap", "afp", "caption")


def title_place(blocks: Sequence[Block], looks: Sequence[Look], rows: Sequence[Row], keep: Sequence[bool], body: int,
                weights: Mapping[str, float], outlet: str) -> int | None:  # fmt: skip
    """The place of the likeliest title above `body`, None where no line is likely; a line marked as heading is it."""
    no_titles = {outlet, f"The {outlet}"}
    places = [at for at in candidates(looks, body) if blocks[at].text not in no_titles]
    marked = [at for at in places if blocks[at].markup == "heading"]
    if marked:
        return marked[0]
    ordered = [weights[name] for name in NAMES]
    scores = [
        weights["start"] + sum(map(float.__mul__, row, ordered))
        for row in candidate_rows(places, blocks, looks, rows, keep, body)
    ]
    best = max(zip(scores, places, strict=True), default=(LIKELY, -1))
    return unstuck(best[1], places, blocks, looks) if best[0] > LIKELY else None


def unstuck(best: int, places: Sequence[int], blocks: Sequence[Block], looks: Sequence[Look]) -> int:
    """The place of a line that the best one ends with, if there is one: the title without the menu stuck to it."""
    text = blocks[best].text
    telling = [at for at in places if looks[at].size >= 3 and looks[at].text != text]
    ends = [at for at in telling if text.endswith(looks[at].text)]
    return max(ends, key=lambda at: looks[at].size, default=best)


def candidates(looks: Sequence[Look], body: int) -> list[int]:
    """The places of lines with the length of a title, from FARTHEST above the text to just below its start."""
    worded = [at for at in range(min(body + 2, len(looks))) if looks[at].words][-FARTHEST:]
    return [at for at in worded if 1.5 <= looks[at].size <= LONGEST]


def candidate_rows(
    places: Sequence[int], blocks: Sequence[Block], looks: Sequence[Look], rows: Sequence[Row], keep: Sequence[bool],
    body: int,
) -> list[Row]:  # fmt: skip
    """The numbers of NAMES for each of `places`."""
    known = body_words(looks, keep, body)
    shares = [shared(looks[at], known) for at in places]
    most = max(shares, default=0.0)
    signs = [signs_text(block, one) for block, one in zip(blocks[: body + 3], looks, strict=False)]
    worded = [at for at in range(min(body + 12, len(looks))) if looks[at].words]
    order = {at: number for number, at in enumerate(worded)}
    distances = {at: order[at] - sum(place < body for place in worded) for at in places}
    texts = [block.text for block in blocks]
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for at, one in enumerate(looks):
        first.setdefault(one.text, at)
        last[one.text] = at
    return [
        [*rows[at][: len(OWN)], share, float(share == most), *near(at, worded, order, signs, looks),
         float(first[looks[at].text] < at), float(last[looks[at].text] > at),
         float(within_another(at, texts, looks)), log1p(abs(distances[at])),
         float(looks[at].size > 25), *beside(at, worded, order, looks), float(keep[at]), float(at >= body),
         float(any(word in texts[at].lower() for word in CREDITS))]
        for at, share in zip(places, shares, strict=True)
    ]  # fmt: skip


def body_words(looks: Sequence[Look], keep: Sequence[bool], body: int) -> frozenset[str]:
    """The words of the kept text but its commonest."""
    kept = [looks[at] for at in range(body, len(looks)) if keep[at] and looks[at].size > LONGEST / 2]
    return frozenset(word.lower() for one in kept for word in one.words) - common_words(kept)


def shared(one: Look, known: frozenset[str]) -> float:
    """The share of a line's telling words that the text has."""
    telling = [word.lower() for word in one.words if len(word) > 3 or word.isdigit()]
    return sum(word in known for word in telling) / max(len(telling), 2)


def signs_text(block: Block, one: Look) -> bool:
    """Whether a short block names an author or a day."""
    return one.size <= names.MOST_WORDS and (one.dated or bool(names.byline_in(block.text)))


def near(at: int, worded: Sequence[int], order: Mapping[int, int], signs: Sequence[bool], looks: Sequence[Look]) -> Row:
    """Whether one of the next three lines, or eight, signs the text."""
    following = worded[order[at] + 1 : order[at] + 9]
    marked = [place < len(signs) and signs[place] for place in following]
    return [float(any(marked[:3])), float(any(marked))]


def within_another(at: int, texts: Sequence[str], looks: Sequence[Look]) -> bool:
    """Whether a line of some words is a part of another short one: a trail of links, "Share: ..."."""
    text = looks[at].text
    if looks[at].size < 3:
        return False
    nearby = range(max(0, at - 60), min(len(texts), at + 60))
    return any(text in texts[place] and len(text) < len(looks[place].text) < len(text) + 80 for place in nearby)


def beside(at: int, worded: Sequence[int], order: Mapping[int, int], looks: Sequence[Look]) -> Row:
    """A sentence below; a short label above; lines of the same length above and below."""
    number = order[at]
    above = looks[worded[number - 1]] if number else None
    below = looks[worded[number + 1]] if number + 1 < len(worded) else None
    size = looks[at].size
    alike = [one is not None and not one.ends and abs(one.size - size) < size / 2 for one in (above, below)]
    return [
        float(below is not None and below.ends and 7 <= below.size <= 45),
        float(above is not None and above.size <= 3),
        float(all(alike)),
    ]
