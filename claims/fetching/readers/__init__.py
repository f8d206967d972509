"""Readers: one a kind of file, each run in a child process. What they share: handing text over, leaf by leaf.

A reader is a module with `read(file, leaves, asked)`. It raises Refused where it can say what is wrong; whatever else
it raises means that the file is broken.
"""

import json
import time
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from claims.fetching.letters import clean

LONGEST: Final = 100_000  # characters of one leaf; a longer one is cut into several
MOST_CELLS: Final = 256  # of a row
PER_LEAF: Final = 10  # what a leaf or a cell takes of the room for text, beside its text
NOTES: Final = 20


class Refused(Exception):
    """The file cannot be read: one of the sandbox's codes, and what is to be said of this file."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code, detail)
        self.code, self.detail = code, detail


class Full(Exception):
    """There is no more room: what was handed over stays."""


@dataclass(frozen=True)
class Asked:
    """What a reader is told: the kind by content, the charset by declaration, and how much it may hand over."""

    family: str
    charset: str
    characters: int
    parts: int
    pages: int
    seconds: float


class Leaves:
    """Writes what a reader finds, a line of JSON each. Its methods raise Full when the room or the time is over."""

    def __init__(self, out: BinaryIO, asked: Asked) -> None:
        self.out, self.asked = out, asked
        self.left, self.count = asked.characters, 0
        self.until = time.monotonic() + asked.seconds
        self.facts: dict[str, Any] = {"notes": []}

    def text(self, place: str, kind: str, text: str) -> None:
        """A page, paragraph or heading. An empty page is a leaf too; nothing else that is blank is."""
        text = clean(text).strip("\n") if kind == "page" else clean(text).strip()
        if kind == "heading":
            text = " ".join(text.split())
        for start in range(0, len(text) or (kind == "page"), LONGEST):
            self._hand(place, kind, [text[start : start + LONGEST]])

    def row(self, place: str, cells: list[str]) -> None:
        """A row of a table; one without any text is none."""
        whole = [" ".join(clean(cell).split()) for cell in cells[:MOST_CELLS]]
        while whole and not whole[-1]:
            whole.pop()
        if any(cells[MOST_CELLS:]):
            self.note(f"Only the first {MOST_CELLS} cells of a row are kept.")
        if whole:
            most = LONGEST // len(whole)
            if any(len(cell) > most for cell in whole):
                self.note("Long cells are cut.")
            self._hand(place, "row", [cell[:most] for cell in whole])

    def note(self, sentence: str) -> None:
        """Something to be said of the reading, once."""
        notes = self.facts["notes"]
        if sentence not in notes and len(notes) < NOTES:
            notes.append(sentence)

    def say(self, **facts: str | int) -> None:
        """What the file is: `media_type`, `title`, `pages`, `by` (the tool that read it)."""
        self.facts |= facts

    def line(self, value: object) -> None:
        """Write one line of the answer."""
        self.out.write(json.dumps(value, ensure_ascii=False).encode(errors="replace") + b"\n")

    def _hand(self, place: str, kind: str, texts: list[str]) -> None:
        room = sum(len(text) + PER_LEAF for text in texts)
        if self.count >= self.asked.parts or room > self.left or time.monotonic() > self.until:
            since = f"Text from {place} on" if place else "More text"
            self.note(f"{since} is left out: {self._why()}.")
            raise Full
        self.count, self.left = self.count + 1, self.left - room
        self.line([clean(place).replace("\n", " ")[:120], kind, texts])

    def _why(self) -> str:
        if time.monotonic() > self.until:
            return "reading it takes too long"
        if self.count >= self.asked.parts:
            return f"at most {self.asked.parts:,} rows and paragraphs are kept"
        return f"at most {self.asked.characters:,} characters are kept"
