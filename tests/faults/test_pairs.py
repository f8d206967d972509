"""Two people at once, in either order: whoever comes second finds what the first has done, and loses nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from claims.actions import sources, teams, verdicts
from claims.models import Act, Article, Claim, Decision, Evidence, Label, Membership, Proposal, Source, Team, User
from claims.roles import Role
from tests.faults.crowd import Post, assert_holds, client_of, in_turn
from tests.people import keys, member, person, support, verdict

pytestmark = pytest.mark.django_db(transaction=True)
EITHER = pytest.mark.parametrize("first", [0, 1])


def to(claim: Claim, deed: str, **more: int) -> str:
    return reverse(deed, kwargs={"article_id": claim.article_id, "number": claim.number, **more})


def both(row: Any, posts: list[Callable[[], HttpResponse]], first: int) -> list[HttpResponse]:
    """The answers to two posts, of which the one numbered `first` comes to the row first."""
    order = posts if first == 0 else posts[::-1]
    answers: list[HttpResponse] = in_turn(row, order)
    return answers if first == 0 else answers[::-1]


def statuses(answers: list[HttpResponse]) -> list[int]:
    return [answer.status_code for answer in answers]


@pytest.fixture
def decides(proposed: Claim, reviewer: User, team: Team) -> Post:
    label = Label.objects.get(team=team, meaning="accurate")
    said = {"verdict": label.pk, "rationale": "Read twice, agreed."}
    return Post(client_of(reviewer), to(proposed, "decide"), said | keys(proposed.row_version))


@EITHER
def test_evidence_attached_while_somebody_decides(first: int, proposed: Claim, decides: Post, teammate: User) -> None:
    said = {"source": "new", "title": "A second report", "kind": "page", "origin_kind": "itself"}
    said |= {"stance": "conflicts", "quote": "It was £29 million."} | keys(proposed.row_version)
    attaches = Post(client_of(teammate), to(proposed, "attach_evidence"), said)
    decided, attached = both(proposed, [decides, attaches], first)
    proposed.refresh_from_db()
    assert attached.status_code == 303
    assert Evidence.objects.filter(claim=proposed).count() == 2
    if first == 0:
        assert (decided.status_code, proposed.status) == (303, "recheck")
    else:
        assert (decided.status_code, proposed.status) == (409, "proposed")
        assert "Read twice, agreed." in decided.content.decode()
        assert not Decision.objects.exists()
    assert_holds()


@EITHER
def test_evidence_retracted_while_somebody_decides(first: int, proposed: Claim, decides: Post, checker: User) -> None:
    said = {"reason": "It is the draft of the report."} | keys(proposed.row_version)
    retracts = Post(client_of(checker), to(proposed, "retract_evidence", e=1), said)
    answers = both(proposed, [decides, retracts], first)
    assert sorted(statuses(answers)) == [303, 409]
    assert answers[first].status_code == 303
    text = ("It is the draft of the report.", "Read twice, agreed.")[first]
    assert text in answers[1 - first].content.decode()
    assert Decision.objects.exists() == (first == 0)
    assert Evidence.objects.filter(retracted_at=None).exists() == (first == 0)
    assert_holds()


@EITHER
def test_a_claim_withdrawn_while_somebody_proposes(
    first: int, claim: Claim, checker: User, teammate: User, team: Team
) -> None:
    support(claim, checker)
    claim.refresh_from_db()
    label = Label.objects.get(team=team, meaning="accurate")
    said = {"verdict": label.pk, "rationale": "The report says so."}
    proposes = Post(client_of(checker), to(claim, "propose"), said | keys(claim.row_version))
    withdraws = Post(client_of(teammate), to(claim, "withdraw"), {"reason": "Cut"} | keys(claim.row_version))
    answers = both(claim, [proposes, withdraws], first)
    claim.refresh_from_db()
    assert (answers[first].status_code, answers[1 - first].status_code) == (303, 409)
    assert claim.status == ("proposed", "withdrawn")[first]
    assert Proposal.objects.exists() == (first == 0)
    assert ("Cut", "The report says so.")[first] in answers[1 - first].content.decode()
    assert_holds()


@EITHER
def test_four_eyes_switched_on_while_somebody_decides_alone(
    first: int, claim: Claim, checker: User, reviewer: User, admin: User, team: Team
) -> None:
    team = teams.change_policy(actor=admin, team=team, reason="We are two", four_eyes=False)
    support(claim, checker)
    claim.refresh_from_db()
    label = Label.objects.get(team=team, meaning="accurate")
    said = {"verdict": label.pk, "rationale": "Decided alone."} | keys(claim.row_version)
    decides = Post(client_of(reviewer), to(claim, "decide"), said)
    policy = {"name": team.name, "timezone": team.timezone, "high_risk_origins": 2, "four_eyes": "on"}
    policy |= {"reason": "We are three now"} | keys(team.row_version)
    switches = Post(client_of(admin), reverse("change_policy"), policy)
    decided, switched = both(team, [decides, switches], first)
    team.refresh_from_db()
    assert (switched.status_code, team.four_eyes) == (302, True)
    if first == 0:
        assert decided.status_code == 303
        acts = {act.verb: act.act for act in Act.objects.all()}
        assert acts["claim.decide"] < acts["team.policy"]
        assert not Decision.objects.get().four_eyes
    else:
        assert decided.status_code == 422
        assert "Decided alone." in decided.content.decode()
        assert not Decision.objects.exists()
    assert_holds()


@EITHER
def test_a_verdict_retired_while_somebody_proposes_it(
    first: int, claim: Claim, checker: User, admin: User, team: Team
) -> None:
    label = Label.objects.get(team=team, meaning="not-checkable")
    said = {"verdict": label.pk, "rationale": "It is a prediction."} | keys(claim.row_version)
    proposes = Post(client_of(checker), to(claim, "propose"), said)
    retires = Post(client_of(admin), reverse("retire_label", args=[label.pk]), {"reason": "Not ours"} | keys())
    proposed, retired = both(label, [proposes, retires], first)
    label.refresh_from_db()
    assert (retired.status_code, label.retired_at is None) == (302, False)
    assert proposed.status_code == (303, 422)[first]
    assert first == 0 or "It is a prediction." in proposed.content.decode()
    assert_holds()


# --- two admins ------------------------------------------------------------------------------


@pytest.fixture
def admins(admin: User, team: Team) -> list[User]:
    return [admin, member(team, person("second@ledger.example", "Second Admin"), Role.ADMIN)]


@EITHER
def test_two_admins_who_remove_each_other_leave_one(first: int, admins: list[User], team: Team) -> None:
    rows = [Membership.objects.get(user=user) for user in reversed(admins)]
    posts: list[Any] = [
        Post(client_of(user), reverse("remove_member", args=[row.pk]), {"reason": "Gone"} | keys(row.row_version))
        for user, row in zip(admins, rows, strict=True)
    ]
    answers = both(team, posts, first)
    assert answers[first].status_code == 302
    assert answers[1 - first].status_code == 403
    assert [row.user for row in Membership.objects.filter(team=team)] == [admins[first]]
    assert_holds()


@EITHER
def test_two_admins_who_both_step_down_leave_one(first: int, admins: list[User], team: Team) -> None:
    posts: list[Any] = []
    for user in admins:
        row = Membership.objects.get(user=user)
        others = {f"role-{other.pk}": other.role for other in Membership.objects.exclude(pk=row.pk)}
        opened = {f"opened-{each.pk}": each.row_version for each in Membership.objects.all()}
        posts.append(
            Post(client_of(user), reverse("change_roles"), {f"role-{row.pk}": "checker"} | others | opened | keys())
        )
    answers = both(team, posts, first)
    assert statuses(answers)[first] == 302
    assert statuses(answers)[1 - first] in {409, 422, 403}
    assert Membership.objects.filter(team=team, role=Role.ADMIN).count() == 1
    assert_holds()


def test_a_member_whom_two_admins_remove_at_once_is_removed_once(admins: list[User], team: Team, viewer: User) -> None:
    row = Membership.objects.get(user=viewer)
    path, said = reverse("remove_member", args=[row.pk]), {"reason": "Left the paper"}
    first, second = in_turn(team, [Post(client_of(user), path, said | keys(row.row_version)) for user in admins])
    assert (first.status_code, second.status_code) == (302, 422)
    assert "Left the paper" in second.content.decode()
    assert Act.objects.filter(header__contains="member.remove").count() == 1
    assert_holds()


# --- origins ---------------------------------------------------------------------------------


@EITHER
def test_evidence_from_a_source_whose_origin_somebody_changes(
    first: int, article: Article, claim: Claim, checker: User, teammate: User, reviewer: User, team: Team
) -> None:
    """Each of the two holds what the other needs last: neither waits for ever."""
    support(claim, checker)
    source = Source.objects.get()
    claim.refresh_from_db()
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
    said = {"source": source.pk, "stance": "context", "quote": "p. 3"} | keys()
    attaches = Post(client_of(teammate), to(claim, "attach_evidence"), said)
    client = client_of(checker)

    def edits() -> HttpResponse:
        sources.edit_source(actor=checker, source=source, origin_kind="unknown")
        return client.get(reverse("source", args=[source.pk]))  # type: ignore[return-value]

    answers = both(claim, [attaches, edits], first)
    source.refresh_from_db()
    assert (statuses(answers), source.origin_kind) == ([303, 200], "unknown")
    assert Evidence.objects.filter(claim=claim).count() == 2
    assert_holds()
