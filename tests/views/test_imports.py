"""An article comes in: pasted or as a file, previewed, and kept."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from claims.actions import stashes
from claims.intake import MAX_CHARACTERS
from claims.models import Act, Article, Claim, Team, User
from tests.people import TEXT, keys, member, person

As = Callable[[User], Client]
URL = "/articles/import/"
DRAFT = "\n\n".join(text for _kind, text in TEXT)


def preview(client: Client, text: str = "", file: SimpleUploadedFile | None = None) -> Any:
    return client.post(URL, {"step": "preview", "text": text} | ({"file": file} if file else {}) | keys())


def fields(answer: HttpResponse) -> dict[str, Any]:
    """What the preview's form would send as it stands."""
    page = answer.content.decode()
    sent: dict[str, Any] = {"keep": re.findall(r'name="keep" value="(\d+)" checked', page)}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and value and 'type="checkbox"' not in tag:
            sent[name[1]] = html.unescape(value[1])
    for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>\n?([^<]*)</textarea>', page):
        sent[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]* name="([\w-]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        if chosen := re.search(r'value="([^"]*)" selected', options):
            sent[name] = chosen[1]
    return sent


def said(answer: Any, status: int) -> str:
    assert answer.status_code == status
    return str(html.unescape(answer.content.decode()))


def test_a_paste_is_previewed_and_nothing_is_stored(as_: As, checker: User) -> None:
    client = as_(checker)
    assert "Article text" in said(client.get(URL), 200)
    page = said(preview(client, DRAFT), 200)
    assert "6 of 6 blocks kept" in page
    assert "Nothing is stored until you start checking" in page
    for _kind, text in TEXT:
        assert text in page
    assert not Article.objects.exists()


def test_what_is_kept_becomes_version_1_as_it_was_typed(as_: As, checker: User) -> None:
    client = as_(checker)
    sent = fields(preview(client, DRAFT.replace("\n", "\r\n")))
    sent["keep"].remove("4")
    sent |= {"title": "Box 212", "byline": "Nora Vance", "outlet": "The Ledger", "deadline": "2026-12-01T12:00"}
    answer = client.post(URL, sent)
    article = Article.objects.get()
    assert answer.headers["Location"] == reverse("desk", args=[article.pk])
    assert (article.title, article.byline, article.language) == ("Box 212", "Nora Vance", "en")
    version = article.latest_version()
    assert version.text == "\n".join(text for kind, text in TEXT if kind != "heading")
    assert next(version.text[piece.start : piece.end] for piece in version.pieces) == TEXT[0][1]
    assert [act.verb for act in Act.objects.in_stream(article.stream)] == ["article.import"]


def test_the_kind_of_a_block_can_be_changed(as_: As, checker: User) -> None:
    client = as_(checker)
    client.post(URL, fields(preview(client, DRAFT)) | {"kind-5": "quote", "kind-6": "nonsense"})
    kinds = [piece.kind for piece in Article.objects.get().latest_version().pieces]
    assert (kinds[4], kinds[5]) == ("quote", "paragraph")


def test_a_file_is_read_by_its_name(as_: As, checker: User) -> None:
    client = as_(checker)
    file = SimpleUploadedFile("bridge.md", b"# Box 212\n\nThe piers were\nsound.\n\n> A quote, they say, of nobody.\n")
    answer = preview(client, file=file)
    assert "bridge.md" in said(answer, 200)
    client.post(URL, fields(answer))
    assert "The piers were sound." in Article.objects.get().latest_version().text


def test_a_markdown_file_with_markup_is_shown_as_text(as_: As, checker: User) -> None:
    client = as_(checker)
    markup = "<script>alert(1)</script> and <img src=x onerror=alert(2)>, says [a link](javascript:alert(3)) in it."
    answer = preview(client, file=SimpleUploadedFile("bridge.md", f"# Box 212\n\n{markup}\n".encode()))
    page = answer.content.decode()
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    client.post(URL, fields(answer))
    article = Article.objects.get()
    assert "<script>alert(1)</script>" in article.latest_version().text
    desk = client.get(f"/articles/{article.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in desk
    assert "<img src=x" not in desk


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("", "Nothing to preview yet"),
        (" \n\t", "Nothing to preview yet"),
        ("A line\nand\0another", "There is a NUL character in line 2"),
        ("x" * (MAX_CHARACTERS + 704_118), "Too long by 704,118 characters"),
    ],
)
def test_what_cannot_be_previewed_stays_in_the_field(as_: As, checker: User, text: str, heading: str) -> None:
    page = said(preview(as_(checker), text), 422)
    assert heading in page
    assert 'role="alert"' in page
    assert 'aria-invalid="true"' in page
    assert text.strip() in page


def test_a_text_that_is_too_long_says_how_long_it_is(as_: As, checker: User) -> None:
    page = said(preview(as_(checker), "x" * 1_204_118), 422)
    assert "Your 1,204,118 characters are still in the field." in page
    assert "1,204,118 of 500,000 characters." in page


@pytest.mark.parametrize(
    ("name", "content", "heading"),
    [
        ("scan.txt", b"%PDF-1.7 \0\1", "scan.txt is not plain text but another kind of file (PDF)"),
        ("noise.txt", bytes(range(256)) * 40, "noise.txt cannot be read as text"),
        ("bridge.docx", b"PK\x03\x04", "bridge.docx is not a .txt or .md file"),
        ("long.txt", b"x" * (5 * 1024 * 1024 + 1), "long.txt is larger than 5 MB"),
        ("empty.txt", b" \n", "There is no text in it"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(as_: As, checker: User, name: str, content: bytes, heading: str) -> None:
    page = said(preview(as_(checker), file=SimpleUploadedFile(name, content)), 422)
    assert heading in page
    assert 'id="file-error"' in page


def test_a_text_and_a_file_at_once_are_a_question(as_: As, checker: User) -> None:
    page = said(preview(as_(checker), DRAFT, SimpleUploadedFile("other.txt", b"Another article.")), 422)
    assert "Two articles came at once" in page
    assert TEXT[1][1] in page


def test_a_paste_of_200_kilobytes_is_previewed(as_: As, checker: User) -> None:
    text = "\n\n".join(f"Paragraph {number} of a long report on bridges and what they cost." for number in range(3300))
    answer = preview(as_(checker), text)
    assert "Paragraph 3299 of" in said(answer, 200)
    assert "<select" not in answer.content.decode().split("About it")[0]  # too many blocks for a menu each


def test_an_article_without_title_or_text_is_refused_and_the_choices_are_kept(as_: As, checker: User) -> None:
    client = as_(checker)
    sent = fields(preview(client, DRAFT))
    page = said(client.post(URL, sent | {"title": "", "keep": ["2", "3"], "kind-3": "caption"}), 422)
    assert "An article needs a title" in page
    assert "2 of 6 blocks kept" in page
    assert 'value="caption" selected' in page
    page = said(client.post(URL, sent | {"keep": []}), 422)
    assert "Keep at least one block" in page
    assert not Article.objects.exists()


def test_forged_blocks_and_texts_are_refused(as_: As, checker: User) -> None:
    client = as_(checker)
    sent = fields(preview(client, DRAFT))
    page = said(client.post(URL, sent | {"text": DRAFT + "\n\nSlipped in."}), 409)
    assert "The text has changed on its way here" in page
    assert client.post(URL, sent | {"keep": ["99", "x", "-1", "²"]}).status_code == 422
    assert client.post(URL, sent | {"text": ""}).status_code == 422
    assert not Article.objects.exists()


def test_a_double_click_makes_one_article_and_another_text_under_the_same_key_none(as_: As, checker: User) -> None:
    client = as_(checker)
    sent = fields(preview(client, DRAFT))
    first, second = client.post(URL, sent), client.post(URL, sent)
    assert first.headers["Location"] == second.headers["Location"]
    page = said(client.post(URL, sent | {"title": "Typed after Back"}), 409)
    assert "Typed after Back" in page
    assert Article.objects.count() == 1


def test_the_article_goes_to_the_team_that_it_was_previewed_for(
    as_: As, team: Team, checker: User, other_team: Team, outsider: User
) -> None:
    member(other_team, checker, "checker")
    client = as_(checker)
    sent = fields(preview(client, DRAFT))
    client.post(reverse("switch_team"), {"team": other_team.slug})
    answer = client.post(URL, sent)
    assert "You look at another team now: Lode Valley Post" in said(answer, 409)
    assert not Article.objects.exists()
    client.post(URL, fields(answer))
    assert Article.objects.get().team == other_team


def test_viewers_import_nothing(as_: As, team: Team, viewer: User) -> None:
    client = as_(viewer)
    assert "takes the role Checker" in said(client.get(URL), 403)
    assert preview(client, DRAFT).status_code == 403


def test_what_was_pasted_when_the_session_had_ended_comes_back(as_: As, checker: User) -> None:
    client = as_(checker)
    sent = fields(preview(client, DRAFT))
    stashes.keep(user=checker, path=URL, fields={"step": ["preview"], "text": [DRAFT]})
    page = said(client.get(URL), 200)
    assert "Your session had ended" in page
    assert TEXT[2][1] in page
    kept = {name: value if isinstance(value, list) else [value] for name, value in (sent | {"keep": ["2"]}).items()}
    stashes.keep(user=checker, path=URL, fields=kept)
    answer = client.get(URL)
    assert "1 of 6 blocks kept" in said(answer, 200)
    client.post(URL, fields(answer))
    assert Article.objects.get().latest_version().text == TEXT[1][1]


def test_the_language_is_found_and_offered_by_its_own_name(as_: As, checker: User) -> None:
    text = "Die Brücke war nie für Lastwagen gebaut.\n\n" + "Der Stadtrat hat die Reparatur beschlossen. " * 5
    answer = preview(as_(checker), text)
    assert re.search(r'<option value="de" selected>Deutsch</option>', said(answer, 200))


def test_a_new_article_waits_in_nobodys_way(as_: As, checker: User) -> None:
    client = as_(checker)
    client.post(URL, fields(preview(client, DRAFT)))
    assert not Claim.objects.exists()
    assert "Read a text that holds no claim yet." in said(client.get("/queue/"), 200)


def test_somebody_in_no_team_imports_nothing(as_: As, db: None) -> None:
    assert as_(person("ines@ledger.example", "Ines Okafor")).get(URL).status_code == 403
