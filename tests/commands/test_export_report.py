"""export_report: the same report from the command line."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.models import Article, Claim, Report, User
from claims.reports import document as documents


def export(article: Article, path: Path, kind: str = "json", email: str = "youssef@ledger.example") -> str:
    out = StringIO()
    call_command("export_report", str(article.pk), "--format", kind, "--output", str(path), "--as", email, stdout=out)
    return out.getvalue()


def test_it_issues_the_report_and_says_what_it_wrote(decided: Claim, viewer: User, tmp_path: Path) -> None:
    said = export(decided.article, tmp_path / "report.json")
    report = Report.objects.get()
    content = (tmp_path / "report.json").read_bytes()
    assert documents.sha256(content) == report.sha256
    assert report.issued_by == viewer
    assert f"Report 1 written to {tmp_path / 'report.json'} ({report.size} bytes;" in said
    assert f"record sha256 {report.sha256})." in said


def test_every_format_is_written_of_the_same_report(decided: Claim, viewer: User, tmp_path: Path) -> None:
    for kind, begins in (("html", b"<!doctype"), ("pdf", b"%PDF"), ("csv", b"\xef\xbb\xbf"), ("json", b"{")):
        export(decided.article, tmp_path / f"report.{kind}", kind)
        assert (tmp_path / f"report.{kind}").read_bytes().startswith(begins)
    assert Report.objects.count() == 1


def test_a_file_that_exists_is_replaced(decided: Claim, viewer: User, tmp_path: Path) -> None:
    (tmp_path / "report.json").write_text("old")
    export(decided.article, tmp_path / "report.json")
    assert (tmp_path / "report.json").read_bytes().startswith(b"{")


def test_nobodys_address_is_refused(decided: Claim, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"Nobody signs in as who@ledger\.example\."):
        export(decided.article, tmp_path / "report.json", email="who@ledger.example")


def test_an_article_of_another_team_does_not_exist(
    decided: Claim, outsider: User, other_team: object, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="is in no team with an article"):
        export(decided.article, tmp_path / "report.json", email=outsider.email)
    assert not Report.objects.exists()


def test_a_folder_that_is_not_there_is_said_before_anything_is_issued(
    decided: Claim, viewer: User, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="There is no folder"):
        export(decided.article, tmp_path / "nowhere" / "report.json")
    assert not Report.objects.exists()


def test_a_place_that_cannot_be_written_is_said_with_the_report_that_stands(
    decided: Claim, viewer: User, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="Report 1 is issued, but could not be written"):
        export(decided.article, tmp_path)


def test_an_unknown_format_is_refused(decided: Claim, viewer: User, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        export(decided.article, tmp_path / "report.docx", "docx")
