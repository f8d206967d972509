"""The report as html: one file that stands alone. No script, nothing fetched, one style allowed by its hash."""

import base64
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from claims.reports.document import Document, read, sha256
from claims.reports.sheet import Sheet, sheet

MEDIA_TYPE = "text/html; charset=utf-8"
CSS = Path(__file__).resolve().parents[2] / "static" / "css"
LAYERS = ("reset", "tokens", "base", "components/mark", "components/report", "utilities")
LONGEST_TIE = 24  # letters of the first word that stay beside a claim's number


def render(content: bytes) -> bytes:
    """The stored document as a page of its own."""
    document = read(content)
    with translation.override(document["language"]):
        context = {"report": page(document, sha256(content)), "style": mark_safe(style()), "policy": policy()}  # noqa: S308
        text = render_to_string("reports/standalone.html", context)
    # a browser would read a bare CR as LF
    return text.replace("\r", "&#13;").encode()


def page(document: Document, fingerprint: str = "") -> Sheet:
    """The sheet with what html needs beside: marks as events, links that are safe to follow, sections by name."""
    report = sheet(document, fingerprint)
    with translation.override(document["language"]):
        report["sections"] = [
            {"name": _("Claims decided"), "findings": report.pop("decided")},
            {"name": _("Claims not decided"), "findings": report.pop("pending")},
            {"name": _("Claims withdrawn"), "findings": report.pop("withdrawn")},
        ]
    for block in report["blocks"]:
        block["events"] = events(block["pieces"])
    for source in report["sources"]:
        source["href"] = safe_link(source["url"])
    for fact in report["facts"]:
        fact["href"] = safe_link(fact["value"]) if fact["kind"] == "url" else ""
    return report


def safe_link(url: str) -> str:
    """The address where a browser may follow it: http and https alone; else empty."""
    return url if url.lower().startswith(("http://", "https://")) else ""


def events(pieces: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Marks to open and close, numbers with the word they hang on, and text, in the order of a page.

    A mark is `cut` where it needs no sign of its end: it goes on after another that cut it, or ends where that does.
    """
    told: list[dict[str, Any]] = []
    opened: list[dict[str, Any]] = []
    for piece in [*pieces, {"marks": [], "text": "", "begins": []}]:
        marks = piece["marks"]
        common = 0
        while common < min(len(opened), len(marks)) and opened[common]["opens"] is marks[common]:
            common += 1
        for depth, mark in enumerate(opened[common:]):
            mark["cut"] = depth > 0 or mark["opens"] in marks
            told.append({"closes": True})
        opened[common:] = [{"opens": mark} for mark in marks[common:]]
        told += [*opened[common:], *_told(piece)]
    return told


def _told(piece: dict[str, Any]) -> Iterable[dict[str, Any]]:
    text = piece["text"]
    if piece["begins"]:
        first = text.split(maxsplit=1)[0][:LONGEST_TIE] if text[:1].strip() else ""
        yield {"begins": piece["begins"], "text": first}
        text = text[len(first) :]
    if text:
        yield {"text": text}


# --- its style and its policy -----------------------------------------------------------------


@cache
def style() -> str:
    """The house's own style sheets, those that a report needs, in their layers."""
    order = ", ".join(name.rpartition("/")[2] for name in LAYERS)
    sheets = [_layer(name.rpartition("/")[2], (CSS / f"{name}.css").read_text()) for name in LAYERS]
    sheets.append(_layer("report", (Path(__file__).parent / "standalone.css").read_text()))
    return "\n".join([f"@layer {order};", *sheets])


def _layer(name: str, text: str) -> str:
    return f"@layer {name} {{\n{text}}}"


@cache
def policy() -> str:
    """The file's Content Security Policy: nothing but its one style."""
    digest = base64.b64encode(hashlib.sha256(style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
