"""The verdict foot: proposals, decisions, and the races between two people. test_reasons.py: what needs a reason."""

from collections.abc import Callable

import pytest
from django.test import Client

from claims.actions import claims, evidence, teams, verdicts
from claims.models import Article, Claim, Team, User
from tests.people import keys, log, support, verdict
from tests.views.foot import label, pane, said, shown_to, status_of, to

As = Callable[[User], Client]


# --- proposing -------------------------------------------------------------------------------


def test_a_checker_proposes(as_: As, checker: User, team: Team, claim: Claim) -> None:
    support(claim, checker)
    answer = as_(checker).post(to(claim, "propose"), said(team, claim))
    assert (answer.status_code, answer["Location"]) == (303, to(claim))
    assert status_of(claim) == "proposed"
    assert "Claim 1 is proposed as" in shown_to(as_(checker), claim)


def test_a_gate_that_is_not_met_says_what_is_missing_and_keeps_the_text(
    as_: As, checker: User, team: Team, claim: Claim
) -> None:
    answer = as_(checker).post(to(claim, "propose"), said(team, claim, rationale="Half a thought"))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Supporting evidence with a quote or a place in the source" in shown
    assert "Half a thought</textarea>" in shown
    assert "<details open>" in shown
    assert status_of(claim) == "open"


@pytest.mark.parametrize(
    ("meaning", "field", "wants"),
    [
        ("needs-fix", "proposed_wording", "The proposed wording."),
        ("unprovable", "searched", "What was searched."),
        ("not-checkable", "rationale", "A rationale: a sentence or two."),
    ],
)
def test_a_text_that_the_verdict_wants_is_asked_for_beside_its_field(
    as_: As, checker: User, team: Team, claim: Claim, meaning: str, field: str, wants: str
) -> None:
    answer = as_(checker).post(to(claim, "propose"), said(team, claim, meaning, **{field: " "}))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="foot-{field}_error"' in shown
    assert wants in shown


def test_a_high_risk_claim_wants_its_origins(as_: As, checker: User, team: Team, claim: Claim) -> None:
    claims.edit_claim(actor=checker, claim=claim, risk="high")
    support(claim, checker)
    answer = as_(checker).post(to(claim, "propose"), said(team, claim))
    assert answer.status_code == 422
    assert "High risk: 2 independent origins, 1 found." in answer.content.decode()


def test_labels_that_were_retired_are_not_offered_and_not_taken(
    as_: As, admin: User, checker: User, team: Team, claim: Claim
) -> None:
    old = label(team, "not-checkable")
    verdicts.relabel(actor=admin, label=old, name="Opinion", explanation="A view.")
    shown = shown_to(as_(checker), claim)
    assert "Opinion" in shown
    assert "Not checkable" not in shown
    sent = {"verdict": old.pk, "rationale": "r"} | keys(claim.row_version)
    assert as_(checker).post(to(claim, "propose"), sent).status_code == 422


def test_no_verdict_is_suggested_to_who_proposes(as_: As, checker: User, team: Team, claim: Claim) -> None:
    shown = shown_to(as_(checker), claim, "?verdict=1")
    assert '<option value="" selected>Choose a verdict</option>' in shown
    assert f'<option value="{label(team).pk}">' in shown
    assert "A verdict: choose one." in shown


@pytest.mark.parametrize("choice", ["", "x", "99999", "\0"])
def test_a_verdict_that_is_none_is_refused(as_: As, checker: User, claim: Claim, choice: str) -> None:
    sent = {"verdict": choice, "rationale": "kept"} | keys(claim.row_version)
    answer = as_(checker).post(to(claim, "propose"), sent)
    assert answer.status_code == 422
    assert "kept</textarea>" in answer.content.decode()


def test_the_explanation_of_a_label_cannot_become_markup(
    as_: As, admin: User, checker: User, team: Team, claim: Claim
) -> None:
    verdicts.relabel(actor=admin, label=label(team), name="<b>V</b>", explanation="<img src=x onerror=alert(1)>")
    shown = shown_to(as_(checker), claim)
    assert "<img" not in shown
    assert "<b>V" not in shown


def test_proposing_twice_by_one_form_makes_one_proposal(as_: As, checker: User, team: Team, claim: Claim) -> None:
    support(claim, checker)
    sent = said(team, claim)
    for _time in range(2):
        assert as_(checker).post(to(claim, "propose"), sent).status_code == 303
    assert claim.proposals.count() == 1


# --- deciding --------------------------------------------------------------------------------


