"""A newsroom in which everything has happened once: claims of each status, long words, other scripts, an empty team."""

import time
from dataclasses import dataclass, field
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from claims.actions import ahead, articles, claims, evidence, reports, teams, verdicts
from claims.forms.keys import sign_person
from claims.models import Article, Claim, Team, User
from claims.roles import Role
from claims.workflow import Stance
from tests.captures import failed, kept
from tests.people import BACKEND, PASSWORD, TEXT, keys, log, member, person, support, verdict

LONG = "Ununterbrochenesüberlangeswort" * 12
ARABIC = "أعلنت الوزارة أن كلفة الجسر بلغت واحدا وثلاثين مليونا"
QUOTES = {
    "open": "three times the first estimate",
    "proposed": "puts the bill at £31.4 million",
    "decided": "closed the bridge to lorries in March 2023",
    "recheck": "promised a repair in eleven months",
    "withdrawn": "The piers were sound",
    "sent back": "Nobody knows",
    "changed": "when the lorries will be back",
    "arabic": "كلفة الجسر",
}


@dataclass
class Newsroom:
    """The people by what they are, the articles, the claims by what became of them."""

    team: Team
    people: dict[str, User]
    article: Article
    large: Article
    empty: Article
    secured: User
    claims: dict[str, Claim] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    join: str = ""
    password: str = PASSWORD
    page: str = (
        "Home\nNews\n\nFerry fares to rise\n\nBy Ada Merrow\n\nThe council voted to raise fares by 20 percent.\n\nShare"
    )

    def client(self, who: str) -> Client:
        """A session of theirs, fresh enough for what the account guards; of nobody's for `nobody`."""
        client = Client()
        if who in self.people:
            client.force_login(self.people[who], backend=BACKEND)
            session = client.session
            session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
            session.save()
        return client

    def keys(self, who: str) -> dict[str, str]:
        """The hidden keys of a form of theirs; the version is what each form was opened on."""
        user = self.people.get(who)
        return keys() | ({"person": sign_person(user)} if user else {})

    def at(self, claim: Claim) -> str:
        return reverse("claim", args=[claim.article_id, claim.number])

    def desk(self, claim: Claim) -> str:
        return reverse("desk", args=[claim.article_id])

    def version(self, name: str) -> str:
        claim = self.claims[name]
        claim.refresh_from_db()
        return str(claim.row_version)

    def label(self, meaning: str) -> int:
        return int(self.team.labels.in_force().get(meaning=meaning).pk)


def build() -> Newsroom:
    admin = person("margit@ledger.example", "Margit Sørensen")
    team = teams.create_team(name="The Wexcombe Ledger", slug="ledger", admin=admin, timezone="Europe/London")
    people = {"admin": admin}
    for role, name in (
        (Role.CHECKER, "Ifeoma Brandt"),
        (Role.REVIEWER, "Tomasz Wilk"),
        (Role.VIEWER, "Youssef Haddad"),
    ):
        people[role.value] = member(team, person(f"{role.value}@ledger.example", name), role)
    people["newcomer"] = person("ken@post.example", "Ken Adeyemi")
    other = teams.create_team(name="Lode Valley Post " + LONG[:80], slug="post", admin=people["newcomer"])
    member(other, admin, Role.CHECKER)
    people["stranger"] = person("zoe@post.example", "Zoë")
    checker = people["checker"]
    blocks = (*TEXT, ("paragraph", ARABIC), ("caption", LONG))
    article = articles.import_article(
        actor=checker, team=team, blocks=blocks, title=f"{TEXT[0][1]} {LONG}", byline="Nora Vance", outlet="The Ledger"
    )
    empty = articles.import_article(actor=people["newcomer"], team=other, blocks=TEXT, title="Nothing logged yet")
    room = Newsroom(team, people, article, _large(team, checker), empty, secured=admin)
    _claims(room)
    _ids(room)
    _secure(room)
    return room


