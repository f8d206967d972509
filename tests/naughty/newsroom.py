"""A committed newsroom in which every form of the app has something to work on, and a walk that finds the forms."""

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve

import claims.forms
from claims.actions import articles, reports, sources, teams, verdicts
from claims.actions import claims as acts
from claims.anchors import find
from claims.forms.fields import Form as HouseForm
from claims.models import Article, Claim, Team, User
from claims.roles import Role
from tests.naughty.pages import WORDS, Form, Page
from tests.people import BACKEND, TEXT, log, member, person, support, verdict

STARTS = ("/queue/", "/articles/", "/articles/import/", "/sources/", "/sources/new/", "/team/", "/accounts/")
MOST_PAGES = 150
NOT_WALKED = {"account_logout", "report_file", "healthz"}


@dataclass
class Room:
    """The newsroom: its admin sees every form; `forms` are all of them, each once."""

    team: Team
    admin: User
    checker: User
    teammate: User
    article: Article
    token: str
    forms: list[Form] = field(default_factory=list)

    def client(self, user: User | None = None) -> Client:
        """Signed in as the admin, or as somebody else."""
        client = Client()
        client.force_login(user or self.admin, backend=BACKEND)
        return client


def build() -> Room:
    """A team with an article and a claim of every status, each proposed by the checker."""
    admin, checker, teammate = (person(f"{name}@ledger.example", name.title()) for name in ("margit", "ifeoma", "nora"))
    team = teams.create_team(name="Ledger", slug="ledger", admin=admin, timezone="Asia/Kolkata")
    member(team, checker, Role.CHECKER)
    member(team, teammate, Role.REVIEWER)
    article = articles.import_article(actor=checker, team=team, blocks=TEXT, title=TEXT[0][1])
    quotes = ("puts the bill at £31.4 million", "eleven months", "March 2023", "Box 212", "every drawing we had")
    opened, proposed, decided, gone, recheck = (log(article, checker, quote) for quote in quotes)
    acts.stand_also(actor=checker, claim=opened, place=find(article.latest_version().text, "Nobody knows")[0])
    for claim in (opened, proposed, decided, recheck):
        support(claim, checker, title=f"Report on claim {claim.number}")
    for claim in (proposed, decided, recheck):
        verdicts.propose(actor=checker, claim=Claim.objects.get(pk=claim.pk), verdict=verdict(team))
    for claim in (decided, recheck):
        verdicts.decide(actor=admin, claim=Claim.objects.get(pk=claim.pk), verdict=verdict(team))
    support(Claim.objects.get(pk=recheck.pk), checker, title="Report that came later")
    verdicts.withdraw(actor=checker, claim=gone, reason="No fact")
    sources.add_source(actor=checker, team=team, title="Minute book")
    teams.invite(actor=admin, team=team, email="waits@ledger.example", role="viewer")
    _invitation, token = teams.invite(actor=admin, team=team, email="new@ledger.example", role="viewer")
    reports.issue_report(actor=admin, article=article)
    return Room(team, admin, checker, teammate, article, token)


# --- the walk --------------------------------------------------------------------------------------------------------


def walk(room: Room) -> list[Form]:
    """Every form that the admin, and somebody signed out, can come to: by links, forms' addresses, a preview."""
    client, found = room.client(), {}
    waiting, seen = list(STARTS), set[object]()
    while waiting and len(seen) < MOST_PAGES:
        address = urlsplit(waiting.pop(0))._replace(fragment="").geturl()
        if (key := _place(address)) is None or key in seen:
            continue
        seen.add(key)
        answer = client.get(address)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            page = Page(answer.content.decode(), address)
            waiting += [link for link in page.links if link.startswith(("/", "?"))]
            waiting += [f"{urlsplit(address).path}{link}" for link in page.links if link.startswith("?")]
            _add(found, page)
    _add(found, preview(client))
    for address in ("/accounts/login/", "/accounts/password/reset/", f"/accounts/join/{room.token}/"):
        _add(found, Page(Client().get(address).content.decode(), address))
    return list(found.values())


def preview(client: Client) -> Page:
    """The second step of an import."""
    first = next(form for form in Page(client.get("/articles/import/").content.decode()).forms if "text" in form.words)
    text = "\n\n".join(words for _kind, words in TEXT)
    return Page(client.post("/articles/import/", first.sent(text=text)).content.decode(), "/articles/import/")


def _place(address: str) -> object | None:
    """What makes a page another one: its view, on a claim's own page its number, and what its query names."""
    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    if found.view_name in NOT_WALKED:
        return None
    names = frozenset(part.partition("=")[0] for part in parts.query.split("&") if part) - {"page", "claim"}
    return found.view_name, found.kwargs["number"] if found.view_name == "claim" else None, names


def _add(found: dict[object, Form], page: Page) -> None:
    for form in page.forms:
        where = resolve(urlsplit(form.action).path)
        names = frozenset(one.name for one in form.fields if not one.name.startswith(("kind-", "role-", "opened-")))
        found.setdefault((where.view_name, form.method, names, form.button), form)


# --- forms in the code, and what they are on the page ----------------------------------------------------------------


def classes() -> list[type[HouseForm]]:
    """All form classes of the project."""
    for module in pkgutil.iter_modules(claims.forms.__path__, "claims.forms."):
        importlib.import_module(module.name)
    found, waiting = [], [HouseForm]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += below
        waiting += below
    return sorted(
        (cls for cls in found if cls.__module__.startswith("claims.forms.")),
        key=lambda cls: (-len(words_of(cls)), cls.__qualname__),
    )


def words_of(cls: type[HouseForm]) -> dict[str, forms.Field]:
    """The class's fields for words that are shown."""
    return {
        name: one
        for name, one in cls.base_fields.items()
        if not one.widget.is_hidden and kind_of(one) in WORDS and _is_typed(one)
    }


def kind_of(one: forms.Field) -> str:
    """The kind of its control on a page."""
    return getattr(one.widget, "input_type", "textarea")


def _is_typed(one: forms.Field) -> bool:
    return isinstance(one, forms.CharField) and not isinstance(one.widget, forms.Select)


def fields_of(form: Form) -> dict[str, forms.Field]:
    """The fields in the code behind a form's fields for words: those of the largest classes that fit into it."""
    names, found = {one.name for one in form.fields}, dict[str, forms.Field]()
    for cls in classes():
        own = words_of(cls)
        if (
            own
            and own.keys() <= names
            and all(kind_of(one) == form.words.get(name, "text") for name, one in own.items())
        ):
            found = own | found
    return {name: one for name, one in found.items() if name in form.words}


@contextmanager
def undone() -> Iterator[None]:
    """What happens within is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def page_of(answer: HttpResponse, address: str = "/") -> Page:
    return Page(answer.content.decode(), address)
