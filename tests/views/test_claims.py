"""The Claim panel: what it shows to whom, and how a claim's facts are edited."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import claims, evidence, sources, verdicts
from claims.models import Act, Article, Claim, Membership, Team, User
from claims.trail import act
from tests.people import keys, log, support, verdict

As = Callable[[User], Client]
PANE = {"HX-Request": "true", "HX-Current-URL": "http://testserver/articles/1/"}
SESSION_USER_AND_TEAMS = 3


def at(claim: Claim) -> str:
    return reverse("claim", args=[claim.article_id, claim.number])


def facts(claim: Claim, **changed: Any) -> dict[str, Any]:
    """What the edit form sends."""
    said = {"statement": claim.statement, "kind": claim.kind, "said_by": "", "reported_by": "", "risk": claim.risk}
    return said | {"reason": ""} | changed | keys(changed.pop("version", claim.row_version))


def page(client: Client, url: str, status: int = 200, **more: Any) -> str:
    answer = client.get(url, **more)
    assert answer.status_code == status
    return answer.content.decode()


# --- what it shows ---------------------------------------------------------------------------


def test_the_page_shows_quote_statement_and_the_claims_beside_it(
    as_: As, checker: User, article: Article, claim: Claim
) -> None:
    before = log(article, checker, "closed the bridge to lorries in March 2023")
    shown = page(as_(checker), at(claim))
    assert '<h1>Claim 1 <span class="soft">of 2</span></h1>' in shown
    assert 'aria-current="true">puts the bill at £31.4 million</mark>' in shown
    assert f'rel="prev" data-key="k" href="{at(before)}"' in shown
    assert 'rel="next"' not in shown


def test_htmx_gets_the_panel_alone_headed_for_the_desk(as_: As, checker: User, claim: Claim) -> None:
    shown = page(as_(checker), at(claim), headers=PANE)
    assert "<html" not in shown
    assert "<h2>Claim 1" in shown


def test_a_viewer_reads_everything_and_is_told_why_nothing_can_be_done(
    as_: As, viewer: User, checker: User, claim: Claim
) -> None:
    support(claim, checker)
    shown = page(as_(viewer), at(claim))
    assert "now forecast at £31.4m" in shown
    assert "To edit claims takes the role Checker. You are Viewer here." in shown
    assert "To attach evidence takes the role Checker" in shown
    assert "To propose verdicts takes the role Checker" in shown
    assert f'action="{at(claim)}evidence/1/retract/"' not in shown


def test_a_withdrawn_claim_says_who_withdrew_it_and_is_not_edited(as_: As, checker: User, claim: Claim) -> None:
    verdicts.withdraw(actor=checker, claim=claim, reason="Colour, not a claim.")
    shown = page(as_(checker), at(claim) + "?edit=1")
    assert "Ifeoma Brandt withdrew it, today" in shown
    assert "“Colour, not a claim.”" in shown
    assert 'name="statement"' not in shown


def test_recheck_says_why_and_the_verdict_it_had(as_: As, checker: User, decided: Claim) -> None:
    evidence.retract(actor=checker, evidence=decided.evidence.get(), reason="wrong year")
    shown = page(as_(checker), at(decided))
    assert "Evidence was retracted after the decision: E1" in shown
    assert "It was decided" in shown
    assert "by Tomasz Wilk, today" in shown


def test_a_claim_sent_back_says_by_whom_and_gives_its_proposer_the_proposal_again(
    as_: As, checker: User, teammate: User, reviewer: User, proposed: Claim
) -> None:
    verdicts.send_back(actor=reviewer, claim=proposed, reason="Which report?")
    shown = page(as_(checker), at(proposed))
    assert "Tomasz Wilk sent it back to Ifeoma Brandt, today" in shown
    assert "The report says so.</textarea>" in shown
    assert "The report says so.</textarea>" not in page(as_(teammate), at(proposed))


def test_the_panel_tells_its_own_last_acts_and_how_many_there_are(as_: As, checker: User, decided: Claim) -> None:
    shown = page(as_(checker), at(decided))
    assert "All 4 acts" in shown
    assert f'?claim={decided.number}">' in shown


@pytest.mark.parametrize("many", [2, 12])
def test_a_claim_costs_eight_queries_whatever_its_evidence(
    as_: As, reviewer: User, checker: User, claim: Claim, team: Team, many: int, django_assert_max_num_queries: Any
) -> None:
    first = support(claim, checker).source
    copy = sources.add_source(actor=checker, team=team, title="A copy", origin_kind="source", origin=first)
    for _again in range(many):
        evidence.attach(actor=checker, claim=claim, stance="supports", source=copy, quote="31.4")
    support(claim, reviewer, "conflicts", title="Another")
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    client = as_(reviewer)
    with django_assert_max_num_queries(8 + SESSION_USER_AND_TEAMS):
        shown = page(client, at(claim), headers=PANE)
    assert "so you cannot decide on it" in shown


# --- who may ---------------------------------------------------------------------------------

ADDRESSES = (
    "",
    "evidence/",
    "evidence/1/retract/",
    "propose/",
    "decide/",
    "send-back/",
    "reopen/",
    "withdraw/",
    "restore/",
)


@pytest.mark.parametrize("part", ADDRESSES)
def test_other_teams_and_the_signed_out_find_nothing(
    as_: As, client: Client, other_team: Team, outsider: User, proposed: Claim, part: str
) -> None:
    signed_out = client.get(at(proposed) + part)
    assert signed_out.status_code == 302
    assert signed_out["Location"].startswith("/accounts/login/")
    assert as_(outsider).get(at(proposed) + part).status_code == 404
    assert as_(outsider).post(at(proposed) + part, keys(1)).status_code == 404


@pytest.mark.parametrize("part", [*ADDRESSES[1:4], "withdraw/"])
def test_a_viewer_who_asks_all_the_same_gets_403_with_the_reason(
    as_: As, viewer: User, proposed: Claim, part: str
) -> None:
    answer = as_(viewer).post(at(proposed) + part, {"reason": "I want to"} | keys(proposed.row_version))
    assert answer.status_code == 403
    assert "takes the role Checker. You are Viewer here." in answer.content.decode()


@pytest.mark.parametrize("part", ["decide/", "send-back/", "reopen/", "restore/"])
def test_a_checker_does_not_review(as_: As, teammate: User, proposed: Claim, part: str) -> None:
    assert as_(teammate).get(at(proposed) + part).status_code == 403
    assert as_(teammate).post(at(proposed) + part, keys(proposed.row_version)).status_code == 403


def test_a_number_that_no_claim_has_is_not_found(as_: As, checker: User, article: Article) -> None:
    assert as_(checker).get(reverse("claim", args=[article.pk, 99])).status_code == 404
    assert as_(checker).get(reverse("claim", args=[10**30, 10**30])).status_code == 404


# --- editing ---------------------------------------------------------------------------------


def test_edit_opens_the_facts_as_a_form(as_: As, checker: User, claim: Claim) -> None:
    shown = page(as_(checker), at(claim) + "?edit=1")
    for label in ("Statement", "Kind", "Said by", "Reported by", "Risk", "Assigned to", "Why it changes"):
        assert f">{label}</label>" in shown
    assert ">Save</button>" in shown


def test_on_its_own_page_the_facts_stand_as_a_form_and_in_the_pane_as_text(
    as_: As, checker: User, viewer: User, claim: Claim
) -> None:
    own = page(as_(checker), at(claim))
    assert ">Save</button>" in own
    assert "autofocus" not in own
    pane = page(as_(checker), at(claim), headers=PANE)
    assert 'name="statement"' not in pane
    assert 'name="statement"' not in page(as_(viewer), at(claim))


def test_its_own_page_shows_the_words_around_it_with_the_marks_of_others(
    as_: As, checker: User, article: Article, claim: Claim
) -> None:
    log(article, checker, "three times the first estimate")
    shown = page(as_(checker), at(claim))
    passage = shown[shown.index('class="in-text as-typed"') : shown.index('id="places-h"')]
    assert "A report " in passage
    assert 'data-claim="1" id="c1" aria-current="true"' in passage
    assert 'data-claim="2" id="c2"' in passage
    assert "Nobody knows" not in passage
    assert 'class="in-text' not in page(as_(checker), at(claim), headers=PANE)


def test_saving_changes_the_facts_and_leads_back_to_the_claim(
    as_: As, checker: User, teammate: User, claim: Claim
) -> None:
    sent = facts(claim, statement="It costs £31.4m.", risk="high", assigned_to=teammate.pk, reason="it is the headline")
    answer = as_(checker).post(at(claim), sent)
    assert (answer.status_code, answer["Location"]) == (303, at(claim))
    claim.refresh_from_db()
    assert (claim.statement, claim.risk, claim.assigned_to) == ("It costs £31.4m.", "high", teammate)
    last = Act.objects.in_stream(claim.article.stream).newest_first()[0]
    assert (last.verb, last.reason) == ("claim.edit", "it is the headline")


def test_to_htmx_saving_answers_with_the_fresh_panel(as_: As, checker: User, claim: Claim) -> None:
    answer = as_(checker).post(at(claim), facts(claim, said_by="The council"), headers=PANE)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert ">The council</dd>" in shown
    assert "Claim 1 is saved." in shown
    assert "<html" not in shown


def test_text_is_kept_as_it_was_typed(as_: As, checker: User, claim: Claim) -> None:
    as_(checker).post(at(claim), facts(claim, statement="  two\r\n lines <b>&amp;\u200d🇬🇧  "))
    claim.refresh_from_db()
    assert claim.statement == "  two\n lines <b>&amp;\u200d🇬🇧  "
    assert "lines &lt;b&gt;&amp;amp;" in page(as_(checker), at(claim))


def test_a_claim_without_statement_is_refused_and_the_rest_is_kept(as_: As, checker: User, claim: Claim) -> None:
    answer = as_(checker).post(at(claim), facts(claim, statement=" \n", said_by="Somebody new"))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "A claim needs a statement" in shown
    assert 'value="Somebody new"' in shown
    claim.refresh_from_db()
    assert claim.said_by == ""


def test_only_members_can_be_given_a_claim(as_: As, checker: User, outsider: User, claim: Claim) -> None:
    assert as_(checker).post(at(claim), facts(claim, assigned_to=outsider.pk)).status_code == 422


def test_who_has_a_claim_keeps_it_after_leaving_the_team(
    as_: As, checker: User, teammate: User, admin: User, claim: Claim
) -> None:
    claims.edit_claim(actor=checker, claim=claim, assigned_to=teammate)
    with act("member.remove", admin):
        Membership.objects.get(user=teammate).delete()
    claim.refresh_from_db()
    answer = as_(checker).post(at(claim), facts(claim, assigned_to=teammate.pk, said_by="The council"))
    assert answer.status_code == 303
    claim.refresh_from_db()
    assert claim.assigned_to == teammate


def test_editing_a_decided_claim_sends_it_to_recheck(as_: As, checker: User, decided: Claim) -> None:
    as_(checker).post(at(decided), facts(decided, statement="Something else"))
    decided.refresh_from_db()
    assert decided.status == "recheck"


# --- two hands on one claim ------------------------------------------------------------------


def test_a_stale_form_shows_their_change_beside_the_typed_text(
    as_: As, checker: User, teammate: User, claim: Claim
) -> None:
    opened = facts(claim, statement="Mine: it costs £31.4m.", said_by="Me")
    theirs = {"statement": claim.statement + " including VAT", "risk": "high"}
    claims.edit_claim(actor=teammate, claim=claim, reason="Note on the headline", **theirs)
    answer = as_(checker).post(at(claim), opened)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Nora Vance changed this claim while you were writing" in shown
    assert "<ins> including VAT</ins>" in shown
    assert "Note on the headline" in shown
    assert "Mine: it costs £31.4m.</textarea>" in shown
    assert "Both of you changed this field." in shown
    assert "Taken from theirs; you had not changed it." in shown
    assert '<option value="high" selected>' in shown
    assert "Save mine over theirs" in shown
    assert "Keep theirs, drop mine" in shown
    claim.refresh_from_db()
    assert claim.statement.endswith("including VAT")


def test_mine_can_then_be_saved_over_theirs(as_: As, checker: User, teammate: User, claim: Claim) -> None:
    opened = facts(claim, statement="Mine")
    claims.edit_claim(actor=teammate, claim=claim, statement="Theirs")
    assert as_(checker).post(at(claim), opened).status_code == 409
    claim.refresh_from_db()
    assert as_(checker).post(at(claim), facts(claim, statement="Mine")).status_code == 303
    claim.refresh_from_db()
    assert claim.statement == "Mine"


def test_a_form_that_says_no_version_overwrites_nothing(as_: As, checker: User, claim: Claim) -> None:
    sent = facts(claim, statement="Over everything")
    del sent["version"]
    assert as_(checker).post(at(claim), sent).status_code == 409
    claim.refresh_from_db()
    assert claim.statement != "Over everything"


def test_evidence_brought_meanwhile_is_named_and_the_facts_are_as_they_were(
    as_: As, checker: User, teammate: User, claim: Claim
) -> None:
    opened = facts(claim, statement="Mine")
    support(claim, teammate)
    shown = as_(checker).post(at(claim), opened).content.decode()
    assert "Nora Vance</b> attached" in shown
    assert "The facts of the claim are as you saw them." in shown


def test_sent_twice_it_is_done_once(as_: As, checker: User, claim: Claim) -> None:
    sent = facts(claim, statement="Once")
    first, second = (as_(checker).post(at(claim), sent) for _time in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    claim.refresh_from_db()
    assert claim.row_version == 2


def test_another_text_under_the_same_key_is_not_saved_and_not_lost(as_: As, checker: User, claim: Claim) -> None:
    sent = facts(claim, statement="First")
    as_(checker).post(at(claim), sent)
    answer = as_(checker).post(at(claim), sent | {"statement": "Second, after Back"})
    assert answer.status_code == 409
    assert "Second, after Back</textarea>" in answer.content.decode()
    claim.refresh_from_db()
    assert claim.statement == "First"


def test_what_was_typed_when_the_session_had_ended_is_back_after_sign_in(
    as_: As, client: Client, checker: User, teammate: User, claim: Claim
) -> None:
    form = page(as_(checker), at(claim) + "?edit=1")
    person = form.split('name="person" value="')[1].split('"')[0]
    client.logout()
    client.post(at(claim), facts(claim, statement="Typed in vain?", person=person))
    assert "Typed in vain?" not in page(as_(teammate), at(claim))
    back = page(as_(checker), at(claim))
    assert "Typed in vain?</textarea>" in back
    assert "Your session had ended" in back
    claim.refresh_from_db()
    assert claim.statement != "Typed in vain?"
