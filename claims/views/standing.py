"""Where a claim stands in the text, where else the text says the same, and which claims stand beside it."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Case, F, QuerySet, TextField, Value, When
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.anchors import Span, around, find
from claims.models import Anchor, Claim
from claims.models.articles import Block
from claims.models.ready import ready
from claims.views import highlights

NAMES: dict[str, Promise] = {"title": gettext_lazy("Title"), "standfirst": gettext_lazy("Standfirst")}
OFFERED = 5  # other places offered at once; a claim that stands in more is better looked for by its words
SHORTEST = 3  # characters: shorter words are everywhere


class Stood(NamedTuple):
    """One place of a claim: the claim's number, the anchor's id, start and end in code points."""

    claim: int
    anchor: int
    start: int
    end: int


@dataclass(frozen=True)
class Sheet:
    """A version's text in its blocks, each with the name that people know it by."""

    text: str
    blocks: Sequence[Block]

    @cached_property
    def labels(self) -> list[str]:
        """The paragraph number of each block; empty where the block has a name of its own."""
        numbers = iter(range(1, len(self.blocks) + 1))
        return ["" if block.kind in NAMES else str(next(numbers)) for block in self.blocks]

    def at(self, position: int) -> int:
        """The index of the block in which the position lies."""
        return max(0, bisect_right(self._starts, position) - 1)

    def name(self, position: int) -> str:
        """What the block is called in which the position lies: “Title”, “¶ 2”."""
        at = self.at(position)
        return f"¶ {self.labels[at]}" if self.labels[at] else str(NAMES[self.blocks[at].kind])

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]


@dataclass(frozen=True)
class Place:
    """A place as people are told of it: where it is, its words, and what stands around them on their line."""

    span: Span
    name: str
    words: str
    before: str = ""
    after: str = ""
    anchor: int | None = None
    mark: str = ""

    @property
    def value(self) -> str:
        """The place as a form sends it."""
        return f"{self.span.start}-{self.span.end}"


def place(sheet: Sheet, span: Span, inside: str = "") -> Place:
    """The place of a stretch of the text; `inside` says what stands there already."""
    name = sheet.name(span.start)
    before, after = around(sheet.text, span)
    named = _("%(place)s, inside %(what)s") % {"place": name, "what": inside} if inside else name
    return Place(span, named, sheet.text[span.start : span.end], before, after)


@dataclass(frozen=True)
class Standing:
    """Where a claim stands: its places, and those it could also have; the article's claims as the text goes."""

    number: int
    order: list[int]
    places: list[Place] = field(default_factory=list)
    elsewhere: list[Place] = field(default_factory=list)
    left_out: int = 0

    @property
    def quotes(self) -> list[str]:
        return [one.words for one in self.places]

    @property
    def previous(self) -> int | None:
        at = self.order.index(self.number)
        return self.order[at - 1] if at else None

    @property
    def next(self) -> int | None:
        return next(iter(self.order[self.order.index(self.number) + 1 :]), None)


def standing(row: Claim) -> Standing:
    """Read in one query; the text comes with the claim's own anchors only."""
    rows = _places(row.article_id, row.pk)
    latest = max((version for *_stood, version, _said, _cut in rows), default=0)
    stood = [Stood(*them) for *them, version, _said, _cut in rows if version == latest]
    lost = {number for number, *_more in rows} | {row.number}
    own_rows = ((text, blocks) for *_stood, version, text, blocks in rows if blocks and version == latest)
    text, blocks = next(own_rows, ("", "[]"))
    sheet = Sheet(text, [Block(**block) for block in json.loads(blocks)])
    return stands(sheet, row.number, stood, sorted(lost))


@ready
def _places(article: int, claim: int) -> QuerySet[Anchor, tuple[Any, ...]]:
    """The places of all claims; with the one's, the text and the blocks they lie in."""
    own = When(claim=claim, then=F("version__text"))
    # as text, since each row's JSON would be read, and one has any
    blocks = When(claim=claim, then=Cast("version__blocks", TextField()))
    rows = Anchor.objects.filter(article_id=article).annotate(
        said=Case(own, default=Value(""), output_field=TextField()),
        cut=Case(blocks, default=Value(""), output_field=TextField()),
    )
    return rows.values_list("claim__number", "pk", "start", "end", "version__number", "said", "cut")


def stands(sheet: Sheet, number: int, stood: Iterable[Stood], numbers: Iterable[int]) -> Standing:
    """The claim's standing, from the places of all claims in the sheet's text. `numbers` are those of all claims."""
    by_place = {(them.claim, them.start, them.end): them for them in stood}
    named = highlights.names(highlights.Place(them.claim, them.start, them.end) for them in by_place.values())
    order = list(dict.fromkeys([*(mark.claim for mark, _name in named), *numbers]))
    own = [(by_place[mark.claim, mark.start, mark.end], name) for mark, name in named if mark.claim == number]
    places = [_own(sheet, them, name) for them, name in own]
    others = elsewhere(sheet.text, [one.span for one in places])
    offered = [place(sheet, span) for span in others[:OFFERED]]
    return Standing(number, order, places, offered, len(others) - len(offered))


def _own(sheet: Sheet, them: Stood, name: str) -> Place:
    span = Span(them.start, them.end)
    return Place(span, sheet.name(span.start), sheet.text[span.start : span.end], anchor=them.anchor, mark=name)


def elsewhere(text: str, own: Sequence[Span]) -> list[Span]:
    """Where else the very words of the places stand, as whole words, in order."""
    quotes = {text[span.start : span.end].strip() for span in own}
    found = {span for quote in quotes if len(quote) >= SHORTEST for span in find(text, quote)}
    return sorted(
        (span for span in found if _whole_words(text, span) and not any(_meet(span, one) for one in own)),
        key=lambda span: (span.start, span.end),
    )


def _meet(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _whole_words(text: str, span: Span) -> bool:
    """Whether neither end of the span lies within a word: “140” does not stand in “1140”."""
    return not any(
        0 < edge < len(text) and text[edge - 1].isalnum() and text[edge].isalnum() for edge in (span.start, span.end)
    )
