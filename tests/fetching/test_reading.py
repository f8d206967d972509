"""What newsrooms get is read as they would read it: by page, by paragraph, by row and cell."""

from collections.abc import Callable
from pathlib import Path

import pytest

from claims.fetching.sandbox import Limits, Reading, Unreadable, read
from tests.fetching import documents
from tests.fetching.hostile import offices

Reads = Callable[..., Reading]
LIMITS = Limits()


@pytest.fixture
def reads(tmp_path: Path) -> Reads:
    """Reads bytes as if they had been fetched."""

    def reads(content: bytes, media_type: str = "", limits: Limits = LIMITS, name: str = "") -> Reading:
        path = tmp_path / "as-fetched"
        path.write_bytes(content)
        return read(path, media_type, name=name, limits=limits)

    return reads


def places(reading: Reading) -> list[tuple[str, str, str]]:
    return [(part.place, part.kind, part.text) for part in reading.parts]


def test_a_pdf_is_read_by_page_with_its_lines(reads: Reads) -> None:
    reading = reads(documents.pdf("The dredger left at noon. \\\nIt came back empty.", "Second page: 1,400 tonnes."))
    assert reading.media_type == "application/pdf"
    assert reading.title == "Minutes"
    assert reading.pages == 2
    assert reading.tool.startswith("pypdfium2 5.")
    assert places(reading) == [
        ("p. 1", "page", "The dredger left at noon.\nIt came back empty."),
        ("p. 2", "page", "Second page: 1,400 tonnes."),
    ]
    assert [part.number for part in reading.parts] == [1, 2]


def test_a_word_parted_at_a_line_keeps_its_hyphen(reads: Reads) -> None:
    reading = reads(documents.pdf("North-\\\nSouth dia-\\\nlogue"))
    assert reading.parts[0].text == "North-\nSouth dia-\nlogue"


def test_pages_beyond_the_most_are_left_out_and_that_is_said(reads: Reads) -> None:
    reading = reads(documents.pdf("One", "Two", "Three"), limits=Limits(pages=2))
    assert (reading.pages, len(reading.parts)) == (3, 2)
    assert reading.notes == ("It has 3 pages; only the text of the first 2 is kept.",)


def test_a_pdf_without_text_says_so_and_keeps_its_pages(reads: Reads) -> None:
    reading = reads(documents.pdf("#rect(width: 3cm)", "#circle()"))
    assert places(reading) == [("p. 1", "page", ""), ("p. 2", "page", "")]
    assert reading.notes == ("There is no text in it: its pages may be pictures.",)


def test_a_word_file_is_read_in_its_order_with_rows_and_cells(reads: Reads) -> None:
    reading = reads(documents.word())
    assert reading.title == "Report of the harbour"
    assert reading.tool.startswith("python-docx 1.")
    assert places(reading) == [
        ("", "heading", "The quay"),
        ("", "paragraph", "The crane stood still\tfor nine days."),
        ("Table 1 row 1", "row", "Month\tShips"),
        ("Table 1 row 2", "row", "May\t14"),
        ("", "paragraph", "After the table."),
    ]
    assert reading.parts[3].cells == ("May", "14")


def test_a_word_file_is_read_with_what_reviewers_put_in_and_without_what_they_struck_out(reads: Reads) -> None:
    def run(text: str, tag: str = "t") -> str:
        return f"<w:r><w:{tag}>{text}</w:{tag}></w:r>"

    inserted = f"<w:p>{run('Nine')}<w:ins>{run(' or ten')}</w:ins><w:del>{run(' old', 'delText')}</w:del></w:p>"
    control = f"<w:sdt><w:sdtContent><w:p>{run('In a field')}</w:p></w:sdtContent></w:sdt>"
    box = f"<w:p>{run('Beside')}<w:r><w:txbxContent><w:p>{run('In a box')}</w:p></w:txbxContent></w:r></w:p>"
    reading = reads(offices.body(inserted + control + box))
    assert [part.text for part in reading.parts] == ["Nine or ten", "In a field", "Beside", "In a box"]


def test_a_workbook_is_read_by_sheet_row_and_cell(reads: Reads) -> None:
    sheets = {
        "Ships": documents.rows(("Name", "Tonnes"), ("Marta", 1400), ("Ida", 2.5)),
        "Notes": documents.rows(("late",), first=5),
    }
    reading = reads(documents.workbook(sheets), "application/vnd.ms-excel")
    assert reading.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert reading.tool.startswith("python-calamine 0.9")
    assert places(reading) == [
        ("Ships row 1", "row", "Name\tTonnes"),
        ("Ships row 2", "row", "Marta\t1400"),
        ("Ships row 3", "row", "Ida\t2.5"),
        ("Notes row 5", "row", "late"),
    ]
    assert reading.parts[2].cells == ("Ida", "2.5")


