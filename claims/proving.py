"""What workers have others say of a capture, and make of it: time stamps, an archive's answer, a picture and a PDF.

Run again, they change nothing. What fails for a while is tried three times more; the last reason stands beside the
capture, which is none the worse for it.
"""

import hashlib
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from claims import store
from claims.actions import errands, proofs
from claims.actions.captures import QUEUE
from claims.actions.errands import Cleared, Over
from claims.actions.proofs import ARCHIVE, PICTURE, STAMP
from claims.fetching import archives, kinds, pictures, stamps
from claims.fetching.archives import Archive, NotArchived
from claims.fetching.pictures import NotPictured
from claims.fetching.reasons import REASONS
from claims.fetching.results import Unreachable
from claims.fetching.stamps import NotStamped
from claims.models import Capture, Proof
from claims.store import NO_ROOM, Damaged, Lost, StoreAway

log = logging.getLogger("galley.captures")
Kind = Proof.Kind
FORESEEN = (Unreachable, NotPictured, NotStamped, NotArchived, StoreAway, Cleared, Lost, Damaged)


class Later(Exception):
    """It failed, and another try may do better: str() says why."""


# after a minute, six, and eleven
RETRY = RetryStrategy(max_attempts=3, wait=60, linear_wait=300, retry_exceptions=[Later, Error])


@app.task(name=STAMP, queue=QUEUE, retry=RETRY)
def stamp(capture: int, authority: str) -> None:
    """Have an authority stamp the capture's hash."""
    _prove(capture, Kind.STAMP, authority, _stamp)


@app.task(name=ARCHIVE, queue=QUEUE, retry=RETRY)
def archive(capture: int) -> None:
    """Ask the archive to keep the capture's address too."""
    by = Archive.named(settings.ARCHIVE)
    _prove(capture, Kind.ARCHIVE, by.host, lambda found, _host: _archive(found, by))


@app.task(name=PICTURE, queue=QUEUE, retry=RETRY)
def picture(capture: int) -> None:
    """Make a picture and a PDF of the captured page."""
    _prove(capture, Kind.PICTURE, "", _picture)


# --- each of them ----------------------------------------------------------------------------


def _stamp(capture: Capture, authority: str) -> None:
    made = stamps.stamp(_bytes(capture), authority, allowed=settings.CAPTURE_LOCAL)
    detail = {
        "sha256": made.sha256,
        "at": made.at.isoformat(),
        "serial": str(made.serial),
        "policy": made.policy,
        "by": made.by,
        "trusted": made.trusted,
    }
    _keep(capture, "capture.stamp", made.reply, Kind.STAMP, authority, stamps.MEDIA_TYPE, detail)


def _archive(capture: Capture, by: Archive) -> None:
    made = archives.archive(capture.final_url, by, allowed=settings.CAPTURE_LOCAL)
    detail = {"asked_for": made.url, "location": made.location, "status": made.answers[-1].status}
    _keep(capture, "capture.archive", made.as_json(), Kind.ARCHIVE, by.host, "application/json", detail)


def _picture(capture: Capture, _any: str) -> None:
    named = next((value for name, value in capture.headers if name.lower() == "content-type"), "")
    declared = f"{capture.media_type}; charset={kinds.charset(named)}"
    made = pictures.picture(_bytes(capture), settings.CHROMIUM, declared)
    # the picture last: where it is, the PDF is
    for kind, content, media_type in (
        (Kind.PDF, made.pdf, "application/pdf"),
        (Kind.PICTURE, made.png, "image/png"),
    ):
        if not capture.proofs.filter(kind=kind).exists():
            _keep(capture, "capture.picture", content, kind, made.tool, media_type, {"of": capture.sha256})


def _bytes(capture: Capture) -> bytes:
    with store.opened(capture.key) as file:
        return file.read()


def _keep(
    capture: Capture, verb: str, content: bytes, kind: str, authority: str, media_type: str, detail: dict[str, Any]
) -> None:
    with tempfile.NamedTemporaryFile(prefix="proof-") as file:
        file.write(content)
        file.flush()
        sha256 = hashlib.sha256(content).hexdigest()
        facts = {"kind": kind, "authority": authority, "media_type": media_type, "detail": detail}
        errands.prove(capture, verb, Path(file.name), sha256, **facts)


# --- all of them -----------------------------------------------------------------------------


def _prove(pk: int, kind: str, authority: str, do: Callable[[Capture, str], None]) -> None:
    """Do it once, for a capture that is there; an empty authority stands for any."""
    capture = Capture.objects.select_related("source").get(pk=pk)
    if not capture.erased and not proofs.is_there(capture, kind, authority):
        with _told(capture, kind, authority):
            do(capture, authority)


@contextmanager
def _told(capture: Capture, kind: str, authority: str) -> Iterator[None]:
    """Why it failed is noted for who reads the capture; what will not do better is logged, for what may, Later."""
    what = f"capture {capture.pk}: {kind} {authority}".rstrip()
    try:
        yield
    except Over:
        log.info("%s: the capture was erased", what)
    except Error:
        raise
    except Exception as error:
        why, again = _why(error)
        proofs.not_had(capture, kind, authority, why)
        if again:
            raise Later(f"{what}: {getattr(error, 'why', '') or why}") from error
        # of what nobody has foreseen, where it happened
        log.warning("%s: %s", what, why, exc_info=None if isinstance(error, FORESEEN) else error)


def _why(error: Exception) -> tuple[str, bool]:
    """Why it failed, and whether another try may do better."""
    match error:
        case Unreachable() | NotPictured():
            return str(error), error.again
        case NotStamped() | NotArchived():
            return str(error), False
        case StoreAway():
            return str(error), True
        case Cleared():
            return str(REASONS["cleared"]), True
        case Lost():
            return _("The bytes of this capture are missing"), False
        case Damaged():
            return _("The bytes of this capture are damaged"), False
        case OSError():
            return str(REASONS["no-room" if error.errno in NO_ROOM else "fault"]), True
        case _:
            return str(REASONS["fault"]), False
