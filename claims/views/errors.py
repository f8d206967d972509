"""Pages that say no, or that something broke: what happened, what was kept, what to do.

An htmx request gets the same words as a notice; what stands typed in its page is left alone.
"""

import logging
import secrets
import sys
from collections.abc import Callable
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from claims.actions import Retyped, Stale, stashes
from claims.fields import is_shown
from claims.forms.keys import read_person
from claims.models import Membership, User
from claims.roles import NotAllowed, Role
from claims.views import access, outages

log = logging.getLogger("galley.faults")
access_log = logging.getLogger("galley.access")


def answer(request: HttpRequest, status: int, heading: str, *sentences: str, **more: Any) -> HttpResponse:
    """The refusal as a page, or to an htmx request as a notice."""
    context = {"status": status, "heading": heading, "texts": [said for said in sentences if said], **more}
    if getattr(request, "htmx", False):
        return render(request, "components/partial_notice.html", context | {"kind": "error"}, status=status)
    return render(request, "errors/refusal.html", context, status=status)


def kept_text(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed into the form, by field, without keys and secrets."""
    return [
        (name.replace("_", " ").capitalize(), value)
        for name, values in request.POST.lists()
        for value in values
        if isinstance(value, str) and value.strip() and is_shown(name)
    ]


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request cannot be read at all, so nothing of it is used."""
    return plain(request, "errors/400.html", 400, {"heading": _("Galley could not read that request")})


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person's role does not allow it; says why, and who can."""
    reason = str(exception) if isinstance(exception, NotAllowed) else ""
    person = getattr(getattr(request, "user", None), "pk", None)
    access_log.warning("Person %s may not %s %s", person, request.method, request.path)
    heading = _("This is not yours to do")
    said = (reason, _("Nothing was changed."), who_can(request))
    return answer(request, 403, heading, *said, kept=kept_text(request))


def who_can(request: HttpRequest) -> str:
    """The admins of the person's team, in a sentence; empty where there is none."""
    user = getattr(request, "user", None)
    membership = access.current_membership(cast("access.Request", request)) if user and user.is_authenticated else None
    if membership is None or membership.role == Role.ADMIN:
        return ""
    admins = Membership.objects.filter(team=membership.team, role=Role.ADMIN).order_by("user__name")
    names = ", ".join(admins.values_list("user__name", flat=True)[:3])
    return _("Admins of %(team)s: %(names)s.") % {"team": membership.team, "names": names}


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: not there, or another team's."""
    return answer(
        request,
        404,
        _("Nothing here under that address"),
        _("It may have been mistyped, or it belongs to a team that you are not in."),
        _("Articles are never deleted; look for it by its title."),
        search=True,
        kept=kept_text(request),
    )


def conflict(request: HttpRequest, exception: Exception) -> HttpResponse:
    """409: somebody was faster, or the form was sent before with other words. What was typed is shown."""
    if isinstance(exception, Retyped):
        heading = _("This form was already sent with other words")
    else:
        heading = _("Somebody changed this while you were writing")
    return answer(request, 409, heading, str(exception), kept=kept_text(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form's key does not fit the session. What was typed is shown, to be sent once more."""
    log.warning("Form key refused at %s: %s", request.path, reason)
    user = getattr(request, "user", None)
    mine = isinstance(user, User) and read_person(request.POST.get("person", "")) == user.pk
    if mine:
        stashes.keep(user=cast(User, user), path=request.path, **access.typed(request))
    return answer(
        request,
        403,
        _("This form was open for too long"),
        _("You signed in or out after it was opened, or the browser keeps no cookies. Nothing was saved."),
        _("Open the page again: what you typed is back in its form there. Send it once more.")
        if mine
        else _("Open the page again and send it once more."),
        kept=kept_text(request),
        again=request.path,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database cannot (claims.views.outages). Asks neither database nor session."""
    if outage := outages.of(sys.exc_info()[1]):
        return unable(request, outage)
    number = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}"
    log.error("Fault %s at %s %s", number, request.method, request.path)
    return plain(request, "errors/500.html", 500, {"number": number} | kept_in_page(request))


def unable(request: HttpRequest, outage: outages.Outage) -> HttpResponse:
    """503: what was sent is in the page, and can be sent again from there."""
    log.warning("Outage at %s %s: %s", request.method, request.path, outage.heading)
    context: dict[str, Any] = {"outage": outage, "reading": request.method in {"GET", "HEAD"}}
    response = plain(request, "errors/outage.html", 503, context | kept_in_page(request))
    response["Retry-After"] = "5"
    return response


def kept_in_page(request: HttpRequest) -> dict[str, Any]:
    """What was sent, to be sent again and to be read; nothing where that cannot be read any more."""
    try:
        return {"fields": outages.sent(request), "kept": kept_text(request)}
    except Exception:
        log.exception("What was sent could not be read")
        return {}


def plain(request: HttpRequest, template: str, status: int, context: dict[str, Any]) -> HttpResponse:
    """A page without context processors; without a template even, if that is what broke."""
    context |= {"path": request.path, "partial": bool(getattr(request, "htmx", False))}
    try:
        return HttpResponse(loader.render_to_string(template, context), status=status)
    except Exception:
        log.exception("The page for status %d failed as well", status)
        return HttpResponse(_("Galley failed at this, not you. Nothing was saved."), status=status)


class Refusals:
    """Middleware: refusals that a view lets through become their pages."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer NotAllowed with 403, Stale and Retyped with 409; everything else goes its way."""
        if isinstance(exception, NotAllowed):
            return forbidden(request, exception)
        if isinstance(exception, Stale | Retyped):
            return conflict(request, exception)
        return None
