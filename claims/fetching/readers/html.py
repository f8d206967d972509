"""HTML: the main text and headings by trafilatura, else all that stands on the page by lxml.

The parser asks no network, resolves no entities but HTML's own letters, and goes 256 elements deep.
"""

import signal
import sys
from collections.abc import Iterable, Iterator
from types import FrameType
from typing import Any, BinaryIO, Final

import lxml.html
from lxml import etree

from claims.fetching.letters import clean, decoded
from claims.fetching.readers import Asked, Leaves, Refused

# trafilatura guesses languages with it where it is there, which costs a fifth of a second and 100 MB, and nobody asks
sys.modules.setdefault("py3langid", None)  # type: ignore[arg-type]
import trafilatura.core  # noqa: E402

UNSEEN: Final = ("script", "style", "template", "noscript", "iframe", "object", "svg", "math", "select", "textarea")
HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
BLOCKS: Final = frozenset({
    *HEADINGS, "p", "div", "ul", "ol", "li", "dl", "dt", "dd", "table", "tr", "td", "th", "section", "article", "main",
    "aside", "header", "footer", "nav", "figure", "figcaption", "blockquote", "pre", "form", "fieldset", "address",
    "hr", "details", "summary", "body", "caption", "legend", "center",
})  # fmt: skip
# In a row that holds one of these, cells lay the page out.
LAYOUT: Final = ("table", "div", "p", "h1", "h2", "h3", "ul", "ol")
# Of the time that reading may take, what trafilatura may.
SHARE: Final = 0.6
# Place, kind, and the text or the cells.
Leaf = tuple[str, str, list[str]]
BREAK: Final = "\0"  # no tree holds one
# Elements of trafilatura's and of HTML that begin a line within a leaf.
BREAKS: Final = frozenset({"lb", "br", "p", "head", "quote", "list", "item", "row", "cell", "div", "li"})


class TooLong(BaseException):
    """Not for trafilatura, which catches every Exception."""


def read(file: BinaryIO, leaves: Leaves, asked: Asked) -> None:
    """Hands over the main text where there is one, else the whole."""
    content = file.read()
    tree = _parsed(decoded(content, asked.charset, markup=True).replace("\0", ""), leaves)
    leaves.say(title=clean(" ".join((tree.findtext(".//title") or "").split())))
    main = _main(tree, asked.seconds * SHARE)
    found: Iterable[Leaf]
    if main is not None:
        leaves.say(by="trafilatura")
        leaves.note("This is the main text of the page; menus and the like are left out.")
        found = _with_headline(tree, list(_main_leaves(main)))
    else:
        leaves.say(by="lxml")
        leaves.note("No main text was found: this is all that stands on the page.")
        found = _all(tree)
    for place, kind, texts in found:
        if kind == "row":
            leaves.row(place, texts)
        else:
            leaves.text(place, kind, texts[0])
    if not leaves.count:
        leaves.note("There is no text on the page; it may be one that scripts fill.")


def _parsed(text: str, leaves: Leaves) -> Any:
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        tree = lxml.html.document_fromstring(text.encode(errors="replace"), parser=parser)
    except etree.ParserError:
        raise Refused("empty") from None
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
        leaves.note("A part of the page is left out: it is nested more than 256 deep, or a word of it is endless.")
    return tree


# --- the main text --------------------------------------------------------------------------------------------------


def _main(tree: Any, seconds: float) -> Any:
    """The body that trafilatura finds; None where it finds nothing, fails, or takes too long."""
    signal.signal(signal.SIGALRM, _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        found = trafilatura.core.bare_extraction(tree, include_comments=False, favor_recall=True)
    except (TooLong, Exception):  # a page that it cannot take is read whole
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    body = getattr(found, "body", None)
    # where it is at a loss, it puts the whole page into one paragraph
    return body if body is not None and len(body) > 1 else None


def _ring(number: int, frame: FrameType | None) -> None:
    raise TooLong


def _main_leaves(body: Any) -> Iterator[Leaf]:
    tables = 0
    for element in body:
        if element.tag == "table":
            tables += 1
            for number, row in enumerate(element.iter("row"), 1):
                yield f"Table {tables} row {number}", "row", [_line(cell) for cell in row.iterchildren("cell")]
        elif element.tag == "list":
            for item in element.iter("item"):
                yield "", "paragraph", [_lines(item, without="list")]
        else:
            yield "", ("heading" if element.tag == "head" else "paragraph"), [_lines(element)]
        if element.tail and element.tail.strip():
            yield "", "paragraph", [" ".join(element.tail.split())]


def _with_headline(tree: Any, found: list[Leaf]) -> list[Leaf]:
    """The leaves with the page's headline before them, which trafilatura takes for a title and leaves out."""
    headline = tree.find(".//h1")
    text = "" if headline is None else _line(headline)
    if not text or any(text in " ".join(texts) for _place, _kind, texts in found):
        return found
    return [("", "heading", [text]), *found]


def _lines(element: Any, without: str = "") -> str:
    """An element's text, a line where the page breaks one; that of `without` in it is left for its own turn."""
    pieces = [element.text or ""]
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, inner in walk:
        if inner is element:
            continue
        if event == "start" and inner.tag == without:
            walk.skip_subtree()
        elif event == "start":
            pieces += [BREAK if inner.tag in BREAKS else "", inner.text or ""]
        else:
            pieces += [BREAK if inner.tag in BREAKS and inner.tag not in {"lb", "br"} else "", inner.tail or ""]
    return "".join(pieces).replace(BREAK, "\n") if element.tag in {"code", "pre"} else _joined(pieces)


def _joined(pieces: list[str]) -> str:
    """The pieces in one, a line for each break; line ends and runs of blanks in the source are one blank."""
    lines = (" ".join(line.split()) for line in "".join(pieces).split(BREAK))
    return "\n".join(line for line in lines if line)


def _line(cell: Any) -> str:
    return " ".join(_lines(cell).split())


# --- all of it ------------------------------------------------------------------------------------------------------


def _all(tree: Any) -> Iterator[Leaf]:
    """Every text of the page by the blocks it stands in."""
    etree.strip_elements(tree, *UNSEEN, with_tail=False)
    body = tree.find("body")
    pieces: list[str] = []
    kind, tables, rows = "paragraph", 0, 0
    walk = etree.iterwalk(tree if body is None else body, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if tag in BLOCKS or tag == "head":
            yield from _block(kind, pieces)
            pieces, kind = [], "heading" if event == "start" and tag in HEADINGS else "paragraph"
        if event == "end":
            pieces.append(element.tail or "")
        elif tag == "head":
            walk.skip_subtree()
        elif tag == "table":
            tables, rows = tables + 1, 0
        elif tag == "tr" and next(element.iter(*LAYOUT), None) is None:
            rows += 1
            yield f"Table {tables} row {rows}", "row", [_line(cell) for cell in element.iterchildren("td", "th")]
            walk.skip_subtree()
        else:
            pieces += [BREAK if tag == "br" else "", element.text or ""]
    yield from _block(kind, pieces)


def _block(kind: str, pieces: list[str]) -> Iterator[Leaf]:
    text = _joined(pieces).strip()
    if text:
        yield "", kind, [text]
