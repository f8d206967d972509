"""Real work, done over again through the actions by a newsroom of nine: 94 texts, 678 claims, 3,305 pieces of evidence.

What has to come out is counted in tests/replay/expected.py from the data's own words.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import reduce
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.management import call_command

from claims.forms.evidence import AttachForm
from claims.models import Claim, Evidence, Source
from claims.reports import csv, html, pdf
from claims.trail.verify import verify
from claims.views.evidence import find
from tests import cluster
from tests.replay import readings
from tests.replay.expected import CONFLICT, SUPPORT, Counted, counted, refusals
from tests.replay.newsroom import Named, Newsroom, opened, work_on
from tests.replay.texts import Text, keepable, read

SET = (5, 32, 60, 83)  # the texts whose pdf is read: lists, long claims, many claims, and binary garbage for evidence


@pytest.fixture(scope="module")
def texts(shared_data: Path) -> list[Text]:
    return read(shared_data)


@pytest.fixture(scope="module")
def room(texts: list[Text], django_db_setup: None, django_db_blocker: Any) -> Iterator[Newsroom]:
    """The newsroom when all is done: committed, so that each act was sealed as in real life."""
    with django_db_blocker.unblock():
        try:
            room = opened("ledger")
            for text in texts:
                work_on(room, text)
            yield room
        finally:
            cluster.empty()


def raw(texts: list[Text]) -> list[dict[str, Any]]:
    return [text.raw for text in texts]


def total(counts: list[Counted]) -> Counted:
    return reduce(Counted.add, counts)


# --- the data, and what is made of it -------------------------------------------------------------------------------


def test_the_data_is_whole(texts: list[Text]) -> None:
    claims = [claim for text in texts for claim in text.claims]
    assert len(texts) == 94
    assert len(claims) == 678
    assert sum(len(claim.pieces) for claim in claims) == 3305
    assert len({address for claim in claims for address in claim.looked_at}) == 1445
    assert sum(line["revised_response"] != line["response"] for line in raw(texts)) == 61


def test_each_claim_stands_where_its_sentence_does(texts: list[Text]) -> None:
    """Word for word; where the data has a sentence in other words, in nearly the same."""
    reworded = 0
    for text in texts:
        sentences = [one["text"] for one in text.raw["sentences"].values() for _claim in one["claims"]]
        for claim, sentence in zip(text.claims, sentences, strict=True):
            said, stands = _letters(sentence), _letters(text.quote(claim))
            reworded += stands != said
            assert SequenceMatcher(None, said, stands, autojunk=False).ratio() > 0.9, (sentence, text.quote(claim))
        assert [claim.place.start for claim in text.claims] == sorted(claim.place.start for claim in text.claims)
    assert reworded == REWORDED


REWORDED = 21  # claims of sentences that the data has with a number, a name or a slip of the pen more or less


def _letters(words: str) -> str:
    return re.sub(r"\W", "", words).lower()


def test_words_that_no_row_can_hold_are_refused_by_the_form_until_they_are_taken_out(
    texts: list[Text], room: Newsroom
) -> None:
    claim = Claim.objects.get(article=room.articles[12], number=1)
    source = Source.objects.earliest("pk").pk
    found = [words for line in raw(texts) for words in _evidence(line) if "\0" in words]
    for words in found:
        sent = {"source": str(source), "stance": "context", "quote": words}
        assert "U+0000" in str(AttachForm(sent, claim=claim).errors["quote"])
        assert AttachForm(sent | {"quote": keepable(words)}, claim=claim).is_valid()
    assert len(found) == 2


def _evidence(line: dict[str, Any]) -> Iterator[str]:
    for sentence in line["sentences"].values():
        for words in sentence["auto_evidence"]:
            yield from words


# --- what came of it ------------------------------------------------------------------------------------------------


def test_the_gates_refuse_just_what_lacks_evidence(texts: list[Text], room: Newsroom) -> None:
    expected = {Named(*at): [missing] for at, missing in refusals(raw(texts)).items()}
    assert room.refused == expected
    assert Counter(missing for [missing] in expected.values()) == {SUPPORT: 168, CONFLICT: 87}


def test_what_was_refused_stays_open_with_its_evidence_and_all_else_is_decided(
    texts: list[Text], room: Newsroom
) -> None:
    numbers = {article.pk: number for number, article in room.articles.items()}
    by_status: dict[str, set[Named]] = {"open": set(), "decided": set()}
    for claim in Claim.objects.all():
        by_status[claim.status].add(Named(numbers[claim.article_id], claim.number))
        assert (claim.verdict is None) == (claim.status == "open")
    assert by_status["open"] == set(room.refused)
    assert len(by_status["decided"]) == 678 - 255
    assert Evidence.objects.count() == 3305
    assert Source.objects.count() == 1445


def test_reviewers_who_brought_what_it_rests_on_were_kept_from_deciding(texts: list[Text], room: Newsroom) -> None:
    """In every fifth text a reviewer brings the first piece; of three in turn, that one is asked first now and then."""
    refused = refusals(raw(texts))
    expected = {
        Named(text.number, number)
        for text in texts[4::5]
        for number, claim in enumerate(text.claims, 1)
        if number % 3 == 0 and claim.pieces and claim.pieces[0].stance != "context"
        if (text.number, number) not in refused
    }
    assert set(room.kept_from) == expected
    assert len(expected) > 10
    assert set(room.kept_from.values()) == {
        "You brought evidence that the verdict rests on, so somebody else decides on it."
    }


def test_every_report_counts_what_the_data_counts(texts: list[Text], room: Newsroom) -> None:
    whole = []
    for text in texts:
        content = room.reports[text.number].content
        expected = counted(text.raw)
        assert readings.from_json(content) == expected, text.number
        assert readings.from_csv(csv.render(content)) == expected, text.number
        assert readings.from_html(html.render(content)) == expected, text.number
        whole.append(expected)
    summed = total(whole)
    assert (summed.claims, summed.open, summed.stances.total()) == (678, 255, 3305)
    assert summed.decided == {"accurate": 304, "inaccurate": 72, "unprovable": 30, "not-checkable": 17}


def test_in_every_report_four_eyes_saw_each_decision(room: Newsroom) -> None:
    for report in room.reports.values():
        for claim in json.loads(report.content)["claims"]:
            brought = {piece["added_by"]["id"] for piece in claim["evidence"] if piece["stance"] != "context"}
            proposed = {ruling["by"]["id"] for ruling in claim["rulings"] if ruling["deed"] == "propose"}
            decided = {ruling["by"]["id"] for ruling in claim["rulings"] if ruling["deed"] == "decide"}
            assert len(proposed) == len(decided) == (claim["status"] == "decided")
            assert not decided & (brought | proposed)


def test_every_word_of_the_data_is_in_the_reports(texts: list[Text], room: Newsroom) -> None:
    for text in texts:
        document = json.loads(room.reports[text.number].content)
        addresses = {source["number"]: source["url"] for source in document["sources"]}
        assert document["article"]["title"] == text.title
        for told, claim in zip(document["claims"], text.claims, strict=True):
            evidence = [(addresses[piece["source"]], piece["quote"], piece["stance"]) for piece in told["evidence"]]
            assert evidence == [(piece.address, piece.quote, piece.stance) for piece in claim.pieces]
            assert told["statement"] == claim.statement
            assert [place["exact"] for place in told["anchors"]] == [text.quote(claim)]
            for ruling in told["rulings"]:
                assert {name: ruling[name] for name in claim.said} == claim.said


def test_corrected_texts_are_required_changes(texts: list[Text], room: Newsroom) -> None:
    corrected = {text.number for text in texts if text.raw["revised_response"] != text.raw["response"]}
    changed: Counter[int] = Counter()
    for number, report in room.reports.items():
        _before, _heading, rest = html.render(report.content).decode().partition("Required changes")
        section = rest.partition("The text, with its claims")[0]
        changed[number] = section.count("<li>")
        assert ("<ins>" in section) == (changed[number] > 0)
    assert sum(changed.values()) == 72
    assert set(+changed) < corrected


@pytest.mark.parametrize("number", SET)
def test_some_are_set_as_pdf_and_say_the_same(texts: list[Text], room: Newsroom, number: int) -> None:
    words = _words_of(pdf.render(room.reports[number].content))
    counts = counted(texts[number - 1].raw)
    assert f"{counts.claims}claimswerelogged:{counts.decided.total()}decided,{counts.open}not." in words
    for claim in texts[number - 1].claims:
        assert _run_together(claim.statement) in words
    for address in counts.sources:
        assert _run_together(address) in words


def _words_of(content: bytes) -> str:
    file = pypdfium2.PdfDocument(content)
    try:
        return _run_together("".join(page.get_textpage().get_text_bounded() for page in file))
    finally:
        file.close()


def _run_together(words: str) -> str:
    """Without blanks and line ends, which a reader's program guesses, and the hyphens that it takes for its own."""
    return re.sub("[\\s\x02\ufffe-]", "", words)


