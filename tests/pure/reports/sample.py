"""Documents for the renderers' tests: a small one with everything in it, and one of any number of claims."""

import copy
from typing import Any

from claims.reports.document import (
    Article,
    Block,
    Claim,
    Document,
    Evidence,
    Person,
    Policy,
    Ruling,
    Source,
    Version,
    Word,
)

IFEOMA: Person = {"id": 2, "name": "Ifeoma Brandt"}
TOMASZ: Person = {"id": 3, "name": "Tomasz Wilk"}
AT = "2026-11-24T17:02:03.456789Z"
VERIFIED: Word = {"meaning": "accurate", "name": "Verified"}
NEEDS_FIX: Word = {"meaning": "needs-fix", "name": "Needs fix"}
SCALE = [
    ("accurate", "Verified"),
    ("needs-fix", "Needs fix"),
    ("disputed", "Disputed"),
    ("inaccurate", "Inaccurate"),
    ("unprovable", "Unverifiable"),
    ("not-checkable", "Not checkable"),
]
SENTENCE = "The council closed Kingsmill Bridge to lorries in March 2023, claim {n}, at a cost of £9.8 million. "


def ruling(deed: str, verdict: Word, by: Person, **more: Any) -> Ruling:
    base: dict[str, Any] = {
        "deed": deed,
        "verdict": verdict,
        "rationale": "The order and the press notice of the day agree.",
        "proposed_wording": "",
        "searched": "",
        "by": by,
        "at": AT,
    }
    return {**base, **more}  # type: ignore[typeddict-item, return-value]


def evidence(number: int, source: int, stance: str = "supports", **more: Any) -> Evidence:
    base: dict[str, Any] = {
        "number": number,
        "stance": stance,
        "source": source,
        "quote": "no goods vehicle exceeding 7.5 tonnes shall enter upon Kingsmill Bridge",
        "locator": "p. 2, article 4",
        "note": "",
        "origin": f"source:{source}",
        "added_by": IFEOMA,
        "added_at": AT,
        "retracted": None,
    }
    return {**base, **more}  # type: ignore[typeddict-item, return-value]


def claim(number: int, start: int, end: int, text: str, **more: Any) -> Claim:
    place = {"version": 1, "start": start, "end": end, "block": 1, "exact": text[start:end], "prefix": "", "suffix": ""}
    base: dict[str, Any] = {
        "number": number,
        "status": "decided",
        "since": AT,
        "status_by": TOMASZ,
        "reason": "",
        "verdict": VERIFIED,
        "statement": f"Kingsmill Bridge was closed to heavy goods vehicles, {number}.",
        "kind": "event",
        "said_by": "The Ledger",
        "reported_by": "Nora Vance",
        "risk": "medium",
        "assigned_to": None,
        "logged_by": IFEOMA,
        "logged_at": AT,
        "anchors": [place],
        "supports": {"sources": 1, "origins": 1, "unknown": 0, "none": 0},
        "conflicts": {"sources": 0, "origins": 0, "unknown": 0, "none": 0},
        "evidence": [evidence(1, 1)],
        "rulings": [
            ruling("propose", VERIFIED, IFEOMA),
            ruling("decide", VERIFIED, TOMASZ, answers=1, four_eyes=True),
        ],
    }
    return {**base, **more}  # type: ignore[typeddict-item, return-value]


def source(number: int, **more: Any) -> Source:
    base: dict[str, Any] = {
        "number": number,
        "id": number,
        "title": f"Traffic regulation order 2023/{number}",
        "url": f"https://council.example/orders/{number}",
        "publisher": "Wexcombe City Council",
        "kind": "document",
        "published_on": "2023-03-01",
        "origin_kind": "itself",
        "origin": f"source:{number}",
        "origin_title": "",
    }
    return {**base, **more}  # type: ignore[typeddict-item, return-value]


def document(claims: int = 6, sources: int = 3) -> Document:
    """A document of `claims` claims, a sentence each, ten to a paragraph, three pieces of evidence each."""
    text, spans, blocks = _text(claims)
    made = [_varied(claim(n, start, end, text), sources) for n, (start, end) in enumerate(spans, 1)]
    return {
        "format": "galley-report/1",
        "made_with": "Galley",
        "language": "en",
        "number": 3,
        "as_of": AT,
        "team": {"name": "The Wexcombe Ledger", "slug": "ledger", "timezone": "Europe/London"},
        "article": _article(),
        "version": _version(text, blocks),
        "policy": _policy(),
        "people": [
            {**IFEOMA, "role": "checker", "did": ["imported", "logged", "brought", "proposed"]},
            {**TOMASZ, "role": "reviewer", "did": ["decided"]},
        ],
        "counts": _counts(made),
        "claims": made,
        "sources": [source(number) for number in range(1, sources + 1)],
        "heads": [
            {"stream": "article:7", "seq": 63, "hash": "9f27c1d0" * 8},
            {"stream": "team:1", "seq": 12, "hash": "0377e07d" * 8},
        ],
    }


