"""Marks nest, are cut where they must be, and never change the text."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from claims.views.highlights import Closes, Marked, Number, Opens, Place, Tie, Words, first_word, mark, names

TEXT = "The bridge cost £9.8 million in 2022."
WHOLE = [(0, len(TEXT))]


def place(claim: int, quote: str, text: str = TEXT, drawn: bool = True) -> Place:
    start = text.index(quote)
    return Place(claim, start, start + len(quote), drawn)


def drawing(marked: Marked) -> str:
    """Steps as a line: [5 opens, ] closes, <5> a number."""
    said = []
    for step in marked.steps:
        match step:
            case Opens(claim, name):
                said.append(f"[{claim}" if name else f"[{claim}…")
            case Closes():
                said.append("]")
            case Tie(numbers, text):
                said.append("".join(f"<{number.claim}>" for number in numbers) + text)
            case Words(text):
                said.append(text)
    return "".join(said)


def one(*places: Place) -> str:
    return drawing(mark(TEXT, WHOLE, places)[0])


def test_a_text_without_claims_is_its_words() -> None:
    assert mark(TEXT, WHOLE, []) == [Marked([Words(TEXT)], [])]


def test_a_number_stands_before_the_first_word_and_is_tied_to_it() -> None:
    steps = mark(TEXT, WHOLE, [place(5, "cost £9.8 million")])[0].steps
    assert steps == [
        Words("The bridge "),
        Opens(5, "c5"),
        Tie((Number(5, ""),), "cost"),
        Words(" £9.8 million"),
        Closes(5),
        Words(" in 2022."),
    ]


def test_nested_marks_nest() -> None:
    inner, outer = place(3, "£9.8 million"), place(2, "cost £9.8 million in")
    assert one(inner, outer) == "The bridge [2<2>cost [3<3>£9.8 million] in] 2022."


def test_an_overlap_is_cut_where_the_outer_mark_ends_and_goes_on_without_a_number() -> None:
    assert (
        one(place(5, "cost £9.8"), place(6, "£9.8 million")) == "The bridge [5<5>cost [6<6>£9.8]][6… million] in 2022."
    )


def test_of_marks_that_begin_together_the_longer_is_outside_and_their_numbers_stand_together() -> None:
    assert one(place(1, "cost"), place(2, "cost £9.8")) == "The bridge [2[1<2><1>cost] £9.8] million in 2022."


def test_two_claims_on_the_same_words_are_both_marked() -> None:
    assert one(place(8, "bridge"), place(9, "bridge")) == "The [8[9<8><9>bridge]] cost £9.8 million in 2022."


def test_of_many_claims_on_one_word_only_the_last_numbers_are_tied_to_it() -> None:
    steps = mark(TEXT, WHOLE, [place(claim, "bridge") for claim in range(1, 6)])[0].steps
    ties = [(len(step.numbers), step.text) for step in steps if isinstance(step, Tie)]
    assert ties == [(1, ""), (1, ""), (3, "bridge")]


def test_marks_that_touch_do_not_nest() -> None:
    assert one(place(1, "The "), place(2, "bridge")) == "[1<1>The ][2<2>bridge] cost £9.8 million in 2022."


def test_a_withdrawn_claim_leaves_its_number_and_no_mark() -> None:
    gone = mark(TEXT, WHOLE, [place(14, "bridge cost", drawn=False)])[0]
    assert drawing(gone) == "The <14>bridge cost £9.8 million in 2022."
    assert Tie((Number(14, "c14"),), "bridge") in gone.steps
    assert gone.begins == [14]


def test_a_claim_with_several_places_is_marked_in_each_and_its_id_is_given_once() -> None:
    found = names([Place(4, 20, 28), Place(4, 0, 3), Place(2, 0, 9), Place(4, 30, 31)])
    assert [name for _place, name in found] == ["c2", "c4", "c4-2", "c4-3"]


def test_a_place_across_blocks_is_cut_at_their_ends_and_numbered_in_the_first() -> None:
    text, spans = "One two\nthree\nfour five", [(0, 7), (8, 13), (14, 23)]
    blocks = mark(text, spans, [Place(1, 4, 18)])
    assert [drawing(block) for block in blocks] == ["One [1<1>two]", "[1…three]", "[1…four] five"]
    assert [block.begins for block in blocks] == [[1], [], []]


def test_a_place_that_holds_only_a_line_end_still_shows_its_number() -> None:
    blocks = mark("One\ntwo", [(0, 3), (4, 7)], [Place(1, 3, 4)])
    assert [drawing(block) for block in blocks] == ["One", "<1>two"]


def test_empty_blocks_stay_empty() -> None:
    blocks = mark("\na\n\nb", [(0, 0), (1, 2), (3, 3), (4, 5)], [Place(1, 0, 5)])
    assert [drawing(block) for block in blocks] == ["", "[1<1>a]", "", "[1…b]"]


def test_the_margin_lists_each_claim_once_in_the_order_of_the_text() -> None:
    places = [place(7, "million"), place(2, "The"), place(7, "2022"), place(3, "bridge", drawn=False)]
    assert mark(TEXT, WHOLE, places)[0].begins == [2, 3, 7]


def test_a_number_is_tied_to_a_word_but_never_to_a_whole_line() -> None:
    def tied(text: str) -> str:
        return text[: first_word(text)]

    assert tied("closed Kingsmill") == "closed"
    assert tied(" “The piers") == " “The"
    assert tied("https://example.org/a-very-long-address") == "https://example."
    assert tied("橋は2022年に") == "橋"
    assert tied("کشتی کا") == "کشتی"
    assert tied("e\u0301" * 20) == "e\u0301" * 8
    assert tied("👩‍👩‍👧‍👦 here") == "👩‍👩‍👧‍👦"
    assert tied("") == ""
    assert tied("  ") == "  "


# --- whatever the places ----------------------------------------------------------------------

WORDS = st.text(st.sampled_from("ab c\u0301👩\u200d🏽אب橋 <&\"'"), max_size=12)


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]], list[Place]]:
    """A text of blocks, and places anywhere in it, line ends included."""
    blocks = draw(st.lists(WORDS, min_size=1, max_size=6))
    text, spans, at = "\n".join(blocks), [], 0
    for block in blocks:
        spans.append((at, at + len(block)))
        at += len(block) + 1
    if not text:
        return text, spans, []
    edge = st.integers(0, len(text))
    stretches = st.tuples(edge, edge).filter(lambda pair: pair[0] != pair[1]).map(sorted)
    rows = draw(st.lists(st.tuples(st.integers(1, 9), stretches, st.booleans()), max_size=14))
    return text, spans, [Place(claim, low, high, drawn) for claim, (low, high), drawn in rows]


@given(pages())
def test_the_text_of_the_blocks_is_always_the_text(page: tuple[str, list[tuple[int, int]], list[Place]]) -> None:
    text, spans, places = page
    blocks = mark(text, spans, places)
    assert [block.text for block in blocks] == [text[start:end] for start, end in spans]
    assert "\n".join(block.text for block in blocks) == text


@given(pages())
def test_marks_always_close_in_the_order_they_opened(page: tuple[str, list[tuple[int, int]], list[Place]]) -> None:
    for block in mark(*page):
        depth: list[int] = []
        for step in block.steps:
            if isinstance(step, Opens):
                depth.append(step.claim)
            elif isinstance(step, Closes):
                assert depth.pop() == step.claim
        assert not depth
        assert not any(isinstance(a, Opens) and isinstance(b, Closes) for a, b in pairwise(block.steps))


@given(pages())
def test_the_words_of_every_place_are_inside_marks_of_its_claim_and_no_others_are(
    page: tuple[str, list[tuple[int, int]], list[Place]],
) -> None:
    text, spans, places = page
    for block, (at, _end) in zip(mark(text, spans, places), spans, strict=True):
        inside: list[int] = []
        for step in block.steps:
            if isinstance(step, Opens):
                inside.append(step.claim)
            elif isinstance(step, Closes):
                inside.pop()
            else:
                for position in range(at, at + len(step.text)):
                    here = {it.claim for it in places if it.drawn and it.start <= position < it.end}
                    assert set(inside) == here
                at += len(step.text)


@given(pages())
def test_every_place_has_its_number_and_its_id_once(page: tuple[str, list[tuple[int, int]], list[Place]]) -> None:
    text, spans, places = page
    steps = [step for block in mark(text, spans, places) for step in block.steps]
    numbers = [number for step in steps if isinstance(step, Tie) for number in step.numbers]
    assert sorted(number.claim for number in numbers) == sorted(it.claim for it in places)
    ids = [step.name for step in steps if isinstance(step, Opens) and step.name] + [
        number.name for number in numbers if number.name
    ]
    assert sorted(ids) == sorted(name for _place, name in names(places))
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"c\d+(-\d+)?", name) for name in ids)
