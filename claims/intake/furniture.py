"""How likely each block is to belong to the article.

Two small logistic models, the second looking at the first's view of the neighbours; a third tells whether the text is a
page at all. Their weights stand by name in weights.json, made by `python -m tests.bench.paste.train`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from math import exp, log
from typing import Final

from . import features
from .blocks import Block
from .features import Row, Sums

CONTEXT: Final = (
    "first view", "view before", "view after", "views before, 3", "views after, 3", "views around, 8",
    "article before", "article after", "article on both sides", "no article before", "no article after",
    "in the main run", "before the main run", "after the main run", "view in the main run",
)  # fmt: skip
Weights = Mapping[str, float]

# Likelier than this to be article: kept. Below even odds, since a block lost is worse than one too many.
ARTICLE: Final = 0.4
# What a change between article and furniture costs, in logarithms of odds: neither comes in crumbs.
CHANGE: Final = 0.8
# Likelier than this to be a page: furniture is looked for. A draft is kept whole.
PAGE: Final = 0.6


WHOLE: Final = (
    "page prose", "blocks", "short blocks", "hints a block", "separators and links", "left out", "left out of words",
    "left out of the first 4", "left out of the last 6", "surely left out", "hinted and left out",
)  # fmt: skip


@dataclass(frozen=True)
class Judgement:
    """`article`: for each block how likely it is part of the article; `page`: how likely the text is a page copied
    with its furniture, and no draft; both 0 to 1. `rows`: what they were judged by."""

    article: list[float]
    page: float
    rows: list[Row]


def judged(blocks: Sequence[Block]) -> Judgement:
    """What the stored models say of a text's blocks."""
    models = stored()
    rows = list(features.rows(blocks))
    sizes = block_sizes(blocks)
    context = context_rows(rows, weighed(rows, features.NAMES, models["first"]), sizes)
    article = [likelihood(total) for total in weighed(context, (*features.NAMES, *CONTEXT), models["second"])]
    whole = whole_row(rows, article, sizes)
    return Judgement(article, likelihood(weighed([whole], WHOLE, models["page"])[0]), rows)


def kept(blocks: Sequence[Block], article: Sequence[float]) -> list[bool]:
    """Which blocks of a page to keep: the likeliest row of article and furniture, each change between them counted.

    Words that stand twice, such as an appeal above and below, are as likely as the less likely of both.
    """
    lowest: dict[str, float] = {}
    for block, view in zip(blocks, article, strict=True):
        lowest[block.text] = min(lowest.get(block.text, 1.0), view)
    gains = [log_odds(lowest[block.text]) - log_odds(ARTICLE) for block in blocks]
    out, within = 0.0, -CHANGE  # the best row that ends in furniture, in article
    came: list[tuple[bool, bool]] = []  # whether those come from the other of the two
    for gain in gains:
        came.append((within - CHANGE > out, out - CHANGE > within))
        out, within = max(out, within - CHANGE), max(within, out - CHANGE) + gain
    state, keep = within > out, []
    for changed in reversed(came):
        keep.append(state)
        state ^= changed[state]
    return keep[::-1]


def log_odds(chance: float) -> float:
    """The logarithm of a probability's odds."""
    return log(max(chance, 1e-6) / max(1 - chance, 1e-6))


def block_sizes(blocks: Sequence[Block]) -> list[int]:
    """How much each block weighs: its words, as white space parts them."""
    return [len(block.text.split()) for block in blocks]


@cache
def stored() -> Mapping[str, Weights]:
    """The models by name, as in weights.json."""
    models: Mapping[str, Weights] = json.loads(files(__package__).joinpath("weights.json").read_text("utf-8"))["models"]
    return models


def weighed(rows: Sequence[Row], names: Sequence[str], weights: Weights) -> list[float]:
    """The sum of each row's numbers by their weights: the logarithm of the odds."""
    ordered = [weights[name] for name in names]
    start = weights["start"]
    return [start + sum(map(float.__mul__, row, ordered)) for row in rows]


def likelihood(total: float) -> float:
    """A probability; odds beyond e^±30 are as good as these."""
    return 1 / (1 + exp(-max(-30.0, min(30.0, total))))


def context_rows(rows: Sequence[Row], totals: Sequence[float], sizes: Sequence[int]) -> list[Row]:
    """Each row with the numbers of CONTEXT, from the first model's view of all blocks."""
    views = [likelihood(total) for total in totals]
    means, count = Sums(views), len(views)
    article = [0.0, *accumulate(view * size for view, size in zip(views, sizes, strict=True))]
    whole = article[-1] or 1.0
    start, end = main_run(views, sizes)
    extended = []
    for at, (row, total) in enumerate(zip(rows, totals, strict=True)):
        before, after = article[at] / whole, (article[-1] - article[at + 1]) / whole
        inside = start <= at < end
        extended.append([
            *row, max(-8.0, min(8.0, total)), means.mean(at - 1, at), means.mean(at + 1, at + 2),
            means.mean(at - 3, at), means.mean(at + 1, at + 4), means.mean(at - 8, at + 9),
            before, after, min(before, after), float(before < 0.02), float(after < 0.02),
            float(inside), log(1 + min(max(start - at, 0), 40)), log(1 + min(max(at - end + 1, 0), 40)),
            views[at] * inside,
        ])  # fmt: skip
    return extended if count else []


def main_run(views: Sequence[float], sizes: Sequence[int]) -> tuple[int, int]:
    """Start and end of the run of blocks with the most of the article in it and the least of anything else."""
    best, best_start, best_end = 0.0, 0, 0
    total, start = 0.0, 0
    for at, (view, size) in enumerate(zip(views, sizes, strict=True)):
        total += (view - 0.5) * (size + 3)
        if total <= 0:
            total, start = 0.0, at + 1
        elif total > best:
            best, best_start, best_end = total, start, at + 1
    return best_start, best_end


def whole_row(rows: Sequence[Row], article: Sequence[float], sizes: Sequence[int]) -> Row:
    """The numbers of WHOLE for a text: how much of it looks like furniture, and where."""
    column = features.NAMES.index
    short, hints, prose = column("size to 12"), column("hints in a short block"), column("page prose")
    link, separators, ends = column("link"), column("separators"), column("ends a sentence")
    count = max(len(rows), 1)
    out = [1 - view for view in article]
    hinted = sum(lost for lost, row in zip(out, rows, strict=True) if row[hints])
    return [
        rows[0][prose] if rows else 1.0,
        log(1 + len(rows)),
        sum(row[short] < 0.7 and not row[ends] for row in rows) / count,
        sum(row[hints] for row in rows) / count,
        sum(row[link] + row[separators] for row in rows) / count,
        sum(out) / count,
        sum(lost * size for lost, size in zip(out, sizes, strict=True)) / max(sum(sizes), 1),
        sum(out[:4]) / 4,
        sum(out[-6:]) / 6,
        log(1 + sum(lost > 0.9 for lost in out)),
        log(1 + hinted),
    ]
