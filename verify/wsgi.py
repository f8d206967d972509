"""The web application, for gunicorn: `gunicorn verify.wsgi --config python:verify.gunicorn`."""

import codecs
import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "verify.settings")
handler = get_wsgi_application()
get_resolver().url_patterns  # noqa: B018 (reads every view: what is broken is seen at the start, not at a request)
UNREADABLE = "application/x-unreadable"


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django's handler. Some Content-Types it fails at before any page could say so: a name stands in their place."""
    if not is_readable(environ.get("CONTENT_TYPE", "")):
        environ["CONTENT_TYPE"] = UNREADABLE
    return handler(environ, start_response)


def is_readable(content_type: str) -> bool:
    """Whether the header can be taken apart, and names no other encoding than UTF-8."""
    try:
        _kind, given = parse_header_parameters(content_type)
        return codecs.lookup(given.get("charset", "utf-8")).name == "utf-8"
    except (ValueError, LookupError):
        return False
