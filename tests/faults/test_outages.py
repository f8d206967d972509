"""What PostgreSQL says when it cannot, as pages: what happened, what was typed, and the form to send it again."""

import datetime
import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import InternalError, OperationalError, connection
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone as clock

from claims.models import Article, Claim, User
from claims.views import errors, outages
from tests.faults.crowd import kept_shut
from tests.people import keys

As = Callable[[User], Client]
TYPED = "Typed while it “broke” <b>off</b>"


@pytest.fixture
def sends(as_: As, article: Article, checker: User) -> tuple[Client, str, dict[str, str]]:
    """Somebody who logs a claim."""
    client = as_(checker)
    client.raise_request_exception = False
    said = {"quote": "in March 2023", "statement": TYPED, "kind": "number", "risk": "low"}
    return client, reverse("log_claim", args=[article.pk]), said | keys()


@pytest.fixture
def unset() -> Iterator[Callable[..., None]]:
    """Changes settings of the connection until the test ends."""

    def change(**values: str) -> None:
        with connection.cursor() as cursor:
            for name, value in values.items():
                cursor.execute(f"SET {name} = '{value}'")

    yield change
    connection.close()


def again(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
def test_who_waits_too_long_keeps_the_text_and_can_send_it_again(
    limit: str, sends: tuple[Client, str, dict[str, str]], article: Article, unset: Callable[..., None]
) -> None:
    client, path, said = sends
    unset(**{limit: "150ms"})
    with kept_shut(article):
        answer = client.post(path, said)
    page = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Galley is too busy" in page
    assert html.escape(TYPED) in page
    assert again(page) == said
    assert not Claim.objects.exists()
    assert client.post(path, again(page)).status_code == 303
    assert Claim.objects.get().statement == TYPED


@pytest.mark.django_db(transaction=True)
def test_a_database_that_only_lets_itself_be_read_says_so(
    sends: tuple[Client, str, dict[str, str]], unset: Callable[..., None]
) -> None:
    client, path, said = sends
    unset(default_transaction_read_only="on")
    answer = client.post(path, said)
    assert answer.status_code == 503
    assert "Nothing can be saved just now" in answer.content.decode()
    assert again(answer.content.decode()) == said
    connection.close()
    age = settings.SESSION_COOKIE_AGE - 3600  # in use for an hour: it is due to be prolonged
    Session.objects.update(expire_date=clock.now() + datetime.timedelta(seconds=age))
    unset(default_transaction_read_only="on")
    assert client.get(reverse("queue")).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_cut_is_made_anew(
    sends: tuple[Client, str, dict[str, str]], unset: Callable[..., None]
) -> None:
    client, path, said = sends
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (mine,) = cursor.fetchone()
    login = settings.DATABASES["default"]
    reached = {"host": login["HOST"], "port": login["PORT"] or None, "user": login["USER"], "dbname": login["NAME"]}
    with psycopg.connect(password=login["PASSWORD"], **reached) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [mine])
    answer = client.post(path, said)
    assert answer.status_code == 503
    assert "Back in a moment" in answer.content.decode()
    connection.close_if_unusable_or_obsolete()  # as at every request's end
    assert client.post(path, again(answer.content.decode())).status_code == 303


@pytest.mark.django_db(transaction=True)
def test_to_htmx_it_is_a_notice_beside_what_was_typed(
    sends: tuple[Client, str, dict[str, str]], unset: Callable[..., None]
) -> None:
    client, path, said = sends
    unset(default_transaction_read_only="on")
    page = client.post(path, said, headers={"HX-Request": "true"}).content.decode().strip()
    assert page.startswith('<hx-partial hx-target="#notices"')
    assert "What you typed stands as you typed it" in page
    assert TYPED not in page


def error(kind: type[Exception], code: str | None = None, part: str = "") -> Exception:
    """An error as Django hands it on."""
    made = kind("said by PostgreSQL")
    cause: Any = type("Cause", (Exception,), {"sqlstate": code, "diag": type("D", (), {"source_file": part})})
    made.__cause__ = cause()
    return made


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        (error(OperationalError), outages.AWAY),
        (error(OperationalError, "57P03"), outages.AWAY),
        (error(OperationalError, "53100"), outages.FULL),
        (error(InternalError, "XX000", "md.c"), outages.FULL),
        (error(OperationalError, "58030", "xlog.c"), outages.FULL),
        (error(OperationalError, "53200"), outages.BUSY),
        (error(OperationalError, "53300"), outages.BUSY),
        (error(OperationalError, "40P01"), outages.BUSY),
        (error(InternalError, "25006"), outages.READ_ONLY),
        (error(InternalError, "25P02"), None),
        (error(InternalError, "XX000", "tupdesc.c"), None),
        (error(OperationalError, "54000"), None),
        (ValueError(), None),
        (None, None),
    ],
)
def test_an_outage_is_told_from_a_fault_of_our_own(fault: Exception | None, found: outages.Outage | None) -> None:
    assert outages.of(fault) == found


@pytest.mark.parametrize("extra", [{"password": "correct-horse"}, {"without": "request_id"}])
def test_secrets_and_what_might_be_done_twice_are_not_offered_again(rf: RequestFactory, extra: dict[str, str]) -> None:
    said = {"name": "Ana"} | (keys() if "password" in extra else {}) | extra
    page = errors.unable(rf.post("/accounts/join/x/", said), outages.AWAY).content.decode()
    assert "Ana" in page
    assert "Go back: what you typed still stands" in page
    assert "correct-horse" not in page
    assert "<form" not in page
