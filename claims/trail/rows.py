"""The trail's rows, for reading. The tables are made by sql/schema.sql; the web role may only read them."""

import datetime
import json
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from django.db import models

UNREADABLE = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def read(text: str | None) -> Any:
    """What JSON says; None where it cannot be read: then somebody changed it, and verifying names it."""
    try:
        return json.loads(text) if text is not None else None
    except ValueError:
        return None


class HeadQuerySet(models.QuerySet["Head"]):
    """Ends of streams."""

    def of_article(self, article: Any) -> "HeadQuerySet":
        """The end of the stream of an article, whose id is an expression of the query around."""
        return self.filter(article=article)


class Head(models.Model):
    """The end of a stream's chain; `act` is the id of its last act, `article` whose stream it is, if an article's."""

    stream = models.TextField(primary_key=True)
    seq = models.BigIntegerField()
    prev = models.BinaryField()
    hash = models.BinaryField()
    act = models.BigIntegerField()
    article = models.OneToOneField(
        "claims.Article", null=True, db_column="article", db_constraint=False, on_delete=models.DO_NOTHING
    )

    objects: ClassVar[HeadQuerySet] = HeadQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        app_label = "claims"
        managed = False
        db_table = '"trail"."head"'

    def __str__(self) -> str:
        return f"{self.stream} {self.seq}"


class ActQuerySet(models.QuerySet["Act"]):
    """Acts as people look for them."""

    def in_stream(self, stream: str) -> "ActQuerySet":
        return self.filter(stream=stream)

    def last_of(self, which: Any) -> "ActQuerySet":
        """The newest act of each stream, of those that a condition on heads lets through."""
        return self.filter(pk__in=Head.objects.filter(which).values("stream", "seq"))

    def newest_first(self) -> "ActQuerySet":
        return self.order_by("-seq")

    def about_claim(self, stream: str, claim: int) -> "ActQuerySet":
        """The acts of a stream that changed a claim, its places, evidence, proposals or decisions."""
        return self.in_stream(stream).filter(act__in=Change.objects.filter(claim=claim).values("act"))


class Act(models.Model):
    """An act's link in one stream."""

    pk = models.CompositePrimaryKey("stream", "seq")
    stream = models.TextField()
    seq = models.BigIntegerField()
    act = models.BigIntegerField(db_column="id")
    prev = models.BinaryField()
    hash = models.BinaryField()
    header = models.TextField()
    name_commitment = models.BinaryField()
    reason_commitment = models.BinaryField()
    name_salt = models.UUIDField(null=True)
    kept_name = models.TextField(db_column="name", null=True)  # noqa: DJ001 (erased is not empty)
    reason_salt = models.UUIDField(null=True)
    kept_reason = models.TextField(db_column="reason", null=True)  # noqa: DJ001 (erased is not empty)

    objects: ClassVar[ActQuerySet] = ActQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        app_label = "claims"
        managed = False
        db_table = '"trail"."act"'

    def __str__(self) -> str:
        return f"{self.stream} {self.seq}"

    @cached_property
    def _header(self) -> dict[str, Any]:
        said = read(self.header)
        return said if isinstance(said, dict) else {}

    @property
    def verb(self) -> str:
        return str(self._header.get("verb", ""))

    @property
    def actor_id(self) -> int | None:
        actor = self._header.get("actor")
        return actor if isinstance(actor, int) else None

    @property
    def at(self) -> datetime.datetime:
        try:
            return datetime.datetime.fromisoformat(self._header["at"])
        except (KeyError, ValueError):
            return UNREADABLE

    @property
    def name_erased(self) -> bool:
        return self.kept_name is None

    @property
    def reason_erased(self) -> bool:
        return self.kept_reason is None

    @property
    def actor_name(self) -> str:
        return self.kept_name or ""

    @property
    def reason(self) -> str:
        return self.kept_reason or ""


class Line(NamedTuple):
    """What a change did: operation and the row before and after, each a mapping of columns."""

    operation: str
    before: dict[str, Any]
    after: dict[str, Any]


class Change(models.Model):
    """One row's change within an act."""

    pk = models.CompositePrimaryKey("act", "n")
    act = models.BigIntegerField()
    n = models.BigIntegerField()
    stream = models.TextField()
    relation = models.TextField()
    row = models.BigIntegerField()
    claim = models.BigIntegerField(null=True)
    commitment = models.BinaryField()
    salt = models.UUIDField(null=True)
    line = models.TextField(null=True)  # noqa: DJ001 (erased is not empty)

    class Meta:
        app_label = "claims"
        managed = False
        db_table = '"trail"."change"'

    def __str__(self) -> str:
        return f"{self.act} {self.relation} {self.row}"

    @cached_property
    def said(self) -> Line | None:
        """The line, read; None where it was erased, or cannot be read."""
        match read(self.line):
            case [_relation, str(operation), dict() | None as before, dict() | None as after]:
                return Line(operation, before or {}, after or {})
        return None
