"""The team's page: members, invitations, scale, policy; for admins forms, for others facts and reasons."""

import datetime
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone as clock

from claims.actions import teams
from claims.models import Act, Claim, Invitation, Membership, Stash, Submission, Team, User
from claims.roles import Role
from tests.people import keys, member, person

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
UNPROCESSABLE, CONFLICT = 422, 409


def membership(user: User) -> Membership:
    return Membership.objects.get(user=user)


def read(client: Client, name: str = "team", *args: object) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def acts(team: Team) -> list[str]:
    return [act.verb for act in Act.objects.in_stream(f"team:{team.pk}").order_by("seq")]


def sent(client: Client, name: str, fields: dict[str, object], *args: object) -> tuple[int, str]:
    """Post the fields with fresh keys; status and page."""
    response = client.post(reverse(name, args=args), {**keys(), **fields})
    return response.status_code, response.content.decode()


# --- who sees what ---------------------------------------------------------------------------


def test_an_admin_sees_members_with_roles_and_their_last_act(team: Team, claim: Claim, admin: User, as_: As) -> None:
    page = read(as_(admin))
    assert "2 people" in page
    assert 'value="checker" selected' in page
    assert "Role of Ifeoma Brandt" in page
    assert page.count("today, ") >= 1
    assert "Save roles" in page


def test_others_read_the_facts_and_why_they_cannot_change_them(
    team: Team, admin: User, viewer: User, checker: User, reviewer: User, as_: As
) -> None:
    teams.invite(actor=admin, team=team, email="secret@ledger.example", role="viewer")
    for user, role in ((viewer, "Viewer"), (checker, "Checker"), (reviewer, "Reviewer")):
        page = read(as_(user))
        assert f"To change the policy takes the role Admin. You are {role} here. Margit Sørensen can." in page
        assert page.count('aria-disabled="true"') == 4
        assert "<select" not in page
        assert "secret@ledger.example" not in page
        assert "Four eyes" in page


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("change_roles", ""), ("invite", ""), ("change_policy", ""), ("add_label", ""),
        ("remove_member", "member"), ("withdraw_invitation", "invitation"),
        ("relabel", "label"), ("retire_label", "label"),
    ],
)  # fmt: skip
def test_what_only_admins_may_is_refused_to_others_and_not_there_for_outsiders(
    team: Team, admin: User, reviewer: User, other_team: Team, outsider: User, as_: As, name: str, needs: str
) -> None:
    invitation, _token = teams.invite(actor=admin, team=team, email="new@ledger.example", role="viewer")
    rows = {"member": membership(reviewer).pk, "invitation": invitation.pk, "label": team.labels.latest("pk").pk}
    args = [rows[needs]] if needs else []
    before = acts(team)
    for method in ("get", "post"):
        assert getattr(as_(reviewer), method)(reverse(name, args=args)).status_code == 403
        status = getattr(as_(outsider), method)(reverse(name, args=args)).status_code
        assert status == (404 if needs else 200 if method == "get" else UNPROCESSABLE)
        assert getattr(Client(), method)(reverse(name, args=args)).status_code == 302
    assert acts(team) == before


# --- members ---------------------------------------------------------------------------------


