"""The frozen document: canonical bytes, fingerprint, and what counts as a change."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
import rfc8785

from claims.reports import csv as csv_report
from claims.reports import document as documents
from claims.reports import json as json_report
from tests.pure.reports import nasty, sample

ROOT = Path(__file__).resolve().parents[3]
VECTORS = ("arrays", "french", "structures", "unicode", "values", "weird")


@pytest.mark.parametrize("name", VECTORS)
def test_canonical_json_is_that_of_rfc_8785(name: str) -> None:
    folder: Path = nasty.shared("vectors/jcs/testdata")
    given = json.loads((folder / "input" / f"{name}.json").read_bytes())
    expected = (folder / "output" / f"{name}.json").read_bytes()
    assert rfc8785.dumps(given) == expected.rstrip(b"\n")


def test_equal_documents_have_equal_bytes_whatever_the_order_of_their_keys() -> None:
    document = sample.document()
    turned = dict(reversed(list(document.items())))
    assert documents.canonical(document) == documents.canonical(turned)  # type: ignore[arg-type]


def test_bytes_are_read_back_as_the_same_document() -> None:
    document = sample.document()
    assert documents.read(documents.canonical(document)) == document


def test_json_is_the_stored_bytes_so_that_their_hash_is_the_reports() -> None:
    content = documents.canonical(sample.document())
    assert json_report.render(content) == content
    assert documents.sha256(json_report.render(content)) == documents.sha256(content)


def test_number_time_and_heads_are_no_change_of_state() -> None:
    document = sample.document()
    later = copy.deepcopy(document)
    later |= {"number": 4, "as_of": "2027-01-01T00:00:00.000000Z", "heads": []}
    assert documents.state(later) == documents.state(document)
    assert documents.canonical(later) != documents.canonical(document)


def test_any_word_of_a_claim_is_a_change_of_state() -> None:
    document = sample.document()
    other = copy.deepcopy(document)
    other["claims"][2]["statement"] += " "
    assert documents.state(other) != documents.state(document)


def test_nasty_strings_come_out_of_json_as_they_went_in() -> None:
    for words in nasty.NASTY:
        content = json_report.render(documents.canonical(sample.with_words(words)))
        assert json.loads(content)["claims"][0]["statement"] == words


def test_naughty_strings_come_out_of_json_as_they_went_in() -> None:
    for words in nasty.naughty_strings():
        content = json_report.render(documents.canonical(sample.with_words(words)))
        assert json.loads(content)["claims"][0]["evidence"][0]["quote"] == words


def test_every_key_of_the_document_and_every_column_of_the_csv_is_documented() -> None:
    told = set(re.findall(r"`([a-z_0-9]+)`", (ROOT / "docs/report.md").read_text()))
    assert set(csv_report.COLUMNS) <= told
    assert keys_of(sample.document()) - {"decided", "proposed", "open", "recheck", "withdrawn"} <= told


def keys_of(value: Any) -> set[str]:
    """Every key that stands anywhere in the document."""
    if isinstance(value, dict):
        return set(value).union(*(keys_of(part) for part in value.values()))
    return set().union(*(keys_of(part) for part in value)) if isinstance(value, list) else set()
