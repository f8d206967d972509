"""Tables, texts and pictures that want more than to be read; and files that are two kinds at once."""

import struct

from tests.fetching import documents
from tests.fetching.hostile import bombs, offices, pdfs
from tests.fetching.hostile.case import READ, a
from tests.fetching.hostile.pages import SCRIPT, page


def segments(count: int) -> bytes:
    """A JPEG with so many segments before its picture."""
    return documents.jpeg(8, 8, before=b"\xff\xe1\x00\x02" * count)


def two_kinds_gif() -> bytes:
    """A picture that is a script as well."""
    return b"GIF89a/*\x01\x00\x00\x00*/=1;alert(document.cookie)//"


def pdf_that_is_a_page() -> bytes:
    """A PDF with a page in its first lines."""
    return pdfs.built().replace(b"%PDF-1.7\n", b"%PDF-1.7\n" + SCRIPT + b"\n", 1)


def zip_that_is_a_page() -> bytes:
    """A page with a Word file behind it."""
    return page("<p>Front</p>") + documents.word()


def pdf_that_is_a_zip() -> bytes:
    """A PDF with a Word file behind it."""
    return pdfs.built() + documents.word()


def tar() -> bytes:
    """The head of a tar archive."""
    return b"../../etc/passwd".ljust(257, b"\0") + b"ustar\x0000" + b"\0" * 300


def png_with_a_bomb() -> bytes:
    """A picture whose colour profile unpacks to a gigabyte."""
    whole = documents.png(4, 4)
    profile = documents.chunk(b"iCCP", b"x\0\0" + bombs.deflated(1000, raw=False))
    return whole[:33] + profile + whole[33:]


def cut_webp() -> bytes:
    """The first half of a WebP's head."""
    return documents.webp(5, 5)[:24]


def webp_of(form: bytes) -> bytes:
    """A WebP of that form, and nothing in it."""
    return b"RIFF" + struct.pack("<I", 30) + b"WEBP" + form + b"\0" * 26


TEXTS = (
    a("csv with a quote that never ends", b'a,b\n"' + b"x,\n" * 500_000, READ, "", "text/csv"),
    a("csv of a million columns", b"a," * 1_000_000 + b"\n", READ, "first 256 cells", "text/csv"),
    a("csv of 6,000 rows", b"a,b\n" * 6_000, READ, "at most 5,000 rows", "text/csv"),
    a("csv of delimiters alone", b",;\t|" * 100_000, READ, "", "text/csv"),
    a("csv of quotes alone", b'"' * 1_000_000, "read", "", "text/csv"),
    a("csv that takes sniffers long", b'"' + b'",\n"' * 20_000 + b"'x", READ, "", "text/csv"),
    a("csv of a mark alone", b"\xef\xbb\xbf", "empty", "", "text/csv"),
    a("csv of blank lines", b"\r\n" * 10_000, "empty", "nothing in the file", "text/csv"),
    a("csv with noughts", b"a,b\n\0,\0\n", "wrong-type", "application/octet-stream", "text/csv"),
    a("csv of half letters", "a,b\n\ud800,c\n".encode("utf-16-le", "surrogatepass"), "wrong-type", "", "text/csv"),
    a(
        "csv of UTF-16 with half letters",
        "\ufeffa,b\n\ud800,c\n".encode("utf-16-le", "surrogatepass"),
        READ,
        "",
        "text/csv",
    ),
    a("csv with commands", b"=cmd|' /C calc'!A0,+1,-1,@SUM(1)\n", READ, "", "text/csv"),
    a("text of one line of 10 MB", b"x" * 10_000_000, READ, "at most 5,000,000 characters"),
    a("text of 6,000 paragraphs", b"x\n\n" * 6_000, READ, "at most 5,000 rows"),
    a("text of blank lines and blanks", b"x" + b" \n\t\n" * 1_000_000 + b"y", READ),
    a("text of broken UTF-8", b"caf\xc3 \xff\xfe\xf8\x88\x80", READ),
    a("text of UTF-32 that is none", b"\xff\xfe\0\0" + b"\xff\xff\xff\xff" * 100, "read or empty"),
    a("text that turns letters round", "abc\u202egnp.exe\u2066".encode(), READ),
    a("text that drives a terminal", b"\x1b[2J\x1b]0;owned\x07", "wrong-type"),
    a("text of brackets of JSON", b"[" * 1_000_000, READ, "", "application/json"),
    a("xml that reads a file", lambda: (offices.DTD + "<w>&x;</w>").encode(), READ, "", "text/xml"),
    a("xml of laughs", lambda: (offices.LAUGHS + "<w>&l9;</w>").encode(), READ, "", "application/xml"),
    a(
        "drawing with a script",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        READ,
        "",
        "image/svg+xml",
    ),
)


