"""verify_trail says in numbers that the trail holds, or names first what does not."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims.actions import claims, reports
from claims.models import Article, Claim, ReportDocument, Team, User
from verify.database import as_owner


def ran(*options: str) -> tuple[int, str, str]:
    """Exit status, and what it said on both outputs."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("verify_trail", *options, stdout=out, stderr=err)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@contextmanager
def unguarded() -> Iterator[None]:
    """As the owner, with the guards of three tables off."""
    tables = ("trail.act", "trail.change", "claims_claim", "trail.head")
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("; ".join(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables))
        yield
        cursor.execute("; ".join(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables))


def run(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.mark.django_db
def test_a_trail_that_holds_is_said_in_numbers(decided: Claim, other_team: Team) -> None:
    status, said, _err = ran()
    assert status == 0
    assert "The trail holds: " in said
    assert "3 streams" in said
    status, said, _err = ran("--article", str(decided.article_id))
    assert (status, "5 acts in 1 stream," in said) == (0, True)


@pytest.mark.django_db
def test_an_article_that_is_not_there_is_said(article: Article) -> None:
    with pytest.raises(CommandError, match="no article 999"):
        ran("--article", "999")


@pytest.mark.django_db(transaction=True)
def test_the_first_act_that_does_not_hold_is_named_with_its_verb_and_time(decided: Claim) -> None:
    stream = decided.article.stream
    with unguarded():
        run("UPDATE trail.act SET prev = sha256(prev) WHERE stream = %s AND seq >= 3", stream)
    status, out, err = ran()
    assert (status, out) == (1, "")
    first, *rest = err.strip().split("\n")
    assert first.startswith(f"The trail does not hold. First: {stream}, act 3 (evidence.attach, 20")
    assert "its contents do not give the hash it was sealed with" in first
    assert all(line.startswith(f"Also: {stream}, act") for line in rest)


@pytest.mark.django_db(transaction=True)
def test_a_row_changed_with_the_guards_off_is_named_with_the_act_it_no_longer_follows(decided: Claim) -> None:
    with unguarded():
        run("UPDATE claims_claim SET statement = 'Something else' WHERE id = %s", decided.pk)
    status, _out, err = ran("--article", str(decided.article_id))
    assert status == 1
    assert "act 5 (claim.decide, " in err
    assert f"claims_claim {decided.pk}: it is not as this act left it, but was changed without an act: statement" in err


@pytest.mark.django_db(transaction=True)
def test_a_report_kept_outside_finds_a_cut_end(decided: Claim, reviewer: User, checker: User, tmp_path: Path) -> None:
    kept, article = tmp_path / "report-1.json", decided.article
    reports.issue_report(actor=reviewer, article=article)
    kept.write_bytes(bytes(ReportDocument.objects.get().content))
    claims.edit_claim(actor=checker, claim=decided, said_by="Orme")
    status, said, _err = ran("--against", str(kept))
    assert status == 0
    assert f"It continues what was kept outside: {article.stream} 5" in said
    heads = json.loads(kept.read_text())["heads"]
    assert heads[0]["stream"] == article.stream
    with unguarded():
        run(
            "DELETE FROM trail.change WHERE act IN (SELECT id FROM trail.act WHERE stream = %s AND seq >= 5)",
            article.stream,
        )
        run("DELETE FROM trail.act WHERE stream = %s AND seq >= 5", article.stream)
    status, _out, err = ran("--against", str(kept))
    assert status == 1
    assert f"{article.stream}, act 5: the kept report covers this act, and it is gone" in err


@pytest.mark.django_db
def test_what_is_no_report_is_said(article: Article, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    with pytest.raises(CommandError, match="cannot be read"):
        ran("--against", str(other))
    other.write_text('{"title": "x"}')
    with pytest.raises(CommandError, match="no report of Galley"):
        ran("--against", str(other))
