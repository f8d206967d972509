"""Words as search finds them."""

from django.db.models import F, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Replace


def apart(text: Combinable | str) -> Replace:
    """The text with words apart that a slash joins: PostgreSQL takes “HW/26/118” and “and/or” for names of files."""
    return Replace(F(text) if isinstance(text, str) else text, Value("/"), Value(" "))
