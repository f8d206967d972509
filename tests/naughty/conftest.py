"""The newsroom of these tests: made once a module, and emptied after it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import cluster
from tests.naughty import newsroom


@pytest.fixture(scope="module")
def room(django_db_setup: None, django_db_blocker: Any) -> Iterator[newsroom.Room]:
    """Committed rows, and all forms that work on them."""
    with django_db_blocker.unblock():
        try:
            made = newsroom.build()
            made.forms = newsroom.walk(made)
            yield made
        finally:
            cluster.empty()