def test_a_pasted_address_finds_its_source_first(room: Newsroom) -> None:
    """The long ones, those that others begin like, and some of the rest."""
    every = sorted(room.register)
    tried = {address for address, after in pairwise(every) if after.startswith(address) or len(address) > 200}
    tried |= set(every[::40])
    missed = [
        address
        for address in tried
        if find(room.team, "source", address).sources[:1] != [room.register[address]]
        # two addresses that differ in capitals alone: the newer comes first
        and every.count(address) == [one.lower() for one in every].count(address.lower())
    ]
    assert missed == []
    assert len(tried) > 90


# --- the trail ------------------------------------------------------------------------------------------------------


def test_the_trail_of_it_all_verifies_and_is_replayed(room: Newsroom) -> None:
    verdict = verify()
    assert [str(fault) for fault in verdict.faults] == []
    assert verdict.streams == 95
    assert verdict.changes > 678 * 2 + 3305 * 2


def test_it_continues_what_a_report_says_that_was_kept_outside(room: Newsroom, tmp_path: Path) -> None:
    kept = tmp_path / "report.json"
    kept.write_bytes(room.reports[1].content)
    said = StringIO()
    call_command("verify_trail", "--against", str(kept), stdout=said)
    assert f"It continues what was kept outside: article:{room.articles[1].pk}" in said.getvalue()
