"""Sessions of people: in the database, ended by rest and by age."""

import datetime
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import InternalError, OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone as clock

from claims.models.ready import ready

# written again only after this much of its rest has gone: a page is no write
TOUCH = datetime.timedelta(minutes=10)
BEGAN = "began"
AGAIN = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
REDIRECT = 302


@ready
def _alive(key: str | None, now: datetime.datetime) -> QuerySet[Session]:
    return Session.objects.filter(session_key=key, expire_date__gt=now)


class SessionStore(DatabaseStore):
    """A session that ends SESSION_COOKIE_AGE seconds after its last page, and SESSION_LONGEST after its sign-in."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing where it has ended. One that is in use is marked to be prolonged."""
        now = clock.now()
        row = next(iter(_alive(self.session_key, now)), None)
        data: dict[str, Any] = self.decode(row.session_data) if row else {}
        if row is None:
            self._session_key = None
        if row is None or SESSION_KEY not in data:
            return data
        if now.timestamp() - data.get(BEGAN, 0) > settings.SESSION_LONGEST.total_seconds():
            row.delete()
            self._session_key = None
            return {}
        if row.expire_date - now < datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE) - TOUCH:
            self.modified, self._prolonged = True, dict(data)
        return data

    def save(self, must_create: bool = False) -> None:
        """Write it. One that is only to be prolonged can wait where nothing can be written: pages are still read."""
        try:
            super().save(must_create)
        except (OperationalError, InternalError, UpdateError) as error:
            fault = error.__context__ if isinstance(error, UpdateError) else error
            if not isinstance(fault, OperationalError | InternalError):
                raise
            if must_create or getattr(self, "_session_cache", None) != getattr(self, "_prolonged", {}):
                raise fault from None  # an outage, and not a session that somebody ended meanwhile

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row to write; that of somebody who has just signed in says when that was."""
        if SESSION_KEY in data:
            data.setdefault(BEGAN, clock.now().timestamp())
        return super().create_model_instance(data)


class Rotation:
    """Middleware: who gave the password or the second step once more goes on under a new key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        where = request.resolver_match.view_name if request.resolver_match else ""
        if request.method == "POST" and where in AGAIN and response.status_code == REDIRECT:
            request.session.cycle_key()
        return response
