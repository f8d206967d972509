"""Strings that want to be something else, and the rules by which a field may refuse one."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django import forms

from claims.forms.fields import Line
from tests.pure.reports.nasty import NASTY

UNKEEPABLE = re.compile("[\0\ud800-\udfff]")
# What a browser, a database, a regular expression, a parser of headers or a spreadsheet may stumble over.
HOSTILE = [
    "",
    " \t\r\n ",
    "a\0b",
    "\0",
    "\nbegins with a line end",
    "two\r\nlines\rthree",
    "\ufeffa mark of byte order",
    "\u2028\u2029\x0b\x0c\x85",
    "\x1b[31m\x07\x7f\x80\x9f",
    "\ufffe\uffff\U0010ffff",
    "\u202eright to left\u202c",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "%s %d %(name)s %% {0} {name} {{ x }} {% now %}",
    "</textarea></title></script><script>window.ran=1</script>",
    '"><img src=x onerror=window.ran=1>',
    "'; DROP TABLE claims_claim; --",
    "\\' OR 1=1 /*",
    "javascript:alert(1)",
    "http://[::1",
    "http://user:pass@host:99999/\x00",
    "https://a.example/" + "x" * 3000,
    "../../../../etc/passwd",
    "=cmd|' /C calc'!A0",
    "-1",
    "0",
    "9" * 30,
    "9" * 6000,
    "1e309",
    "NaN",
    "१२३",
    "²",
    "0001-01-01",
    "9999-12-31T23:59",
    "2026-02-30",
    "not-a-uuid",
    "null",
    "true",
    "a@b",
    "A" * 300 + "@ledger.example",
    "🙂" * 2000,
    "x" * 20_001,
]


def blns() -> list[str]:
    """The shared list of naughty strings; empty where GALLEY_TEST_DATA names no folder."""
    folder = os.environ.get("GALLEY_TEST_DATA")
    if not folder:
        return []
    found: list[str] = json.loads((Path(folder) / "vectors/blns.json").read_text())
    return found


def everything() -> list[str]:
    """The project's own nasty strings, and the shared ones where they are."""
    return [*NASTY, *blns()]


def as_kept(field: forms.Field, words: str) -> str:
    """What is stored of words that a field takes: line ends as LF; in a line the blanks at its ends are gone."""
    words = words.replace("\r\n", "\n").replace("\r", "\n")
    if not words.strip():
        return ""
    return words.strip() if isinstance(field, Line) else words


def refusal(field: forms.Field, words: str, kind: str = "text") -> str:
    """Why a field may refuse words: its rule, or empty where it has to take them. `kind` is the input's."""
    kept = as_kept(field, words)
    if UNKEEPABLE.search(words):
        return "no database can keep it"
    if not kept:
        return "empty" if field.required else ""
    if isinstance(field, Line) and "\n" in kept:
        return "one line only"
    if len(kept) > (getattr(field, "max_length", None) or len(kept)):
        return "too long"
    return "" if kind not in FORMATS or FORMATS[kind](kept) else "has a format"


def _is_address(words: str) -> bool:
    try:
        parts = urlsplit(words)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"\s", words)
    except ValueError:
        return False


FORMATS = {
    "url": _is_address,
    "email": lambda words: re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", words, re.ASCII) is not None,
}


def packed(words: Iterable[str], field: forms.Field, room: int) -> Iterator[str]:
    """The words a field takes, as many in one text as it has room for; each still stands in it whole."""
    between = " ¦ " if isinstance(field, Line) else "\n"
    text = ""
    for one in words:
        breaks = isinstance(field, Line) and ("\n" in one or "\r" in one)
        if refusal(field, one) or breaks or not one.strip() or len(one) > room:
            continue
        if text and len(text) + len(between) + len(one) > room:
            yield text
            text = ""
        text = f"{text}{between}{one}" if text else one
    if text:
        yield text
