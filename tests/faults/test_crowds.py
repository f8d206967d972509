"""Fifty people, or twenty, do the same at the same moment through the pages: in some order, and nothing is lost."""

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import teams
from claims.models import Act, Article, Claim, Decision, Evidence, Label, Team, User
from claims.roles import Role
from tests.faults.crowd import Post, assert_holds, at_once, client_of, gate, staff
from tests.people import PASSWORD, keys

pytestmark = pytest.mark.django_db(transaction=True)


def to(claim: Claim, deed: str) -> str:
    return reverse(deed, args=[claim.article_id, claim.number])


def test_of_fifty_reviewers_one_decides_and_the_others_are_told_by_whom(proposed: Claim, team: Team) -> None:
    reviewers = staff(team, Role.REVIEWER, 50)
    label = Label.objects.get(team=team, meaning="accurate")
    posts = [
        Post(
            client_of(reviewer),
            to(proposed, "decide"),
            {"verdict": label.pk, "rationale": f"Read by {reviewer.name}, twice."} | keys(proposed.row_version),
        )
        for reviewer in reviewers
    ]
    with gate(team, waiting=50):
        answers = at_once(posts)

    decision = Decision.objects.get()
    (winner,) = [n for n, reviewer in enumerate(reviewers) if reviewer == decision.decided_by]
    assert decision.rationale == posts[winner].fields["rationale"]
    assert answers[winner].status_code == 303
    for n, answer in enumerate(answers):
        page = answer.content.decode()
        if n != winner:
            assert answer.status_code == 409
            assert decision.decided_by.name in page
            assert posts[n].fields["rationale"] in page
    assert Act.objects.filter(header__contains='"claim.decide"').count() == 1
    assert_holds()


def test_of_twenty_who_log_at_once_everybody_gets_a_number_of_their_own(article: Article, team: Team) -> None:
    checkers = staff(team, Role.CHECKER, 20)
    path = reverse("log_claim", args=[article.pk])
    said = {"quote": "in March 2023", "kind": "number", "risk": "low"}
    posts = [
        Post(client_of(checker), path, said | {"statement": f"As {checker.name} has it"} | keys())
        for checker in checkers
    ]
    with gate(article, waiting=20):
        answers = at_once(posts)
    assert {answer.status_code for answer in answers} == {303}
    claims = Claim.objects.order_by("number")
    assert [claim.number for claim in claims] == list(range(1, 21))
    assert {claim.statement for claim in claims} == {post.fields["statement"] for post in posts}
    assert {answer.headers["Location"].partition("#")[2] for answer in answers} == {f"c{n}" for n in range(1, 21)}
    assert_holds()


def test_of_twenty_who_attach_at_once_everybodys_evidence_is_there(claim: Claim, team: Team) -> None:
    checkers = staff(team, Role.CHECKER, 20)
    said = {"source": "new", "stance": "supports", "locator": "p. 1", "kind": "page", "origin_kind": "unknown"}
    posts = [
        Post(
            client_of(checker),
            to(claim, "attach_evidence"),
            said | {"title": f"Found by {checker.name}", "quote": f"“{checker.name}”"} | keys(claim.row_version),
        )
        for checker in checkers
    ]
    with gate(claim, waiting=20):
        answers = at_once(posts)
    assert {answer.status_code for answer in answers} == {303}
    pieces = Evidence.objects.order_by("number")
    assert [piece.name for piece in pieces] == [f"E{n}" for n in range(1, 21)]
    assert {piece.quote for piece in pieces} == {post.fields["quote"] for post in posts}
    claim.refresh_from_db()
    assert claim.row_version == 21
    assert_holds()


def test_somebody_who_joins_two_teams_at_once_has_one_account(team: Team, admin: User, other_team: Team) -> None:
    boss = other_team.memberships.get(role=Role.ADMIN).user
    email = "new@ledger.example"
    tokens = [
        teams.invite(actor=inviter, team=into, email=email, role=Role.VIEWER)[1]
        for inviter, into in ((admin, team), (boss, other_team))
    ]
    said = {"name": "Ana Neve", "password": PASSWORD}
    posts = [Post(Client(raise_request_exception=False), reverse("join", args=[token]), said) for token in tokens]
    answers = at_once(posts)
    assert all(answer.status_code < 500 for answer in answers)
    assert User.objects.filter(email=email).count() == 1
    assert_holds()
