"""A newsroom with one large article: 5,000 words, 200 claims, 600 pieces of evidence; written in acts."""

from claims.actions import claims, teams, verdicts
from claims.models import Article, Claim, Team, User
from tests.many import article_of, lean_on_sources
from tests.people import member, person, support, verdict

WORDS, CLAIMS, EVIDENCE, SOURCES = 5_000, 200, 3, 150


def fill() -> None:
    """The newsroom; its claim 1 has a history through the actions, and waits for a reviewer's decision."""
    admin = person("margit@ledger.example", "Margit Sørensen")
    team = teams.create_team(name="The Wexcombe Ledger", slug="ledger", admin=admin, timezone="Europe/London")
    checker = member(team, person("ifeoma@ledger.example", "Ifeoma Brandt"), "checker")
    member(team, person("tomasz@ledger.example", "Tomasz Wilk"), "reviewer")
    article = article_of(team, checker, CLAIMS, WORDS)
    lean_on_sources(article, checker, EVIDENCE, SOURCES)
    claim = article.claims.get(number=1)
    claims.edit_claim(actor=checker, claim=claim, said_by="Peter Orme", risk="high")
    support(claim, checker, title="Report HW/26/118")
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))


def reviewer() -> User:
    return User.objects.get(email="tomasz@ledger.example")


def checker() -> User:
    return User.objects.get(email="ifeoma@ledger.example")


def article() -> Article:
    """The large one."""
    return Article.objects.get()


def team() -> Team:
    return Team.objects.get()


def proposed() -> Claim:
    """The claim that waits, with a history."""
    return article().claims.get(number=1)
