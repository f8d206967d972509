"""Several connections of the web role at once: idle in an act, in one another's way, cut off; nothing is unrecorded."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection

from claims.models import Act
from claims.trail.verify import verify
from tests.trail.attacks import ACT, EDIT, EVERYWHERE, SOURCE
from tests.trail.newsroom import Newsroom, as_owner, newsroom, picture, web
from verify.database import PINS

__all__ = ["newsroom"]

OTHER = "UPDATE claims_article SET url = url || 'x' WHERE id = {article}"
# a new row of the article's stream, so that nobody waits for another's row
ANCHOR = (
    'INSERT INTO claims_anchor (team_id, article_id, claim_id, version_id, exact, prefix, suffix, start, "end")'
    " SELECT team_id, article_id, claim_id, version_id, exact, prefix, suffix, n, n + 1"
    " FROM claims_anchor, nextval('claims_anchor_id_seq') n WHERE id = {anchor}"
)
PATIENCE = 20  # seconds before a test that hangs fails
NO_TIME, CANCELLED, ENDED, IDLE = "55P03", "57014", "57P01", "25P03"


def send(to: psycopg.Connection[Any], newsroom: Newsroom, *statements: str) -> None:
    for statement in statements:
        to.execute(statement.format(**newsroom.names))


def refused(to: psycopg.Connection[Any], newsroom: Newsroom, *statements: str) -> str:
    """The SQLSTATE that the last of the statements ends with."""
    with pytest.raises(psycopg.Error) as raised:
        send(to, newsroom, *statements)
    return str(raised.value.sqlstate)


@contextmanager
def connections(count: int) -> Iterator[list[psycopg.Connection[Any]]]:
    """Connections of the web role, closed at the end whatever state they are in."""
    opened = [web() for _number in range(count)]
    try:
        yield opened
    finally:
        for each in opened:
            each.close()


def pid(of: psycopg.Connection[Any]) -> int:
    return of.info.backend_pid


def until(query: str, *parameters: Any) -> None:
    """Wait until the query, asked as the owner, is true."""
    with as_owner() as owner:
        for _time in range(PATIENCE * 100):
            if owner.execute(query, parameters).fetchone() == (True,):
                return
            owner.execute("SELECT pg_sleep(0.01)")
    pytest.fail(f"It never came true: {query}")


WAITS = "SELECT cardinality(pg_blocking_pids(%s)) > 0"


def in_thread(do: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=do)
    thread.start()
    return thread


def holds() -> bool:
    return [str(fault) for fault in verify().faults] == []


def test_a_connection_left_idle_in_an_act_holds_up_nobody_else(newsroom: Newsroom) -> None:
    with connections(2) as (idle, busy):
        send(idle, newsroom, "BEGIN", ACT, SOURCE)
        send(busy, newsroom, "SET lock_timeout = '2s'", "BEGIN", ACT, EDIT, SOURCE, "COMMIT")
        send(idle, newsroom, "ROLLBACK")
    assert holds()


def test_a_connection_left_idle_in_an_act_is_in_the_way_of_its_rows_alone_and_not_for_long(newsroom: Newsroom) -> None:
    """The project's connections are ended when they idle in a transaction; then the others go on."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == (PINS["idle_in_transaction_session_timeout"],)
    with connections(2) as (idle, busy):
        send(idle, newsroom, "SET idle_in_transaction_session_timeout = '1s'", "BEGIN", ACT, EDIT)
        send(busy, newsroom, "BEGIN", ACT, "SET LOCAL lock_timeout = '50ms'")
        assert refused(busy, newsroom, EDIT) == NO_TIME
        send(busy, newsroom, "ROLLBACK", "BEGIN", ACT, f"SET LOCAL lock_timeout = '{PATIENCE}s'", EDIT, "COMMIT")
        assert refused(idle, newsroom, "COMMIT") == IDLE
    assert holds()


def test_one_who_seals_early_and_idles_holds_the_stream_until_they_are_ended(newsroom: Newsroom) -> None:
    """SET CONSTRAINTS takes the head's lock before commit: that delays others on the stream, and is no way around."""
    before = picture()
    with connections(2) as (idle, busy):
        send(idle, newsroom, "SET idle_in_transaction_session_timeout = '1s'", "BEGIN", ACT, EDIT)
        send(idle, newsroom, "SET CONSTRAINTS trail.seal IMMEDIATE")
        send(busy, newsroom, "BEGIN", ACT, OTHER, "SET LOCAL lock_timeout = '50ms'")
        assert refused(busy, newsroom, "COMMIT") == NO_TIME
        assert picture() == before
        send(busy, newsroom, "BEGIN", ACT, OTHER, f"SET LOCAL lock_timeout = '{PATIENCE}s'", "COMMIT")
    assert holds()


def test_a_commit_that_runs_out_of_time_leaves_nothing(newsroom: Newsroom) -> None:
    """PostgreSQL's statement_timeout does not reach into a commit; lock_timeout does."""
    before = picture()
    with as_owner() as holder, connections(1) as (slow,):
        holder.execute("BEGIN; SELECT * FROM trail.head FOR UPDATE")
        send(slow, newsroom, "BEGIN", ACT, EDIT, "SET LOCAL lock_timeout = '30ms'")
        assert refused(slow, newsroom, "COMMIT") == NO_TIME
        holder.execute("ROLLBACK")
    assert picture() == before
    assert holds()


