"""The verdict foot: what is only done with a reason, and how the reason is asked for."""

from collections.abc import Callable

import pytest
from django.test import Client

from claims.actions import verdicts
from claims.models import Act, Claim, Team, User
from tests.people import keys, verdict
from tests.views.foot import said, shown_to, status_of, to

As = Callable[[User], Client]


@pytest.mark.parametrize(
    ("start", "deed", "who", "end"),
    [
        ("proposed", "send_back", "reviewer", "open"),
        ("decided", "reopen", "reviewer", "open"),
        ("claim", "withdraw", "checker", "withdrawn"),
        ("proposed", "withdraw", "teammate", "withdrawn"),
    ],
)
def test_with_a_reason_it_is_done(
    as_: As, request: pytest.FixtureRequest, start: str, deed: str, who: str, end: str
) -> None:
    claim, person = request.getfixturevalue(start), request.getfixturevalue(who)
    answer = as_(person).post(to(claim, deed), {"reason": "Because."} | keys(claim.row_version))
    assert answer.status_code == 303
    assert status_of(claim) == end
    last = Act.objects.in_stream(claim.article.stream).newest_first()[0]
    assert (last.verb, last.reason) == (f"claim.{deed}", "Because.")


def test_a_withdrawn_claim_is_restored(as_: As, checker: User, reviewer: User, claim: Claim) -> None:
    verdicts.withdraw(actor=checker, claim=claim, reason="Colour")
    shown = shown_to(as_(reviewer), claim)
    assert "It becomes To check, with the number and the evidence it had." in shown
    claim.refresh_from_db()
    answer = as_(reviewer).post(to(claim, "restore"), {"reason": "A date now"} | keys(claim.row_version))
    assert answer.status_code == 303
    assert status_of(claim) == "open"


@pytest.mark.parametrize(("start", "deed"), [("proposed", "send_back"), ("decided", "reopen"), ("claim", "withdraw")])
def test_a_blank_reason_is_refused_in_the_open_foot(
    as_: As, request: pytest.FixtureRequest, reviewer: User, start: str, deed: str
) -> None:
    claim = request.getfixturevalue(start)
    before = claim.status
    answer = as_(reviewer).post(to(claim, deed), {"reason": " \n"} | keys(claim.row_version))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Give a reason:" in shown
    assert "<details open>" in shown
    assert status_of(claim) == before


def test_the_button_alone_asks_for_the_reason_and_carries_what_was_typed(
    as_: As, reviewer: User, team: Team, proposed: Claim
) -> None:
    typed = said(team, proposed, "disputed", rationale="Half a rationale")
    answer = as_(reviewer).post(to(proposed, "send_back"), typed)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "Send back to Ifeoma Brandt" in shown
    assert '<input type="hidden" name="rationale" value="Half a rationale">' in shown
    assert status_of(proposed) == "proposed"
    back = as_(reviewer).post(to(proposed, "decide"), typed | {"keep": "1"})
    assert "Half a rationale</textarea>" in back.content.decode()
    assert status_of(proposed) == "proposed"


def test_a_reason_that_comes_too_late_is_kept(
    as_: As, admin: User, reviewer: User, team: Team, proposed: Claim
) -> None:
    opened = keys(proposed.row_version)
    verdicts.decide(actor=admin, claim=proposed, verdict=verdict(team))
    answer = as_(reviewer).post(to(proposed, "send_back"), {"reason": "Which report?"} | opened)
    assert answer.status_code == 409
    assert "Which report?</div>" in answer.content.decode()


@pytest.mark.parametrize("deed", ["decide", "send_back", "reopen", "restore"])
def test_what_the_workflow_does_not_know_is_not_shown_and_not_done(
    as_: As, reviewer: User, team: Team, claim: Claim, deed: str
) -> None:
    shown = shown_to(as_(reviewer), claim)
    assert to(claim, deed) not in shown
    answer = as_(reviewer).post(to(claim, deed), said(team, claim, "not-checkable", reason="r"))
    assert answer.status_code == 422
    assert status_of(claim) == "open"


def test_every_deed_has_a_page_of_its_own(as_: As, reviewer: User, proposed: Claim) -> None:
    for deed in ("propose", "decide", "send_back", "withdraw", "reopen", "restore"):
        assert as_(reviewer).get(to(proposed, deed)).status_code == 200
