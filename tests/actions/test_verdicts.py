"""Verdicts are proposed, decided and taken up again, by the rules."""

import pytest

from claims.actions import Stale, evidence, teams, verdicts
from claims.models import Act, Article, Claim, Decision, Proposal, Team, User
from claims.roles import NotAllowed
from claims.workflow import Refused
from tests.people import log, support, verdict

pytestmark = pytest.mark.django_db


def last_act(claim: Claim) -> Act:
    return Act.objects.in_stream(claim.article.stream).newest_first()[0]


def test_a_checker_proposes_what_the_evidence_supports(claim: Claim, checker: User, team: Team) -> None:
    support(claim, checker)
    claim = verdicts.propose(actor=checker, claim=claim, verdict=verdict(team, rationale="As it says."))
    assert (claim.status, claim.status_by) == ("proposed", checker)
    assert claim.proposal is not None
    assert claim.proposal.rationale == "As it says."
    act = last_act(claim)
    assert (act.verb, act.actor_name, act.reason) == ("claim.propose", "Ifeoma Brandt", "As it says.")


def test_a_refused_proposal_writes_nothing(claim: Claim, checker: User, team: Team) -> None:
    before = last_act(claim).seq
    with pytest.raises(Refused, match="Supporting evidence"):
        verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    claim.refresh_from_db()
    assert (claim.status, Proposal.objects.count(), last_act(claim).seq) == ("open", 0, before)


def test_a_reviewer_decides_on_anothers_proposal(decided: Claim, reviewer: User) -> None:
    assert decided.status == "decided"
    assert decided.verdict is not None
    assert decided.verdict.meaning == "accurate"
    assert decided.proposal is None
    decision = Decision.objects.get(claim=decided)
    assert (decision.decided_by, decision.four_eyes) == (reviewer, True)


def test_a_reviewer_may_decide_another_verdict_than_the_proposed(proposed: Claim, reviewer: User, team: Team) -> None:
    fix = verdict(team, "needs-fix", proposed_wording="£31.4m with VAT")
    claim = verdicts.decide(actor=reviewer, claim=proposed, verdict=fix)
    assert claim.verdict is not None
    assert claim.verdict.meaning == "needs-fix"


def test_gates_run_again_at_decision(proposed: Claim, checker: User, reviewer: User, team: Team) -> None:
    piece = proposed.evidence.get()
    evidence.retract(actor=checker, evidence=piece, reason="Wrong report.")
    with pytest.raises(Refused, match="Supporting evidence"):
        verdicts.decide(actor=reviewer, claim=proposed, verdict=verdict(team))


def test_nobody_decides_on_their_own_proposal_or_evidence(
    article: Article, admin: User, reviewer: User, team: Team
) -> None:
    mine = log(article, admin, "first estimate")
    support(mine, reviewer)
    mine = verdicts.propose(actor=admin, claim=mine, verdict=verdict(team))
    with pytest.raises(Refused, match="You proposed"):
        verdicts.decide(actor=admin, claim=mine, verdict=verdict(team))
    with pytest.raises(Refused, match="You brought evidence"):
        verdicts.decide(actor=reviewer, claim=mine, verdict=verdict(team))


def test_a_checker_and_a_viewer_may_not_decide(
    proposed: Claim, teammate: User, viewer: User, outsider: User, team: Team
) -> None:
    for person in (teammate, viewer, outsider):
        with pytest.raises(NotAllowed):
            verdicts.decide(actor=person, claim=proposed, verdict=verdict(team))


def test_a_solo_desk_decides_in_one_act_and_says_so(claim: Claim, admin: User, team: Team) -> None:
    with pytest.raises(Refused, match="reason"):
        teams.change_policy(actor=admin, team=team, four_eyes=False, reason="")
    teams.change_policy(actor=admin, team=team, four_eyes=False, reason="One person on duty")
    support(claim, admin)
    claim.refresh_from_db()
    claim = verdicts.decide(actor=admin, claim=claim, verdict=verdict(team))
    decision = Decision.objects.get(claim=claim)
    assert claim.status == "decided"
    assert (decision.four_eyes, decision.proposal.proposed_by) == (False, admin)
    assert last_act(claim).verb == "claim.decide"


