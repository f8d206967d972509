"""A reader that a file has taken over: it is stopped, and reaches nothing."""

import fcntl
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from claims.fetching import fences, sandbox
from claims.fetching.answers import SENTENCES
from claims.fetching.sandbox import Around, Limits, Reading, Unreadable

MISBEHAVING = Path(__file__).parent / "misbehaving"
ROOT = Path(__file__).parents[2]
SHORT = Limits(seconds=1.5)
WRAPPED, BARE = Around(), Around(bubblewrap=False)
Reads = Callable[..., Reading]
# What a reader tries with another process, or with what it could be sent a signal by.
OF_OTHERS = ("a signal", "a limit of", "processors of", "a process's", "all of a process's", "an owner", "a socket's")


def skip_without(around: Around) -> None:
    if around.bubblewrap and not sandbox.protection().bubblewrap:
        pytest.skip("There is no bubblewrap, or the system does not let it work.")


@pytest.fixture(params=[WRAPPED, BARE], ids=["bubblewrap", "fences"])
def around(request: pytest.FixtureRequest) -> Around:
    skip_without(request.param)
    return request.param


@pytest.fixture
def given(tmp_path: Path) -> Path:
    path = tmp_path / "given"
    path.write_text("some text")
    return path


def by(reader: str, given: Path, around: Around, limits: Limits = SHORT) -> Reading:
    return sandbox.read(given, limits=limits, _reader=MISBEHAVING / f"{reader}.py", _around=around)


@pytest.mark.parametrize(
    ("reader", "code"),
    [
        ("allocates", "too-large"),
        ("loops", "too-slow"),
        ("sleeps_deaf", "too-slow"),
        ("dies", "crashed"),
        ("ends_early", "crashed"),
    ],
)
def test_a_reader_that_goes_wrong_is_ended_with_a_clear_word(
    reader: str, code: str, given: Path, around: Around
) -> None:
    before = time.monotonic()
    with pytest.raises(Unreadable) as error:
        by(reader, given, around)
    assert error.value.code == code
    assert error.value.detail.startswith(SENTENCES[code])
    assert time.monotonic() - before < SHORT.seconds + 3


def test_a_reader_that_answers_without_end_is_ended(given: Path, around: Around) -> None:
    with pytest.raises(Unreadable) as error:
        by("floods", given, around, Limits(characters=1000, parts=10))
    assert error.value.code == "too-large"


def test_a_reader_may_complain_as_much_as_it_likes(given: Path, around: Around) -> None:
    assert [part.text for part in by("complains", given, around, Limits()).parts] == ["read"]


@pytest.mark.parametrize(
    "around", [WRAPPED, Around(without=frozenset({fences.CALLS}))], ids=["all fences", "bubblewrap alone"]
)
def test_what_a_reader_started_ends_with_it(given: Path, around: Around) -> None:
    skip_without(around)
    with pytest.raises(Unreadable):
        by("leaves_a_child", given, around)
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.alarm(10)
    with given.open("rb") as file:
        # held as long as the grandchild lives
        fcntl.flock(file, fcntl.LOCK_EX)
    signal.alarm(0)


@pytest.fixture
def attempts(tmp_path: Path) -> Iterator[Callable[[Around], dict[str, str]]]:
    """What comes of each thing that a reader tries."""
    given = tmp_path / "given"
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        told = {
            "listens": f"127.0.0.1:{server.getsockname()[1]}",
            "project": ROOT / "pyproject.toml",
            "settings": ROOT / "verify" / "settings.py",
            "folder": tmp_path,
            "process": os.getpid(),
        }
        given.write_text("\n".join(f"{name}={value}" for name, value in told.items()))

        def attempts(around: Around) -> dict[str, str]:
            rows = by("tries", given, around, Limits()).parts
            came = {part.cells[0]: part.cells[1] if len(part.cells) > 1 else "" for part in rows}
            try:
                server.accept()[0].close()
            except BlockingIOError:
                return came
            return came | {"the network": "done"}

        yield attempts


def test_a_reader_reaches_nothing(attempts: Callable[[Around], dict[str, str]], around: Around, tmp_path: Path) -> None:
    found = attempts(around)
    assert [path.name for path in tmp_path.iterdir()] == ["given"]
    assert found.pop("environment") == found.pop("modules") == ""
    assert len(found) == 36
    assert {name for name, outcome in found.items() if outcome == "done"} == set()


def test_bubblewrap_alone_keeps_network_files_and_processes_away(
    attempts: Callable[[Around], dict[str, str]],
) -> None:
    skip_without(WRAPPED)
    found = attempts(Around(without=frozenset({fences.CALLS, fences.FILES})))
    alone = {
        "a socket",
        "a process",
        "a program",
        "a scratch file",
        "a file without name",
        "a namespace",
        "a ring",
        "the system",
        "an owner's signal",  # with no owner that it could reach
    }
    assert {name for name, outcome in found.items() if outcome == "done"} <= alone


def test_each_fence_stands_by_itself(attempts: Callable[[Around], dict[str, str]]) -> None:
    every = frozenset({fences.NAMESPACES, fences.FILES, fences.CALLS})
    without_any = attempts(Around(bubblewrap=False, without=every))
    # what the fences below are for is reached without them: the tries are real
    assert {"the passwords", "the project", "the network", "a process"} <= {
        n for n, outcome in without_any.items() if outcome == "done"
    }
    stands = sandbox.protection().fences
    if fences.FILES in stands:
        found = attempts(Around(bubblewrap=False, without=every - {fences.FILES}))
        assert {found[name] for name in ("the passwords", "the project", "the settings")} == {"PermissionError"}
        assert "done" not in {found["the network"], found["a signal"]}
    if fences.CALLS in stands:
        found = attempts(Around(bubblewrap=False, without=every - {fences.CALLS}))
        refused = {name for name in found if name.startswith(OF_OTHERS)}
        assert len(refused) == 15
        refused |= {"a socket", "a process", "memory by a number", "a file's time"}
        assert {found[name] for name in refused} == {"PermissionError"}
        # and they are real: without a fence the test's own process was reached
        reached = {name for name, outcome in without_any.items() if outcome == "done"}
        assert {"a limit of a process", "processors of a process", "a process's niceness", "an owner"} <= reached


def test_protection_says_what_is_missing() -> None:
    everything = frozenset({fences.LIMITS, fences.NAMESPACES, fences.FILES, fences.CALLS})
    assert sandbox.Protection(True, frozenset({fences.LIMITS})).name == "bubblewrap"
    assert sandbox.Protection(True, frozenset()).missing == ()
    assert (sandbox.Protection(False, everything).name, sandbox.Protection(False, everything).missing) == ("fences", ())
    bare = sandbox.Protection(False, frozenset({fences.LIMITS, fences.NAMESPACES}))
    assert (bare.name, bare.missing) == ("limits", ("files", "processes"))
    assert sandbox.protection().name in {"bubblewrap", "fences", "limits"}
    assert fences.LIMITS in sandbox.protection().fences
