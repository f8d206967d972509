"""Captures: what a source said at a moment, kept byte by byte; and the errands that bring them in."""

import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateWorker

from claims.models.days import Moment
from claims.models.ready import OneOf
from claims.models.sources import Source
from claims.models.teams import Team

SHA256 = 64  # hexadecimal digits
SILENCE = datetime.timedelta(seconds=60)


class CaptureQuerySet(models.QuerySet["Capture"]):
    """Captures as people look for them."""

    def of(self, team: Team) -> "CaptureQuerySet":
        return self.filter(team=team)

    def of_source(self, source: Source) -> "CaptureQuerySet":
        """The newest first."""
        return self.filter(source=source).order_by("-number")

    def newest_of(self, sources: Iterable[int]) -> dict[int, "Capture"]:
        """The newest capture of each of the sources (ids) that has one, by the source's id."""
        ids = list(sources)
        newest = Capture.objects.filter(source=OuterRef("source")).order_by("-number").values("pk")[:1]
        rows = self.filter(OneOf("source_id", models.Value(ids)), pk=Subquery(newest)) if ids else ()
        return {capture.source_id: capture for capture in rows}


class Capture(models.Model):
    """Immutable bytes of a source as it was at a moment, under the hash of what they are.

    `headers` are pairs of name and value; `redirects` are the addresses passed through, each with its status and
    whether it led from https to http (`downgrade`). An erasure empties all but number, time and who asked; `sha256` is
    empty then.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="captures")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=SHA256, blank=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100, blank=True)
    title = models.TextField(blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    asked_url = models.TextField(blank=True)
    final_url = models.TextField(blank=True)
    redirects = models.JSONField(default=list)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=list)
    captured_at = Moment()
    tool = models.CharField(max_length=200)
    notes = models.JSONField(default=list)
    pages = models.PositiveIntegerField(default=0)
    text_sha256 = models.CharField(max_length=SHA256, blank=True)
    warc_sha256 = models.CharField(max_length=SHA256, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = Moment(default=clock.now)

    objects: ClassVar[CaptureQuerySet] = CaptureQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["source", "number"]
        indexes = [
            models.Index(fields=["team", "sha256"], name="capture_by_bytes"),
            models.Index(fields=["team", "warc_sha256"], name="capture_by_record"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="one_capture_a_number"),
            models.UniqueConstraint(fields=["id", "team"], name="capture_of_team"),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} capture {self.number}"

    @property
    def erased(self) -> bool:
        return not self.sha256

    @property
    def key(self) -> str:
        """Where its bytes are in the store; empty where they were erased."""
        return key_of(self.team_id, self.sha256)

    @property
    def warc_key(self) -> str:
        """Where its record is in the store; empty for what was uploaded."""
        return key_of(self.team_id, self.warc_sha256)

    @property
    def by_upload(self) -> bool:
        return not self.asked_url and not self.erased


class PartQuerySet(models.QuerySet["Part"]):
    """The text of captures."""

    def of_capture(self, capture: Capture) -> "PartQuerySet":
        return self.filter(capture=capture).order_by("number")


class Part(models.Model):
    """A piece of a capture's text: a page, a paragraph, a row of a table.

    Not a domain row: derived from the bytes, and pinned by `text_sha256` of the capture.
    """

    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="parts")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    place = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    cells = models.JSONField(default=list)

    objects: ClassVar[PartQuerySet] = PartQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["capture", "number"]
        constraints = [models.UniqueConstraint(fields=["capture", "number"], name="one_part_a_number")]

    def __str__(self) -> str:
        return f"{self.capture_id} part {self.number}"


class ErrandQuerySet(models.QuerySet["Errand"]):
    """Errands by how far they are."""

    def of(self, team: Team) -> "ErrandQuerySet":
        return self.filter(team=team)

    def of_source(self, source: Source) -> "ErrandQuerySet":
        """The newest first."""
        return self.filter(source=source).order_by("-pk")

    def under_way(self) -> "ErrandQuerySet":
        """Those that somebody waits for: the worker has them, or will."""
        return self.filter(state__in=Errand.OPEN)

    def failed(self) -> "ErrandQuerySet":
        return self.filter(state=Errand.State.FAILED)

    def not_made_good(self) -> "ErrandQuerySet":
        """Those that failed and after which no errand for the source came to its end; but for what was erased."""
        kept = Errand.objects.filter(source=OuterRef("source"), pk__gt=OuterRef("pk"), state=Errand.State.KEPT)
        return self.failed().not_erased().filter(~models.Exists(kept))

    def not_erased(self) -> "ErrandQuerySet":
        """Those that no erasure has ended or emptied; what came of one, its capture says."""
        return self.exclude(code="erased")

    def newest_of(self, sources: Iterable[int]) -> dict[int, "Errand"]:
        """The newest errand of each of the sources (ids) that has one, but for what was erased, by the source's id."""
        ids = list(sources)
        newest = Errand.objects.not_erased().filter(source=OuterRef("source")).order_by("-pk").values("pk")[:1]
        rows = self.filter(OneOf("source_id", models.Value(ids)), pk=Subquery(newest)) if ids else ()
        return {errand.source_id: errand for errand in rows}


