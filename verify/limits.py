"""Too many tries: how many are too many is in settings.ACCOUNT_RATE_LIMITS, and the answer is 429."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

TOO_MANY = 429
SECONDS = "300"


def refuse(request: HttpRequest) -> None:
    """Have the answer to this request say that there were too many."""
    request.too_many_tries = True  # type: ignore[attr-defined]


def too_many(request: HttpRequest) -> HttpResponse:
    """A page that says so, where no form can."""
    refuse(request)
    return render(request, "429.html", status=TOO_MANY)


class Limits:
    """Middleware: a form that was refused for too many tries, by whichever view, answers 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if getattr(request, "too_many_tries", False):
            response.status_code = TOO_MANY
            response["Retry-After"] = SECONDS
        return response
