"""Web process and database are killed under writers: what was answered is there exactly once, the trail verifies."""

import html
import re
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.faults.disk import Disk
from tests.faults.house import House, wait_for
from tests.faults.writers import WRITTEN, Answer, Crew, Person, assert_exactly_once
from verify import embedded

WRITES_BETWEEN = 3
WHOLE_EVERY = 10  # each tenth time not the worker alone: the whole web server


def under_writers(house: House, times: int, kill: Callable[[int], None]) -> Crew:
    """Kill so often, each time when some more writes have been answered, while people work."""
    before = [said for (said,) in house.rows("SELECT statement FROM claims_claim")]
    assert not before, "the house is not new"
    with Crew(house) as crew:
        for time in range(times):
            seen = crew.acknowledged
            wait_for(lambda seen=seen: crew.faults or crew.acknowledged >= seen + WRITES_BETWEEN, "writers")  # type: ignore[misc]
            assert not crew.faults, crew.faults
            kill(time)
    return crew


def kill_web(house: House) -> Callable[[int], None]:
    return lambda time: house.kill_web() if time % WHOLE_EVERY == WHOLE_EVERY - 1 else house.kill_worker()


def test_killed_now_and_then_nothing_answered_is_lost_and_nothing_is_doubled(house: House) -> None:
    """Workers, the whole web server, and the database, as often as the default suite has time for."""
    kills = [house.kill_worker, house.kill_worker, house.kill_web, house.kill_database, house.kill_database]
    crew = under_writers(house, len(kills), lambda time: kills[time]())
    assert crew.acknowledged >= WRITES_BETWEEN * len(kills)
    assert_exactly_once(house, crew)


def test_asked_to_end_the_web_server_answers_what_it_has_begun(house: House) -> None:
    person, said = Person(house, "checker0"), "Begun before the end"
    assert house.web is not None
    with house.connect() as held, ThreadPoolExecutor() as others:
        held.autocommit = False
        held.execute("SELECT FROM claims_article FOR UPDATE")
        answer = others.submit(person.send, *person.claim(said))
        wait_for(lambda: house.waiting() == 1, "the writer at the lock")
        house.web.send_signal(signal.SIGTERM)
        wait_for(lambda: not house.listens(), "the closed door")
        held.rollback()
        assert answer.result().status == 303
    assert house.web.wait(20) == 0
    assert house.rows("SELECT count(*) FROM claims_claim WHERE statement = %s", said) == [(1,)]
    house.start_web()


# --- the database is away, or full -----------------------------------------------------------


def fields_in(page: str) -> dict[str, str]:
    """The form that a page offers to send again."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def assert_kept(answer: Answer, heading: str, said: str, sent: dict[str, str]) -> None:
    """503, with what happened, what was typed, and the form to send it again."""
    assert answer.status == 503
    assert heading in answer.text
    assert html.escape(said) in answer.text
    assert fields_in(answer.text) == sent


def assert_done(house: House, person: Person, path: str, page: str, said: str) -> None:
    """What the page offers to send again is done, once."""
    for _time in range(2):
        assert person.send(path, fields_in(page)).status == 303
    assert house.rows("SELECT count(*) FROM claims_claim WHERE statement = %s", said) == [(1,)]
    assert "The trail holds" in house.verified()


def test_a_database_that_stops_and_comes_back_takes_what_was_kept(house: House) -> None:
    person, said = Person(house, "checker1"), "Sent while the database was away, <i>as typed</i>"
    (path, fields), workers = person.claim(said), house.workers()
    assert person.get("/queue/").status == 200
    embedded.stop(house.folder)
    answer = person.send(path, fields)
    assert_kept(answer, "Back in a moment", said, fields)
    page = person.get("/queue/")
    assert (page.status, "Nothing is lost" in page.text) == (503, True)
    assert house.ask("GET", "/healthz")[0] == 503
    house.start_database()
    assert_done(house, person, path, answer.text, said)
    assert house.workers() == workers  # nobody had to start the web server again


def test_a_full_disk_is_said_and_loses_nothing(house: House, disk: Disk) -> None:
    """On a small tmpfs where one can be mounted, else with a limit on the size of files; it prints which."""
    print(f"The disk is {disk.name}.")
    person, kept = Person(house, "checker2"), [said for (said,) in house.rows(WRITTEN["claim"])]
    disk.fill(house)
    try:
        for turn in range(500):
            said = f"Number {turn} on a disk that fills “as typed”"
            path, fields = person.claim(said)
            answer = person.send(path, fields)
            if answer.status != 303:
                break
            kept.append(said)
        assert_kept(answer, "There is no room left to save", said, fields)
        assert person.get(person.article + "/").status == 200
        assert [said for (said,) in house.rows(WRITTEN["claim"])] == kept
    finally:
        disk.free(house)
    assert_done(house, person, path, answer.text, said)


@pytest.mark.slow
def test_a_worker_that_hangs_is_replaced_and_what_it_had_is_done_once(house: House) -> None:
    house.end_web()
    house.start_web("--timeout", "2")
    (hanging,) = house.workers()
    hanging.suspend()
    person, said = Person(house, "checker0"), "Sent to a worker that hangs"
    answer = person.insist(*person.claim(said), give_up=threading.Event())
    assert answer.status == 303
    assert not psutil.pid_exists(hanging.pid)
    assert house.rows("SELECT count(*) FROM claims_claim WHERE statement = %s", said) == [(1,)]
    house.kill_web()
