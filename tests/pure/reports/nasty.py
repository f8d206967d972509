"""Strings that want to be something else: markup, formulas, code, or no string at all."""

import json
import os
import re
from pathlib import Path

import pytest

REFUSED = re.compile("[\\0\ud800-\udfff]")
NASTY = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "]]><img src=x onerror=alert(1)>",
    "<!-- <b>bold</b> -->",
    "&lt;b&gt; &amp; &#39; &nbsp;",
    "javascript:alert(1)",
    "\" onmouseover=\"alert(1)",
    "' autofocus onfocus='alert(1)",
    "{{ report }} {% include 'base.html' %} {# gone #}",
    "#set page(fill: red); #panic() $x^2$ *bold* _it_ `raw` @ref <label> https://a.example",
    "#read(\"/etc/passwd\")",
    "\\u{1F600} \\n \\\\ //comment /* comment */",
    "= heading\n== heading\n- list\n+ list\n/ term: x",
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", " =cmd|' /C calc'!A0", "＝1+1", "＋1", "－1", "＠x", "\ufeff=1",
    "'=1", "'", "''quoted''",
    "a\n=1+1", "\n=1", "a,b;c\td\"e\"\nf",
    "  blanks   inside  and at the end  ",
    "łódź Łukasz Ødegård İstanbul ſtraße",
    "ليلى حداد", "לילה", "中文字体測試ひらがな한국어", "ภาษาไทย", "हिन्दी", "Ελληνικά", "Кириллица",
    "👨‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 ☎️",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "a\u0591b e\u0316 \u0300 alone",
    "\u202eright to left\u202c \u2066isolated\u2069",
    "\u0001\u0002\u0007\u001b[31mred\u009b",
    "private \ue000 \U000f0000 unassigned \u0378 noncharacter \ufffe \uffff",
    "zero\u200bwidth\u200d\u2060\ufeff",
    "soft\u00adhyphen",
    "line\u2028paragraph\u2029separators",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ﷽ ꧅ 𒐫",
    "x" * 3000,
]  # fmt: skip


def shared(path: str) -> Path:
    """A file of the shared test data; skips where GALLEY_TEST_DATA does not say where it is."""
    folder = os.environ.get("GALLEY_TEST_DATA")
    if not folder:
        pytest.skip("GALLEY_TEST_DATA is not set: no shared test data here")
    return Path(folder) / path


def naughty_strings() -> list[str]:
    """The shared list of naughty strings, but for those that Galley refuses: empty, with NUL, with lone surrogates."""
    found: list[str] = json.loads(shared("vectors/blns.json").read_text())
    return [words for words in found if words and not REFUSED.search(words)]
