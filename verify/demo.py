"""The launcher of `make demo`: database, tables, sample newsroom, web server, worker; and their end, on Ctrl-C or not.

The children run in sessions of their own, so that Ctrl-C reaches the launcher alone, who ends them in their order.
"""

import fcntl
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from io import StringIO
from types import FrameType

from verify import embedded, precheck
from verify.embedded import Server
from verify.folder import PROJECT, Folder
from verify.precheck import NotNow
from verify.system import CannotRun

SECONDS_TO_ANSWER = 60
SECONDS_TO_LEAVE = 0.3
SECONDS_BETWEEN_STARTS = 5
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> None:
    """`python -m verify.demo`."""
    for number in ENDING:
        signal.signal(number, _interrupt)
    folder = Folder.of_environment()
    try:
        with ExitStack() as running:
            run(folder, running)
    except KeyboardInterrupt:
        say("\nGalley has stopped; your data is kept.")
    except (NotNow, CannotRun) as reason:
        sys.exit(str(reason))


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End once: what comes after the first signal must not disturb the end."""
    for other in ENDING:
        signal.signal(other, signal.SIG_IGN)
    raise KeyboardInterrupt


def run(folder: Folder, running: ExitStack) -> None:
    """Set up what is missing, serve, and watch until something ends. What `running` holds is ended by the caller."""
    precheck.check(folder)
    address = f"http://localhost:{precheck.port()}"
    folder.open_up()
    running.enter_context(alone(folder, address))
    server = running.enter_context(database(folder))
    sign_ins = prepare()
    web = running.enter_context(serving(address))
    worker = running.enter_context(working())
    say(f"\nGalley is at {address}\n\n{sign_ins}\nCtrl-C stops it. Data is kept in {shown(folder)}.")
    watch(web, worker, server, folder)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a launcher talks


def shown(folder: Folder) -> str:
    """The data folder as a person in the project's folder would write it."""
    root = folder.root
    return f"{root.relative_to(PROJECT)}/" if root.is_relative_to(PROJECT) else str(root)


@contextmanager
def alone(folder: Folder, address: str) -> Iterator[None]:
    """Keep other demos from this folder for the duration, and tell them where this one is."""
    try:
        with folder.locked(precheck.LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB) as lock:
            lock.truncate(0)
            lock.write(address)
            lock.flush()
            yield
    except BlockingIOError:
        raise NotNow(f"A demo on {folder.root} is just being started.") from None


@contextmanager
def database(folder: Folder) -> Iterator[Server]:
    """The embedded PostgreSQL, made where it is missing, up for the duration."""
    if os.environ.pop("DATABASE_URL", None):
        say("DATABASE_URL is set; the demo leaves that database alone and uses its own.")
    if not folder.made:
        say(f"Making a PostgreSQL database in {shown(folder)} …")
        embedded.create(folder)
        if folder.cluster.is_symlink():
            say(f"Its files are in {folder.cluster.resolve()}: who runs it for root cannot reach {folder.root}.")
    elif embedded.stop_orphan(folder):
        say("Stopped the database of a demo that was killed.")
    say("Starting PostgreSQL …")
    with embedded.serving(folder) as server:
        yield server


def prepare() -> str:
    """Tables, sample newsroom and static files, as they have to be; the sample's sign-ins."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "verify.settings"
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    from verify import statics

    say("Bringing the tables up to date …")
    call_command("migrate", interactive=False, verbosity=0)
    say("Looking after the sample newsroom …")
    said = StringIO()
    call_command("sample_newsroom", stdout=said)
    say("Collecting styles and scripts …")
    statics.collect()
    connections.close_all()
    return said.getvalue()


@contextmanager
def serving(address: str) -> Iterator[subprocess.Popen[bytes]]:
    """The web server for the duration. It ends by itself if the launcher is killed: its lifeline closes."""
    say("Starting the web server …")
    lifeline, held = os.pipe()
    bind = ",".join(f"[{host}]" if ":" in host else host for host in precheck.hosts())
    environment = {"GALLEY_BIND": bind} | os.environ | {"DEMO_LIFELINE": str(lifeline)}
    command = [sys.executable, "-m", "gunicorn", "verify.wsgi", "--config", "python:verify.gunicorn"]
    web = subprocess.Popen(
        command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, start_new_session=True, pass_fds=[lifeline]
    )
    os.close(lifeline)
    try:
        _wait_for_answer(web, address)
        yield web
    finally:
        _end(web)
        os.close(held)


class Worker:
    """The worker's process. One that ended by itself is no fault of the pages: it is started again."""

    def __init__(self) -> None:
        self.lifeline, self.held = os.pipe()
        self.start()

    def start(self) -> None:
        """Not by manage.py, which would stop the database with it when it is the last."""
        self.started = time.monotonic()
        environment = os.environ | {"DJANGO_SETTINGS_MODULE": "verify.settings", "DEMO_LIFELINE": str(self.lifeline)}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "django", "work"],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            pass_fds=[self.lifeline],
        )

    def see_to(self) -> None:
        """Start it again where it ended, after a moment."""
        if self.process.poll() is not None and time.monotonic() > self.started + SECONDS_BETWEEN_STARTS:
            say("The worker ended by itself; what it said stands above. Starting it again …")
            self.start()


@contextmanager
def working() -> Iterator[Worker]:
    """The worker for the duration; like the web server it ends by itself if the launcher is killed."""
    say("Starting the worker …")
    worker = Worker()
    try:
        yield worker
    finally:
        _end(worker.process)
        os.close(worker.lifeline)
        os.close(worker.held)


def _wait_for_answer(web: subprocess.Popen[bytes], address: str) -> None:
    patience = time.monotonic() + SECONDS_TO_ANSWER
    while web.poll() is None and time.monotonic() < patience:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=5).close()  # noqa: S310 - our own address
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
        else:
            return
    raise NotNow("The web server did not start; what it said stands above.")


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask a child to leave; after a moment, do not ask."""
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(SECONDS_TO_LEAVE)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def watch(web: subprocess.Popen[bytes], worker: Worker, server: Server, folder: Folder) -> None:
    """Wait until the web server ends by itself, which is a fault; a database or worker that does is started again."""
    while web.poll() is None:
        if not server.alive:
            server = revived(web, server, folder)
        worker.see_to()
        time.sleep(0.5)
    raise CannotRun("The web server ended by itself; what it said stands above.")


def revived(web: subprocess.Popen[bytes], ended: Server, folder: Folder) -> Server:
    """The database again, where its clients look for it. While it does not start (no room, say), it is tried again."""
    say(f"PostgreSQL ended by itself; see {folder.log}. Starting it again …")
    told = False
    while web.poll() is None:
        try:
            with folder.locked("turn.lock"):
                server = embedded.running(folder) or embedded.start(folder, socket=ended.socket)
        except CannotRun as why:
            if not told:
                say(f"{why}\nPages say so meanwhile; it is tried again every {SECONDS_BETWEEN_STARTS} seconds.")
            told = True
            time.sleep(SECONDS_BETWEEN_STARTS)
        else:
            say("PostgreSQL is up again.")
            return server
    return ended


if __name__ == "__main__":
    main()
