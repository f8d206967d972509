"""A whole Galley of its own for a test to ill-treat: a durable PostgreSQL, and gunicorn as it runs for a newsroom."""

import contextlib
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests import cluster
from verify import backup, database, embedded
from verify.embedded import Server
from verify.folder import PROJECT, Folder

PATIENCE = 30  # seconds


class House:
    """One data folder, its database server and its web server. `world` is what tests.faults.seed has made in it."""

    def __init__(self, root: Path, static: Path) -> None:
        self.folder = Folder(root)
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.environment = {
            "PATH": os.environ["PATH"],
            "GALLEY_DATA": str(root),
            "GALLEY_STATIC": str(static),
            "PORT": str(self.port),
        }
        self.web: subprocess.Popen[bytes] | None = None
        self.work: subprocess.Popen[bytes] | None = None
        self.server: Server | None = None
        self.world: dict[str, Any] = {}
        self.held = contextlib.ExitStack()
        # where workers have their temporary files
        self.rooms = root / "rooms"

    # --- up and down --------------------------------------------------------------------------

    def open(self) -> "House":
        """Make cluster, tables, people, an article, and start everything. The tables are a copy of the tests' own."""
        embedded.create(self.folder)
        # a command that ends would stop the server with it, if nobody else used it
        self.held.enter_context(self.folder.locked(embedded.USERS, fcntl.LOCK_SH))
        self.start_database()
        tables = self.folder.root / "tables.dump"
        backup.dump(database.owner() | {"NAME": cluster._template()}, tables)
        backup.load(self.login(), tables)
        tables.unlink()
        self.world = json.loads(self.run("-m", "tests.faults.seed").stdout)
        self.start_web()
        return self

    def close(self) -> None:
        """End all of it, whatever state it is in."""
        self.end_web()
        self.kill_work()
        self.held.close()
        embedded.stop(self.folder)
        with contextlib.suppress(FileNotFoundError):
            embedded.remove(self.folder)

    def start_database(self) -> None:
        socket = self.server.socket if self.server else None
        self.server = embedded.start(self.folder, socket=socket)

    def start_web(self, *arguments: str) -> None:
        """Start gunicorn; returns when it answers."""
        command = [sys.executable, "-m", "gunicorn", "verify.wsgi", "--config", "python:verify.gunicorn", *arguments]
        with (self.folder.root / "web.log").open("ab") as log:
            self.web = subprocess.Popen(
                command, cwd=PROJECT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        wait_for(self.answers, "the web server")

    def end_web(self) -> None:
        if self.web is not None and self.web.poll() is None:
            os.killpg(self.web.pid, signal.SIGKILL)
        if self.web is not None:
            self.web.wait()

    def start_work(self, *arguments: str, **environment: str) -> None:
        """Start a worker, as a service manager does."""
        self.rooms.mkdir(exist_ok=True)
        environment = (
            self.environment | {"DJANGO_SETTINGS_MODULE": "verify.settings", "TMPDIR": str(self.rooms)} | environment
        )
        with (self.folder.root / "work.log").open("ab") as log:
            self.work = subprocess.Popen(
                [sys.executable, "-m", "django", "work", *arguments],
                cwd=PROJECT, env=environment, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill_work(self) -> None:
        """Kill the worker, and it alone: what it started is left to itself."""
        if self.work is not None:
            self.work.kill()
            self.work.wait()

    def answers(self) -> bool:
        """Whether anybody answers, well or not."""
        try:
            self.ask("GET", "/healthz")
        except (OSError, http.client.HTTPException):
            return False
        return True

    def listens(self) -> bool:
        """Whether the web server still takes requests; what is asked of it after that waits for its successor."""
        assert self.web is not None
        doors = psutil.Process(self.web.pid).net_connections()
        return any(door.status == psutil.CONN_LISTEN for door in doors)

    # --- ill treatment ------------------------------------------------------------------------

    def workers(self) -> list[psutil.Process]:
        assert self.web is not None
        return psutil.Process(self.web.pid).children()

    def kill_worker(self) -> None:
        """Kill the process that answers; its master starts another."""
        for worker in self.workers():
            with contextlib.suppress(psutil.NoSuchProcess):
                worker.kill()

    def kill_web(self) -> None:
        """Kill the whole web server, and start it again, as a service manager does."""
        self.end_web()
        self.start_web()

    def kill_database(self) -> None:
        """Kill every process of PostgreSQL at once, and start it again; it recovers from its log."""
        assert self.server is not None
        first = psutil.Process(self.server.pid)
        for process in [first, *first.children(recursive=True)]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        wait_for(lambda: embedded.running(self.folder) is None, "its end")
        self.start_database()

    # --- questions ----------------------------------------------------------------------------

    def ask(
        self, method: str, path: str, body: str = "", headers: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Status, Location and text of the answer. OSError or HTTPException where there is none."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            line.request(method, path, body.encode(), headers or {})
            answer = line.getresponse()
            return answer.status, answer.getheader("Location", ""), answer.read().decode()
        finally:
            line.close()

    def login(self) -> dict[str, Any]:
        assert self.server is not None
        return database.entry_of(self.folder, self.server, embedded.OWNER)

    def connect(self) -> psycopg.Connection[Any]:
        """The owner's connection."""
        login = self.login()
        return psycopg.connect(
            host=login["HOST"], user=login["USER"], password=login["PASSWORD"], dbname=login["NAME"], autocommit=True
        )

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with self.connect() as connection:
            return connection.execute(question, values).fetchall()  # type: ignore[arg-type]

    def waiting(self) -> int:
        """How many wait for a lock that somebody else holds."""
        return int(self.rows("SELECT count(*) FROM pg_locks WHERE NOT granted")[0][0])

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command of the project's, in this data folder."""
        return subprocess.run(
            [sys.executable, *command], cwd=PROJECT, env=self.environment, check=check, capture_output=True, text=True
        )

    def last_words(self) -> str:
        """The end of what the web server has logged."""
        return (self.folder.root / "web.log").read_text()[-4000:]

    def verified(self) -> str:
        """What verify_trail says; fails where the trail does not hold."""
        done = self.run("manage.py", "verify_trail", check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def wait_for(holds: Any, what: str, patience: float = PATIENCE) -> None:
    """Wait until something holds; AssertionError, with its name, where it does not in time."""
    until = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < until, f"waited in vain for {what}"
        time.sleep(0.01)
