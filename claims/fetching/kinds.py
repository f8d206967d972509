"""What kind of file it is, by what stands in its first bytes: never by its name, and by what was declared only
among plain texts, which have no mark of their own.

Signatures are those of the MIME sniffing standard and of the formats' own specifications. Nothing is parsed here.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from claims.fetching import letters

Family = Literal["pdf", "docx", "sheet", "csv", "html", "text", "image", "audio", "video", "other"]
HEAD: Final = 4096
UNKNOWN: Final = "application/octet-stream"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLSB: Final = "application/vnd.ms-excel.sheet.binary.macroenabled.12"
XLS: Final = "application/vnd.ms-excel"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"


@dataclass(frozen=True)
class Kind:
    """A media type, and the family whose reader reads it."""

    media_type: str
    family: Family


# Offset, bytes there, media type, family. The first that fits.
SIGNATURES: Final[tuple[tuple[int, bytes, str, Family], ...]] = (
    (0, b"%PDF-", "application/pdf", "pdf"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png", "image"),
    (0, b"\xff\xd8\xff", "image/jpeg", "image"),
    (0, b"GIF87a", "image/gif", "image"),
    (0, b"GIF89a", "image/gif", "image"),
    (0, b"BM", "image/bmp", "other"),
    (0, b"II*\0", "image/tiff", "other"),
    (0, b"MM\0*", "image/tiff", "other"),
    (0, b"\0\0\1\0", "image/x-icon", "other"),
    (0, b"ID3", "audio/mpeg", "audio"),
    (0, b"fLaC", "audio/flac", "audio"),
    (0, b"OggS", "audio/ogg", "audio"),
    (0, b"MThd\0\0\0\6", "audio/midi", "audio"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm", "video"),
    (0, b"\0\0\1\xba", "video/mpeg", "video"),
    (0, b"\0\0\1\xb3", "video/mpeg", "video"),
    (0, b"FLV\1", "video/x-flv", "video"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "video/x-ms-asf", "video"),
    (0, b"{\\rtf", "application/rtf", "other"),
    (0, b"%!PS", "application/postscript", "other"),
    (0, b"\x1f\x8b", "application/gzip", "other"),
    (0, b"BZh", "application/x-bzip2", "other"),
    (0, b"\xfd7zXZ\0", "application/x-xz", "other"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd", "other"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", "other"),
    (0, b"Rar!\x1a\7", "application/vnd.rar", "other"),
    (0, b"MSCF", "application/vnd.ms-cab-compressed", "other"),
    (257, b"ustar", "application/x-tar", "other"),
    (0, b"MZ", "application/x-msdownload", "other"),
    (0, b"\x7fELF", "application/x-executable", "other"),
    (0, b"\xca\xfe\xba\xbe", "application/x-mach-binary", "other"),
    (0, b"\xcf\xfa\xed\xfe", "application/x-mach-binary", "other"),
    (0, b"\0asm", "application/wasm", "other"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3", "other"),
    (0, b"PK\x05\x06", "application/zip", "other"),
)
RIFF: Final[dict[bytes, Kind]] = {
    b"WEBP": Kind("image/webp", "image"),
    b"WAVE": Kind("audio/wav", "audio"),
    b"AVI ": Kind("video/x-msvideo", "video"),
}
# Brands of ISO media files that are not video.
BRANDS: Final[dict[bytes, Kind]] = {
    b"M4A ": Kind("audio/mp4", "audio"),
    b"M4B ": Kind("audio/mp4", "audio"),
    b"avif": Kind("image/avif", "other"),
    b"heic": Kind("image/heic", "other"),
    b"mif1": Kind("image/heif", "other"),
    b"qt  ": Kind("video/quicktime", "video"),
}
# Bytes that no text has (the MIME sniffing standard's "binary data bytes").
BINARY: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
MARKUP: Final = re.compile(
    r"<(!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link|section|article)"
    r"[\s>/]",
    re.IGNORECASE,
)
BEFORE_MARKUP: Final = re.compile(r"(\s+|<!--.{0,2000}?-->|<\?xml.{0,200}?\?>)*", re.DOTALL)
SVG: Final = re.compile(r"<(!doctype )?svg[\s>:]", re.IGNORECASE)
# Texts that are named by who sends them; all are read as plain text.
SAID_TEXTS: Final = frozenset({
    "text/markdown", "text/xml", "application/xml", "application/json", "application/rss+xml", "application/atom+xml",
    "application/ld+json", "text/calendar", "text/vcard",
})  # fmt: skip


def sniff(content: Path | bytes, declared: str = "", name: str = "") -> Kind:
    """The kind of a file, or of its first bytes; `declared` is a Content-Type, `name` a file's name."""
    head = content[:HEAD] if isinstance(content, bytes) else _head(content)
    said = declared.partition(";")[0].strip().lower()
    return _by_signature(head) or _text(head, said, name.lower()) or Kind(UNKNOWN, "other")


def charset(declared: str) -> str:
    """The charset that a Content-Type names, or ""."""
    found = re.search(r"""charset\s*=\s*["']?([A-Za-z0-9_.:-]{1,40})""", declared[:500], re.IGNORECASE)
    return found[1] if found else ""


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _by_signature(head: bytes) -> Kind | None:
    # PDF readers look past a mark and blank lines; nothing else may stand before
    if head.removeprefix(b"\xef\xbb\xbf").lstrip(b"\t\n\r\f ").startswith(b"%PDF-"):
        return Kind("application/pdf", "pdf")
    if head.startswith(b"RIFF"):
        return RIFF.get(head[8:12])
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], Kind("video/mp4", "video"))
    if head.startswith(ZIP):
        return _zip(head)
    if head.startswith(OLE):
        # old Excel, or a locked file of today's: what stands in it is the reader's to find out
        return Kind(XLS, "sheet")
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2:
        return Kind("audio/mpeg", "audio")
    if len(head) > 3 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return Kind("audio/aac", "audio")
    for offset, mark, media_type, family in SIGNATURES:
        if head.startswith(mark, offset):
            return None if mark in {b"BM", b"MZ", b"BZh"} and not BINARY.search(head) else Kind(media_type, family)
    return None


def _zip(head: bytes) -> Kind:
    """A guess by the names in a zip's first entries; its reader looks at them all."""
    if head.startswith(b"mimetype", 30):
        return Kind(ODS, "sheet") if ODS.encode() in head[:120] else Kind("application/zip", "other")
    if b"word/" in head:
        return Kind(DOCX, "docx")
    if b"xl/" in head:
        return Kind(XLSX, "sheet")
    # the reader says what it is, where it is no Word file
    return Kind(DOCX, "docx") if b"[Content_Types].xml" in head else Kind("application/zip", "other")


def _text(head: bytes, said: str, name: str) -> Kind | None:
    marked = head.startswith(tuple(mark for mark, _encoding in letters.MARKS))
    start = letters.decoded(head)
    binary = BINARY.search(head) is not None and not marked
    begin = start[BEFORE_MARKUP.match(start).end() :]  # type: ignore[union-attr]  # it fits the empty string
    page = said in {"text/html", "application/xhtml+xml"} or name.endswith((".html", ".htm", ".xhtml"))
    # a page is one even with a nought in it
    if MARKUP.match(begin) or (page and "<" in start and not binary):
        return Kind("text/html", "html")
    if binary or not head:
        return None
    if SVG.match(begin):
        return Kind("image/svg+xml", "text")
    if said in {"text/csv", "text/tab-separated-values"} or name.endswith((".csv", ".tsv")):
        return Kind("text/csv", "csv")
    return Kind(said if said in SAID_TEXTS else "text/plain", "text")
