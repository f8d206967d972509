"""Text into blocks: what stands in a line, or in lines that were wrapped at a width."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

WIDEST_WRAP: Final = 100  # characters; e-mail and typewritten drafts wrap at 65 to 80
HEADING: Final = re.compile(r"(#{1,6})[ \t]+(\S.*)")
QUOTE: Final = re.compile(r">[ \t]+(\S.*)")
MARKS_ONLY: Final = re.compile(r"[-=*_#>~`+•·|/\\ \t]+")
LIST_ITEM: Final = re.compile(r"([-*+•–—]|\d{1,3}[.)])[ \t]+\S")
FENCE: Final = ("```", "~~~")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without its layout; `gap`: a blank line stands before it; `indent`: characters of layout before it."""

    text: str
    gap: bool
    indent: int
    markup: str = ""  # heading, quote, or marks (nothing but signs, such as a ruled line)


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of the text as found: `markup` as on Line, `gap`: a blank line stands before it."""

    text: str
    gap: bool
    markup: str = ""


def split(text: str, markdown: bool = False) -> list[Block]:
    """The blocks of `text` (line ends LF), in order; every line that is not blank is in exactly one.

    White space at both ends of a line is layout and left out, and so are Markdown's signs for a heading and a
    quote. A line is a block, unless lines were wrapped at a width (or it is Markdown): those are joined by a space.
    """
    lines = list(read_lines(text))
    lines = list(with_underlined(lines)) if markdown else lines
    joins = markdown_joins(lines) if markdown else wrap_joins(lines)
    return list(joined(lines, joins))


def read_lines(text: str) -> Iterator[Line]:
    """Each line that is not blank."""
    gap = False
    for typed in text.split("\n"):
        stripped = typed.strip()
        if stripped:
            words, markup = without_marks(stripped)
            yield Line(words, gap, len(typed) - len(typed.lstrip()), markup)
        gap = not stripped


def with_underlined(lines: Sequence[Line]) -> Iterator[Line]:
    """Markdown's other headings: a line with a row of = or - right below it."""
    for line, below in zip(lines, [*lines[1:], None], strict=True):
        ruled = below is not None and not below.gap and below.markup == "marks" and set(below.text) in ({"="}, {"-"})
        yield replace(line, markup="heading") if ruled and not line.markup else line


def without_marks(line: str) -> tuple[str, str]:
    """The words of a line and what its Markdown sign says they are."""
    if MARKS_ONLY.fullmatch(line):
        return line, "marks"
    heading = HEADING.fullmatch(line)
    if heading:
        return heading[2], "heading"
    quote = QUOTE.fullmatch(line)
    return (quote[1], "quote") if quote else (line, "")


def joined(lines: Sequence[Line], joins: Sequence[bool]) -> Iterator[Block]:
    """Blocks of the lines; `joins[i]` tells whether line i goes on the block of line i - 1."""
    at = 0
    while at < len(lines):
        end = at + 1
        while end < len(lines) and joins[end]:
            end += 1
        yield Block(" ".join(line.text for line in lines[at:end]), lines[at].gap, lines[at].markup)
        at = end


def goes_on(before: Line, line: Line) -> bool:
    """Whether `line` could be the same paragraph as the line before, whatever their widths."""
    plain = before.markup == line.markup and line.markup in ("", "quote")
    return plain and not line.gap and not LIST_ITEM.match(line.text)


def markdown_joins(lines: Sequence[Line]) -> list[bool]:
    """Markdown: lines without a blank line between them are one paragraph; code and tables stay as they are."""
    joins = [False] * len(lines)
    fenced = False
    for at, line in enumerate(lines):
        if line.text.startswith(FENCE):
            fenced = not fenced
        elif at and not fenced and not line.text.startswith("|"):
            joins[at] = goes_on(lines[at - 1], line) and not lines[at - 1].text.startswith(FENCE)
    return joins


def wrap_joins(lines: Sequence[Line]) -> list[bool]:
    """Lines wrapped at a width: joined where the next line's first word had no room in the line before."""
    width = wrap_width(lines)
    joins = [False] * len(lines)
    if width:
        for at in range(1, len(lines)):
            before, line = lines[at - 1], lines[at]
            joins[at] = goes_on(before, line) and line.indent <= before.indent and no_room(before, line, width)
    return joins


def no_room(before: Line, line: Line, width: int) -> bool:
    """Whether a greedy wrap at `width` would have broken here."""
    return len(before.text) + 1 + len(line.text.split(None, 1)[0]) > width


def wrap_width(lines: Sequence[Line]) -> int:
    """The width at which the text was wrapped; 0 when its lines are as long as somebody made them.

    Wrapped text has no long line of several words, and most of its lines that go on are nearly full: menus, verse
    and one-line paragraphs are ragged.
    """
    running = [before for before, line in pairwise(lines) if goes_on(before, line)]
    lengths = [len(line.text) for line in running if " " in line.text]
    if len(lengths) < 3 or any(len(line.text) > WIDEST_WRAP and " " in line.text for line in lines):
        return 0
    width = max(lengths)
    full = sum(length > width * 0.8 for length in lengths)
    return width if width >= 40 and median(lengths) > width * 0.75 and full * 3 > len(running) * 2 else 0
