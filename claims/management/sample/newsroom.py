"""A sample newsroom, made through the actions, so that its trail is real.

The article is the project's own and holds mistakes on purpose. Its facts, and the figures in the evidence, come from
the public sources named in SOURCES.
"""

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone as clock

from claims import intake
from claims.actions import articles, captures, claims, evidence, sources, teams, verdicts
from claims.actions.verdicts import Verdict
from claims.anchors import find
from claims.models import Article, Claim, Membership, Source, Team, User

SLUG = "harbour-chronicle"
NOTEBOOK = "notebook-3.txt"
PEOPLE = {
    "margit": ("Margit Sørensen", "admin"),
    "ifeoma": ("Ifeoma Brandt", "checker"),
    "youssef": ("Youssef Haddad", "checker"),
    "tomasz": ("Tomasz Wilk", "reviewer"),
    "nora": ("Nora Vance", "viewer"),
}

AGENCY = "https://www.gov.uk/guidance/the-thames-barrier"
# key: title, URL, publisher, kind, origin (a key, "itself", or "unknown")
SOURCES: dict[str, tuple[str, str, str, str, str]] = {
    "agency": ("The Thames Barrier", AGENCY, "Environment Agency", "page", "itself"),
    "fortieth": (
        "London plans future flood protection as Thames Barrier turns 40",
        "https://theindiancommunity.org/news/london-plans-future-flood-protection-as-thames-barrier-turns-40.31493",
        "The Indian Community",
        "page",
        "agency",
    ),
    "closure-200": (
        "Thames Barrier closed for the 200th time",
        "https://www.3gtreatment.com/stories/woolwich-thames-barrier-closed-due-to-flood-warnings",
        "3G Treatment",
        "page",
        "agency",
    ),
    "moneyweek": (
        "8 May 1984: The Queen opens the Thames Barrier",
        "https://moneyweek.com/390998/8-may-1984-the-queen-opens-the-thames-barrier/",
        "MoneyWeek",
        "page",
        "itself",
    ),
    "topical": (
        "8th May: Thames Barrier",
        "http://topicaltens.blogspot.com/2016/05/8th-may-thames-barrier.html",
        "Topical Tens",
        "page",
        "unknown",
    ),
    "wiltshire": (
        "Thames Barrier closed as a precaution, 15 January 2024",
        "https://wiltshire999.co.uk/?p=963434",
        "Wiltshire 999s",
        "page",
        "itself",
    ),
    "act-1972": (
        "Thames Barrier and Flood Prevention Act 1972",
        "https://www.legislation.gov.uk/ukla/1972/45/contents",
        "legislation.gov.uk",
        "document",
        "itself",
    ),
    "fitter": ("Conversation with a retired fitter, notebook 3", "", "Harbour Chronicle", "own-reporting", "itself"),
}


@dataclass(frozen=True)
class Piece:
    """Evidence of the sample: source key, stance, the words or figure, the place, a note, who brings it."""

    source: str
    stance: str
    quote: str
    locator: str
    note: str = ""
    by: str = "ifeoma"


@dataclass(frozen=True)
class Told:
    """A claim of the sample and how far it has come."""

    quote: str
    statement: str
    kind: str
    risk: str = "medium"
    pieces: tuple[Piece, ...] = ()
    propose: tuple[str, str] | None = None  # meaning, rationale
    decide: str = ""  # rationale
    wording: str = ""
    searched: str = ""
    then: tuple[str, str] | None = None  # a later deed and its reason
    by: str = "ifeoma"


