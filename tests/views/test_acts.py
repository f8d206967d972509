"""Acts read as sentences."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions import articles, claims, evidence, sources, teams, verdicts
from claims.models import Act, Article, Claim, Membership, Team, User
from claims.trail.verbs import VERBS
from claims.views.acts import told
from tests.people import log, support, verdict

pytestmark = pytest.mark.django_db


def lines(stream: str) -> list[str]:
    return [it.line for it in told(Act.objects.in_stream(stream).order_by("seq"))]


def newest(stream: str) -> dict[str, object]:
    """The fields that the stream's last act changed, by name."""
    (it,) = told(Act.objects.in_stream(stream).newest_first()[:1])
    return {diff.name: diff for diff in it.diffs}


def test_the_life_of_a_claim_reads_as_sentences(
    article: Article, checker: User, teammate: User, reviewer: User, team: Team
) -> None:
    claim = log(article, checker, "eleven months")
    claims.edit_claim(actor=checker, claim=claim, assigned_to=teammate, risk="low")
    piece = support(claim, checker, title="Minute <14>")
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    verdicts.send_back(actor=reviewer, claim=claim, reason="Which minute?")
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
    evidence.retract(actor=teammate, evidence=piece, reason="Wrong year")
    verdicts.withdraw(actor=checker, claim=claim, reason="Gone from the text")
    verdicts.restore(actor=reviewer, claim=claim, reason="It is back")
    assert lines(article.stream) == [
        "Ifeoma Brandt imported the article",
        "Ifeoma Brandt logged claim 1",
        "Ifeoma Brandt changed claim 1",
        "Ifeoma Brandt attached Minute <14> to claim 1 as supporting (E1)",
        "Ifeoma Brandt proposed Verified for claim 1",
        "Tomasz Wilk sent claim 1 back to Ifeoma Brandt",
        "Ifeoma Brandt proposed Verified for claim 1",
        "Tomasz Wilk decided claim 1: Verified",
        "Nora Vance retracted E1 of claim 1",
        "Ifeoma Brandt withdrew claim 1",
        "Tomasz Wilk restored claim 1",
    ]


def test_what_people_wrote_never_becomes_markup(claim: Claim, checker: User) -> None:
    support(claim, checker, title="<img src=x onerror=alert(1)>")
    (it,) = told(Act.objects.in_stream(claim.article.stream).newest_first()[:1])
    assert "<img" not in it.says
    assert "&lt;img" in it.says


def test_the_teams_acts_read_as_sentences(team: Team, admin: User, checker: User) -> None:
    teams.invite(actor=admin, team=team, email="new@ledger.example", role="viewer")
    invitation, _token = teams.invite(actor=admin, team=team, email="new@ledger.example", role="reviewer")
    teams.withdraw_invitation(actor=admin, invitation=invitation)
    member = Membership.objects.get(team=team, user=checker)
    teams.change_roles(actor=admin, team=team, roles={member.pk: "reviewer"}, opened={})
    verdicts.relabel(actor=admin, label=team.labels.get(name="Verified"), name="Stands", explanation="")
    verdicts.retire_label(actor=admin, label=team.labels.get(name="Disputed"))
    teams.change_policy(actor=admin, team=team, reason="Two of us left", four_eyes=False)
    sources.add_source(actor=admin, team=team, title="Minute book", kind="document")
    member.refresh_from_db()
    teams.remove_member(actor=admin, membership=member, reason="Left")
    assert lines(f"team:{team.pk}") == [
        "Galley made the team",
        "Ifeoma Brandt joined as checker",
        "Margit Sørensen invited new@ledger.example as viewer",
        "Margit Sørensen invited new@ledger.example as reviewer",
        "Margit Sørensen withdrew the invitation of new@ledger.example",
        "Margit Sørensen changed the role of Ifeoma Brandt",
        "Margit Sørensen relabelled the verdict Verified as Stands",
        "Margit Sørensen retired the verdict Disputed",
        "Margit Sørensen changed the policy",
        "Margit Sørensen added the source Minute book",
        "Margit Sørensen removed Ifeoma Brandt",
    ]


def test_changes_stand_field_by_field(claim: Claim, checker: User, teammate: User) -> None:
    claims.edit_claim(
        actor=checker,
        claim=claim,
        statement="puts the bill at £31.4 million with VAT",
        risk="high",
        assigned_to=teammate,
    )
    found = newest(claim.article.stream)
    assert list(found) == ["Statement", "Risk", "Assigned to"]
    assert (found["Risk"].before, found["Risk"].after) == ("Medium", "High")
    assert (found["Assigned to"].before, found["Assigned to"].after) == ("nobody", "Nora Vance")
    assert ("in", " with VAT") in found["Statement"].pieces


def test_a_recheck_says_why_and_what_it_was(decided: Claim, teammate: User) -> None:
    support(decided, teammate, stance="conflicts", title="Award notice")
    found = newest(decided.article.stream)
    assert (found["Status"].before, found["Status"].after) == ("Decided, Verified", "Recheck")
    assert found["Why"].after == "Evidence was added after the decision: E2"


def test_a_changed_origin_tells_whose_status_it_changed(
    article: Article, checker: User, reviewer: User, teammate: User, team: Team
) -> None:
    claim = log(article, checker, "eleven months", risk="high")
    first, second = support(claim, checker, title="One"), support(claim, checker, title="Two")
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
    sources.edit_source(actor=teammate, source=second.source, origin_kind="source", origin=first.source)
    assert newest(article.stream)["Claim 1: Status"].after == "Recheck"
    assert newest(f"team:{team.pk}")["Origin"].after == "One"


def test_the_last_act_of_many_articles_costs_few_queries(team: Team, checker: User, article: Article) -> None:
    for _number in range(3):
        articles.import_article(actor=checker, team=team, blocks=[("paragraph", "Words.")], title="T")
    for number in range(12):
        support(log(article, checker, "eleven months"), checker, title=f"Minute {number}")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(told(Act.objects.all())) > 20
    assert len(asked) <= 9


def test_every_verb_that_actions_write_is_registered() -> None:
    import re
    from pathlib import Path

    import claims.actions

    folder = Path(claims.actions.__file__).parent
    written = {verb for path in folder.glob("*.py") for verb in re.findall(r'\bact\("([^"]+)"', path.read_text())}
    moves = {f"claim.{deed}" for deed in ("reopen", "withdraw", "restore")}
    assert written | moves <= VERBS.keys()
