"""The web application, for gunicorn: `gunicorn verify.wsgi --config python:verify.gunicorn`."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "verify.settings")
handler = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 (reads every view: what is broken is seen at the start, not at a request)
UNREADABLE = "application/x-unreadable"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django's handler. Some Content-Types it fails at before any page could say so: a name stands in their place.

    What it can hold but not read, claims.views.bodies refuses in a page.
    """
    if environ.get("CONTENT_TYPE") and not is_holdable(environ):
        environ["CONTENT_TYPE"] = UNREADABLE
    return handler(environ, start_response)


def is_holdable(environ: dict[str, Any]) -> bool:
    """Whether Django can make a request of it, which takes the header apart and decodes the query as it says."""
    try:
        WSGIRequest(environ)
    except (ValueError, LookupError, BadRequest):
        return False
    return True
