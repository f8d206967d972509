"""What intake hands on: the blocks of a text and what it says of itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypedDict

TEXT_KINDS: Final = ("title", "standfirst", "heading", "paragraph", "quote", "caption")
FURNITURE_KINDS: Final = (
    "menu", "share", "notice", "promotion", "byline", "date", "related", "tags", "footer", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundBlock:
    """A block in its place: `number` counts all blocks from 1; `keep` proposes whether it becomes part of the text."""

    number: int
    kind: str
    text: str
    keep: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The facts are "" (the date None) where the text does not tell them.

    `published_hint`: the words the date was read from. `language`: a BCP 47 code. `blocks`: every line of the text
    that is not blank, in order.
    """

    title: str
    byline: str
    outlet: str
    published_on: date | None
    published_hint: str
    language: str
    url: str
    blocks: list[FoundBlock]


class Span(TypedDict):
    """Where a block stands in a Version's text, in code points."""

    kind: str
    start: int
    end: int


def version_text(blocks: Sequence[tuple[str, str]]) -> tuple[str, list[Span]]:
    """The text of a Version from its kept (kind, text): joined by one LF; and the span of each block.

    What was kept although it looked like furniture is a paragraph from then on.
    """
    spans: list[Span] = []
    at = 0
    for kind, text in blocks:
        spans.append({"kind": kind if kind in TEXT_KINDS else "paragraph", "start": at, "end": at + len(text)})
        at += len(text) + 1
    return "\n".join(text for _kind, text in blocks), spans
