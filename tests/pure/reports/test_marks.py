"""Cutting a text where claims begin and end."""

from hypothesis import given
from hypothesis import strategies as st

from claims.reports.marks import DEEPEST, Place, cut

TEXT = "The council closed Kingsmill Bridge to lorries in March 2023, it promised a repair."


def test_a_text_without_claims_is_one_piece() -> None:
    assert [piece.text for piece in cut(TEXT, 0, len(TEXT), [])] == [TEXT]


def test_nested_claims_nest() -> None:
    pieces = cut("abcdef", 0, 6, [Place(0, 6, 1), Place(2, 4, 2)])
    assert [(piece.text, piece.claims, piece.begins) for piece in pieces] == [
        ("ab", (1,), (1,)),
        ("cd", (1, 2), (2,)),
        ("ef", (1,), ()),
    ]


def test_overlapping_claims_are_cut_where_the_outer_one_ends() -> None:
    pieces = cut("abcdef", 0, 6, [Place(0, 4, 1), Place(2, 6, 2)])
    assert [(piece.text, piece.claims) for piece in pieces] == [("ab", (1,)), ("cd", (1, 2)), ("ef", (2,))]


def test_claims_on_the_same_words_both_show_their_number() -> None:
    (piece,) = cut("abc", 0, 3, [Place(0, 3, 1), Place(0, 3, 2)])
    assert piece.begins == (1, 2)


def test_a_claim_that_crosses_blocks_goes_on_without_its_number() -> None:
    pieces = cut("abc\ndef", 4, 7, [Place(1, 6, 1)])
    assert [(piece.text, piece.claims, piece.begins) for piece in pieces] == [("de", (1,), ()), ("f", (), ())]


places = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40), st.integers(1, 9)), max_size=12)


@given(places)
def test_the_pieces_joined_are_the_text_and_every_claim_begins_once(drawn: list[tuple[int, int, int]]) -> None:
    given_places = [Place(start, min(start + width, len(TEXT)), number) for start, width, number in drawn]
    pieces = cut(TEXT, 0, len(TEXT), given_places)
    assert "".join(piece.text for piece in pieces) == TEXT
    assert all(len(piece.claims) <= DEEPEST for piece in pieces)
    begun = {number for piece in pieces for number in piece.begins}
    assert begun == {place.claim for place in given_places}