CLAIMS: tuple[Told, ...] = (
    Told(
        "On 8 May 1984 the Queen pressed a button at Woolwich",
        "The Queen opened the Thames Barrier on 8 May 1984.",
        "event",
        pieces=(Piece("moneyweek", "supports", "8 May 1984", "title and last paragraph"),),
        propose=("accurate", "A dated account of the day names the place and the hour."),
        decide="The date agrees with E1; no source says otherwise.",
    ),
    Told(
        "ten steel gates",
        "The Thames Barrier has ten steel gates.",
        "number",
        risk="low",
        pieces=(Piece("agency", "supports", "10 steel gates", "How the barrier works"),),
        propose=("accurate", "The operator’s own description."),
        decide="As the operator says.",
    ),
    Told(
        "it first closed against a tide in 1983",
        "The barrier was first closed against a tide in 1983.",
        "event",
        pieces=(
            Piece(
                "closure-200",
                "in-part",
                "operational in 1982",
                "third paragraph",
                "Says since when, not when first closed.",
            ),
        ),
        by="youssef",
    ),
    Told(
        "the largest movable flood barrier in the world",
        "The Thames Barrier is the largest movable flood barrier in the world.",
        "comparison",
        risk="high",
        pieces=(
            Piece("agency", "conflicts", "one of the largest", "first sentence", "One of, not the."),
            Piece("wiltshire", "conflicts", "second-largest", "on its size", "Second to the Oosterscheldekering."),
        ),
        propose=("inaccurate", "The operator says one of the largest; the Oosterscheldekering is larger (E2)."),
        decide="Two independent origins put it second. The superlative cannot stand.",
        wording="one of the largest movable flood barriers in the world",
    ),
    Told(
        "From bank to bank it spans 520 metres",
        "The barrier spans 520 metres.",
        "number",
        pieces=(
            Piece("agency", "supports", "520 metres", "first section"),
            Piece("closure-200", "supports", "520 metres (1,706 feet)", "third paragraph"),
            Piece("fortieth", "context", "", "whole page", "Does not give the width."),
        ),
        propose=("accurate", "The operator gives 520 metres, and so does the notice of the 200th closure."),
        decide="Both go back to the operator, which is the right authority for a width.",
        then=("evidence", "moneyweek"),
    ),
    Told(
        "each of its four main gates weighs 3,700 tonnes",
        "Each of the four main gates weighs 3,700 tonnes.",
        "number",
        risk="high",
        pieces=(
            Piece("topical", "supports", "3,700 tonnes", "fifth item"),
            Piece("moneyweek", "conflicts", "3,300 tonnes", "third paragraph", by="youssef"),
            Piece("agency", "conflicts", "3,300 tonnes", "How the barrier works", by="youssef"),
        ),
        propose=("disputed", "3,300 (E2, E3) against 3,700 (E1); the operator says 3,300."),
    ),
    Told(
        "as he looked at the tap of his gas cooker",
        "Charles Draper took the idea for the rotating gates from the tap of his gas cooker.",
        "attribution",
        risk="low",
        pieces=(Piece("topical", "in-part", "his gas cooker", "second item"),),
        propose=("unprovable", "A charming story that everybody repeats and nobody sources."),
        searched="The operator’s pages, obituaries in the press archive, a library’s catalogue: no account of his own.",
        decide="Agreed: keep it as a story that is told, or drop it.",
        by="youssef",
    ),
    Told(
        "cost £535 million",
        "Building the Thames Barrier cost £535 million.",
        "number",
        risk="high",
        pieces=(
            Piece("wiltshire", "supports", "£535 million", "on its history"),
            Piece("fortieth", "supports", "£535 million", "third paragraph"),
            Piece("topical", "conflicts", "£534 million", "sixth item", "One million apart; no price base is given."),
        ),
        propose=("accurate", "Two origins agree; the third differs by a rounding."),
        then=("send_back", "£535m at which prices? Say so in the statement, or propose Needs fix with a price base."),
    ),
    Told(
        "protects 125 square kilometres of central London",
        "The barrier protects 125 square kilometres of central London.",
        "number",
        pieces=(Piece("agency", "supports", "125 square kilometres", "first section", by="youssef"),),
        propose=("accurate", "The operator’s figure."),
        by="youssef",
    ),
    Told(
        "killed 307 people in England",
        "The North Sea flood of 1953 killed 307 people in England.",
        "number",
        pieces=(Piece("wiltshire", "supports", "307 lives", "on its history"),),
        propose=("accurate", "The figure usually given for England."),
    ),
    Told(
        "Parliament passed the act for it in 1972",
        "The act that provides for the barrier was passed in 1972.",
        "event",
        risk="low",
        pieces=(Piece("act-1972", "supports", "1972", "title of the act"),),
    ),
    Told(
        "All gates can be closed in forty minutes",
        "Closing all gates takes forty minutes.",
        "number",
        pieces=(
            Piece("closure-200", "conflicts", "one-and-a-half hours", "third paragraph"),
            Piece("fitter", "context", "", "page 14", "Forty minutes was a drill of the four main gates, he thinks."),
        ),
        propose=("needs-fix", "Ninety minutes for all of them; ten to fifteen for one."),
        wording="All gates can be closed in an hour and a half",
        decide="The operator’s notice is plain.",
    ),
    Told(
        "closed 221 times against floods",
        "The barrier has been closed 221 times against floods.",
        "number",
        pieces=(Piece("fortieth", "supports", "221 times", "fourth paragraph", "As of May 2024: needs a date."),),
        by="youssef",
    ),
    Told(
        "the most beautiful machine on the river",
        "The barrier is the most beautiful machine on the river.",
        "other",
        risk="low",
        propose=("not-checkable", "Taste."),
        decide="Taste, and nobody will sue over it.",
    ),
    Told("as much as ten jumbo jets", "3,700 tonnes is as much as ten jumbo jets.", "comparison", by="youssef"),
    Told(
        "a retired fitter told the Chronicle",
        "A retired fitter said it to the Chronicle.",
        "attribution",
        risk="low",
        then=("withdraw", "Our own interview: the notebook is on file, nothing to check."),
    ),
)


