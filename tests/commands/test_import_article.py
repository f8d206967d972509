"""`manage.py import_article`."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from claims.models import Act, Article, Team, User
from tests.people import TEXT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "bridge.txt"
    path.write_text("\n\n".join(text for _kind, text in TEXT), encoding="utf-8")
    return path


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_article", *arguments, stdout=out)
    return out.getvalue()


def test_it_prints_the_id_of_the_article_and_nothing_else(team: Team, checker: User, file: Path) -> None:
    printed = run(str(file), "--team", "ledger", "--as", "IFEOMA@ledger.example")
    article = Article.objects.get()
    assert printed == f"{article.pk}\n"
    assert article.title == TEXT[0][1]
    assert TEXT[2][1] in article.latest_version().text
    assert Act.objects.in_stream(article.stream).get().actor_id == checker.pk


def test_a_title_of_its_own_takes_the_place_of_the_one_found(team: Team, checker: User, file: Path) -> None:
    run(str(file), "--team", "ledger", "--as", checker.email, "--title", "Box 212")
    assert Article.objects.get().title == "Box 212"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--team", "gazette", "--as", "ifeoma@ledger.example"], "no team gazette"),
        (["--team", "ledger", "--as", "nobody@ledger.example"], "Nobody signs in as nobody@ledger.example"),
        (["--team", "ledger", "--as", "youssef@ledger.example"], "takes the role Checker"),
        (["--team", "ledger", "--as", "ken@post.example"], "Only members of the team"),
        (["--team", "ledger", "--as", "ifeoma@ledger.example", "--title", "x" * 501], "--title: Shorten this"),
        (["--team", "ledger", "--as", "ifeoma@ledger.example", "--url", "javascript:1"], "--url: Give the whole"),
    ],
)
def test_who_may_not_and_what_cannot_be_is_said_in_one_line(
    team: Team, checker: User, viewer: User, outsider: User, file: Path, arguments: list[str], said: str
) -> None:
    with pytest.raises(CommandError, match=said) as refused:
        run(str(file), *arguments)
    assert "\n" not in str(refused.value)
    assert not Article.objects.exists()


def test_a_file_that_is_not_there_or_no_text_is_refused(team: Team, checker: User, tmp_path: Path) -> None:
    member = ("--team", "ledger", "--as", checker.email)
    with pytest.raises(CommandError, match="No such file"):
        run(str(tmp_path / "none.txt"), *member)
    scan = tmp_path / "scan.txt"
    scan.write_bytes(b"%PDF-1.7 \0\1\2")
    with pytest.raises(CommandError, match="PDF"):
        run(str(scan), *member)
    empty = tmp_path / "empty.md"
    empty.write_text(" \n")
    with pytest.raises(CommandError, match="no text"):
        run(str(empty), *member)
