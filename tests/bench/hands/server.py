"""A server as people run it, for the time of a benchmark: the demo's launcher on a data folder of its own, filled."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 120
OURS = ("DATABASE_", "GALLEY_", "DJANGO_", "PORT")


@dataclass(frozen=True)
class Running:
    """Where it answers, and the large desk in it."""

    url: str
    article: int
    words: int
    claims: int


@contextmanager
def running(folder: Path, claims: int) -> Iterator[Running]:
    """gunicorn with its threads, DEBUG off, on the embedded PostgreSQL; ended with all its children."""
    port = _free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    environment |= {"GALLEY_DATA": str(folder / "data"), "PORT": str(port)}
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "verify.demo"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            url = f"http://localhost:{port}"
            _wait(url, server, folder / "log")
            yield Running(url, **_filled(environment, claims))
        finally:
            server.terminate()
            server.wait(PATIENCE)


def _filled(environment: dict[str, str], claims: int) -> dict[str, int]:
    command = [sys.executable, "-m", "tests.bench.hands.fill", str(claims)]
    environment = environment | {"DJANGO_SETTINGS_MODULE": "verify.settings"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found


def _wait(url: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"The server did not start: {log.read_text()}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