def exists() -> bool:
    """Whether the sample newsroom is there."""
    return Team.objects.filter(slug=SLUG).exists()


def make(password: str) -> Article:
    """Make the team, its people with this password, the article and its claims; returns the article."""
    people = {
        key: User.objects.create_user(f"{key}@chronicle.example", name, password)
        for key, (name, _role) in PEOPLE.items()
    }
    team = teams.create_team(name="Harbour Chronicle", slug=SLUG, admin=people["margit"], timezone="Europe/London")
    _invite(team, people)
    article = _import(team, people["ifeoma"])
    found = _sources(team, people["ifeoma"])
    for told in CLAIMS:
        _log(article, told, people, found)
    return article


def hand_in() -> None:
    """Send the notebook in, for the worker to capture. After make(): a file is put in a transaction of its own."""
    source = Source.objects.get(team__slug=SLUG, title=SOURCES["fitter"][0])
    actor = User.objects.get(email="ifeoma@chronicle.example")
    with (Path(__file__).parent / NOTEBOOK).open("rb") as file:
        received = captures.receive(actor=actor, source=source, file=file, name=NOTEBOOK)
    captures.ask_upload(actor=actor, source=source, received=received)


def _invite(team: Team, people: dict[str, User]) -> None:
    for key, (_name, role) in PEOPLE.items():
        if not Membership.objects.filter(team=team, user=people[key]).exists():
            _invitation, token = teams.invite(actor=people["margit"], team=team, email=people[key].email, role=role)
            teams.join(actor=people[key], token=token)


def _import(team: Team, actor: User) -> Article:
    text = (Path(__file__).parent / "article.md").read_bytes()
    found = intake.read_file("article.md", text)
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    return articles.import_article(
        actor=actor,
        team=team,
        blocks=[(block.kind, block.text) for block in found.blocks if block.keep],
        title=found.title,
        byline=found.byline,
        outlet="Harbour Chronicle",
        language=found.language,
        deadline=noon + datetime.timedelta(days=2),
    )


def _sources(team: Team, actor: User) -> dict[str, Source]:
    made: dict[str, Source] = {}
    for key, (title, url, publisher, kind, origin) in SOURCES.items():
        facts: dict[str, Any] = {"title": title, "url": url, "publisher": publisher, "kind": kind}
        facts |= {"origin_kind": "source", "origin": made[origin]} if origin in made else {"origin_kind": origin}
        # a demo asks nothing of other people's servers before somebody does
        made[key] = sources.add_source(actor=actor, team=team, capture=False, **facts)
    return made


def _log(article: Article, told: Told, people: dict[str, User], found: dict[str, Source]) -> None:
    checker, reviewer = people[told.by], people["tomasz"]
    places = find(article.latest_version().text, told.quote)
    claim = claims.log_claim(
        actor=checker,
        article=article,
        places=places[:1],
        statement=told.statement,
        kind=told.kind,
        risk=told.risk,
        said_by=article.outlet,
        reported_by=article.byline,
        assigned_to=checker,
    )
    for piece in told.pieces:
        _attach(claim, piece, people, found)
    if told.propose is not None:
        meaning, rationale = told.propose
        claim = verdicts.propose(actor=checker, claim=claim, verdict=_verdict(article, told, meaning, rationale))
        if told.decide:
            verdicts.decide(actor=reviewer, claim=claim, verdict=_verdict(article, told, meaning, told.decide))
    _then(claim, told, people, found)


def _attach(claim: Claim, piece: Piece, people: dict[str, User], found: dict[str, Source]) -> None:
    evidence.attach(
        actor=people[piece.by],
        claim=claim,
        source=found[piece.source],
        stance=piece.stance,
        quote=piece.quote,
        locator=piece.locator,
        note=piece.note,
    )


def _verdict(article: Article, told: Told, meaning: str, rationale: str) -> Verdict:
    label = article.team.labels.in_force().get(meaning=meaning)
    return Verdict(label, rationale, proposed_wording=told.wording, searched=told.searched)


def _then(claim: Claim, told: Told, people: dict[str, User], found: dict[str, Source]) -> None:
    match told.then:
        case ("evidence", key):
            _attach(claim, Piece(key, "supports", "520 metres", "third paragraph", by="youssef"), people, found)
        case ("send_back", reason):
            verdicts.send_back(actor=people["tomasz"], claim=claim, reason=reason)
        case ("withdraw", reason):
            verdicts.withdraw(actor=people[told.by], claim=claim, reason=reason)
