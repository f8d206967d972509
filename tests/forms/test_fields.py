"""Text as typed, and fields in the markup of the house."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from claims.forms import fields


class Note(fields.Form):
    statement = fields.Prose(label="Statement", max_length=20, help_text="In your words.")
    said_by = fields.Line(label="Said by", max_length=10, required=False)
    keep = forms.BooleanField(label="Keep", required=False)
    stance = forms.ChoiceField(
        label="Stance",
        choices=[("a", "Supports"), ("b", "Conflicts")],
        widget=fields.Segments,
        required=False,
    )


def test_prose_is_kept_to_the_character() -> None:
    assert fields.Prose(max_length=50).clean("  two  blanks \t\n\nand a tail  ") == "  two  blanks \t\n\nand a tail  "


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "a\nb"])
def test_line_ends_become_one_kind(text: str) -> None:
    assert fields.Prose(max_length=50).clean(text) == "a\nb"


@pytest.mark.parametrize(("text", "code"), [("a\nb\0", "U+0000"), ("a\nb\ud800", "U+D800"), ("a\nb\udfff", "U+DFFF")])
def test_what_cannot_be_kept_is_refused_with_its_place(text: str, code: str) -> None:
    with pytest.raises(ValidationError, match="Line 2") as caught:
        fields.Prose(max_length=50).clean(text)
    assert code in caught.value.messages[0]


@pytest.mark.parametrize("text", ["𝄞🙂 é", "\u202eright to left\u202c", "\x07 \x7f ﷽", "‘quoted’ “twice”"])
def test_everything_else_is_kept(text: str) -> None:
    assert fields.Prose(max_length=50).clean(text) == text


@pytest.mark.parametrize("text", ["", " ", " \n\t\r\n "])
def test_blanks_alone_are_nothing(text: str) -> None:
    with pytest.raises(ValidationError, match="Write something here"):
        fields.Prose(max_length=50).clean(text)
    assert fields.Prose(max_length=50, required=False).clean(text) == ""


def test_what_is_too_long_is_refused_and_never_cut() -> None:
    with pytest.raises(ValidationError, match=r"Shorten this to 20 characters; it has 21\. Nothing was cut\."):
        fields.Prose(max_length=20).clean("🙂" * 21)
    assert "maxlength" not in str(Note()["statement"])


def test_a_line_has_no_line_breaks_and_no_blanks_around() -> None:
    assert fields.Line(max_length=50).clean("  Nora  Vance ") == "Nora  Vance"
    with pytest.raises(ValidationError, match="one line"):
        fields.Line(max_length=50).clean("Nora\nVance")


def test_a_field_names_its_hint_and_its_error() -> None:
    form = Note({"statement": ""}, ids="log")
    assert not form.is_valid()
    html = form["statement"].as_field_group()
    assert '<div class="field"><label for="log-statement">Statement</label>' in html
    assert 'aria-describedby="log-statement_helptext log-statement_error"' in html
    assert 'aria-invalid="true"' in html
    assert '<p class="error" id="log-statement_error"><svg' in html
    assert "required" not in html


def test_a_tick_box_stands_before_its_words() -> None:
    html = Note()["keep"].as_field_group()
    assert html.startswith('<div class="field"><label class="check"><input type="checkbox" name="keep"')


def test_a_choice_of_few_is_a_bar_with_a_legend() -> None:
    html = Note()["stance"].as_field_group()
    assert '<legend class="label">Stance</legend><div class="segments">' in html
    assert html.count('type="radio"') == 2


def test_what_concerns_the_whole_form_is_announced() -> None:
    form = Note({"statement": "x"})
    form.add_error(None, "Nothing fits.")
    assert '<div class="notice notice-error" role="alert"><p>Nothing fits.</p></div>' in str(form)


def test_typed_text_comes_back_escaped() -> None:
    assert "&lt;script&gt;" in str(Note({"statement": "<script>" * 9})["statement"])
