"""From rows to the frozen document: a fixed number of queries, however many claims."""

import datetime
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Prefetch

from claims import models, workflow
from claims.models import Act, Membership, User
from claims.models.sources import links_of
from claims.reports.document import (
    FORMAT,
    Anchor,
    Article,
    Claim,
    Counts,
    Document,
    Evidence,
    Head,
    Label,
    Member,
    Origins,
    Person,
    Ruling,
    Source,
    Version,
    Word,
)
from claims.workflow import CON, PRO, Lean, Link, OriginKind, Status

PATIENCE = 5  # readings; after them somebody is typing faster than a report can be read


def build(article: models.Article) -> Document:
    """Today's document of the article, numbered as the next report would be.

    The ends of the streams are read before and after: a document belongs to the heads between which nothing happened.
    If something happens all the time, the first heads stand: the report covers at least what they cover.
    """
    heads = first = heads_of(article)
    for _reading in range(PATIENCE):
        document = _document(article, heads)
        now = heads_of(article)
        if now == heads:
            return document
        heads = now
    return document | {"heads": first}


def heads_of(article: models.Article) -> list[Head]:
    """The ends of the article's and its team's stream."""
    streams = [article.stream, f"team:{article.team_id}"]
    found = models.Head.objects.filter(stream__in=streams).order_by("stream")
    return [Head(stream=head.stream, seq=head.seq, hash=bytes(head.hash).hex()) for head in found]


def _document(article: models.Article, heads: list[Head]) -> Document:
    # read anew: title, policy and scale belong to the moment of the heads
    article = models.Article.objects.select_related("team").get(pk=article.pk)
    team = article.team
    version = article.versions.select_related("created_by").latest("number")
    labels = list(team.labels.order_by("position", "pk"))
    claims = _Claims(article, version)
    told = claims.told()
    last = article.reports.order_by("-number").values_list("number", flat=True).first()
    return {
        "format": FORMAT,
        "made_with": "Galley",
        "language": settings.LANGUAGE_CODE.partition("-")[0],
        "number": (last or 0) + 1,
        "as_of": _as_of(heads),
        "team": {"name": team.name, "slug": team.slug, "timezone": team.timezone},
        "article": _article(article),
        "version": _version(version),
        "policy": {
            "four_eyes": team.four_eyes,
            "high_risk_origins": team.high_risk_origins,
            "scale": _scale(labels, told),
        },
        "people": _people(team, version, claims.rows),
        "counts": _counts(labels, told),
        "claims": told,
        "sources": claims.sources(),
        "heads": heads,
    }


def _as_of(heads: Iterable[Head]) -> str:
    """The time of the last act that the heads cover."""
    acts = (Act.objects.get(stream=head["stream"], seq=head["seq"]) for head in heads)
    return _utc(max(act.at for act in acts))


