"""What every answer says to the browser and to caches on the way, beside what Django's own middleware says."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control, patch_vary_headers

# of this address, nothing that a page left behind: Back shows nothing of the person who has signed out
FORGET = '"cache", "storage"'


class Private:
    """Middleware: no page is kept for others, and with the sign-out the browser forgets what it had shown.

    Not `no-store`: with it browsers throw away what stands typed in a form when somebody goes on and comes back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Cache-Control" not in response:
            patch_cache_control(response, private=True, no_cache=True)
            patch_vary_headers(response, ["Cookie"])
        leaves = request.method == "POST" and request.path == reverse("account_logout")
        if leaves and settings.SESSION_COOKIE_NAME in response.cookies:
            response["Clear-Site-Data"] = FORGET
        return response
