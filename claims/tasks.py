"""What workers do (`manage.py work`): an errand from its address or file to its capture; an address ahead of it."""

import logging
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import Error, connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from claims import store
from claims.actions import ahead as aheads
from claims.actions import errands
from claims.actions.captures import QUEUE, TASK
from claims.actions.errands import Brought, Cleared, Fatal, Over
from claims.actions.submissions import code_of
from claims.fetching import kinds, records, safe, sandbox
from claims.fetching.safe import Fetched, Unreachable
from claims.fetching.sandbox import Reading, Unreadable
from claims.models import Ahead, Errand
from claims.models.captures import key_of
from claims.store import NO_ROOM, Damaged, Lost, StoreAway

log = logging.getLogger("galley.captures")
# PostgreSQL’s codes of a database that is away, has no room on its disk or for one more, or is just being ended; and of
# a lock that others held too long
AWAY = ("08", "53100", "53300", "57P", "55P03", "40P01", "40001")
TOOL = safe.AGENT.partition(" ")[0].replace("/", " ")
UNLESS_AWAY = RetryStrategy(max_attempts=10, wait=5, retry_exceptions=[Error])
TELLING = 1.0  # seconds between two words of how much has come


@app.task(name=TASK, queue=QUEUE, retry=UNLESS_AWAY)
def capture(errand: int) -> None:
    """Do an errand, or say in it why it could not be done. Run again, it changes nothing.

    A database that is away is the one thing that it cannot say: then the job is tried again. What the database will not
    take is said as any other fault is.
    """
    with errands.held(errand) as found:
        if found is not None:
            _try(found)


def _try(errand: Errand) -> None:
    try:
        errands.begin(errand)
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
    except Fatal:
        errands.failed(errand, "killed")
    except Error as error:
        _not_taken(errand, error)
    except OSError as error:
        # the worker's own disk, in the folder of its temporary files
        log.exception("errand %d", errand.pk)
        full = error.errno in NO_ROOM
        errands.failed(errand, "no-room" if full else "fault", again=True, for_good=not full)
    except Exception:
        log.exception("errand %d", errand.pk)
        errands.failed(errand, "fault", again=True)


def _not_taken(errand: Errand, error: Error) -> None:
    """Say what the database would not take; the error again where it cannot be told so now."""
    if _is_away(error):
        errands.not_its_own(errand)
        raise error
    log.error("errand %d", errand.pk, exc_info=error)
    errands.failed(errand, "fault", again=True)


def _is_away(error: Error) -> bool:
    return code_of(error).startswith(AWAY) or not connection.is_usable()


def _bring(errand: Errand, folder: Path) -> Brought:
    """Fetch or take out the bytes, and read them."""
    if errand.kind == Errand.Kind.UPLOAD:
        return _uploaded(errand, folder)
    return _fetched(errand, folder)


def _fetched(errand: Errand, folder: Path) -> Brought:
    errands.go_on(errand, Errand.State.FETCHING)
    if (ahead := aheads.taken_by(errand)) is not None:
        try:
            return _taken(errand, ahead, folder)
        except (Lost, Damaged):
            log.warning("errand %d: what was fetched ahead is lost, and is fetched anew", errand.pk)
            aheads.leave(ahead)
    come = _come(errand.url, folder)
    facts, parts = _read(errand, come.body, _declared(come.headers), "")
    facts |= come.facts | {"captured_at": come.fetched.at, "notes": [*come.fetched.notes, *facts["notes"]]}
    return Brought(come.body, come.fetched.sha256, come.fetched.size, facts, parts, come.record, come.recorded)


def _taken(errand: Errand, ahead: Ahead, folder: Path) -> Brought:
    """What was fetched while the form was typed in. Its record has to be there whole too."""
    with store.opened(key_of(ahead.team_id, ahead.warc_sha256)):
        pass
    body = _out_of_the_store(key_of(ahead.team_id, ahead.sha256), folder)
    facts, parts = _read(errand, body, _declared(ahead.facts["headers"]), "")
    notes, at = [*ahead.facts["notes"], *facts["notes"]], datetime.fromisoformat(ahead.facts["captured_at"])
    facts |= ahead.facts | {"captured_at": at, "notes": notes}
    return Brought(body, ahead.sha256, ahead.size, facts, parts, None, ahead.warc_sha256, ahead)


