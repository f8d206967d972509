"""How a proposed wording differs from the words it replaces."""

from hypothesis import given
from hypothesis import strategies as st

from claims.reports.wording import IN, OUT, SAME, rewording


def test_what_stays_goes_and_comes_is_told_word_by_word() -> None:
    assert rewording("a repair of eleven months", "a repair of about ten months") == [
        (SAME, "a repair of "),
        (OUT, "eleven"),
        (IN, "about ten"),
        (SAME, " months"),
    ]


def test_another_text_altogether_stands_whole_beside_the_old() -> None:
    assert rewording("The piers were sound", "Drop the quote, or say what he knew in 2016") == [
        (OUT, "The piers were sound"),
        (IN, "Drop the quote, or say what he knew in 2016"),
    ]


@given(st.text(max_size=80), st.text(max_size=80))
def test_both_texts_can_be_read_off_the_pieces(old: str, new: str) -> None:
    pieces = rewording(old, new)
    assert "".join(text for kind, text in pieces if kind != IN) == old
    assert "".join(text for kind, text in pieces if kind != OUT) == new


def test_a_phrase_is_changed_as_a_whole_and_not_word_for_word() -> None:
    assert rewording("All gates can be closed in forty minutes", "All gates can be closed in an hour and a half") == [
        (SAME, "All gates can be closed in "),
        (OUT, "forty minutes"),
        (IN, "an hour and a half"),
    ]