def test_cells_stand_in_their_columns(reads: Reads) -> None:
    row = '<row r="3"><c r="C3" t="inlineStr"><is><t>third</t></is></c></row>'
    reading = reads(documents.workbook({"S": row}))
    assert [(part.place, part.cells) for part in reading.parts] == [("S row 3", ("", "", "third"))]


def test_numbers_days_and_truths_are_read_as_they_are_said(reads: Reads) -> None:
    row = (
        '<row r="1"><c r="A1" t="b"><v>1</v></c><c r="B1"><v>0.1</v></c><c r="C1" t="d"><v>2026-03-01T00:00:00</v></c>'
    )
    reading = reads(documents.workbook({"S": row + '<c r="D1"><v>-12000000</v></c></row>'}))
    assert reading.parts[0].cells == ("TRUE", "0.1", "2026-03-01 00:00:00", "-12000000")


def test_an_opendocument_sheet_is_read(reads: Reads) -> None:
    reading = reads(documents.calc())
    assert reading.media_type == "application/vnd.oasis.opendocument.spreadsheet"
    assert places(reading) == [("Costs row 1", "row", "Rope\t12 m")]


@pytest.mark.parametrize(
    ("content", "cells"),
    [
        (b'name,place\nAna,"Porto, Portugal"\n', ("Ana", "Porto, Portugal")),
        ("név;hely\nÁgi;Pécs\n".encode(), ("Ági", "Pécs")),
        ("nom;lieu\nZoé;Orléans\n".encode("cp1252"), ("Zoé", "Orléans")),
        ("a\tb\nc\td\n".encode("utf-16"), ("c", "d")),
        (b"name|place\nAna|Porto\n", ("Ana", "Porto")),
    ],
    ids=["comma", "semicolon", "windows", "utf-16 tabs", "bars"],
)
def test_a_csv_is_read_by_its_own_delimiter_and_encoding(reads: Reads, content: bytes, cells: tuple[str, ...]) -> None:
    reading = reads(content, "text/csv")
    assert reading.media_type == "text/csv"
    assert (reading.parts[1].place, reading.parts[1].kind, reading.parts[1].cells) == ("row 2", "row", cells)


def test_a_file_named_csv_is_one_where_its_bytes_are_text(reads: Reads) -> None:
    assert reads(b"a,b\n1,2\n", name="Figures.CSV").parts[1].cells == ("1", "2")
    assert reads(b"a,b\n1,2\n", name="figures.txt").parts[0].text == "a,b\n1,2"


def test_the_main_text_of_a_page_is_read_without_its_menus(reads: Reads) -> None:
    reading = reads(documents.ARTICLE.encode(), "text/html; charset=utf-8")
    text = "\n".join(part.text for part in reading.parts)
    assert reading.title == "Ferry fares rise — The Post"
    assert reading.tool.startswith("trafilatura 2.")
    assert "“We have no choice,” said Ana Ribeiro" in text
    assert "two seats on its board" in text
    assert "Sport" not in text
    assert "unseen" not in text
    assert ("heading", "What passengers pay") in [(part.kind, part.text) for part in reading.parts]
    assert ("Single", "4.40", "4.80") in [part.cells for part in reading.parts]


def test_the_headline_is_read_once_wherever_it_stands(reads: Reads) -> None:
    outside = documents.ARTICLE.replace("<article><h1>Ferry fares rise</h1>", "<h1>Ferry fares rise</h1><article>")
    for page in (documents.ARTICLE, outside):
        reading = reads(page.encode())
        assert [part.text for part in reading.parts].count("Ferry fares rise") == 1
        assert (reading.parts[0].kind, reading.parts[0].text) == ("heading", "Ferry fares rise")


def test_words_are_not_torn_apart_and_lines_not_run_together(reads: Reads) -> None:
    page = "<table><tr><td>H<sub>2</sub>O<td>one<br>two</table><div>Ra<b>n</b>g</div>"
    assert [part.text for part in reads(page.encode(), "text/html").parts] == ["H2O\tone two", "Rang"]


