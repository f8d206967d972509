"""What holds of any text."""

from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from claims.intake import FURNITURE_KINDS, TEXT_KINDS, Found, Unreadable, read_file, read_text, version_text
from claims.intake.features import NAMES
from claims.intake.furniture import CONTEXT, WHOLE, stored
from claims.intake.titles import NAMES as TITLE_NAMES

LINES = st.one_of(
    st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=60),
    st.sampled_from([
        "", "Home", "Share", "By Nora Vance", "12 May 2021", "# Title of it", "> Said so.", "---", "Read more", "*",
        "By",
        "The council said on Monday that the bridge would be closed for eleven months.", "© 2020 The Ledger Ltd.",
        "https://ledger.example/a-b-c", "Nora Vance", "\u200b", "1) 2", "Von", '"Quoted."', "“", "۱۲ مه ۲۰۲۰",
        "３ May ２０２０", "² May 2020", "12 May ²²²²", "ß", "İ", "@", "Ana @x",
    ]),
)  # fmt: skip
TEXTS = st.builds(
    lambda lines, joint: joint.join(lines), st.lists(LINES, max_size=40), st.sampled_from(["\n", "\r\n", "\n\n"])
)


def read(text: str) -> Found | None:
    try:
        return read_text(text)
    except Unreadable:
        return None


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_every_line_is_in_exactly_one_block_in_its_place(text: str) -> None:
    found = read(text)
    if found is None:
        assert not text.strip("\r\n\u2028\u2029 \t") or text.isspace()
        return
    typed = "".join(text.split())
    blocks = "".join("".join(block.text.split()) for block in found.blocks)
    # only the signs of headings and quotes are left out, at the start of a line
    assert blocks.replace("#", "").replace(">", "") == typed.replace("#", "").replace(">", "")
    assert [block.number for block in found.blocks] == list(range(1, len(found.blocks) + 1))
    assert {block.kind for block in found.blocks} <= {*TEXT_KINDS, *FURNITURE_KINDS}
    assert any(block.keep for block in found.blocks)
    assert all(block.text == block.text.strip() and block.text and "\n" not in block.text for block in found.blocks)


@settings(deadline=None, max_examples=300)
@given(TEXTS)
def test_the_spans_of_a_version_give_its_blocks_back(text: str) -> None:
    found = read(text)
    kept = [(block.kind, block.text) for block in found.blocks if block.keep] if found else []
    whole, spans = version_text(kept)
    assert [whole[span["start"] : span["end"]] for span in spans] == [text for _kind, text in kept]
    assert whole == "\n".join(text for _kind, text in kept)
    assert {span["kind"] for span in spans} <= set(TEXT_KINDS)


@settings(deadline=None, max_examples=200)
@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    read(text)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.docx", "", ".txt"]))
def test_any_file_is_read_or_refused(content: bytes, name: str) -> None:
    with suppress(Unreadable):
        read_file(name, content)


@given(TEXTS)
@settings(deadline=None, max_examples=30)
def test_the_same_text_is_read_the_same_again(text: str) -> None:
    assert read(text) == read(text)


def test_the_stored_weights_are_of_the_numbers_that_are_looked_at() -> None:
    models = stored()
    names = {"first": NAMES, "second": (*NAMES, *CONTEXT), "page": WHOLE, "title": TITLE_NAMES}
    assert {model: set(weights) for model, weights in models.items()} == {
        model: {"start", *of} for model, of in names.items()
    }


def test_furniture_kept_by_hand_is_a_paragraph_of_the_version() -> None:
    assert version_text([("title", "A"), ("menu", "B"), ("quote", "")]) == (
        "A\nB\n",
        [
            {"kind": "title", "start": 0, "end": 1},
            {"kind": "paragraph", "start": 2, "end": 3},
            {"kind": "quote", "start": 4, "end": 4},
        ],
    )
