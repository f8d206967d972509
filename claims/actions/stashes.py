"""What somebody typed when their session had expired is kept for them, for an hour. No domain row, so no act."""

from django.utils import timezone as clock

from claims.models import Stash, User
from claims.models.stashes import LIFETIME

# the version stays: what others changed meanwhile must be seen when the form is sent again
SECRETS = {"csrfmiddlewaretoken", "request_id", "person", "password", "password1", "password2"}
LONGEST_PATH = 500


def keep(*, user: User, path: str, fields: dict[str, list[str]]) -> Stash | None:
    """Keep the fields of one form, but for its tokens and passwords; what has run out goes.

    A NUL, which no row can hold, becomes U+FFFD. None where no form has so long a path.
    """
    if len(path) > LONGEST_PATH:
        return None
    Stash.objects.filter(created_at__lte=clock.now() - LIFETIME).delete()
    kept = {
        name.replace("\0", "\ufffd"): [value.replace("\0", "\ufffd") for value in values]
        for name, values in fields.items()
        if name not in SECRETS
    }
    # two tabs on one form are two texts; the same text sent twice is one
    Stash.objects.filter(user=user, path=path, fields=kept).delete()
    return Stash.objects.create(user=user, path=path, fields=kept)


def take(*, user: User, path: str) -> dict[str, list[str]] | None:
    """What the person typed into the form at `path`, each text once, the newest first; None where nothing is kept."""
    stash = Stash.objects.alive().filter(user=user, path=path).order_by("-created_at", "-pk").first()
    if stash is None:
        return None
    fields: dict[str, list[str]] = stash.fields
    stash.delete()
    return fields
