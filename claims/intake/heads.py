"""Where the text begins: its title, and the lines between that and the first paragraph."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from . import dates, names
from .blocks import Block
from .features import SENTENCE_END, WORD, Look
from .furniture import Judgement, stored
from .titles import title_place

LONGEST_TITLE: Final = 40  # words
LONGEST_DRAFT_TITLE: Final = 25


@dataclass(frozen=True)
class Head:
    """Places of blocks: `title` is None where there is none; `body` is the first block of running text."""

    title: int | None
    body: int

    def lines(self) -> range:
        """The places that may tell byline and date: from some lines above the title to the first paragraph."""
        start = self.body if self.title is None else self.title
        return range(max(0, start - 4), max(self.body, start))


def head_of_page(
    blocks: Sequence[Block], looks: Sequence[Look], judgement: Judgement, keep: Sequence[bool], outlet: str
) -> Head:
    """The head of a page copied whole."""
    body = first_of_body(looks, keep)
    title = title_place(blocks, looks, judgement.rows, keep, body, stored()["title"], outlet)
    return Head(title, body if title is None else max(body, title + 1))


def head_of_draft(blocks: Sequence[Block], looks: Sequence[Look]) -> Head:
    """The head of a newsroom's own text: what it was marked as, else its first short line that is no sentence."""
    running = [at for at, one in enumerate(looks) if is_running(blocks[at], one)]
    body = running[0] if running else len(blocks)
    marked = [at for at, block in enumerate(blocks[: body + 1]) if block.markup == "heading"]
    plain = [at for at in range(min(body, 6)) if could_be_draft_title(blocks[at], looks[at])]
    title = next(iter([*marked, *plain]), None)
    if title is None and long_headline(blocks, looks):
        title = 0
        body = next((at for at in running if at), len(blocks))
    return Head(title if len(blocks) > 1 else None, body)


def is_running(block: Block, look: Look) -> bool:
    """Whether a draft's block is running text: longer than a title, or a sentence."""
    return block.markup != "heading" and not byline(block) and (look.prose or (look.ends and look.size >= 6))


def long_headline(blocks: Sequence[Block], looks: Sequence[Look]) -> bool:
    """Whether a draft opens with a headline as long as a paragraph: no full stop, and a byline or longer text below."""
    if len(blocks) < 2 or looks[0].ends or looks[0].size > LONGEST_TITLE:
        return False
    longer_below = looks[0].size >= 10 and looks[1].size > looks[0].size
    return longer_below or (len(blocks) > 2 and bool(byline(blocks[1])))


def first_of_body(looks: Sequence[Look], keep: Sequence[bool]) -> int:
    """The first kept paragraph of the longest stretch that is mostly kept."""
    best, best_start, total, start = 0.0, 0, 0.0, 0
    for at, (one, kept) in enumerate(zip(looks, keep, strict=True)):
        total += one.size if kept else -10.0
        if total <= 0:
            total, start = 0.0, at + 1
        elif total > best:
            best, best_start = total, start
    places = range(best_start, len(looks))
    return next((at for at in places if keep[at] and (looks[at].prose or looks[at].ends)), best_start)


def could_be_draft_title(block: Block, look: Look) -> bool:
    """Whether a line at the top of a draft has the shape of a title."""
    plain = not SENTENCE_END.search(block.text) or block.text.endswith(("?", "!"))
    bare_date = look.dated and look.size <= 4
    return plain and 2 <= look.size <= LONGEST_DRAFT_TITLE and not byline(block) and not bare_date


def byline(block: Block) -> str:
    """Who the block says wrote the text."""
    return names.byline_in(block.text)


def is_date_line(block: Block, look: Look, language: str) -> bool:
    """Whether a short block tells a date and little else."""
    return look.size <= 12 and bool(WORD.search(block.text)) and any(dates.dates_in(block.text, language))


def is_marker(block: Block) -> bool:
    """Whether a line is nothing but "By", the name standing in the next."""
    return block.text.strip(": ").lower() in ("by", "written by", "von", "por", "par", "av", "af", "door")
