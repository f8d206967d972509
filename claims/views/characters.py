"""Half characters are refused: Django would put a sign in their place, and the text would not be what was typed."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from claims.views import errors

REPLACED = "\ufffd"
LARGEST = 8 * 1024 * 1024  # bytes; a larger form holds a file, which its own form refuses
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


class WholeCharacters:
    """Middleware: answers 400, with what was typed, where a form's bytes are no UTF-8 (a lone surrogate, say)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.content_type in FORMS and _broken(request):
            return errors.answer(
                request,
                400,
                _("What was sent holds half a character"),
                _("It cannot be kept as it was typed, so nothing was saved. Below, %(sign)s stands in its place.")
                % {"sign": REPLACED},
                _("Take it out, and send the form once more."),
                kept=errors.kept_text(request),
            )
        return self.get_response(request)


def _broken(request: HttpRequest) -> bool:
    """Whether reading the form put more signs of replacement into it than were sent."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST:
        return False
    sent = request.body
    read = sum(value.count(REPLACED) for _name, values in request.POST.lists() for value in values)
    if not read:
        return False
    raw = unquote_to_bytes(sent) if request.content_type == "application/x-www-form-urlencoded" else sent
    return read > raw.count(REPLACED.encode())
