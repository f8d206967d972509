"""The walls of the house: who may import what, and who may write."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# what knows no database
PURE = (
    "workflow.py",
    "roles.py",
    "anchors.py",
    "fields.py",
    "zones.py",
    "intake",
    "fetching",
    "reports/document.py",
    "reports/html.py",
    "reports/pdf.py",
    "reports/csv.py",
    "reports/json.py",
)
WRITES = {
    "save", "asave", "create", "acreate", "delete", "adelete", "update", "aupdate", "get_or_create", "update_or_create",
    "bulk_create", "bulk_update", "execute", "executemany",
}  # fmt: skip

LONGEST_MODULE, LONGEST_FUNCTION = 400, 40  # lines


def modules(*places: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of these files and folders of the app, by their path in it."""
    for place in places:
        path = ROOT / "claims" / place
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path] * path.exists():
            yield str(file.relative_to(ROOT / "claims")), ast.parse(file.read_text())


def imported(tree: ast.Module) -> Iterator[str]:
    """Every dotted name that a module imports, at its top or within."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def written(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and name of every method call that may write. A dictionary's `update` has an argument without a name."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        if node.func.attr in WRITES and not (node.func.attr == "update" and node.args):
            yield node.lineno, node.func.attr


def test_each_layer_imports_only_those_below_it() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_pure_rules_intake_and_renderers_know_no_database() -> None:
    found = [
        (path, name)
        for path, tree in modules(*PURE)
        for name in imported(tree)
        if name.startswith(("django.db", "django.contrib", "psycopg"))
    ]
    assert found == []


@pytest.mark.parametrize("layer", ["views", "forms", "templatetags", "reports"])
def test_nothing_but_actions_writes(layer: str) -> None:
    # The one statement of the health page asks for a version.
    found = [
        (path, line, name) for path, tree in modules(layer) for line, name in written(tree) if path != "views/health.py"
    ]
    assert found == []


def test_acts_are_opened_by_actions_alone() -> None:
    openers = {
        path
        for path, tree in modules(".")
        for name in imported(tree)
        if name in {"claims.trail.act", "claims.trail.acts", "claims.trail.acts.act"}
    }
    assert {path for path in openers if not path.startswith(("actions/", "trail/", "migrations/"))} == set()


def test_no_module_and_no_function_outgrows_what_one_reads_at_once() -> None:
    paths = [path for part in ("claims", "verify", "tests") for path in sorted((ROOT / part).rglob("*.py"))]
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in paths if "migrations" not in path.parts}
    assert {path: text.count("\n") for path, text in texts.items() if text.count("\n") > LONGEST_MODULE} == {}
    functions = {
        (path, node.name): (node.end_lineno or 0) - node.lineno + 1
        for path, text in texts.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {of: lines for of, lines in functions.items() if lines > LONGEST_FUNCTION} == {}
