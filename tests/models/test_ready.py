"""Ready queries: the rows of the QuerySet that they were made from, asked for anew at each call."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet
from django.db.transaction import TransactionManagementError

from claims.actions import claims
from claims.models import Claim, User
from claims.models.ready import OneOf, ready
from tests.people import person

pytestmark = pytest.mark.django_db


@ready
def numbered(article: int, number: int) -> QuerySet[Claim]:
    return Claim.objects.filter(article=article, number=number).select_related("article", "created_by")


@ready
def called(names: list[str]) -> QuerySet[User, str]:
    return User.objects.filter(OneOf("name", names)).order_by("name").values_list("name", flat=True)


def test_it_gives_the_rows_with_what_was_read_beside_them(claim: Claim, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        (found,) = numbered(claim.article_id, number=claim.number)
        assert (found, found.article.title, found.created_by) == (claim, claim.article.title, claim.created_by)


def test_rows_are_those_of_the_moment(claim: Claim, checker: User) -> None:
    (before,) = numbered(claim.article_id, claim.number)
    claims.edit_claim(actor=checker, claim=claim, statement="The bill is £31.4 million.")
    (after,) = numbered(claim.article_id, claim.number)
    assert (before.statement, after.statement) == (claim.statement, "The bill is £31.4 million.")


def test_arguments_go_into_their_own_places(claim: Claim) -> None:
    assert numbered(claim.article_id, claim.number + 1) == []
    assert numbered(number=claim.number, article=claim.article_id) == [claim]
    assert numbered(claim.number + 1000, claim.article_id) == []


def test_a_list_may_be_of_any_length() -> None:
    for name in ("Ada", "Bea", "O’Neill '); DROP TABLE claims_user; --"):
        person(f"{name[:3]}@ledger.example".replace("’", ""), name)
    assert called([]) == []
    assert called(["Bea"]) == ["Bea"]
    assert called(["Ada", "O’Neill '); DROP TABLE claims_user; --", "Zoe"]) == [
        "Ada",
        "O’Neill '); DROP TABLE claims_user; --",
    ]


def test_nothing_equals_none(claim: Claim) -> None:
    assert numbered(claim.article_id, None) == []


def test_the_queryset_is_made_once() -> None:
    made = []

    @ready
    def people(email: str) -> QuerySet[User]:
        made.append(email)
        return User.objects.filter(email=email)

    ada = person("ada@ledger.example", "Ada")
    assert [people("ada@ledger.example"), people("bea@ledger.example"), people("ada@ledger.example")] == [
        [ada],
        [],
        [ada],
    ]
    assert len(made) == 1


@pytest.mark.django_db(transaction=True)
def test_threads_ask_at_once_on_connections_of_their_own(claim: Claim) -> None:
    def ask(number: int) -> list[int]:
        try:
            return [found.number for found in numbered(claim.article_id, number)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(ask, [claim.number, claim.number + 1] * 20))
    assert answers == [[claim.number], []] * 20


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_outside_of_a_transaction(claim: Claim) -> None:
    @ready
    def locked(pk: int) -> QuerySet[Claim]:
        return Claim.objects.select_for_update().filter(pk=pk)

    with transaction.atomic():
        assert locked(claim.pk) == [claim]
    with pytest.raises(TransactionManagementError):
        locked(claim.pk)