def test_a_reviewer_starts_from_the_verdict_proposed_with_reasons_of_their_own(
    as_: As, reviewer: User, team: Team, proposed: Claim
) -> None:
    shown = shown_to(as_(reviewer), proposed, "?verdict=1")
    assert "<details open>" in shown
    assert f'<option value="{label(team).pk}" selected>' in shown
    assert "The report says so.</textarea>" not in shown
    assert "“The report says so.”" in shown
    answer = as_(reviewer).post(to(proposed, "decide"), said(team, proposed, rationale="Seen it."))
    assert answer.status_code == 303
    assert status_of(proposed) == "decided"
    decision = proposed.decisions.get()
    assert (decision.decided_by, decision.rationale) == (reviewer, "Seen it.")


def test_the_proposers_words_are_taken_over_only_by_who_says_so(
    as_: As, reviewer: User, team: Team, proposed: Claim
) -> None:
    blank = said(team, proposed, rationale="")
    answer = as_(reviewer).post(to(proposed, "decide"), blank)
    assert answer.status_code == 422
    assert "A rationale: a sentence or two." in answer.content.decode()
    other = said(team, proposed, "not-checkable", rationale="", as_proposed="on")
    assert as_(reviewer).post(to(proposed, "decide"), other).status_code == 422  # words for another verdict
    agreed = said(team, proposed, rationale="", as_proposed="on")
    assert as_(reviewer).post(to(proposed, "decide"), agreed).status_code == 303
    assert proposed.decisions.get().rationale == "The report says so."


def test_words_of_ones_own_count_more_than_the_proposers(as_: As, reviewer: User, team: Team, proposed: Claim) -> None:
    sent = said(team, proposed, rationale="I read it too.", as_proposed="on")
    assert as_(reviewer).post(to(proposed, "decide"), sent).status_code == 303
    assert proposed.decisions.get().rationale == "I read it too."


def test_four_eyes_names_the_evidence_and_who_can_decide(
    as_: As, admin: User, reviewer: User, proposed: Claim, team: Team
) -> None:
    support(proposed, reviewer, "conflicts", title="Award notice")
    shown = shown_to(as_(reviewer), proposed)
    assert "<b>You attached E2,</b> so you cannot decide on it. Margit Sørensen can." in shown
    assert 'aria-disabled="true" aria-describedby="foot-no">Decide</button>' in shown
    answer = as_(reviewer).post(to(proposed, "decide"), said(team, proposed))
    assert answer.status_code == 422
    assert status_of(proposed) == "proposed"


def test_the_proposer_is_told_the_same(as_: As, reviewer: User, team: Team, claim: Claim) -> None:
    support(claim, reviewer)
    verdicts.propose(actor=reviewer, claim=claim, verdict=verdict(team))
    assert "<b>You proposed this and attached E1,</b>" in shown_to(as_(reviewer), claim)


def test_context_and_retracted_evidence_forbid_nothing(as_: As, reviewer: User, team: Team, proposed: Claim) -> None:
    support(proposed, reviewer, "context", title="c")
    gone = support(proposed, reviewer, "supports", title="g")
    evidence.retract(actor=reviewer, evidence=gone, reason="no")
    assert as_(reviewer).post(to(proposed, "decide"), said(team, proposed)).status_code == 303


def test_a_checker_reads_why_decide_is_not_theirs(as_: As, teammate: User, proposed: Claim) -> None:
    shown = shown_to(as_(teammate), proposed)
    assert "To decide verdicts takes the role Reviewer. You are Checker here." in shown
    assert ">Withdraw</button>" in shown


def test_what_came_after_the_proposal_is_listed(as_: As, reviewer: User, teammate: User, proposed: Claim) -> None:
    support(proposed, teammate, "conflicts", title="Award notice")
    shown = shown_to(as_(reviewer), proposed)
    assert "Since then" in shown
    assert 'class="since">Nora Vance attached' in shown


def test_from_the_desk_the_next_claim_to_review_follows(
    as_: As, checker: User, reviewer: User, team: Team, article: Article, proposed: Claim
) -> None:
    own = log(article, reviewer, "eleven months")
    support(own, reviewer, title="own")
    verdicts.propose(actor=reviewer, claim=own, verdict=verdict(team))
    other = log(article, checker, "Nobody knows")
    support(other, checker, title="other")
    verdicts.propose(actor=checker, claim=other, verdict=verdict(team))
    answer = as_(reviewer).post(to(proposed, "decide"), said(team, proposed), headers=pane(article))
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert f'data-claim="{other.number}"' in shown
    assert "Claim 1 is decided:" in shown
    assert "Here is claim 3, the next to review." in shown
    assert f'<a href="{to(proposed)}">Back to claim 1</a>' in shown


def test_without_a_next_one_the_decided_claim_stays(
    as_: As, reviewer: User, team: Team, article: Article, proposed: Claim
) -> None:
    answer = as_(reviewer).post(to(proposed, "decide"), said(team, proposed), headers=pane(article))
    assert f'data-claim="{proposed.number}"' in answer.content.decode()
    assert "No other claim of this article waits for your review." in answer.content.decode()