def test_a_page_without_a_main_text_is_read_whole(reads: Reads) -> None:
    page = "<title>T</title><h1>Prices</h1><div>one<br>two</div><table><tr><td>a<td>b</table><script>no</script>"
    reading = reads(page.encode())
    assert places(reading) == [
        ("", "heading", "Prices"),
        ("", "paragraph", "one\ntwo"),
        ("Table 1 row 1", "row", "a\tb"),
    ]
    assert reading.notes == ("No main text was found: this is all that stands on the page.",)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        ("<p>Košice<p>žltý</p>".encode("cp1250"), "text/html; charset=windows-1250"),
        ('<meta charset="windows-1250"><p>Košice<p>žltý</p>'.encode("cp1250"), "text/html"),
        ("<p>Košice<p>žltý</p>".encode(), "text/html"),
        ("\ufeff<p>Košice<p>žltý</p>".encode(), "text/html; charset=iso-8859-1"),
        ("\ufeff<p>Košice<p>žltý</p>".encode("utf-16-le"), ""),
    ],
    ids=["by header", "by meta", "utf-8", "its mark goes before the header", "utf-16"],
)
def test_letters_of_a_page_are_read_in_its_encoding(reads: Reads, content: bytes, media_type: str) -> None:
    assert [part.text for part in reads(content, media_type).parts] == ["Košice", "žltý"]


def test_a_text_is_read_by_paragraph_with_its_lines(reads: Reads) -> None:
    reading = reads("One\r\nline two\r\n\r\n \r\nTwo \N{WORD JOINER}…".encode())
    assert places(reading) == [("", "paragraph", "One\nline two"), ("", "paragraph", "Two \N{WORD JOINER}…")]


@pytest.mark.parametrize(
    ("content", "media_type", "size"),
    [
        (documents.png(640, 480), "image/png", "640 × 480"),
        (documents.jpeg(1200, 800), "image/jpeg", "1,200 × 800"),
        (documents.webp(70000, 3), "image/webp", "70,000 × 3"),
        (b"GIF89a\x10\x00\x20\x00\0\0\0", "image/gif", "16 × 32"),
    ],
)
def test_a_picture_is_known_by_its_header(reads: Reads, content: bytes, media_type: str, size: str) -> None:
    reading = reads(content)
    assert (reading.media_type, reading.parts) == (media_type, ())
    assert reading.notes == (f"A picture of {size} pixels; pictures are not read for text.",)


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"ID3\x04\0\0", "audio/mpeg"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0", "video/mp4"),
        (b"\0\0\0\x18ftypM4A \0\0\0\0", "audio/mp4"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"\x1a\x45\xdf\xa3\x01", "video/webm"),
        (b"OggS\0\2", "audio/ogg"),
    ],
)
def test_sound_and_video_are_kept_as_bytes(reads: Reads, content: bytes, media_type: str) -> None:
    assert reads(content, "application/pdf") == Reading(media_type, "", (), 0, "", ())


def test_what_was_declared_as_something_else_is_said(reads: Reads) -> None:
    reading = reads(b"<!doctype html><title>Sign in</title><p>Please sign in</p>", "application/pdf")
    assert reading.media_type == "text/html"
    assert "It was declared as application/pdf; by its content it is text/html." in reading.notes


def test_text_beyond_the_most_is_left_out_and_that_is_said(reads: Reads) -> None:
    content = "\n\n".join(f"Paragraph {number}" for number in range(100)).encode()
    by_parts = reads(content, limits=Limits(parts=7))
    assert [part.text for part in by_parts.parts] == [f"Paragraph {number}" for number in range(7)]
    assert by_parts.notes == ("More text is left out: at most 7 rows and paragraphs are kept.",)
    by_letters = reads(content, limits=Limits(characters=100))
    assert by_letters.notes == ("More text is left out: at most 100 characters are kept.",)


def test_a_very_long_line_becomes_several_leaves(reads: Reads) -> None:
    reading = reads(b"x" * 250_000)
    assert [len(part.text) for part in reading.parts] == [100_000, 100_000, 50_000]


def test_a_file_that_is_not_there_is_no_fault_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "gone")


def test_an_empty_file_says_that_it_is(reads: Reads) -> None:
    with pytest.raises(Unreadable) as error:
        reads(b"")
    assert (error.value.code, str(error.value)) == ("empty", "There is nothing in the file.")


def test_a_letter_that_is_cut_spoils_no_other(reads: Reads) -> None:
    words = "Žluťoučký kůň úpěl ďábelské ódy"
    assert reads(words.encode() + b"\xc3").parts[0].text == words + "\ufffd"
    assert reads(b"<p>caf\xc3", "text/html; charset=utf-8").parts[0].text == "caf\ufffd"


def test_utf_8_is_read_as_such_whatever_was_declared(reads: Reads) -> None:
    assert reads("<p>Košice</p>".encode(), "text/html; charset=iso-8859-2").parts[0].text == "Košice"


def test_noughts_in_a_page_are_left_out(reads: Reads) -> None:
    assert [part.text for part in reads(b"<!doctype html><p>on\0e<p>two").parts] == ["one", "two"]
