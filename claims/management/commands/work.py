"""The worker: does what pages have asked for in the background, until it is asked to end."""

import asyncio
import contextlib
import fcntl
import logging
import os
import shutil
import signal
import tempfile
import threading
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import psycopg
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connection
from django.utils.translation import gettext as _
from procrastinate import App, PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Job, Status

from claims.actions import ahead, errands, proofs
from claims.fetching import sandbox

log = logging.getLogger("galley.worker")
JOBS = 2
SECONDS_BETWEEN_SWEEPS = 15
SECONDS_BETWEEN_STARTS = 2
SECONDS_TO_LEAVE = 10
MOST_TRIES = 3  # of a job whose workers are killed
STALLED = 30  # seconds after a worker's last sign of life
PREFIX = "galley-work-"


class Command(BaseCommand):
    """`manage.py work`: as many of it as one likes, on any host that reaches the database and the store.

    It may be killed at any moment. While the database is away it waits for it.
    """

    help = _("Captures what pages ask for, in the background, until it is asked to end (SIGTERM).")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jobs", type=int, default=JOBS, metavar="N", help=_("how many captures at a time"))
        parser.add_argument("--once", action="store_true", help=_("end when there is nothing left to do"))

    def handle(self, *args: Any, **options: Any) -> None:
        ending = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_which: _end(ending))
        if lifeline := os.environ.get("DEMO_LIFELINE"):
            threading.Thread(target=_end_with, args=(int(lifeline),), daemon=True).start()
        with workroom():
            _say_protection()
            while not ending.is_set():
                try:
                    asyncio.run(_work(options["jobs"], ending, wait=not options["once"]))
                except (ConnectorException, psycopg.Error, Error) as away:
                    log.warning("The database does not answer: %s", away.__cause__ or away)
                else:
                    if options["once"]:
                        return
                ending.wait(SECONDS_BETWEEN_STARTS)


def _say_protection() -> None:
    """What stands between a foreign file and this machine (docs/operating.md)."""
    found = sandbox.protection()
    log.info("Foreign files are read behind: %s", found.name)
    if found.missing:
        log.warning("A file that takes its reader over could reach: %s. Install bubblewrap.", ", ".join(found.missing))


def _end(ending: threading.Event) -> None:
    """Finish what was begun, for a while; what is not finished then is done by the next worker."""
    ending.set()
    leave = threading.Timer(SECONDS_TO_LEAVE, os._exit, (0,))
    leave.daemon = True
    leave.start()


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def workroom() -> Iterator[None]:
    """A folder for all temporary files of this process. Those of workers that were killed are thrown away."""
    base = Path(tempfile.gettempdir())
    for left in base.glob(f"{PREFIX}*"):
        _throw_away(left)
    room = Path(tempfile.mkdtemp(prefix=PREFIX))
    before = tempfile.tempdir
    with (room / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        tempfile.tempdir = str(room)
        try:
            yield
        finally:
            tempfile.tempdir = before
            shutil.rmtree(room, ignore_errors=True)


def _throw_away(room: Path) -> None:
    """Throw a room away whose worker is dead. One that is somebody else's, or just being made, stays."""
    with contextlib.suppress(OSError):
        if room.stat(follow_symlinks=False).st_uid == os.geteuid():
            with (room / "lock").open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(room, ignore_errors=True)


async def _work(jobs: int, ending: threading.Event, *, wait: bool) -> None:
    """Work until asked to end; an error of the connection where the database went away."""
    # the web role's, with all that is pinned for it; a connection for what is asked, and one to be told of new jobs
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(jobs + 1))  # one more, to keep tidy
    connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=2 + jobs, timeout=10)
    with app.replace_connector(connector) as working:
        async with working.open_async():
            await _tidy(working)
            worker = asyncio.create_task(
                working.run_worker_async(
                    concurrency=jobs,
                    wait=wait,
                    # what became of it stands in its errand
                    delete_jobs="always",
                    install_signal_handlers=False,
                    stalled_worker_timeout=STALLED,
                )
            )
            others = [asyncio.create_task(_keep_tidy(working)), asyncio.create_task(_asked(ending))]
            try:
                await asyncio.wait({worker, *others}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (worker, *others):
                    task.cancel()
                done = await asyncio.gather(worker, *others, return_exceptions=True)
            for outcome in done:
                if isinstance(outcome, Exception):
                    raise outcome


async def _asked(ending: threading.Event) -> None:
    while not ending.is_set():  # a signal sets it, and wakes nobody
        await asyncio.sleep(0.1)


async def _keep_tidy(working: App) -> None:
    while True:
        before = time.time()
        await asyncio.sleep(SECONDS_BETWEEN_SWEEPS)
        # who was suspended looks dead to itself, until it has given a sign of life
        if time.time() - before < STALLED:
            await _tidy(working)


async def _tidy(working: App) -> None:
    """Take up what workers left that were killed, and clear away what they had put."""
    for job in await working.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
        with contextlib.suppress(ConnectorException):  # another worker was faster
            if job.attempts < MOST_TRIES:
                await working.job_manager.retry_job(job)
            else:  # an errand counts for itself, and is taken up again as long as it may be
                await working.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)
                await asyncio.to_thread(_given_up, job)
    await asyncio.to_thread(_swept)


def _given_up(job: Job) -> None:
    """Say why a proof is missing whose job killed whoever had it."""
    log.error("Given up, since workers die of it: %s %s", job.task_name, job.task_kwargs)
    if job.task_name not in proofs.KINDS:
        return
    with _by_django("That cannot be said beside the capture: %s"):
        proofs.killed(job.task_name, **cast(dict[str, Any], job.task_kwargs))


def _swept() -> None:
    with _by_django("What killed workers left is not cleared up this time: %s"):
        errands.sweep()
        ahead.sweep()


@contextmanager
def _by_django(refused: str) -> Iterator[None]:
    """Do it by Django's connection, which may be refused while the worker's own hold: then that is logged."""
    close_old_connections()
    try:
        yield
    except Error as away:
        log.warning(refused, away)
    finally:
        connection.close()