def test_a_claim_sent_back_waits_for_its_proposer(proposed: Claim, checker: User, reviewer: User) -> None:
    with pytest.raises(Refused, match="reason"):
        verdicts.send_back(actor=reviewer, claim=proposed, reason=" ")
    claim = verdicts.send_back(actor=reviewer, claim=proposed, reason="Which report?")
    assert (claim.status, claim.returned_to, claim.status_reason) == ("open", checker, "Which report?")
    assert list(Claim.objects.sent_back_to(checker)) == [claim]
    assert not Claim.objects.to_check().exists()


def test_decided_claims_are_reopened_and_withdrawn_ones_restored_by_reviewers(
    decided: Claim, checker: User, reviewer: User
) -> None:
    with pytest.raises(NotAllowed):
        verdicts.reopen(actor=checker, claim=decided, reason="New doubt")
    claim = verdicts.reopen(actor=reviewer, claim=decided, reason="New doubt")
    assert claim.status == "open"
    claim = verdicts.withdraw(actor=checker, claim=claim, reason="Cut from the text")
    assert (claim.status, claim.status_reason) == ("withdrawn", "Cut from the text")
    with pytest.raises(Refused):
        verdicts.propose(actor=checker, claim=claim, verdict=verdict(claim.team, "not-checkable"))
    assert verdicts.restore(actor=reviewer, claim=claim, reason="It is back").status == "open"


def test_a_decision_on_an_old_version_is_stale(proposed: Claim, checker: User, reviewer: User, team: Team) -> None:
    opened = proposed.row_version
    support(proposed, checker, title="Another report")
    with pytest.raises(Stale) as stale:
        verdicts.decide(actor=reviewer, claim=proposed, verdict=verdict(team), version=opened)
    assert (stale.value.opened, stale.value.row.row_version) == (opened, opened + 1)
    assert not Decision.objects.exists()


def test_to_review_hides_what_one_may_not_decide(proposed: Claim, checker: User, reviewer: User) -> None:
    def waiting(person: User, *, four_eyes: bool = True) -> list[Claim]:
        return list(Claim.objects.to_review_by(person, four_eyes=four_eyes))

    assert waiting(reviewer) == [proposed]
    assert waiting(checker) == []
    assert waiting(checker, four_eyes=False) == [proposed]
    support(proposed, reviewer, title="The reviewer’s find")
    assert waiting(reviewer) == []


def test_an_edited_label_is_retired_and_stays_on_old_decisions(decided: Claim, admin: User, team: Team) -> None:
    old = decided.verdict
    assert old is not None
    new = verdicts.relabel(actor=admin, label=old, name="Confirmed", explanation="Holds.", reason="House style")
    decided.refresh_from_db()
    assert decided.verdict is not None
    assert (decided.verdict.name, new.name, new.meaning) == ("Verified", "Confirmed", "accurate")
    assert "Verified" not in {label.name for label in team.labels.in_force()}


def test_a_retired_or_foreign_label_cannot_be_proposed(
    claim: Claim, checker: User, admin: User, team: Team, other_team: Team
) -> None:
    retired = team.labels.get(meaning="not-checkable")
    verdicts.retire_label(actor=admin, label=retired)
    foreign = other_team.labels.get(meaning="not-checkable")
    for label in (retired, foreign):
        label.refresh_from_db()
        with pytest.raises(Refused, match="scale"):
            verdicts.propose(actor=checker, claim=claim, verdict=verdicts.Verdict(label, "Taste."))


def test_a_team_adds_a_label_of_its_own(admin: User, checker: User, team: Team) -> None:
    label = verdicts.add_label(
        actor=admin, team=team, meaning="inaccurate", name="Made up", explanation="No source at all."
    )
    assert label in team.labels.in_force()
    with pytest.raises(Refused, match="name"):
        verdicts.add_label(actor=admin, team=team, meaning="accurate", name="made up", explanation="")
    with pytest.raises(NotAllowed):
        verdicts.add_label(actor=checker, team=team, meaning="accurate", name="Fine", explanation="")
