"""The report as pdf: PDF/A-2a and PDF/UA-1, set by typst in a child process.

What no shipped font covers stands as ⟨U+XXXX⟩. Typst gets every word as data, so none can become markup.
"""

import datetime
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.reports import coverage
from claims.reports.document import Document, read, sha256
from claims.reports.sheet import Sheet, sheet

MEDIA_TYPE = "application/pdf"
PROGRAM = Path(__file__).with_name("typeset.py")
PATIENCE = 60  # seconds; 1,000 claims take about two
REFUSED = 3
# Without these glibc keeps what the typesetter has freed: 50 MB more for 1,000 claims, in one run of three.
MEMORY = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_TRIM_THRESHOLD_": "65536"}
# Longer than a line may be, and nothing in it that allows a break (Unicode Annex 14).
RUN = re.compile(r"[^\s/?-]{33}")
ROOMY = 300  # claims; a longer report is set tight, to stay within its memory
UNPRINTED = frozenset(
    {"decided", "pending", "withdrawn", "says", "stance", "source", "locator", "added", "in_part", "deed", "share",
     "middle", "x", "width", "as_of_utc", "json_name", "text_hash", "stance_name"}
)  # fmt: skip


LABELS: dict[str, Promise] = {
    "people": gettext_lazy("People"),
    "nobody": gettext_lazy("nobody yet"),
    "standing": gettext_lazy("Where it stands"),
    "changes": gettext_lazy("Required changes"),
    "no_changes": gettext_lazy("None so far."),
    "may_change": gettext_lazy("(may still change)"),
    "text": gettext_lazy("The text, with its claims"),
    "claim": gettext_lazy("Claim"),
    "statement": gettext_lazy("Statement"),
    "places": gettext_lazy("Also stands"),
    "said_by": gettext_lazy("Said by"),
    "reported_by": gettext_lazy("Reported by"),
    "status": gettext_lazy("Status"),
    "with_whom": gettext_lazy("With"),
    "in_part": gettext_lazy("supports in part"),
    "retracted": gettext_lazy("Retracted"),
    "retracted_by": gettext_lazy("Retracted by"),
    "wording": gettext_lazy("Wording"),
    "wording_is": gettext_lazy("Wording:"),
    "searched": gettext_lazy("Searched:"),
    "history": gettext_lazy("History"),
    "logged": gettext_lazy("Logged"),
    "alone": gettext_lazy("four eyes were off"),
    "sources": gettext_lazy("Sources"),
    "no_sources": gettext_lazy("No evidence leans on a source yet."),
    "scale": gettext_lazy("The verdict scale"),
    "check": gettext_lazy("How to check this report"),
    "record": gettext_lazy("Record"),
    "check_record": gettext_lazy(
        "This page is one rendering of a frozen record. The record’s fingerprint covers the text, every claim, "
        "every quote and every ruling named above; the heads say where the trail stood when it was issued."
    ),
    "check_how": gettext_lazy(
        "Ask %(team)s for the json of report %(number)s: its sha256 is the fingerprint. Where Galley runs, this "
        "recomputes the trail and compares it with these heads:"
    ),
    "check_promise": gettext_lazy(
        "It names the first act that does not hold. Any change to an act that this report covers shows; acts made "
        "after it are not covered by it."
    ),
    "made_with": gettext_lazy("Made with Galley."),
}


class NotSet(Exception):
    """The typesetter failed; str() is what it said."""


def render(content: bytes) -> bytes:
    """The stored document in type."""
    document = read(content)
    report = paper(document, sha256(content))
    at = datetime.datetime.fromisoformat(document["as_of"])
    try:
        return _typeset(_each(report, coverage.printable), at)
    except NotSet:
        # a cluster of letters that the coverage table did not foresee: a plainer report is better than none
        return _typeset(_each(report, coverage.plain_only), at)


def _typeset(report: Any, at: datetime.datetime) -> bytes:
    done = subprocess.run(  # our own program, no shell, none of the report's words on the command line
        [sys.executable, "-I", str(PROGRAM), str(int(at.timestamp()))],
        input=json.dumps(report).encode(),
        capture_output=True,
        env=os.environ | MEMORY,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode == REFUSED:
        raise NotSet(done.stderr.decode(errors="replace"))
    done.check_returncode()
    return done.stdout


def _each(value: Any, change: Callable[[str], str]) -> Any:
    """The same structure with every string changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each(part, change) for name, part in value.items()}
    return [_each(part, change) for part in value] if isinstance(value, list) else value


def paper(document: Document, fingerprint: str) -> Sheet:
    """The sheet with what the page needs beside: its labels in words, languages as typst names them."""
    report = sheet(document, fingerprint)
    with translation.override(document["language"]):
        number, text_hash = report["number"], report["text_hash"]
        report |= {
            "labels": _labels(report),
            "long": len(document["claims"]) > ROOMY,
            "lang": _language(report["language"]),
            "text_lang": _language(report["text_language"]),
            "document_title": f"{report['kind']}: {report['title']}",
            "date": _date(document["as_of"]),
            "as_of_line": _("as of %(at)s, %(zone)s") % {"at": report["as_of"], "zone": report["zone"]},
            "footer": _("Report %(number)d · text %(hash)s")
            % {"number": number, "hash": f"{text_hash[:8]}…{text_hash[-4:]}"},
            "people": [_person(person) for person in report["people"]],
            "command": command(report),
            "heads": [{**head, "act": _("act %(seq)d") % {"seq": head["seq"]}} for head in report["heads"]],
            "sections": [
                {"name": _("Claims decided"), "findings": report["decided"]},
                {"name": _("Claims not decided"), "findings": report["pending"]},
                {"name": _("Claims withdrawn"), "findings": report["withdrawn"]},
            ],
        }
    items = [finding for section in report["sections"] for finding in section["findings"]]
    for item in [*items, *report["changes"], *report["blocks"], *report["sources"]]:
        item["unbroken"] = _unbroken(item)
    return cast("Sheet", _without(report, UNPRINTED))


def _without(value: Any, names: frozenset[str]) -> Any:
    """The same structure without some keys: what the page does not print would only cost memory."""
    if isinstance(value, dict):
        return {name: _without(part, names) for name, part in value.items() if name not in names}
    return [_without(part, names) for part in value] if isinstance(value, list) else value


def _unbroken(value: Any) -> bool:
    """Whether a run of letters stands in it that is longer than a line may be."""
    if isinstance(value, str):
        return RUN.search(value) is not None
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_unbroken(part) for part in parts)


def command(report: Sheet) -> str:
    """How to check the report where Galley runs."""
    return f"python manage.py verify_trail --article {report['article_id']} --against {report['json_name']}"


def _person(person: dict[str, str]) -> str:
    did = f": {person['did']}" if person["did"] else ""
    return f"{person['name']} ({person['role']}){did}"


def _date(at: str) -> dict[str, int]:
    moment = datetime.datetime.fromisoformat(at)
    parts = ("year", "month", "day", "hour", "minute", "second")
    return {part: getattr(moment, part) for part in parts}


def _language(tag: str) -> str:
    """The language of a BCP 47 tag as typst takes it: two or three letters; English where there is none."""
    found = re.match(r"([A-Za-z]{2,3})(?![A-Za-z])", tag)
    return found[1].lower() if found else "en"


def _labels(report: Sheet) -> dict[str, str]:
    asked = {"team": report["team"], "number": report["number"]}
    labels = {name: str(label) for name, label in LABELS.items()}
    return labels | {"check_how": labels["check_how"] % asked}
