"""The report as csv: a row for each piece of evidence, its claim repeated; a claim without evidence has one row.

What holds for the whole report (its text's hash, policy, ends of the trail) stands in the last columns of every row: a
block above the table would be no table to a spreadsheet.

RFC 4180 with CRLF, every cell quoted, UTF-8 with a byte order mark, times in UTC. What a spreadsheet would take for a
formula gets an apostrophe before it, also within a cell, where one that cuts at semicolons or tabs would see a cell
begin; an apostrophe there gets another: `unguard` takes them off again.
"""

import csv
import io
import re
from collections.abc import Iterator

from claims.reports.document import Claim, Document, Evidence, Ruling, Source, read

MEDIA_TYPE = "text/csv; charset=utf-8; header=present"
BYTE_ORDER_MARK = "\ufeff"
COLUMNS = (
    "report", "text_version", "claim", "status", "verdict", "meaning", "risk", "kind", "quote", "other_quotes",
    "statement", "said_by", "reported_by", "assigned_to", "logged_by", "status_since", "status_by", "status_reason",
    "proposed_by", "proposed_at", "decided_by", "decided_at", "four_eyes", "rationale", "proposed_wording", "searched",
    "evidence", "stance", "source", "source_title", "publisher", "url", "source_kind", "source_published_on", "origin",
    "source_quote", "locator", "note", "added_by", "added_at", "retracted_at", "retracted_by", "retraction_reason",
    "as_of", "text_sha256", "policy_four_eyes", "policy_high_risk_origins", "article_act", "article_hash", "team_act",
    "team_hash",
)  # fmt: skip
# What a spreadsheet may read as a formula, also behind blanks it may drop.
FORMULA = "[\\s\ufeff\u200b\u2060\x00-\x1f]*[=+\\-@＝＋－＠]"
# Both times with the guard's own sign, so that it can be taken off again.
RISKY = re.compile(f"{FORMULA}|[\t\r\n']")
# Where a cell begins for a spreadsheet that takes something else than a comma between cells.
CUT = """(?<=[;,\t|\r\n"])"""
RISKY_WITHIN, GUARDED_WITHIN = re.compile(f"{CUT}(?={FORMULA}|')"), re.compile(f"{CUT}'")


def guard(cell: str) -> str:
    """The cell, with an apostrophe before what a spreadsheet might run, wherever it may see a cell begin."""
    within = RISKY_WITHIN.sub("'", cell)
    return f"'{within}" if RISKY.match(within) else within


def unguard(cell: str) -> str:
    """The cell as it was before the guard."""
    return GUARDED_WITHIN.sub("", cell.removeprefix("'"))


def render(content: bytes) -> bytes:
    """The document as a table, guarded."""
    document, out = read(content), io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows(document):
        writer.writerow([guard(row.get(column, "")) for column in COLUMNS])
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def rows(document: Document) -> Iterator[dict[str, str]]:
    """The table's rows, unguarded; a column that is missing is empty."""
    sources = {source["number"]: source for source in document["sources"]}
    shared = _report(document)
    for claim in document["claims"]:
        told = shared | _claim(claim) | _rulings(claim["rulings"])
        for piece in claim["evidence"]:
            yield told | _evidence(piece, sources[piece["source"]])
        if not claim["evidence"]:
            yield told


def _report(document: Document) -> dict[str, str]:
    """What each row says of the report: its text, the policy it was made under, where the trail stood."""
    version, policy = document["version"], document["policy"]
    told = {
        "report": str(document["number"]),
        "as_of": document["as_of"],
        "text_version": str(version["number"]),
        "text_sha256": version["sha256"],
        "policy_four_eyes": "on" if policy["four_eyes"] else "off",
        "policy_high_risk_origins": str(policy["high_risk_origins"]),
    }
    for head in document["heads"]:
        stream = head["stream"].partition(":")[0]
        told |= {f"{stream}_act": str(head["seq"]), f"{stream}_hash": head["hash"]}
    return told


def _claim(claim: Claim) -> dict[str, str]:
    verdict, assigned, words = claim["verdict"], claim["assigned_to"], [place["exact"] for place in claim["anchors"]]
    return {
        "claim": str(claim["number"]),
        "status": claim["status"],
        "verdict": verdict["name"] if verdict else "",
        "meaning": verdict["meaning"] if verdict else "",
        "risk": claim["risk"],
        "kind": claim["kind"],
        "quote": words[0] if words else "",
        "other_quotes": "\n".join(words[1:]),
        "statement": claim["statement"],
        "said_by": claim["said_by"],
        "reported_by": claim["reported_by"],
        "assigned_to": assigned["name"] if assigned else "",
        "logged_by": claim["logged_by"]["name"],
        "status_since": claim["since"],
        "status_by": claim["status_by"]["name"],
        "status_reason": claim["reason"],
    }


def _rulings(rulings: list[Ruling]) -> dict[str, str]:
    """Who proposed and decided last; the words are the decision's, or the proposal's that came after it."""
    told: dict[str, str] = {}
    for ruling in rulings:
        if ruling["deed"] == "propose":
            told = {"proposed_by": ruling["by"]["name"], "proposed_at": ruling["at"]}
        else:
            told |= {"decided_by": ruling["by"]["name"], "decided_at": ruling["at"]}
            told["four_eyes"] = "on" if ruling.get("four_eyes") else "off"
        told |= {
            "rationale": ruling["rationale"],
            "proposed_wording": ruling["proposed_wording"],
            "searched": ruling["searched"],
        }
    return told


def _evidence(piece: Evidence, source: Source) -> dict[str, str]:
    retracted = piece["retracted"]
    return {
        "evidence": f"E{piece['number']}",
        "stance": piece["stance"],
        "source": f"S{source['number']}",
        "source_title": source["title"],
        "publisher": source["publisher"],
        "url": source["url"],
        "source_kind": source["kind"],
        "source_published_on": source["published_on"] or "",
        "origin": piece["origin"] or "unknown",
        "source_quote": piece["quote"],
        "locator": piece["locator"],
        "note": piece["note"],
        "added_by": piece["added_by"]["name"],
        "added_at": piece["added_at"],
        "retracted_at": retracted["at"] if retracted else "",
        "retracted_by": retracted["by"]["name"] if retracted else "",
        "retraction_reason": retracted["reason"] if retracted else "",
    }
