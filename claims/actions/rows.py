"""What actions share: the actor's role, the row locked, the version it was opened on."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from claims import roles
from claims.models import Membership, Team, User


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
    return Membership.objects.filter(team_id=team_id, user_id=user.pk).values_list("role", flat=True).first()


def require(team_id: int, actor: User, permission: str) -> None:
    """Raise NotAllowed unless the actor's role in the team has the permission."""
    roles.require(role_in(team_id, actor), permission)


def locked[Row: models.Model](row: Row, opened: int | None = None) -> Row:
    """The row as it is now, locked until the transaction ends; Stale where it is not at version `opened`."""
    # only the row itself: a join would lock the rows of others
    now = type(row)._default_manager.select_for_update(of=("self",)).get(pk=row.pk)
    if opened is not None and opened != getattr(now, "row_version", opened):
        raise Stale(now, opened)
    return now


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
    """The team's row, locked: for what must see the team's policy or membership unchanged."""
    return Team.objects.select_for_update().get(pk=team_id)
