"""What somebody typed when their session had expired is kept for them, for an hour. No domain row, so no act."""

from django.utils import timezone as clock

from claims.models import Stash, User
from claims.models.stashes import LIFETIME

SECRETS = {"csrfmiddlewaretoken", "request_id", "version", "person", "password", "password1", "password2"}


def keep(*, user: User, path: str, fields: dict[str, list[str]]) -> Stash:
    """Keep the fields of one form, but for its tokens and passwords; what has run out goes."""
    Stash.objects.filter(created_at__lte=clock.now() - LIFETIME).delete()
    Stash.objects.filter(user=user, path=path).delete()
    kept = {name: values for name, values in fields.items() if name not in SECRETS}
    return Stash.objects.create(user=user, path=path, fields=kept)


def take(*, user: User, path: str) -> dict[str, list[str]] | None:
    """What the person typed into the form at `path`, once; None where nothing is kept."""
    stash = Stash.objects.alive().filter(user=user, path=path).order_by("-created_at").first()
    if stash is None:
        return None
    fields: dict[str, list[str]] = stash.fields
    Stash.objects.filter(user=user, path=path).delete()
    return fields
