"""A double click and a form sent again make one row: for every form there is, as the addresses tell."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import URLPattern, reverse

from claims.models import Act, Article, Claim, Team, User
from claims.urls import urlpatterns
from tests.faults.crowd import Post, assert_holds, at_once, client_of
from tests.faults.forms import FORMS, World, world
from tests.people import support

# what changes nothing of the newsroom, and is no act
OWN = {
    "account",
    "switch_team",
    "captures",
    "upload_capture",
    "capture_again",
    "drop_capture",
    "prove_capture",
    "fetch_ahead",
}
# answered at once, with what is shown once or beside the form
ANSWERED = {"invite", "fetch_ahead"}
# answered otherwise the second time: the invitation is used up, and whom it took in is a member
USED_UP = {"join"}
# of no row of ours: what sessions and rate limits need
UNCOUNTED = {"django_session", "galley_cache"}
NAMES = {entry.name for entry in urlpatterns if isinstance(entry, URLPattern) and entry.name not in {None, "home"}}


@pytest.fixture
def filled(
    team: Team, article: Article, claim: Claim, admin: User, checker: User, reviewer: User, outsider: User
) -> World:
    people = {"admin": admin, "checker": checker, "reviewer": reviewer, "outsider": outsider}
    return world(team, article, claim, people)


@pytest.mark.django_db
def test_every_address_that_takes_a_form_is_among_those_tried(
    as_: Callable[[User], Client], article: Article, claim: Claim, checker: User, admin: User
) -> None:
    """An address that answers POST with anything but 405 takes a form."""
    piece = support(claim, checker)
    any_row = {"article_id": article.pk, "number": claim.number, "e": piece.number, "source_id": piece.source_id}
    any_row |= {"anchor_id": 1, "label_id": 1, "membership_id": 1, "invitation_id": 1, "token": "x", "kind": "json"}
    any_row |= {"errand_id": 1, "proof_id": 1, "ahead_id": 1}
    client = as_(admin)
    takes = set()
    for entry in urlpatterns:
        if isinstance(entry, URLPattern) and entry.name in NAMES:
            values = {name: any_row[name] for name in entry.pattern.converters}
            if client.post(reverse(str(entry.name), kwargs=values)).status_code != 405:
                takes.add(entry.name)
    assert takes == set(FORMS)


def counted() -> dict[str, int]:
    """How many rows each table has."""
    tables = sorted(set(connection.introspection.table_names()) - UNCOUNTED)
    question = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"{question} UNION ALL SELECT 'trail', count(*) FROM trail.change")
        return dict(cursor.fetchall())


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", sorted(FORMS))
def test_sent_twice_at_once_and_once_more_it_is_done_once(name: str, filled: World) -> None:
    user, path, fields = FORMS[name](filled)
    client = client_of(user)
    session = {cookie: client.cookies[cookie].value for cookie in client.cookies}
    acts = Act.objects.values("act").distinct().count()

    def post() -> Post:
        other = Client(raise_request_exception=False)
        other.cookies.load(session)
        return Post(other, path, fields)

    answers = at_once([post(), post()])
    done = counted()
    answers.append(post()())

    good = {302, 303, 410} if name in USED_UP else {200} if name in ANSWERED else {302, 303}
    assert {answer.status_code for answer in answers} <= good, [answer.content.decode() for answer in answers]
    assert len({answer.headers.get("Location") for answer in answers if answer.status_code < 400}) == 1
    assert Act.objects.values("act").distinct().count() == acts + (name not in OWN)
    assert counted() == done
    assert_holds()
