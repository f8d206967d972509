"""What can be seen of a block and its neighbours, as numbers: any page has these, whatever its site or language."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import log1p
from typing import Final

from .blocks import Block
from .vocabulary import KINDS, PHRASES

Row = list[float]

WORD: Final = re.compile(r"\w+")
BESIDE_SPACES: Final = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")  # scripts without spaces
BULLET: Final = re.compile(r"(?:[-*+•·–—○▪►»›>|]|o)[ \t]+(?=\S)")
SENTENCE_END: Final = re.compile(r"[.!?。！？؟।…:][\"'”’»“)\]]*$")
INNER_STOP: Final = re.compile(r"[.!?;,:，、。،؛।][\"'”’»)\]]*(?=\s)|[，、。،]")
LINKISH: Final = re.compile(r"https?://|www\.|\w@\w|(?:^|\s)@\w|\.com\b")
DATED: Final = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
SEPARATOR: Final = re.compile(r"[|·•›»/→▸]")
QUOTED: Final = re.compile('["“”„«»「]')
COMMON_WORDS: Final = 25
LONGEST_LOOK: Final = 4_000  # characters of a block that are looked at: enough to know a paragraph


@dataclass(slots=True)
class Look:
    """A block seen alone. `size`: words, or pairs of characters where a script has no spaces."""

    words: list[str]
    text: str
    size: float
    bullet: bool
    ends: bool
    dated: bool
    hints: Counter[str]
    prose: bool

    @property
    def hinted(self) -> int:
        """Hints but for the words that people in an article say as well."""
        return self.hints.total() - self.hints["appeal"]

    @property
    def appealing(self) -> float:
        """The share of words that speak to a reader, outside of quotation marks."""
        return 0.0 if QUOTED.search(self.text) else self.hints["appeal"] / max(self.size, 1.0)


def look(block: Block) -> Look:
    """What the block's own text shows."""
    text = block.text[:LONGEST_LOOK]
    bullet = BULLET.match(text)
    text = text[bullet.end() :] if bullet else text
    words = WORD.findall(text)
    size = len(words) + len(BESIDE_SPACES.findall(text)) / 2
    lower = [word.lower() for word in words]
    ends = bool(SENTENCE_END.search(text[-6:]))
    return Look(
        words=words,
        text=text,
        size=size,
        bullet=bool(bullet),
        ends=ends,
        dated=bool(DATED.search(text)) and size < 25,
        hints=hints_of(lower),
        prose=(ends and size >= 10) or size >= 25,
    )


def hints_of(lower: Sequence[str]) -> Counter[str]:
    """How often each kind of furniture is hinted at."""
    found = [PHRASES[word] for word in lower if word in PHRASES]
    found += [PHRASES[f"{a} {b}"] for a, b in pairwise(lower) if f"{a} {b}" in PHRASES]
    return Counter(found)


def common_words(looks: Sequence[Look]) -> frozenset[str]:
    """The words that this text's own sentences use most: its function words, in whatever language."""
    counts: Counter[str] = Counter()
    for one in looks:
        if one.prose:
            # each word once, in order, since the order decides between equals
            counts.update(list(dict.fromkeys(word.lower() for word in one.words)))
    return frozenset(word for word, _count in counts.most_common(COMMON_WORDS))


OWN: Final = (
    "size", "size to 12", "size to 40", "ends a sentence", "ends with ellipsis", "ends with colon", "question",
    "inner stops", "inner stops and end", "common words", "lower-case words", "all capitals", "digits", "dated",
    "short and dated", "link", "separators", "letters a word", "starts lower", "quote mark", "repeated",
    "no letters", "brackets",
    *(f"hint {kind}" for kind in KINDS), "hints a word", "appeals a word", "appeals unquoted", "hints in a short block",
)  # fmt: skip


def own(one: Look, common: frozenset[str], repeats: int) -> Row:
    """The numbers of OWN for one block."""
    text, size = one.text, one.size
    words = max(len(one.words), 1)
    size_or_1 = max(size, 1.0)
    stops = min(len(INNER_STOP.findall(text)) / size_or_1, 0.4)
    cased = [word for word in one.words if word[0].isalpha() and word.lower() != word.upper()]
    appeals = one.hints["appeal"]
    hints = one.hinted
    short = size < 12
    lower_share = sum(word[0].islower() for word in cased) / len(cased) if cased else 0.6
    return [
        log1p(size), min(size, 12) / 12, min(size, 40) / 40, float(one.ends),
        float(text.endswith(("…", "...", "[…]", "[...]"))), float(text.endswith((":", "："))),
        float(text.endswith(("?", "？", "؟"))), stops, stops * one.ends,
        sum(word.lower() in common for word in one.words) / words, lower_share,
        float(bool(cased) and text.isupper()), sum(map(str.isdigit, text)) / max(len(text), 1),
        float(one.dated), float(one.dated and short), float(bool(LINKISH.search(text))),
        log1p(len(SEPARATOR.findall(text))), min(sum(map(len, one.words)) / words, 12) / 12,
        float(text[:1].islower()), float(text[:1] in "\"“„«'‘「"), float(repeats > 1),
        float(not one.words), float("(" in text),
        *(float(min(one.hints[kind], 2)) for kind in KINDS), min(hints / size_or_1, 1.0), min(appeals / size_or_1, 0.3),
        float(min(appeals, 3)) * (not QUOTED.search(text)), float(short) * min(hints, 2),
    ]  # fmt: skip


