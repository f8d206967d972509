"""What an issued report counts, read from its files as an outsider would: the json, the table, the page."""

import csv
import io
import json
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from tests.replay.expected import Counted

GROUPS = {"Supports": "supports", "Conflicts": "conflicts", "Context": "context"}


def from_json(content: bytes) -> Counted:
    """Counted claim by claim; what the document counts itself has to be the same."""
    document = json.loads(content)
    counts, addresses = Counted(), {source["number"]: source["url"] for source in document["sources"]}
    for claim in document["claims"]:
        _add(counts, claim["status"], claim["verdict"]["meaning"] if claim["verdict"] else "")
        counts.stances.update(piece["stance"] for piece in claim["evidence"])
        counts.sources |= {addresses[piece["source"]] for piece in claim["evidence"]}
    assert _own_counts(document) == (counts.claims, counts.open, counts.decided)
    assert set(addresses.values()) == counts.sources
    return counts


def _own_counts(document: dict[str, Any]) -> tuple[int, int, Counter[str]]:
    own = document["counts"]
    verdicts = Counter({tally["meaning"]: tally["claims"] for tally in own["by_verdict"] if tally["claims"]})
    return own["claims"], own["by_status"]["open"], verdicts


def from_csv(content: bytes) -> Counted:
    """A row is a piece of evidence, or a claim without any."""
    counts, seen = Counted(), set()
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
        if row["claim"] not in seen:
            seen.add(row["claim"])
            _add(counts, row["status"], row["meaning"])
        if row["evidence"]:
            counts.stances[row["stance"]] += 1
            counts.sources.add(row["url"])
    return counts


def from_html(content: bytes) -> Counted:
    page = _Page()
    page.feed(content.decode())
    page.close()
    return page.counts


def _add(counts: Counted, status: str, meaning: str) -> None:
    assert status in {"open", "decided"}, status
    counts.claims += 1
    if status == "open":
        counts.open += 1
    else:
        counts.decided[meaning] += 1


class _Page(HTMLParser):
    """The findings of a page: the sign of each, its groups of evidence, and the list of sources."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = Counted()
        self.term = ""
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        classes = given.get("class", "").split()
        if tag == "article":
            self.inside = "finding"
        elif tag == "li" and given.get("id", "").startswith("source-"):
            self.inside = "source"
        elif self.inside == "finding" and tag == "span" and "no" in classes:
            _add(self.counts, given["data-status"], given.get("data-verdict", ""))
        elif self.inside == "finding" and "leaning" in classes:
            self.counts.stances[GROUPS[self.term]] += 1
        elif self.inside == "source" and tag == "a":
            self.counts.sources.add(given["href"])
        elif tag in {"dt", "b"}:
            self.inside = f"{self.inside} {tag}"

    def handle_data(self, data: str) -> None:
        if self.inside == "finding dt":
            self.term = data.strip()
            self.inside = "finding"
        elif self.inside == "finding b":
            self.inside = "finding"
            if data == "supports in part":
                self.counts.stances.update({"supports": -1, "in-part": 1})

    def handle_endtag(self, tag: str) -> None:
        if tag in {"article", "li"}:
            self.inside = ""
        elif tag in {"dt", "b"}:
            self.inside = self.inside.removesuffix(f" {tag}")
