"""Reports issued while others decide: each of them tells one moment that there was."""

import threading

import pytest
from django.urls import reverse

from claims.actions import teams, verdicts
from claims.models import Act, Article, Report, Team, User
from claims.reports import document
from tests.faults.crowd import assert_holds, at_once, client_of
from tests.people import log, support, verdict

pytestmark = pytest.mark.django_db(transaction=True)
CLAIMS = 16


def test_a_report_issued_amid_decisions_tells_what_its_heads_cover(
    article: Article, admin: User, checker: User, reviewer: User, viewer: User, team: Team
) -> None:
    """On a solo desk a proposal and its decision are of one act: a report has both or neither, status included."""
    team = teams.change_policy(actor=admin, team=team, reason="We are two", four_eyes=False)
    claims = [log(article, checker, "in March 2023") for _claim in range(CLAIMS)]
    for claim in claims:
        support(claim, checker)
    done = threading.Event()

    def decide() -> None:
        try:
            for claim in claims:
                verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
        finally:
            done.set()

    clients = [client_of(user) for user in (viewer, admin)]
    path = reverse("report", args=[article.pk])

    def export(number: int) -> None:
        last = False
        while not last:
            last = done.is_set()
            assert clients[number].post(path).status_code == 302
            assert clients[number].get(path).status_code == 200

    at_once([decide, lambda: export(0), lambda: export(1)])
    reports = list(Report.objects.order_by("number"))
    assert [report.number for report in reports] == list(range(1, len(reports) + 1))
    for report in reports:
        told = document.read(report.content)
        (head,) = [head for head in told["heads"] if head["stream"] == article.stream]
        covered = Act.objects.filter(stream=article.stream, seq__lte=head["seq"])
        decided = [claim for claim in told["claims"] if claim["status"] == "decided"]
        assert len(decided) == sum(act.verb == "claim.decide" for act in covered)
        assert all([ruling["deed"] for ruling in claim["rulings"]] == ["propose", "decide"] for claim in decided)
    assert len(decided) == CLAIMS
    assert_holds()
