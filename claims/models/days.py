"""Days and moments as columns hold them: those that a page can show.

PostgreSQL also knows `infinity`, days before Christ and after the year 9999. Python does not: a row with one of them
could no longer be read. The column itself refuses them, whoever writes.
"""

from typing import TYPE_CHECKING, Any

from django.db import models


class Between:
    """A column that holds what lies between two moments, each as SQL writes it."""

    first: str
    last: str
    column: str

    def db_check(self, connection: Any) -> str:
        """The condition that the column is made with."""
        return f"{connection.ops.quote_name(self.column)} BETWEEN '{self.first}' AND '{self.last}'"


if TYPE_CHECKING:  # what rows give is known of Django's own fields alone
    Day, Moment = models.DateField, models.DateTimeField
else:

    class Day(Between, models.DateField):
        """A day that Python can say."""

        first, last = "0001-01-01", "9999-12-31"

    class Moment(Between, models.DateTimeField):
        """A moment that Python can say in each time zone, where it may be a day off."""

        first, last = "0002-01-01 00:00+00", "9998-12-31 23:59:59.999999+00"
