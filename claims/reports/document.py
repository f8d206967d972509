"""The frozen document: what a report holds, its canonical bytes, and what counts as a change.

Every format is a rendering of these bytes. Times are UTC in ISO 8601 with microseconds, dates ISO 8601, positions code
points, hashes lower-case hex; codes are those of claims.workflow. docs/report.md tells the same in words.
"""

import hashlib
import json
from typing import Any, NotRequired, TypedDict, cast

import rfc8785

FORMAT = "galley-report/1"
# What a new report must differ in: its number and the ends of its streams always do.
NOT_STATE = ("number", "as_of", "heads")


class Person(TypedDict):
    """Who did something: the person's id and their name as it was at the report's issue."""

    id: int
    name: str


class Member(Person):
    """Somebody who worked on the article: their role in the team (empty: no member now) and what they did."""

    role: str
    did: list[str]


class Word(TypedDict):
    """A verdict: the label's name and its meaning."""

    meaning: str
    name: str


class Label(Word):
    """A label of the scale; `retired` where it is only on older decisions."""

    explanation: str
    retired: bool


class Team(TypedDict):
    """The newsroom."""

    name: str
    slug: str
    timezone: str


class Article(TypedDict):
    """The piece that was checked."""

    id: int
    title: str
    byline: str
    outlet: str
    published_on: str | None
    language: str
    url: str
    stage: str
    deadline: str | None


class Block(TypedDict):
    """A piece of the text: heading, paragraph, quote or caption."""

    kind: str
    start: int
    end: int


class Version(TypedDict):
    """The text, whole, with its hash over UTF-8."""

    number: int
    sha256: str
    text: str
    blocks: list[Block]
    created_at: str
    created_by: Person


class Policy(TypedDict):
    """The team's rules at the report's issue."""

    four_eyes: bool
    high_risk_origins: int
    scale: list[Label]


class Tally(TypedDict):
    """How many claims bear a verdict."""

    meaning: str
    name: str
    claims: int


class Counts(TypedDict):
    """Claims in all, by status, and decided ones by verdict in the order of the scale."""

    claims: int
    by_status: dict[str, int]
    by_verdict: list[Tally]


class Anchor(TypedDict):
    """A place of a claim; `block` counts from 1 and is 0 where the place is of another version."""

    version: int
    start: int
    end: int
    block: int
    exact: str
    prefix: str
    suffix: str


class Origins(TypedDict):
    """Sources that count, their known independent origins, undeclared ones, and those that go back to the article."""

    sources: int
    origins: int
    unknown: int
    none: int


class Retraction(TypedDict):
    """That evidence no longer stands."""

    at: str
    by: Person
    reason: str


class Evidence(TypedDict):
    """A piece of evidence; `source` is a number in the document's sources, `origin` a key that equal origins share."""

    number: int
    stance: str
    source: int
    quote: str
    locator: str
    note: str
    origin: str
    added_by: Person
    added_at: str
    retracted: Retraction | None


class Ruling(TypedDict):
    """A proposal or a decision; `answers` is a decision's proposal, by its place among the rulings from 1."""

    deed: str
    verdict: Word
    rationale: str
    proposed_wording: str
    searched: str
    by: Person
    at: str
    answers: NotRequired[int]
    four_eyes: NotRequired[bool]


class Claim(TypedDict):
    """A claim with all that it rests on and all that was ruled on it, in order."""

    number: int
    status: str
    since: str
    status_by: Person
    reason: str
    verdict: Word | None
    statement: str
    kind: str
    said_by: str
    reported_by: str
    risk: str
    assigned_to: Person | None
    logged_by: Person
    logged_at: str
    anchors: list[Anchor]
    supports: Origins
    conflicts: Origins
    evidence: list[Evidence]
    rulings: list[Ruling]


class Source(TypedDict):
    """A source that evidence of the report leans on; numbered by first use."""

    number: int
    id: int
    title: str
    url: str
    publisher: str
    kind: str
    published_on: str | None
    origin_kind: str
    origin: str
    origin_title: str


class Head(TypedDict):
    """The end of a stream of the trail before the report's own act."""

    stream: str
    seq: int
    hash: str


class Document(TypedDict):
    """A verification report. `language` is that of its words, the article has its own."""

    format: str
    made_with: str
    language: str
    number: int
    as_of: str
    team: Team
    article: Article
    version: Version
    policy: Policy
    people: list[Member]
    counts: Counts
    claims: list[Claim]
    sources: list[Source]
    heads: list[Head]


def canonical(document: Document) -> bytes:
    """The document's bytes after RFC 8785: equal documents have equal bytes."""
    return rfc8785.dumps(cast("dict[str, Any]", document))


def read(content: bytes) -> Document:
    """The document that canonical bytes hold."""
    return cast("Document", json.loads(content))


def sha256(content: bytes) -> str:
    """The fingerprint of a report's bytes, in hex."""
    return hashlib.sha256(content).hexdigest()


def state(document: Document) -> str:
    """The hash of what the report shows, without number and ends of streams: equal where nothing has changed."""
    shown = {name: value for name, value in document.items() if name not in NOT_STATE}
    return sha256(rfc8785.dumps(cast("dict[str, Any]", shown)))
