"""Every address × every role, another team, no team, signed out: taken from the URL configuration itself.

What each answers stands in tests/access/addresses.py; an address that does not stand there fails here.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from claims.models import Team, User
from claims.roles import PERMISSIONS, Role
from tests.access.addresses import ABSENT, DOORS, NAMED, OWN, ROWS, TABLE, WITH_ROW, Page, address, allowed
from tests.access.world import Newsroom, written
from tests.people import BACKEND, keys, member, person

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/?next="
WRONG = ("put", "patch", "delete", "options", "trace")
DONE = {200, 302, 303, 409, 422}  # written, or refused within the form
HUGE = 99_999_999_999_999_999_999
HEADS = {"signed out", "admin"}  # who asks for the head alone too: it is the same view


def test_every_address_stands_in_the_table_and_nothing_else_does() -> None:
    assert sorted(NAMED) == sorted([*TABLE, *DOORS, *ABSENT])
    assert {permission for page in TABLE.values() for permission in page.permissions} == set(PERMISSIONS)


# --- who is who ------------------------------------------------------------------------------


class Actor:
    """Somebody with a browser. `role` is theirs in the ledger, `elsewhere` in the other newsroom that they look at."""

    def __init__(self, user: User | None, role: str = "", elsewhere: str = "", team: str = "") -> None:
        self.client = Client()
        self.user, self.role, self.elsewhere, self.team = user, role, elsewhere, team
        if user is not None:
            self.client.force_login(user, backend=BACKEND)

    def answers(self, name: str, page: Page, method: str) -> set[int]:
        """The statuses that the table lets this address give them."""
        permission = page.send if method == "post" else page.read
        if self.user is None or not self.user.is_active:
            return {302} if permission is not None else {302, 405}
        if permission is None:
            return {405}
        right = {page.shown} if method != "post" else DONE
        if permission == OWN:
            return {404} if name == "switch_team" and not self.team else right
        role = self.role if NAMED[name] & ROWS else self.elsewhere or self.role
        if not role:
            return {404} if NAMED[name] & ROWS else {403}
        return right if allowed(permission, Role(role)) else {403}


def signed_out(ledger: Newsroom, other: Newsroom) -> Actor:
    return Actor(None)


def of_the_team(role: str) -> Callable[[Newsroom, Newsroom], Actor]:
    return lambda ledger, _other: Actor(ledger.people[role], role, team="ledger")


def of_another_team(ledger: Newsroom, other: Newsroom) -> Actor:
    return Actor(other.people["admin"], elsewhere="admin", team="post")


def of_two_teams(ledger: Newsroom, other: Newsroom) -> Actor:
    """An admin elsewhere, and looking there; a viewer here."""
    both = member(ledger.team, member(other.team, person("both@post.example", "Both"), "admin"), "viewer")
    actor = Actor(both, "viewer", "admin", team="post")
    assert actor.client.post(reverse("switch_team"), {"team": "post"}).status_code == 302
    return actor


def of_no_team(ledger: Newsroom, other: Newsroom) -> Actor:
    return Actor(person("nobody@post.example", "Nobody"))


def no_longer_active(ledger: Newsroom, other: Newsroom) -> Actor:
    actor = Actor(ledger.people["admin"], "admin", team="ledger")
    User.objects.filter(pk=ledger.people["admin"].pk).update(is_active=False)
    ledger.people["admin"].is_active = False
    return actor


ACTORS = {
    "signed out": signed_out,
    **{role.value: of_the_team(role) for role in Role},
    "another team": of_another_team,
    "two teams": of_two_teams,
    "no team": of_no_team,
    "inactive": no_longer_active,
}


# --- what they are answered ------------------------------------------------------------------


def asked(actor: Actor, name: str, method: str, ids: dict[str, Any], before: dict[str, int]) -> HttpResponse:
    """The answer; whatever it wrote is taken back. What is only looked at, or refused, must write nothing."""
    team = {"team": str(pk_of(actor.team)) if name == "fetch_ahead" else actor.team}
    sent = keys(1) | team if method == "post" else None
    with transaction.atomic():
        answer: HttpResponse = getattr(actor.client, method)(address(name, ids), sent)
        if method != "post" or answer.status_code >= 400:
            assert written() == before, f"{method} {name} wrote, and answered {answer.status_code}"
        transaction.set_rollback(True)
    return answer


def pk_of(slug: str) -> Any:
    return Team.objects.filter(slug=slug).values_list("pk", flat=True).first() or ""


def exposed(answer: HttpResponse) -> Iterator[str]:
    """Headers that an answer lacks, or should not have."""
    if "frame-ancestors 'none'" not in answer.get("Content-Security-Policy", ""):
        yield "may be framed"
    if answer.get("X-Content-Type-Options") != "nosniff":
        yield "may be sniffed"
    if answer.get("Referrer-Policy") != "same-origin":
        yield "tells where one comes from"
    if not {"private", "no-store"} & set(answer.get("Cache-Control", "").split(", ")):
        yield "may be cached for others"
    if "Access-Control-Allow-Origin" in answer:
        yield "may be read from elsewhere"


@pytest.mark.parametrize("who", ACTORS)
def test_every_address_answers_as_the_table_says(ledger: Newsroom, other: Newsroom, who: str) -> None:
    actor = ACTORS[who](ledger, other)
    before, wrong = written(), []
    for name, page in TABLE.items():
        for method in ("get", "head", "post") if who in HEADS else ("get", "post"):
            answer, right = asked(actor, name, method, ledger.ids, before), actor.answers(name, page, method)
            said = f"{method} {name}: "
            if answer.status_code not in right:
                wrong.append(f"{said}{answer.status_code}, not {right}")
            if right == {302} and actor.user is None and name != "home":
                wrong += [] if answer["Location"].startswith(SIGN_IN) else [f"{said}{answer['Location']}"]
            wrong += [said + fault for fault in exposed(answer)]
    assert wrong == []


@pytest.mark.parametrize("who", ["signed out", "viewer"])
def test_every_door_answers_as_the_table_says(ledger: Newsroom, other: Newsroom, who: str) -> None:
    ids = {"pk": 1, "uidb36": "1", "key": "x-y", "token": ledger.token}
    before, wrong = written(), []
    for name, answers in DOORS.items():
        for method, right in zip(("get", "post"), answers[2:] if who == "viewer" else answers[:2], strict=True):
            actor = ACTORS[who](ledger, other)  # a door may sign out
            answer = asked(actor, name, method, ids, before)
            wrong += [f"{method} {name}: {answer.status_code}, not {right}"] if answer.status_code != right else []
            wrong += [f"{method} {name}: {fault}" for fault in exposed(answer)]
    assert wrong == []


def test_a_viewer_writes_nothing_but_reports(ledger: Newsroom, other: Newsroom) -> None:
    """What a viewer sends, kept this time: only what is theirs to write is there."""
    actor, before = ACTORS["viewer"](ledger, other), written()
    for name, page in TABLE.items():
        if page.send is not None:
            actor.client.post(address(name, ledger.ids), keys(1) | {"reason": "x", "statement": "x", "name": "x"})
    after = written()
    assert {what for what in after if after[what] != before[what]} <= {"Report", "Act"}
    assert after["Act"] - before["Act"] == after["Report"] - before["Report"]


@pytest.mark.parametrize("method", WRONG)
def test_methods_that_no_form_has_are_refused_everywhere(ledger: Newsroom, other: Newsroom, method: str) -> None:
    for actor in (ACTORS["admin"](ledger, other), Actor(None)):
        answers = {name: getattr(actor.client, method)(address(name, ledger.ids)).status_code for name in TABLE}
        assert {name: status for name, status in answers.items() if status != 405} == {}


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(ABSENT))
def test_what_is_not_offered_leads_nowhere(ledger: Newsroom, name: str, method: str) -> None:
    path = reverse(name, kwargs=dict.fromkeys(NAMED[name], "x"))
    for actor in (Actor(None), Actor(ledger.people["admin"], "admin")):
        assert getattr(actor.client, method)(path).status_code == 404


# --- rows that are not there, and rows of others ---------------------------------------------


def mixed(name: str, ledger: Newsroom, other: Newsroom) -> Iterator[dict[str, Any]]:
    """The ledger's address with one row in it that is not there, is another's, or belongs to another claim."""
    numbers = sorted(NAMED[name] - {"kind"})
    for argument in numbers:
        for bad in (999_999_999, HUGE):
            yield ledger.ids | {argument: bad}
        if argument in ROWS or argument == "anchor_id":
            yield ledger.ids | {argument: other.ids[argument]}
    if {"number", "article_id"} <= set(numbers):
        yield ledger.ids | {"number": 2} if {"e", "anchor_id"} & set(numbers) else ledger.ids | {"number": 9}
    if "article_id" in numbers and len(numbers) > 1:
        yield other.ids | {"article_id": ledger.ids["article_id"], "number": 3, "e": 2}


@pytest.mark.parametrize("method", ["get", "post"])
def test_rows_that_do_not_belong_together_do_not_exist(ledger: Newsroom, other: Newsroom, method: str) -> None:
    actor, before = ACTORS["admin"](ledger, other), written()
    wrong, count = [], 0
    for name in WITH_ROW:
        if (TABLE[name].send if method == "post" else TABLE[name].read) is None:
            continue
        for ids in mixed(name, ledger, other):
            answer = asked(actor, name, method, ids, before)
            count += 1
            wrong += [f"{method} {address(name, ids)}: {answer.status_code}"] if answer.status_code != 404 else []
    assert wrong == []
    assert count > 100


@pytest.mark.parametrize("bad", ["-1", "1.5", "1e3", "%31%00", "٣", "1 OR 1=1", "..", "null"])
def test_what_is_no_number_is_no_address(ledger: Newsroom, other: Newsroom, bad: str) -> None:
    client = ACTORS["admin"](ledger, other).client
    for path in (f"/articles/{bad}/", f"/sources/{bad}/", f"/team/scale/{bad}/", f"/team/members/{bad}/remove/"):
        assert client.get(path, follow=True).status_code == 404
