"""Captures a minute against a server of this machine, by one worker and by two; and a worker's memory meanwhile."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psutil

from claims.actions import sources, teams
from claims.models import Capture, Errand
from tests.bench.figures import figure, milliseconds
from tests.bench.ground import Ground
from tests.captures import serving
from tests.people import member, person
from verify.folder import PROJECT

CAPTURES = 1000
WARM = 20  # captures before memory is looked at, and minutes are counted
GROWTH = 10  # MiB
PAGE = b"<!doctype html><title>Minutes</title><main>" + b"<p>The piers were sound on every drawing we had.</p>" * 400


def say(path: str, write: Callable[[bytes], Any]) -> None:
    body = PAGE + path.encode()
    write(b"HTTP/1.1 200 So\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def test_captures_a_minute_and_a_worker_s_memory(ground: Ground) -> None:
    with serving(say) as port, tempfile.TemporaryDirectory() as folder:
        alone, memory, processors = captured(ground, port, Path(folder), workers=1, count=CAPTURES)
        both, _memory, _processors = captured(
            ground, port, Path(folder), workers=2, count=max(CAPTURES // 4, WARM + 40)
        )
    said = f"of the worker's own processor {milliseconds(processors)} each; reading is its children's"
    figure("captures a minute, one worker", alone, None, "", said)
    figure("captures a minute, two workers", both, None, "", f"{both / alone:.2f} times one worker's")
    grown = memory[-1] - memory[0]
    seen = ", ".join(f"{some:.0f}" for some in memory)
    figure(f"a worker's memory over {CAPTURES:,} captures, growth", grown, GROWTH, " MiB", f"MiB: {seen}")
    assert grown <= GROWTH


def captured(ground: Ground, port: int, folder: Path, *, workers: int, count: int) -> tuple[float, list[float], float]:
    """Captures a minute; MiB of the first worker, ten times; its processor's seconds for each capture."""

    def fill() -> None:
        team = teams.create_team(name="Ledger", slug="ledger", admin=person("margit@ledger.example", "Margit"))
        checker = member(team, person("ifeoma@ledger.example", "Ifeoma"), "checker")
        for number in range(count):
            url = f"http://localhost:{port}/{workers}/{number}"
            sources.add_source(actor=checker, team=team, title=url, url=url)

    with ground.database(f"captures_{workers}", fill, anew=True), ExitStack() as running:
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "verify.settings", "GALLEY_STORE": str(folder)}
        work = [running.enter_context(worker(environment, f"localhost:{port}")) for _worker in range(workers)]
        wait_for(WARM)
        began, before, memory = time.monotonic(), work[0].cpu_times(), [mebibytes(work[0])]
        for tenth in range(1, 11):
            wait_for(WARM + (count - WARM) * tenth // 10)
            memory.append(mebibytes(work[0]))
        minutes, after = (time.monotonic() - began) / 60, work[0].cpu_times()
        assert not Errand.objects.failed().exists()
    used = after.user + after.system - before.user - before.system
    return (count - WARM) / minutes, memory, used * workers / (count - WARM)


# a setting allows it beside no DATABASE_URL
WORK = """
import sys, django
from django.conf import settings
from django.core.management import call_command

django.setup()
settings.CAPTURE_LOCAL = frozenset(sys.argv[1:])
call_command("work")
"""


@contextmanager
def worker(environment: dict[str, str], local: str) -> Iterator[psutil.Process]:
    process = subprocess.Popen([sys.executable, "-c", WORK, local], cwd=PROJECT, env=environment)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait()


def wait_for(count: int) -> None:
    while Capture.objects.count() < count:
        threading.Event().wait(0.1)


def mebibytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss / 1024**2)
