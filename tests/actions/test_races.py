"""Two people at once, on two connections: what one reads is not changed by the other before it is written."""

import threading

import pytest
from django.db import connections, transaction

from claims import workflow
from claims.actions import cases, evidence, sources, verdicts
from claims.models import Article, Claim, Source, Team, User
from tests.people import log, verdict

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_origin_changed_while_somebody_decides_sends_the_claim_to_recheck(
    article: Article, checker: User, teammate: User, reviewer: User, team: Team
) -> None:
    claim = log(article, checker, "£9.8 million", risk="high")
    found = [
        sources.add_source(actor=checker, team=team, title=title, origin_kind="itself") for title in ("One", "Two")
    ]
    for source in found:
        evidence.attach(actor=checker, claim=claim, source=source, stance="supports", quote="q")
    claim.refresh_from_db()
    claim = verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    decided, edited = threading.Event(), threading.Event()

    def edit() -> None:
        decided.wait(10)
        try:
            sources.edit_source(actor=teammate, source=Source.objects.get(title="Two"), origin_kind="unknown")
        finally:
            edited.set()
            connections.close_all()

    other = threading.Thread(target=edit)
    other.start()
    with transaction.atomic():
        verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
        decided.set()
        # the other waits for the lock that the decision holds; without one it would be through by now
        assert not edited.wait(0.5)
    other.join(10)
    claim = Claim.objects.get(pk=claim.pk)
    assert claim.status == "recheck"
    assert not all(gate.met for gate in workflow.gates(cases.case_of(claim), verdict(team).answer))
