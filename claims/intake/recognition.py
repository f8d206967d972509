"""From a text's blocks to what was found: which are kept, what each is, and the facts the text tells of itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from . import dates, heads, names
from .blocks import Block
from .features import Look, look
from .found import Found, FoundBlock
from .furniture import PAGE, judged
from .furniture import kept as kept_of
from .heads import Head
from .kinds import furniture_kinds, text_kind
from .language import language_of
from .origin import address_in, outlet_in

FEWEST: Final = 5  # blocks of a page; fewer are no page, whatever they look like
MOST_WEIGHED: Final = 6_000  # blocks; a longer text is no page, and is kept whole
SAMPLE: Final = 40  # blocks that are enough to tell the language


@dataclass
class Reading:
    """A text on its way: `page` tells whether furniture was looked for; `kinds` are of kept and left-out alike."""

    blocks: Sequence[Block]
    looks: list[Look]
    page: bool
    keep: list[bool]
    kinds: list[str]
    head: Head
    language: str = ""

    def texts(self, kept: bool) -> list[str]:
        """The texts of all blocks that are kept, or left out."""
        return [block.text for block, keeps in zip(self.blocks, self.keep, strict=True) if keeps is kept]


def recognised(blocks: Sequence[Block]) -> Found:
    """What was found in a text of at least one block."""
    reading = weighed(blocks)
    reading.language = language_of("\n".join(reading.texts(kept=True)[:SAMPLE]))
    reading.head = below_byline(reading)
    name_kinds(reading)
    title = blocks[reading.head.title].text if reading.head.title is not None else ""
    byline = first_byline(reading)
    published_on, hint = published(reading)
    left_out = reading.texts(kept=False)
    return Found(
        title=title,
        byline=byline,
        outlet=outlet_in(left_out, "\n".join(block.text for block in blocks)),
        published_on=published_on,
        published_hint=hint,
        language=reading.language,
        url=address_in([block.text for block in blocks[:3]], left_out, title),
        blocks=list(numbered(reading)),
    )


def weighed(blocks: Sequence[Block]) -> Reading:
    """Which blocks are article, and where it begins."""
    looks = [look(block) for block in blocks]
    kinds = ["paragraph"] * len(blocks)
    if FEWEST <= len(blocks) <= MOST_WEIGHED:
        judgement = judged(blocks)
        keep = kept_of(blocks, judgement.article)
        if judgement.page > PAGE and any(keep):
            return Reading(blocks, looks, True, keep, kinds, heads.head_of_page(blocks, looks, judgement, keep))
    return Reading(blocks, looks, False, [True] * len(blocks), kinds, heads.head_of_draft(blocks, looks))


def below_byline(reading: Reading) -> Head:
    """The head, with the byline in it where that stands below the first sentence (which then is a standfirst)."""
    head = reading.head
    for at in range(head.body + 1, min(head.body + 4, len(reading.blocks) - 1)):
        if reading.looks[at].size <= names.MOST_WORDS and heads.byline(reading.blocks[at]):
            return replace(head, body=at + 1)
    return head


def name_kinds(reading: Reading) -> None:
    """Set the kind of every block, and keep or leave out what the head says."""
    kept = [at for at, keeps in enumerate(reading.keep) if keeps]
    body = range(reading.head.body, kept[-1] + 1 if kept else 0)
    outside = list(furniture_kinds(reading.looks, body))
    for at, keeps in enumerate(reading.keep):
        reading.kinds[at] = kind_inside(reading, at, kept) if keeps else outside[at]
    name_head(reading)


def kind_inside(reading: Reading, at: int, kept: Sequence[int]) -> str:
    """The kind of a kept block."""
    if reading.blocks[at].markup == "marks":
        return "other"
    before = reading.looks[at - 1] if at and reading.keep[at - 1] else None
    after = next((reading.looks[next_] for next_ in range(at + 1, min(at + 3, len(reading.keep))) if reading.keep[next_]), None)
    return text_kind(reading.blocks[at], reading.looks[at], before, after)


def name_head(reading: Reading) -> None:
    """Title, standfirst, byline and date; and the title's copies, which are left out."""
    head, title = reading.head, reading.head.title
    for at in head.lines():
        line_kind = head_kind(reading, at)
        if line_kind and at != title:
            reading.kinds[at] = line_kind
            reading.keep[at] = line_kind == "standfirst" or not reading.page
    if title is None:
        return
    reading.keep[title], reading.kinds[title] = True, "title"
    if reading.page:
        for at in range(head.body):
            if at != title and reading.blocks[at].text == reading.blocks[title].text:
                reading.keep[at], reading.kinds[at] = False, "menu"


def head_kind(reading: Reading, at: int) -> str:
    """What a line of the head is, "" where it is what it would be elsewhere."""
    block, seen, title = reading.blocks[at], reading.looks[at], reading.head.title
    if seen.size > names.MOST_WORDS * 2:
        return "standfirst" if title is not None and at == title + 1 and at < reading.head.body and reading.keep[at] else ""
    if heads.byline(block) or bare_name(reading, at):
        return "byline"
    if heads.is_date_line(block, seen, reading.language):
        return "date"
    below = title is not None and title < at < reading.head.body
    return "standfirst" if below and reading.keep[at] and seen.size >= 6 and not seen.hinted else ""


def bare_name(reading: Reading, at: int) -> bool:
    """Whether a draft has a name alone in a line below its title."""
    title = reading.head.title
    return not reading.page and title is not None and at in (title + 1, title + 2) and names.is_full_name(reading.blocks[at].text)


def first_byline(reading: Reading) -> str:
    """Who wrote the text: the line nearest below the title first."""
    head = reading.head
    start = head.title if head.title is not None else head.body
    for at in sorted(head.lines(), key=lambda at: (at < start, abs(at - start))):
        named = heads.byline(reading.blocks[at])
        if named:
            return named
        if bare_name(reading, at):
            return names.cased(reading.blocks[at].text.strip(names.MARKS))
    return ""


def published(reading: Reading) -> tuple[date | None, str]:
    """The day of publication and the words it was read from: in the head, below the title first, "updated" last."""
    head = reading.head
    start = head.title if head.title is not None else head.body
    found = []
    for at in head.lines():
        line = reading.blocks[at].text
        if reading.looks[at].size <= names.MOST_WORDS:
            updated = bool(dates.UPDATED.search(line)) and not dates.PUBLISHED.search(line)
            rank = (not dates.PUBLISHED.search(line), updated, at < start, abs(at - start))
            found += [(rank, place, day, words) for place, (day, words) in enumerate(dates.dates_in(line, reading.language))]
    if not found:
        return None, ""
    _rank, _place, day, words = min(found)
    return day, words


def numbered(reading: Reading) -> Iterator[FoundBlock]:
    """The blocks as they are handed on."""
    for number, (block, kind, keep) in enumerate(zip(reading.blocks, reading.kinds, reading.keep, strict=True), start=1):
        yield FoundBlock(number, kind, block.text, keep)