def _utc(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _person(user: User) -> Person:
    return {"id": user.pk, "name": str(user)}


def _word(label: models.Label) -> Word:
    return {"meaning": label.meaning, "name": label.name}


def _article(article: models.Article) -> Article:
    return {
        "id": article.pk,
        "title": article.title,
        "byline": article.byline,
        "outlet": article.outlet,
        "published_on": article.published_on.isoformat() if article.published_on else None,
        "language": article.language,
        "url": article.url,
        "stage": article.stage,
        "deadline": _utc(article.deadline) if article.deadline else None,
    }


def _version(version: models.Version) -> Version:
    return {
        "number": version.number,
        "sha256": version.sha256,
        "text": version.text,
        "blocks": [{"kind": block.kind, "start": block.start, "end": block.end} for block in version.pieces],
        "created_at": _utc(version.created_at),
        "created_by": _person(version.created_by),
    }


def _scale(labels: Iterable[models.Label], claims: Iterable[Claim]) -> list[Label]:
    """The labels in force, and the retired ones that a ruling of the report still bears."""
    borne = {tuple(ruling["verdict"].items()) for claim in claims for ruling in claim["rulings"]}
    return [
        {**_word(label), "explanation": label.explanation, "retired": label.retired_at is not None}
        for label in labels
        if label.retired_at is None or tuple(_word(label).items()) in borne
    ]


def _counts(labels: Iterable[models.Label], claims: list[Claim]) -> Counts:
    statuses = [claim["status"] for claim in claims]
    decided = [claim["verdict"] for claim in claims if claim["status"] == Status.DECIDED]
    words = list({(label.meaning, label.name): _word(label) for label in labels}.values())
    return {
        "claims": len(claims),
        "by_status": {status.value: statuses.count(status) for status in Status},
        "by_verdict": [{**word, "claims": decided.count(word)} for word in words],
    }


def _people(team: models.Team, version: models.Version, claims: Iterable[models.Claim]) -> list[Member]:
    """Everybody who worked on the article, in the order of their joining."""
    did: dict[int, set[str]] = {}
    names: dict[int, Person] = {}
    for user, deed in _deeds(version, claims):
        did.setdefault(user.pk, set()).add(deed)
        names[user.pk] = _person(user)
    roles = dict(Membership.objects.filter(team=team, user__in=did).values_list("user", "role"))
    return [{**names[pk], "role": roles.get(pk, ""), "did": sorted(did[pk])} for pk in sorted(did)]


def _deeds(version: models.Version, claims: Iterable[models.Claim]) -> Iterable[tuple[User, str]]:
    yield version.created_by, "imported"
    for claim in claims:
        yield claim.created_by, "logged"
        for piece in claim.evidence.all():
            yield piece.added_by, "brought"
        for proposal in claim.proposals.all():
            yield proposal.proposed_by, "proposed"
        for decision in claim.decisions.all():
            yield decision.decided_by, "decided"


class _Claims:
    """The article's claims, read once, and the sources that their evidence leans on, numbered by first use."""

    def __init__(self, article: models.Article, version: models.Version) -> None:
        self.article = article
        self.starts = [block.start for block in version.pieces]
        self.version = version
        self.rows = list(_rows(article))
        pieces = [piece for claim in self.rows for piece in claim.evidence.all()]
        self.used = {piece.source_id: piece.source for piece in pieces}
        self.numbers = {pk: number for number, pk in enumerate(self.used, 1)}
        self.links: Mapping[int, Link] = links_of(self.used.values())

    def told(self) -> list[Claim]:
        return [self._claim(claim) for claim in self.rows]

    def sources(self) -> list[Source]:
        return [self._source(source) for source in self.used.values()]

    def _claim(self, claim: models.Claim) -> Claim:
        pieces = list(claim.evidence.all())
        return {
            "number": claim.number,
            "status": claim.status,
            "since": _utc(claim.status_since),
            "status_by": _person(claim.status_by),
            "reason": claim.status_reason,
            "verdict": _word(claim.verdict) if claim.verdict else None,
            "statement": claim.statement,
            "kind": claim.kind,
            "said_by": claim.said_by,
            "reported_by": claim.reported_by,
            "risk": claim.risk,
            "assigned_to": _person(claim.assigned_to) if claim.assigned_to else None,
            "logged_by": _person(claim.created_by),
            "logged_at": _utc(claim.created_at),
            "anchors": [self._anchor(anchor) for anchor in claim.anchors.all()],
            "supports": self._count(pieces, PRO),
            "conflicts": self._count(pieces, CON),
            "evidence": [self._evidence(piece) for piece in pieces],
            "rulings": _rulings(claim),
        }

    def _anchor(self, anchor: models.Anchor) -> Anchor:
        here = anchor.version_id == self.version.pk
        return {
            "version": anchor.version.number,
            "start": anchor.start,
            "end": anchor.end,
            "block": max(1, bisect_right(self.starts, anchor.start)) if here else 0,
            "exact": anchor.exact,
            "prefix": anchor.prefix,
            "suffix": anchor.suffix,
        }

    def _origin(self, source: int) -> str:
        return workflow.resolve(source, self.links, self.article.pk)

    def _lean(self, piece: models.Evidence) -> Lean:
        return Lean(
            stance=piece.stance,
            source=piece.source_id,
            origin=self._origin(piece.source_id),
            has_place=bool(piece.quote.strip() or piece.locator.strip()),
            added_by=piece.added_by_id,
            retracted=piece.retracted_at is not None,
        )

    def _count(self, pieces: Iterable[models.Evidence], stances: tuple[str, ...]) -> Origins:
        leans = [self._lean(piece) for piece in pieces if piece.stance in stances]
        count = workflow.count_origins(lean for lean in leans if lean.rests)
        return {"sources": count.sources, "origins": count.origins, "unknown": count.unknown, "none": count.none}

    def _evidence(self, piece: models.Evidence) -> Evidence:
        return {
            "number": piece.number,
            "stance": piece.stance,
            "source": self.numbers[piece.source_id],
            "quote": piece.quote,
            "locator": piece.locator,
            "note": piece.note,
            "origin": self._origin(piece.source_id) or "unknown",
            "added_by": _person(piece.added_by),
            "added_at": _utc(piece.created_at),
            "retracted": {
                "at": _utc(piece.retracted_at),
                "by": _person(piece.retracted_by),
                "reason": piece.retraction_reason,
            }
            if piece.retracted_at and piece.retracted_by
            else None,
        }

    def _source(self, source: models.Source) -> Source:
        titles = {OriginKind.SOURCE: source.origin, OriginKind.ARTICLE: source.origin_article}
        back_to = titles.get(OriginKind(source.origin_kind))
        return {
            "number": self.numbers[source.pk],
            "id": source.pk,
            "title": source.title,
            "url": source.url,
            "publisher": source.publisher,
            "kind": source.kind,
            "published_on": source.published_on.isoformat() if source.published_on else None,
            "origin_kind": source.origin_kind,
            "origin": self._origin(source.pk) or "unknown",
            "origin_title": back_to.title if back_to else "",
        }


def _rows(article: models.Article) -> Iterable[models.Claim]:
    """The claims with all that the document tells of them."""
    sourced = models.Evidence.objects.select_related(
        "source__origin", "source__origin_article", "added_by", "retracted_by"
    )
    return (
        article.claims.select_related("verdict", "status_by", "assigned_to", "created_by")
        .prefetch_related(
            Prefetch("anchors", models.Anchor.objects.select_related("version").order_by("start", "-end", "pk")),
            Prefetch("evidence", sourced.order_by("number")),
            Prefetch("proposals", models.Proposal.objects.select_related("label", "proposed_by").order_by("pk")),
            Prefetch("decisions", models.Decision.objects.select_related("label", "decided_by").order_by("pk")),
        )
        .order_by("number")
    )


def _rulings(claim: models.Claim) -> list[Ruling]:
    """Proposals and decisions in the order in which they were made; a decision knows its proposal by its place."""
    said: list[Any] = [*claim.proposals.all(), *claim.decisions.all()]
    said.sort(key=lambda ruling: (ruling.created_at, isinstance(ruling, models.Decision)))
    places = {ruling.pk: at for at, ruling in enumerate(said, 1) if isinstance(ruling, models.Proposal)}
    return [_ruling(ruling, places) for ruling in said]


def _ruling(ruling: Any, places: Mapping[int, int]) -> Ruling:
    decided = isinstance(ruling, models.Decision)
    told: Ruling = {
        "deed": "decide" if decided else "propose",
        "verdict": _word(ruling.label),
        "rationale": ruling.rationale,
        "proposed_wording": ruling.proposed_wording,
        "searched": ruling.searched,
        "by": _person(ruling.decided_by if decided else ruling.proposed_by),
        "at": _utc(ruling.created_at),
    }
    if decided:
        told["answers"] = places[ruling.proposal_id]
        told["four_eyes"] = ruling.four_eyes
    return told
