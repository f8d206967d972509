"""`make demo` as a person runs it, and a backup of what it holds."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import psutil
import pytest

from tests.platform.folders import passable
from verify import embedded
from verify.folder import PROJECT, Folder

pytestmark = pytest.mark.slow


class Demo:
    """One run of the launcher, and what it has said so far."""

    def __init__(self, data: Path, port: int) -> None:
        self.environment = {"PATH": os.environ["PATH"], "GALLEY_DATA": str(data), "PORT": str(port)}
        self.url = f"http://localhost:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "verify.demo"],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""

    @property
    def words(self) -> IO[str]:
        assert self.process.stdout is not None
        return self.process.stdout

    def ready(self) -> str:
        """Everything until it is up."""
        for line in self.words:
            self.said += line
            if line.startswith("Ctrl-C stops it"):
                return self.said
        raise AssertionError(self.said)

    def end(self, number: int = signal.SIGINT) -> int:
        """The exit code after a signal."""
        self.process.send_signal(number)
        self.said += self.words.read()
        self.words.close()
        return self.process.wait()

    def worker(self) -> psutil.Process:
        """The process of the worker, which is a child of the launcher's."""
        found: list[psutil.Process] = []
        while not found:  # it may just be starting
            assert self.process.poll() is None
            found = [child for child in psutil.Process(self.process.pid).children() if "work" in child.cmdline()]
        return found[0]

    def health(self) -> dict[str, object]:
        with urllib.request.urlopen(f"{self.url}/healthz") as answer:
            return dict(json.load(answer))

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz") as answer:
                return answer.status == 200
        except OSError:
            return False


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = passable(tmp_path / "the data")
    yield folder
    if folder.exists():
        embedded.stop(Folder(folder))
        embedded.remove(Folder(folder))


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def sign_ins(said: str) -> list[str]:
    return re.findall(r"\S+@\S+|password \w+", said)


def test_a_second_run_keeps_everything_and_says_the_same(data: Path, port: int) -> None:
    first = Demo(data, port)
    people = sign_ins(first.ready())
    assert len(people) == 6
    assert first.answers()
    assert first.end() == 0
    assert not first.answers()
    assert embedded.running(Folder(data)) is None

    second = Demo(data, port)
    assert sign_ins(second.ready()) == people
    assert "Making" not in second.said
    assert second.end(signal.SIGTERM) == 0


def test_one_demo_at_a_time(data: Path, port: int) -> None:
    first = Demo(data, port)
    first.ready()
    second = Demo(data, port)
    assert second.process.wait() == 1
    assert second.words.read().startswith(f"A demo on {data} already runs, at {first.url}.")
    second.words.close()
    assert first.answers()
    assert first.end() == 0


def test_a_killed_launcher_leaves_nothing_in_the_way(data: Path, port: int) -> None:
    killed = Demo(data, port)
    killed.ready()
    worker = killed.worker()
    killed.process.kill()
    killed.process.wait()
    while killed.answers():  # its web server notices by itself
        time.sleep(0.05)
    psutil.wait_procs([worker], 30)  # and so does its worker
    assert not worker.is_running()
    killed.words.close()
    assert embedded.running(Folder(data)) is not None

    again = Demo(data, port)
    assert "Stopped the database of a demo that was killed." in again.ready()
    assert again.answers()
    assert again.end() == 0


def test_a_backup_restored_elsewhere_is_the_same_newsroom(data: Path, port: int, tmp_path: Path) -> None:
    demo = Demo(data, port)
    demo.ready()

    def run(*command: str, where: Path) -> subprocess.CompletedProcess[str]:
        environment = demo.environment | {"GALLEY_DATA": str(where)}
        return subprocess.run(
            [sys.executable, *command], cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
        )

    under_way = "from claims.models import Errand; print(Errand.objects.under_way().count())"
    while run("manage.py", "shell", "--verbosity", "0", "-c", under_way, where=data).stdout.strip() != "0":
        pass  # the sample's own captures would make one act more
    backup = run("-m", "verify.backup", "make", where=data).stdout.strip()
    assert Path(backup).stat().st_mode & 0o777 == 0o600
    in_use = run("-m", "verify.backup", "restore", backup, where=data)
    assert "in use" in in_use.stderr
    verified = run("manage.py", "verify_trail", where=data).stdout
    assert demo.end() == 0

    other = passable(tmp_path / "another")
    restored = run("-m", "verify.backup", "restore", backup, where=other)
    assert restored.returncode == 0, restored.stderr
    again = run("manage.py", "verify_trail", where=other)
    assert again.stdout == verified, again.stderr
    with Path(backup).open("r+b") as file:
        file.truncate(20_000)
    refused = run("-m", "verify.backup", "restore", backup, where=other)
    assert (refused.returncode, "was damaged or changed" in refused.stderr) == (1, True)
    assert run("manage.py", "verify_trail", where=other).stdout == verified
    assert not list(other.glob("restoring-*"))


def test_a_database_that_is_killed_is_started_again_for_the_same_web_server(data: Path, port: int) -> None:
    demo = Demo(data, port)
    demo.ready()
    server = embedded.running(Folder(data))
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)
    for line in demo.words:
        demo.said += line
        if line.startswith("PostgreSQL is up again"):
            break
    assert demo.answers()
    again = embedded.running(Folder(data))
    assert again is not None
    assert again.pid != server.pid
    assert again.socket == server.socket
    assert demo.end() == 0
    assert embedded.running(Folder(data)) is None


def test_a_worker_that_is_killed_is_started_again_and_ends_with_the_demo(data: Path, port: int) -> None:
    demo = Demo(data, port)
    demo.ready()
    while demo.health()["worker"] != "ok":
        time.sleep(0.05)
    first = demo.worker()
    first.kill()
    for line in demo.words:
        demo.said += line
        if line.startswith("The worker ended by itself"):
            break
    again = demo.worker()
    assert again.pid != first.pid
    assert demo.end() == 0
    assert not again.is_running()
