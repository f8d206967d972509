"""When the database cannot: away, full, read-only or busy. A page that asks it nothing and keeps what was sent.

Nothing is half done in any of these cases: an act is written wholly or not at all, and the request id of a form makes
sure that it is done once, however often it is sent.
"""

import logging
from dataclasses import dataclass

from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from claims.actions.submissions import code_of
from claims.fields import is_secret

log = logging.getLogger("galley.faults")


@dataclass(frozen=True)
class Outage:
    """Why the database cannot do it now: a heading, and a sentence that says what to expect."""

    heading: Promise
    sentence: Promise


AWAY = Outage(
    _("Back in a moment"),
    _("The database lets nobody in at the moment. As a rule it is restarting, which takes less than a minute."),
)
FULL = Outage(
    _("There is no room left to save"),
    _(
        "The disk that Galley’s database writes to is full. What was saved before is safe and can be "
        "read; whoever runs Galley has to make room. Tell them."
    ),
)
READ_ONLY = Outage(
    _("Nothing can be saved just now"),
    _(
        "The database only lets itself be read at the moment: it is being looked after, or has moved. Tell whoever "
        "runs Galley."
    ),
)
BUSY = Outage(
    _("Galley is too busy at the moment"),
    _("Others were at work on the same thing for too long, or the database has more to do than it can."),
)

# codes of PostgreSQL, and their classes of two letters; the longer is looked for first
KINDS = {
    "08": AWAY,
    "28": AWAY,
    "3D": AWAY,
    "57P": AWAY,
    "53100": FULL,
    "58": AWAY,
    "25006": READ_ONLY,
    "25P03": BUSY,
    "25P04": BUSY,
    "40001": BUSY,
    "40P01": BUSY,
    "53": BUSY,
    "55": BUSY,
    "57014": BUSY,
}
# A limit of file sizes or a quota has no code of its own, but PostgreSQL says which part of it failed. These write:
WRITERS = {"md.c", "fd.c", "xlog.c", "slru.c", "buffile.c", "bufmgr.c"}
UNCLEAR = ("XX000", "58")


def of(error: BaseException | None) -> Outage | None:
    """What kind of outage an error is; None for every other fault, which is Galley's own."""
    if not isinstance(error, OperationalError | InterfaceError | InternalError):
        return None
    code = code_of(error)
    if not code:  # the connection was lost, or there was none to be had
        return None if isinstance(error, InternalError) else AWAY
    if code.startswith(UNCLEAR) and _part(error) in WRITERS:
        return FULL
    found = (KINDS[code[:length]] for length in (5, 3, 2) if code[:length] in KINDS)
    return next(found, None)


def _part(error: BaseException) -> str:
    """The file of PostgreSQL's source that raised it."""
    return getattr(getattr(error.__cause__, "diag", None), "source_file", None) or ""


def sent(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of the form as they came, to be sent again; empty where that cannot be done by a page.

    That is so for a form with a file or a secret in it, or without a request id: it might be done twice.
    """
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    names = {name for name, _value in fields}
    if request.FILES or "request_id" not in names or any(map(is_secret, names)):
        return []
    return fields
