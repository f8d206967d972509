"""pdf: PDF/A-2a and PDF/UA-1, every word in it, the same bytes each time."""

import datetime
from typing import Any

import pypdfium2
import pytest

from claims.reports import coverage, pdf
from claims.reports import document as documents
from claims.reports.document import Block, Document
from tests.pure.reports import nasty, sample


def text_of(content: bytes) -> str:
    """What a reader's program finds in the file, without blanks and line ends, which it guesses."""
    file = pypdfium2.PdfDocument(content)
    try:
        return "".join("".join(page.get_textpage().get_text_bounded() for page in file).split())
    finally:
        file.close()


def rendered(document: Document) -> bytes:
    return pdf.render(documents.canonical(document))


def strictly(document: Document) -> bytes:
    """Typeset without the last resort: what the coverage table says has to hold."""
    content = documents.canonical(document)
    report: Any = pdf._each(pdf.paper(document, documents.sha256(content)), coverage.printable)
    return pdf._typeset(report, datetime.datetime.fromisoformat(document["as_of"]))


def each_in_a_claim(strings: list[str]) -> Document:
    """A document in which every string is a block, and every word of its claim."""
    document, at = sample.with_words("x"), 0
    document["claims"], document["version"]["blocks"] = [], []
    document["version"]["text"] = "\n".join(strings)
    for number, words in enumerate(strings, 1):
        claim = sample.with_words(words)["claims"][0]
        claim["number"] = number
        claim["anchors"][0] |= {"start": at, "end": at + len(words), "block": number}
        document["version"]["blocks"].append(Block(kind="paragraph", start=at, end=at + len(words)))
        document["claims"].append(claim)
        at += len(words) + 1
    return document


def test_it_claims_both_standards_is_tagged_and_says_its_language() -> None:
    content = rendered(sample.document())
    marks = (b"<pdfaid:part>2", b"<pdfaid:conformance>A", b"<pdfuaid:part>1", b"/MarkInfo", b"/StructTreeRoot")
    for mark in (*marks, b"/Lang(en)"):
        assert mark in content.replace(b"/Lang (", b"/Lang("), mark


def test_the_same_document_gives_the_same_bytes() -> None:
    assert rendered(sample.document()) == rendered(sample.document())


def test_it_says_what_a_reader_asks_of_a_report() -> None:
    text = text_of(rendered(sample.document(6)))
    for words in (
        "Verification report 3",
        "as of 24 Nov 2026, 17:02, Europe/London",
        "6 claims were logged: 2 decided, 3 not, 1 withdrawn.",
        "Decided while four eyes were off: claim 2.",
        "supports in part",
        "Retracted by Tomasz Wilk",
        "Cut from the text",
        "9f27c1d0" * 8,
        "Made with Galley.",
    ):
        assert "".join(words.split()) in text, words


def test_long_reports_are_set_tight_and_say_the_same() -> None:
    text = text_of(rendered(sample.document(pdf.ROOMY + 1, 5)))
    assert "Claim301" in text
    assert f"{pdf.ROOMY + 1}claimswerelogged" in text


def test_nasty_strings_keep_the_standard_and_none_is_markup() -> None:
    text = text_of(strictly(each_in_a_claim(nasty.NASTY)))
    for words in nasty.NASTY:
        if words.isascii() and words.isprintable():
            assert text.count("".join(words.split())) >= 5, words
    for number in ("⟨U+202E⟩", "⟨U+E000⟩", "⟨U+F0000⟩", "⟨U+001B⟩", "⟨U+FEFF⟩"):
        assert number in text, number


def test_naughty_strings_keep_the_standard_and_none_is_markup() -> None:
    strings = nasty.naughty_strings()
    text = text_of(strictly(each_in_a_claim(strings)))
    for words in strings:
        if words.isascii() and words.isprintable():
            assert "".join(words.split()) in text, words


def test_what_typst_refuses_is_said_and_the_plainest_text_never_is() -> None:
    document = sample.with_words("\ufeff\u0001 中 a\u0591 plain")
    report: Any = pdf.paper(document, "0" * 64)
    at = datetime.datetime.fromisoformat(document["as_of"])
    with pytest.raises(pdf.NotSet, match="disallowed codepoint"):
        pdf._typeset(report, at)
    assert "⟨U+4E2D⟩a⟨U+0591⟩plain" in text_of(pdf._typeset(pdf._each(report, coverage.plain_only), at))
