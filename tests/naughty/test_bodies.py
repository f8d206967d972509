"""Requests that are too large, damaged, in other letters, or hold what no database keeps: a page, never a fault."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse

from claims.models import Act, Claim, User
from tests.naughty.pages import Page
from tests.people import keys, support
from verify import wsgi

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"
IMPORT = "/articles/import/"
MEBIBYTE = 1024 * 1024
FACTS = {"statement": "As typed", "kind": "number", "risk": "medium", "said_by": "", "reported_by": ""}


def address(claim: Claim) -> str:
    return reverse("claim", args=[claim.article_id, claim.number])


def said(answer: Any, status: int) -> Page:
    assert answer.status_code == status, answer.status_code
    return Page(answer.content.decode())


def unchanged(claim: Claim) -> bool:
    return Claim.objects.get(pk=claim.pk).statement == claim.statement


def raw(client: Client, path: str, kind: str, body: io.BytesIO, **more: str) -> tuple[int, Page]:
    """What a server gets from the whole application, headers and bytes as they come."""
    length = str(len(body.getvalue()))
    environ = client._base_environ(REQUEST_METHOD="POST", PATH_INFO=path, CONTENT_TYPE=kind, CONTENT_LENGTH=length)
    statuses: list[str] = []
    request_started.disconnect(close_old_connections)  # as the test client does: the connection is the test's
    try:
        answer = wsgi.application(environ | {"wsgi.input": body} | more, lambda status, _: statuses.append(status))
        return int(statuses[0][:3]), Page(b"".join(answer).decode())
    finally:
        request_started.connect(close_old_connections)


# --- too large -------------------------------------------------------------------------------------------------------


def test_five_megabytes_in_a_field_come_back_with_how_long_they_are(as_: As, claim: Claim, checker: User) -> None:
    text = "5 MB of it. " * (5 * MEBIBYTE // 12)
    for name in ("statement", "said_by", "reason"):
        answer = as_(checker).post(address(claim), FACTS | keys(claim.row_version) | {name: text})
        page = said(answer, 422)
        assert page.holds(f"it has {len(text) if name == 'statement' else len(text.strip())}. Nothing was cut.")
        assert text.strip() in page.text
    assert unchanged(claim)


def test_a_paste_of_five_megabytes_comes_back_with_the_limit(as_: As, checker: User) -> None:
    text = "x" * (5 * MEBIBYTE)
    answer = as_(checker).post(IMPORT, {"step": "preview", "text": text} | keys())
    page = said(answer, 422)
    assert page.holds("5,242,880 of 500,000 characters.")
    assert text in page.text


@pytest.mark.parametrize("kind", [URLENCODED, MULTIPART])
def test_what_is_larger_than_a_form_may_be_is_told_its_limits_and_where_the_text_is(
    as_: As, claim: Claim, checker: User, kind: str
) -> None:
    body = b"statement=" + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    page = said(as_(checker).post(address(claim), body, content_type=kind), 413)
    for words in (
        "8.0 MB came",
        "a form may send 8 MB",
        "500,000 characters",
        "a file 5 MB",
        "still stands in the form",
    ):
        assert page.holds(words), words
    assert unchanged(claim)


def test_htmx_is_told_the_same_in_a_notice_and_the_page_stays(as_: As, claim: Claim, checker: User) -> None:
    body = b"statement=" + b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    headers = {"HX-Request": "true"}
    answer = as_(checker).post(address(claim), body, content_type=URLENCODED, headers=headers)
    assert said(answer, 413).holds("That is more than Galley takes at once")
    assert answer.content.decode().strip().startswith('<hx-partial hx-target="#notices"')


def test_it_is_read_to_its_end_so_that_a_browser_hears_the_answer(as_: As, claim: Claim, checker: User) -> None:
    body = io.BytesIO(b"x" * (9 * MEBIBYTE))
    status, _page = raw(as_(checker), address(claim), URLENCODED, body, CONTENT_LENGTH=str(9 * MEBIBYTE))
    assert (status, body.tell()) == (413, 9 * MEBIBYTE)


def test_a_file_of_nobody_is_read_to_its_end_and_not_taken_apart(settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "nowhere")
    path, back = reverse("upload_capture", args=[7]), "/accounts/login/?next=/sources/7/%23captures"
    for size in (1, 9 * MEBIBYTE):
        body = io.BytesIO(part("file", b"x" * size, '; filename="a.txt"') + b"--x--\r\n")
        status, _page = raw(Client(), path, MULTIPART, body)
        assert (status, body.tell()) == (302, len(body.getvalue()))
        assert Client().post(path, body.getvalue(), content_type=MULTIPART)["Location"] == back
    answer = Client().post(path, body.getvalue(), content_type=MULTIPART, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == back


def test_more_fields_than_a_form_has_are_told_their_limit(as_: As, claim: Claim, checker: User) -> None:
    for count, status in ((1_001, 422), (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1, 413)):
        body = urlencode({f"f{number}": "x" for number in range(count)})
        page = said(as_(checker).post(address(claim), body, content_type=URLENCODED), status)
    assert page.holds("A form may have 40,000")
    files = {f"f{number}": io.BytesIO(b"x") for number in range(101)}
    assert said(as_(checker).post(IMPORT, files | keys()), 413).holds("more fields than Galley takes")


# --- damaged ---------------------------------------------------------------------------------------------------------


def part(name: str, value: bytes, more: str = "") -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode() + value + b"\r\n"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (MULTIPART, part("text", b"Words that end in the")),
        (MULTIPART, part("text", b"Words", '; filename="a.txt"')[:-4]),
        (MULTIPART, b""),
        (MULTIPART, b"no parts at all"),
        ("multipart/form-data", part("text", b"Words") + b"--x--\r\n"),
        ("multipart/form-data; boundary=" + "b" * 300, part("text", b"Words") + b"--x--\r\n"),
        (MULTIPART, b"--x\r\nX-Long: " + b"h" * 5000 + b"\r\n\r\nWords\r\n--x--\r\n"),
        ("application/json", b'{"text": "Words"}'),
        ("text/plain", b"text=Words"),
        (f"{URLENCODED}; charset=utf-16", b"text=Words"),
        ("multipart/form-data; boundary=x; charset=latin-1", part("text", b"caf\xe9") + b"--x--\r\n"),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_to_do(as_: As, checker: User, kind: str, body: bytes) -> None:
    status, page = raw(as_(checker), IMPORT, kind, io.BytesIO(body))
    assert (status, page.holds("Galley could not read that request")) == (400, True)
    assert page.holds("What you typed still stands in the form")


ENCODINGS = ["utf-7", "utf-16", "hex", "base64", "rot13", "zlib", "idna", "punycode", "undefined", "unicode_escape",
             "latin-1", "ascii", "cp037", "shift_jis", "\0", "no-such"]  # fmt: skip
UNHOLDABLE = {"\0"}  # Django fails at the name itself, before any page could say so


@pytest.mark.parametrize("name", ENCODINGS)
def test_no_declared_encoding_is_more_than_a_refusal(as_: As, claim: Claim, checker: User, name: str) -> None:
    body = part("statement", b"\xff+ADw-") + b"--x--"
    for kind in (f"{URLENCODED}; charset={name}", f"{MULTIPART}; charset={name}"):
        status, page = raw(as_(checker), address(claim), kind, io.BytesIO(body))
        assert (status, page.holds("Galley could not read that request")) == (400, True)
        why = "It is no form that a browser sends." if name in UNHOLDABLE else "another encoding than UTF-8"
        assert page.holds(why)
        assert page.holds("Nothing was saved or changed.")
        assert page.holds("What you typed still stands in the form")
        look = {"REQUEST_METHOD": "GET", "QUERY_STRING": "edit=1"}
        assert raw(as_(checker), address(claim), kind, io.BytesIO(), **look)[0] == 200
    assert unchanged(claim)


def test_utf_8_by_any_of_its_names_is_read(as_: As, claim: Claim, checker: User) -> None:
    for number, name in enumerate(("utf-8", "UTF8", "U8"), 1):
        body = urlencode(FACTS | keys(number) | {"statement": f"Größe {number}"}).encode()
        answer = as_(checker).generic("POST", address(claim), body, f"{URLENCODED}; charset={name}")
        assert answer.status_code == 303, name
        assert Claim.objects.get(pk=claim.pk).statement == f"Größe {number}"


@pytest.mark.parametrize(
    "kind", [f"{MULTIPART}; a*=bogus''x", "a" * 20_000, f"{MULTIPART}; charset*=hex''utf-8", ";", "="]
)
def test_a_content_type_that_cannot_be_taken_apart_is_a_refusal_too(
    as_: As, claim: Claim, checker: User, kind: str
) -> None:
    status, page = raw(as_(checker), address(claim), kind, io.BytesIO(b"a=b"))
    assert (status, page.holds("Galley could not read that request")) == (400, True)


@pytest.mark.parametrize("body", ["statement=%", "statement=%zz%4", "=&&=&;", "&" * 5000, "%00=%00", "a[b]=c&a[b]=d"])
def test_a_malformed_form_is_a_form_with_something_missing(as_: As, claim: Claim, checker: User, body: str) -> None:
    said(as_(checker).post(address(claim), body, content_type=URLENCODED), 422)
    assert unchanged(claim)


# --- half characters and NUL -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("half", ["%ED%A0%80", "%ED%BF%BF", "%C0%80", "%F5%80%80%80", "%E2%82"])
def test_half_a_character_is_refused_in_every_kind_of_form(as_: As, claim: Claim, checker: User, half: str) -> None:
    raw = bytes.fromhex(half.replace("%", ""))
    file = part("file", "�".encode() * 9, '; filename="a.txt"')
    for kind, body in (
        (URLENCODED, f"{urlencode(FACTS | keys(1))}&statement=Before{half}after".encode()),
        (MULTIPART, part("statement", b"Before" + raw + b"after") + b"--x--\r\n"),
        (MULTIPART, file + part("statement", b"Before" + raw + b"after") + b"--x--\r\n"),
    ):
        page = said(as_(checker).post(address(claim), body, content_type=kind), 400)
        assert page.holds("half a character")
        assert "Before" in page.text
    assert unchanged(claim)


@pytest.mark.parametrize("path", ["/articles/?q=", "/sources/?q=", "/sources/find/?words=", "/team/trail/?claim=",
                                  "/queue/?kind=", "/accounts/login/?next="])  # fmt: skip
def test_half_a_character_or_nul_in_an_address_is_told_or_finds_nothing(
    as_: As, claim: Claim, checker: User, path: str
) -> None:
    support(claim, checker)
    client = as_(checker)
    assert said(client.get(f"{path}%ED%A0%80"), 400).holds("half a character")
    for words in ("%00", "a%00b"):
        answer = client.get(path + words)
        assert answer.status_code in {200, 302, 303}
        if "?q=" in path:
            assert Page(answer.content.decode()).holds("cannot be kept (U+0000)")


def test_half_a_character_beside_a_large_file_is_refused_too(as_: As, checker: User) -> None:
    file = part("file", b"x" * 9 * MEBIBYTE, '; filename="a.txt"')
    body = file + part("end", b"Before\xed\xa0\x80after") + b"--x--\r\n"
    answer = as_(checker).post(reverse("upload_capture", args=[7]), body, content_type=MULTIPART)
    assert said(answer, 400).holds("half a character")


def test_nul_is_refused_with_its_line_and_the_text_stays(as_: As, claim: Claim, checker: User) -> None:
    before = Act.objects.count()
    text = "First line\nsecond \0 line"
    page = said(as_(checker).post(address(claim), FACTS | keys(1) | {"statement": text}), 422)
    assert page.holds("Line 2 holds a character that cannot be kept (U+0000)")
    assert page.holds("First line")
    assert Act.objects.count() == before
