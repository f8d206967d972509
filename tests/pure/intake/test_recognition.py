"""Whole texts: copied pages, whose furniture is set aside, and drafts, of which nothing is lost."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from claims.intake import Found, read_file, read_text

PAGES = Path(__file__).with_name("pages")


def page(name: str) -> str:
    return (PAGES / f"{name}.txt").read_text("utf-8")


def kept(found: Found) -> list[tuple[str, str]]:
    """Kind and first words of what is kept."""
    return [(block.kind, " ".join(block.text.split()[:3])) for block in found.blocks if block.keep]


def left_out(found: Found) -> dict[str, str]:
    """The kind of each text that is left out."""
    return {block.text: block.kind for block in found.blocks if not block.keep}


def test_a_page_in_english_gives_its_article_and_facts() -> None:
    found = read_text(page("english"))
    assert found.title == "Kingsmill Bridge repair now to cost £31.4 million, three times the first estimate"
    assert (found.byline, found.outlet, found.language) == ("Nora Vance", "The Wexcombe Ledger", "en")
    assert (found.published_on, found.published_hint) == (date(2026, 11, 28), "28 NOVEMBER 2026")
    assert kept(found) == [
        ("title", "Kingsmill Bridge repair"),
        ("paragraph", "When Wexcombe City"),
        ("paragraph", "Forty-four months later"),
        ("paragraph", "“Nobody could have"),
        ("heading", "Box 212"),
        ("paragraph", "Yet a survey"),
        ("caption", "Divers at pier"),
        ("paragraph", "The work employs"),
        ("paragraph", "It is already"),
    ]
    kinds = left_out(found)
    assert kinds["Share Tweet Email"] == "share"
    assert kinds["Saltergate traders want their road back"] == "related"
    assert kinds["Nora Vance covers the city council. She has worked for the Ledger since 2019."] == "byline"
    assert kinds["Never miss a story: sign up for the Lode Letter."] == "promotion"
    assert kinds["We and our 214 partners store information on your device. Accept all Reject all"] == "notice"


def test_a_page_in_german_without_blank_lines_gives_its_article_and_facts() -> None:
    found = read_text(page("german"))
    assert found.title == "Brücke über den Mühlbach wird dreimal so teuer"
    assert (found.byline, found.outlet, found.language) == ("Katrin Vogel", "Der Mühlbach-Bote", "de")
    assert found.published_on == date(2024, 3, 12)
    assert kept(found) == [
        ("title", "Brücke über den"),
        ("standfirst", "Ein Gutachten nennt"),
        ("paragraph", "Als der Gemeinderat"),
        ("paragraph", "Drei Jahre später"),
        ("paragraph", "„Niemand konnte wissen,"),
        ("heading", "Kritik aus dem"),
        ("paragraph", "Die Opposition sieht"),
        ("paragraph", "Über das weitere"),
    ]


def test_a_page_in_spanish_gives_its_article_and_facts() -> None:
    found = read_text(page("spanish"))
    assert found.title == "El puente de Valdehoz costará el triple de lo previsto"
    assert (found.byline, found.outlet, found.language) == ("Lucía Ferrer", "Diario de Valdehoz", "es")
    assert found.published_on == date(2021, 5, 3)
    assert kept(found) == [
        ("title", "El puente de"),
        ("paragraph", "El Ayuntamiento de"),
        ("paragraph", "El informe, al"),
        ("paragraph", '"Nadie podía saber'),
        ("heading", "Un estudio olvidado"),
        ("paragraph", "Sin embargo, un"),
        ("paragraph", "El pleno votará"),
    ]
    assert left_out(found)["Valdehoz"] == "tags"


@pytest.mark.parametrize("joint", ["\n\n", "\n"])
def test_a_draft_is_kept_whole(joint: str) -> None:
    found = read_text(page("draft").replace("\n\n", joint))
    assert all(block.keep for block in found.blocks)
    assert [block.kind for block in found.blocks] == [
        "title", "byline", "paragraph", "paragraph", "paragraph", "quote", "heading", "paragraph", "paragraph",
        "caption", "paragraph", "paragraph",
    ]  # fmt: skip
    assert (found.byline, found.published_on, found.url) == ("Nora Vance", None, "")


def test_a_draft_in_a_right_to_left_script_is_kept_whole() -> None:
    found = read_text(page("arabic-draft"))
    assert all(block.keep for block in found.blocks)
    assert (found.title, found.byline, found.language) == (found.blocks[0].text, "ليلى حداد", "ar")


def test_a_short_draft_with_slug_and_notes_is_kept_whole() -> None:
    found = read_text(
        "DRAFT 2\n\nCouncil to close the library\n\nNora Vance\n28 November 2026\n\nThe council will close the "
        "library in March, it said on Monday.\n\nWhy?\n\nNobody would say.\n\n[TK: call the chair]\n\nENDS"
    )
    assert all(block.keep for block in found.blocks)
    assert (found.byline, found.published_on) == ("Nora Vance", date(2026, 11, 28))


def test_a_draft_headline_as_long_as_a_paragraph_is_its_title() -> None:
    headline = "The council of Wexcombe has voted to close " + "the old library and " * 5 + "the new one as well"
    found = read_text(f"{headline}\n\nBy Nora Vance\n\nThe council voted on Monday to close both of them.\n\nWhy?")
    assert [block.kind for block in found.blocks] == ["title", "byline", "paragraph", "paragraph"]


def test_a_draft_with_a_standfirst_above_its_byline_tells_them_apart() -> None:
    found = read_text(
        "Council closes the library\n\nBoth buildings go, and nobody says where the books will be.\n\n"
        "By Nora Vance\n\nThe council voted on Monday to close both of them.\n\nWhy?"
    )
    assert [block.kind for block in found.blocks] == ["title", "standfirst", "byline", "paragraph", "paragraph"]


def test_one_paragraph_is_a_paragraph_without_a_title() -> None:
    found = read_text("The bridge was closed in March 2023 and has been closed ever since.")
    assert (found.title, kept(found)) == ("", [("paragraph", "The bridge was")])


def test_one_line_of_a_few_words_is_kept() -> None:
    assert kept(read_text("Bridge closed")) == [("paragraph", "Bridge closed")]


def test_a_sign_alone_is_kept_since_somebody_typed_it() -> None:
    assert [block.keep for block in read_text("—").blocks] == [True]


def test_markdown_gives_title_heading_and_quote() -> None:
    head = "# Bridge shut\n\n*By Nora Vance*\n\n"
    text = head + "The bridge is shut\nand stays so.\n\n## Box 212\n\n> Nobody knew.\n\nThe end."
    found = read_file("draft.md", text.encode())
    assert (found.title, found.byline) == ("Bridge shut", "Nora Vance")
    assert [(block.kind, block.text) for block in found.blocks] == [
        ("title", "Bridge shut"),
        ("byline", "*By Nora Vance*"),
        ("paragraph", "The bridge is shut and stays so."),
        ("heading", "Box 212"),
        ("quote", "Nobody knew."),
        ("paragraph", "The end."),
    ]


def test_every_process_finds_the_same() -> None:
    code = (
        "import sys; from claims.intake.blocks import split; from claims.intake.furniture import judged;"
        "print(judged(split(sys.stdin.read())))"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=page("english"),
            capture_output=True,
            encoding="utf-8",
            check=True,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1


def test_the_brief_copied_from_a_browser_comes_out_exactly() -> None:
    folder = os.environ.get("GALLEY_TEST_DATA")
    if not folder:
        pytest.skip("GALLEY_TEST_DATA names no folder with page-dump-brief.txt")
    content = Path(folder, "page-dump-brief.txt").read_bytes()
    found = read_file("page-dump-brief.txt", content)
    assert found.title == "Mexico Is World Leader in Child Pornography: Officials"
    assert (found.byline, found.outlet, found.url) == ("Marguerite Cawley", "InSight Crime", "")
    assert (found.published_on, found.published_hint, found.language) == (date(2013, 9, 27), "27 SEP 2013", "en")
    lines = [line.strip() for line in content.decode().split("\n") if line.strip()]
    first, last = lines.index(found.title), lines.index("share icon icon icon")
    body = [line for line in lines[first + 1 : last] if not line.startswith("MEXICO /")]
    assert [(block.kind, block.text) for block in found.blocks if block.keep] == [
        ("title", found.title),
        *[("heading" if line == "InSight Crime Analysis" else "paragraph", line) for line in body],
    ]
