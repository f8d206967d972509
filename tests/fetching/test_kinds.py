"""Type by content: a table of first bytes, and what a name or a declaration can and cannot change."""

from pathlib import Path

import pytest

from claims.fetching import kinds
from claims.fetching.kinds import Kind, charset, sniff
from tests.fetching import documents


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4\n", Kind("application/pdf", "pdf")),
        (b"\xef\xbb\xbf\r\n%PDF-1.4\n", Kind("application/pdf", "pdf")),
        (documents.word(), Kind(kinds.DOCX, "docx")),
        (documents.workbook({"S": ""}), Kind(kinds.XLSX, "sheet")),
        (documents.calc(), Kind(kinds.ODS, "sheet")),
        (documents.zipped({"a.txt": "x"}), Kind("application/zip", "other")),
        (kinds.OLE, Kind(kinds.XLS, "sheet")),
        (documents.png(1, 1), Kind("image/png", "image")),
        (documents.jpeg(1, 1), Kind("image/jpeg", "image")),
        (documents.webp(1, 1), Kind("image/webp", "image")),
        (b"RIFF\0\0\0\0ACON", Kind(kinds.UNKNOWN, "other")),
        (b"\xff\xfb\x90\x44", Kind("audio/mpeg", "audio")),
        (b"\xff\xf1\x50\x80", Kind("audio/aac", "audio")),
        (b"fLaC\0", Kind("audio/flac", "audio")),
        (b"\0\0\0\x20ftypqt  ", Kind("video/quicktime", "video")),
        (b"\0\0\0\x20ftypheic", Kind("image/heic", "other")),
        (b"<!DOCTYPE html><p>", Kind("text/html", "html")),
        (b"\n <!-- a note --> <HTML>", Kind("text/html", "html")),
        (b"<?xml version='1.0'?><html xmlns='x'>", Kind("text/html", "html")),
        (b"<?xml version='1.0'?><svg xmlns='x'>", Kind("image/svg+xml", "text")),
        (b"<?xml version='1.0'?><rss>", Kind("text/plain", "text")),
        ("\ufeff<!doctype html>".encode("utf-16-be"), Kind("text/html", "html")),
        ("\ufeffplain".encode("utf-16-le"), Kind("text/plain", "text")),
        (b"<pre is what it says, not a tag", Kind("text/plain", "text")),
        (b"BMW sells cars", Kind("text/plain", "text")),
        (b"MZ is short for something", Kind("text/plain", "text")),
        (b"MZ\x90\0", Kind("application/x-msdownload", "other")),
        (b"a\0b", Kind(kinds.UNKNOWN, "other")),
        (b"", Kind(kinds.UNKNOWN, "other")),
    ],
)
def test_first_bytes_say_what_it_is(content: bytes, kind: Kind, tmp_path: Path) -> None:
    assert sniff(content) == kind
    path = tmp_path / "evil.pdf"
    path.write_bytes(content)
    assert sniff(path, "application/octet-stream", "evil.docx") == kind


@pytest.mark.parametrize("declared", ["text/html", "application/pdf", "text/csv", "text/javascript", "image/svg+xml"])
def test_what_has_a_mark_of_its_own_is_never_what_it_was_declared_as(declared: str) -> None:
    for content in (documents.png(1, 1), b"%PDF-1.7\n", b"MZ\x90\0", b"PK\x05\x06", b"GIF89a", b"\0\1\2"):
        assert sniff(content, declared, "x.html") == sniff(content)


@pytest.mark.parametrize(
    ("declared", "name", "kind"),
    [
        ("text/csv; charset=utf-8", "", Kind("text/csv", "csv")),
        ("", "Figures.CSV", Kind("text/csv", "csv")),
        ("", "figures.tsv", Kind("text/csv", "csv")),
        ("text/html", "", Kind("text/plain", "text")),
        ("application/json", "", Kind("application/json", "text")),
        ("text/javascript", "x.js", Kind("text/plain", "text")),
        ("application/pdf", "x.pdf", Kind("text/plain", "text")),
        ("image/png", "x.png", Kind("text/plain", "text")),
    ],
)
def test_among_plain_texts_what_was_declared_decides(declared: str, name: str, kind: Kind) -> None:
    assert sniff(b"a,b\n1,2\n", declared, name) == kind


def test_a_piece_of_html_is_a_page_where_it_was_declared_as_one() -> None:
    assert sniff(b"Hello <em>you</em>", "text/html").family == "html"
    assert sniff(b"Hello <em>you</em>", "", "saved.htm").family == "html"
    assert sniff(b"Hello <em>you</em>").family == "text"


@pytest.mark.parametrize(
    ("declared", "name"),
    [
        ("text/html; charset=UTF-8", "UTF-8"),
        ('text/html; charset="windows-1252"; x=y', "windows-1252"),
        ("text/html", ""),
        ("charset=" + "a" * 1000, "a" * 40),
    ],
)
def test_the_charset_of_a_declaration(declared: str, name: str) -> None:
    assert charset(declared) == name
