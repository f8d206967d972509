"""Issuing a report: what it freezes, when it is a new one, who may."""

import json
import threading
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from claims.actions import articles, claims, evidence, reports, sources, teams, verdicts
from claims.anchors import find
from claims.models import Act, Article, Claim, Head, Label, Report, ReportDocument, Source, Team, User
from claims.reports import document as documents
from claims.reports.build import build
from claims.roles import NotAllowed
from tests.people import log, support, verdict
from verify.database import as_owner


def issued(actor: User, article: Article) -> tuple[Report, documents.Document]:
    report = reports.issue_report(actor=actor, article=article)
    return report, documents.read(report.content)


def test_a_report_freezes_the_article_its_claims_and_what_was_ruled(decided: Claim, viewer: User) -> None:
    report, document = issued(viewer, decided.article)
    assert report.number == 1
    assert report.issued_by == viewer
    assert report.sha256 == documents.sha256(report.content)
    assert report.size == len(report.content)
    assert document["article"]["title"] == decided.article.title
    assert document["version"]["sha256"] == report.version.sha256
    assert document["counts"]["by_status"]["decided"] == 1
    assert [tally for tally in document["counts"]["by_verdict"] if tally["claims"]] == [
        {"meaning": "accurate", "name": "Verified", "claims": 1}
    ]
    (claim,) = document["claims"]
    assert claim["anchors"][0]["exact"] == "puts the bill at £31.4 million"
    assert [ruling["deed"] for ruling in claim["rulings"]] == ["propose", "decide"]
    assert claim["rulings"][1]["answers"] == 1
    assert claim["rulings"][1]["four_eyes"] is True
    assert claim["supports"] == {"sources": 1, "origins": 1, "unknown": 0, "none": 0}
    assert claim["evidence"][0]["added_by"]["name"] == "Ifeoma Brandt"


def test_it_names_everybody_who_worked_on_it_and_what_they_did(decided: Claim, viewer: User) -> None:
    _report, document = issued(viewer, decided.article)
    assert [(person["name"], person["role"], person["did"]) for person in document["people"]] == [
        ("Ifeoma Brandt", "checker", ["brought", "imported", "logged", "proposed"]),
        ("Tomasz Wilk", "reviewer", ["decided"]),
    ]


def test_it_holds_the_heads_of_both_streams_before_its_own_act(decided: Claim, viewer: User) -> None:
    before = {head.stream: (head.seq, bytes(head.hash).hex()) for head in Head.objects.all()}
    _report, document = issued(viewer, decided.article)
    assert {head["stream"]: (head["seq"], head["hash"]) for head in document["heads"]} == before
    (own,) = Act.objects.in_stream(decided.article.stream).newest_first()[:1]
    assert own.verb == "report.issue"
    last = max(act.at for act in Act.objects.exclude(act=own.act))
    assert document["as_of"] == last.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def test_nothing_changed_gives_the_same_report_and_no_act(decided: Claim, viewer: User, reviewer: User) -> None:
    first, _document = issued(viewer, decided.article)
    acts = Act.objects.count()
    again, _document = issued(reviewer, decided.article)
    assert again == first
    assert Act.objects.count() == acts


def test_a_change_gives_the_next_number(claim: Claim, checker: User, viewer: User) -> None:
    issued(viewer, claim.article)
    support(claim, checker)
    report, document = issued(viewer, claim.article)
    assert (report.number, document["number"]) == (2, 2)


@pytest.mark.parametrize("part", ["title", "policy", "scale", "role", "source", "statement"])
def test_whatever_a_report_shows_is_a_change(
    part: str, decided: Claim, admin: User, checker: User, viewer: User, team: Team
) -> None:
    first, _document = issued(viewer, decided.article)
    if part == "title":
        articles.edit_article(actor=checker, article=decided.article, title="Another title")
    elif part == "policy":
        teams.change_policy(actor=admin, team=team, reason="A desk of one", four_eyes=False)
    elif part == "scale":
        label = Label.objects.in_force().first()
        assert label is not None
        verdicts.relabel(actor=admin, label=label, name="Holds", explanation="")
    elif part == "role":
        membership = checker.memberships.get()
        teams.change_roles(actor=admin, team=team, roles={membership.pk: "reviewer"}, opened={membership.pk: 1})
    elif part == "source":
        sources.edit_source(actor=checker, source=Source.objects.get(), publisher="Somebody else")
    else:
        claims.edit_claim(actor=checker, claim=decided, statement="Said anew")
    second, _document = issued(viewer, decided.article)
    assert second.number == first.number + 1


def test_an_act_on_another_article_is_no_change(decided: Claim, checker: User, viewer: User, team: Team) -> None:
    first, _document = issued(viewer, decided.article)
    articles.import_article(actor=checker, team=team, blocks=[("paragraph", "Another.")], title="Another")
    again, _document = issued(viewer, decided.article)
    assert again == first


