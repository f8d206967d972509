"""Half characters are refused: Django would put a sign in their place, and the text would not be what was typed."""

from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, RawPostDataException
from django.utils.translation import gettext as _

from claims.views import errors

REPLACED = "\ufffd"
SIGN = REPLACED.encode()
URLENCODED = "application/x-www-form-urlencoded"


class WholeCharacters:
    """Middleware: answers 400 where the bytes of a form or of an address are no UTF-8 (a lone surrogate, say).

    Stands behind WholeBodies, which leaves only what can be read.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        heading = _("What was sent holds half a character")
        if request.method == "POST" and _broken(request):
            return errors.answer(
                request,
                400,
                heading,
                _("It cannot be kept as it was typed, so nothing was saved. Below, %(sign)s stands in its place.")
                % {"sign": REPLACED},
                _("Take it out, and send the form once more."),
                kept=errors.kept_text(request),
            )
        if _broken_address(request):
            return errors.answer(
                request,
                400,
                heading,
                _("It stands in the address, behind the question mark. Nothing can be looked for with it."),
                _("Take it out of the field, or copy the words from their source again."),
            )
        return self.get_response(request)


def _broken(request: HttpRequest) -> bool:
    """Whether reading the form put more signs of replacement into it than were sent."""
    read = sum(value.count(REPLACED) for _name, values in request.POST.lists() for value in values)
    if not read:
        return False
    if request.content_type == URLENCODED:
        return read > unquote_to_bytes(request.body).count(SIGN)
    try:
        sent = request.body.count(SIGN)
    except RawPostDataException:
        return True  # beside a large file, which is read piece by piece, no field holds words
    return read > sent - _in_files(request)


def _in_files(request: HttpRequest) -> int:
    """Signs of replacement that stand in files, which say nothing of the fields."""
    count = 0
    for _name, files in request.FILES.lists():
        for file in files:
            count += file.read().count(SIGN)
            file.seek(0)
    return count


def _broken_address(request: HttpRequest) -> bool:
    """Whether the address's query is no UTF-8."""
    try:
        unquote_to_bytes(request.META.get("QUERY_STRING", "")).decode()
    except UnicodeDecodeError:
        return True
    return False
