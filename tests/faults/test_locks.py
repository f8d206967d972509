"""One connection fills the server's table of locks: a write is kept in its page, and nothing is lost."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from tests.faults.house import House
from tests.faults.test_breakdowns import assert_done, assert_kept
from tests.faults.writers import Person
from verify import database, embedded


@contextmanager
def all_locks_taken(house: House) -> Iterator[None]:
    """The web role, on a connection of its own, holds all the locks that the server has room for."""
    assert house.server is not None
    login = database.entry_of(house.folder, house.server, embedded.WEB)
    reached = {"host": login["HOST"], "user": login["USER"], "password": login["PASSWORD"], "dbname": login["NAME"]}
    with psycopg.connect(**reached, autocommit=True) as greedy:
        number = 0
        for step in (1000, 1):  # what is held of a step that failed is held
            with suppress(psycopg.errors.OutOfMemory):
                while True:
                    greedy.execute("SELECT pg_advisory_lock(%s + n) FROM generate_series(1, %s) n", [number, step])
                    number += step
        yield
        greedy.execute("SELECT pg_advisory_unlock_all()")  # at once: a connection may end after it was closed


BUSY, AWAY = "Galley is too busy at the moment", "Back in a moment"


def test_a_write_without_a_lock_left_is_kept_in_its_page(house: House) -> None:
    """A thread of the web server that has no connection yet is not let in, which PostgreSQL says without a code."""
    person, said = Person(house, "checker0"), "Sent when all locks were taken, <b>as typed</b>"
    path, fields = person.claim(said)
    assert person.get("/queue/").status == 200
    with all_locks_taken(house):
        for _time in range(20):
            answer = person.send(path, fields)
            assert_kept(answer, BUSY if BUSY in answer.text else AWAY, said, fields)
            if BUSY in answer.text:
                break
        assert BUSY in answer.text
    assert house.rows("SELECT count(*) FROM claims_claim WHERE statement = %s", said) == [(0,)]
    assert_done(house, person, path, answer.text, said)
