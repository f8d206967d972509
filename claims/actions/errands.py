"""What the worker does with errands, step by step; and what is cleared away after workers that were killed.

An errand is worked at by one worker at a time, who holds a lock of the session that PostgreSQL gives back when the
worker dies. Bytes are put when a committed Pending row says so, and the act that makes the capture takes that row away:
whatever happens between, somebody finds the bytes.
"""

import datetime
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from django.db import Error, connection, transaction
from django.db.models import F, Q
from django.utils import timezone as clock
from procrastinate.contrib.django.models import ProcrastinateJob

from claims import store
from claims.actions.captures import TASK, defer, expect, lock_key
from claims.actions.proofs import ask_others, had
from claims.actions.rows import locked
from claims.actions.whole import action
from claims.models import Ahead, Capture, Errand, Part, Pending, Proof, Source
from claims.models.captures import key_of, text_hash
from claims.store import StoreAway
from claims.trail import act

log = logging.getLogger("galley.captures")
LOCKS = 0x676C7900_00000000  # above it the numbers of errands
SWEEPING = 0x676C79FF
# after the first try, the second, and so on; then it has failed, but for a store that is away
WAITS = tuple(datetime.timedelta(seconds=seconds) for seconds in (20, 120, 600))
FORGOTTEN = datetime.timedelta(minutes=10)
IDLE = datetime.timedelta(seconds=2)
MOST_BEGUN = 10  # tries that came to no end: more than workers that are killed by chance would make of one errand


class Over(Exception):
    """The errand is not to be done any more: it is kept, failed or erased. Nothing was written."""


class Fatal(Exception):
    """Whoever tried the errand was killed in the middle of it, time after time: it may be what kills them."""


class Cleared(Exception):
    """What was put was cleared away before it was kept, since the worker was held to be dead."""


@dataclass(frozen=True)
class Brought:
    """What an errand brought: the bytes' file and hash, the record's, what is known of them, and the text.

    `facts` are columns of the capture; `parts` have number, place, kind, text and cells. `ahead` is what fetched them
    before there was a source: then the bytes and the record are in the store already.
    """

    file: Path
    sha256: str
    size: int
    facts: dict[str, Any]
    parts: Sequence[Any] = ()
    warc: Path | None = None
    warc_sha256: str = ""
    ahead: Ahead | None = None


# --- one errand ------------------------------------------------------------------------------


@contextmanager
def held(pk: int) -> Iterator[Errand | None]:
    """The errand, for this worker alone; None where another has it, or there is nothing to do about it now."""
    with session_lock(LOCKS + pk) as mine:
        found = Errand.objects.select_related("source", "asked_by").filter(pk=pk).first() if mine else None
        due = found and found.is_open and (found.again_at is None or found.again_at <= clock.now())
        yield found if due else None


@contextmanager
def session_lock(number: int) -> Iterator[bool]:
    """Whether this connection got the lock; nobody waits for it. Given back at the end, or with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        (mine,) = cursor.fetchone()
    try:
        yield mine
    finally:
        # where the connection is lost, so is the lock
        if mine and connection.connection is not None and not connection.connection.closed:
            _unlock(number)


def _unlock(number: int) -> None:
    if connection.needs_rollback:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def begin(errand: Errand) -> None:
    """Count a try before anything is done, so that one counts that ends with its worker. Over, Fatal."""
    if errand.begun >= MOST_BEGUN:
        raise Fatal
    if not Errand.objects.under_way().filter(pk=errand.pk).update(begun=F("begun") + 1, state_since=clock.now()):
        raise Over


def not_its_own(errand: Errand) -> None:
    """Take the count of a try back that ended for the database's sake, if it lets us."""
    with suppress(Error):
        Errand.objects.filter(pk=errand.pk, begun__gt=0).update(begun=F("begun") - 1)


def go_on(errand: Errand, state: str) -> None:
    """Say how far the errand is; Over where it is no longer to be done."""
    moved = Errand.objects.under_way().filter(pk=errand.pk)
    if not moved.update(state=state, state_since=clock.now(), again_at=None):
        raise Over


def keep(errand: Errand, brought: Brought) -> Capture:
    """Put the bytes, and keep them as a capture, in one act: once, whoever else has tried.

    StoreAway, StoreFull; Over where it is not to be done any more; Cleared.
    """
    files = _files(errand, brought)
    # a killed try before this one may have left a record, which differs each time
    clear_of(errand)
    expect(list(files), errand)
    for key, path in files.items():
        put(key, path)
    return _kept(errand, brought, list(files))


