"""Workers are killed at each stage of what is fetched ahead: it is there once, nothing is left over, none is lost."""

from collections.abc import Callable

import pytest

from tests.faults.house import House, wait_for
from tests.faults.test_captures import PATIENCE, Web, assert_nothing_left_over, at_lock, fetching, receiving, web

__all__ = ["web"]
PAUSE = """
CREATE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS
  'BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN OLD; END';
CREATE TRIGGER pause BEFORE DELETE ON claims_pending FOR EACH ROW EXECUTE FUNCTION pause();
"""


def between_put_and_note(house: House, web: Web) -> None:
    with house.connect() as line:
        line.execute(PAUSE)
        line.execute("SELECT pg_advisory_lock(42)")
        wait_for(lambda: house.waiting() > 0, "the worker at the note", PATIENCE)
        house.kill_work()
        line.execute("SELECT pg_advisory_unlock(42)")
        line.execute("DROP TRIGGER pause ON claims_pending; DROP FUNCTION pause()")
    assert house.rows("SELECT count(*) FROM claims_pending") == [(2,)]


STAGES: dict[str, Callable[[House, Web], None]] = {
    "before the answer": fetching,
    "in the middle of the answer": receiving,
    "before bytes are put": at_lock("LOCK TABLE claims_pending IN SHARE MODE"),
    "when bytes are put, before it is noted": between_put_and_note,
}


@pytest.mark.slow
def test_killed_at_each_stage_it_is_fetched_and_kept_once(house: House, web: tuple[Web, int]) -> None:
    site, port = web
    urls = [f"http://localhost:{port}/typed/{number}" for number in range(len(STAGES))]
    local = {"GALLEY_CAPTURE_LOCAL": f"localhost:{port}", "GALLEY_CAPTURE": "1"}
    house.kill_work()
    for url, kill in zip(urls, STAGES.values(), strict=True):
        house.run("-m", "tests.faults.sources", "--typed", url)
        house.start_work("--jobs", "1", **local)
        kill(house, site)
    # what a killed worker has put is cleared after ten minutes
    house.rows("UPDATE claims_pending SET made_at = made_at - interval '11 minutes' RETURNING id")
    house.start_work("--jobs", "1", **local)
    fetched = "SELECT count(*) FROM claims_ahead WHERE state = 'fetched'"
    wait_for(lambda: house.rows(fetched) == [(len(urls),)], "all to be fetched", PATIENCE)
    house.kill_work()
    house.run("-m", "tests.faults.sources", *urls)
    house.start_work("--jobs", "1", **local)
    at_lock("LOCK TABLE claims_part IN SHARE MODE")(house, site)
    house.start_work("--jobs", "2", **local)
    kept = "SELECT count(*) FROM claims_errand WHERE state = 'kept' AND url = ANY(%s)"
    wait_for(lambda: house.rows(kept, urls) == [(len(urls),)], "the end of all errands", PATIENCE)
    then = (
        "SELECT count(*), bool_and(c.captured_at < e.asked_at) FROM claims_capture c"
        " JOIN claims_errand e ON e.capture_id = c.id WHERE e.url = ANY(%s)"
    )
    assert house.rows(then, urls) == [(len(urls), True)]
    assert house.rows("SELECT count(*) FROM claims_ahead") == [(0,)]
    wait_for(lambda: house.rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)], "the end of all jobs", PATIENCE)
    assert "The trail holds" in house.verified()
    assert_nothing_left_over(house)
