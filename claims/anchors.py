"""Quote and position selectors in a text (pure), as in the W3C Web Annotation Data Model.

Positions count Unicode code points from the start of the text; `end` is exclusive.
Source of the selectors: https://www.w3.org/TR/annotation-model/#selectors (TextQuoteSelector, TextPositionSelector).
"""

import re
from dataclasses import dataclass

CONTEXT = 32  # characters of prefix and suffix kept with a quote
# What people type for what typesetters print; each stands for one character.
LOOKALIKES = str.maketrans("“”„‟«»‘’‚‛‹›–—−\u00a0\u202f", "\"\"\"\"\"\"''''''---  ")


@dataclass(frozen=True)
class Selector:
    """The words of an anchor, what stands around them, and where they stand."""

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True)
class Span:
    """A stretch of text: start and end in code points."""

    start: int
    end: int


def select(text: str, start: int, end: int) -> Selector:
    """The selector of text[start:end]; ValueError where that is empty or outside the text."""
    if not 0 <= start < end <= len(text):
        raise ValueError("no such place in the text")
    return Selector(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        start=start,
        end=end,
    )


def find(text: str, quote: str) -> list[Span]:
    """Every place where `quote` stands, in order; the letters must match.

    Looks for the very characters first; failing that, takes any white space for white space and plain quotation
    marks and dashes for the typesetter's.
    """
    quote = quote.strip()
    if not quote:
        return []
    exact = [Span(match.start(), match.end()) for match in re.finditer(f"(?={re.escape(quote)})", text)]
    exact = [Span(span.start, span.start + len(quote)) for span in exact]
    return exact or _find_loosely(text, quote)


def _find_loosely(text: str, quote: str) -> list[Span]:
    words = quote.translate(LOOKALIKES).split()
    pattern = r"\s+".join(re.escape(word) for word in words)
    return [Span(*match.span()) for match in re.finditer(pattern, text.translate(LOOKALIKES))]


def holds(text: str, selector: Selector) -> bool:
    """Whether the selector's exact words stand at its positions."""
    return text[selector.start : selector.end] == selector.exact


def around(text: str, span: Span, width: int = 48) -> tuple[str, str]:
    """What stands before and after a span, cut at a word, for a person to tell places apart."""
    before = text[max(0, span.start - width) : span.start].rpartition("\n")[2]
    after = text[span.end : span.end + width].partition("\n")[0]
    if len(before) == width:
        before = "…" + before.partition(" ")[2]
    if len(after) == width:
        after = after.rpartition(" ")[0] + "…"
    return before, after