def test_without_script_the_claim_comes_back_with_the_way_to_the_next(
    as_: As, checker: User, reviewer: User, team: Team, article: Article, proposed: Claim
) -> None:
    other = log(article, checker, "Nobody knows")
    support(other, checker, title="other")
    verdicts.propose(actor=checker, claim=other, verdict=verdict(team))
    answer = as_(reviewer).post(to(proposed, "decide"), said(team, proposed), follow=True)
    assert f'<a href="{to(other)}">Next to review: claim 2</a>' in answer.content.decode()


def test_a_solo_desk_decides_at_once(as_: As, admin: User, reviewer: User, team: Team, claim: Claim) -> None:
    teams.change_policy(actor=admin, team=team, four_eyes=False, reason="one of us")
    support(claim, reviewer)
    shown = shown_to(as_(reviewer), claim)
    assert f'formaction="{to(claim, "decide")}"' in shown
    assert f'formaction="{to(claim, "propose")}"' in shown
    assert as_(reviewer).post(to(claim, "decide"), said(team, claim)).status_code == 303
    assert status_of(claim) == "decided"
    assert "four eyes off" in shown_to(as_(reviewer), claim)


def test_on_a_solo_desk_a_checker_proposes_and_reads_why_deciding_is_not_theirs(
    as_: As, admin: User, checker: User, team: Team, claim: Claim
) -> None:
    teams.change_policy(actor=admin, team=team, four_eyes=False, reason="one of us")
    shown = shown_to(as_(checker), claim)
    assert ">Propose</button>" in shown
    assert "To decide verdicts takes the role Reviewer" in shown


# --- races -----------------------------------------------------------------------------------


def test_who_loses_the_race_is_told_by_whom_it_was_decided_and_keeps_the_text(
    as_: As, admin: User, reviewer: User, team: Team, proposed: Claim
) -> None:
    mine = said(team, proposed, "disputed", rationale="Mine, long and careful")
    verdicts.decide(actor=admin, claim=proposed, verdict=verdict(team))
    answer = as_(reviewer).post(to(proposed, "decide"), mine)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Margit Sørensen changed this claim while you were writing" in shown
    assert "Margit Sørensen</b> decided" in shown
    assert "Mine, long and careful</div>" in shown
    assert "Disputed</div>" in shown
    assert proposed.decisions.count() == 1


def test_evidence_that_came_meanwhile_is_named_and_the_form_can_be_sent_again(
    as_: As, teammate: User, reviewer: User, team: Team, proposed: Claim
) -> None:
    opened = said(team, proposed, rationale="Mine")
    support(proposed, teammate, "conflicts", title="Award notice")
    answer = as_(reviewer).post(to(proposed, "decide"), opened)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Nora Vance</b> attached" in shown
    assert "Mine</textarea>" in shown
    proposed.refresh_from_db()
    assert f'name="version" value="{proposed.row_version}"' in shown
    assert as_(reviewer).post(to(proposed, "decide"), said(team, proposed, rationale="Mine")).status_code == 303


def test_a_decision_that_says_no_version_decides_nothing(as_: As, reviewer: User, team: Team, proposed: Claim) -> None:
    sent = said(team, proposed)
    del sent["version"]
    assert as_(reviewer).post(to(proposed, "decide"), sent).status_code == 409
    assert status_of(proposed) == "proposed"


def test_another_rationale_under_the_same_key_is_kept_and_not_done(
    as_: As, reviewer: User, team: Team, proposed: Claim
) -> None:
    sent = said(team, proposed)
    assert as_(reviewer).post(to(proposed, "decide"), sent).status_code == 303
    answer = as_(reviewer).post(to(proposed, "decide"), sent | {"rationale": "After Back"})
    assert answer.status_code == 409
    assert "After Back</div>" in answer.content.decode()


# --- what was said before --------------------------------------------------------------------


def test_the_decision_stands_and_earlier_rounds_are_folded(
    as_: As, checker: User, reviewer: User, team: Team, decided: Claim
) -> None:
    verdicts.reopen(actor=reviewer, claim=decided, reason="New figures")
    verdicts.propose(actor=checker, claim=decided, verdict=verdict(team, rationale="Second look"))
    verdicts.decide(actor=reviewer, claim=decided, verdict=verdict(team, rationale="Holds again"))
    shown = shown_to(as_(checker), decided)
    assert "Holds again" in shown
    assert "1 proposal</span>" in shown
    assert "Tomasz Wilk decided, today" in shown


def test_a_proposed_wording_is_compared_with_the_quote(
    as_: As, checker: User, reviewer: User, team: Team, claim: Claim
) -> None:
    wording = "puts the bill at £31.4 million including VAT"
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team, "needs-fix", proposed_wording=wording))
    assert "<ins> including VAT</ins>" in shown_to(as_(reviewer), claim)
