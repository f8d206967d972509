"""The people and things of the tests: the same three kinds everywhere, owner, teammate, outsider."""

import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from claims.actions import articles, claims, evidence, teams, verdicts
from claims.anchors import find
from claims.models import Article, Claim, Evidence, Label, Membership, Team, User
from claims.roles import Role
from claims.trail import act

PASSWORD = "correct-horse-battery"
BACKEND = "django.contrib.auth.backends.ModelBackend"
TEXT = (
    ("title", "Kingsmill Bridge repair now to cost £31.4 million"),
    ("paragraph", "The council closed the bridge to lorries in March 2023. It promised a repair in eleven months."),
    ("paragraph", "A report puts the bill at £31.4 million, more than three times the first estimate of £9.8 million."),
    ("heading", "Box 212"),
    ("quote", "“The piers were sound on every drawing we had.”"),
    ("paragraph", "Nobody knows when the lorries will be back."),
)


def person(email: str, name: str) -> User:
    """Somebody who can sign in with PASSWORD."""
    return User.objects.create_user(email, name, PASSWORD)


def browser_of(user: User) -> Client:
    """A browser in which they are signed in."""
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def member(team: Team, user: User, role: str) -> User:
    """Make somebody a member, in an act, without the way by invitation."""
    with act("member.join", user):
        Membership.objects.create(team=team, user=user, role=role)
    return user


@pytest.fixture
def admin(db: None) -> User:
    return person("margit@ledger.example", "Margit Sørensen")


@pytest.fixture
def team(admin: User) -> Team:
    return teams.create_team(name="The Wexcombe Ledger", slug="ledger", admin=admin, timezone="Europe/London")


@pytest.fixture
def checker(team: Team) -> User:
    return member(team, person("ifeoma@ledger.example", "Ifeoma Brandt"), Role.CHECKER)


@pytest.fixture
def teammate(team: Team) -> User:
    return member(team, person("nora@ledger.example", "Nora Vance"), Role.CHECKER)


@pytest.fixture
def reviewer(team: Team) -> User:
    return member(team, person("tomasz@ledger.example", "Tomasz Wilk"), Role.REVIEWER)


@pytest.fixture
def viewer(team: Team) -> User:
    return member(team, person("youssef@ledger.example", "Youssef Haddad"), Role.VIEWER)


@pytest.fixture
def outsider(db: None) -> User:
    return person("ken@post.example", "Ken Adeyemi")


@pytest.fixture
def other_team(outsider: User) -> Team:
    return teams.create_team(name="Lode Valley Post", slug="post", admin=outsider)


@pytest.fixture
def article(team: Team, checker: User) -> Article:
    return articles.import_article(
        actor=checker, team=team, blocks=TEXT, title=TEXT[0][1], byline="Nora Vance", outlet="The Wexcombe Ledger"
    )


def log(article: Article, actor: User, quote: str, **facts: object) -> Claim:
    """Log the claim of `quote` in the article."""
    text = article.latest_version().text
    return claims.log_claim(actor=actor, article=article, places=find(text, quote)[:1], statement=quote, **facts)


@pytest.fixture
def claim(article: Article, checker: User) -> Claim:
    return log(article, checker, "puts the bill at £31.4 million")


def support(claim: Claim, actor: User, stance: str = "supports", title: str = "Report HW/26/118") -> Evidence:
    """Evidence from a new source that is its own origin."""
    source = {"title": title, "publisher": "Wexcombe City Council", "kind": "document", "origin_kind": "itself"}
    return evidence.attach(
        actor=actor, claim=claim, stance=stance, new_source=source, quote="now forecast at £31.4m", locator="p. 14"
    )


def verdict(team: Team, meaning: str = "accurate", **said: str) -> verdicts.Verdict:
    """A verdict of the team's scale, with a rationale."""
    label: Label = team.labels.in_force().get(meaning=meaning)
    return verdicts.Verdict(label, said.pop("rationale", "The report says so."), **said)


@pytest.fixture
def proposed(claim: Claim, checker: User, team: Team) -> Claim:
    """The claim, supported and proposed as accurate by the checker."""
    support(claim, checker)
    return verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))


@pytest.fixture
def decided(proposed: Claim, reviewer: User, team: Team) -> Claim:
    """The claim, decided as accurate by the reviewer."""
    return verdicts.decide(actor=reviewer, claim=proposed, verdict=verdict(team))


@pytest.fixture
def as_(client: Client) -> Callable[[User], Client]:
    """Sign a person in: `as_(checker).get(...)`."""

    def sign_in(user: User) -> Client:
        client.force_login(user, backend=BACKEND)
        return client

    return sign_in


def keys(version: int | None = None) -> dict[str, str]:
    """The hidden keys of a form that writes, fresh."""
    made = {"request_id": str(uuid.uuid4())}
    return made | ({"version": str(version)} if version else {})
