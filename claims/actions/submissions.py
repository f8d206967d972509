"""What a form sent is done once: the same again gives the first result."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _

from claims.models import Submission, User


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
        """Made from the path and all fields but the tokens that differ from page to page."""
        said = json.dumps([path, sorted(fields)], ensure_ascii=True)
        return cls(request_id, hashlib.sha256(said.encode()).hexdigest())


def once[Made: models.Model](actor: User, sent: Sent, do: Callable[[], Made]) -> Made:
    """Do it, and remember what it made; where the same was sent before, give what that made.

    Raises Retyped where the request id came with another text. Two at once: the second waits for the first.
    """
    with transaction.atomic():
        if not _reserve(actor, sent):
            return cast("Made", _first_result(actor, sent))
        made = do()
        Submission.objects.filter(user=actor, request_id=sent.request_id).update(made=f"{made._meta.label}:{made.pk}")
        return made


def _reserve(actor: User, sent: Sent) -> bool:
    """Whether the request id was free; waits for a transaction that holds it."""
    row = Submission(user=actor, request_id=sent.request_id, digest=sent.digest)
    Submission.objects.bulk_create([row], ignore_conflicts=True)
    return Submission.objects.filter(user=actor, request_id=sent.request_id, digest=sent.digest, made="").exists()


def _first_result(actor: User, sent: Sent) -> Any:
    first = Submission.objects.get(user=actor, request_id=sent.request_id)
    if first.digest != sent.digest:
        raise Retyped
    label, _colon, pk = first.made.partition(":")
    return apps.get_model(label)._default_manager.get(pk=pk)
