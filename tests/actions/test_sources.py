"""Sources and their origins."""

import pytest

from claims.actions import Stale, evidence, sources, teams, verdicts
from claims.models import Article, Claim, Source, Team, User
from claims.roles import NotAllowed
from claims.workflow import Refused
from tests.people import log, verdict

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency(team: Team, checker: User) -> Source:
    return sources.add_source(actor=checker, team=team, title="Agency", origin_kind="itself")


@pytest.fixture
def copy(team: Team, checker: User, agency: Source) -> Source:
    return sources.add_source(actor=checker, team=team, title="Copy", origin_kind="source", origin=agency)


def test_an_origin_that_would_make_a_circle_is_refused(agency: Source, copy: Source, checker: User) -> None:
    with pytest.raises(Refused, match="circle"):
        sources.edit_source(actor=checker, source=agency, origin_kind="source", origin=copy)
    with pytest.raises(Refused, match="circle"):
        sources.edit_source(actor=checker, source=agency, origin_kind="source", origin=agency)


def test_an_origin_of_another_team_is_refused(agency: Source, outsider: User, other_team: Team, checker: User) -> None:
    theirs = sources.add_source(actor=outsider, team=other_team, title="Theirs")
    with pytest.raises(Refused, match="which source"):
        sources.edit_source(actor=checker, source=agency, origin_kind="source", origin=theirs)


def test_an_origin_changed_sends_to_recheck_those_whose_gate_now_fails(
    article: Article, checker: User, reviewer: User, team: Team, agency: Source
) -> None:
    second = sources.add_source(actor=checker, team=team, title="Second", origin_kind="itself")
    claims = {}
    for risk, quote in (("high", "£9.8 million"), ("low", "eleven months")):
        claim = log(article, checker, quote, risk=risk)
        for source in (agency, second):
            evidence.attach(actor=checker, claim=claim, source=source, stance="supports", quote="q")
        claim = verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
        claims[risk] = verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
    sources.edit_source(actor=checker, source=second, origin_kind="source", origin=agency, reason="A reprint")
    status = {risk: Claim.objects.get(pk=claim.pk).status for risk, claim in claims.items()}
    assert status == {"high": "recheck", "low": "decided"}


def test_what_the_source_is_the_origin_of_is_looked_at_too(
    article: Article, checker: User, reviewer: User, team: Team, agency: Source, copy: Source, admin: User
) -> None:
    teams.change_policy(actor=admin, team=team, high_risk_origins=1, reason="")
    claim = log(article, checker, "Nobody knows", risk="high")
    evidence.attach(actor=checker, claim=claim, source=copy, stance="supports", quote="q")
    claim = verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
    sources.edit_source(actor=checker, source=agency, origin_kind="unknown")
    claim.refresh_from_db()
    assert claim.status == "recheck"


def test_a_stale_edit_is_refused(agency: Source, checker: User, teammate: User) -> None:
    opened = agency.row_version
    sources.edit_source(actor=checker, source=agency, title="Agency, corrected", version=opened)
    with pytest.raises(Stale):
        sources.edit_source(actor=teammate, source=agency, title="Mine", version=opened)


def test_viewers_add_no_source(team: Team, viewer: User) -> None:
    with pytest.raises(NotAllowed):
        sources.add_source(actor=viewer, team=team, title="x")
