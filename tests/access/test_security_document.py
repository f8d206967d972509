"""docs/security.md is true: every requirement stands in it once, the tests it names exist, limits are those set."""

import ast
import re
from dataclasses import fields
from functools import cache
from pathlib import Path

from django.conf import settings

from claims.actions import ahead, stashes
from claims.intake import MAX_CHARACTERS, MAX_FILE_BYTES
from verify import passwords
from verify.folder import Secrets

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/security.md").read_text()
HOUR, DAY = 3600, 86_400
# OWASP ASVS 5.0.0: the requirements of levels 1 and 2, by section
LEVELS_1_AND_2 = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip


def test_every_requirement_of_levels_1_and_2_is_answered_once() -> None:
    rows = re.findall(r"^\| (V[\d., V]+) \|", DOCUMENT, re.MULTILINE)
    found = [requirement for row in rows for requirement in row.split(", ")]
    wanted = [f"V{section}.{n}" for section, count in LEVELS_1_AND_2.items() for n in range(1, count + 1)]
    assert sorted(found) == sorted(wanted)
    assert len(wanted) == 253


@cache
def names_of_tests(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", DOCUMENT)
    assert len(named) > 100
    assert [f"{path}::{name}" for path, name in named if name not in names_of_tests(path)] == []
    met = DOCUMENT.partition("## Met")[2].partition("## Not met")[0]
    rows = re.findall(r"^\| V.*$", met, re.MULTILINE)
    assert [row for row in rows if "::test_" not in row] == []


def test_the_limits_that_are_documented_are_those_that_hold() -> None:
    said = dict(re.findall(r"\| `(\w+)`: `([^`]+)` \|", DOCUMENT))
    assert said == settings.ACCOUNT_RATE_LIMITS
    limits = dict(re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", DOCUMENT, re.MULTILINE))
    assert limits["a session ends after its last page"] == f"{settings.SESSION_COOKIE_AGE // HOUR} hours"
    assert limits["and after its sign-in"] == f"{settings.SESSION_LONGEST.days} days"
    assert limits["a link to a new password"] == f"{settings.PASSWORD_RESET_TIMEOUT // HOUR} hours"
    mib = 1024 * 1024
    assert limits["a form"] == (
        f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE // mib} MB, {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS:,} fields"
    )
    assert limits["an article"].startswith(f"{MAX_CHARACTERS:,} characters")
    assert f"up to {MAX_FILE_BYTES // mib} MB" in limits["an article"]
    assert limits["texts kept of an ended session"].startswith(f"{stashes.MOST} a person")
    said = f"{ahead.MOST_OPEN} at a time and {ahead.MOST} an hour a person, kept for an hour"
    assert limits["addresses fetched before their source is saved"] == said


def test_the_words_of_the_house_are_documented() -> None:
    listed = DOCUMENT.partition("the person's teams:")[2].partition(".")[0]
    assert tuple(word.strip() for word in listed.split(",")) == passwords.WORDS


# who reaches out, and whereto
REACHING = {
    "claims/fetching/reach.py": "addresses that people give, each checked",
    "claims/fetching/wire.py": "what the one above has connected",
    "claims/fetching/stamps.py": "nowhere: the system's certificates alone",
    "verify/demo.py": "the demo's own server",
    "verify/precheck.py": "the port that the server is to listen on",
}


def test_addresses_that_people_give_are_reached_through_one_door() -> None:
    """What could reach out is imported where it is known whereto, and nowhere else."""
    reaching = re.compile(
        r"^\s*(?:import|from) (socket|ssl|urllib\.request|http\.client|requests|httpx|urllib3|aiohttp)\b", re.MULTILINE
    )
    found = {
        str(path.relative_to(ROOT))
        for folder in ("claims", "verify")
        for path in (ROOT / folder).rglob("*.py")
        if reaching.search(path.read_text())
    }
    assert found <= REACHING.keys()


def section(name: str) -> str:
    return DOCUMENT.partition(f"\n## {name}\n")[2].partition("\n## ")[0]


def rows_of(text: str) -> list[list[str]]:
    """The table in a text, without its head, cell by cell."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:2] == "| "][1:]


def test_every_key_that_the_settings_read_is_listed_with_what_it_is_for() -> None:
    listed = {key: (use, kept) for key, use, kept in rows_of(section("Keys"))}
    assert all(use and kept for use, kept in listed.values())
    said = " ".join(listed)
    keys = set(re.findall(r"GALLEY_\w*(?:KEY|SECRET|PASSWORD)\w*", (ROOT / "verify/settings.py").read_text()))
    assert keys, "the settings read no key?"
    assert [key for key in keys if key not in said] == []
    kept = [field.name for field in fields(Secrets)]
    assert [
        name for name in kept if name.removesuffix("_password").replace("_", " ").split()[0] not in said.lower()
    ] == []


def test_what_galley_talks_to_is_what_its_settings_name() -> None:
    said = section("Connections")
    addresses = set(re.findall(r"(?:GALLEY_\w+_URL|GALLEY_BIND)", (ROOT / "docs/operating.md").read_text()))
    assert {"GALLEY_SMTP_URL", "GALLEY_BIND"} <= addresses
    assert [name for name in addresses if name not in said] == []
    assert "to nothing else" in said
    assert "database" in said


def test_what_the_tables_keep_of_people_is_listed_with_its_protection() -> None:
    listed = rows_of(section("What is sensitive"))
    assert all(len(row) == 3 and all(row) for row in listed)
    said = " ".join(row[0] for row in listed)
    for word in (
        "articles",
        "claims",
        "sources",
        "passwords",
        "seeds",
        "recovery codes",
        "session keys",
        "typed texts",
    ):
        assert word in said, word


def test_what_is_costly_is_named_with_its_bound() -> None:
    said = section("Limits").partition("Costly to make:")[2]
    for what in ("PDF of a report", "preview of a long paste", "trail page"):
        assert what in said.replace("\n", " "), what


def test_nothing_is_read_that_could_make_objects() -> None:
    """Sessions and kept reports are JSON; no module that makes objects of bytes is imported."""
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    maker = re.compile(r"^\s*(?:import|from) (pickle|marshal|shelve|yaml|dill|joblib)\b", re.MULTILINE)
    found = [
        path
        for folder in ("claims", "verify")
        for path in (ROOT / folder).rglob("*.py")
        if maker.search(path.read_text())
    ]
    assert found == []
