"""A newsroom that does the shared work: who logs, who brings evidence, who proposes and who decides are several.

Each of its people does what the data says was done, through the actions alone. Who does what follows from the places
in the text, so that every run is the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlsplit

from claims.actions import articles, claims, evidence, reports, sources, teams, verdicts
from claims.actions.verdicts import Verdict
from claims.models import Article, Claim, Label, Report, Source, Team, User
from claims.roles import Role
from claims.workflow import Refused
from tests.people import member, person
from tests.replay.texts import Piece, Stated, Text

BY = {"byline": "Ada Merrow", "outlet": "The Wexcombe Ledger"}
CHECKERS = ("Ifeoma Brandt", "Nora Vance", "Jonas Field", "Ada Merrow", "Kofi Lund")
REVIEWERS = ("Tomasz Wilk", "Lena Ortiz", "Sven Adair")


@dataclass(frozen=True)
class Named:
    """A claim by its article and its number."""

    text: int
    number: int


@dataclass
class Newsroom:
    """A team at work: its people, its register of sources by address, and what became of each claim."""

    team: Team
    checkers: list[User]
    reviewers: list[User]
    viewer: User
    labels: dict[str, Label]
    register: dict[str, Source] = field(default_factory=dict)
    articles: dict[int, Article] = field(default_factory=dict)
    refused: dict[Named, list[str]] = field(default_factory=dict)
    kept_from: dict[Named, str] = field(default_factory=dict)
    reports: dict[int, Report] = field(default_factory=dict)

    def checker(self, at: int) -> User:
        return self.checkers[at % len(self.checkers)]

    def source(self, address: str) -> dict[str, object]:
        """The source of the address: one that the team has, or the description of a new one."""
        known = self.register.get(address)
        return {"source": known} if known else {"new_source": described(address)}


def opened(slug: str) -> Newsroom:
    """A team with its people, nothing done yet."""
    admin = person(f"margit@{slug}.example", "Margit Sørensen")
    team = teams.create_team(name="The Wexcombe Ledger", slug=slug, admin=admin)
    people = {
        role: [member(team, person(f"{role}{at}@{slug}.example", name), role) for at, name in enumerate(names)]
        for role, names in ((Role.CHECKER, CHECKERS), (Role.REVIEWER, REVIEWERS), (Role.VIEWER, ("Youssef Haddad",)))
    }
    labels = {label.meaning: label for label in team.labels.in_force()}
    return Newsroom(team, people[Role.CHECKER], people[Role.REVIEWER], people[Role.VIEWER][0], labels)


def described(address: str) -> dict[str, object]:
    """A source that is known by its address alone."""
    host = urlsplit(address).hostname or ""
    return {"title": title_of(address), "url": address, "publisher": host, "kind": "page", "origin_kind": "itself"}


def title_of(address: str) -> str:
    return address.partition("://")[2][:500]


def work_on(room: Newsroom, text: Text) -> Article:
    """One text, from import to its report; its claims one after the other."""
    article = articles.import_article(
        actor=room.checker(text.number), team=room.team, blocks=text.blocks, title=text.title, **BY
    )
    room.articles[text.number] = article
    for number, stated in enumerate(text.claims, 1):
        check(room, Named(text.number, number), log(room, article, text, number, stated), stated)
    room.reports[text.number] = reports.issue_report(actor=room.viewer, article=article)
    return article


def log(room: Newsroom, article: Article, text: Text, number: int, stated: Stated) -> Claim:
    actor = room.checker(text.number + number)
    return claims.log_claim(
        actor=actor,
        article=article,
        places=[stated.place],
        statement=stated.statement,
        said_by=BY["outlet"],
        reported_by=BY["byline"],
        assigned_to=actor,
    )


def check(room: Newsroom, named: Named, claim: Claim, stated: Stated) -> None:
    """Bring what was found, propose what is held, and let somebody else decide; where a gate refuses, stop there."""
    for at, piece in enumerate(stated.pieces):
        attach(room, bringer(room, named, at, stated.pieces), claim, piece)
    for address in stated.looked_at if not stated.pieces else ():
        note_source(room, room.checker(named.text), address)
    verdict = Verdict(room.labels[stated.meaning], **stated.said)
    try:
        claim = verdicts.propose(actor=room.checker(named.text + named.number + 1), claim=claim, verdict=verdict)
    except Refused as refused:
        room.refused[named] = refused.reasons
        return
    decide(room, named, claim, verdict)


def bringer(room: Newsroom, named: Named, at: int, pieces: Sequence[Piece]) -> User:
    """Who brings a piece: the checkers in turn; in every fifth text a reviewer brings the first."""
    if at == 0 and named.text % 5 == 0:
        return room.reviewers[0]
    return room.checker(named.text + at)


def attach(room: Newsroom, actor: User, claim: Claim, piece: Piece) -> None:
    made = evidence.attach(
        actor=actor, claim=claim, stance=piece.stance, quote=piece.quote, **room.source(piece.address)
    )
    room.register.setdefault(piece.address, made.source)


def note_source(room: Newsroom, actor: User, address: str) -> None:
    if address not in room.register:
        room.register[address] = sources.add_source(actor=actor, team=room.team, **described(address))


def decide(room: Newsroom, named: Named, claim: Claim, verdict: Verdict) -> None:
    """The reviewers in turn; one who brought what it rests on is kept from it, and the next decides."""
    for turn in _turns(room, named):
        try:
            verdicts.decide(actor=turn, claim=claim, verdict=verdict)
        except Refused as refused:
            room.kept_from[named] = str(refused)
            continue
        return


def _turns(room: Newsroom, named: Named) -> Iterator[User]:
    for at in count(named.number):
        yield room.reviewers[at % len(room.reviewers)]
