"""Two newsrooms, each with a row of every kind that an address can name, and what is in them afterwards."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection

from claims.actions import ahead, articles, reports, teams
from claims.models import (
    Act,
    Ahead,
    Anchor,
    Claim,
    Errand,
    Invitation,
    Label,
    Membership,
    Report,
    Source,
    Stash,
    Submission,
    Team,
    User,
)
from tests.captures import failed, kept
from tests.people import TEXT, log, member, person, support


@dataclass
class Newsroom:
    """A team with people of every role; `ids` holds a row for each argument of an address."""

    team: Team
    people: dict[str, User]
    claim: Claim
    ids: dict[str, Any]
    token: str


def newsroom(slug: str) -> Newsroom:
    """Make one."""
    people = {role: person(f"{role}@{slug}.example", f"{role} of {slug}") for role in ("admin", "viewer")}
    team = teams.create_team(name=f"The {slug}", slug=slug, admin=people["admin"])
    member(team, people["viewer"], "viewer")
    for role in ("checker", "reviewer"):
        people[role] = member(team, person(f"{role}@{slug}.example", f"{role} of {slug}"), role)
    article = articles.import_article(actor=people["checker"], team=team, blocks=TEXT, title=f"The {slug}’s bridge")
    claim = log(article, people["checker"], "puts the bill at £31.4 million")
    log(article, people["checker"], "Nobody knows when the lorries will be back.")
    piece = support(claim, people["checker"], title=f"Report of the {slug}")
    invitation, token = teams.invite(actor=people["admin"], team=team, email=f"new@{slug}.example", role="viewer")
    report = reports.issue_report(actor=people["viewer"], article=article)
    capture = kept(piece.source, people["checker"])
    typed = ahead.ask(actor=people["checker"], team=team, url="https://report.example/hw-26-119")
    assert typed is not None
    ids = {
        "article_id": article.pk,
        "number": claim.number,
        "e": piece.number,
        "anchor_id": claim.anchors.get().pk,
        "source_id": piece.source_id,
        "label_id": team.labels.in_force()[0].pk,
        "membership_id": team.memberships.get(user=people["checker"]).pk,
        "invitation_id": invitation.pk,
        "kind": "json",
        "errand_id": failed(piece.source, people["checker"]).pk,
        "ahead_id": typed.pk,
        "proof_id": capture.proofs.get().pk,
    }
    assert report.number == claim.number == capture.number == 1  # `number` stands for all
    return Newsroom(team, people, claim, ids, token)


COUNTED = (Act, Ahead, Anchor, Claim, Errand, Invitation, Label, Membership, Report, Source, Stash, Submission, User)


def written() -> dict[str, int]:
    """How much there is of all that could be written. Domain rows change in acts alone, so acts stand for them."""
    counts = ", ".join(f"(SELECT count(*) FROM {model._meta.db_table})" for model in COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return dict(zip((model.__name__ for model in COUNTED), cursor.fetchone() or (), strict=True))


@pytest.fixture
def ledger(db: None) -> Newsroom:
    """The newsroom whose people try."""
    return newsroom("ledger")


@pytest.fixture
def other(db: None) -> Newsroom:
    """The one that is not theirs."""
    return newsroom("post")
