"""A worker is killed while an authority stamps: another has the capture stamped, once, and nothing is left over."""

import shutil
import threading
from pathlib import Path

import pytest

from tests.captures import Site, serving
from tests.faults.house import House, wait_for
from tests.fetching.authority import stamping

PAGE = b"<!doctype html><title>Minutes</title><main><p>The piers were sound on every drawing we had.</p>"
# what a killed worker was at is held to be dead after half a minute without a sign of life
PATIENCE = 120


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("openssl"), reason="The authority's replies are made by openssl.")
def test_a_capture_is_stamped_once_whoever_is_killed(house: House, tmp_path: Path) -> None:
    asked, release, site = threading.Event(), threading.Event(), Site()

    def held(query: bytes) -> bytes:
        asked.set()
        release.wait(PATIENCE)
        return authority.reply(query)

    with serving(site.answer) as site.port, stamping(tmp_path) as authority:
        site.says("/report", PAGE)
        authority.instead = held
        pairs = f"localhost:{site.port},{authority.pair}"
        settings = {"GALLEY_CAPTURE_LOCAL": pairs, "GALLEY_CAPTURE": "1", "GALLEY_STAMPS": authority.url}
        house.run("-m", "tests.faults.sources", site.url())
        house.start_work("--jobs", "1", **settings)
        wait_for(asked.is_set, "the authority asked", PATIENCE)
        house.kill_work()
        release.set()
        # whose jobs these are is said by the jobs, not by the settings of who does them
        house.start_work("--jobs", "1", GALLEY_CAPTURE_LOCAL=pairs)
        wait_for(lambda: house.rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)], "all jobs done", PATIENCE)
    assert house.rows("SELECT kind, authority FROM claims_proof") == [("stamp", authority.url)]
    assert len(authority.asked) == 2
    assert house.rows("SELECT count(*) FROM trail.act WHERE header LIKE '%%capture.stamp%%'") == [(1,)]
    assert house.rows("SELECT count(*) FROM claims_pending") == [(0,)]
    assert "The trail holds" in house.verified()
    checked = house.run("manage.py", "verify_captures", check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
