"""The report page, its export, and the files."""

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.actions import reports
from claims.models import Article, Claim, Report, ReportDocument, User
from claims.reports import document as documents
from tests.people import log, support
from verify.database import as_owner

As = Callable[[User], Client]


def page(article: Article) -> str:
    return reverse("report", args=[article.pk])


def file(report: Report, kind: str) -> str:
    return reverse("report_file", args=[report.article_id, report.number, kind])


def test_the_preview_shows_todays_state_and_no_report_yet(as_: As, viewer: User, decided: Claim) -> None:
    answer = as_(viewer).get(page(decided.article))
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Verification report, today’s state" in text
    assert "No report has been issued yet." in text
    assert "1 claim was logged: 1 decided, 0 not." in text
    assert not Report.objects.exists()


def test_export_issues_a_report_and_shows_its_formats(as_: As, viewer: User, decided: Claim) -> None:
    answer = as_(viewer).post(page(decided.article), follow=True)
    report = Report.objects.get()
    assert answer.redirect_chain == [(page(decided.article), 302)]
    text = answer.content.decode()
    assert "Report 1 is issued" in text
    for kind in ("html", "pdf", "csv", "json"):
        assert file(report, kind) in text


def test_export_of_the_same_state_says_that_the_last_report_stands(as_: As, viewer: User, decided: Claim) -> None:
    client = as_(viewer)
    client.post(page(decided.article))
    answer = client.post(page(decided.article), follow=True)
    assert "Nothing has changed since report 1: it still stands." in answer.content.decode()
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "media", "begins"),
    [
        ("html", "text/html; charset=utf-8", b"<!doctype html>"),
        ("pdf", "application/pdf", b"%PDF-1.7"),
        ("csv", "text/csv; charset=utf-8; header=present", b"\xef\xbb\xbf"),
        ("json", "application/json", b"{"),
    ],
)
def test_each_format_is_an_attachment_that_runs_nothing(
    kind: str, media: str, begins: bytes, as_: As, viewer: User, decided: Claim
) -> None:
    report = reports.issue_report(actor=viewer, article=decided.article)
    answer = as_(viewer).get(file(report, kind))
    assert answer.status_code == 200
    assert answer["Content-Type"] == media
    assert answer["Content-Disposition"] == (
        f'attachment; filename="kingsmill-bridge-repair-now-to-cost-314-million-report-1.{kind}"'
    )
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(begins)
    assert as_(viewer).get(file(report, kind)).content == answer.content


def test_json_is_the_record_itself(as_: As, viewer: User, decided: Claim) -> None:
    report = reports.issue_report(actor=viewer, article=decided.article)
    assert documents.sha256(as_(viewer).get(file(report, "json")).content) == report.sha256


def test_an_issued_report_stays_as_it_was_while_work_goes_on(
    as_: As, viewer: User, checker: User, claim: Claim
) -> None:
    report = reports.issue_report(actor=viewer, article=claim.article)
    before = {kind: as_(viewer).get(file(report, kind)).content for kind in ("html", "pdf", "csv", "json")}
    support(claim, checker)
    log(claim.article, checker, "Nobody knows")
    assert {kind: as_(viewer).get(file(report, kind)).content for kind in before} == before
    rows = list(csv.DictReader(io.StringIO(before["csv"].decode("utf-8-sig"))))
    assert [row["claim"] for row in rows] == ["1"]


@pytest.mark.parametrize("kind", ["docx", "xlsx", "zip", "HTML", "py"])
def test_other_formats_do_not_exist(kind: str, as_: As, viewer: User, decided: Claim) -> None:
    report = reports.issue_report(actor=viewer, article=decided.article)
    assert as_(viewer).get(file(report, kind)).status_code == 404


def test_a_number_that_was_not_issued_does_not_exist(as_: As, viewer: User, decided: Claim) -> None:
    for number in (1, 99, 10**30):
        assert as_(viewer).get(reverse("report_file", args=[decided.article_id, number, "html"])).status_code == 404


def test_another_teams_reports_do_not_exist(
    as_: As, viewer: User, outsider: User, other_team: object, decided: Claim
) -> None:
    report = reports.issue_report(actor=viewer, article=decided.article)
    client = as_(outsider)
    assert client.get(page(decided.article)).status_code == 404
    assert client.post(page(decided.article)).status_code == 404
    assert client.get(file(report, "json")).status_code == 404
    assert Report.objects.count() == 1


def test_who_is_signed_out_is_sent_to_sign_in(client: Client, viewer: User, decided: Claim) -> None:
    report = reports.issue_report(actor=viewer, article=decided.article)
    for address in (page(decided.article), file(report, "pdf")):
        answer = client.get(address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/?next=")


def test_files_are_read_only(as_: As, viewer: User, decided: Claim) -> None:
    report = reports.issue_report(actor=viewer, article=decided.article)
    assert as_(viewer).post(file(report, "html")).status_code == 405
    assert as_(viewer).put(page(decided.article)).status_code == 405


@pytest.mark.django_db(transaction=True)
def test_an_erased_report_says_so_and_keeps_number_and_hash(as_: As, viewer: User, decided: Claim) -> None:
    report = reports.issue_report(actor=viewer, article=decided.article)
    with as_owner():
        ReportDocument.objects.all().delete()
    answer = as_(viewer).get(file(report, "html"))
    assert answer.status_code == 410
    assert report.sha256 in answer.content.decode()


def test_the_page_takes_the_same_queries_for_any_number_of_claims(
    as_: As, viewer: User, checker: User, article: Article
) -> None:
    client, counts = as_(viewer), []
    for quote in ("closed the bridge", "eleven months", "first estimate"):
        support(log(article, checker, quote), checker, title=f"About {quote}")
        with CaptureQueriesContext(connection) as queries:
            client.get(page(article))
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1
    assert counts[-1] <= 30