def chosen(*pairs: tuple[User, str]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for user, role in pairs:
        row = membership(user)
        fields |= {f"role-{row.pk}": role, f"opened-{row.pk}": row.row_version}
    return fields


def test_roles_are_saved_in_one_act(team: Team, admin: User, checker: User, viewer: User, as_: As) -> None:
    fields = chosen((admin, "admin"), (checker, "reviewer"), (viewer, "checker"))
    status, _page = sent(as_(admin), "change_roles", fields)
    assert status == 302
    assert (membership(checker).role, membership(viewer).role) == ("reviewer", "checker")
    assert acts(team).count("member.role") == 1


def test_a_role_changed_meanwhile_is_not_overwritten_and_the_choice_stays(
    team: Team, admin: User, checker: User, as_: As
) -> None:
    fields = chosen((checker, "viewer"))
    teams.change_roles(
        actor=admin, team=team, roles={membership(checker).pk: "reviewer"}, opened={membership(checker).pk: 1}
    )
    status, page = sent(as_(admin), "change_roles", fields)
    assert status == CONFLICT
    assert "Somebody changed this while you were writing" in page
    assert membership(checker).role == "reviewer"
    assert re.search(rf'name="role-{membership(checker).pk}".*?value="viewer" selected', page, re.DOTALL)
    opened = re.search(rf'name="opened-{membership(checker).pk}" value="(\d+)"', page)
    assert opened is not None
    assert sent(as_(admin), "change_roles", {**fields, f"opened-{membership(checker).pk}": opened[1]})[0] == 302
    assert membership(checker).role == "viewer"


def test_a_form_without_versions_overwrites_nothing(team: Team, admin: User, checker: User, as_: As) -> None:
    status, _page = sent(as_(admin), "change_roles", {f"role-{membership(checker).pk}": "viewer"})
    assert (status, membership(checker).role) == (CONFLICT, "checker")


def test_the_last_admin_stays(team: Team, admin: User, as_: As) -> None:
    status, page = sent(as_(admin), "change_roles", chosen((admin, "viewer")))
    assert status == UNPROCESSABLE
    assert "A team keeps at least one admin" in page
    assert membership(admin).role == "admin"


def test_a_forged_role_or_member_changes_nothing(
    team: Team, admin: User, checker: User, other_team: Team, outsider: User, as_: As
) -> None:
    status, _page = sent(as_(admin), "change_roles", chosen((checker, "emperor")))
    assert (status, membership(checker).role) == (UNPROCESSABLE, "checker")
    sent(as_(admin), "change_roles", chosen((outsider, "viewer")))
    assert membership(outsider).role == "admin"


def test_a_member_is_removed_with_a_reason(team: Team, admin: User, checker: User, as_: As) -> None:
    client, row = as_(admin), membership(checker)
    assert "Remove Ifeoma Brandt" in read(client, "remove_member", row.pk)
    status, page = sent(client, "remove_member", {"version": row.row_version, "reason": " "}, row.pk)
    assert status == UNPROCESSABLE
    assert "Give a reason" in page
    status, _page = sent(client, "remove_member", {"version": row.row_version, "reason": "Left the paper"}, row.pk)
    assert status == 302
    assert not Membership.objects.filter(user=checker).exists()
    assert Act.objects.in_stream(f"team:{team.pk}").newest_first()[0].reason == "Left the paper"
    assert client.get(reverse("remove_member", args=[row.pk])).status_code == 404


def test_a_member_whose_role_changed_meanwhile_is_not_removed_by_a_stale_form(
    team: Team, admin: User, checker: User, as_: As
) -> None:
    row = membership(checker)
    teams.change_roles(actor=admin, team=team, roles={row.pk: "reviewer"}, opened={row.pk: 1})
    status, page = sent(as_(admin), "remove_member", {"version": 1, "reason": "Left"}, row.pk)
    assert status == CONFLICT
    assert "Reviewer" in page
    assert 'name="version" value="2"' in page
    assert re.search(r">\s*Left</textarea>", page)


def test_removing_twice_is_one_act(team: Team, admin: User, checker: User, as_: As) -> None:
    client, row = as_(admin), membership(checker)
    fields = {**keys(row.row_version), "reason": "Left"}
    client.post(reverse("remove_member", args=[row.pk]), fields)
    client.post(reverse("remove_member", args=[row.pk]), fields)
    assert acts(team).count("member.remove") == 1


# --- invitations -----------------------------------------------------------------------------


def link_in(page: str) -> str:
    found = re.search(r"http://[^<]*(/accounts/join/[\w-]+/)", page)
    assert found is not None
    return found[1]


def test_the_link_is_shown_once_and_lets_somebody_join(team: Team, admin: User, as_: As) -> None:
    client = as_(admin)
    status, page = sent(client, "invite", {"email": "Ines@Ledger.example", "role": "checker"})
    assert status == 200
    assert "The link, shown this once" in page
    link = link_in(page)
    assert link not in read(client)
    assert "ines@ledger.example" in read(client)
    joined = Client().post(link, {"name": "Ines", "password": "correct-horse-battery"})
    assert joined.status_code == 302
    assert Membership.objects.get(team=team, user__email="ines@ledger.example").role == "checker"


def test_the_answer_with_the_link_is_kept_by_no_cache(team: Team, admin: User, as_: As) -> None:
    response = as_(admin).post(reverse("invite"), {**keys(), "email": "a@b.example", "role": "viewer"})
    assert response["Cache-Control"] == "no-store"


def test_the_token_stands_in_no_table(team: Team, admin: User, as_: As) -> None:
    _status, page = sent(as_(admin), "invite", {"email": "a@b.example", "role": "viewer"})
    token = link_in(page).split("/")[-2]
    from django.apps import apps

    for model in apps.get_models():
        assert token not in str(list(model._default_manager.values()))


def test_the_same_form_sent_twice_invites_once_and_says_where_the_link_was(team: Team, admin: User, as_: As) -> None:
    client, fields = as_(admin), {**keys(), "email": "a@b.example", "role": "viewer"}
    client.post(reverse("invite"), fields)
    page = client.post(reverse("invite"), fields).content.decode()
    assert "The link was shown already" in page
    assert (Invitation.objects.count(), acts(team).count("member.invite")) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"email": "", "role": "viewer"}, "Whom do you invite?"),
        ({"email": "nobody", "role": "viewer"}, "This is no address"),
        ({"email": "a@b.example", "role": "emperor"}, "Select a valid choice"),
        ({"email": "margit@ledger.example", "role": "viewer"}, "is a member already"),
    ],
)
def test_an_invitation_that_cannot_be_says_why(
    team: Team, admin: User, as_: As, fields: dict[str, object], says: str
) -> None:
    status, page = sent(as_(admin), "invite", fields)
    assert (status, Invitation.objects.count()) == (UNPROCESSABLE, 0)
    assert says in page
    assert not fields["email"] or f'value="{fields["email"]}"' in page


