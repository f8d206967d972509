"""What may come in: characters, lengths, files."""

import pytest

from claims.intake import MAX_CHARACTERS, Unreadable, read_file, read_text


def texts(found: object) -> list[str]:
    return [block.text for block in found.blocks]  # type: ignore[attr-defined]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029"])
def test_every_line_end_parts_blocks_and_none_is_left_in_them(end: str) -> None:
    found = read_text(f"The first one.{end}{end}The second one.{end}")
    assert texts(found) == ["The first one.", "The second one."]


def test_text_inside_a_line_is_kept_as_typed() -> None:
    line = "Two  spaces,\ta tab, a\u00a0hard one, e\u0301 and \ufb01, \u200b, 👩\u200d🔬."
    assert texts(read_text(f"  {line} \n\nAnother.")) == [line, "Another."]


@pytest.mark.parametrize("nothing", ["", " \n\t\r\n\u2028 ", "\u3000"])
def test_a_text_without_a_visible_character_is_refused(nothing: str) -> None:
    with pytest.raises(Unreadable, match=r"no text in it.*Paste the article"):
        read_text(nothing)


def test_nul_and_half_characters_are_refused_with_their_line() -> None:
    with pytest.raises(Unreadable, match="NUL character in line 3"):
        read_text("One\r\n\r\nTw\0o")
    with pytest.raises(Unreadable, match="half of a character in line 2"):
        read_text("One\nTw\ud800o")


def test_too_long_a_text_is_told_by_how_much() -> None:
    read_text("a" * MAX_CHARACTERS)
    with pytest.raises(Unreadable, match=r"Too long by 1 character\. An article may have 500,000"):
        read_text("a" * (MAX_CHARACTERS + 1))
    with pytest.raises(Unreadable, match="Too long by 704,118 characters"):
        read_text("a" * 1_204_118)


def test_too_many_paragraphs_are_refused() -> None:
    with pytest.raises(Unreadable, match="Too many paragraphs: 20,001"):
        read_text("a\n" * 20_001)


def test_a_refusal_says_what_happened_and_what_to_do_apart() -> None:
    with pytest.raises(Unreadable) as refused:
        read_file("scan.pdf", b"%PDF-1.7")
    assert refused.value.heading == "scan.pdf is not a .txt or .md file"
    assert refused.value.advice == "Save it as plain text, or paste the text."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_files_in_the_usual_encodings_are_read(encoding: str) -> None:
    text = "Über die Brücke – „heute“ wie damals, für 3 €.\nUnd noch ein Satz."
    assert texts(read_file("Brücke.TXT", text.encode(encoding))) == text.split("\n")


def test_utf_16_of_the_other_order_is_read() -> None:
    assert texts(read_file("a.txt", b"\xfe\xff" + "Ein Satz.".encode("utf-16-be"))) == ["Ein Satz."]


@pytest.mark.parametrize(
    "content",
    [
        b"PK\x03\x04 a Word file",
        b"%PDF-1.7 text",
        b"{\\rtf1 text}",
        b"\x89PNG\r\n",
        b"text\x00text",
        bytes(range(1, 256)),
        "Новости из Москвы и области".encode("cp1251"),
        "本日のニュース".encode("shift-jis"),
        "text".encode("utf-32"),
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_text_is_refused_although_its_name_says_so(content: bytes) -> None:
    with pytest.raises(Unreadable, match=r"letter\.txt"):
        read_file("letter.txt", content)


def test_a_file_over_5_mb_is_refused() -> None:
    with pytest.raises(Unreadable, match="larger than 5 MB"):
        read_file("a.txt", b"a" * (5 * 1024 * 1024 + 1))


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Unreadable, match="no text in it"):
        read_file("a.txt", b"")
