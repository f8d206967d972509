"""Which characters the report's fonts can print, and what stands for those that they cannot.

The table fonts/coverage.json is read off the fonts' own character maps: `python -m claims.reports.coverage` writes it
anew after a font has been added. Typst draws a cluster (a letter with its marks) from one font, so a mark counts as
covered only where some font has both it and its letter.
"""

import json
import re
import struct
import unicodedata
from bisect import bisect_right
from functools import cache
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
TABLE = FONTS / "coverage.json"
SERIF, SANS, MONO = "Source Serif 4", "Libre Franklin", "IBM Plex Mono"
TEXT_FILES = ("SourceSerif4_400Regular.ttf", "LibreFranklin_400Regular.ttf")
# Embeddings, overrides and isolates turn the words after them round: a report shows them instead of obeying. The byte
# order mark may not stand in a PDF/A.
SHOWN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
BLANKS = {"\t": "    ", "\u2028": "\n", "\u2029": "\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"}
Ranges = list[tuple[int, int]]


def printable(text: str) -> str:
    """The text with every character that no font covers as ⟨U+XXXX⟩; line ends as LF, a tab as four blanks."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if _plain().fullmatch(text) else "".join(_shown(text))


def plain_only(text: str) -> str:
    """The last resort: everything but the commonest letters as ⟨U+XXXX⟩."""
    plain = _plain()
    blanked = "".join(BLANKS.get(letter, letter) for letter in text)
    return "".join(letter if plain.fullmatch(letter) else escape(letter) for letter in blanked)


def escape(letter: str) -> str:
    """⟨U+XXXX⟩, as the Unicode standard writes code points."""
    return f"⟨U+{ord(letter):04X}⟩"


def _shown(text: str) -> list[str]:
    shown: list[str] = []
    fonts: frozenset[str] | None = None  # that can draw the cluster so far; None: no cluster
    for letter in text:
        if letter == "\n" or letter in BLANKS:
            shown.append(BLANKS.get(letter, letter))
            fonts = None
            continue
        able = fonts_with(letter)
        if unicodedata.category(letter)[0] == "M" and fonts is not None:
            able &= fonts
        shown.append(letter if able else escape(letter))
        fonts = able
    return shown


@cache
def fonts_with(letter: str) -> frozenset[str]:
    """The font files that have the letter; none for controls, private and unassigned ones, and those of SHOWN."""
    if letter in SHOWN or unicodedata.category(letter) in {"Cc", "Cn", "Co", "Cs"}:
        return frozenset()
    point = ord(letter)
    return frozenset(name for name, ranges in table().items() if _within(point, ranges))


def _within(point: int, ranges: Ranges) -> bool:
    at = bisect_right(ranges, (point, 0x110000)) - 1
    return at >= 0 and ranges[at][0] <= point <= ranges[at][1]


@cache
def table() -> dict[str, Ranges]:
    """Font file → the ranges of code points it covers, both ends included, in order."""
    return {name: [(low, high) for low, high in ranges] for name, ranges in json.loads(TABLE.read_text()).items()}


@cache
def _plain() -> re.Pattern[str]:
    """Text of letters that both text faces have and that nothing combines with: nearly all text there is."""
    letters = [
        chr(point)
        for point in range(0x20, 0x2200)
        if set(TEXT_FILES) <= fonts_with(chr(point)) and unicodedata.category(chr(point))[0] not in "CM"
    ]
    return re.compile(f"[\n{re.escape(''.join(letters))}]*")


# --- reading the fonts ------------------------------------------------------------------------


def read_fonts() -> dict[str, Ranges]:
    """The table as the font files themselves have it."""
    return {path.name: _ranges(path.read_bytes()) for path in sorted(FONTS.glob("*.ttf"))}


def _ranges(font: bytes) -> Ranges:
    """The code points of a TrueType font's best Unicode map (OpenType specification, table cmap)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    places = {font[at : at + 4]: struct.unpack_from(">I", font, at + 8)[0] for at in range(12, 12 + 16 * tables, 16)}
    cmap = places[b"cmap"]
    (count,) = struct.unpack_from(">H", font, cmap + 2)
    points: set[int] = set()
    for at in range(cmap + 4, cmap + 4 + 8 * count, 8):
        platform, encoding, offset = struct.unpack_from(">HHI", font, at)
        if (platform == 0 and encoding != 5) or (platform == 3 and encoding in {1, 10}):
            points |= _points(font, cmap + offset)
    return _joined(points)


def _points(font: bytes, at: int) -> set[int]:
    (kind,) = struct.unpack_from(">H", font, at)
    if kind == 12:
        (groups,) = struct.unpack_from(">I", font, at + 12)
        found = (struct.unpack_from(">III", font, at + 16 + 12 * group) for group in range(groups))
        return {low + step for low, high, glyph in found for step in range(high - low + 1) if glyph + step}
    return _segments(font, at) if kind == 4 else set()


def _segments(font: bytes, at: int) -> set[int]:
    (twice,) = struct.unpack_from(">H", font, at + 6)
    points: set[int] = set()
    for step in range(0, twice, 2):
        (high,) = struct.unpack_from(">H", font, at + 14 + step)
        (low,) = struct.unpack_from(">H", font, at + 16 + twice + step)
        (delta,) = struct.unpack_from(">H", font, at + 16 + 2 * twice + step)
        here = at + 16 + 3 * twice + step
        (offset,) = struct.unpack_from(">H", font, here)
        for point in range(low, high + 1):
            glyph = point if not offset else struct.unpack_from(">H", font, here + offset + 2 * (point - low))[0]
            if (glyph or not offset) and (glyph + delta) & 0xFFFF:
                points.add(point)
    return points - {0xFFFF}


def _joined(points: set[int]) -> Ranges:
    ranges: list[list[int]] = []
    for point in sorted(points):
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return [(low, high) for low, high in ranges]


if __name__ == "__main__":
    TABLE.write_text(json.dumps(read_fonts(), separators=(",", ":")).replace("]],", "]],\n") + "\n")
