"""What a reader's child answers, taken for hostile: only what has the right shape and size comes through."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from claims.fetching.kinds import DOCX, ODS, XLS, XLSB, XLSX
from claims.fetching.letters import clean

# What may be said of a file that cannot be read, by code.
SENTENCES: Final = {
    "broken": "The file is damaged: its reader does not understand it.",
    "truncated": "The file ends in the middle.",
    "encrypted": "The file is locked with a password.",
    "bomb": "The file unpacks to far more than it is.",
    "entities": "The file defines entities of its own, which no document of this kind needs.",
    "wrong-type": "No text is read from files of this kind.",
    "too-slow": "Reading the file took too long.",
    "too-large": "Reading the file takes too much memory.",
    "crashed": "The file made its reader fall over.",
    "empty": "There is nothing in the file.",
}
KINDS: Final = frozenset({"page", "paragraph", "heading", "row"})
# What a reader may find a file to be, other than its first bytes said.
MEDIA_TYPES: Final = frozenset({DOCX, XLSX, XLSB, XLS, ODS})
# What a reader may say it has read with.
TOOLS: Final = frozenset({"pypdfium2", "python-docx", "python-calamine", "trafilatura", "lxml"})
LINE: Final = 1024 * 1024  # bytes of one line, so that what it is made into stays small
MOST_CELLS, MOST_NOTES, MOST_PAGES = 256, 20, 1_000_000
TITLE, SENTENCE, PLACE = 500, 300, 120


class Unreadable(Exception):
    """No text can be had. `code` is a key of SENTENCES; `detail` says it in a sentence or two; str() is the detail."""

    def __init__(self, code: str, more: str = "") -> None:
        self.code = code
        self.detail = f"{SENTENCES[code]} {more}".strip()
        super().__init__(self.detail)


@dataclass(frozen=True)
class Part:
    """A leaf of the text: page, paragraph, heading, or row of a table with its cells (then `text` is them, by tabs)."""

    number: int
    place: str
    kind: str
    text: str
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A file's text with what read it, and what is to be said of it. `pages` is 0 where there are none."""

    media_type: str
    title: str
    parts: tuple[Part, ...]
    pages: int
    tool: str
    notes: tuple[str, ...]


@dataclass
class Answer:
    """What came through."""

    fences: frozenset[str] = frozenset()
    parts: tuple[Part, ...] = ()
    title: str = ""
    media_type: str = ""
    by: str = ""
    pages: int = 0
    notes: list[str] = field(default_factory=list)


def understood(out: bytes, most_parts: int, most_characters: int) -> Answer | None:
    """The answer; None where it is not whole or has another shape. Raises Unreadable where the child refused."""
    # counted before they are taken apart: a list of millions of lines is many times what they are
    if not 2 <= out.count(b"\n") <= most_parts + 2:
        return None
    lines = out.split(b"\n")
    if lines.pop():
        return None  # it ends in the middle of a line
    first, last = _json(lines[0]), _json(lines[-1])
    if not (isinstance(first, dict) and isinstance(last, dict)):
        return None
    if "refused" in last:
        raise _unreadable(last)
    parts, facts = _parts(lines[1:-1], most_characters), last.get("read")
    if parts is None or not isinstance(facts, dict):
        return None
    pages, notes = facts.get("pages"), facts.get("notes")
    return Answer(
        frozenset(filter(None, map(_string, _list(first.get("fences"))))),
        tuple(parts),
        " ".join(_string(facts.get("title")).split())[:TITLE],
        _string(facts.get("media_type")),
        _string(facts.get("by")),
        pages if type(pages) is int and 0 <= pages <= MOST_PAGES else 0,
        [_string(note)[:SENTENCE] for note in _list(notes)[:MOST_NOTES]],
    )


def _unreadable(last: dict[str, Any]) -> Unreadable:
    code = _string(last["refused"])
    return Unreadable(code if code in SENTENCES else "broken", _string(last.get("detail"))[:SENTENCE])


def _parts(lines: list[bytes], room: int) -> list[Part] | None:
    """The leaves, one after the other: no more than one line's values are held before they are looked at."""
    parts: list[Part] = []
    for line in lines:
        part = _part(len(parts) + 1, _json(line))
        if part is None:
            return None
        room -= len(part.text) + len(part.cells)
        if room < 0:
            return None
        parts.append(part)
    return parts


def _part(number: int, leaf: Any) -> Part | None:
    match leaf:
        case [str(place), "row", [*cells]] if all(isinstance(cell, str) for cell in cells) and len(cells) <= MOST_CELLS:
            clean_cells = tuple(" ".join(clean(cell).split()) for cell in cells)
            return Part(number, _place(place), "row", "\t".join(clean_cells), clean_cells)
        case [str(place), str(kind), [str(text)]] if kind in KINDS:
            return Part(number, _place(place), kind, clean(text))
    return None


def _place(place: str) -> str:
    return " ".join(clean(place).split())[:PLACE]


def _json(line: bytes) -> Any:
    """One line's value; None where it is too long, no JSON, or nested without end."""
    if len(line) > LINE:
        return None
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _string(value: Any) -> str:
    return clean(value) if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
