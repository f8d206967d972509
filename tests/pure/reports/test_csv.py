"""csv: a table that any spreadsheet opens, in which no cell is a formula, and none is lost."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claims.reports import csv as csv_report
from claims.reports import document as documents
from claims.reports.document import Document
from tests.pure.reports import nasty, sample

WORDS = ("quote", "statement", "said_by", "reported_by", "status_reason", "source_title", "publisher", "url",
         "source_quote", "locator", "note")  # fmt: skip
STARTERS = "=+-@\t\r＝＋－＠"


def table(document: Document) -> list[dict[str, str]]:
    """The table as a program reads it, guards still on."""
    text = csv_report.render(documents.canonical(document)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


@given(st.text())
def test_the_guard_can_be_taken_off_any_text(words: str) -> None:
    assert csv_report.unguard(csv_report.guard(words)) == words


@given(st.text(alphabet=" \t\r\n'=+-@＝＋－＠\ufeffa1"))
def test_no_guarded_text_begins_with_what_a_spreadsheet_runs(words: str) -> None:
    guarded = csv_report.guard(words)
    assert not guarded.lstrip(" \n\r\t\ufeff\u200b").startswith(tuple(STARTERS))


CUTS = ";\t|,"


@given(st.text(alphabet=" ;,\t|\r\n\"'=+-@＝a1"))
def test_the_guard_within_a_text_can_be_taken_off(words: str) -> None:
    assert csv_report.unguard(csv_report.guard(words)) == words


@pytest.mark.parametrize("cut", CUTS)
@given(words=st.text(alphabet=" ;,\t|\r\n\"'=@a1"))
@example(words="He said;=HYPERLINK(A1)")
@example(words="said\n=cmd|' /C calc'!A0")
@example(words='";=1+1')
def test_no_cell_is_a_formula_wherever_a_spreadsheet_cuts(cut: str, words: str) -> None:
    text = csv_report.render(documents.canonical(sample.with_words(words))).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=cut):
        for cell in row:
            assert not cell.lstrip(' \n\r\t"').startswith(tuple(STARTERS)), (words, cell)


def test_plain_words_are_left_alone() -> None:
    for words in ("", "Kingsmill Bridge", "£9.8 million", "2023-03-01", "“quoted”", "1 - 2", "a=b", "so, a “b”; c"):
        assert csv_report.guard(words) == words


def test_each_piece_of_evidence_has_a_row_with_its_claim_beside_it() -> None:
    document = sample.document(4)
    rows = table(document)
    assert [(row["claim"], row["evidence"]) for row in rows[:4]] == [("1", "E1"), ("1", "E2"), ("1", "E3"), ("2", "E1")]
    assert rows[0]["verdict"] == "Verified"
    assert rows[0]["decided_by"] == "Tomasz Wilk"
    assert rows[0]["source"] == "S3"
    assert rows[0]["source_title"] == "Traffic regulation order 2023/3"


def test_a_claim_without_evidence_has_one_row() -> None:
    document = sample.document(2)
    document["claims"][0]["evidence"] = []
    rows = [row for row in table(document) if row["claim"] == "1"]
    assert [(row["evidence"], row["statement"]) for row in rows] == [("", document["claims"][0]["statement"])]


def test_every_row_says_which_text_policy_and_trail_it_is_of() -> None:
    document = sample.document(6)
    of_all = ("as_of", "text_sha256", "policy_four_eyes", "policy_high_risk_origins", "article_act", "article_hash",
              "team_act", "team_hash")  # fmt: skip
    told = {tuple(row[name] for name in of_all) for row in table(document)}
    assert told == {(sample.AT, "8c1f40aa" * 8, "on", "2", "63", "9f27c1d0" * 8, "12", "0377e07d" * 8)}


def test_a_decision_without_four_eyes_says_so() -> None:
    rows = table(sample.document(2))
    assert {row["claim"]: row["four_eyes"] for row in rows} == {"1": "on", "2": "off"}


def test_retracted_evidence_says_when_by_whom_and_why() -> None:
    retracted = [row for row in table(sample.document(6)) if row["retracted_at"]]
    assert [(row["claim"], row["evidence"], row["retracted_by"]) for row in retracted] == [("5", "E1", "Tomasz Wilk")]
    assert retracted[0]["retraction_reason"] == "The page was withdrawn by its publisher."


def test_it_is_rfc_4180_in_utf_8_with_a_byte_order_mark() -> None:
    content = csv_report.render(documents.canonical(sample.document(1)))
    assert content.startswith('\ufeff"report",'.encode())
    assert content.endswith(b'"\r\n')


def came_out(words: str) -> None:
    row = table(sample.with_words(words))[0]
    for name in WORDS:
        assert csv_report.unguard(row[name]) == words, name
        assert not row[name].startswith(tuple(STARTERS)), name


def test_nasty_strings_come_out_after_the_guard_is_taken_off() -> None:
    for words in nasty.NASTY:
        came_out(words)


def test_naughty_strings_come_out_after_the_guard_is_taken_off() -> None:
    for words in nasty.naughty_strings():
        came_out(words)
