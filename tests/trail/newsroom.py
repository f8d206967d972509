"""A committed newsroom to attack: made once a module, and emptied after it."""

import hashlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from claims.actions import articles, captures, claims, errands, evidence, reports, sources, teams, verdicts
from claims.fetching.sandbox import Part
from claims.models import Article, Capture, Claim, Evidence, Label, Membership, Source, Team, User
from claims.roles import Role
from claims.trail.verify import WATCHED
from tests import cluster
from tests.people import TEXT, log, member, person, support, verdict
from verify.database import owner

TABLES = [
    *(f"public.{table}" for table in WATCHED),
    "public.claims_reportdocument",
    "public.claims_part",
    "trail.act",
    "trail.change",
    "trail.head",
]


@dataclass
class Newsroom:
    """Who and what is there to be attacked; `names` fills the statements' placeholders."""

    team: Team
    other: Team
    article: Article
    claim: Claim
    evidence: Evidence
    user: User
    names: dict[str, int] = field(default_factory=dict)


def build() -> Newsroom:
    """A team with an article, a decided claim, one in review, one that was taken up and withdrawn; and another team."""
    admin, checker, reviewer = (
        person(f"{name}@ledger.example", name.title()) for name in ("margit", "ifeoma", "tomasz")
    )
    team = teams.create_team(name="Ledger", slug="ledger", admin=admin)
    other = teams.create_team(name="Post", slug="post", admin=person("ken@post.example", "Ken"))
    member(team, checker, Role.CHECKER)
    member(team, reviewer, Role.REVIEWER)
    article = articles.import_article(actor=checker, team=team, blocks=TEXT, title=TEXT[0][1])
    decided, review, back = (log(article, checker, quote) for quote in ("eleven months", "£31.4 million", "Box 212"))
    piece = support(decided, checker, title="Report HW/26/118")
    for claim in (decided, review):
        support(claim, checker, title="Minute book")
        verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    verdicts.decide(actor=reviewer, claim=decided, verdict=verdict(team))
    claims.edit_claim(actor=checker, claim=back, statement="The room is called Box 212.", risk="high")
    verdicts.withdraw(actor=checker, claim=back, reason="No fact")
    evidence.retract(actor=checker, evidence=support(review, checker, stance="context"), reason="Off the point")
    sources.edit_source(actor=checker, source=piece.source, reason="As printed", title="Report HW/26/118, final")
    teams.invite(actor=admin, team=team, email="new@ledger.example", role="viewer")
    captured(piece.source, checker)
    reports.issue_report(actor=reviewer, article=article)
    room = Newsroom(team, other, article, Claim.objects.get(pk=decided.pk), piece, checker)
    room.names = names_of(room)
    return room


def captured(source: Source, actor: User) -> Capture:
    """A file of the source with two pages, as a worker keeps it, and an archive's word on it."""
    content = f"%PDF of {source}".encode()
    pages = tuple(Part(number, f"p. {number}", "page", f"Page {number} of {source}") for number in (1, 2))
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.pdf"
        file.write_bytes(content)
        with file.open("rb") as sent:
            received = captures.receive(actor=actor, source=source, file=sent, name=file.name)
        errand = captures.ask_upload(actor=actor, source=source, received=received)
        facts = {"media_type": "application/pdf", "captured_at": errand.asked_at, "tool": "Galley"}
        sha256 = hashlib.sha256(content).hexdigest()
        capture = errands.keep(errand, errands.Brought(file, sha256, len(content), facts, pages))
        said = {"kind": "archive", "authority": "archive.example", "media_type": "application/json"}
        errands.prove(capture, "capture.archive", file, sha256, **said)
    return capture


def names_of(room: Newsroom) -> dict[str, int]:
    """The ids that statements of attack name."""
    return {
        "team": room.team.pk,
        "other": room.other.pk,
        "article": room.article.pk,
        "claim": room.claim.pk,
        "evidence": room.evidence.pk,
        "source": room.evidence.source_id,
        "capture": Capture.objects.get(source=room.evidence.source_id).pk,
        "user": room.user.pk,
        "version": room.article.latest_version().pk,
        "label": Label.objects.filter(team=room.team).earliest("pk").pk,
        "label2": Label.objects.filter(team=room.team).latest("pk").pk,
        "member": Membership.objects.get(team=room.team, user=room.user).pk,
        "anchor": room.claim.anchors.get().pk,
    }


@pytest.fixture(scope="module")
def newsroom(django_db_setup: None, django_db_blocker: Any) -> Iterator[Newsroom]:
    """Committed rows, for connections of their own."""
    with django_db_blocker.unblock():
        try:
            yield build()
        finally:
            cluster.empty()


def web() -> psycopg.Connection[Any]:
    """A connection of its own as the web role, each statement its own transaction."""
    return _connect({})


def as_owner() -> psycopg.Connection[Any]:
    """A connection of its own as the owner."""
    return _connect(owner())


def _connect(login: dict[str, Any]) -> psycopg.Connection[Any]:
    settings = connection.settings_dict | {name: login[name] for name in ("USER", "PASSWORD") if name in login}
    given = {"host": settings["HOST"], "port": settings["PORT"] or None, "dbname": settings["NAME"]}
    # as the project's own: what a role set for itself, here or in a parallel run, comes after the connection's
    login_pins = "-c search_path=public"
    return psycopg.connect(
        **given, user=settings["USER"], password=settings["PASSWORD"], autocommit=True, options=login_pins
    )


def picture(tables: list[str] = TABLES) -> dict[str, str]:
    """What stands in each table, as a digest: equal pictures, equal rows."""
    with connection.cursor() as cursor:
        seen = {}
        for table in tables:
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) FROM {table} t")
            (seen[table],) = cursor.fetchone()
    return seen