def put(key: str, path: Path) -> None:
    """Put a file under a key that is expected. StoreAway, StoreFull."""
    with path.open("rb") as file:
        store.put(key, file)


def _files(errand: Errand, brought: Brought) -> dict[str, Path]:
    """What has to be put, by its key. An upload's bytes are in the store already, and what was fetched ahead."""
    if brought.ahead is not None:
        return {}
    files = {key_of(errand.team_id, brought.sha256): brought.file}
    if errand.kind == Errand.Kind.UPLOAD:
        files.pop(errand.upload_key, None)
    if brought.warc is not None:
        files[key_of(errand.team_id, brought.warc_sha256)] = brought.warc
    return files


@action
def _kept(errand: Errand, brought: Brought, keys: list[str]) -> Capture:
    # the act first: an erasure keeps acts out until it is done, and is seen from here
    with act("capture.keep", errand.asked_by):
        if not locked(errand).is_open:
            raise Over
        source = locked(errand.source)
        if Pending.objects.filter(errand=errand, key__in=keys).delete()[0] < len(keys):
            raise Cleared
        if brought.ahead is not None and not Ahead.objects.filter(pk=brought.ahead.pk, errand=errand).delete()[0]:
            raise Cleared
        parts = _parts(brought)
        capture = Capture.objects.create(
            team_id=errand.team_id,
            source=source,
            number=_next_number(source),
            sha256=brought.sha256,
            size=brought.size,
            text_sha256=text_hash(parts),
            warc_sha256=brought.warc_sha256,
            asked_by=errand.asked_by,
            **brought.facts,
        )
        for part in parts:
            part.capture, part.team_id = capture, errand.team_id
        Part.objects.bulk_create(parts, batch_size=1000)
        Errand.objects.filter(pk=errand.pk).update(
            state=Errand.State.KEPT, state_since=clock.now(), capture=capture, code="", detail="", again_at=None
        )
        ask_others(capture)
    return capture


def _parts(brought: Brought) -> list[Part]:
    return [
        Part(number=part.number, place=part.place[:200], kind=part.kind, text=part.text, cells=list(part.cells))
        for part in brought.parts
    ]


def _next_number(source: Source) -> int:
    newest = Capture.objects.filter(source=source).order_by("-number").values_list("number", flat=True).first()
    return (newest or 0) + 1


def failed(errand: Errand, code: str, detail: str = "", *, again: bool = False, for_good: bool = True) -> None:
    """Say why a try failed. `again`: it is tried once more after a while, at most so often as WAITS has waits.

    Where it is not `for_good`, a store that is away, it is tried until it is there.
    """
    clear_of(errand)
    with transaction.atomic():
        now = locked(errand)
        if not now.is_open:
            return
        now.attempts, now.begun = now.attempts + 1, 0
        more = again and (now.attempts <= len(WAITS) or not for_good)
        now.state, now.state_since = Errand.State.WAITING if more else Errand.State.FAILED, clock.now()
        now.code, now.detail = code[:30], detail
        now.again_at = clock.now() + WAITS[min(now.attempts, len(WAITS)) - 1] if more else None
        now.save(update_fields=["state", "state_since", "attempts", "begun", "code", "detail", "again_at"])
        if now.again_at:
            defer(now, now.again_at)
    log.info("errand %d: %s, %s", errand.pk, code, "will be tried again" if more else "failed")


def prove(capture: Capture, verb: str, path: Path, sha256: str, **facts: Any) -> Proof:
    """Keep what others say of a capture, or what was made of it: `facts` are kind, authority, media_type and detail.

    StoreAway, StoreFull; Over where the capture was erased meanwhile.
    """
    key = key_of(capture.team_id, sha256)
    expect([key], None)
    put(key, path)
    return _proved(capture, verb, key, sha256=sha256, size=path.stat().st_size, **facts)


@action
def _proved(capture: Capture, verb: str, key: str, **facts: Any) -> Proof:
    with act(verb, None):
        source = locked(capture.source)
        if Capture.objects.get(pk=capture.pk).erased:
            raise Over
        if not Pending.objects.filter(key=key, errand=None).delete()[0]:
            raise Cleared
        had(capture, facts["kind"], facts["authority"])
        return Proof.objects.create(team_id=capture.team_id, source=source, capture=capture, **facts)


