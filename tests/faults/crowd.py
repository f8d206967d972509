"""Many people at once: each in a thread with a connection of their own, let go together."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, connections
from django.http import HttpResponse
from django.test import Client

from claims.models import Team, User
from claims.trail.verify import verify
from tests.faults.house import wait_for
from tests.people import BACKEND, member
from verify import database


def staff(team: Team, role: str, count: int) -> list[User]:
    """So many members of a role."""
    people = [
        get_user_model().objects.create_user(f"{role}{n}@ledger.example", f"{role.title()} {n}") for n in range(count)
    ]
    return [member(team, user, role) for user in people]


def client_of(user: User) -> Client:
    """A browser in which the person is signed in."""
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=BACKEND)
    return client


def at_once[Came](deeds: Sequence[Callable[[], Came]]) -> list[Came]:
    """What each of the deeds gives, all begun at the same moment."""
    start = threading.Barrier(len(deeds))

    def one(deed: Callable[[], Came]) -> Came:
        try:
            connections["default"].ensure_connection()
            start.wait(30)
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(one, deeds))


@dataclass(frozen=True)
class Post:
    """Somebody who sends a form; called, it gives the answer."""

    client: Client
    path: str
    fields: dict[str, Any]

    def __call__(self) -> HttpResponse:
        return self.client.post(self.path, self.fields)  # type: ignore[return-value]


@contextmanager
def gate(row: Any, waiting: int) -> Iterator[None]:
    """Hold a row that everybody needs; open when so many wait for a lock, and so go through it one after the other."""
    with kept_shut(row) as open_it:
        opener = threading.Thread(target=_open, args=(open_it, waiting))
        opener.start()
        try:
            yield
        finally:
            opener.join()


@contextmanager
def kept_shut(row: Any) -> Iterator[Callable[[], None]]:
    """Hold a row until the end, or until what this gives is called."""
    with _owner() as held:
        held.execute(f'SELECT FROM "{row._meta.db_table}" WHERE id = %s FOR UPDATE', [row.pk])  # type: ignore[arg-type]
        yield held.rollback


def _open(open_it: Callable[[], None], waiting: int) -> None:
    try:
        wait_for(lambda: _waiting() >= waiting, f"{waiting} people at the gate")
    finally:
        open_it()


def _waiting() -> int:
    """How many of this database wait for a lock."""
    question = (
        "SELECT count(DISTINCT pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
        " WHERE NOT l.granted AND a.datname = current_database()"
    )
    with _owner() as looking:
        found = looking.execute(question).fetchone()
    return int(found[0]) if found else 0


def _owner() -> psycopg.Connection[Any]:
    login = database.owner() | {"NAME": settings.DATABASES["default"]["NAME"]}
    reached = {"host": login["HOST"], "port": login["PORT"] or None, "user": login["USER"]}
    return psycopg.connect(password=login["PASSWORD"], dbname=login["NAME"], **reached)


def assert_holds() -> None:
    """The trail verifies, and this thread is in no transaction left over."""
    assert not connection.in_atomic_block
    verdict = verify()
    assert verdict.holds, verdict.faults


def in_turn(row: Any, deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """What deeds give that all need a row: each is begun when the one before it waits for the row, then all go on."""
    with ThreadPoolExecutor(len(deeds)) as threads, kept_shut(row) as open_it:
        begun = []
        for number, deed in enumerate(deeds, 1):
            begun.append(threads.submit(_alone, deed))
            wait_for(lambda number=number: _waiting() >= number, f"{number} at the gate")  # type: ignore[misc]
        open_it()
        return [one.result() for one in begun]


def _alone(deed: Callable[[], Any]) -> Any:
    try:
        return deed()
    finally:
        connections.close_all()
