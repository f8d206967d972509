"""Commands hold the person named by --as to their role: who may not gets one line, and nothing is written."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims.models import User
from tests.access.world import Newsroom, written
from tests.people import TEXT, member, person

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = {path.stem for path in (ROOT / "claims/management/commands").glob("[a-z]*.py")}
# of those that act for a person: the role that each takes, and how it is called for an address and an article
Call = Callable[[Newsroom, Path, str, object], list[str]]
FOR_A_PERSON: dict[str, tuple[str, Call]] = {
    "import_article": (
        "checker",
        lambda home, folder, email, _article: [str(folder / "in.txt"), "--team", home.team.slug, "--as", email],
    ),
    "export_report": (
        "viewer",
        lambda _home, folder, email, article: [
            f"{article}", "--format", "json", "--output", str(folder / "out.json"), "--as", email,
        ],
    ),
    "erase": (
        "admin",
        lambda _home, _folder, email, article: [
            "--article", f"{article}", "--reason", "Promised", "--as", email, "--yes",
        ],
    ),
}  # fmt: skip
HUGE = ["9" * 30, str(2**63), str(2**31), "0", "-1"]
NOT_NUMBERS = ["1 OR 1=1", "1.5", "x", "", "٣x", "[]"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in.txt").write_text("\n\n".join(text for _kind, text in TEXT), encoding="utf-8")
    return tmp_path


def refused(*arguments: str) -> str:
    """What the command refuses with: one line, and nothing is written."""
    before = written()
    with pytest.raises(CommandError) as why:
        call_command(*arguments, stdout=io.StringIO(), stderr=io.StringIO())
    said = str(why.value)
    assert said.strip()
    assert "\n" not in said
    assert "Traceback" not in said
    assert written() == before
    return said


def test_every_command_with_as_is_here() -> None:
    takes = {name for name in COMMANDS if '"--as"' in (ROOT / f"claims/management/commands/{name}.py").read_text()}
    assert takes == set(FOR_A_PERSON)


def strangers(ledger: Newsroom, other: Newsroom, least: str) -> dict[str, str]:
    """Addresses of people who may not, by why."""
    inactive = person("gone@ledger.example", "Gone")
    member(ledger.team, inactive, "admin")
    User.objects.filter(pk=inactive.pk).update(is_active=False)
    lesser = {"checker": "viewer", "admin": "reviewer"}.get(least)
    found = {
        "nobody": "who@ledger.example", "another team": other.people["admin"].email, "inactive": inactive.email,
        "empty": "", "no address": "x' OR '1'='1", "a pattern": "%@ledger.example",
    }  # fmt: skip
    return found | ({"a lesser role": ledger.people[lesser].email} if lesser else {})


OWNERS = pytest.param("erase", marks=pytest.mark.django_db(transaction=True))


@pytest.mark.parametrize("command", ["import_article", "export_report", OWNERS])
def test_who_is_not_there_or_may_not_is_refused(ledger: Newsroom, other: Newsroom, folder: Path, command: str) -> None:
    least, call = FOR_A_PERSON[command]
    for email in strangers(ledger, other, least).values():
        refused(command, *call(ledger, folder, email, ledger.ids["article_id"]))
    assert not (folder / "out.json").exists()


@pytest.mark.parametrize("command", ["export_report", OWNERS])
def test_articles_that_are_not_there_or_another_team_s_are_refused_alike(
    ledger: Newsroom, other: Newsroom, folder: Path, command: str
) -> None:
    _least, call = FOR_A_PERSON[command]
    for article in [other.ids["article_id"], *HUGE]:
        said = refused(command, *call(ledger, folder, ledger.people["admin"].email, article))
        assert "another team" not in said
    for article in NOT_NUMBERS:
        refused(command, *call(ledger, folder, ledger.people["admin"].email, article))


def test_teams_that_are_not_there_or_another_s_get_no_article(ledger: Newsroom, other: Newsroom, folder: Path) -> None:
    for slug in ("post", "nowhere", "", "ledger' --", "x" * 5000):
        refused("import_article", str(folder / "in.txt"), "--team", slug, "--as", ledger.people["admin"].email)


SHAPES = {"--source": "{0}", "--evidence": "{0}/{0}/{0}", "--claim": "{0}/{0}", "--article": "{0}", "--act": "{0}"}


@pytest.mark.django_db(transaction=True)
def test_nothing_is_erased_by_a_forged_address(ledger: Newsroom) -> None:
    for flag, shape in SHAPES.items():
        for bad in [*HUGE, *NOT_NUMBERS]:
            if flag == "--act" and bad.startswith("-"):
                continue  # the reader of arguments takes it for an option
            which = [flag, f"article:{bad}", bad] if flag == "--act" else [f"{flag}={shape.format(bad)}"]
            refused("erase", *which, "--reason", "Promised", "--as", ledger.people["admin"].email, "--yes")


def test_verify_trail_names_what_is_not_there(ledger: Newsroom, tmp_path: Path) -> None:
    for article in [*HUGE, *NOT_NUMBERS]:
        refused("verify_trail", f"--article={article}")
    (tmp_path / "kept.json").write_text("[1, 2")
    (tmp_path / "other.json").write_text('{"a": 1}')
    for path in ("kept.json", "other.json", "nowhere.json", "."):
        refused("verify_trail", "--against", str(tmp_path / path))


@pytest.mark.parametrize(
    "arguments",
    [
        ["X", "--slug", "../x", "--admin-email", "a@b.example", "--admin-name", "A"],
        ["X", "--slug", "ledger", "--admin-email", "a@b.example", "--admin-name", "A"],
        ["X", "--admin-email", "a@b", "--admin-name", "A"],
        ["X", "--admin-email", "a\nb@c.example", "--admin-name", "A"],
        ["X", "--admin-email", "a@b.example\nBcc: evil@x.example", "--admin-name", "A"],
        ["X" * 121, "--slug", "x", "--admin-email", "a@b.example", "--admin-name", "A"],
        ["", "--admin-email", "a@b.example", "--admin-name", "A"],
        ["X", "--admin-email", "a@b.example"],
        ["X", "--admin-email", "a@b.example", "--admin-name", "A", "--timezone", "../../etc/passwd"],
        ["X", "--admin-email", "x" * 300 + "@b.example", "--admin-name", "A"],
    ],
)
def test_a_team_that_cannot_be_is_not_made(ledger: Newsroom, arguments: list[str]) -> None:
    refused("create_team", *arguments)


def test_from_the_shell_a_refusal_is_one_line_and_exit_code_1(db: None, folder: Path) -> None:
    """Asked of a team that is not there: the shell's process has a connection of its own."""
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    command = [sys.executable, "-W", "ignore", "manage.py", "import_article", str(folder / "in.txt")]
    ended = subprocess.run(
        [*command, "--team", "nowhere", "--as", "who@x.example"],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, capture_output=True, text=True,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (1, "")
    assert len(ended.stderr.strip().splitlines()) == 1, ended.stderr[-1000:]