def test_an_invitation_is_withdrawn(team: Team, admin: User, as_: As) -> None:
    invitation, token = teams.invite(actor=admin, team=team, email="a@b.example", role="viewer")
    client = as_(admin)
    assert "Withdraw the invitation of a@b.example" in read(client, "withdraw_invitation", invitation.pk)
    assert sent(client, "withdraw_invitation", {}, invitation.pk)[0] == 302
    assert "no longer holds" in read(client)
    assert "a@b.example" not in read(client)
    assert Client().get(reverse("join", args=[token])).status_code == 410


def test_one_that_ran_out_can_be_sent_again(team: Team, admin: User, as_: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.actions.teams.INVITATION_HOLDS", -datetime.timedelta(days=1))
    teams.invite(actor=admin, team=team, email="a@b.example", role="viewer")
    monkeypatch.undo()
    page = read(as_(admin))
    assert "ran out" in page
    assert "Invite again" in page
    assert link_in(sent(as_(admin), "invite", {"email": "a@b.example", "role": "viewer"})[1])
    assert Invitation.objects.waiting().get().expires_at > clock.now()


# --- policy ----------------------------------------------------------------------------------


def policy(team: Team, **changes: object) -> dict[str, object]:
    fields = {"name": team.name, "timezone": team.timezone, "high_risk_origins": "2", "four_eyes": "on", "reason": ""}
    return {**fields, "version": team.row_version, **changes}


def test_the_policy_is_changed_with_a_reason(team: Team, admin: User, as_: As) -> None:
    fields = policy(team, high_risk_origins="3", timezone="America/St_Johns", reason="Libel case")
    del fields["four_eyes"]
    assert sent(as_(admin), "change_policy", fields)[0] == 302
    team.refresh_from_db()
    assert (team.four_eyes, team.high_risk_origins, team.timezone) == (False, 3, "America/St_Johns")
    assert Act.objects.in_stream(f"team:{team.pk}").newest_first()[0].reason == "Libel case"
    assert "America/St Johns" in read(as_(admin))


def test_switching_four_eyes_wants_a_reason(team: Team, admin: User, as_: As) -> None:
    fields = policy(team)
    del fields["four_eyes"]
    status, page = sent(as_(admin), "change_policy", fields)
    assert status == UNPROCESSABLE
    assert "Give a reason: every report will say that this was switched." in page
    team.refresh_from_db()
    assert team.four_eyes


@pytest.mark.parametrize("changes", [{"high_risk_origins": "9"}, {"timezone": "Europe/Wexcombe"}, {"name": "  "}])
def test_a_policy_that_cannot_be_is_refused(team: Team, admin: User, as_: As, changes: dict[str, object]) -> None:
    assert sent(as_(admin), "change_policy", policy(team, **changes))[0] == UNPROCESSABLE
    assert acts(team) == ["team.create"]


def test_a_policy_changed_meanwhile_is_shown_beside_what_was_chosen(team: Team, admin: User, as_: As) -> None:
    fields = policy(team, high_risk_origins="4", reason="Mine")
    teams.change_policy(actor=admin, team=team, reason="Theirs", high_risk_origins=5)
    status, page = sent(as_(admin), "change_policy", fields)
    assert status == CONFLICT
    assert '<dt>Independent origins for a high-risk claim</dt><dd dir="auto">5</dd>' in page
    assert 'value="4" selected' in page
    assert 'value="Mine"' in page
    team.refresh_from_db()
    assert team.high_risk_origins == 5
    assert sent(as_(admin), "change_policy", {**fields, "version": team.row_version})[0] == 302


def test_a_policy_form_without_its_version_overwrites_nothing(team: Team, admin: User, as_: As) -> None:
    fields = policy(team, high_risk_origins="4")
    del fields["version"]
    assert sent(as_(admin), "change_policy", fields)[0] == CONFLICT


def test_what_was_typed_when_the_session_had_ended_comes_back(team: Team, admin: User, as_: As) -> None:
    client = as_(admin)
    signed = re.search(r'name="person" value="([^"]+)"', read(client))
    assert signed is not None
    Client().post(reverse("change_policy"), policy(team, reason="Half typed", person=signed[1]))
    assert Stash.objects.count() == 1
    page = read(client, "change_policy")
    assert "What you typed is back, and not saved yet" in page
    assert 'value="Half typed"' in page
    assert Submission.objects.count() == 0


# --- the page --------------------------------------------------------------------------------


def test_the_page_costs_no_more_queries_for_more_members(
    team: Team, decided: Claim, admin: User, as_: As, django_assert_max_num_queries: Callable[..., object]
) -> None:
    for number in range(20):
        member(team, person(f"p{number}@ledger.example", f"Person {number}"), Role.CHECKER)
        teams.invite(actor=admin, team=team, email=f"i{number}@ledger.example", role="viewer")
    client = as_(admin)
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        assert "23 people" in read(client)


def test_a_person_in_two_teams_sees_the_last_act_in_this_one(
    team: Team, admin: User, other_team: Team, outsider: User, as_: As
) -> None:
    member(other_team, admin, Role.VIEWER)
    from claims.trail.lasts import last_acts

    assert last_acts(team.pk, [admin.pk, outsider.pk]) == {}
    assert set(last_acts(other_team.pk, [admin.pk, outsider.pk])) == {admin.pk}
