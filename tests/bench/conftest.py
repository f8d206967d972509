"""What the benchmarks share: the ground they are measured on, and how figures are printed."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.bench.ground import Ground
from tests.bench.templates import plain


@pytest.fixture(scope="session")
def ground(django_test_environment: None, django_db_blocker: Any) -> Iterator[Ground]:
    """A cluster whose commits are durable; says what it is."""
    plain()
    with django_db_blocker.unblock():
        made = Ground()
        print(f"\nmeasured on {made.described}")
        try:
            yield made
        finally:
            made.end()
