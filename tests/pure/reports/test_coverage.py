"""What the report's fonts can print, and what stands for the rest."""

import pytest

from claims.reports import coverage


def test_the_table_is_what_the_font_files_have() -> None:
    assert coverage.table() == coverage.read_fonts()


def test_every_font_has_its_licence_beside_it() -> None:
    licences = {path.name for path in coverage.FONTS.glob("LICENSE-*.txt")}
    told = (coverage.FONTS / "README.md").read_text()
    for font in coverage.FONTS.glob("*.ttf"):
        assert font.name.split("-")[0].split("_")[0] in told, font.name
    assert all(licence in told for licence in licences)


def test_the_fonts_stay_moderate_in_size() -> None:
    assert sum(path.stat().st_size for path in coverage.FONTS.iterdir()) < 12_000_000


@pytest.mark.parametrize(
    "words",
    [
        *("Margit Sørensen", "łódź", "“quoted” – ¶ 3", "ليلى حداد", "中文한국어ひらがな"),
        *("ภาษาไทย", "हिन्दी", "👨‍👩‍👧", "é e\u0301", "a\nb"),
    ],
)
def test_what_newsrooms_write_is_printed_as_it_is(words: str) -> None:
    assert coverage.printable(words) == words


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("a\x00b", "a⟨U+0000⟩b"),
        ("\x1b[31m", "⟨U+001B⟩[31m"),
        ("\ue000", "⟨U+E000⟩"),
        ("\U000f0000", "⟨U+F0000⟩"),
        ("\u0378", "⟨U+0378⟩"),
        ("\ufeffx", "⟨U+FEFF⟩x"),
        ("\u202eevil", "⟨U+202E⟩evil"),
        ("a\u0591", "a⟨U+0591⟩"),
        ("𒐫", "⟨U+1242B⟩"),
    ],
)
def test_what_no_font_covers_is_shown_by_its_number(words: str, shown: str) -> None:
    assert coverage.printable(words) == shown


def test_line_ends_are_lf_and_a_tab_is_four_blanks() -> None:
    assert coverage.printable("a\r\nb\rc\td") == "a\nb\nc    d"


def test_the_last_resort_keeps_common_letters_alone() -> None:
    assert coverage.plain_only("Straße 中") == "Straße ⟨U+4E2D⟩"
