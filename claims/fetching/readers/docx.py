"""Word files by python-docx: headings, paragraphs and rows of tables as they follow each other.

python-docx opens the file and knows its styles; its parser resolves no entities and asks no network. The words are
taken from the XML itself: python-docx leaves out what was inserted under review, and content controls.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

import docx
from docx.document import Document
from lxml import etree

from claims.fetching.letters import clean
from claims.fetching.readers import Asked, Leaves

W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH, TABLE, ROW, CELL = f"{W}p", f"{W}tbl", f"{W}tr", f"{W}tc"
# Deleted under review, moved away, and what stands twice for old programs.
FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
LEFT_OUT: Final = frozenset({f"{W}del", f"{W}moveFrom", FALLBACK})
BOX: Final = f"{W}txbxContent"
SIGNS: Final = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "\u2011"}
BESIDE: Final = {"footnotes": "footnotes", "endnotes": "endnotes", "comments": "comments", "header": "headers",
                 "footer": "footers"}  # fmt: skip


def read(file: BinaryIO, leaves: Leaves, asked: Asked) -> None:
    """Hands over the body; what stands beside it is named in a note."""
    document = docx.Document(file)
    leaves.say(by="python-docx", title=clean(str(document.core_properties.title or "")))
    headings = _headings(document)
    tables = 0
    walk = etree.iterwalk(document.element.body, events=("start",))
    for _event, element in walk:
        if element.tag in LEFT_OUT:
            walk.skip_subtree()
        elif element.tag == PARAGRAPH:
            leaves.text("", "heading" if _style(element) in headings else "paragraph", _words(element))
        elif element.tag == TABLE:
            tables += 1
            _table(element, tables, leaves)
            walk.skip_subtree()
    _beside(document, leaves)


def _table(table: Any, number: int, leaves: Leaves) -> None:
    for count, row in enumerate(table.iter(ROW), 1):
        cells = [" ".join(_words(paragraph) for paragraph in cell.iter(PARAGRAPH)) for cell in row.iterchildren(CELL)]
        leaves.row(f"Table {number} row {count}", cells)


def _words(paragraph: Any) -> str:
    """A paragraph's own words, without those of boxes that hang on it."""
    return "".join(_pieces(paragraph))


def _pieces(paragraph: Any) -> Iterator[str]:
    walk = etree.iterwalk(paragraph, events=("start",))
    for _event, element in walk:
        if element.tag in LEFT_OUT or element.tag == BOX:
            walk.skip_subtree()
        elif element.tag == f"{W}t":
            yield element.text or ""
        elif element.tag in SIGNS and element.getparent().tag == f"{W}r":
            yield SIGNS[element.tag]


def _headings(document: Document) -> frozenset[str]:
    """The ids of styles that make a heading."""
    styles = document.styles.element.iterchildren(f"{W}style")
    named = ((style.get(f"{W}styleId") or "", style.find(f"{W}name")) for style in styles)
    return frozenset(
        key
        for key, name in named
        if name is not None and (name.get(f"{W}val") or "").lower().startswith(("heading", "title", "subtitle"))
    )


def _style(paragraph: Any) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else style.get(f"{W}val") or ""


def _beside(document: Document, leaves: Leaves) -> None:
    kinds = {str(relation.reltype).rpartition("/")[2] for relation in document.part.rels.values()}
    found = [said for kind, said in BESIDE.items() if kind in kinds]
    if found:
        leaves.note(f"Only the body of the document is read: {', '.join(found)} are left out.")
