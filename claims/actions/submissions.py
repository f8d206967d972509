"""What a form sent is done once: the same again gives the first result."""

import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.db import OperationalError, connection, models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from claims.models import Submission, User
from claims.models.ready import ready

TRIES = 4
# serialization failure, deadlock: nothing was written, and nothing hinders the same from being done a moment later
PASSING = {"40001", "40P01"}


class Retyped(Exception):
    """A request id came again with another text: Back was pressed and the form sent anew. Nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            _("This form was already sent with another text. What you typed now is kept below and not saved yet.")
        )


@dataclass(frozen=True)
class Sent:
    """A form's request id and the digest of what it sent."""

    request_id: uuid.UUID
    digest: str

    @classmethod
    def of(cls, request_id: uuid.UUID, path: str, fields: Iterable[tuple[str, list[str]]]) -> "Sent":
        """Made from the path and all fields but the tokens that differ from page to page.

        Keyed: who has the database and not the secret key cannot find out a short text by trying.
        """
        said = json.dumps([path, sorted(fields)], ensure_ascii=True)
        return cls(request_id, salted_hmac("claims.submission", said, algorithm="sha256").hexdigest())


def once[Made: models.Model](actor: User, sent: Sent, do: Callable[[], Made]) -> Made:
    """Do it, and remember what it made; where the same was sent before, give what that made.

    Raises Retyped where the request id came with another text. Two at once: the second waits for the first. Where the
    database breaks off because two wait for each other, or saw different moments, it is done anew: `do` may run again.
    """
    for _try in range(TRIES - 1):
        try:
            return _once(actor, sent, do)
        except OperationalError as error:
            if connection.in_atomic_block or code_of(error) not in PASSING:
                raise
    return _once(actor, sent, do)


def is_done(actor: User, sent: Sent) -> bool:
    """Whether the same was sent before, and done."""
    return Submission.objects.filter(user=actor, request_id=sent.request_id, digest=sent.digest).exists()


def _once[Made: models.Model](actor: User, sent: Sent, do: Callable[[], Made]) -> Made:
    with transaction.atomic():
        if not _reserve(actor, sent):
            return cast("Made", _first_result(actor, sent))
        made = do()
        Submission.objects.filter(user=actor, request_id=sent.request_id).update(made=f"{made._meta.label}:{made.pk}")
        return made


def code_of(error: BaseException) -> str:
    """PostgreSQL's code of a database error; empty where the connection itself was lost."""
    return getattr(error.__cause__, "sqlstate", None) or ""


def _reserve(actor: User, sent: Sent) -> bool:
    """Whether the request id was free; waits for a transaction that holds it."""
    row = Submission(user=actor, request_id=sent.request_id, digest=sent.digest)
    Submission.objects.bulk_create([row], ignore_conflicts=True)
    return bool(_reserved(actor.pk, sent.request_id, sent.digest))


@ready
def _reserved(user: int, request_id: uuid.UUID, digest: str) -> models.QuerySet[Submission, int]:
    mine = Submission.objects.filter(user=user, request_id=request_id, digest=digest, made="")
    return mine.values_list("pk", flat=True)


def _first_result(actor: User, sent: Sent) -> Any:
    first = Submission.objects.get(user=actor, request_id=sent.request_id)
    if first.digest != sent.digest:
        raise Retyped
    label, _colon, pk = first.made.partition(":")
    return apps.get_model(label)._default_manager.get(pk=pk)
