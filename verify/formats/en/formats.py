"""The day before the month, as everywhere but in one country: 25/10/2006 is typed and read as 25 October."""

from django.conf.locale.en_GB.formats import *  # noqa: F403
