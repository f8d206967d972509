"""The text of a capture, leaf by leaf: pages, paragraphs, or tables of rows; so much of it at once as a page holds."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Page, Paginator

from claims.models import Capture, Part

ROW = "row "  # between a table's name and the number of a row, as the readers write places
PAGES, PIECES = 10, 200  # of a document with pages, and of any other, at once


@dataclass(frozen=True)
class Leaf:
    """What stands at one place: text, or the rows of a table that follow each other."""

    place: str
    parts: list[Part]

    @property
    def is_table(self) -> bool:
        return self.parts[0].kind == "row"

    @property
    def is_heading(self) -> bool:
        return self.parts[0].kind == "heading"

    @property
    def text(self) -> str:
        return "\n".join(part.text for part in self.parts)

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """Of a table: the number of each row and its cells."""
        return [(part.place.rpartition(ROW)[2], part.cells) for part in self.parts]


@dataclass(frozen=True)
class Leaves:
    """A stretch of a capture's text, and the stretches beside it."""

    page: "Page[Part]"

    @classmethod
    def of(cls, capture: Capture, number: str | None) -> "Leaves":
        parts = Part.objects.of_capture(capture)
        first = parts.first()
        size = PAGES if first is not None and first.kind == "page" else PIECES
        return cls(Paginator(parts, size).get_page(number))

    def __iter__(self) -> Iterator[Leaf]:
        for table, run in groupby(self.page.object_list, key=_table_of):
            if table is None:
                yield from (Leaf(part.place, [part]) for part in run)
            else:
                yield Leaf(table, list(run))

    @property
    def first_place(self) -> str:
        return self.page.object_list[0].place if self.page.object_list else ""

    @property
    def last_place(self) -> str:
        return list(self.page.object_list)[-1].place if self.page.object_list else ""


def _table_of(part: Part) -> str | None:
    """The name of the table that a row stands in; None for what is no row."""
    return part.place.rpartition(ROW)[0].strip() if part.kind == "row" else None
