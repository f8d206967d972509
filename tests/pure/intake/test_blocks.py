"""Lines into blocks."""

from claims.intake.blocks import split


def blocks(text: str, markdown: bool = False) -> list[tuple[str, str]]:
    return [(block.markup, block.text) for block in split(text, markdown)]


WRAPPED = """\
When Wexcombe City Council closed Kingsmill Bridge to lorries in
March 2023, it promised a repair that would take eleven months and
cost 9.8 million pounds. A nuisance, not a saga, the leaflet said.

Forty-four months later the bridge is still shut to anything over
3.5 tonnes, and the figure on the works board has been painted over
twice.
"""


def test_lines_wrapped_at_a_width_are_joined_by_a_space() -> None:
    assert len(blocks(WRAPPED)) == 2
    assert " ".join(text for _markup, text in blocks(WRAPPED)).split() == WRAPPED.split()


def test_an_indent_begins_a_paragraph_in_wrapped_text() -> None:
    assert len(blocks(WRAPPED.replace("\n\n", "\n  "))) == 2


def test_lines_that_are_paragraphs_stay_apart() -> None:
    text = "The first paragraph is short.\nThe second is a good deal longer than the first one was.\nWhy?\nThe end."
    assert [line for _markup, line in blocks(text)] == text.split("\n")


def test_verse_and_menus_stay_apart() -> None:
    text = "Home\nNews and views\nSport\nAbout the paper\nContact\nLetters to the editor\nWeather"
    assert len(blocks(text)) == 7


def test_lists_stay_apart_in_wrapped_text() -> None:
    assert len(blocks(WRAPPED + "- one of the two things\n- the other of the two\n")) == 4


def test_headings_and_quotes_are_told_by_their_signs_in_any_text() -> None:
    assert blocks("# Title here\n\n> Said so.\n\n#hashtag\n>none") == [
        ("heading", "Title here"),
        ("quote", "Said so."),
        ("", "#hashtag"),
        ("", ">none"),
    ]


def test_markdown_joins_what_it_calls_a_paragraph_and_leaves_inline_signs() -> None:
    text = "Title\n=====\n\nOne **bold**\nline.\n\n> Said\n> so.\n\n- a\n- b\n\n"
    text += "```\nx = 1\ny = 2\n```\n\n| a | b |\n| 1 | 2 |"
    assert blocks(text, markdown=True) == [
        ("heading", "Title"),
        ("marks", "====="),
        ("", "One **bold** line."),
        ("quote", "Said so."),
        ("", "- a"),
        ("", "- b"),
        ("marks", "```"),
        ("", "x = 1"),
        ("", "y = 2"),
        ("marks", "```"),
        ("", "| a | b |"),
        ("", "| 1 | 2 |"),
    ]