def test_retracted_evidence_and_withdrawn_claims_stay_listed_with_their_reason(
    claim: Claim, checker: User, viewer: User
) -> None:
    piece = support(claim, checker)
    evidence.retract(actor=checker, evidence=piece, reason="Out of date")
    claim.refresh_from_db()
    verdicts.withdraw(actor=checker, claim=claim, reason="Cut")
    _report, document = issued(viewer, claim.article)
    (told,) = document["claims"]
    assert (told["status"], told["reason"]) == ("withdrawn", "Cut")
    retracted = told["evidence"][0]["retracted"]
    assert retracted is not None
    assert retracted["reason"] == "Out of date"
    assert told["supports"]["sources"] == 0


def test_a_decision_with_four_eyes_off_says_so(claim: Claim, admin: User, reviewer: User, team: Team) -> None:
    teams.change_policy(actor=admin, team=team, reason="A desk of one", four_eyes=False)
    support(claim, reviewer)
    claim.refresh_from_db()
    verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
    _report, document = issued(reviewer, claim.article)
    assert document["policy"]["four_eyes"] is False
    assert [ruling.get("four_eyes") for ruling in document["claims"][0]["rulings"]] == [None, False]


def test_a_retired_label_stays_in_the_scale_while_a_ruling_bears_it(decided: Claim, admin: User, viewer: User) -> None:
    label = Label.objects.get(pk=decided.verdict_id)
    verdicts.relabel(actor=admin, label=label, name="Holds", explanation="")
    other = Label.objects.in_force().get(meaning="disputed")
    verdicts.relabel(actor=admin, label=other, name="Contested", explanation="")
    _report, document = issued(viewer, decided.article)
    scale = {label["name"]: label["retired"] for label in document["policy"]["scale"]}
    assert scale["Verified"] is True
    assert scale["Holds"] is False
    assert "Disputed" not in scale


def test_a_stranger_may_not_issue(decided: Claim, outsider: User) -> None:
    with pytest.raises(NotAllowed):
        reports.issue_report(actor=outsider, article=decided.article)
    assert not Report.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_erased_report_is_not_given_again(decided: Claim, viewer: User) -> None:
    first, _document = issued(viewer, decided.article)
    assert first.content
    with as_owner():
        ReportDocument.objects.filter(report=first).delete()
    second, _document = issued(viewer, decided.article)
    assert second.number == 2


def test_the_number_of_queries_is_the_same_for_any_number_of_claims(
    article: Article, checker: User, reviewer: User, team: Team
) -> None:
    counts = []
    for quote in ("closed the bridge", "eleven months", "first estimate", "Nobody knows"):
        support(log(article, checker, quote), checker, title=f"About {quote}")
        with CaptureQueriesContext(connection) as queries:
            build(article)
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 20


def test_the_trail_verifies_against_a_report_kept_outside(decided: Claim, viewer: User, tmp_path: Path) -> None:
    report, _document = issued(viewer, decided.article)
    kept = tmp_path / "report.json"
    kept.write_bytes(report.content)
    out = StringIO()
    call_command("verify_trail", "--against", str(kept), stdout=out)
    assert out.getvalue()
    kept.write_bytes(json.dumps({"heads": [{"stream": decided.article.stream, "seq": 1, "hash": "00" * 32}]}).encode())
    with pytest.raises(SystemExit):
        call_command("verify_trail", "--against", str(kept), stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db(transaction=True)
def test_exports_at_once_get_one_report(decided: Claim, viewer: User) -> None:
    numbers: list[int] = []

    def export() -> None:
        try:
            numbers.append(reports.issue_report(actor=viewer, article=decided.article).number)
        finally:
            connection.close()

    threads = [threading.Thread(target=export) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [1] * 8
    assert Report.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_exports_amid_changes_get_consecutive_numbers(article: Article, checker: User, viewer: User) -> None:
    numbers: list[int] = []
    text = article.latest_version().text

    def work(deed: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            try:
                deed()
            finally:
                connection.close()

        return run

    def export() -> None:
        numbers.append(reports.issue_report(actor=viewer, article=article).number)

    def log_one(start: int) -> Callable[[], object]:
        span = find(text, text[start : start + 12])[0]
        return lambda: claims.log_claim(actor=checker, article=article, places=[span], statement=f"At {start}")

    deeds = [deed for start in range(0, 60, 10) for deed in (log_one(start), export)]
    threads = [threading.Thread(target=work(deed)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(numbers) == 6
    assert sorted(set(numbers)) == list(range(1, max(numbers) + 1))
    for report in Report.objects.all():
        document = documents.read(report.content)
        head = next(head for head in document["heads"] if head["stream"] == article.stream)
        covered = Act.objects.filter(stream=article.stream, seq__lte=head["seq"])
        assert sum(1 for act in covered if act.verb == "claim.log") == len(document["claims"])