@pytest.mark.parametrize(("how", "code"), [("pg_cancel_backend", CANCELLED), ("pg_terminate_backend", ENDED)])
def test_one_web_process_that_ends_another_in_its_commit_loses_the_act_as_a_whole(
    newsroom: Newsroom, how: str, code: str
) -> None:
    before, codes = picture(), list[str]()
    with as_owner() as holder, connections(2) as (victim, other):
        holder.execute("BEGIN; SELECT * FROM trail.head FOR UPDATE")
        send(victim, newsroom, "BEGIN", ACT, EDIT)
        commits = in_thread(lambda: codes.append(refused(victim, newsroom, "COMMIT")))
        until(WAITS, pid(victim))
        other.execute(f"SELECT {how}(%s)", [pid(victim)])
        commits.join(PATIENCE)
        holder.execute("ROLLBACK")
    assert codes == [code]
    assert picture() == before
    assert holds()


@pytest.mark.parametrize("how", ["pg_cancel_backend", "pg_terminate_backend"])
def test_a_web_process_ends_nobody_but_its_like(newsroom: Newsroom, how: str) -> None:
    with as_owner() as owner, connections(1) as (attacker,):
        assert refused(attacker, newsroom, f"SELECT {how}({pid(owner)})") == "42501"
        assert owner.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize(
    "lock",
    [
        "LOCK TABLE trail.head IN ACCESS SHARE MODE",
        "LOCK TABLE trail.act, trail.change IN ACCESS SHARE MODE",
        "SELECT * FROM trail.head",
        "DECLARE c CURSOR FOR SELECT * FROM trail.head;; FETCH c",
        "SELECT pg_advisory_lock(n) FROM generate_series(1, 500) n",
        "LISTEN trail",
    ],
)
def test_what_a_reader_may_hold_starves_no_writer(newsroom: Newsroom, lock: str) -> None:
    with connections(2) as (reader, writer):
        send(reader, newsroom, "BEGIN", *lock.split(";;"))
        acts = Act.objects.count()
        send(writer, newsroom, "SET lock_timeout = '2s'", "BEGIN", ACT, EDIT, "COMMIT")
        assert Act.objects.count() > acts
        send(reader, newsroom, "ROLLBACK", "SELECT pg_advisory_unlock_all()")
    assert holds()


def test_the_lock_that_a_table_s_rights_allow_delays_and_changes_nothing(newsroom: Newsroom) -> None:
    """Whoever may delete from a table may lock it: places and members wait, and no longer than that transaction."""
    before = picture()
    with connections(2) as (locker, writer):
        send(locker, newsroom, "BEGIN", "LOCK TABLE claims_anchor IN ACCESS EXCLUSIVE MODE")
        send(writer, newsroom, "BEGIN", ACT, "SET LOCAL lock_timeout = '50ms'")
        assert refused(writer, newsroom, "DELETE FROM claims_anchor WHERE id = {anchor}") == NO_TIME
        assert refused(locker, newsroom, "SAVEPOINT s", "LOCK TABLE claims_claim IN ACCESS EXCLUSIVE MODE") == "42501"
    assert picture() == before
    assert holds()


def test_an_act_is_its_transaction_s_alone(newsroom: Newsroom) -> None:
    """Another connection's act, its snapshot and its number help nobody."""
    before = picture()
    with connections(2) as (actor, other):
        send(actor, newsroom, "BEGIN ISOLATION LEVEL REPEATABLE READ", ACT)
        (snapshot,) = actor.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        send(other, newsroom, "BEGIN ISOLATION LEVEL REPEATABLE READ", f"SET TRANSACTION SNAPSHOT '{snapshot}'")
        assert refused(other, newsroom, EDIT) == "GA001"
        send(actor, newsroom, "ROLLBACK")
    assert picture() == before


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_who_reads_an_old_moment_cannot_seal_upon_an_older_head(newsroom: Newsroom, level: str) -> None:
    with connections(2) as (slow, quick):
        send(slow, newsroom, f"BEGIN ISOLATION LEVEL {level}", ACT, OTHER)
        send(quick, newsroom, "BEGIN", ACT, EDIT, "COMMIT")
        assert refused(slow, newsroom, "COMMIT") == "40001"
    assert holds()


def test_writers_of_two_streams_in_opposite_orders_do_not_deadlock(newsroom: Newsroom) -> None:
    """Each locks the rows it changes as it comes; the heads are locked at commit, in one order."""
    done = list[int]()

    def write(first: str, second: str) -> None:
        with web() as mine:
            for _time in range(20):
                send(mine, newsroom, "BEGIN", ACT, first, second, "COMMIT")
            done.append(1)

    orders = [(SOURCE, ANCHOR), (ANCHOR, SOURCE)] * 2
    threads = [in_thread(lambda order=order: write(*order)) for order in orders]  # type: ignore[misc]
    for thread in threads:
        thread.join(PATIENCE)
    assert len(done) == 4
    assert holds()


def test_a_plan_kept_from_before_names_the_tables_of_the_guards_all_the_same(newsroom: Newsroom) -> None:
    """A prepared statement's plan is made under one path and run under another."""
    with connections(1) as (mine,):
        send(mine, newsroom, "PREPARE p AS " + EVERYWHERE, "PREPARE q AS " + EDIT, "SET search_path = pg_temp, trail")
        send(mine, newsroom, "BEGIN", ACT, "EXECUTE p", "COMMIT")
        assert refused(mine, newsroom, "EXECUTE p") == "GA001"
        assert refused(mine, newsroom, "EXECUTE q") == "42P01"
    assert holds()
