"""Article in: pasted text, or a .txt or .md file, to blocks and to what the text says of itself. Knows no ORM."""

from .blocks import split
from .found import FURNITURE_KINDS, TEXT_KINDS, Found, FoundBlock, Span, version_text
from .reading import MAX_BLOCKS, MAX_CHARACTERS, MAX_FILE_BYTES, Unreadable, as_typed, decoded, refuse_too_many_blocks
from .recognition import recognised

__all__ = [
    "FURNITURE_KINDS",
    "MAX_BLOCKS",
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
    return found_in(as_typed(text), markdown=False)


def read_file(name: str, content: bytes) -> Found:
    """What was found in the file `name` (.txt or .md). Raises Unreadable."""
    return found_in(as_typed(decoded(name, content)), markdown=name.lower().endswith(".md"))


def found_in(text: str, *, markdown: bool) -> Found:
    """What was found in a text that has passed the checks of reading."""
    blocks = split(text, markdown=markdown)
    refuse_too_many_blocks(len(blocks))
    return recognised(blocks)
