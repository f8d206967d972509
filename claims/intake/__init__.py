"""Article in: pasted text, or a .txt or .md file, to blocks and to what the text says of itself. Knows no ORM."""

from .blocks import split
from .found import FURNITURE_KINDS, TEXT_KINDS, Found, FoundBlock, Span, version_text
from .reading import MAX_CHARACTERS, MAX_FILE_BYTES, Unreadable, as_typed, decoded
from .recognition import recognised

__all__ = [
    "FURNITURE_KINDS",
    "MAX_CHARACTERS",
    "MAX_FILE_BYTES",
    "TEXT_KINDS",
    "Found",
    "FoundBlock",
    "Span",
    "Unreadable",
    "read_file",
    "read_text",
    "version_text",
]


def read_text(text: str) -> Found:
    """What was found in pasted text. Raises Unreadable."""
    return recognised(split(as_typed(text)))


def read_file(name: str, content: bytes) -> Found:
    """What was found in the file `name` (.txt or .md). Raises Unreadable."""
    return recognised(split(as_typed(decoded(name, content)), markdown=name.lower().endswith(".md")))