def _claims(room: Newsroom) -> None:
    """A claim of each status."""
    checker, reviewer = room.people["checker"], room.people["reviewer"]
    for name, quote in QUOTES.items():
        claim = log(room.article, checker, quote, risk="high" if name == "proposed" else "medium")
        room.claims[name] = claim
        support(claim, checker, title=f"Report on {name}" if name != "decided" else "Report HW/26/118")
    said = room.claims
    support(said["proposed"], checker, "conflicts", title=LONG)
    support(said["proposed"], room.people["admin"], Stance.IN_PART, title="Another origin")
    for name in ("proposed", "decided", "recheck", "sent back"):
        verdicts.propose(actor=checker, claim=said[name], verdict=verdict(room.team, rationale=f"It says so.\n{LONG}"))
    for name in ("decided", "recheck"):
        verdicts.decide(actor=reviewer, claim=said[name], verdict=verdict(room.team))
    evidence.retract(actor=checker, evidence=said["recheck"].evidence.get(), reason="The wrong year.")
    verdicts.send_back(actor=reviewer, claim=said["sent back"], reason="Which report?")
    verdicts.withdraw(actor=checker, claim=said["withdrawn"], reason="Colour, and no claim.")
    claims.edit_claim(actor=reviewer, claim=said["changed"], statement="Theirs, said anew", reason="the headline")


def _large(team: Team, checker: User) -> Article:
    """Sixty claims, a dozen of them at one short paragraph, one within another."""
    words = [f"In {year} the bill was {year - 1900} million and nobody was told." for year in range(1950, 2000)]
    short = "One two three four five six seven eight nine ten eleven twelve."
    blocks = [("title", "A long text"), *(("paragraph", said) for said in words), ("paragraph", short)]
    article = articles.import_article(actor=checker, team=team, blocks=blocks, title="A long text", language="en")
    for quote in [
        *(f"{year} the bill was {year - 1900} million" for year in range(1950, 1998)),
        *short[:-1].split()[:10],
    ]:
        log(article, checker, quote)
    log(article, checker, "bill was 50 million")
    log(article, checker, "50 million and nobody")
    return article


def _ids(room: Newsroom) -> None:
    """A row for each argument that an address can take."""
    admin, claim = room.people["admin"], room.claims["proposed"]
    reports.issue_report(actor=admin, article=room.article)
    invitation, token = teams.invite(actor=admin, team=room.team, email="new@ledger.example", role="viewer")
    room.join = reverse("join", args=[token])
    source = claim.evidence.order_by("number")[0].source
    while (capture := kept(source, admin)).number < claim.number:  # `number` stands for both
        pass
    typed = ahead.ask(actor=admin, team=room.team, url="https://report.example/typed")
    assert typed is not None
    key = Authenticator.objects.create(user=admin, type=Authenticator.Type.WEBAUTHN, data=_passkey())
    room.ids = {
        "article_id": room.article.pk,
        "number": claim.number,
        "e": 1,
        "anchor_id": claim.anchors.get().pk,
        "source_id": source.pk,
        "errand_id": failed(source, admin).pk,
        "ahead_id": typed.pk,
        "proof_id": capture.proofs.get().pk,
        "label_id": room.team.labels.in_force()[0].pk,
        "membership_id": room.team.memberships.get(user=room.people["checker"]).pk,
        "invitation_id": invitation.pk,
        "kind": "json",
        "token": token,
        "uidb36": "1",
        "key": "set-password",
        "pk": key.pk,
    }


def _passkey() -> dict[str, Any]:
    """A passkey as allauth keeps one, of an authenticator that there is not."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    held = AttestedCredentialData.create(b"\0" * 16, b"desk", ES256.from_cryptography_key(point))
    data = AuthenticatorData.create(b"\0" * 32, AuthenticatorData.FLAG.AT | AuthenticatorData.FLAG.UP, 0, held)
    collected = CollectedClientData.create("webauthn.create", b"\0" * 32, "http://testserver")
    response = {
        "clientDataJSON": websafe_encode(collected),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    identity = websafe_encode(b"desk")
    credential = {"id": identity, "rawId": identity, "type": "public-key", "response": response}
    return {"name": "Desk laptop", "credential": credential | {"clientExtensionResults": {"credProps": {"rk": True}}}}


def _secure(room: Newsroom) -> None:
    """Two-step sign-in for the one who has everything."""
    TOTP.activate(room.secured, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(room.secured)
