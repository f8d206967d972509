"""Requests that are too large, damaged, or in letters that are not UTF-8: said in a page, not found out in a view.

Whatever of a form can be read is read here, before any view and before the form's key is looked at.
"""

import codecs
import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from claims.actions.captures import MOST_BYTES
from claims.intake import MAX_CHARACTERS, MAX_FILE_BYTES
from claims.views import access, errors

TOO_LARGE, UNREAD = 413, 400
MEBIBYTE = 1024 * 1024
MULTIPART = "multipart/form-data"
# where a file may come that is larger than any other form, from whoever is signed in; and the source’s page
UPLOADS = re.compile(r"(/sources/\d+/)captures/upload/")
FORMS = {"application/x-www-form-urlencoded", MULTIPART}
# A browser shows no answer while it still sends; what is larger than this is cut off.
READ_AND_FORGOTTEN = 64 * MEBIBYTE


class WholeBodies:
    """Middleware: answers what cannot be read with its limits, and with where what was typed still stands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return _refusal(request) or self.get_response(request)


def _refusal(request: HttpRequest) -> HttpResponse | None:
    is_utf_8 = _is_utf_8(request)
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    length = int(said) if said.isascii() and said.isdigit() else 0
    most = _most(request)
    if length > most:
        return _too_large(request, length, most)
    if request.method != "POST":
        return None
    if (upload := UPLOADS.fullmatch(request.path)) and not request.user.is_authenticated:
        _forget(request, length)
        return access.to_sign_in(request, f"{upload[1]}#captures")
    if not is_utf_8:
        return _damaged(request, _("Its letters are in another encoding than UTF-8, the only one that Galley reads."))
    if length and request.content_type not in FORMS:
        return _damaged(request, _("It is no form that a browser sends."))
    try:
        if (
            request.content_type == MULTIPART
            and length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            and not _has_end(request)
        ):
            return _damaged(request, _("It ends in the middle: not all of it has arrived."))
        request.POST  # noqa: B018 (reads it)
    except (MultiPartParserError, BadRequest):
        return _damaged(request, _("It was damaged on the way, or made by something that is no browser."))
    except SuspiciousOperation:  # more fields, or files, than the settings let through
        return _too_many(request)
    return None


def _most(request: HttpRequest) -> int:
    """How many bytes may come. A large file is read piece by piece; its form says itself whether all of it came."""
    if UPLOADS.fullmatch(request.path):
        return MOST_BYTES + MEBIBYTE
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE


def _is_utf_8(request: HttpRequest) -> bool:
    """Whether the letters are UTF-8, as far as the request names an encoding; from here on they are read as UTF-8."""
    named = (request.content_params or {}).get("charset", "utf-8")
    request.encoding = "utf-8"
    try:
        return codecs.lookup(named).name == "utf-8"
    except LookupError:
        return False


def _has_end(request: HttpRequest) -> bool:
    """Whether the last boundary is there, without which the last field may be cut off."""
    boundary = request.content_params.get("boundary", "") if request.content_params else ""
    return f"--{boundary}--".encode("ascii", "replace") in request.body[-len(boundary) - 16 :]


def _too_large(request: HttpRequest, length: int, most: int) -> HttpResponse:
    _forget(request, length)
    sizes = {"came": f"{length / MEBIBYTE:.1f}", "most": most // MEBIBYTE}
    limits = {"characters": f"{MAX_CHARACTERS:,}", "file": MAX_FILE_BYTES // MEBIBYTE}
    return errors.answer(
        request,
        TOO_LARGE,
        _("That is more than Galley takes at once"),
        _("%(came)s MB came; a form may send %(most)d MB. It was not read, and nothing was saved or changed.") % sizes,
        _("An article may have %(characters)s characters, a file %(file)d MB; other fields say what they hold.")
        % limits,
        still_there(),
    )


def _forget(request: HttpRequest, length: int) -> None:
    """Read the body and take nothing from it."""
    left = min(length, READ_AND_FORGOTTEN)
    while left > 0 and (chunk := request.read(min(left, MEBIBYTE))):
        left -= len(chunk)
    request._mark_post_parse_error()  # type: ignore[attr-defined]


def _too_many(request: HttpRequest) -> HttpResponse:
    request._mark_post_parse_error()  # type: ignore[attr-defined]
    most = {"most": f"{settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,}"}
    return errors.answer(
        request,
        TOO_LARGE,
        _("That form has more fields than Galley takes at once"),
        _("A form may have %(most)s. It was not read, and nothing was saved or changed.") % most,
        still_there(),
    )


def _damaged(request: HttpRequest, why: str) -> HttpResponse:
    request._mark_post_parse_error()  # type: ignore[attr-defined]
    heading = _("Galley could not read that request")
    return errors.answer(request, UNREAD, heading, why, _("Nothing was saved or changed."), still_there())


def still_there() -> str:
    """Where what was typed is, when a request was not read."""
    return _(
        "What you typed still stands in the form: go back to it, and it is there. Shorten it, or send it once more."
    )
