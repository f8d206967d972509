"""Quotes are found and kept in a text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims import anchors
from claims.anchors import Span

TEXT = "Headline\nThe council said “yes” — twice. The council said it again."


def words(spans: list[Span], text: str = TEXT) -> list[str]:
    return [text[span.start : span.end] for span in spans]


def test_every_place_of_a_quote_is_found_in_order() -> None:
    assert words(anchors.find(TEXT, "The council said")) == ["The council said"] * 2


def test_plain_quotes_dashes_and_white_space_find_the_typesetters() -> None:
    assert words(anchors.find(TEXT, 'said "yes" -  twice')) == ["said “yes” — twice"]
    assert words(anchors.find(TEXT, "Headline The council")) == ["Headline\nThe council"]


def test_letters_must_match() -> None:
    assert anchors.find(TEXT, "the Council") == []
    assert anchors.find(TEXT, " ") == []


def test_overlapping_places_are_all_found() -> None:
    assert anchors.find("aaa", "aa") == [Span(0, 2), Span(1, 3)]


def test_characters_outside_the_basic_plane_count_one() -> None:
    assert anchors.find("𝒳𝒴 sum", "sum") == [Span(3, 6)]


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 4), (-1, 3), (0, 10_000)])
def test_a_place_outside_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no such place"):
        anchors.select(TEXT, start, end)


@given(st.text(min_size=1), st.data())
def test_a_selector_holds_in_the_text_it_was_made_of(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    selector = anchors.select(text, start, end)
    assert anchors.holds(text, selector)
    assert text[: selector.start].endswith(selector.prefix)
    assert text[selector.end :].startswith(selector.suffix)
    if selector.exact.strip() == selector.exact:
        assert Span(start, end) in anchors.find(text, selector.exact)


def test_what_stands_around_tells_places_apart() -> None:
    second = anchors.find(TEXT, "The council said")[1]
    before, after = anchors.around(TEXT, second)
    assert before.endswith("twice. ")
    assert after == " it again."