class Errand(models.Model):
    """That somebody asked for a capture, and how far it is. Not a domain row: it changes while work goes on.

    `code` says why the last try failed, in a word that stays the same (claims.fetching), `detail` what people are told.
    `again_at` is when it is tried again by itself. `begun` counts the tries since the last that came to an
    end.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        FETCHING = "fetching", _("Fetching")
        READING = "reading", _("Reading")
        KEEPING = "keeping", _("Keeping")
        KEPT = "kept", _("Captured")
        FAILED = "failed", _("Failed")
        DROPPED = "dropped", _("Given up")

    class Kind(models.TextChoices):
        FETCH = "fetch", _("Address")
        UPLOAD = "upload", _("File")

    OPEN = (State.WAITING, State.FETCHING, State.READING, State.KEEPING)

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="errands")
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.FETCH)
    url = models.CharField(max_length=2000, blank=True)
    file_name = models.CharField(max_length=255, blank=True)
    upload_key = models.CharField(max_length=200, blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = Moment(default=clock.now)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    state_since = Moment(default=clock.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    begun = models.PositiveSmallIntegerField(default=0)
    code = models.CharField(max_length=30, blank=True)
    detail = models.TextField(blank=True)
    again_at = Moment(null=True)
    capture = models.ForeignKey(Capture, null=True, on_delete=models.PROTECT, related_name="errands")

    objects: ClassVar[ErrandQuerySet] = ErrandQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [
            models.Index(fields=["team", "state", "-id"], name="errand_by_state"),
            models.Index(fields=["upload_key"], name="errand_by_upload", condition=~Q(upload_key="")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "url"],
                condition=Q(kind="fetch", state__in=["waiting", "fetching", "reading", "keeping"]),
                name="one_open_errand_an_address",
            ),
            models.CheckConstraint(
                condition=Q(state="kept", capture__isnull=False) | (~Q(state="kept") & Q(capture=None)),
                name="what_is_kept_is_a_capture",
            ),
        ]

    def __str__(self) -> str:
        return f"errand {self.pk}"

    @property
    def is_open(self) -> bool:
        return self.state in Errand.OPEN

    @property
    def state_name(self) -> str:
        """The state in words."""
        return str(Errand.State(self.state).label)


class Pending(models.Model):
    """That bytes may be in the store which no row names yet. Not a domain row.

    Committed before the bytes are put, and taken away by the act that names them: what is left over is cleared.
    """

    key = models.CharField(max_length=200)
    errand = models.ForeignKey(Errand, null=True, on_delete=models.PROTECT, related_name="pending")
    made_at = Moment(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["key"], name="pending_by_key")]

    def __str__(self) -> str:
        return self.key


class Proof(models.Model):
    """What others say of a capture: a time stamp, an archive's answer; or what was made of it: a picture, a PDF.

    Its bytes are in the store; `authority` is who said it or the tool that made it.
    """

    class Kind(models.TextChoices):
        STAMP = "stamp", _("Time stamp")
        ARCHIVE = "archive", _("Web archive")
        PICTURE = "picture", _("Picture")
        PDF = "pdf", _("PDF")

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField(max_length=8, choices=Kind)
    authority = models.TextField()
    sha256 = models.CharField(max_length=SHA256, blank=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    detail = models.JSONField(default=dict)
    made_at = Moment(default=clock.now)

    class Meta:
        ordering = ["capture", "pk"]
        indexes = [models.Index(fields=["team", "sha256"], name="proof_by_bytes")]

    def __str__(self) -> str:
        return f"{self.capture_id} {self.kind}"

    @property
    def key(self) -> str:
        """Where its bytes are in the store; empty where they were erased."""
        return key_of(self.team_id, self.sha256)

    @property
    def kind_name(self) -> str:
        """The kind in words."""
        return str(Proof.Kind(self.kind).label)


class Unproven(models.Model):
    """Why a proof is not there: what the last try came to. Not a domain row; it goes when the proof is there.

    `authority` is empty for what any browser may make.
    """

    capture = models.ForeignKey(Capture, on_delete=models.PROTECT, related_name="unproven")
    kind = models.CharField(max_length=8, choices=Proof.Kind)
    authority = models.TextField(blank=True)
    why = models.TextField()
    tried_at = Moment(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["capture", "kind", "authority"], name="one_reason_a_proof")]

    def __str__(self) -> str:
        return f"{self.capture_id} {self.kind}: {self.why}"


def is_worker_away() -> bool:
    """Whether no worker has given a sign of life for a minute: then what is asked for waits."""
    recent = ProcrastinateWorker.objects.filter(last_heartbeat__gt=Now() - SILENCE)
    return not recent.exists()


def key_of(team: int, sha256: str) -> str:
    """Where bytes of a team are in the store: by their hash, so that the same bytes are there once."""
    return f"{team}/{sha256[:2]}/{sha256}" if sha256 else ""


def text_hash(parts: Iterable[Any]) -> str:
    """sha256 of a capture's text; empty where it has none.

    Of the UTF-8 of a line of JSON for each part, `[number, place, kind, text, cells]`, joined by LF. PostgreSQL's
    json_build_array writes the same (claims/trail/sql/verify_texts.sql).
    """
    lines = [
        json.dumps([part.number, part.place, part.kind, part.text, list(part.cells)], ensure_ascii=False)
        for part in parts
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest() if lines else ""