# --- after workers that were killed ----------------------------------------------------------


def sweep(older_than: datetime.timedelta = FORGOTTEN) -> None:
    """Take up errands that nobody works at, and clear away bytes that nobody will keep. One worker at a time does."""
    with session_lock(SWEEPING) as mine:
        if not mine:
            return
        take_up()
        try:
            for pending in Pending.objects.filter(made_at__lt=clock.now() - older_than).order_by("pk"):
                _clear(pending)
            store.clear(older_than.total_seconds())
        except StoreAway as away:
            log.warning("The store of captures cannot be cleared up: %s", away.why)


def take_up(idle: datetime.timedelta = IDLE) -> None:
    """Have workers take up those errands again that nobody has: who had them was killed.

    That a worker has one is known by its lock alone. One that has only just begun may be asked twice: it does it once.
    """
    waiting = ProcrastinateJob.objects.filter(task_name=TASK, status="todo").values_list("args", flat=True)
    awaited = {arguments["errand"] for arguments in waiting}
    quiet = Errand.objects.under_way().filter(state_since__lt=clock.now() - idle).exclude(pk__in=awaited)
    for errand in quiet.filter(Q(again_at=None) | Q(again_at__lt=clock.now() - idle)):
        with session_lock(LOCKS + errand.pk) as mine:
            if mine:
                defer(errand)


class Erased(NamedTuple):
    """Of the bytes that an erasure gave up, by their keys: those that went, that are not known to, and that stay."""

    gone: list[str]
    left: list[str]
    stay: list[str]


def clear_erased(keys: Sequence[str]) -> Erased:
    """Clear away what an erasure has given up, and all that was being written when a worker was killed.

    What is not in this store, or cannot be reached, is left for a worker, who may know another. What something else
    has come to name meanwhile stays.
    """
    found = Erased([], [], [])
    for key in keys:
        try:
            where = _erased(key, found)
        except StoreAway:
            where = found.left
        where.append(key)
    try:
        store.clear(0)
    except StoreAway as away:
        log.warning("The store of captures cannot be cleared up: %s", away.why)
    return found


def _erased(key: str, found: Erased) -> list[str]:
    """Clear the key away; which of the lists it belongs to."""
    given_up = Pending.objects.filter(key=key, errand=None, made_at__lt=clock.now() - FORGOTTEN)
    if not store.exists(key):
        # it is in a store that a worker knows, unless the worker was faster
        return found.left if given_up.exists() else found.gone
    for pending in given_up:
        let_go(pending)
    return found.stay if store.exists(key) else found.gone


def clear_of(errand: Errand) -> None:
    """Clear away what a try of the errand has put, and will not keep. By the worker who has it."""
    for pending in Pending.objects.filter(errand=errand):
        try:
            _clear(pending, by_its_worker=True)
        except StoreAway as away:
            log.warning("errand %d: the store cannot be cleared up: %s", errand.pk, away.why)
            return


def _clear(pending: Pending, *, by_its_worker: bool = False) -> None:
    """Take away the bytes of a key that nobody names or expects, unless a worker is just at them."""
    if pending.errand_id is not None and not by_its_worker:
        with session_lock(LOCKS + pending.errand_id) as mine:
            if mine:
                let_go(pending)
        return
    let_go(pending)


@transaction.atomic
def let_go(pending: Pending) -> None:
    lock_key(pending.key)
    if not Pending.objects.filter(pk=pending.pk).exists():
        return
    if not Pending.objects.filter(key=pending.key).exclude(pk=pending.pk).exists() and not is_named(pending.key):
        store.delete(pending.key)
    pending.delete()


def is_named(key: str) -> bool:
    """Whether a row says that its bytes are under the key."""
    named, _folder, sha256 = key.split("/")
    team = int(named)
    # those first that give bytes over to a capture, and then the capture: it is seen where they no longer are
    rows = (
        Ahead.objects.naming(team, sha256),
        Errand.objects.filter(upload_key=key).exclude(state__in=(Errand.State.KEPT, Errand.State.DROPPED)),
        Capture.objects.filter(Q(sha256=sha256) | Q(warc_sha256=sha256), team=team),
        Proof.objects.filter(team=team, sha256=sha256),
    )
    return any(found.exists() for found in rows)
