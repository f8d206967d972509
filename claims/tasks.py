"""What workers do (`manage.py work`): an errand from its address or file to its capture."""

import hashlib
import logging
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from claims import store
from claims.actions import errands
from claims.actions.captures import QUEUE, TASK
from claims.actions.errands import Brought, Cleared, Over
from claims.fetching import kinds, records, safe, sandbox
from claims.fetching.safe import Unreachable
from claims.fetching.sandbox import Reading, Unreadable
from claims.models import Errand
from claims.store import NO_ROOM, Damaged, Lost, StoreAway

log = logging.getLogger("galley.captures")
TOOL = safe.AGENT.partition(" ")[0].replace("/", " ")


@app.task(name=TASK, queue=QUEUE, retry=RetryStrategy(max_attempts=10, wait=5, retry_exceptions=[Error]))
def capture(errand: int) -> None:
    """Do an errand, or say in it why it could not be done. Run again, it changes nothing.

    A database that is away is the one thing that it cannot say: then the job is tried again.
    """
    with errands.held(errand) as found:
        if found is not None:
            _try(found)


def _try(errand: Errand) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix="errand-") as folder:
            errands.keep(errand, _bring(errand, Path(folder)))
    except Over:
        errands.clear_of(errand)
    except Unreachable as why:
        errands.failed(errand, why.code, why.detail, again=why.again)
    except StoreAway as away:
        log.warning("errand %d: the store: %s", errand.pk, away.why)
        errands.failed(errand, away.code, again=True, for_good=False)
    except (Lost, Damaged):
        errands.failed(errand, "upload-lost")
    except Cleared:
        errands.failed(errand, "cleared", again=True)
    except Error:
        raise
    except OSError as error:
        # the worker's own disk, in the folder of its temporary files
        log.exception("errand %d", errand.pk)
        full = error.errno in NO_ROOM
        errands.failed(errand, "no-room" if full else "fault", again=True, for_good=not full)
    except Exception:
        log.exception("errand %d", errand.pk)
        errands.failed(errand, "fault", again=True)


def _bring(errand: Errand, folder: Path) -> Brought:
    """Fetch or take out the bytes, and read them."""
    if errand.kind == Errand.Kind.UPLOAD:
        return _uploaded(errand, folder)
    return _fetched(errand, folder)


def _fetched(errand: Errand, folder: Path) -> Brought:
    errands.go_on(errand, Errand.State.FETCHING)
    body, wire, warc = folder / "body", folder / "wire", folder / "record"
    with body.open("w+b") as to, wire.open("w+b") as as_it_came, warc.open("wb") as record:
        fetched = safe.fetch(errand.url, to, wire=as_it_came, allowed=settings.CAPTURE_LOCAL)
        to.seek(0)
        as_it_came.seek(0)
        recorded = records.write(record, fetched, to, as_it_came if fetched.encoded else None, tool=TOOL)
    declared = next((value for name, value in fetched.headers if name.lower() == "content-type"), "")
    facts, parts = _read(errand, body, declared, "")
    facts |= {
        "asked_url": fetched.asked,
        "final_url": fetched.final,
        "redirects": [{"url": hop.url, "status": hop.status, "location": hop.location} for hop in fetched.hops],
        "status": fetched.status,
        "headers": [[_plain(name), _plain(value)] for name, value in fetched.headers],
        "captured_at": fetched.at,
        "notes": [*fetched.notes, *facts["notes"]],
    }
    return Brought(body, fetched.sha256, fetched.size, facts, parts, warc, recorded)


def _uploaded(errand: Errand, folder: Path) -> Brought:
    body, digest, size = folder / "body", hashlib.sha256(), 0
    with store.opened(errand.upload_key) as file, body.open("wb") as to:
        while chunk := file.read(1024 * 1024):
            digest.update(chunk)
            size += to.write(chunk)
    facts, parts = _read(errand, body, "", errand.file_name)
    facts |= {"file_name": errand.file_name, "captured_at": errand.asked_at}
    return Brought(body, digest.hexdigest(), size, facts, parts)


def _read(errand: Errand, body: Path, declared: str, name: str) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """What is known of the bytes, and their text. A file that cannot be read is kept all the same, and says why."""
    errands.go_on(errand, Errand.State.READING)
    try:
        reading = sandbox.read(body, declared, name=name)
    except Unreadable as why:
        kind = kinds.sniff(body, declared, name)
        reading = Reading(kind.media_type, "", (), 0, "", (str(why),))
    errands.go_on(errand, Errand.State.KEEPING)
    tool = ", ".join(filter(None, (TOOL, reading.tool)))
    facts = {
        "media_type": reading.media_type[:100],
        "title": reading.title,
        "pages": reading.pages,
        "tool": tool,
        "notes": list(reading.notes),
    }
    return facts, reading.parts


def _plain(text: str) -> str:
    return text.replace("\0", "�")
