"""Shots on show: a browser that gets the pages of states.py and the project's static files, and nothing else."""

import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

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
        self.shot: Shot | None = None
        context = browser.new_context(
            viewport={"width": view.width, "height": 900 if view.width > 500 else 740},
            color_scheme=view.scheme,  # type: ignore[arg-type]
            forced_colors="active" if view.forced else "none",
            reduced_motion="reduce",
            base_url=SITE,
        )
        self.page: Page = context.new_page()
        self.page.route("**/*", self._answer)

    def put(self, shot: Shot) -> Page:
        """Open the shot as its address would be opened."""
        self.shot = shot
        self.page.goto(shot.address, wait_until="load")
        self.page.evaluate("document.fonts.ready")
        return self.page

    def close(self) -> None:
        self.page.context.close()

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path.startswith("/static/"):
            body, kind = static(path.removeprefix("/static/"))
            route.fulfill(body=body, content_type=kind)
        elif self.shot and route.request.is_navigation_request():
            # a failure's page is shown like any other: the browser would put its own in the place of an empty one
            headers = {"Content-Type": "text/html; charset=utf-8", **self.shot.headers}
            route.fulfill(status=200, body=self.shot.html, headers=headers)
        else:
            route.abort()


@cache
def static(name: str) -> tuple[bytes, str]:
    """A static file and its media type."""
    found: Any = finders.find(name)
    path = Path(found)
    return path.read_bytes(), mimetypes.guess_type(path.name)[0] or "application/octet-stream"