PICTURES = (
    a("png of 2,147,483,647 squared", lambda: documents.png(2**31 - 1, 2**31 - 1), READ, "fill the memory"),
    a("png of nought by nought", lambda: documents.png(0, 0), "broken", "nought"),
    a("png of a signature", b"\x89PNG\r\n\x1a\n", "truncated", "ends in the middle"),
    a("png cut in its header", lambda: documents.png(4, 4)[:20], "truncated"),
    a("png that begins with its end", b"\x89PNG\r\n\x1a\n" + documents.chunk(b"IEND", b"") + b"\0" * 32, "broken"),
    a("png with a packed gigabyte", png_with_a_bomb, READ),
    a("jpeg of 65,535 squared", lambda: documents.jpeg(65535, 65535), READ, "fill the memory"),
    a("jpeg of a hundred thousand segments", lambda: segments(100_000), "broken", "no end of segments"),
    a("jpeg with a segment of nothing", b"\xff\xd8\xff\xe1\x00\x00", "broken"),
    a("jpeg cut before its picture", lambda: documents.jpeg(9, 9)[:22], "truncated"),
    a("jpeg of markers alone", b"\xff\xd8" + b"\xff" * 100_000, "broken or truncated"),
    a("jpeg with something between", b"\xff\xd8\xff\xe0\x00\x02xx", "broken"),
    a("webp cut in its head", cut_webp, "truncated"),
    a("webp of no form", lambda: webp_of(b"EVIL"), "broken"),
    a("webp of 16,777,216 squared", lambda: documents.webp(2**24, 2**24), READ, "fill the memory"),
    a("gif cut in its head", b"GIF89a\x01", "truncated"),
)


IN_DISGUISE = (
    a("picture that is a script", two_kinds_gif, READ, "", "text/javascript"),
    a("pdf that is a page", pdf_that_is_a_page, READ, "", "text/html"),
    a("pdf that is a word file", pdf_that_is_a_zip, READ),
    a("page that is a word file", zip_that_is_a_page, READ),
    a(
        "program called a word file",
        b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff",
        "wrong-type",
        "application/x-msdownload",
        "application/msword",
    ),
    a(
        "program of Linux called a PDF",
        b"\x7fELF\2\1\1" + b"\0" * 60,
        "wrong-type",
        "application/x-executable",
        "application/pdf",
    ),
    a("word file called a PDF", documents.word, READ, "declared as application/pdf", "application/pdf"),
    a(
        "page called a workbook",
        page("<p>Sign in"),
        READ,
        "declared as application/vnd.ms-excel",
        "application/vnd.ms-excel",
    ),
    a("gzip called a CSV", b"\x1f\x8b\x08\0\0\0\0\0", "wrong-type", "application/gzip", "text/csv"),
    a("archive that climbs out", tar, "wrong-type", "application/x-tar"),
    a("archive of RAR", b"Rar!\x1a\x07\x01\0", "wrong-type"),
    a("archive of 7z", b"7z\xbc\xaf\x27\x1c\0\4", "wrong-type"),
    a("rich text with an object", b"{\\rtf1{\\object\\objdata 01050000}}", "wrong-type", "application/rtf"),
    a("postscript that deletes", b"%!PS\n(/etc/passwd) deletefile", "wrong-type"),
    a("database called a text", b"SQLite format 3\0" + b"\0" * 84, "wrong-type", "", "text/plain"),
    a("program for browsers", b"\0asm\1\0\0\0", "wrong-type", "application/wasm", "text/html"),
    a("noise", bytes(range(256)) * 64, "wrong-type", "application/octet-stream"),
    a("nothing", b"", "empty"),
)
