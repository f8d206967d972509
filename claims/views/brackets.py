"""A claim's evidence as the panel hangs it: by stance, and what copies one origin on one bracket."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Claim, Evidence, Source
from claims.models.ready import ready
from claims.workflow import NONE, UNKNOWN, Case, Lean, Stance, count_origins

STANCES: tuple[tuple[str, Promise, frozenset[str]], ...] = (
    ("supports", gettext_lazy("Supports"), frozenset({Stance.SUPPORTS, Stance.IN_PART})),
    ("conflicts", gettext_lazy("Conflicts"), frozenset({Stance.CONFLICTS})),
    ("context", gettext_lazy("Context"), frozenset({Stance.CONTEXT})),
)


@dataclass(frozen=True)
class Piece:
    """A piece of evidence, how the rules see it, and what is said of its origin."""

    evidence: Evidence
    lean: Lean
    origin: str = ""

    @property
    def in_part(self) -> bool:
        return self.evidence.stance == Stance.IN_PART

    @property
    def link(self) -> str:
        """The source's address, if a browser may follow it."""
        url = self.evidence.source.url
        return url if url.lower().startswith(("http://", "https://")) else ""

    @property
    def is_captured_or_may_be(self) -> bool:
        """Whether there is a capture to speak of, or an address that could be captured."""
        row: Any = self.evidence
        return bool(self.link or row.captured or row.errand)


@dataclass
class Bracket:
    """Pieces that go back to one origin; without a `name` a piece hangs alone."""

    pieces: list[Piece]
    name: str = ""
    counts: bool = True


@dataclass
class Group:
    """The evidence of one stance: what counts in brackets, and what was retracted."""

    code: str
    name: Promise
    said: str = ""
    brackets: list[Bracket] = field(default_factory=list)
    retracted: list[Piece] = field(default_factory=list)


def read(claim: Claim) -> list[Evidence]:
    """The claim's evidence with all that the panel shows of it, in one query."""
    evidence = _evidence(claim.pk)
    for piece in evidence:
        piece.claim = claim
    return evidence


@ready
def _evidence(claim: int) -> QuerySet[Evidence]:
    rows = Evidence.objects.select_related("source__origin", "source__origin_article", "added_by", "retracted_by")
    return rows.with_capture().filter(claim=claim).order_by("number")


def part(evidence: Sequence[Evidence], case: Case) -> dict[str, Any]:
    """The context of evidence/part.html."""
    return {"groups": groups(evidence, case), "summary": summary(case), "evidence_count": len(evidence)}


def groups(evidence: Sequence[Evidence], case: Case) -> list[Group]:
    """The evidence (of which `case` was made, in the same order) by stance."""
    titles = _titles(evidence, case)
    pieces = [Piece(row, lean, _origin(row, lean, titles)) for row, lean in zip(evidence, case.evidence, strict=True)]
    return [
        _group(code, name, [piece for piece in pieces if piece.evidence.stance in stances], titles)
        for code, name, stances in STANCES
    ]


def summary(case: Case) -> str:
    """“5 sources, 2 origins, 1 unknown”: of all that is not retracted; empty where there is nothing."""
    leans = [lean for lean in case.evidence if not lean.retracted]
    return str(count_origins(leans)) if leans else ""


def _group(code: str, name: Promise, pieces: list[Piece], titles: dict[str, str]) -> Group:
    alive = [piece for piece in pieces if not piece.lean.retracted]
    said = str(count_origins(piece.lean for piece in alive)) if alive else ""
    retracted = [piece for piece in pieces if piece.lean.retracted]
    return Group(code, name, said, list(_brackets(alive, titles)), retracted)


def _brackets(pieces: list[Piece], titles: dict[str, str]) -> Iterator[Bracket]:
    """Brackets in the order of their first pieces."""
    by_origin: dict[str, list[Piece]] = {}
    for piece in pieces:
        alone = piece.lean.origin == UNKNOWN
        by_origin.setdefault(f"alone:{piece.evidence.pk}" if alone else piece.lean.origin, []).append(piece)
    for origin, hung in by_origin.items():
        if origin == NONE:
            yield Bracket(hung, _("this article"), counts=False)
        elif len(hung) > 1:
            yield Bracket(hung, _name(origin, titles))
        else:
            yield Bracket(hung)


def _origin(row: Evidence, lean: Lean, titles: dict[str, str]) -> str:
    """What a piece says of its own origin."""
    if lean.origin == UNKNOWN:
        return _("origin unknown")
    if lean.origin in {NONE, f"source:{row.source_id}"}:
        return ""
    return _("from %(origin)s") % {"origin": _name(lean.origin, titles)}


def _name(origin: str, titles: dict[str, str]) -> str:
    return titles.get(origin) or _("another article")


def _titles(evidence: Sequence[Evidence], case: Case) -> dict[str, str]:
    """What the known origins are called: one query at most, where an origin lies more than a step away."""
    titles: dict[str, str] = {}
    for row in evidence:
        for source in filter(None, (row.source, row.source.origin)):
            titles[f"source:{source.pk}"] = source.title
        if article := row.source.origin_article:
            titles[f"article:{article.pk}"] = article.title
    missing = {lean.origin for lean in case.evidence} - titles.keys() - {NONE, UNKNOWN}
    numbers = [int(key.partition(":")[2]) for key in missing if key.startswith("source:")]
    if numbers:
        titles |= {f"source:{source.pk}": source.title for source in Source.objects.filter(pk__in=numbers)}
    return titles
