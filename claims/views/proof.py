"""The article as the desk shows it: its blocks with the marks of its claims, and what the slug says of them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from claims.models import Claim, Version
from claims.models.ready import ready
from claims.templatetags.galley import standing as words_for
from claims.views import highlights, standing
from claims.views.highlights import Closes, Marked, Number, Opens, Place, Run, Step, Tie
from claims.views.standing import Sheet, Standing, Stood
from claims.workflow import STATUS_NAMES, Status

WORK = (Status.OPEN, Status.PROPOSED, Status.RECHECK)
SHOWN_PEOPLE = 3
COLUMNS = (
    "pk", "number", "status", "verdict__meaning", "verdict__name", "proposal__label__meaning", "proposal__label__name",
    "assigned_to__name", "status_by__name", "created_by__name",
    "anchors__pk", "anchors__version", "anchors__start", "anchors__end",
)  # fmt: skip


class Meant(NamedTuple):
    """A label, as far as a sign of it is drawn."""

    meaning: str
    name: str


class Row(NamedTuple):
    """A claim and one of its places, or none."""

    pk: int
    number: int
    status: str
    meaning: str | None
    verdict: str | None
    proposed_meaning: str | None
    proposed: str | None
    assigned_to: str | None
    status_by: str
    created_by: str
    anchor: int | None
    version: int | None
    start: int
    end: int

    @property
    def label(self) -> Meant | None:
        """The verdict that is proposed, or was decided."""
        if self.status == Status.PROPOSED and self.proposed_meaning:
            return Meant(self.proposed_meaning, self.proposed or "")
        if self.status in {Status.DECIDED, Status.RECHECK} and self.meaning:
            return Meant(self.meaning, self.verdict or "")
        return None


@dataclass(frozen=True)
class Look:
    """How claims of one status and label are drawn and said: a page has few of them, however many claims it has."""

    status: str
    label: Meant | None

    @cached_property
    def said(self) -> str:
        """Status and verdict in words."""
        return words_for(self.status, self.label)

    @cached_property
    def status_name(self) -> str:
        return str(STATUS_NAMES[Status(self.status)])

    @cached_property
    def state(self) -> str:
        """What stands over the verdict in the margin; empty where the verdict, or the status alone, says it."""
        return self.status_name if self.label and self.status != Status.DECIDED else ""

    @cached_property
    def word(self) -> str:
        """The one word for it where there is no room: its status, or once it is decided its verdict."""
        return self.label.name if self.label and not self.state else self.status_name

    @cached_property
    def attributes(self) -> SafeString:
        """What the look of its marks and its number hangs on."""
        meaning = format_html(' data-verdict="{}"', self.label.meaning) if self.label else ""
        return format_html(' data-status="{}"{}', self.status, meaning)

    @cached_property
    def sentence(self) -> str:
        """What a link to one of them says, but for the claim's number."""
        return _("Claim %(number)d, %(standing)s")

    @cached_property
    def language(self) -> SafeString:
        """What says that the link is in the page's language, whatever the text's."""
        return format_html(' lang="{}" dir="{}"', get_language() or "en", "rtl" if get_language_bidi() else "ltr")


@dataclass(frozen=True)
class Sign:
    """A claim as it is drawn: its number's ring, the line under its words, and both in words."""

    number: int
    url: str
    look: Look

    @property
    def status(self) -> str:
        return self.look.status

    @property
    def label(self) -> Meant | None:
        return self.look.label

    @cached_property
    def link(self) -> SafeString:
        """Its number in the text, the way to the claim."""
        look = self.look
        said = escape(look.sentence % {"number": self.number, "standing": look.said})
        return SafeString(
            f'<a class="no"{look.attributes} href="{escape(self.url)}"{look.language}>'
            f'<span aria-hidden="true">{self.number}</span><span class="visually-hidden">{said}</span></a>'
        )


@dataclass(frozen=True)
class Drawn:
    """A block ready for its template."""

    at: int
    kind: str
    label: str
    start: int
    words: SafeString
    margin: list[Sign]


class Bar(NamedTuple):
    """A claim, and those that stand before and after it in the text."""

    sign: Sign
    previous: int | None
    next: int | None


