"""A claim's places with the words around them, as its page shows them: a piece of the proof, with its marks."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from claims.views.proof import Proof
from claims.views.standing import Sheet

AROUND = 400  # characters on each side: a paragraph of an article, and not all of a text that has none
SHOWN = 3  # places; the others stand in the list of them


@dataclass(frozen=True)
class Passage:
    """A stretch of the text: where it is (“¶ 2”), its marked words, whether its block goes on at either end."""

    name: str
    mark: str
    words: SafeString
    cut_before: bool
    cut_after: bool


def passages(sheet: Proof, number: int) -> list[Passage]:
    """The stretches in which the claim stands, in the order of the text."""
    places = sheet.standing(number).places[:SHOWN]
    shown: dict[tuple[int, int], Passage] = {}
    for place in places:
        start, end = stretch(sheet.sheet, place.span.start, place.span.end)
        first, last = _edges(sheet.sheet, place.span.start, place.span.end)
        words = sheet.words(start, end)
        shown.setdefault((start, end), Passage(place.name, place.mark, words, start > first, end < last))
    return list(shown.values())


def stretch(sheet: Sheet, start: int, end: int) -> tuple[int, int]:
    """What is shown around a place: its blocks, or where they are long whole words before and after it."""
    text = sheet.text
    first, last = _edges(sheet, start, end)
    low, high = max(first, start - AROUND), min(last, end + AROUND)
    while first < low < start and not text[low - 1].isspace():
        low += 1
    while end < high < last and not text[high].isspace():
        high -= 1
    return low, high


def _edges(sheet: Sheet, start: int, end: int) -> tuple[int, int]:
    """Where the first block of the place begins and the last one ends."""
    first, last = sheet.blocks[sheet.at(start)], sheet.blocks[sheet.at(end - 1)]
    return min(first.start, start), max(last.end, end)
