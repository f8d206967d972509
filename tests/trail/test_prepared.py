"""A transaction that the web role prepares (PREPARE TRANSACTION) outlives its connection: the trail holds all the same.

A server lets none be prepared unless `max_prepared_transactions` says so: the tests' own does, Debian's does not.
"""

from collections.abc import Iterator

import psycopg
import pytest

from claims.models import Act
from claims.trail.verify import verify
from tests.trail.attacks import ACT, EDIT, in_act
from tests.trail.newsroom import Newsroom, newsroom, picture, web

__all__ = ["newsroom"]
EDIT_OF_THE_TEAMS = "UPDATE claims_source SET url = 'https://ledger.example/a' WHERE id = {source}"


def sent(room: Newsroom, *statements: str) -> str:
    """Send them as the web role, on a connection that ends then; the SQLSTATE that refused one, or nothing."""
    with web() as connection:
        connection.execute("SET lock_timeout = '50ms'")
        try:
            for statement in statements:
                connection.execute(statement.format(**room.names))
        except psycopg.Error as error:
            return error.sqlstate or "none"
        finally:
            connection.close()
    return ""


def is_allowed() -> bool:
    with web() as connection:
        (most,) = connection.execute("SHOW max_prepared_transactions").fetchone() or ("0",)
    return int(most) > 0


def name() -> str:
    """A name that no other worker's transaction on the same server has."""
    with web() as connection:
        return f"'later {connection.info.dbname}'"


@pytest.fixture
def prepared(newsroom: Newsroom) -> Iterator[str]:
    """The quoted name of an act that was prepared, and that nobody is connected to any more."""
    if not is_allowed():
        pytest.skip("This server lets nobody prepare a transaction.")
    later = name()
    assert sent(newsroom, "BEGIN", ACT, EDIT, f"PREPARE TRANSACTION {later}") == ""
    yield later
    sent(newsroom, f"ROLLBACK PREPARED {later}")


def test_where_the_server_allows_none_it_is_refused(newsroom: Newsroom) -> None:
    if is_allowed():
        pytest.skip("This server lets transactions be prepared.")
    before = picture()
    assert sent(newsroom, "BEGIN", ACT, EDIT, f"PREPARE TRANSACTION {name()}") == "55000"
    assert picture() == before


def test_a_prepared_act_is_recorded_whole_when_it_is_committed(newsroom: Newsroom, prepared: str) -> None:
    before, acts = picture(), Act.objects.count()
    assert verify().holds
    assert sent(newsroom, f"COMMIT PREPARED {prepared}") == ""
    assert picture() != before
    assert Act.objects.count() == acts + 1
    assert [str(fault) for fault in verify().faults] == []


def test_a_prepared_act_that_is_rolled_back_leaves_nothing(newsroom: Newsroom, prepared: str) -> None:
    before = picture()
    assert sent(newsroom, f"ROLLBACK PREPARED {prepared}") == ""
    assert picture() == before
    assert sent(newsroom, *in_act(EDIT).split(";; ")) == ""
    assert verify().holds


def test_nothing_can_be_added_to_a_prepared_act(newsroom: Newsroom, prepared: str) -> None:
    assert sent(newsroom, EDIT_OF_THE_TEAMS) == "GA001"
    assert sent(newsroom, f"COMMIT PREPARED {prepared}", EDIT_OF_THE_TEAMS) == "GA001"
    assert verify().holds


def test_until_it_is_ended_its_article_waits_and_nothing_else_does(newsroom: Newsroom, prepared: str) -> None:
    assert sent(newsroom, *in_act(EDIT).split(";; ")) == "55P03"
    assert sent(newsroom, *in_act(EDIT_OF_THE_TEAMS).split(";; ")) == ""
    assert sent(newsroom, f"ROLLBACK PREPARED {prepared}", *in_act(EDIT).split(";; ")) == ""
    assert verify().holds
