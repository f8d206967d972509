"""What is asked of others about a capture, where the settings name them: time stamps, an archive, a picture.

Each is a job of its own, written with the capture or not at all. The worker does them (claims.proving).
"""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.tasks import configure_task

from claims.actions.captures import JOBS, QUEUE
from claims.actions.rows import locked, require
from claims.actions.whole import action
from claims.fetching.archives import Archive
from claims.fetching.pictures import FAMILIES
from claims.fetching.reasons import REASONS
from claims.models import Capture, Proof, Unproven, User
from claims.workflow import Refused

STAMP, ARCHIVE, PICTURE = "claims.proving.stamp", "claims.proving.archive", "claims.proving.picture"
# captures that people wait for are made first
AFTER_CAPTURES: Final = -1
LONGEST_WHY: Final = 1000  # characters
Kind = Proof.Kind
KINDS: Final = {STAMP: Kind.STAMP, ARCHIVE: Kind.ARCHIVE, PICTURE: Kind.PICTURE}


@dataclass(frozen=True)
class Wanted:
    """A proof that the settings name and a capture does not have.

    `asked`: a worker has it to do; `why`: what the last try came to, where there was one.
    """

    task: str
    kind: str
    authority: str
    asked: bool
    why: str = ""

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return str(Kind(self.kind).label)


def wanting(capture: Capture) -> list[Wanted]:
    """What the settings name for such a capture, and it does not have; nothing for one that was erased."""
    if capture.erased:
        return []
    named = [(STAMP, Kind.STAMP, authority) for authority in settings.STAMPS]
    if settings.ARCHIVE and capture.final_url:
        named.append((ARCHIVE, Kind.ARCHIVE, Archive.named(settings.ARCHIVE).host))
    if settings.CHROMIUM and capture.media_type in FAMILIES:
        named.append((PICTURE, Kind.PICTURE, ""))
    if not named:
        return []
    there = set(capture.proofs.values_list("kind", "authority"))
    # whichever browser made it, a picture is one
    there |= {(kind, "") for kind, _authority in there}
    open_jobs = ProcrastinateJob.objects.filter(status__in=("todo", "doing"), args__capture=capture.pk)
    asked = {(job.task_name, job.args.get("authority", "")) for job in open_jobs}
    whys = {(kind, authority): why for kind, authority, why in capture.unproven.values_list("kind", "authority", "why")}
    return [
        Wanted(
            task,
            kind,
            authority,
            asked=(task, authority if task == STAMP else "") in asked,
            why=whys.get((kind, authority), ""),
        )
        for task, kind, authority in named
        if (kind, authority) not in there
    ]


def ask_others(capture: Capture) -> None:
    """Have a worker ask for all that the settings name and is neither there nor asked for."""
    for wanted in wanting(capture):
        if not wanted.asked:
            authority = {"authority": wanted.authority} if wanted.task == STAMP else {}
            job = configure_task(name=wanted.task, job_manager=JOBS, queue=QUEUE, priority=AFTER_CAPTURES)
            job.defer(capture=capture.pk, **authority)


@action
def not_had(capture: Capture, kind: str, authority: str, why: str) -> None:
    """Note why a try failed, in place of the reason before; nothing where it was erased, or is there by now."""
    # an erasure that was first has emptied it, and the proof that came by another job is seen
    locked(capture.source)
    if Capture.objects.get(pk=capture.pk).erased or is_there(capture, kind, authority):
        return
    had(capture, kind, authority)
    said = why.encode("utf-8", "replace").decode().replace("\0", "\ufffd")[:LONGEST_WHY]
    Unproven.objects.create(capture=capture, kind=kind, authority=authority, why=said)


def killed(task: str, capture: int, authority: str = "") -> None:
    """Note that whoever had the task to do was killed by it, time after time."""
    found = Capture.objects.select_related("source").get(pk=capture)
    not_had(found, KINDS[task], authority, str(REASONS["killed"]))


def had(capture: Capture, kind: str, authority: str) -> None:
    """Forget why the proof was not there."""
    Unproven.objects.filter(capture=capture, kind=kind, authority__in=("", authority)).delete()


def is_there(capture: Capture, kind: str, authority: str) -> bool:
    """Whether the capture has the proof; an empty authority stands for any."""
    return capture.proofs.filter(kind=kind, **({"authority": authority} if authority else {})).exists()


@action
def ask_again(*, actor: User, capture: Capture) -> Capture:
    """Have a worker ask once more for what the settings name and is not there."""
    require(capture.team_id, actor, "capture.ask")
    # an erasure that was first has emptied it
    locked(capture.source)
    capture.refresh_from_db()
    if capture.erased:
        raise Refused(_("What was asked for was erased."))
    ask_others(capture)
    return capture
