"""What actions share: the actor's role, the row locked, the version it was opened on."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from claims import roles
from claims.models import Membership, Team, User
from claims.models.ready import ready
from claims.workflow import Refused


class Stale(Exception):
    """A row was changed after the form on it was opened; nothing was written.

    `row` is the row as it is now, `opened` the version that the form was opened on.
    """

    def __init__(self, row: Any, opened: int) -> None:
        super().__init__(_("Somebody changed this while you were writing. Nothing is lost, nothing was saved."))
        self.row = row
        self.opened = opened


def role_in(team_id: int, user: User) -> str | None:
    """The user's role in the team; None where they are no active member."""
    if not user.is_active:
        return None
    return next(iter(_roles(team_id, user.pk)), None)


@ready
def _roles(team: int, user: int) -> models.QuerySet[Membership, str]:
    return Membership.objects.filter(team=team, user=user).values_list("role", flat=True)


def require(team_id: int, actor: User, permission: str) -> None:
    """Raise NotAllowed unless the actor's role in the team has the permission."""
    roles.require(role_in(team_id, actor), permission)


def locked[Row: models.Model](row: Row, opened: int | None = None) -> Row:
    """The row as it is now, locked until the transaction ends; Stale where it is not at version `opened`.

    Refused where somebody took it away meanwhile.
    """
    now: Row | None = next(iter(_locking(type(row))(row.pk)), None)
    if now is None:
        raise Refused(_("Somebody took this away while you were here. Nothing else was changed."))
    if opened is not None and opened != getattr(now, "row_version", opened):
        raise Stale(now, opened)
    return now


@cache
def _locking(model: type[models.Model]) -> Callable[[int], list[Any]]:
    # Only the row itself: a join would lock the rows of others. And not its key, which no action changes: a lock on it
    # would hold up whoever writes a row that refers to this one, and close circles of people who wait for each other.
    rows = model._default_manager.select_for_update(of=("self",), no_key=True)
    return ready(lambda pk: rows.filter(pk=pk))


def save(row: models.Model, **values: Any) -> None:
    """Write the values, and the row's next version."""
    for name, value in values.items():
        setattr(row, name, value)
    names = list(values)
    if hasattr(row, "row_version"):
        row.row_version += 1
        names.append("row_version")
    row.save(update_fields=names)


def changed(row: models.Model, values: dict[str, Any]) -> dict[str, Any]:
    """Those of the values that differ from the row's."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}


def lock_team(team_id: int) -> Team:
    """The team's row, locked: for what changes its policy, membership, scale or origins, one after the other."""
    return Team.objects.select_for_update(no_key=True).get(pk=team_id)


def held[Row: models.Model](model: type[Row], pk: int) -> Row:
    """The row as it is now, which holds still until the transaction ends; others may hold it at the same time.

    For what is decided by a row that is not written: a team's policy, a label. Whoever locks the row waits for all.
    """
    return model._default_manager.raw(f"SELECT * FROM {model._meta.db_table} WHERE id = %s FOR SHARE", [pk])[0]  # noqa: S608
