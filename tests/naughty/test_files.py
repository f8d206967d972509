"""Whatever file comes as an article: read, or refused by its name with what to do. What was pasted stays."""

import html
import re
import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from claims.models import Article, User
from tests.naughty import strings
from tests.naughty.pages import Page
from tests.people import keys

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
URL = "/articles/import/"
TEXT = "The bridge\n\nIt cost £9.8 million, the council says, and “twice” as much later.\n"


def sent(client: Client, name: str, content: bytes, kind: str = "text/plain", text: str = "") -> Any:
    return client.post(URL, {"step": "preview", "text": text, "file": SimpleUploadedFile(name, content, kind)} | keys())


def archive() -> bytes:
    """A zip archive, which is what a Word document is too."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as written:
        written.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1"
ELF = b"\x7fELF\2\1\1\0" + bytes(range(256)) * 20
EXE = b"MZ\x90\0\3\0\0\0" + bytes(range(256)) * 20
REFUSED = {
    "picture.png": (PNG, "picture.png is not a .txt or .md file"),
    "picture.txt": (PNG, "picture.txt is not plain text but another kind of file (PNG)"),
    "draft.docx": (archive(), "draft.docx is not a .txt or .md file"),
    "draft.md": (archive(), "draft.md is not plain text but another kind of file (ZIP, Word, OpenDocument)"),
    "old.txt": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.txt is not plain text but another kind of file (Word)"),
    "setup.exe": (EXE, "setup.exe is not a .txt or .md file"),
    "setup.txt": (EXE, "setup.txt cannot be read as text"),
    "program.txt": (ELF, "program.txt cannot be read as text"),
    "nul.txt": (b"Words\0and words", "nul.txt cannot be read as text"),
    "nothing.txt": (b"", "There is no text in it"),
    "blank.txt": (b"\xef\xbb\xbf \r\n\t", "There is no text in it"),
    "utf16.txt": ("Words without a mark".encode("utf-16-le"), "utf16.txt cannot be read as text"),
    "utf32.txt": (TEXT.encode("utf-32"), "utf32.txt cannot be read as text"),
    "half.txt": (b"Words \xed\xa0\x80 here", "half.txt cannot be read as text"),
    "half16.txt": (b"\xff\xfeW\0\0\xd8x\0", "half16.txt cannot be read as text"),
    "greek.txt": ("Η γέφυρα κόστισε πολλά".encode("iso8859-7"), "greek.txt cannot be read as text"),
    "line.txt": (b"x" * 600_000, "Too long by 100,000 characters"),
    "large.txt": (b"x" * (5 * 1024 * 1024 + 1), "large.txt is larger than 5 MB"),
    "lines.txt": (b"a\n\n" * 20_001, "Too many paragraphs: 20,001"),
    "article": (TEXT.encode(), "article is not a .txt or .md file"),
    "page.html": (b"<p>Words", "page.html is not a .txt or .md file"),
}
READ = {
    "utf8.txt": TEXT.encode(),
    "marked.txt": TEXT.encode("utf-8-sig"),
    "utf16.txt": TEXT.encode("utf-16"),
    "utf16be.txt": b"\xfe\xff" + TEXT.encode("utf-16-be"),
    "western.txt": TEXT.encode("cp1252"),
    "latin.txt": TEXT.replace("“twice”", "twice").encode("latin-1"),
    "windows.TXT": TEXT.replace("\n", "\r\n").encode(),
    "mac.md": TEXT.replace("\n", "\r").encode(),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_no_article_is_refused_by_its_name(as_: As, checker: User, name: str) -> None:
    content, heading = REFUSED[name]
    answer = sent(as_(checker), name, content)
    assert answer.status_code == 422
    page = Page(answer.content.decode())
    assert page.holds(heading)
    assert ("input", "file-hint file-error") in [(tag, given.get("aria-describedby")) for tag, given in page.tags]
    assert not Article.objects.exists()


@pytest.mark.parametrize("name", READ)
def test_text_is_read_in_the_encodings_that_people_have(as_: As, checker: User, name: str) -> None:
    answer = sent(as_(checker), name, READ[name], "image/png" if name == "mac.md" else "text/plain")
    assert answer.status_code == 200
    page = Page(answer.content.decode())
    assert page.holds("It cost £9.8 million, the council says, and ")
    assert page.holds(name)


def test_what_was_pasted_stays_beside_a_file_that_is_refused(as_: As, checker: User) -> None:
    answer = sent(as_(checker), "picture.png", PNG, text="Pasted before")
    assert answer.status_code == 422
    assert Page(answer.content.decode()).holds("Pasted before")


def test_any_name_of_a_file_comes_back_as_it_was(as_: As, checker: User) -> None:
    client = as_(checker)
    for words in strings.everything()[::8]:
        # what is left of a name behind the last slash, without what would end it in the header
        name = re.sub(r'[\x00-\x1f\x7f"\\]', "", words[:100]).rpartition("/")[2].strip()
        answer = sent(client, f"{name}.docx", b"x")
        assert answer.status_code == 422, name
        page = Page(answer.content.decode())
        # as Django reads a file's name: entities as what they stand for, without what no name shows
        known = "".join(one for one in html.unescape(f"{name}.docx") if one.isprintable()).rpartition("/")[2]
        assert page.holds(f"{known} is not a .txt"), name


@pytest.mark.parametrize("text", ["\0\1\2PNG", "\x89PNG\r\n\x1a\n\0", "\ufffd" * 50, "\x01\x02\x03"])
def test_a_binary_paste_is_refused_or_shown_as_it_is(as_: As, checker: User, text: str) -> None:
    answer = as_(checker).post(URL, {"step": "preview", "text": text} | keys())
    page = Page(answer.content.decode())
    assert (answer.status_code, page.holds("There is a NUL character in line")) in {(422, True), (200, False)}