def _article() -> Article:
    return {
        "id": 7,
        "title": "Kingsmill Bridge repair now to cost £31.4 million",
        "byline": "Nora Vance",
        "outlet": "The Wexcombe Ledger",
        "published_on": "2026-11-28",
        "language": "en-GB",
        "url": "https://ledger.example/kingsmill",
        "stage": "checking",
        "deadline": AT,
    }


def _version(text: str, blocks: list[Block]) -> Version:
    return {
        "number": 1,
        "sha256": "8c1f40aa" * 8,
        "text": text,
        "blocks": blocks,
        "created_at": AT,
        "created_by": IFEOMA,
    }


def _policy() -> Policy:
    return {
        "four_eyes": True,
        "high_risk_origins": 2,
        "scale": [
            {"meaning": meaning, "name": name, "explanation": "As the team says it.", "retired": False}
            for meaning, name in SCALE
        ],
    }


def _text(claims: int) -> tuple[str, list[tuple[int, int]], list[Block]]:
    text, spans, blocks, start = "", [], [], 0
    for n in range(1, claims + 1):
        sentence = SENTENCE.format(n=n)
        spans.append((len(text), len(text) + len(sentence) - 2))
        text += sentence
        if n % 10 == 0 or n == claims:
            text = text[:-1]
            blocks.append(Block(kind="paragraph", start=start, end=len(text)))
            text += "\n"
            start = len(text)
    return text.rstrip("\n"), spans, blocks


def _varied(made: Claim, sources: int) -> Claim:
    """Each sixth claim decided, needing a fix, in review, to check, at recheck, withdrawn."""
    n = made["number"]
    made["evidence"] = [
        evidence(e, (n + e) % sources + 1, stance) for e, stance in enumerate(("supports", "in-part", "conflicts"), 1)
    ]
    match n % 6:
        case 2:
            wording = {"proposed_wording": made["anchors"][0]["exact"].replace("March", "May")}
            made["verdict"] = NEEDS_FIX
            made["rulings"] = [
                ruling("propose", NEEDS_FIX, IFEOMA, **wording),
                ruling("decide", NEEDS_FIX, TOMASZ, answers=1, four_eyes=False, **wording),
            ]
        case 3:
            made |= {"status": "proposed", "verdict": None, "rulings": [ruling("propose", VERIFIED, IFEOMA)]}
        case 4:
            made |= {"status": "open", "verdict": None, "rulings": [], "assigned_to": IFEOMA}
        case 5:
            retracted = {"at": AT, "by": TOMASZ, "reason": "The page was withdrawn by its publisher."}
            made |= {"status": "recheck", "reason": "E1 was retracted"}
            made["evidence"][0]["retracted"] = retracted
        case 0:
            made |= {"status": "withdrawn", "verdict": None, "reason": "Cut from the text", "rulings": []}
    return made


def _counts(claims: list[Claim]) -> Any:
    statuses = [made["status"] for made in claims]
    decided = [made["verdict"]["meaning"] for made in claims if made["status"] == "decided" and made["verdict"]]
    return {
        "claims": len(claims),
        "by_status": {status: statuses.count(status) for status in sorted(set(statuses))},
        "by_verdict": [
            {"meaning": meaning, "name": name, "claims": decided.count(meaning)}
            for meaning, name in SCALE
            if meaning in decided
        ],
    }


def with_words(words: str) -> Document:
    """A document of one claim whose every free text is `words`."""
    made = copy.deepcopy(document(1))
    made["article"] |= {"title": words, "byline": words, "outlet": words, "url": words}
    made["team"]["name"] = words
    made["version"] |= {
        "text": words,
        "blocks": [Block(kind="paragraph", start=0, end=len(words))],
    }
    made["sources"] = [source(1, title=words, url=words, publisher=words)]
    for person in made["people"]:
        person["name"] = words
    made["claims"] = [
        claim(
            1,
            0,
            len(words),
            words,
            **dict.fromkeys(("statement", "said_by", "reported_by", "reason"), words),
            verdict=NEEDS_FIX,
            evidence=[
                evidence(1, 1, quote=words, locator=words, note=words),
                evidence(2, 1, "conflicts", quote=words, retracted={"at": AT, "by": TOMASZ, "reason": words}),
            ],
            rulings=[
                ruling("propose", NEEDS_FIX, IFEOMA, rationale=words, proposed_wording=words, searched=words),
                ruling("decide", NEEDS_FIX, TOMASZ, answers=1, four_eyes=True, rationale=f"{words}!"),
            ],
        )
    ]
    made["policy"]["scale"][0] |= {"name": words, "explanation": words}
    return made
