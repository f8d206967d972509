"""Settings, commands and events are documented, and nothing else is."""

import re
from pathlib import Path

from claims.roles import ROLE_NAMES
from claims.trail.verbs import VERBS
from claims.workflow import STATUS_NAMES

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
VARIABLE = re.compile(r"\b(?:GALLEY_[A-Z_]+|DATABASE_(?:OWNER_)?URL)\b")


def read(folder: str, pattern: str) -> str:
    return "\n".join(path.read_text() for path in sorted((ROOT / folder).rglob(pattern)))


def test_every_setting_is_documented_and_every_documented_setting_is_read() -> None:
    operating = set(VARIABLE.findall((DOCS / "operating.md").read_text()))
    engineering = set(VARIABLE.findall((DOCS / "engineering.md").read_text()))
    read_by_the_project = set(VARIABLE.findall(read("verify", "*.py") + read("claims", "*.py")))
    assert read_by_the_project <= operating
    read_by_tests = set(VARIABLE.findall(read("tests", "*.py")))
    assert operating | engineering <= read_by_the_project | read_by_tests


def test_every_command_is_documented() -> None:
    commands = {path.stem for path in (ROOT / "claims/management/commands").glob("[a-z]*.py")}
    said = (DOCS / "operating.md").read_text()
    assert commands
    assert {
        command for command in commands if f"`manage.py {command}" not in said and f"manage.py {command}" not in said
    } == set()


def test_every_event_is_documented_and_no_other() -> None:
    said = re.findall(r"^\| `([a-z_.]+)` \|", (DOCS / "events.md").read_text(), re.MULTILINE)
    assert sorted(said) == sorted(VERBS)


def test_every_event_that_an_action_opens_has_a_sentence() -> None:
    opened = set(re.findall(r"""act\("([a-z_.]+)\"""", read("claims/actions", "*.py")))
    assert opened
    assert opened <= VERBS.keys()


def test_the_guide_names_every_role_and_status() -> None:
    guide = (DOCS / "guide.md").read_text().lower()
    names = [str(name).lower() for name in [*ROLE_NAMES.values(), *STATUS_NAMES.values()]]
    assert [name for name in names if name not in guide] == []
