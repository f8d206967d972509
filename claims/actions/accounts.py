"""A person's own account: no domain row, so no act."""

from claims.actions.whole import action
from claims.models import User


@action
def change_account(*, actor: User, name: str, shortcuts: bool) -> User:
    """Set the person's name and whether keyboard shortcuts are on."""
    actor.name, actor.shortcuts = name, shortcuts
    actor.save(update_fields=["name", "shortcuts"])
    return actor
