"""Where claims stand in a text: its blocks cut into pieces, each with the claims that it belongs to."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

DEEPEST = 4  # marks drawn within one another; a claim deeper down still has its number


@dataclass(frozen=True)
class Place:
    """A claim's stretch of the text, in code points."""

    start: int
    end: int
    claim: int


@dataclass(frozen=True)
class Piece:
    """Text, the claims it belongs to (the outermost first), and those that begin with it."""

    text: str
    claims: tuple[int, ...]
    begins: tuple[int, ...]


def cut(text: str, start: int, end: int, places: Iterable[Place]) -> list[Piece]:
    """text[start:end] in pieces, cut wherever a place begins or ends; the pieces joined give the text again."""
    here = sorted(
        (place for place in places if place.start < end and place.end > start),
        key=lambda place: (place.start, -place.end, place.claim),
    )
    edges = sorted({start, end, *(_inside(start, end, here))})
    pieces: list[Piece] = []
    running: list[Place] = []
    coming = iter(here)
    upcoming = next(coming, None)
    for low, high in itertools.pairwise(edges):
        running = [place for place in running if place.end > low]
        while upcoming is not None and upcoming.start <= low:
            running.append(upcoming)
            upcoming = next(coming, None)
        pieces.append(_piece(text[low:high], low, running))
    return pieces


def _inside(start: int, end: int, places: Sequence[Place]) -> Iterable[int]:
    return (edge for place in places for edge in (place.start, place.end) if start < edge < end)


def _piece(text: str, low: int, running: Sequence[Place]) -> Piece:
    claims = tuple(dict.fromkeys(place.claim for place in running))[:DEEPEST]
    begins = tuple(dict.fromkeys(place.claim for place in running if place.start == low))
    return Piece(text, claims, begins)
