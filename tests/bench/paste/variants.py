"""The ways in which an article comes: the page as copied, its text without layout, a part of the page, a draft."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from claims.intake import features, furniture
from claims.intake.blocks import Block, split
from claims.intake.reading import LINE_END

from .learn import Floats
from .pages import WORD, Page, labels

# A draft's slugs and dates belong to it, a page's do not: drafts teach mostly the model that tells the two apart.
IMPORTANCE = {"page": 1.0, "flat": 0.5, "part": 0.5, "draft": 0.05}
BULLET = re.compile(r"^\s*(?:[*+-]|o) ")
BYLINES = ("By Jane Doe", "Von Max Muster", "Por Ana García", "Nora Vance", "Par Jean Martin", "JANE DOE, Staff writer")
SLUGS = ("DRAFT 3", "CITY DESK", "bridge-repair-v2", "For Saturday", "News")
STANDFIRSTS = (
    "What the figures say, and what they leave out",
    "A report seen by this paper puts the bill at three times the first estimate.",
    "Wie aus einem kleinen Vorhaben ein großes wurde",
)
DATES = ("27 September 2013", "Nov. 19, 2019", "2026-11-24", "3 de mayo de 2021", "12. Januar 2020")
ENDS = (
    "ENDS",
    "(612 words)",
    "Photograph: Ewa Żuławska",
    "[check the figure in par 4 with the council]",
    "Contact: 555 0100",
)
FULL_BLOCK = 150  # words; a longer block weighs no more


@dataclass
class Sample:
    """A text as blocks: which are article (1 or 0), and the numbers that the models look at."""

    page: str
    way: str
    title: str
    article: str
    blocks: list[Block]
    truth: Floats
    rows: Floats

    @property
    def sizes(self) -> list[int]:
        """Words of each block."""
        return furniture.block_sizes(self.blocks)

    @property
    def importance(self) -> Floats:
        """How much each block counts: by its words, each page as much as another."""
        words = np.minimum(np.array(self.sizes, float), FULL_BLOCK) + 4
        weights: Floats = words / max(float((words * self.truth).sum()), 30.0) * 20 * IMPORTANCE[self.way]
        return weights

    def is_title(self, at: int) -> bool:
        """Whether a block says what the page's <title> says: most words of either are in the other."""
        said, title = ({word.lower() for word in WORD.findall(text)} for text in (self.blocks[at].text, self.title))
        both = len(said & title)
        return both > 1 and both >= 0.7 * len(said) and both >= 0.5 * len(title)

    def text(self, keep: Sequence[bool]) -> str:
        """The text of the blocks that are kept."""
        return "\n".join(block.text for block, keeps in zip(self.blocks, keep, strict=True) if keeps)


def samples(page: Page) -> Iterator[Sample]:
    """The page in each way."""
    random = Random(page.name)
    text = LINE_END.sub("\n", page.text)
    yield sample(page, "page", text)
    flat = "\n".join(BULLET.sub("", line) for line in text.split("\n") if line.strip())
    yield sample(page, "flat", flat)
    yield sample(page, "part", part_of(page, text, random))
    for _again in range(2):
        yield sample(page, "draft", draft(page, random))


def draft(page: Page, random: Random) -> str:
    """The article as a newsroom's own text, with what people put above and below it."""
    parts = [
        (0.2, random.choice(SLUGS)),
        (0.8, page.title),
        (0.3, random.choice(STANDFIRSTS)),
        (0.6, random.choice(BYLINES)),
        (0.3, random.choice(DATES)),
        (1.0, page.article),
        (0.3, random.choice(ENDS)),
    ]
    return "\n\n".join(part for chance, part in parts if random.random() < chance)


def sample(page: Page, way: str, text: str) -> Sample:
    """One text as a sample; a draft is article from end to end."""
    blocks = split(LINE_END.sub("\n", text))
    truth = [True] * len(blocks) if way == "draft" else labels(blocks, page.article)
    return Sample(
        page.name, way, page.title, page.article, blocks, np.array(truth, float), np.array(list(features.rows(blocks)))
    )


def part_of(page: Page, text: str, random: Random) -> str:
    """The article with some lines above and below it, as a hand marks it."""
    lines = text.split("\n")
    inside = [at for at, line in enumerate(lines) if len(line) > 60 and line.strip()[:60] in page.article] or [0]
    return "\n".join(lines[max(inside[0] - random.randint(2, 14), 0) : inside[-1] + random.randint(2, 20)])