HEADS: Final = ("share", "promotion", "comment", "related", "footer")
AROUND: Final = (
    "size before", "size after", "size before, 3", "size after, 3", "size around, 8", "ends before", "ends after",
    "ends around, 4", "hints around, 3", "dated around, 3", "bullets around, 4", "short blocks before",
    "short blocks after", "prose before", "prose after", "prose on both sides", "no prose before", "no prose after",
    "steps to prose before", "steps to prose after", "place", "blank line before", "blank line after",
    *(f"{kind} heads before" for kind in HEADS), "page prose", "page blocks", "page hints", "appeals above the page's",
)  # fmt: skip


class Sums:
    """Means over windows of one number a block, in constant time each."""

    def __init__(self, numbers: Sequence[float]) -> None:
        self.count = len(numbers)
        self.sums = [0.0, *accumulate(numbers)]

    def mean(self, start: int, end: int) -> float:
        """The mean from `start` up to `end`, cut at the text's ends; 0 where nothing is left."""
        start, end = max(start, 0), min(end, self.count)
        return (self.sums[end] - self.sums[start]) / (end - start) if end > start else 0.0


@dataclass(frozen=True)
class Surroundings:
    """All that the numbers of AROUND are taken from, computed once a text."""

    sizes: Sums
    ends: Sums
    hints: Sums
    dated: Sums
    bullets: Sums
    gaps: Sums
    prose: list[float]  # words of prose before each block, and all at the end
    back: list[int]  # blocks since the last prose
    ahead: list[int]  # blocks until the next
    short_back: list[int]
    short_ahead: list[int]
    heads: dict[str, list[int]]  # short blocks hinting at a kind, once prose has begun, so far
    page: tuple[float, float, float]
    appealing: float  # the mean of the text's prose


def surroundings(blocks: Sequence[Block], looks: Sequence[Look]) -> Surroundings:
    """What the whole text says about each of its blocks."""
    prose_words = [one.size if one.prose else 0.0 for one in looks]
    all_words = sum(one.size for one in looks) or 1.0
    hints = sum(one.hinted for one in looks if not one.prose)
    prose = [one for one in looks if one.prose]
    is_prose, is_long = [one.prose for one in looks], [one.size >= 12 for one in looks]
    return Surroundings(
        sizes=Sums([log1p(one.size) for one in looks]),
        ends=Sums([float(one.ends and one.size >= 6) for one in looks]),
        hints=Sums([min(one.hinted, 3) / max(one.size, 3.0) for one in looks]),
        dated=Sums([float(one.dated) for one in looks]),
        bullets=Sums([float(one.bullet) for one in looks]),
        gaps=Sums([float(block.gap) for block in blocks]),
        prose=[0.0, *accumulate(prose_words)],
        back=steps_since(is_prose),
        ahead=steps_since(is_prose[::-1])[::-1],
        short_back=steps_since(is_long),
        short_ahead=steps_since(is_long[::-1])[::-1],
        heads={kind: heads_before(looks, prose_words, kind) for kind in HEADS},
        page=(sum(prose_words) / all_words, log1p(len(looks)), min(hints / len(looks), 1.0) if looks else 0.0),
        appealing=sum(one.appealing for one in prose) / max(len(prose), 1),
    )


def steps_since(marks: Sequence[bool]) -> list[int]:
    """For each place how many places ago the last mark before it stood; its whole distance where none did."""
    steps, last = [], -1
    for at, mark in enumerate(marks):
        steps.append(at - last)
        last = at if mark else last
    return steps


def heads_before(looks: Sequence[Look], prose_words: Sequence[float], kind: str) -> list[int]:
    """How many short blocks that hint at `kind` stand before each block, counted from a quarter of the prose on."""
    enough = sum(prose_words) / 4
    counts, seen, count = [], 0.0, 0
    for one, words in zip(looks, prose_words, strict=True):
        counts.append(count)
        seen += words
        if seen > enough and one.size <= 8 and one.hints[kind]:
            count += 1
    return counts


def around(at: int, one: Look, block: Block, s: Surroundings) -> Row:
    """The numbers of AROUND for the block at `at`."""
    whole, count = s.prose[-1] or 1.0, s.sizes.count
    before, after = s.prose[at] / whole, (s.prose[-1] - s.prose[at + 1]) / whole
    mean_gap = s.gaps.mean(0, count)
    next_gap = s.gaps.mean(at + 1, at + 2) if at + 1 < count else mean_gap
    return [
        s.sizes.mean(at - 1, at), s.sizes.mean(at + 1, at + 2), s.sizes.mean(at - 3, at),
        s.sizes.mean(at + 1, at + 4), s.sizes.mean(at - 8, at + 9),
        s.ends.mean(at - 1, at), s.ends.mean(at + 1, at + 2), s.ends.mean(at - 4, at + 5),
        s.hints.mean(at - 3, at + 4), s.dated.mean(at - 3, at + 4), s.bullets.mean(at - 4, at + 5),
        log1p(min(s.short_back[at], 40)), log1p(min(s.short_ahead[at], 40)),
        before, after, min(before, after), float(before < 0.02), float(after < 0.02),
        log1p(min(s.back[at], 40)), log1p(min(s.ahead[at], 40)), at / count,
        block.gap - mean_gap, next_gap - mean_gap,
        *(log1p(min(s.heads[kind][at], 5)) for kind in HEADS), *s.page,
        max(-0.3, min(one.appealing - s.appealing, 0.3)) if one.prose else 0.0,
    ]  # fmt: skip


NAMES: Final = (*OWN, *AROUND)


def rows(blocks: Sequence[Block]) -> Iterator[Row]:
    """The numbers of NAMES for each block of one text, in order."""
    looks = [look(block) for block in blocks]
    common = common_words(looks)
    repeats = Counter(one.text for one in looks)
    s = surroundings(blocks, looks)
    for at, (one, block) in enumerate(zip(looks, blocks, strict=True)):
        yield own(one, common, repeats[one.text]) + around(at, one, block, s)
