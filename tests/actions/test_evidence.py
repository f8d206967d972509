"""Evidence is attached and retracted, and what that does to a decided claim."""

import pytest

from claims.actions import evidence, sources, verdicts
from claims.models import Act, Claim, Evidence, Source, Team, User
from claims.roles import NotAllowed
from claims.workflow import Refused
from tests.people import support

pytestmark = pytest.mark.django_db


def test_evidence_is_numbered_within_its_claim(claim: Claim, checker: User, teammate: User) -> None:
    assert [support(claim, person).name for person in (checker, teammate, checker)] == ["E1", "E2", "E3"]


def test_a_new_source_and_its_evidence_are_one_act_in_two_streams(claim: Claim, checker: User) -> None:
    piece = support(claim, checker)
    act = Act.objects.in_stream(claim.article.stream).newest_first()[0]
    assert act.verb == "evidence.attach"
    assert Act.objects.in_stream(f"team:{claim.team_id}").newest_first()[0].act == act.act
    assert Source.objects.get() == piece.source


def test_attaching_bumps_the_claims_version_and_keeps_its_status(proposed: Claim, teammate: User) -> None:
    before = proposed.row_version
    support(proposed, teammate)
    proposed.refresh_from_db()
    assert (proposed.status, proposed.row_version) == ("proposed", before + 1)


def test_evidence_on_a_decided_claim_means_recheck_in_the_same_act(decided: Claim, teammate: User) -> None:
    support(decided, teammate, stance="conflicts")
    decided.refresh_from_db()
    assert decided.status == "recheck"
    assert "E2" in decided.status_reason
    assert decided.verdict is not None
    assert Act.objects.in_stream(decided.article.stream).newest_first()[0].verb == "evidence.attach"


def test_retracting_needs_a_reason_and_deletes_nothing(decided: Claim, checker: User) -> None:
    piece = decided.evidence.get()
    with pytest.raises(Refused, match="reason"):
        evidence.retract(actor=checker, evidence=piece, reason="\n")
    piece = evidence.retract(actor=checker, evidence=piece, reason="The copy went elsewhere.")
    decided.refresh_from_db()
    assert (piece.retracted_by, piece.retraction_reason) == (checker, "The copy went elsewhere.")
    assert decided.status == "recheck"
    assert Evidence.objects.count() == 1
    with pytest.raises(Refused, match="already"):
        evidence.retract(actor=checker, evidence=piece, reason="Again")


def test_a_source_of_another_team_is_refused(claim: Claim, checker: User, outsider: User, other_team: Team) -> None:
    source = sources.add_source(actor=outsider, team=other_team, title="Theirs")
    with pytest.raises(Refused, match="team’s sources"):
        evidence.attach(actor=checker, claim=claim, stance="supports", source=source, quote="x")
    assert not claim.evidence.exists()


def test_viewers_and_outsiders_attach_nothing(claim: Claim, viewer: User, outsider: User) -> None:
    for person in (viewer, outsider):
        with pytest.raises(NotAllowed):
            support(claim, person)


def test_a_withdrawn_claim_takes_no_evidence(claim: Claim, checker: User) -> None:
    verdicts.withdraw(actor=checker, claim=claim, reason="Cut")
    with pytest.raises(Refused, match="withdrawn"):
        support(claim, checker)
