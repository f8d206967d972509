"""What waits for one person: claims sent back, to recheck, to review, to check; each kind lists oldest first."""

import datetime
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from django.db.models import QuerySet, Value

from claims.models.accounts import User
from claims.models.claims import Claim, ClaimQuerySet, of_article
from claims.models.ready import OneOf, ready
from claims.models.teams import Team
from claims.roles import allows


class Wait(StrEnum):
    """How a claim waits for somebody."""

    SENT_BACK = "sent-back"
    RECHECK = "recheck"
    TO_REVIEW = "to-review"
    TO_CHECK = "to-check"


class Waiting(NamedTuple):
    """A claim that waits: how, which, since when, and its article's deadline."""

    kind: str
    pk: int
    since: datetime.datetime
    deadline: datetime.datetime | None


def queue_of(team: Any, user: Any, *, four_eyes: bool) -> dict[Wait, list[ClaimQuerySet]]:
    """What waits for `user`, by kind in the order of the page; each kind in parts, as for_hands_of gives them."""
    work = Claim.objects.filter(team=team).at_work()
    return {
        Wait.SENT_BACK: [work.sent_back_to(user)],
        Wait.RECHECK: work.to_recheck().for_hands_of(user),
        Wait.TO_REVIEW: [work.to_review_by(user, four_eyes=four_eyes)],
        Wait.TO_CHECK: work.to_check().for_hands_of(user),
    }


def _as_waiting(claims: ClaimQuerySet, kind: Wait) -> "QuerySet[Claim, tuple[str, int, datetime.datetime, Any]]":
    """Rows of Waiting, oldest first."""
    rows = claims.oldest_first().annotate(kind_of_wait=Value(str(kind)), due=of_article("deadline"))
    return rows.values_list("kind_of_wait", "pk", "status_since", "due")


def _together(parts: list[Any]) -> Any:
    """The rows of all parts, in one query."""
    return parts[0].union(*parts[1:], all=True).order_by() if len(parts) > 1 else parts[0]


def waits_of(role: str) -> list[Wait]:
    """The kinds of waiting that somebody of the role knows, in the order of the page."""
    return [kind for kind in Wait if allows(role, "claim.decide" if kind == Wait.TO_REVIEW else "claim.propose")]


def oldest(user: User, team: Team, kinds: Sequence[Wait], most: int) -> dict[Wait, list[Waiting]]:
    """The first `most` claims of the team that wait for `user` in each of the ways, oldest first: one query."""
    found: dict[Wait, list[Waiting]] = {kind: [] for kind in kinds}
    for row in _oldest(tuple(kinds), team.four_eyes, most)(team.pk, user.pk) if kinds else ():
        found[Wait(row[0])].append(Waiting(*row))
    return {kind: sorted(rows, key=lambda row: (row.since, row.pk))[:most] for kind, rows in found.items()}


@cache
def _oldest(kinds: tuple[Wait, ...], four_eyes: bool, most: int) -> Callable[[int, int], list[Any]]:
    def rows(team: Any, user: Any) -> Any:
        queue = queue_of(team, user, four_eyes=four_eyes)
        return _together([_as_waiting(part, kind)[:most] for kind in kinds for part in queue[kind]])

    return ready(rows)


def waiting_for(user: User, team: Team, role: str, most: int) -> int:
    """How many claims of the team wait for `user`, counted no further than `most`: one query, whatever waits."""
    kinds = tuple(waits_of(role))
    return len(_waiting(kinds, team.four_eyes, most)(team.pk, user.pk)) if kinds else 0


@cache
def _waiting(kinds: tuple[Wait, ...], four_eyes: bool, most: int) -> Callable[[int, int], list[int]]:
    def rows(team: Any, user: Any) -> Any:
        queue = queue_of(team, user, four_eyes=four_eyes)
        parts = [part.oldest_first().values_list("pk", flat=True)[:most] for kind in kinds for part in queue[kind]]
        return _together(parts)[:most]

    return ready(rows)


@ready
def claims_for_queue(team: int, ids: Sequence[int]) -> QuerySet[Claim]:
    """Claims of the team with all that a line of the queue says."""
    return Claim.objects.filter(OneOf("pk", ids), team=team).for_queue().order_by()
