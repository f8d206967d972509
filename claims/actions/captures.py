"""What people ask of captures: to fetch a source's address, to keep a file, to try once more.

An errand and its job are written in one transaction: neither is there without the other. The worker does the rest
(claims.tasks, claims.actions.errands).
"""

import datetime
import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone as clock
from django.utils.translation import gettext as _
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.manager import JobManager
from procrastinate.tasks import configure_task

from claims import store
from claims.actions.rows import locked, require
from claims.actions.whole import action
from claims.models import Ahead, Errand, Pending, Source, User
from claims.models.captures import key_of
from claims.workflow import Refused

MOST_BYTES = 50 * 1024 * 1024
LONGEST_NAME = 255
TASK, QUEUE = "claims.tasks.capture", "captures"
# by Django's own connection, in the worker too, whose app has another
JOBS = JobManager(DjangoConnector())


@dataclass(frozen=True)
class Received:
    """A file that somebody sent, as it lies in the store: for ask_upload(), within minutes."""

    team: int
    sha256: str
    size: int
    file_name: str
    pending: int

    @property
    def key(self) -> str:
        return key_of(self.team, self.sha256)


@action
def ask(*, actor: User, source: Source) -> Errand:
    """Ask for a capture of the source's address; where one is under way, that is it."""
    require(source.team_id, actor, "capture.ask")
    # who edits, erases or asks for the same waits; an erasure that was first has emptied the address
    source = locked(source)
    if not is_capturable(source.url):
        raise Refused(_("The source has no address on the web. Upload a file of it instead."), field="url")
    open_one = Errand.objects.under_way().filter(source=source, url=source.url, kind=Errand.Kind.FETCH).first()
    return open_one or _fetch(actor, source)


def ask_by_itself(*, actor: User, source: Source) -> None:
    """Ask for a capture of an address that has just been written, in the transaction that wrote it."""
    if settings.CAPTURE and is_capturable(source.url):
        _take_over(_fetch(actor, source))


def _take_over(errand: Errand) -> None:
    """What the person had fetched while typing is the errand's. What is under way there, or failed, is given up."""
    mine = Ahead.objects.alive().filter(team=errand.team_id, asked_by=errand.asked_by, url=errand.url)
    mine.filter(state=Ahead.State.FETCHED).update(errand=errand)
    mine.exclude(state=Ahead.State.FETCHED).delete()


def _fetch(actor: User, source: Source) -> Errand:
    errand = Errand(team_id=source.team_id, source=source, url=source.url, asked_by=actor)
    try:
        with transaction.atomic():
            errand.save(force_insert=True)
    except IntegrityError:  # the address was changed away and back while its errand is under way
        return Errand.objects.under_way().get(source=source, url=source.url, kind=Errand.Kind.FETCH)
    defer(errand)
    return errand


def is_capturable(url: str) -> bool:
    """Whether an address is one of the web: what the worker could at least try."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.netloc)


def receive(*, actor: User, source: Source, file: IO[bytes], name: str) -> Received:
    """Put a file that somebody sent into the store, before the form that it came with is done.

    In transactions of its own: that the bytes may be there is committed before they are. Refused for a file that is
    empty or too large; StoreAway, StoreFull.
    """
    require(source.team_id, actor, "capture.ask")
    sha256, size = _weighed(file)
    key = key_of(source.team_id, sha256)
    pending = expect([key], errand=None)[0]
    store.put(key, file)
    return Received(source.team_id, sha256, size, _plain(name), pending.pk)


def _weighed(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
        size += len(chunk)
        if size > MOST_BYTES:
            raise Refused(_("The file is larger than %(most)d MB.") % {"most": MOST_BYTES // 1024**2}, field="file")
    if not size:
        raise Refused(_("The file is empty."), field="file")
    return digest.hexdigest(), size


def _plain(name: str) -> str:
    """A file's name without folders and what no row can hold; its end stays, where it is too long."""
    said = PurePosixPath(name.replace("\\", "/")).name.encode("utf-8", "replace").decode().replace("\0", "")
    return said[-LONGEST_NAME:]


@action
def ask_upload(*, actor: User, source: Source, received: Received) -> Errand:
    """Ask for a capture of a file that was received a moment ago."""
    require(source.team_id, actor, "capture.ask")
    source = locked(source)
    lock_key(received.key)
    taken, _of = Pending.objects.filter(pk=received.pending, key=received.key).delete()
    if not taken or source.team_id != received.team:
        raise Refused(_("The file is no longer here. Choose it again."), field="file")
    errand = Errand.objects.create(
        team_id=source.team_id,
        source=source,
        kind=Errand.Kind.UPLOAD,
        file_name=received.file_name,
        upload_key=received.key,
        asked_by=actor,
    )
    defer(errand)
    return errand


@action
def ask_again(*, actor: User, errand: Errand) -> Errand:
    """Try once more what failed, with all tries before it."""
    errand = _to_change(actor, errand)
    if errand.state != Errand.State.FAILED:
        return errand  # somebody else asked, or it is being tried
    if not (errand.url or errand.upload_key):
        raise Refused(_("What was asked for was erased."))
    same = Errand.objects.under_way().filter(source=errand.source_id, url=errand.url, kind=Errand.Kind.FETCH)
    if errand.kind == Errand.Kind.FETCH and (other := same.first()):
        return other
    errand.state, errand.state_since, errand.attempts = Errand.State.WAITING, clock.now(), 0
    errand.code, errand.detail, errand.again_at = "", "", None
    errand.save(update_fields=["state", "state_since", "attempts", "code", "detail", "again_at"])
    defer(errand)
    return errand


@action
def give_up(*, actor: User, errand: Errand) -> Errand:
    """Have what failed never be tried again. A file that was sent for it is cleared away by a worker."""
    errand = _to_change(actor, errand)
    if errand.state != Errand.State.FAILED:
        return errand  # somebody else gave it up, or has it tried again
    errand.state, errand.state_since = Errand.State.DROPPED, clock.now()
    errand.save(update_fields=["state", "state_since"])
    if errand.upload_key:
        expect([errand.upload_key], errand=None)
    return errand


def _to_change(actor: User, errand: Errand) -> Errand:
    """The errand as it is now, locked after its source, as an erasure locks them."""
    require(errand.team_id, actor, "capture.ask")
    locked(errand.source)
    return locked(errand)


# --- jobs, and bytes that no row names yet ---------------------------------------------------


def defer(errand: Errand, at: datetime.datetime | None = None) -> None:
    """Have a worker take the errand up, now or at a moment; with what else the transaction writes, or not at all."""
    configure_task(name=TASK, job_manager=JOBS, queue=QUEUE, schedule_at=at).defer(errand=errand.pk)


@transaction.atomic
def expect(keys: list[str], errand: Errand | None) -> list[Pending]:
    """Note that bytes may come to be under the keys. The caller puts them when this is committed, and not before."""
    made = []
    for key in sorted(set(keys)):
        lock_key(key)
        made.append(Pending.objects.create(key=key, errand=errand))
    return made


def lock_key(key: str) -> None:
    """Nobody else clears or expects the key until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 5))", [key])
