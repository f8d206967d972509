"""A hostile file: what it is, how it is made, and what is to come of it."""

from collections.abc import Callable
from dataclasses import dataclass

# It is read like any other, without what it is after.
READ = "read"


@dataclass(frozen=True)
class Hostile:
    """A file, and the codes of which one has to come; `says` stands in the message or in the notes.

    What a library makes of a damaged file may change with its version: where two outcomes are right, both are there.
    """

    name: str
    make: Callable[[], bytes]
    codes: tuple[str, ...]
    says: str = ""
    media_type: str = ""


def a(name: str, make: Callable[[], bytes] | bytes, codes: str, says: str = "", media_type: str = "") -> Hostile:
    """One of the table; `codes` with “or” between them."""
    return Hostile(name, make if callable(make) else lambda: make, tuple(codes.split(" or ")), says, media_type)
