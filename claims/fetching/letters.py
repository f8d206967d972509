"""Letters of foreign bytes: which encoding they are in, and what no database or page can hold taken out."""

import codecs
import re
from typing import Final

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Controls but tab and line feed, half characters, and the two that are no characters.
UNHOLDABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
LINE_END: Final = re.compile("\r\n?|\u2028|\u2029|\x0b|\x0c")
META: Final = re.compile(
    rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_.:-]{1,40})""", re.IGNORECASE
)
PRESCAN: Final = 1024  # bytes in which HTML's standard looks for the encoding's name
# Pages that say the left one mean the right one (the encoding standard's labels).
MEANT: Final = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "latin1": "cp1252", "latin-1": "cp1252",
                "ascii": "cp1252", "us-ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
                "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949",
                "ks_c_5601-1987": "cp949", "iso-8859-9": "cp1254", "tis-620": "cp874"}  # fmt: skip
# Codecs that are no encodings of text, or that ask for more than their input.
TEXT_ONLY: Final = re.compile(
    r"(utf[-_]?(8|16|32)|iso[-_]?8859|cp\d|windows-\d|koi8|mac|gb|big5|euc|shift|iso-?2022|johab|hz|ptcp|kz1048)",
    re.IGNORECASE,
)


def clean(text: str) -> str:
    """`text` with LF as its only line end, and without what no database or page can hold."""
    return UNHOLDABLE.sub("", LINE_END.sub("\n", text))


def decoded(content: bytes, hint: str = "", *, markup: bool = False) -> str:
    """`content` as text, whatever it is: by its mark, as UTF-8 where it is that beyond ASCII, by the `hint` (a charset)
    or its own meta tag, as UTF-8 with a fault or two, as Windows-1252.
    """
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    # what was declared is wrong more often than what reads as UTF-8 is anything else
    if not content.isascii() and (text := _in(content, "utf-8")) is not None:
        return text
    said = META.search(content[:PRESCAN]) if markup else None
    for name in (hint, said[1].decode("ascii") if said else ""):
        if (text := _in(content, name, "replace")) is not None:
            return text
    text = content.decode("utf-8", "replace")
    faults, letters = text.count("\ufffd"), sum(letter > "\x7f" for letter in text)
    return text if letters >= 10 * faults else content.decode("cp1252", "replace")


def _in(content: bytes, name: str, errors: str = "strict") -> str | None:
    """`content` in the encoding of that name; None where there is none, or what it gives is not what was written."""
    name = name.strip().lower()
    if not TEXT_ONLY.match(name):
        return None
    if name.startswith(("utf-16", "utf-32", "utf16", "utf32")) and b"\0" not in content[:PRESCAN]:
        return None  # its words could be read as ASCII
    try:
        return content.decode(MEANT.get(name, name), errors)
    except (UnicodeError, LookupError):
        return None
