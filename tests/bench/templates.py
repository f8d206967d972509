"""Templates as they run outside of tests: in them, Django has each note what it was set from, which takes long."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.template import Template
from django.test.utils import instrumented_test_render


def _plain(self: Template, context: object) -> str:
    return self.nodelist.render(context)  # type: ignore[no-any-return, arg-type]


def plain() -> None:
    """Let templates run as they do outside of tests."""
    Template._render = _plain  # type: ignore[method-assign]


@contextmanager
def instrumented() -> Iterator[None]:
    """Answers of the test client hold their templates and contexts for the duration."""
    Template._render = instrumented_test_render  # type: ignore[method-assign]
    try:
        yield
    finally:
        plain()
