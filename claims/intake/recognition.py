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
from .kinds import CREDIT, furniture_kinds, text_kind
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
    outlet: str = ""
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
    leave_out_author_box(reading, byline)
    published_on, hint = published(reading)
    left_out = reading.texts(kept=False)
    return Found(
        title=title,
        byline=byline,
        outlet=reading.outlet,
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
            outlet = outlet_of(blocks, keep)
            head = heads.head_of_page(blocks, looks, judgement, keep, outlet)
            return Reading(blocks, looks, True, keep, kinds, head, outlet)
    return Reading(blocks, looks, False, [True] * len(blocks), kinds, heads.head_of_draft(blocks, looks))


def outlet_of(blocks: Sequence[Block], keep: Sequence[bool]) -> str:
    """The outlet that the left-out blocks name."""
    left_out = [block.text for block, keeps in zip(blocks, keep, strict=True) if not keeps]
    return outlet_in(left_out, "\n".join(block.text for block in blocks))


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
    following = [place for place in range(at + 1, min(at + 3, len(reading.keep))) if reading.keep[place]]
    after = reading.looks[following[0]] if following else None
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
    block, seen = reading.blocks[at], reading.looks[at]
    if seen.size > names.MOST_WORDS * 2:
        return "standfirst" if reading.keep[at] and is_standfirst(reading, at) else ""
    if signed(reading, at) or (at and heads.is_marker(reading.blocks[at - 1])):
        return "byline"
    if heads.is_date_line(block, seen, reading.language):
        return "date"
    return "standfirst" if is_standfirst(reading, at) and not seen.hinted and not CREDIT.search(block.text) else ""


def is_standfirst(reading: Reading, at: int) -> bool:
    """Whether a line between title and text leads into it: kept anyway, or a sentence right below the title.

    In a draft a short first paragraph stands there as well; only a byline or date below tells the two apart.
    """
    seen, head = reading.looks[at], reading.head
    if head.title is None or not head.title < at < head.body or seen.size < 6:
        return False
    if not reading.page:
        return any(signs(reading, below) for below in range(at + 1, head.body))
    return reading.keep[at] or (at == head.title + 1 and (seen.ends or seen.size >= 9))


def signs(reading: Reading, at: int) -> bool:
    """Whether the line at `at` tells author or day."""
    dated = heads.is_date_line(reading.blocks[at], reading.looks[at], reading.language)
    return dated or bool(signed(reading, at))


def signed(reading: Reading, at: int) -> str:
    """Who the line at `at` says wrote the text; a name alone counts below the title of a draft, or beside a date."""
    block, title = reading.blocks[at], reading.head.title
    if heads.is_marker(block) and at + 1 < len(reading.blocks):
        return names.byline_in(f"{block.text} {reading.blocks[at + 1].text}")
    named = heads.byline(block)
    if named or title is None or at <= title or not names.is_full_name(block.text):
        return named
    beside = [place for place in (at - 1, at + 1) if place < len(reading.blocks)]
    beside_date = any(
        heads.is_date_line(reading.blocks[place], reading.looks[place], reading.language) for place in beside
    )
    draft = not reading.page and at <= title + 2
    return names.cased(block.text.strip(names.MARKS)) if draft or beside_date else ""


def first_byline(reading: Reading) -> str:
    """Who wrote the text: the line nearest below the title first."""
    head = reading.head
    start = head.title if head.title is not None else head.body
    for at in sorted(head.lines(), key=lambda at: (at < start, abs(at - start))):
        named = signed(reading, at)
        if named:
            return named
    return ""


def leave_out_author_box(reading: Reading, byline: str) -> None:
    """Leave out a page's lines about its author, which stand last and begin with the name."""
    if not reading.page or not byline:
        return
    last = [at for at, keeps in enumerate(reading.keep) if keeps and at != reading.head.title][-3:]
    for at in last:
        if reading.blocks[at].text.startswith(byline) and at > reading.head.body:
            reading.kinds[at], reading.keep[at] = "byline", False


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
            days = enumerate(dates.dates_in(line, reading.language))
            found += [(rank, place, day, words) for place, (day, words) in days]
    if not found:
        return None, ""
    _rank, _place, day, words = min(found)
    return day, words


def numbered(reading: Reading) -> Iterator[FoundBlock]:
    """The blocks as they are handed on."""
    for at, block in enumerate(reading.blocks):
        yield FoundBlock(at + 1, reading.kinds[at], block.text, reading.keep[at])
