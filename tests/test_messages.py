"""Sentences for people go through gettext: what is handed to them as it stands is found in the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parent.parent / "claims"
SAID_BY = {"CommandError", "Refused", "ValidationError", "NotAllowed", "Unreadable", "Outage", "success", "add_error"}
NAMED = {"label", "help", "help_text", "verbose_name", "heading", "sentence"}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def words(node: ast.AST) -> Iterator[ast.Constant]:
    """The texts of two words and more in an expression that are not gettext's to translate."""
    if isinstance(node, ast.Call) and name_of(node) in GETTEXT:
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
        yield node
    for child in ast.iter_child_nodes(node):
        yield from words(child)


def said(tree: ast.Module) -> Iterator[ast.AST]:
    """The expressions whose value somebody reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (keyword.value for keyword in node.keywords if keyword.arg in NAMED)
            yield from node.args if name_of(node) in SAID_BY else ()
            if name_of(node) == "write" and "std" in ast.unparse(node.func):
                yield from node.args
        if isinstance(node, ast.Assign) and any(getattr(to, "id", "") in NAMED for to in node.targets):
            yield node.value


@pytest.mark.parametrize("part", ["actions", "forms", "intake", "management", "models", "trail", "views"])
def test_what_somebody_reads_goes_through_gettext(part: str) -> None:
    found = [
        f"{path.relative_to(APP)}:{text.lineno}: {text.value!r}"
        for path in sorted((APP / part).rglob("*.py"))
        if "sample" not in path.parts
        for expression in said(ast.parse(path.read_text()))
        for text in words(expression)
    ]
    assert found == []
