"""Plain text: a paragraph a leaf, its lines kept."""

import re
from typing import BinaryIO, Final

from claims.fetching import letters
from claims.fetching.readers import Asked, Leaves, Refused

BLANK: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def read(file: BinaryIO, leaves: Leaves, asked: Asked) -> None:
    """Hands over the paragraphs between blank lines."""
    text = decoded(file, asked)
    for paragraph in BLANK.split(text):
        leaves.text("", "paragraph", paragraph)


def decoded(file: BinaryIO, asked: Asked) -> str:
    """The whole file as text. Raises Refused where its bytes are none, or nothing is in it."""
    text = letters.clean(letters.decoded(file.read(), asked.charset))
    if not text.strip():
        raise Refused("empty")
    return text
