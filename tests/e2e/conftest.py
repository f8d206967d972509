"""A browser session ends with its test."""

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_session_outlives_its_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Its pages would go on asking while the tables are emptied, and the browser would grow."""
    browser = request.getfixturevalue("browser") if "browser" in request.fixturenames else None
    yield
    for context in browser.contexts if browser else ():
        context.close()
