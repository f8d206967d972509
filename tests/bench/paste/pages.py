"""The shared pages as text, with the article each holds and which of its blocks are article."""

import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from claims.intake.blocks import Block

WORD = re.compile(r"\w+")
TITLE = re.compile(r"<title[^>]*>([^<]*)</title>", re.IGNORECASE)
SEPARATOR = re.compile(r"\s+[|–—-]\s+")
Shingles = Counter[tuple[str, ...]]


@dataclass(frozen=True)
class Page:
    """One page: the text that a browser's select-all gives, and its article by people's hand."""

    name: str
    url: str
    title: str
    text: str
    article: str


def data_folder() -> Path | None:
    """The folder that GALLEY_TEST_DATA names, where it holds the pages."""
    folder = os.environ.get("GALLEY_TEST_DATA")
    path = Path(folder).resolve() if folder else None
    return path if path and (path / "pages" / "ground-truth.json").is_file() else None


def read_pages(folder: Path) -> Iterator[Page]:
    """Each of the pages in `folder`, turned into text by inscriptis."""
    from inscriptis import get_text

    truth = json.loads((folder / "pages" / "ground-truth.json").read_text("utf-8"))
    for name, entry in sorted(truth.items()):
        html = gzip.decompress((folder / "pages" / f"{name}.html.gz").read_bytes()).decode("utf-8", "replace")
        yield Page(name, entry["url"], title_of(html), get_text(html), entry["articleBody"])


def title_of(html: str) -> str:
    """The longest part of the page's <title>, which seldom is the outlet's name."""
    found = TITLE.search(html)
    return max(SEPARATOR.split(unescape(found[1].strip())), key=len) if found else ""


def shingles(text: str) -> Shingles:
    """Runs of four words, counted; a shorter text is one run (the benchmark's own rule)."""
    words = WORD.findall(text)
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)))


def precision_and_recall(article: str, kept: str) -> tuple[float, float]:
    """The benchmark's measure of one page."""
    true, found = shingles(article), shingles(kept)
    both = (true & found).total()
    return both / found.total(), both / true.total()


def f1(scores: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """F1 of the two averages over the pages, precision, recall."""
    precision = sum(p for p, _ in scores) / len(scores)
    recall = sum(r for _, r in scores) / len(scores)
    return 2 * precision * recall / (precision + recall), precision, recall


def labels(blocks: Sequence[Block], article: str) -> list[bool]:
    """Which blocks belong to the article: most of their runs of words stand in it.

    A block of fewer than four words is too little to tell by itself: it belongs when it is a line of the article, or
    the words around it go on in the article across it.
    """
    known = shingles(article)
    lines = {" ".join(WORD.findall(line)) for line in article.split("\n")}
    words = [WORD.findall(block.text) for block in blocks]
    return [belongs(at, words, known, lines) for at in range(len(blocks))]


def belongs(at: int, words: Sequence[list[str]], known: Shingles, lines: set[str]) -> bool:
    """Whether the block at `at` belongs to the article."""
    mine = words[at]
    if len(mine) >= 4:
        runs = [tuple(mine[start : start + 4]) for start in range(len(mine) - 3)]
        return sum(run in known for run in runs) * 2 > len(runs)
    before = [word for block in words[max(at - 3, 0) : at] for word in block][-3:]
    after = [word for block in words[at + 1 : at + 4] for word in block][:3]
    whole = before + mine + after
    first, last = len(before), len(before) + len(mine) - 1
    across = [tuple(whole[s : s + 4]) for s in range(len(whole) - 3) if s <= first and s + 3 >= last]
    needed = [run for run in across if run in known]
    return bool(mine) and (len(needed) > len(across) / 2 or (" ".join(mine) in lines and bool(needed)))
