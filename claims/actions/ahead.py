"""An address is fetched while the form of its source is still being typed in.

As with errands: the row and its job are written together, one worker at a time has it, and bytes are put when a
committed Pending row says so. What nobody saves within the hour goes, with its bytes.
"""

import datetime
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone as clock
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import configure_task

from claims.actions.captures import JOBS, QUEUE, expect, is_capturable
from claims.actions.errands import IDLE, Cleared, Over, let_go, put, session_lock
from claims.actions.rows import require
from claims.actions.whole import action
from claims.models import Ahead, Errand, Pending, Team, User
from claims.models.captures import key_of
from claims.store import StoreAway

log = logging.getLogger("galley.captures")
TASK = "claims.tasks.fetch_ahead"
LOCKS = 0x676C7901_00000000  # above it the numbers of aheads
SWEEPING = 0x676C79FE
MOST_OPEN = 5  # of one person at a time
MOST = 30  # of one person in an hour, that no source was saved with
PATIENCE = datetime.timedelta(minutes=3)  # for one whose worker was killed


@action
def ask(*, actor: User, team: Team, url: str) -> Ahead | None:
    """Ask for an address before there is a source with it; what the person asked for within the hour is it.

    None where nothing is fetched by itself, where it is being captured already, or one person asks for too much: then
    it is captured once it is saved.
    """
    require(team.pk, actor, "source.add")
    if not settings.CAPTURE or not is_capturable(url):
        return None
    # one at a time of each person: or two would be counted as one
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    mine = Ahead.objects.filter(asked_by=actor)
    same = mine.free().filter(team=team, url=url)
    if (there := same.still_good().first()) is not None:
        return there
    if Errand.objects.of(team).under_way().filter(url=url).exists():
        return None  # the form was saved before this came
    lately = mine.lately()
    if lately.under_way().count() >= MOST_OPEN or lately.count() >= MOST:
        return None
    for old in same:
        leave(old)
    ahead = Ahead.objects.create(team=team, url=url, asked_by=actor)
    log.info("ahead %d: person %d asks for %s", ahead.pk, actor.pk, urlsplit(url).hostname)
    _defer(ahead)
    return ahead


def _defer(ahead: Ahead) -> None:
    configure_task(name=TASK, job_manager=JOBS, queue=QUEUE).defer(ahead=ahead.pk)


# --- what the worker does --------------------------------------------------------------------


@contextmanager
def held(pk: int) -> Iterator[Ahead | None]:
    """The ahead, for this worker alone; None where another has it, or it is over or given up."""
    with session_lock(LOCKS + pk) as mine:
        yield Ahead.objects.under_way().filter(pk=pk).first() if mine else None


def go_on(ahead: Ahead, size: int = 0) -> None:
    """Say that it is being fetched, and how many bytes have come; Over where nobody waits for it any more."""
    state = Ahead.State.FETCHING
    if not Ahead.objects.under_way().filter(pk=ahead.pk).update(state=state, state_since=clock.now(), size=size):
        raise Over


def keep(ahead: Ahead, body: Path, warc: Path, *, sha256: str, warc_sha256: str, **said: Any) -> None:
    """Put what was fetched, and say that it is there. StoreAway, StoreFull; Over; Cleared."""
    files = {key_of(ahead.team_id, sha256): body, key_of(ahead.team_id, warc_sha256): warc}
    pending = expect(list(files), None)
    for key, path in files.items():
        put(key, path)
    try:
        _kept(ahead, pending, sha256=sha256, warc_sha256=warc_sha256, **said)
    except Over:
        _clear(pending)
        raise


@transaction.atomic
def _kept(ahead: Ahead, pending: list[Pending], **said: Any) -> None:
    if Pending.objects.filter(pk__in=[one.pk for one in pending]).delete()[0] < len(pending):
        raise Cleared
    found = Ahead.objects.under_way().filter(pk=ahead.pk)
    if not found.update(state=Ahead.State.FETCHED, state_since=clock.now(), **said):
        raise Over


def failed(ahead: Ahead, code: str, detail: str = "") -> None:
    """Say why it could not be fetched. It is tried again when the source is saved, and not before."""
    Ahead.objects.under_way().filter(pk=ahead.pk).update(
        state=Ahead.State.FAILED, state_since=clock.now(), code=code[:30], detail=detail, size=0
    )
    log.info("ahead %d: %s", ahead.pk, code)


def taken_by(errand: Errand) -> Ahead | None:
    """What was fetched of the errand's address while its form was typed in."""
    return Ahead.objects.filter(errand=errand, team=errand.team_id, url=errand.url).first()


# --- what is given up ------------------------------------------------------------------------


@transaction.atomic
def leave(ahead: Ahead) -> list[Pending]:
    """Take the row away, and note its bytes to be cleared."""
    now = Ahead.objects.select_for_update().filter(pk=ahead.pk).first()  # a worker may just have put some
    if now is None:
        return []
    pending = expect(now.keys, None)
    now.delete()
    return pending


def _clear(pending: list[Pending]) -> None:
    try:
        for one in pending:
            let_go(one)
    except StoreAway as away:  # whoever clears up next takes them
        log.warning("The store of captures cannot be cleared up: %s", away.why)


def sweep(idle: datetime.timedelta = IDLE) -> None:
    """Have those fetched whose worker was killed, for a while, and take away what nobody saved.

    One worker at a time does.
    """
    with session_lock(SWEEPING) as mine:
        if not mine:
            return
        for ahead in Ahead.objects.over().order_by("pk"):
            _clear(leave(ahead))
        waiting = ProcrastinateJob.objects.filter(task_name=TASK, status="todo").values_list("args", flat=True)
        awaited = {arguments["ahead"] for arguments in waiting}
        quiet = Ahead.objects.under_way().filter(state_since__lt=clock.now() - idle).exclude(pk__in=awaited)
        for ahead in quiet:
            with session_lock(LOCKS + ahead.pk) as free:
                if free and ahead.asked_at > clock.now() - PATIENCE:
                    _defer(ahead)
                elif free:  # it may be what kills them
                    failed(ahead, "interrupted")
