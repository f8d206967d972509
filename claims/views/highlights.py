"""Where claims stand in a text, as nested marks (pure).

A block becomes a row of steps: marks that open and close, numbers tied to the word they stand before, and words.
Joined, the texts of its steps are the block's text, whatever the places. Marks nest; where one runs out of another, it
is cut there and goes on after it. Positions count code points; ends are exclusive.
"""

import unicodedata
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

TOGETHER = 3  # numbers of one word that stay in one line: more must be able to break
LONGEST_WORD = 16  # characters of a word that a number is tied to: a long address must be able to break
JOINERS = {"\u200d", "\u200c"}


class Place(NamedTuple):
    """A stretch of the text where a claim stands; a withdrawn claim is not `drawn`, it only has its number there."""

    claim: int
    start: int
    end: int
    drawn: bool = True


class Opens(NamedTuple):
    """A mark of the claim opens. `name` is the place's id in the page where it begins, empty where it goes on."""

    claim: int
    name: str


class Closes(NamedTuple):
    """The innermost mark closes."""

    claim: int


class Number(NamedTuple):
    """A claim's number. Without a mark to carry it, it has the place's `name`."""

    claim: int
    name: str


class Tie(NamedTuple):
    """Numbers, and the word that they must not be parted from."""

    numbers: tuple[Number, ...]
    text: str


class Words(NamedTuple):
    """Plain text."""

    text: str


Step = Opens | Closes | Tie | Words


@dataclass(frozen=True)
class Run:
    """A place within one block, cut at the block's ends; it has a `name` where the place begins in this block."""

    place: Place
    start: int
    end: int
    name: str

    @property
    def drawn(self) -> bool:
        return self.place.drawn and self.start < self.end

    @property
    def rank(self) -> tuple[int, int, int]:
        """Of runs that open at one position, the longest is outermost."""
        return (-self.end, self.place.start, self.place.claim)


@dataclass
class Marked:
    """A block's steps, and the claims that begin in it, in the order of the text."""

    steps: list[Step] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The block's text, from its steps."""
        return "".join(step.text for step in self.steps if isinstance(step, Tie | Words))


def mark(text: str, spans: Sequence[tuple[int, int]], places: Iterable[Place]) -> list[Marked]:
    """The marked blocks of `text`; `spans` are the blocks' stretches, in order and apart from one another."""
    runs = share(spans, places)
    return [marked(text, span, runs[at]) for at, span in enumerate(spans)]


def names(places: Iterable[Place]) -> list[tuple[Place, str]]:
    """Places in the order of the text, with their ids: c5, and for the other places of the claim c5-2, c5-3…"""
    counts: dict[int, int] = {}
    named = []
    for place in sorted(places, key=lambda place: (place.start, -place.end, place.claim)):
        count = counts[place.claim] = counts.get(place.claim, 0) + 1
        named.append((place, f"c{place.claim}" if count == 1 else f"c{place.claim}-{count}"))
    return named


def share(spans: Sequence[tuple[int, int]], places: Iterable[Place]) -> list[list[Run]]:
    """Each block's runs, in the order of the text. A place between two blocks stands at the head of the later one."""
    runs: list[list[Run]] = [[] for _span in spans]
    first = 0
    for place, name in names(places):
        while first < len(spans) - 1 and spans[first][1] <= place.start:
            first += 1
        for at in range(first, len(spans)):
            if at > first and spans[at][0] >= place.end:
                break
            start = min(max(place.start, spans[at][0]), spans[at][1])
            end = max(start, min(place.end, spans[at][1]))
            if at == first or start < end:
                runs[at].append(Run(place, start, end, name if at == first else ""))
    return runs


def marked(text: str, span: tuple[int, int], runs: Sequence[Run]) -> Marked:
    """The marked block of that stretch; `runs` is its part of what share() gave."""
    start, end = span
    begins = dict.fromkeys(run.place.claim for run in runs if run.name)
    return Marked(list(_steps(text, start, end, runs)), list(begins))


def _steps(text: str, start: int, end: int, runs: Sequence[Run]) -> Iterator[Step]:
    edges = sorted({start, end, *(edge for run in runs for edge in (run.start, run.end))})
    open_runs: list[Run] = []
    for at, edge in enumerate(edges):
        cut = yield from _close(open_runs, edge)
        coming = [run for run in runs if run.start == edge]
        opening = sorted([*cut, *(run for run in coming if run.drawn)], key=lambda run: run.rank)
        for run in opening:
            yield Opens(run.place.claim, run.name if run in coming else "")
        open_runs += opening
        upcoming = text[edge : edges[at + 1]] if at + 1 < len(edges) else ""
        yield from _words(upcoming, [run for run in coming if run.name])


def _close(open_runs: list[Run], edge: int) -> Generator[Step, None, list[Run]]:
    """Close the marks that end here, and those within them; what is cut by that goes on, and is returned."""
    ending = [depth for depth, run in enumerate(open_runs) if run.end <= edge]
    cut: list[Run] = []
    while ending and len(open_runs) > ending[0]:
        run = open_runs.pop()
        yield Closes(run.place.claim)
        if run.end > edge:
            cut.append(run)
    return cut


def _words(text: str, beginning: Sequence[Run]) -> Iterator[Step]:
    tied = 0
    if beginning:
        tied = first_word(text)
        numbers = tuple(Number(run.place.claim, "" if run.drawn else run.name) for run in beginning)
        yield from (Tie((number,), "") for number in numbers[:-TOGETHER])
        yield Tie(numbers[-TOGETHER:], text[:tied])
    if text[tied:]:
        yield Words(text[tied:])


def first_word(text: str) -> int:
    """How much of the text's head a number is tied to: its first word, or a wide sign, of scripts without spaces."""
    at = 0
    while at < len(text) and text[at].isspace():
        at += 1
    longest = at + LONGEST_WORD
    while at < len(text) and at < longest and not text[at].isspace():
        wide = unicodedata.east_asian_width(text[at]) in {"W", "F"}
        at += 1
        if wide:
            break
    return _whole(text, at)


def _whole(text: str, at: int) -> int:
    """The end of the sign that a cut at `at` would part: what combines with a sign stays with it."""
    while 0 < at < len(text) and (
        unicodedata.combining(text[at])
        or unicodedata.category(text[at]) in {"Mn", "Me", "Mc"}
        or text[at] in JOINERS
        or text[at - 1] in JOINERS
        or "\U0001f3fb" <= text[at] <= "\U0001f3ff"
    ):
        at += 1
    return at
