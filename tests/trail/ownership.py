"""The newsroom in the hands of the database's owner, who can turn every guard off."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from claims.actions import claims, reports, sources, teams, verdicts
from claims.models import Act, Claim, Source, User
from claims.trail import erase
from claims.trail.verify import GUARDS, verify
from tests.people import support, verdict
from tests.trail.mutations import Place, every, run
from tests.trail.newsroom import Newsroom
from verify.database import as_owner

# those that touch acts and their records need room that two indexes do not give
KEYS = ("act", "act_pkey"), ("change", "change_pkey")


def guards(word: str) -> None:
    """Turn all guards on or off."""
    run("; ".join(f"ALTER TABLE {table} {word} TRIGGER USER" for table in GUARDS))


@pytest.fixture(scope="module")
def owning(newsroom: Newsroom, django_db_blocker: Any) -> Iterator[Newsroom]:
    """The newsroom in the hands of the database's owner: with a report, erasures, and a report after them."""
    with django_db_blocker.unblock(), as_owner():
        _live_on(newsroom)
        yield newsroom


def _live_on(room: Newsroom) -> None:
    reviewer, checker = User.objects.get(name="Tomasz"), room.user
    claim = Claim.objects.get(pk=room.claim.pk)
    verdicts.reopen(actor=reviewer, claim=claim, reason="Look again")
    claims.edit_claim(actor=checker, claim=Claim.objects.get(pk=claim.pk), risk="high")
    ground = support(Claim.objects.get(pk=claim.pk), checker, title="Talk with the night porter")
    claim = verdicts.propose(actor=checker, claim=Claim.objects.get(pk=claim.pk), verdict=verdict(room.team))
    claim = verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(room.team))
    for piece in claim.evidence.exclude(pk=ground.pk):
        sources.edit_source(actor=checker, source=Source.objects.get(pk=piece.source_id), origin_kind="unknown")
    sources.edit_source(
        actor=checker, source=Source.objects.get(pk=ground.source_id), origin_kind="unknown", reason="He said so"
    )
    teams.invite(actor=User.objects.get(name="Margit"), team=room.team, email="one@ledger.example", role="viewer")
    _erase(erase.of_source(ground.source_id))
    _erase(erase.of_act(*Act.objects.filter(stream=room.article.stream).values_list("stream", "seq")[3]))
    claims.edit_claim(actor=checker, claim=Claim.objects.get(pk=claim.pk), said_by="Orme")
    reports.issue_report(actor=reviewer, article=room.article)


def _erase(plan: erase.Plan) -> None:
    erase.carry_out(plan, actor=1, name="Margit", reason="Promise")


def explained() -> list[tuple[Place, Place]]:
    """Each act that erased something, with each act that lost it."""
    return [
        ((stream, by), (stream, of))
        for stream, by, of in every(
            "SELECT e.stream, x.seq, coalesce(c.seq, e.row) FROM trail.change e"
            " JOIN trail.act x ON x.id = e.act AND x.stream = e.stream LEFT JOIN LATERAL"
            " (SELECT a.seq FROM trail.change l JOIN trail.act a ON a.id = l.act AND a.stream = l.stream"
            " WHERE e.relation = 'line' AND l.n = e.row) c ON true WHERE e.relation IN ('line', 'name', 'reason')"
        )
    ]


@contextmanager
def unguarded(keys: Sequence[tuple[str, str]] = ()) -> Iterator[None]:
    """Every guard is off for the block, and some keys of the trail's tables are gone; nothing of it stays."""
    with transaction.atomic():
        run("SET CONSTRAINTS ALL DEFERRED")
        guards("DISABLE")
        for table, key in keys:
            run(f"ALTER TABLE trail.{table} DROP CONSTRAINT {key}")
        yield
        transaction.set_rollback(True)


def found() -> list[str]:
    """What the verifier finds, with the guards on again."""
    run("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys hold all the same
    guards("ENABLE")
    return [str(fault) for fault in verify().faults]
