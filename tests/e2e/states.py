"""All pages in all their states, as HTML: every address of the URL configuration, and what forms and failures answer.

Taken once a run through Django's own client and rolled back, they are shown in a browser (tests/e2e/test_axe.py) and
read by a validator (test_valid_html.py). A new address is among them by itself.
"""

import pickle
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, transaction
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from claims.actions import sources
from claims.views import errors
from tests import cluster
from tests.captures import PAGE, failed, run_errands
from tests.e2e.newsroom import ARABIC, LONG, Newsroom, build
from tests.fetching.documents import pdf
from tests.people import BACKEND

# addresses whose page is another one for who has no two-step sign-in yet, and for who is not signed in
UNPROTECTED = {"mfa_index", "mfa_activate_totp"}
OUTSIDE = {"account_login", "account_signup", "account_reset_password"}
# lead nowhere, for everybody
ABSENT = {"account_email", "account_email_verification_sent", "account_confirm_email", "account_set_password"}
TOO_LARGE = "statement=" + "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE
TOO_MANY = "&".join(["f=x"] * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1))
NO_PAGES = {302, 303, 405}  # redirects lead to other pages, and what takes only POST is no page


@dataclass(frozen=True)
class Shot:
    """A page as it was answered; `address` is where its links start from, `core` that it is looked at each time."""

    name: str
    address: str
    status: int
    html: str
    headers: dict[str, str] = field(default_factory=dict)
    core: bool = False


@dataclass
class Album:
    """The shots that were taken, in order, each under a name of its own. Without `every` only the core is."""

    newsroom: Newsroom
    every: bool
    shots: list[Shot] = field(default_factory=list)

    def add(self, name: str, answer: Any, address: str, *, core: bool = False) -> None:
        if answer.status_code in NO_PAGES or not answer["Content-Type"].startswith("text/html"):
            return
        policy = answer.get("Content-Security-Policy", "")
        # where no script may run at all, axe could not either
        headers = {"Content-Security-Policy": policy} if policy and "sandbox" not in policy else {}
        self.shots.append(Shot(name, address, answer.status_code, answer.content.decode(), headers, core))

    def get(self, name: str, person: str, address: str, *, core: bool = False) -> None:
        if not core and not self.every:
            return
        self.add(name, self.newsroom.client(person).get(address), address, core=core)

    def post(self, name: str, person: str, address: str, status: int, /, **sent: Any) -> None:
        """What a form answers; it has to be `status`, so that no shot shows another state than its name says."""
        answer = self.newsroom.client(person).post(address, self.newsroom.keys(person) | sent)
        assert answer.status_code == status, (name, answer.status_code)
        self.add(name, answer, address)


def shots(*, every: bool) -> list[Shot]:
    """All of them, or each address once with what forms and failures answer; who asks first takes them for all workers.

    Needs a database, leaves nothing in it.
    """
    folder = cluster.folder()
    kept = folder.root / f"shots-{every}"
    with folder.locked("shots.lock"):
        if not kept.exists():
            kept.write_bytes(pickle.dumps(taken(every=every)))
    found: list[Shot] = pickle.loads(kept.read_bytes())
    return found


def taken(*, every: bool) -> list[Shot]:
    with transaction.atomic():
        album = Album(build(), every)
        for take in (addresses, doors, claims, refused, conflicts, captures, lists, admins, failures):
            take(album)
        transaction.set_rollback(True)
    names = [shot.name for shot in album.shots]
    assert len(names) == len(set(names)), "two shots of one name"
    return album.shots


# --- every address --------------------------------------------------------------------------------


