"""What stands behind the question mark, a name sent twice, names of files: forged, they show and break nothing."""

import re
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.actions import articles, reports
from claims.models import User
from tests.access.addresses import TABLE, address
from tests.access.world import Newsroom, written
from tests.people import TEXT, browser_of, keys

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]

VIEWS = settings.BASE_DIR / "claims" / "views"
READ = re.compile(r"""GET\.get\(\s*"(\w+)"|"(\w+)" in request\.GET""")
HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/articles/1/"}


@pytest.fixture
def client(ledger: Newsroom) -> Client:
    return browser_of(ledger.people["admin"])


def parameters() -> list[str]:
    """Every name that a view reads from the query, and every filter of a list."""
    read = {name for path in VIEWS.glob("*.py") for pair in READ.findall(path.read_text()) for name in pair if name}
    assert {"page", "claim", "team", "kind"} <= read
    return sorted(read | {"q", "stage", "person", "due", "act", "since", "origin"})


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_forged_queries_break_nothing_write_nothing_and_show_nothing_of_others(
    client: Client, ledger: Newsroom, other: Newsroom, headers: dict[str, str]
) -> None:
    names, before, wrong = parameters(), written(), []
    elsewhere = other.ids["article_id"]
    for name in (name for name, page in TABLE.items() if page.read is not None):
        for value in ("9" * 30, elsewhere) if not headers else (elsewhere,):
            answer = client.get(address(name, ledger.ids), dict.fromkeys(names, value), headers=headers)
            said = f"{name}?…={value!r}"
            wrong += [f"{said}: {answer.status_code}"] if answer.status_code >= 500 else []
            shows = any(words in b"".join(answer).decode() for words in ("of the post", "@post.example", "The post"))
            wrong += [f"{said} shows another team’s"] if shows else []
    assert wrong == []
    assert written() == before


@pytest.mark.parametrize("words", ["", "Report"])
def test_sources_are_found_in_the_own_teams_alone(
    client: Client, ledger: Newsroom, other: Newsroom, words: str
) -> None:
    find = reverse("find_sources")
    asked = {
        "team": other.team.pk,
        "words": words,
        "article": other.ids["article_id"],
        "source": other.ids["source_id"],
    }
    assert client.get(find, asked, headers=HTMX).status_code == 404
    own = client.get(find, asked | {"team": ledger.team.pk}, headers=HTMX).content.decode()
    assert "Report of the post" not in own


def test_a_name_sent_twice_counts_as_its_last_value_in_the_body_and_not_in_the_address(
    client: Client, ledger: Newsroom
) -> None:
    """Parameter pollution: what the address says is never taken for what the form says."""
    path = address("invite", ledger.ids)
    answer = client.post(f"{path}?role=admin&email=evil@x.example", keys() | {"email": "a@b.example", "role": "viewer"})
    assert answer.status_code == 200
    client.post(path, keys() | {"email": ["evil@x.example", "c@d.example"], "role": ["admin", "checker"]})
    given = dict(ledger.team.invitations.values_list("email", "role"))
    assert (given["a@b.example"], given["c@d.example"]) == ("viewer", "checker")
    assert "evil@x.example" not in given


def test_cookies_and_headers_are_taken_for_no_field(client: Client, ledger: Newsroom) -> None:
    client.cookies["role"] = client.cookies["email"] = client.cookies["team"] = "admin"
    headers = {"X-HTTP-Method-Override": "DELETE", "X-User": "1", "X-Team": "2", "X-Original-URL": "/team/"}
    assert client.post(address("invite", ledger.ids), keys(), headers=headers).status_code == 422
    assert client.get("/queue/?_method=DELETE", headers=headers).status_code == 200


# --- names of files --------------------------------------------------------------------------

TITLES = [
    'bridge"; filename="evil.exe', "bridge\\..\\..\\evil", "../../etc/passwd", "a;b=c", "Brücke über die Straße", "橋",
    "‮gpj.exe", "x" * 400, ".htaccess", "con", "a%0d%0aX-Injected: 1", "<script>alert(1)</script>", "   .  ",
]  # fmt: skip


@pytest.mark.parametrize("title", TITLES)
def test_a_report_s_file_is_named_in_plain_letters_whatever_its_title(
    client: Client, ledger: Newsroom, title: str
) -> None:
    article = articles.import_article(
        actor=ledger.people["checker"], team=ledger.team, blocks=TEXT, title=title, outlet=f"{title[:150]} outlet"
    )
    reports.issue_report(actor=ledger.people["viewer"], article=article)
    answer = client.get(reverse("report_file", args=[article.pk, 1, "json"]))
    name = re.fullmatch(r'attachment; filename="([^"]+)"', answer["Content-Disposition"])
    assert name is not None
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}\.json", name[1]), name[1]
    assert ".." not in name[1]
    assert "X-Injected" not in answer
    assert "sandbox" in answer["Content-Security-Policy"]


UPLOADS = [
    "../../../etc/cron.d/evil.txt", "..\\..\\evil.txt", '"><script>alert(1)</script>.txt', "a\r\nb.txt", "\0.txt",
    "x" * 300 + ".txt", "evil.php.txt", ".txt", "con.txt",
]  # fmt: skip


@pytest.mark.parametrize("name", UPLOADS)
def test_the_name_of_an_upload_is_shown_and_used_for_nothing(client: Client, ledger: Newsroom, name: str) -> None:
    file = SimpleUploadedFile("plain.txt", "\n\n".join(text for _kind, text in TEXT).encode(), "text/plain")
    file._name = name  # as a client may send it, past what this class would make of it
    before = written()
    answer = client.post(address("import_article", ledger.ids), keys() | {"file": file})
    assert answer.status_code in {200, 422, 400}
    assert "<script>alert(1)" not in answer.content.decode()
    assert written() == before
    assert not (settings.BASE_DIR / "evil.txt").exists()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("picture.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"),
        ("page.html", b"<script>alert(1)</script>", "text/html"),
        ("text.txt", b"PK\x03\x04" + b"\0" * 200, "text/plain"),
        ("text.txt", b"MZ\x90\0" + b"\0" * 200, "text/plain"),
        ("text.docx", b"PK\x03\x04", "application/octet-stream"),
        ("text.txt", b"", "text/plain"),
    ],
)
def test_files_that_are_no_text_are_refused_by_name_and_content(
    client: Client, ledger: Newsroom, name: str, content: bytes, kind: str
) -> None:
    answer = client.post(
        address("import_article", ledger.ids), keys() | {"file": SimpleUploadedFile(name, content, kind)}
    )
    assert answer.status_code == 422
    assert ledger.team.articles.count() == 1


def test_an_upload_where_no_form_takes_one_is_nothing(client: Client, ledger: Newsroom) -> None:
    fields = keys() | {"email": "a@b.example", "role": "viewer", "file": SimpleUploadedFile("x.txt", b"x")}
    assert client.post(address("invite", ledger.ids), fields).status_code == 200


def test_links_of_people_are_http_and_nothing_that_runs(client: Client, ledger: Newsroom) -> None:
    said = {"title": "A", "kind": "page", "origin_kind": "unknown"}
    for url in ("javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:alert(1)", "vbscript:x", "file:///etc/passwd",
                "//evil.example", "http:\n//x", "https://a b"):  # fmt: skip
        answer = client.post(address("add_source", ledger.ids), keys() | said | {"url": url})
        assert answer.status_code == 422
    assert ledger.team.sources.count() == 1
