"""An action is done wholly or not at all, and takes no text that a row cannot hold."""

from collections.abc import Callable
from functools import wraps

from django.db import DataError, transaction
from django.utils.translation import gettext as _

from claims.actions.submissions import code_of
from claims.workflow import Refused


def action[**Given, Made](do: Callable[Given, Made]) -> Callable[Given, Made]:
    """One transaction. Raises Refused where a text holds a NUL or half a character, which forms have refused before."""
    whole = transaction.atomic(do)

    @wraps(do)
    def done(*args: Given.args, **named: Given.kwargs) -> Made:
        try:
            return whole(*args, **named)
        except (DataError, UnicodeEncodeError) as error:
            # the database's own complaints have a code; without one, the text could not even be sent to it
            if isinstance(error, DataError) and code_of(error):
                raise
            raise Refused(
                _("A text holds a character that cannot be kept (U+0000, or half of one). Take it out.")
            ) from error

    return done
