"""Every form that writes, filled in: who sends it, where to, and what; by the name of its address."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims.actions import claims, sources, teams, verdicts
from claims.anchors import find
from claims.models import Article, Claim, Errand, Membership, Source, Team, User
from tests.captures import failed, kept
from tests.people import keys, support, verdict

PASTE = "The bridge\n\nThe council closed the bridge to lorries in March 2023."


@dataclass(frozen=True)
class World:
    """A newsroom with a claim that has one piece of evidence."""

    team: Team
    article: Article
    claim: Claim
    admin: User
    checker: User
    reviewer: User
    outsider: User

    def to(self, name: str, **more: int) -> str:
        return reverse(name, kwargs={"article_id": self.article.pk, "number": self.claim.number, **more})

    def opened(self) -> dict[str, str]:
        """The hidden keys of a form on the claim as it is now."""
        self.claim.refresh_from_db()
        return keys(self.claim.row_version)

    def verdict(self) -> dict[str, Any]:
        label = self.team.labels.in_force().get(meaning="accurate")
        return {"verdict": label.pk, "rationale": "The report says so."}

    def proposed(self) -> Claim:
        return verdicts.propose(actor=self.checker, claim=self.claim, verdict=verdict(self.team))

    def decided(self) -> Claim:
        return verdicts.decide(actor=self.reviewer, claim=self.proposed(), verdict=verdict(self.team))


Filled = tuple[User, str, dict[str, Any]]
FORMS: dict[str, Callable[[World], Filled]] = {}
REASON = {"reason": "It has to be so."}
SOURCE = {"title": "A second report", "kind": "page", "origin_kind": "itself"}
CLAIM = {"kind": "number", "risk": "low"}


def form(fill: Callable[[World], Filled]) -> Callable[[World], Filled]:
    FORMS[fill.__name__] = fill
    return fill


@form
def import_article(w: World) -> Filled:
    said = {"step": "keep", "team": w.team.pk, "text": PASTE, "sha256": sha256(PASTE.encode()).hexdigest()}
    return w.checker, reverse("import_article"), said | {"title": "T", "language": "en", "keep": ["1", "2"]} | keys()


@form
def edit_article(w: World) -> Filled:
    said = {"title": "Another title", "language": "en", "stage": "ready"} | keys(w.article.row_version)
    return w.checker, reverse("edit_article", args=[w.article.pk]), said


@form
def log_claim(w: World) -> Filled:
    said = {"quote": "in March 2023", "statement": "It was in March."} | CLAIM
    return w.checker, reverse("log_claim", args=[w.article.pk]), said | keys()


@form
def claim(w: World) -> Filled:
    return w.checker, w.to("claim"), {"statement": "Otherwise put."} | CLAIM | w.opened()


@form
def stand_also(w: World) -> Filled:
    return w.checker, w.to("stand_also"), {"quote": "first estimate of £9.8 million"} | w.opened()


@form
def leave_place(w: World) -> Filled:
    place = find(w.article.latest_version().text, "in March 2023")[0]
    claims.stand_also(actor=w.checker, claim=w.claim, place=place)
    return w.checker, w.to("leave_place", anchor_id=w.claim.anchors.get(exact="in March 2023").pk), w.opened()


@form
def attach_evidence(w: World) -> Filled:
    said = SOURCE | {"source": "new", "stance": "conflicts", "quote": "q"}
    return w.checker, w.to("attach_evidence"), said | w.opened()


@form
def retract_evidence(w: World) -> Filled:
    return w.checker, w.to("retract_evidence", e=1), REASON | w.opened()


@form
def propose(w: World) -> Filled:
    return w.checker, w.to("propose"), w.verdict() | w.opened()


@form
def decide(w: World) -> Filled:
    w.proposed()
    return w.reviewer, w.to("decide"), w.verdict() | w.opened()


@form
def send_back(w: World) -> Filled:
    w.proposed()
    return w.reviewer, w.to("send_back"), REASON | w.opened()


@form
def reopen(w: World) -> Filled:
    w.decided()
    return w.reviewer, w.to("reopen"), REASON | w.opened()


@form
def withdraw(w: World) -> Filled:
    return w.checker, w.to("withdraw"), REASON | w.opened()


@form
def restore(w: World) -> Filled:
    verdicts.withdraw(actor=w.checker, claim=w.claim, reason="Cut")
    return w.reviewer, w.to("restore"), REASON | w.opened()


@form
def report(w: World) -> Filled:
    return w.checker, reverse("report", args=[w.article.pk]), keys()


@form
def change_roles(w: World) -> Filled:
    rows = {row.user_id: row for row in Membership.objects.filter(team=w.team)}
    said = {f"role-{row.pk}": row.role for row in rows.values()} | {f"role-{rows[w.checker.pk].pk}": "reviewer"}
    opened = {f"opened-{row.pk}": row.row_version for row in rows.values()}
    return w.admin, reverse("change_roles"), said | opened | keys()


@form
def remove_member(w: World) -> Filled:
    row = Membership.objects.get(team=w.team, user=w.checker)
    return w.admin, reverse("remove_member", args=[row.pk]), REASON | keys(row.row_version)


@form
def invite(w: World) -> Filled:
    return w.admin, reverse("invite"), {"email": "new@ledger.example", "role": "viewer"} | keys()


@form
def withdraw_invitation(w: World) -> Filled:
    made, _token = teams.invite(actor=w.admin, team=w.team, email="new@ledger.example", role="viewer")
    return w.admin, reverse("withdraw_invitation", args=[made.pk]), keys()


@form
def join(w: World) -> Filled:
    _made, token = teams.invite(actor=w.admin, team=w.team, email=w.outsider.email, role="viewer")
    return w.outsider, reverse("join", args=[token]), keys()


@form
def change_policy(w: World) -> Filled:
    said = {"four_eyes": "on", "name": "The Ledger", "high_risk_origins": 3, "timezone": "UTC"} | REASON
    return w.admin, reverse("change_policy"), said | keys(w.team.row_version)


@form
def add_label(w: World) -> Filled:
    return w.admin, reverse("add_label"), {"name": "Half true", "meaning": "needs-fix"} | keys()


@form
def relabel(w: World) -> Filled:
    label = w.team.labels.in_force()[0]
    return w.admin, reverse("relabel", args=[label.pk]), {"name": "Holds"} | REASON | keys()


@form
def retire_label(w: World) -> Filled:
    label = w.team.labels.in_force()[0]
    return w.admin, reverse("retire_label", args=[label.pk]), REASON | keys()


@form
def add_source(w: World) -> Filled:
    return w.checker, reverse("add_source"), SOURCE | keys()


@form
def source(w: World) -> Filled:
    found = Source.objects.get()
    said = {"title": "Its right title", "kind": "document", "origin_kind": "unknown"}
    return w.checker, reverse("source", args=[found.pk]), said | keys(found.row_version)


@form
def account(w: World) -> Filled:
    return w.checker, reverse("account"), {"part": "name", "name": "Ifeoma Orme"} | keys()


@form
def switch_team(w: World) -> Filled:
    return w.checker, reverse("switch_team"), {"team": w.team.slug} | keys()


def captured(w: World) -> Source:
    """The source has an address, of which no capture is under way."""
    source = sources.edit_source(actor=w.checker, source=Source.objects.get(), url="https://report.example/hw-26-118")
    Errand.objects.under_way().update(state=Errand.State.FAILED)
    return source


@form
def fetch_ahead(w: World) -> Filled:
    return w.checker, reverse("fetch_ahead"), {"team": w.team.pk, "url": "https://report.example/typed"} | keys()


@form
def captures(w: World) -> Filled:
    return w.checker, reverse("captures", args=[captured(w).pk]), keys()


class Sent(SimpleUploadedFile):
    """A file that can be sent several times at once."""

    def read(self, *_size: Any) -> bytes:
        return b"Piers,11.6\n"


@form
def upload_capture(w: World) -> Filled:
    said = {"file": Sent("costs.csv", b"Piers,11.6\n"), "end": "end"}
    return w.checker, reverse("upload_capture", args=[captured(w).pk]), said | keys()


@form
def capture_again(w: World) -> Filled:
    found = captured(w)
    return w.checker, reverse("capture_again", args=[found.pk, failed(found, w.checker).pk]), keys()


@form
def drop_capture(w: World) -> Filled:
    found = captured(w)
    return w.checker, reverse("drop_capture", args=[found.pk, failed(found, w.checker).pk]), keys()


@form
def prove_capture(w: World) -> Filled:
    found = captured(w)
    return w.checker, reverse("prove_capture", args=[found.pk, kept(found, w.checker).number]), keys()


def world(team: Team, article: Article, claim: Claim, people: dict[str, User]) -> World:
    support(claim, people["checker"])
    return World(team=team, article=article, claim=claim, **people)
