"""Shots on show: a browser that gets the pages of states.py and the project's static files, and nothing else."""

import mimetypes
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page

from tests.e2e.states import Shot

SITE = "http://galley.test"


@dataclass(frozen=True)
class View:
    """How a page is looked at."""

    width: int = 1440
    scheme: str = "light"
    forced: bool = False

    def __str__(self) -> str:
        return f"{self.width} px, {self.scheme}{', forced colours' if self.forced else ''}"


class Show:
    """One browser page a view, on which shot after shot is put."""

    def __init__(self, browser: Browser, view: View) -> None:
        self.view = view
        self.world = World(("127.0.0.1", 0), Answer)
        Thread(target=self.world.serve_forever, daemon=True).start()
        context = browser.new_context(
            viewport={"width": view.width, "height": 900 if view.width > 500 else 740},
            color_scheme=view.scheme,  # type: ignore[arg-type]
            forced_colors="active" if view.forced else "none",
            reduced_motion="reduce",
            base_url=SITE,
            proxy={"server": f"http://127.0.0.1:{self.world.server_port}"},
        )
        self.page: Page = context.new_page()

    def put(self, shot: Shot) -> Page:
        """Open the shot as its address would be opened."""
        self.world.shot = shot
        self.page.goto(shot.address, wait_until="load")
        self.page.evaluate("document.fonts.ready")
        return self.page

    def close(self) -> None:
        self.page.context.close()
        self.world.shutdown()
        self.world.server_close()


class World(ThreadingHTTPServer):
    """All that this browser can reach, as its proxy: not by the way of the tests, so that styles are loaded once."""

    daemon_threads = True
    shot: Shot | None = None


class Answer(BaseHTTPRequestHandler):
    """The shot where a page is asked for, and the project's static files."""

    protocol_version = "HTTP/1.1"
    server: World

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        shot = self.server.shot
        if path.startswith("/static/"):
            body, kind = static(path.removeprefix("/static/"))
            self._send(200, body, {"Content-Type": kind, "Cache-Control": "max-age=3600"})
        elif shot and "text/html" in self.headers["Accept"] and "HX-Request" not in self.headers:
            # a failure's page is shown like any other: the browser would put its own in the place of an empty one
            self._send(200, shot.html.encode(), {"Content-Type": "text/html; charset=utf-8", **shot.headers})
        else:
            self.close_connection = True

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_CONNECT(self) -> None:
        """Chromium asks for pages of its own."""
        self.close_connection = True

    def log_message(self, *said: Any) -> None:
        """What is asked for is no news."""


@cache
def static(name: str) -> tuple[bytes, str]:
    """A static file and its media type."""
    found: Any = finders.find(name)
    path = Path(found)
    return path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"