@dataclass(frozen=True)
class Come:
    """What came from an address: the body and its WARC record in files, and what was said with it."""

    body: Path
    record: Path
    recorded: str
    fetched: Fetched

    @property
    def headers(self) -> list[list[str]]:
        return [[_plain(name), _plain(value)] for name, value in self.fetched.headers]

    @property
    def facts(self) -> dict[str, Any]:
        """Columns of a capture that JSON can hold; `captured_at` and `notes` are not among them."""
        return {
            "asked_url": self.fetched.asked,
            "final_url": self.fetched.final,
            "redirects": [
                {"url": hop.url, "status": hop.status, "location": hop.location, "downgrade": hop.downgrade}
                for hop in self.fetched.hops
            ],
            "status": self.fetched.status,
            "headers": self.headers,
        }


def _come(url: str, folder: Path, tell: Callable[[int], None] | None = None) -> Come:
    """Fetch an address into the folder. `tell` hears how many bytes have come, now and then."""
    body, wire, warc = folder / "body", folder / "wire", folder / "record"
    with body.open("w+b") as to, wire.open("w+b") as as_it_came, warc.open("wb") as record:
        counted = cast(BinaryIO, _Counted(to, tell)) if tell else to
        fetched = safe.fetch(url, counted, wire=as_it_came, allowed=settings.CAPTURE_LOCAL)
        to.seek(0)
        as_it_came.seek(0)
        recorded = records.write(record, fetched, to, as_it_came if fetched.encoded else None, tool=TOOL)
    return Come(body, warc, recorded, fetched)


class _Counted:
    """A file that tells how much was written to it, at most once in a while."""

    def __init__(self, to: BinaryIO, tell: Callable[[int], None]) -> None:
        self.to, self.tell = to, tell
        self.size, self.told_at = 0, 0.0

    def write(self, piece: bytes) -> int:
        self.size += self.to.write(piece)
        if time.monotonic() - self.told_at >= TELLING:
            self.told_at = time.monotonic()
            self.tell(self.size)
        return len(piece)


def _declared(headers: list[list[str]]) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _uploaded(errand: Errand, folder: Path) -> Brought:
    body = _out_of_the_store(errand.upload_key, folder)
    facts, parts = _read(errand, body, "", errand.file_name)
    facts |= {"file_name": errand.file_name, "captured_at": errand.asked_at}
    return Brought(body, errand.upload_key.rpartition("/")[2], body.stat().st_size, facts, parts)


def _out_of_the_store(key: str, folder: Path) -> Path:
    """The bytes under the key, which have its hash, in a file. Lost, Damaged, StoreAway."""
    body = folder / "body"
    with store.opened(key) as file, body.open("wb") as to:
        shutil.copyfileobj(file, to)
    return body


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


# --- ahead of its source ---------------------------------------------------------------------


@app.task(name=aheads.TASK, queue=QUEUE, retry=UNLESS_AWAY)
def fetch_ahead(ahead: int) -> None:
    """Fetch an address while the form of its source is still typed in, or say why that failed; saving tries again."""
    with aheads.held(ahead) as found:
        if found is not None:
            _try_ahead(found)


def _try_ahead(ahead: Ahead) -> None:
    try:
        with tempfile.TemporaryDirectory(prefix="ahead-") as folder:
            _bring_ahead(ahead, Path(folder))
    except Over:
        log.info("ahead %d: nobody waits for it", ahead.pk)
    except Unreachable as why:
        aheads.failed(ahead, why.code, why.detail)
    except StoreAway as away:
        log.warning("ahead %d: the store: %s", ahead.pk, away.why)
        aheads.failed(ahead, away.code)
    except Exception as error:
        if isinstance(error, Error) and _is_away(error):
            raise
        log.exception("ahead %d", ahead.pk)
        full = isinstance(error, OSError) and error.errno in NO_ROOM
        aheads.failed(ahead, "no-room" if full else "cleared" if isinstance(error, Cleared) else "fault")


def _bring_ahead(ahead: Ahead, folder: Path) -> None:
    aheads.go_on(ahead)
    come = _come(ahead.url, folder, lambda size: aheads.go_on(ahead, size))
    facts = come.facts | {"captured_at": come.fetched.at.isoformat(), "notes": list(come.fetched.notes)}
    hashes = {"sha256": come.fetched.sha256, "warc_sha256": come.recorded}
    aheads.keep(ahead, come.body, come.record, **hashes, size=come.fetched.size, facts=facts)
