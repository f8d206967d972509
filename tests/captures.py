"""Captures in tests: a store and a web of their own, and errands done in the test's own process."""

import socketserver
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from claims import store, tasks
from claims.actions import ahead, errands, sources
from claims.models import Capture, Errand, Proof, Source, Team, User

PAGE = (
    b"<!doctype html><title>Bridge report</title><main><h1>Bridge report</h1><p>"
    + b"The outturn cost is \xc2\xa331.4m. " * 20
)


@dataclass
class Site:
    """A web server of this machine that answers as it is told to. `asked`: the paths that were asked for."""

    port: int = 0
    answers: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def url(self, path: str = "/report") -> str:
        return f"http://localhost:{self.port}{path}"

    def says(self, path: str, body: bytes = b"", status: int = 200, **headers: str) -> str:
        """Answer so from now on; the address."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, {"Content-Type": "text/html; charset=utf-8"} | named, body)
        return self.url(path)

    def answer(self, path: str, write: Callable[[bytes], Any]) -> None:
        self.asked.append(path)
        status, headers, body = self.answers.get(path, (404, {}, b""))
        lines = [f"{name}: {value}" for name, value in (headers | {"Content-Length": str(len(body))}).items()]
        write("\r\n".join([f"HTTP/1.1 {status} So", *lines, "", ""]).encode() + body)


@contextmanager
def serving(say: Callable[[str, Callable[[bytes], Any]], None]) -> Iterator[int]:
    """A web server of this machine for the duration; its port. `say` writes the answer to a path, head and all."""

    class Answer(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            path = self.rfile.readline().decode().split()[1]
            while self.rfile.readline().strip():
                pass
            # who asked may be gone by now
            with suppress(OSError):
                say(path, self.wfile.write)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


@pytest.fixture
def site(settings: Any) -> Iterator[Site]:
    """A site that captures may reach, and /report on it."""
    made = Site()
    with serving(made.answer) as made.port:
        made.says("/report", PAGE)
        settings.CAPTURE_LOCAL = frozenset({f"localhost:{made.port}"})
        yield made


@pytest.fixture
def kept_in(settings: Any, tmp_path: Path) -> Path:
    """The folder of this test's store."""
    folder = tmp_path / "captures"
    folder.mkdir(mode=0o700)
    settings.STORAGES = settings.STORAGES | {
        "captures": {"BACKEND": "claims.store.Folder", "OPTIONS": {"location": str(folder)}}
    }
    return folder


def add(actor: User, team: Team, url: str, **facts: Any) -> Source:
    """A source of that address."""
    return sources.add_source(
        actor=actor, team=team, **{"title": "Report HW/26/118", "kind": "page", "url": url} | facts
    )


def run_errands() -> list[Errand]:
    """Do what is due of all jobs, in their order, what is fetched ahead too; the errands as they are then."""
    done = []
    for job in ProcrastinateJob.objects.filter(status="todo", scheduled_at=None).order_by("pk"):
        if job.task_name == ahead.TASK:
            tasks.fetch_ahead(**job.args)
        else:
            tasks.capture(**job.args)
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
        if job.task_name != ahead.TASK:
            done.append(Errand.objects.get(pk=job.args["errand"]))
    return done


def worker_lives() -> None:
    """A worker gives a sign of life: for a minute, pages hold that one runs."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT procrastinate_register_worker_v1()")


def all_keys() -> set[str]:
    """All that is in the store."""
    return {key for team in store.teams() for key in store.keys(team)}


def files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def kept(source: Source, actor: User, content: bytes = PAGE) -> Capture:
    """A capture of the source, of these bytes; with a record, and a proof that somebody made of it."""
    errand = Errand.objects.create(
        team=source.team, source=source, kind=Errand.Kind.UPLOAD, file_name="report.html", asked_by=actor
    )
    facts = {"media_type": "text/html", "file_name": "report.html", "captured_at": errand.asked_at, "tool": "by hand"}
    proof = {"kind": Proof.Kind.ARCHIVE, "authority": "An archive", "media_type": "application/json"}
    with tempfile.TemporaryDirectory() as folder:
        file, record = Path(folder) / "file", Path(folder) / "record"
        file.write_bytes(content)
        record.write_bytes(b"WARC/1.1\r\n\r\n" + content)
        digest, of_record = (sha256(each.read_bytes()).hexdigest() for each in (file, record))
        brought = errands.Brought(file, digest, len(content), facts, warc=record, warc_sha256=of_record)
        capture = errands.keep(errand, brought)
        errands.prove(capture, "capture.archive", file, digest, **proof)
    return capture


def failed(source: Source, actor: User) -> Errand:
    """An errand of the source that failed."""
    facts = {"state": Errand.State.FAILED, "code": "status", "detail": "404"}
    url = source.url or "https://report.example/hw-26-118"
    return Errand.objects.create(team=source.team, source=source, url=url, asked_by=actor, **facts)
