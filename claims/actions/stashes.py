"""What somebody typed when their session had expired is kept for them, for an hour. No domain row, so no act."""

from django.db.models import Q, QuerySet
from django.utils import timezone as clock

from claims.fields import is_kept
from claims.models import Stash, User
from claims.models.ready import ready
from claims.models.stashes import LIFETIME, StashQuerySet

Fields = dict[str, list[str]]
LONGEST_PATH = 500
MOST = 20  # texts kept for one person; forms of a page that is left open could send them without end


def keep(*, user: User, path: str, fields: Fields, instead: int | None = None) -> Stash | None:
    """Keep the fields of one form, but for its tokens and secrets; what has run out goes.

    `instead` is the id of the text that the form was filled with, which goes too. A NUL, which no row can hold, becomes
    U+FFFD. None where no form has so long a path.
    """
    if len(path) > LONGEST_PATH:
        return None
    Stash.objects.filter(created_at__lte=clock.now() - LIFETIME).delete()
    # two tabs on one form are two texts; the same text sent twice is one
    drop(user=user, path=path, shown=instead, fields=fields)
    newest = Stash.objects.filter(user=user).order_by("-created_at", "-pk").values("pk")[: MOST - 1]
    Stash.objects.filter(user=user).exclude(pk__in=newest).delete()
    return Stash.objects.create(user=user, path=path, fields=kept(fields))


def kept(fields: Fields) -> Fields:
    """What is kept of the fields that a form sent."""
    return {
        name.replace("\0", "\ufffd"): [value.replace("\0", "\ufffd") for value in values]
        for name, values in fields.items()
        if is_kept(name)
    }


def of(*, user: User, path: str) -> StashQuerySet:
    """What the person typed into the form at `path`, the newest first. It stays until drop(), or its hour ends."""
    return Stash.objects.alive().filter(user=user, path=path).order_by("-created_at", "-pk")


def drop(*, user: User, path: str, shown: int | None = None, fields: Fields | None = None) -> None:
    """Forget one text of the person's at `path`: the one with the id `shown`, and one equal to `fields`."""
    if not _at(user.pk, path):
        return  # as nearly always
    which = Q(pk=shown) if shown is not None else Q(pk=None)
    if fields is not None:
        which |= Q(fields=kept(fields))
    Stash.objects.filter(which, user=user, path=path).delete()


@ready
def _at(user: int, path: str) -> QuerySet[Stash, int]:
    return Stash.objects.filter(user=user, path=path).values_list("pk", flat=True)
