"""What each block is called, kept or left out."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from .blocks import Block
from .features import Look

OPENERS: Final = '"“„«»「『‘'
CLOSERS: Final = '"”“»«」』’'
CREDIT: Final = re.compile(
    r"\b(?:photo(?:graph)?s?|image|picture|pic|illustration|graphic|foto|fotografie|fotografía|imagen|bild|crédit|crédito|"
    r"zdjęcie|fot\.)(?:\s*(?:by|credit|von|de|di))?\s*[:/©]|\b(?:getty images|shutterstock|unsplash)\b|"
    r"[(/]\s?(?:AP|AFP|Reuters|EPA|dpa|EFE|PA|ANSA|PAP)(?: Photo)?[)/.]?\s*$",
    re.IGNORECASE,
)
LONGEST_HEADING: Final = 14  # words
LONGEST_CAPTION: Final = 60
BY_HINT: Final = {"comment": "other", "appeal": "promotion"}
LASTING: Final = ("related", "tags", "footer", "comment")  # a head of these says what the blocks below it are


def text_kind(block: Block, look: Look, before: Look | None, after: Look | None) -> str:
    """The kind of a kept block of the body; its neighbours are None at the ends of the text."""
    if block.markup in ("heading", "quote"):
        return block.markup
    if look.size <= LONGEST_CAPTION and CREDIT.search(block.text):
        return "caption"
    if is_quote(block.text):
        return "quote"
    return "heading" if is_heading(block, look, before, after) else "paragraph"


def is_quote(text: str) -> bool:
    """Whether all of a block stands in one pair of quotation marks."""
    inside = text[1:-1]
    if len(text) < 12 or text[0] not in OPENERS or text[-1] not in CLOSERS:
        return False
    return not any(mark in inside for mark in '"“”„«»「」『』')


def is_heading(block: Block, look: Look, before: Look | None, after: Look | None) -> bool:
    """Whether a short line without a full stop leads over to running text."""
    if not 0 < look.size <= LONGEST_HEADING or look.bullet or before is None or after is None:
        return False
    if block.text.endswith((".", ",", ";", ":", "…", "”", '"', "»", ")")) or not block.text[0].isalnum():
        return False
    return not block.text[0].islower() and after.prose and (before.prose or before.ends)


def furniture_kinds(looks: Sequence[Look], body: range) -> Iterator[str]:
    """For each block what it is if it is left out: by its own words, the head it stands under, and its place."""
    under = ""
    for at, look in enumerate(looks):
        hinted = main_hint(look)
        if at >= body.stop and look.size <= 8 and hinted in LASTING:
            under = BY_HINT.get(hinted, hinted)
        yield one_kind(look, hinted, under, at, body)


def one_kind(look: Look, hinted: str, under: str, at: int, body: range) -> str:
    """The kind of one block of furniture."""
    if at < body.start:
        return hinted if hinted in ("share", "notice", "promotion") else "menu"
    if hinted in ("share", "notice", "promotion", "tags", "related") or (hinted and not under):
        return BY_HINT.get(hinted, hinted)
    if under:
        return under
    if look.hints["appeal"]:
        return "promotion"
    return "related" if look.prose and at >= body.stop else "other"


def main_hint(look: Look) -> str:
    """The kind that most words of a block hint at, "" if none."""
    hints = [(count, kind) for kind, count in look.hints.items() if kind != "appeal"]
    return max(hints, key=lambda pair: pair[0])[1] if hints else ""