@dataclass
class Proof:
    """A version with all its claims; blocks are drawn when they are asked for. `current` is the claim that is open."""

    version: Version
    sheet: Sheet
    rows: Sequence[Row]
    current: int | None = None

    @cached_property
    def signs(self) -> dict[int, Sign]:
        """The claims by their numbers."""
        # one look at the addresses for all claims
        claims = reverse("claim", args=[self.version.article_id, 0]).removesuffix("0/")
        looks: dict[tuple[str, Meant | None], Look] = {}
        signs = {}
        for row in self.rows:
            look = looks.setdefault((row.status, row.label), Look(row.status, row.label))
            signs[row.number] = Sign(row.number, f"{claims}{row.number}/", look)
        return signs

    @cached_property
    def stood(self) -> list[Stood]:
        """The places of this version."""
        here = (row for row in self.rows if row.anchor and row.version == self.version.pk)
        return [Stood(row.number, row.anchor or 0, row.start, row.end) for row in here]

    @cached_property
    def order(self) -> list[int]:
        """The claims' numbers as the text goes; those that stand nowhere in it come last."""
        placed = (place.claim for place, _name in highlights.names(self._places))
        return list(dict.fromkeys([*placed, *self.signs]))

    @property
    def last_number(self) -> int:
        return max(self.signs, default=0)

    @property
    def first_with_work(self) -> int | None:
        """The first claim of the text that waits for somebody."""
        return next((number for number in self.order if self.signs[number].status in WORK), None)

    @property
    def counts(self) -> dict[str, int]:
        """How many claims there are of each status."""
        return Counter(sign.status for sign in self.signs.values())

    @property
    def people(self) -> list[str]:
        """Who has claims of it, then who else worked on them."""
        assigned = [row.assigned_to for row in self.rows if row.assigned_to]
        others = [name for row in self.rows for name in (row.created_by, row.status_by)]
        return list(dict.fromkeys([*assigned, *others]))

    @property
    def shown_people(self) -> list[str]:
        return self.people[:SHOWN_PEOPLE]

    @property
    def more_people(self) -> int:
        return max(0, len(self.people) - SHOWN_PEOPLE)

    def standing(self, number: int) -> Standing:
        """Where a claim stands."""
        return standing.stands(self.sheet, number, self.stood, sorted(self.signs))

    @property
    def bar(self) -> Bar | None:
        """The open claim, else the first of the text, and those beside it; None where there is none."""
        number = self.current or next(iter(self.order), None)
        if number is None:
            return None
        at = self.order.index(number)
        before, after = self.order[at - 1] if at else None, next(iter(self.order[at + 1 :]), None)
        return Bar(self.signs[number], before, after)

    def inside(self, start: int, end: int) -> str:
        """Which claim stands around a stretch of the text, in words; empty where none does."""
        around = (them.claim for them in self.stood if them.start <= start and end <= them.end)
        number = next(around, None)
        return _("claim %(number)d") % {"number": number} if number else ""

    def blocks(self, only: Iterable[int] | None = None) -> list[Drawn]:
        """The blocks, or only those of these indices."""
        wanted = range(len(self.sheet.blocks)) if only is None else sorted(set(only))
        return [self._drawn(at) for at in wanted]

    def blocks_of(self, stretches: Iterable[tuple[int, int]]) -> set[int]:
        """The indices of the blocks that the stretches of the text touch."""
        return {at for start, end in stretches for at in range(self.sheet.at(start), self.sheet.at(end - 1) + 1)}

    @cached_property
    def _places(self) -> list[Place]:
        gone = {number for number, sign in self.signs.items() if sign.status == Status.WITHDRAWN}
        return [Place(them.claim, them.start, them.end, them.claim not in gone) for them in self.stood]

    @cached_property
    def _runs(self) -> list[list[Run]]:
        return highlights.share([(block.start, block.end) for block in self.sheet.blocks], self._places)

    def _drawn(self, at: int) -> Drawn:
        block = self.sheet.blocks[at]
        # a write changes a few blocks: the others need not be marked for it
        marked = highlights.marked(self.sheet.text, (block.start, block.end), self._runs[at])
        margin = [self.signs[number] for number in marked.begins]
        return Drawn(at, block.kind, self.sheet.labels[at], block.start, self._words(marked), margin)

    def words(self, start: int, end: int) -> SafeString:
        """A stretch of the text with the marks of the claims in it, as HTML."""
        here = [place for place in self._places if place.start < end and start < place.end]
        return self._words(highlights.mark(self.sheet.text, [(start, end)], here)[0])

    def _words(self, marked: Marked) -> SafeString:
        """The words with their marks, as HTML."""
        parts: list[str] = []
        cut = _cut(marked.steps)
        for at, step in enumerate(marked.steps):
            match step:
                case Opens():
                    parts.append(self._mark(step, cut=at in cut))
                case Closes():
                    parts.append("</mark>")
                case Tie(numbers, text):
                    links = "".join(self._number(number) for number in numbers)
                    parts.append(f'<span class="tie">{links}{escape(text)}</span>')
                case _:
                    parts.append(escape(step.text))
        return SafeString("".join(parts))

    def _mark(self, step: Opens, *, cut: bool) -> SafeString:
        sign = self.signs[step.claim]
        name = f' id="{escape(step.name)}"' if step.name else ""
        current = ' aria-current="true"' if step.claim == self.current else ""
        ends = " data-cut" if cut else ""
        return SafeString(f'<mark class="hit"{sign.look.attributes} data-claim="{step.claim}"{name}{current}{ends}>')

    def _number(self, number: Number) -> SafeString:
        sign = self.signs[number.claim]
        if not number.name:
            return sign.link
        return format_html('<span class="withdrawn-mark" id="{}">{}</span>', number.name, sign.link)


def _cut(steps: Sequence[Step]) -> set[int]:
    """Which marks need no sign of where they end: another cut them and they go on after it, or ends where they do."""
    cut: set[int] = set()
    last: dict[int, int] = {}
    opened: list[int] = []
    for at, step in enumerate(steps):
        if isinstance(step, Opens):
            if not step.name and step.claim in last:
                cut.add(last[step.claim])
            last[step.claim] = at
            opened.append(at)
        elif isinstance(step, Closes):
            ended = opened.pop()
            if isinstance(steps[at + 1] if at + 1 < len(steps) else None, Closes):
                cut.add(ended)
    return cut


def read(version: Version) -> Proof:
    """The version's proof, in one query."""
    return Proof(version, Sheet(version.text, version.pieces), [Row(*row) for row in _rows(version.article_id)])


@ready
def _rows(article: int) -> QuerySet[Claim, tuple[Any, ...]]:
    return Claim.objects.filter(article_id=article).order_by("number").values_list(*COLUMNS)