def named(
    resolver: URLResolver | URLPattern | None = None, above: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """The named addresses, each with the arguments that it takes."""
    for entry in getattr(resolver or get_resolver(), "url_patterns", []):
        here = above | set(entry.pattern.converters) | set(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            yield from named(entry, here)
        elif entry.name:
            yield entry.name, here


def addresses(album: Album) -> None:
    """Each as an admin sees it, as a viewer, and from outside; an argument without a value here fails."""
    ids = album.newsroom.ids
    for name, asked in dict(named()).items():
        address = reverse(name, kwargs={argument: ids[argument] for argument in asked})
        album.get(name, "admin", address, core=name not in ABSENT)
        album.get(f"{name}, viewer", "viewer", address, core=name in UNPROTECTED)
        album.get(f"{name}, signed out", "nobody", address, core=name in OUTSIDE)


def doors(album: Album) -> None:
    login = reverse("account_login")
    album.post("sign-in, wrong password", "nobody", login, 200, login="nora@ledger.example", password="wrong")
    album.get("sign-in, text kept", "nobody", f"{login}?next=/queue/&kept=1")
    album.post("join, short password", "nobody", album.newsroom.join, 422, name="", password="short")
    change = reverse("account_change_password")
    album.post("password, refused", "admin", change, 200, oldpassword="x", password1="y", password2="z")
    album.post("account, no name", "admin", reverse("account"), 422, part="name", name="")
    client = Client()
    client.post(login, {"login": album.newsroom.secured.email, "password": album.newsroom.password})
    second = reverse("mfa_authenticate")
    album.add("second step", client.get(second), second, core=True)
    album.add("second step, wrong code", client.post(second, {"code": "000000"}), second)


# --- the claim ------------------------------------------------------------------------------------


def claims(album: Album) -> None:
    """Each status, with every part open that can be."""
    room = album.newsroom
    for status, claim in room.claims.items():
        at, desk = room.at(claim), room.desk(claim)
        album.get(f"claim {status}", "checker", at, core=True)
        for person in ("checker", "reviewer", "viewer"):
            album.get(f"claim {status}, {person}", person, f"{at}?verdict=1")
            album.get(f"desk {status}, {person}", person, f"{desk}?claim={claim.number}&verdict=1")
        album.get(f"claim {status}, facts", "checker", f"{at}?edit=1")
        album.get(f"claim {status}, add evidence", "checker", f"{at}evidence/")
        album.get(f"claim {status}, another place", "checker", f"{at}places/")
        for deed in ("propose", "decide", "send-back", "reopen", "withdraw", "restore"):
            album.get(f"claim {status}, {deed}", "reviewer", f"{at}{deed}/")
        album.get(f"claim {status}, retract", "reviewer", f"{at}evidence/1/retract/")
    for number in (1, 60):
        album.get(f"large desk, claim {number}", "checker", f"/articles/{room.large.pk}/?claim={number}")
        album.get(f"large article, claim {number}", "checker", f"/articles/{room.large.pk}/claims/{number}/")
    album.get("words in another script", "checker", room.at(room.claims["arabic"]))


def refused(album: Album) -> None:
    """422: what was typed is kept, and what is missing is said."""
    room = album.newsroom
    open_, proposed = room.at(room.claims["open"]), room.at(room.claims["proposed"])
    log = f"/articles/{room.article.pk}/claims/"
    album.post("log, empty", "checker", log, 422)
    album.post("log, not in the text", "checker", log, 422, quote="nowhere", statement="x", kind="other", risk="low")
    twice = {"quote": "£31.4 million", "statement": "x", "kind": "other", "risk": "low"}
    album.post("log, stands twice", "checker", log, 422, **twice)
    album.post("attach, empty", "checker", f"{open_}evidence/", 422)
    twin = {
        "title": "Report HW/26/118",
        "kind": "document",
        "origin_kind": "itself",
        "stance": "supports",
        "source": "new",
    }
    album.post("attach, a twin", "checker", f"{open_}evidence/", 422, **twin)
    album.post("attach, look", "checker", f"{open_}evidence/", 200, words="report", look="1")
    album.post("propose, empty", "checker", f"{open_}propose/", 422)
    album.post(
        "propose, refused",
        "checker",
        f"{open_}propose/",
        422,
        verdict=room.label("inaccurate"),
        rationale="x",
        version=room.version("open"),
    )
    album.post("decide, empty", "reviewer", f"{proposed}decide/", 422, verdict=room.label("needs-fix"))
    album.post("send back, asked", "reviewer", f"{proposed}send-back/", 200, verdict=room.label("accurate"))
    album.post("send back, no reason", "reviewer", f"{proposed}send-back/", 422, reason="")
    album.post("facts, empty", "checker", open_, 422, statement="")
    album.post("another place, nowhere", "checker", f"{open_}places/", 422, quote="nowhere")
    album.post("retract, no reason", "checker", f"{proposed}evidence/1/retract/", 422, reason="")
    importing = reverse("import_article")
    album.post("import, nothing", "checker", importing, 422, text="")
    album.post("import, preview", "checker", importing, 200, text=room.page)
    album.post("source, empty", "checker", reverse("add_source"), 422)
    album.post("article, empty", "checker", f"/articles/{room.article.pk}/edit/", 422, title="")


def conflicts(album: Album) -> None:
    """409, and texts that came back after their session."""
    room = album.newsroom
    claim = room.claims["changed"]
    facts = {"statement": "Mine", "kind": "other", "risk": "low", "reason": "y"}
    album.post("facts, stale", "checker", room.at(claim), 409, version="1", **facts)
    proposing = {"verdict": room.label("not-checkable"), "rationale": "x"}
    album.post("propose, stale", "checker", f"{room.at(claim)}propose/", 409, version="1", **proposing)
    decided = room.at(room.claims["decided"])
    deciding = {"verdict": room.label("accurate"), "rationale": "x"}
    album.post("decide, somebody was faster", "reviewer", f"{decided}decide/", 409, version="1", **deciding)
    album.post("retract, stale", "checker", f"{room.at(claim)}evidence/1/retract/", 409, version="1", reason="x")
    out = Client()
    for address, sent in (
        (room.at(claim), facts),
        (f"/articles/{room.article.pk}/claims/", {"quote": "x", "statement": "y"}),
    ):
        out.post(address, room.keys("checker") | sent)
        album.get(f"back after sign-in: {address.split('/')[-2]}", "checker", address, core=True)
    out.post(room.at(claim), room.keys("checker") | facts | {"statement": "Mine as well, from another tab"})
    album.get("back after sign-in: two texts", "checker", room.at(claim), core=True)
    account = reverse("account")
    out.post(account, room.keys("checker") | {"part": "name", "name": "Ifeoma B."})
    album.get("back after sign-in: account", "checker", account)


# --- captures -------------------------------------------------------------------------------------

FILES = {
    "page": ("report.html", PAGE + "<h2>Costs</h2><p>Ünïcode</p>".encode() + LONG.encode()),
    "table": ("costs.csv", "\n".join(f"Piers {n},{n}.6,{ARABIC}" for n in range(300)).encode()),
    "pages": ("report.pdf", pdf(*[f"Page {n}: the outturn cost is 31.4m." for n in range(60)])),
    "no text": ("film.mp4", b"\0\0\0\x18ftypmp42" + b"\0" * 64),
}


def captures(album: Album) -> None:
    """What is read, what is under way, what failed, and what is refused."""
    room = album.newsroom
    checker = room.people["checker"]
    source = sources.add_source(actor=checker, team=room.team, title=f"Report {LONG}", kind="document", url="")
    upload = reverse("upload_capture", args=[source.pk])
    album.get("captures, none", "checker", f"/sources/{source.pk}/")
    album.post("upload, no file", "checker", upload, 302)
    for name, content in FILES.values():
        file = SimpleUploadedFile(name, content)
        album.post(f"uploaded {name}", "checker", upload, 302, file=file, end="end")
    album.get("captures, under way", "checker", f"/sources/{source.pk}/", core=True)
    album.get("queue of captures, under way", "admin", reverse("capture_queue"))
    run_errands()
    for number, what in enumerate(FILES, 1):
        album.get(f"capture, {what}", "viewer", reverse("capture", args=[source.pk, number]), core=what == "table")
    album.get("capture, last page", "viewer", f"{reverse('capture', args=[source.pk, 3])}?page=99")
    failed(source, checker)
    album.get("captures, failed", "checker", f"/sources/{source.pk}/", core=True)
    album.get("captures, viewer", "viewer", f"/sources/{source.pk}/")
    album.get("queue of captures, failed", "admin", reverse("capture_queue"), core=True)
    album.get("queue of captures, empty", "newcomer", reverse("capture_queue"))
    with patch.object(settings, "STAMPS", ("https://time.example/tsr",), create=True):
        album.get("capture, not stamped", "checker", reverse("capture", args=[source.pk, 1]))


# --- lists, administration, failures --------------------------------------------------------------


def lists(album: Album) -> None:
    """Filters that find nothing, and a team that has nothing yet."""
    room = album.newsroom
    for address in ("/articles/", "/sources/"):
        album.get(f"{address} found nothing", "checker", f"{address}?q=zzzz")
        album.get(f"{address} found", "checker", f"{address}?q=report")
    for address in ("/queue/", "/articles/", "/sources/", "/team/", "/team/trail/", f"/articles/{room.empty.pk}/"):
        album.get(f"{address} empty", "newcomer", address, core=True)
    for kind in ("to-check", "to-review", "sent-back", "recheck"):
        for person in ("checker", "reviewer"):
            album.get(f"queue, {kind}, {person}", person, f"/queue/?kind={kind}")
    album.get("in no team", "stranger", "/queue/")
    album.get("report, issued", "viewer", f"/articles/{room.article.pk}/report/")
    album.get("report, of much", "viewer", f"/articles/{room.large.pk}/report/")
    for person in ("checker", "reviewer"):
        album.get(f"queue, {person}", person, "/queue/", core=True)
    album.get("desk, foot open", "checker", f"{room.desk(room.claims['open'])}?claim=1&verdict=1", core=True)
    album.get("report by itself", "viewer", f"/articles/{room.article.pk}/reports/1.html", core=True)
    album.get("source, edited", "checker", f"/sources/{room.ids['source_id']}/?edit=1")
    album.get("trail, of one claim", "checker", f"/articles/{room.article.pk}/trail/?claim=1")


def admins(album: Album) -> None:
    """What the team's page asks and refuses."""
    room = album.newsroom
    album.post("invite, no address", "admin", reverse("invite"), 422, email="nonsense", role="viewer")
    album.post("invited", "admin", reverse("invite"), 200, email="more@ledger.example", role="viewer")
    album.post("policy, no reason", "admin", reverse("change_policy"), 422)
    album.post("label, empty", "admin", reverse("add_label"), 422)
    for name in ("relabel", "retire_label", "remove_member", "withdraw_invitation"):
        asked = next(arguments for one, arguments in named() if one == name)
        address = reverse(name, kwargs={argument: room.ids[argument] for argument in asked})
        answer = room.client("admin").post(address, room.keys("admin") | {"reason": ""})
        album.add(f"{name}, no reason", answer, address)


def failures(album: Album) -> None:
    """What is shown when something is not there, not allowed, or broken."""
    room = album.newsroom
    album.get("404", "checker", "/articles/999999/", core=True)
    album.get("404, signed out", "nobody", "/nowhere/")
    album.post("403", "viewer", f"{room.at(room.claims['open'])}propose/", 403, rationale="What was typed\nand kept")
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(room.people["checker"], backend=BACKEND)
    address = room.at(room.claims["open"])
    album.add("form key refused", strict.post(address, room.keys("checker") | {"statement": "Typed"}), address)
    for name, failure in (("500", ValueError()), ("503", OperationalError()), ("400", None)):
        album.add(name, broken(failure), "/articles/1/")
    for name, sent in (("413, too large", TOO_LARGE), ("413, too many fields", TOO_MANY)):
        answer = room.client("checker").post(address, sent, content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 413, name
        album.add(name, answer, address, core=sent == TOO_LARGE)
    limited = errors.answer(_request(), 429, "Too many tries", "Wait a little.")
    album.add("429", limited, "/accounts/login/")


def broken(failure: Exception | None) -> Any:
    """The page of a failure in the middle of a request."""
    if failure is None:
        return errors.bad_request(_request())
    with patch.object(errors.log, "error"), patch.object(sys, "exc_info", lambda: (type(failure), failure, None)):
        return errors.server_error(_request())


def _request() -> Any:
    request = RequestFactory().get("/articles/1/")
    request.htmx = False  # type: ignore[attr-defined]
    return request
