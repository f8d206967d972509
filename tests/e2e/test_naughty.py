"""Strings that want to run, in a real browser: pages and reports that hold them run nothing and fetch nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import ConsoleMessage, Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from claims.actions import teams
from claims.models import Article, Claim, Source, User
from claims.reports import html
from tests.e2e.hands import open_page
from tests.naughty import lawless, strings
from tests.people import BACKEND, member, person

pytestmark = pytest.mark.django_db(transaction=True)
RUNS = "<img src=x onerror=window.ran=1><script>window.ran=1</script>\"'><svg onload=window.ran=1>"


@dataclass
class Watch:
    """What a page did that no page of ours may do."""

    base: str
    dialogs: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def dialog(self, box: Dialog) -> None:
        self.dialogs.append(box.message)
        box.dismiss()

    def console(self, said: ConsoleMessage) -> None:
        if said.type == "error" or "Content Security Policy" in said.text:
            self.heard.append(said.text)


@contextmanager
def watched(page: Page, base: str) -> Iterator[Watch]:
    """No dialog, no property of `window` set, no word of a policy that was broken, nothing asked for elsewhere."""
    watch = Watch(base)
    page.on("dialog", watch.dialog)
    page.on("console", watch.console)
    page.on("pageerror", lambda error: watch.heard.append(str(error)))
    page.context.on("request", lambda request: watch.asked.append(request.url))
    yield watch
    assert watch.dialogs == []
    assert watch.heard == []
    assert [url for url in watch.asked if not url.startswith((base, "data:"))] == []


def looks_at(page: Page, address: str) -> str:
    """Open a page; what it says."""
    answer = page.goto(address, wait_until="load")
    assert answer is None or answer.status == 200, address
    assert page.evaluate("typeof window.ran") == "undefined", address
    return page.locator("body").inner_text()


@dataclass
class Room:
    article: Article
    reader: User
    words: list[str]


@pytest.fixture
def room(db: None) -> Room:
    """An article of strings in a team whose name and people want to run as well."""
    admin = person("margit@ledger.example", f"Margit {RUNS}"[:120])
    team = teams.create_team(name=RUNS[:120], slug="ledger", admin=admin)
    reader = member(team, person("nora@ledger.example", "</b><b onclick=window.ran=1>Nora"), "admin")
    client = Client()
    client.force_login(admin, backend=BACKEND)
    made = lawless.build(client, team, admin, reader, count=6)
    client.post(reverse("report", args=[made.article.pk]))
    return Room(made.article, reader, [text for texts in made.words.values() for text in texts])


def addresses(article: Article) -> list[str]:
    """The pages on which words that people typed stand, forms and panes among them."""
    pk, source = article.pk, Source.objects.latest("pk")
    claim = [reverse("claim", args=[pk, number]) for number in (1, 2)]
    desk = reverse("desk", args=[pk])
    return [
        *("/queue/", "/articles/", "/sources/", "/team/", "/team/trail/", "/accounts/"),
        *(desk, f"{desk}?claim=2&verdict=1", f"{desk}claims/?start=0&end=400", *claim, f"{claim[0]}?edit=1"),
        *(f"{claim[1]}evidence/", f"{claim[1]}withdraw/", reverse("edit_article", args=[pk])),
        *(reverse("source", args=[source.pk]), reverse("source", args=[source.pk]) + "?edit=1"),
        *(reverse("article_trail", args=[pk]), reverse("report", args=[pk])),
    ]


@pytest.mark.slow
def test_pages_that_hold_them_run_nothing_and_fetch_nothing(
    browser: Chromium, live_server: LiveServer, room: Room
) -> None:
    page = open_page(browser, live_server.url, room.reader)
    with watched(page, live_server.url) as watch:
        said = {address: looks_at(page, address) for address in addresses(room.article)}
        page.goto("/articles/import/")
        page.get_by_label("Article text").fill("\n\n".join(lawless.blocks()))
        page.get_by_role("button", name="Preview").click()
        expect(page.get_by_role("button", name="Start checking")).to_be_visible()
        assert page.evaluate("typeof window.ran") == "undefined"
    assert len(watch.asked) > len(said)
    assert "onerror=window.ran=1" in said["/team/"]
    assert "alert(1)" in said[reverse("desk", args=[room.article.pk])]
    assert Claim.objects.filter(article=room.article, status="proposed").exists()
    assert "Review" in said["/queue/"]


def test_reports_that_hold_them_run_nothing_and_fetch_nothing(
    browser: Chromium, live_server: LiveServer, room: Room, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    client = Client()
    client.force_login(room.reader, backend=BACKEND)
    file.write_bytes(client.get(reverse("report_file", args=[room.article.pk, 1, "html"])).content)
    assert html.policy().encode() in file.read_bytes().replace(b"&#x27;", b"'")
    page = open_page(browser, live_server.url)
    with watched(page, file.as_uri()) as watch:
        said = looks_at(page, file.as_uri())
        page.emulate_media(media="print")
        assert page.evaluate("typeof window.ran") == "undefined"
    assert watch.asked == [file.as_uri()]
    plain = [one for one in strings.blns() if one.isascii() and one.isprintable() and " " not in one and len(one) > 20]
    assert all(one in said for one in plain)


@pytest.mark.slow
@pytest.mark.parametrize("where", ["import", "claim"])
def test_what_is_far_too_long_is_told_so_and_back_gives_it_back(
    browser: Chromium, live_server: LiveServer, claim: Claim, checker: User, where: str
) -> None:
    """Over 8 MB nothing of it is read; the text is where it was typed, once the person goes back."""
    page = open_page(browser, live_server.url, checker)
    lines = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 120
    address = "/articles/import/" if where == "import" else reverse("claim", args=[claim.article_id, 1]) + "?edit=1"
    page.goto(address)
    field = page.get_by_label("Article text" if where == "import" else "Statement", exact=True)
    # 40 letters of three bytes a line, so that the browser has less to lay out; then the button that sends the form
    length = field.evaluate(
        "(area, lines) => { area.value = ('中'.repeat(40) + '\\n').repeat(lines); return area.value.length }", lines
    )
    field.evaluate("area => area.form.requestSubmit()")
    expect(page.get_by_text("That is more than Galley takes at once")).to_be_visible(timeout=60_000)
    if where == "import":  # the claim's page is still there, with a notice
        page.go_back()
    expect(field).to_be_visible()
    assert field.evaluate("area => area.value.length") == length
