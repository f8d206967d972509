"""Workers are killed at each stage of a capture: each is done once, nothing is left over, nothing is lost."""

import os
import random
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.captures import serving
from tests.faults.house import House, wait_for

WHOLE = b"<!doctype html><title>Minutes</title><main>" + b"<p>The piers were sound on every drawing we had.</p>" * 400
PATIENCE = 90


class Web:
    """A site whose answers can be held: before their head, or in the middle."""

    def __init__(self) -> None:
        self.hold, self.holding = "", threading.Event()
        self.release = threading.Event()

    def say(self, path: str, write: Callable[[bytes], Any]) -> None:
        body = WHOLE + path.encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._wait_at("head")
        write(head + body[: len(body) // 2])
        self._wait_at("body")
        write(body[len(body) // 2 :])

    def _wait_at(self, place: str) -> None:
        if self.hold == place:
            self.holding.set()
            self.release.wait(PATIENCE)

    @contextmanager
    def held(self, place: str) -> Iterator[None]:
        """Answers are held there for the duration."""
        self.hold = place
        yield
        self.hold = ""
        self.release.set()
        self.holding.clear()
        self.release.clear()


@pytest.fixture
def web() -> Iterator[tuple[Web, int]]:
    made = Web()
    with serving(made.say) as port:
        yield made, port
        made.hold = ""
        made.release.set()


# --- where it is killed ----------------------------------------------------------------------


def fetching(house: House, web: Web) -> None:
    with web.held("head"):
        wait_for(web.holding.is_set, "a request", PATIENCE)
        house.kill_work()


def receiving(house: House, web: Web) -> None:
    with web.held("body"):
        wait_for(web.holding.is_set, "a request", PATIENCE)
        house.kill_work()


def in_state(state: str, kind: str = "fetch") -> Callable[[House, Web], None]:
    def kill(house: House, web: Web) -> None:
        found = "SELECT 1 FROM claims_errand WHERE state = %s AND kind = %s"
        with house.connect() as line:
            wait_for(lambda: line.execute(found, [state, kind]).fetchone(), f"an errand in state {state}", PATIENCE)
        house.kill_work()

    return kill


def at_lock(statement: str) -> Callable[[House, Web], None]:
    """Killed while it waits for a lock that somebody else holds."""

    def kill(house: House, web: Web) -> None:
        with house.connect() as held:
            held.autocommit = False
            held.execute(statement)  # type: ignore[call-overload]
            wait_for(lambda: house.waiting() > 0, "the worker at the lock", PATIENCE)
            house.kill_work()
            held.rollback()

    return kill


def putting(house: House, web: Web) -> None:
    """Killed while the disk takes its time with a file."""
    before = unfinished(house)
    held = Path(held_disk(house)["HELD_DISK"])
    held.touch()
    wait_for(lambda: unfinished(house) - before, "a file that is being put", PATIENCE)
    house.kill_work()
    held.unlink()
    assert unfinished(house) - before, "it was killed before the file was whole"


def unfinished(house: House) -> set[Path]:
    return set((house.folder.captures / ".unfinished").glob("*"))


def held_disk(house: House) -> dict[str, str]:
    """What a worker is started with whose disk can be held."""
    return {"PYTHONPATH": str(Path(__file__).parent / "slow"), "HELD_DISK": str(house.folder.root / "held")}


def at_any_moment(house: House, web: Web) -> None:
    with house.connect() as line:
        active = "SELECT 1 FROM claims_errand WHERE state IN ('fetching', 'reading', 'keeping')"
        wait_for(lambda: line.execute(active).fetchone(), "an errand under way", PATIENCE)
    threading.Event().wait(random.random())
    house.kill_work()


STAGES: dict[str, Callable[[House, Web], None]] = {
    "before the answer": fetching,
    "in the middle of the answer": receiving,
    "while the file is read": in_state("reading"),
    "while a file that was sent is read": in_state("reading", "upload"),
    "before bytes are put": at_lock("LOCK TABLE claims_pending IN SHARE MODE"),
    "in the middle of a put": putting,
    "when bytes are put, before they are kept": at_lock("SELECT FROM claims_source FOR UPDATE"),
    "while it is kept": at_lock("LOCK TABLE claims_part IN SHARE MODE"),
    "while a file that was sent is kept": at_lock("LOCK TABLE claims_part IN SHARE MODE"),
    "at any moment": at_any_moment,
}


# --- and what is seen then -------------------------------------------------------------------


def killed_and_started_again(house: House, web: tuple[Web, int], kills: list[str]) -> None:
    site, port = web
    # first come, first served: each worker finds what its stage is of
    asked = [
        f"file:{number}" if "sent" in stage else f"http://localhost:{port}/{number}"
        for number, stage in enumerate(kills)
    ]
    local = {"GALLEY_CAPTURE_LOCAL": f"localhost:{port}", "GALLEY_CAPTURE": "1"} | held_disk(house)
    house.run("-m", "tests.faults.sources", *asked)
    for stage in kills:
        house.start_work("--jobs", "1", **local)
        STAGES[stage](house, site)
    house.start_work("--jobs", "2", **local)
    done = "SELECT count(*) FROM claims_errand WHERE state IN ('kept', 'failed')"
    wait_for(lambda: house.rows(done) == [(len(asked),)], "the end of all errands", PATIENCE + 5 * len(kills))
    assert_each_once(house, asked)
    assert_nothing_left_over(house)


def assert_each_once(house: House, asked: list[str]) -> None:
    rows = house.rows(
        "SELECT concat(e.url, e.file_name), e.state, count(c.id)"
        " FROM claims_errand e LEFT JOIN claims_capture c USING (source_id) GROUP BY e.id ORDER BY e.id"
    )
    assert rows == [(one, "kept", 1) for one in asked]
    assert "The trail holds" in house.verified()
    assert house.rows("SELECT count(*) FROM trail.act WHERE header LIKE '%%capture.keep%%'") == [(len(asked),)]


def assert_nothing_left_over(house: House) -> None:
    checked = house.run("manage.py", "verify_captures", check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert house.rows("SELECT count(*) FROM claims_pending") == [(0,)]
    named = house.rows("SELECT unnest(ARRAY[sha256, warc_sha256]) FROM claims_capture")
    files = [path.name for path in house.folder.captures.rglob("*") if path.is_file()]
    assert sorted(files) == sorted(sha256 for (sha256,) in named if sha256)
    assert house.work is not None
    rooms = list(house.rooms.glob("galley-work-*"))
    assert len(rooms) == 1
    left = [path for path in rooms[0].rglob("*") if path.name != "lock"]
    assert left == []


@pytest.mark.parametrize(
    "stages", [["in the middle of a put", "while it is kept"], pytest.param(list(STAGES), marks=pytest.mark.slow)]
)
def test_killed_at_each_stage_a_capture_is_done_once(house: House, web: tuple[Web, int], stages: list[str]) -> None:
    killed_and_started_again(house, web, stages)


# --- when what it needs is away, or full -----------------------------------------------------


def under_way(house: House, web: tuple[Web, int], path: str) -> str:
    """The address of a source that is just added."""
    url = f"http://localhost:{web[1]}{path}"
    house.run("-m", "tests.faults.sources", url)
    return url


def state_of(house: House, url: str) -> tuple[str, str]:
    (found,) = house.rows("SELECT state, code FROM claims_errand WHERE url = %s", url)
    return found  # type: ignore[return-value]


@pytest.mark.slow
def test_a_worker_outlives_the_database_and_does_then_what_it_had_begun(house: House, web: tuple[Web, int]) -> None:
    house.kill_work()
    house.start_work("--jobs", "1", GALLEY_CAPTURE_LOCAL=f"localhost:{web[1]}")
    assert house.work is not None
    with web[0].held("body"):
        url = under_way(house, web, "/outlived")
        wait_for(web[0].holding.is_set, "a request", PATIENCE)
        house.kill_database()
    wait_for(lambda: state_of(house, url) == ("kept", ""), "the capture", PATIENCE)
    assert house.work.poll() is None
    other = under_way(house, web, "/afterwards")
    wait_for(lambda: state_of(house, other) == ("kept", ""), "another capture", PATIENCE)
    assert house.rows("SELECT count(*) FROM claims_capture WHERE asked_url = ANY(%s)", [url, other]) == [(2,)]
    assert_nothing_left_over(house)


@pytest.mark.slow
def test_a_worker_that_was_suspended_goes_on_where_it_was(house: House, web: tuple[Web, int]) -> None:
    house.kill_work()
    (house.folder.root / "work.log").unlink(missing_ok=True)
    house.start_work("--jobs", "1", GALLEY_CAPTURE_LOCAL=f"localhost:{web[1]}")
    assert house.work is not None
    with web[0].held("body"):
        url = under_way(house, web, "/suspended")
        wait_for(web[0].holding.is_set, "a request", PATIENCE)
        house.work.send_signal(signal.SIGSTOP)
        stalled = "SELECT max(last_heartbeat) < now() - interval '31 s' FROM procrastinate_workers"
        wait_for(lambda: house.rows(stalled) == [(True,)], "its last sign of life to be old", PATIENCE)
    house.work.send_signal(signal.SIGCONT)
    wait_for(lambda: state_of(house, url) == ("kept", ""), "the capture", PATIENCE)
    wait_for(lambda: house.rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)], "the end of its job", PATIENCE)
    assert "Traceback" not in (house.folder.root / "work.log").read_text()


def test_a_worker_that_is_asked_to_end_finishes_what_it_has_begun(house: House, web: tuple[Web, int]) -> None:
    house.kill_work()
    killed = house.rows("SELECT id FROM procrastinate_workers")
    house.start_work("--jobs", "1", GALLEY_CAPTURE_LOCAL=f"localhost:{web[1]}")
    assert house.work is not None
    with web[0].held("body"):
        url = under_way(house, web, "/begun")
        wait_for(web[0].holding.is_set, "a request", PATIENCE)
        house.work.terminate()
    assert house.work.wait(PATIENCE) == 0
    assert state_of(house, url) == ("kept", "")
    assert set(house.rows("SELECT id FROM procrastinate_workers")) <= set(killed), "it has taken leave"


@pytest.mark.slow
def test_a_full_store_is_said_and_waited_for_and_nothing_is_lost(
    house: House, web: tuple[Web, int], small: Path
) -> None:
    ballast = small / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(b"\0" * 4096)
    house.kill_work()
    house.start_work("--jobs", "1", GALLEY_CAPTURE_LOCAL=f"localhost:{web[1]}", GALLEY_STORE=str(small))
    url = under_way(house, web, "/full")
    wait_for(lambda: state_of(house, url) == ("waiting", "store-full"), "that it is said", PATIENCE)
    assert house.rows("SELECT again_at > now() FROM claims_errand WHERE url = %s", url) == [(True,)]
    ballast.unlink()
    wait_for(lambda: state_of(house, url) == ("kept", ""), "the capture", PATIENCE)
    assert house.rows("SELECT count(*) FROM claims_pending") == [(0,)]
    assert len([path for path in small.rglob("*") if path.is_file()]) == 2


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    folder = tmp_path / "small"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=256k,mode=0700", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("This system lets no small disk be mounted.")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=False)
