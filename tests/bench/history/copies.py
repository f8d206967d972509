"""A history of a million acts: one article's, made by the actions themselves, and copies of it."""

from pathlib import Path

from django.db import connection
from django.db.backends.utils import CursorWrapper

from claims.actions import articles, claims, evidence, teams, verdicts
from claims.models import Article, Team, User
from tests.bench.loading import loading
from tests.people import log, member, person, verdict
from verify.database import as_owner

SQL = Path(__file__).with_name("copies.sql")
# in front of the ids of all that is copied; nothing else in the history holds these digits
MARK = 8_000_000
DIGITS = 100_000  # ids of a copy
CLAIMS = 20
ACTS = 10  # of each claim; a new source makes one of them an act in two streams
TABLES = ("article", "version", "source", "claim", "anchor", "evidence", "proposal", "decision")
SHIFTED = ("id", "article_id", "version_id", "source_id", "claim_id", "proposal_id")


def fill(acts: int) -> None:
    """Write a history of at least so many acts into the empty database that Django uses."""
    admin = person("margit@ledger.example", "Margit Sørensen")
    team = teams.create_team(name="The Wexcombe Ledger", slug="ledger", admin=admin)
    checker = member(team, person("ifeoma@ledger.example", "Ifeoma Brandt"), "checker")
    mark_ids()
    article = whole_history(team, checker, admin)
    with loading() as cursor:
        copies = -(-acts // (CLAIMS * (ACTS + 1)))
        cursor.execute("SET work_mem = '256MB'")
        for table in TABLES:
            copy_rows(cursor, f"claims_{table}", copies)
        cursor.execute(SQL.read_text().replace("{mark}", str(MARK)).replace("{copies}", str(copies)))
        cursor.execute(
            "INSERT INTO claims_versionwords SELECT id, article_id, found, pairs_of(team_id, found)"
            " FROM (SELECT id, article_id, team_id, words_of(team_id, text) AS found FROM claims_version"
            " WHERE article_id <> %s) x",
            [article.pk],
        )


def mark_ids() -> None:
    """Let the ids of what is written from here on begin with MARK."""
    with as_owner(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE claims_{table} ALTER COLUMN id RESTART WITH {MARK * DIGITS + 1}")
        cursor.execute(f"ALTER TABLE trail.change ALTER COLUMN n RESTART WITH {MARK * DIGITS + 1}")
        cursor.execute(f"ALTER SEQUENCE trail.act_id RESTART WITH {MARK * DIGITS + 1}")


def whole_history(team: Team, checker: User, reviewer: User) -> Article:
    """An article whose claims are logged, supported, edited, proposed, decided and reopened: ACTS acts for each."""
    quotes = [f"In year {at} the town spent £{at} million on bridges." for at in range(CLAIMS)]
    blocks = [("title", "Towns"), *(("paragraph", quote) for quote in quotes)]
    article = articles.import_article(actor=checker, team=team, blocks=blocks, title="Towns", language="en")
    for quote in quotes:
        worked_through(article, quote, checker, reviewer, verdict(team))
    return article


def worked_through(article: Article, quote: str, checker: User, reviewer: User, ruled: verdicts.Verdict) -> None:
    claim = log(article, checker, quote)
    leaned = {"stance": "supports", "quote": "now forecast at £31.4m, more than three times the first estimate"}
    new = {"title": f"Report on {quote}", "kind": "document", "origin_kind": "itself"}
    first = evidence.attach(actor=checker, claim=claim, new_source=new, locator="p. 1", **leaned)
    for page in (2, 3):
        evidence.attach(actor=checker, claim=claim, source=first.source, locator=f"p. {page}", **leaned)
        claims.edit_claim(actor=checker, claim=claim, said_by=f"Peter Orme, on page {page}", reason="a fuller name")
    claims.edit_claim(actor=checker, claim=claim, risk="low")
    verdicts.propose(actor=checker, claim=claim, verdict=ruled)
    decided = verdicts.decide(actor=reviewer, claim=claim, verdict=ruled)
    verdicts.reopen(actor=reviewer, claim=decided, reason="A new minute has turned up.")


def copy_rows(cursor: CursorWrapper, table: str, copies: int) -> None:
    """The rows that MARK marks, so many times over, each time with ids of their own."""
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", [table]
    )
    columns = [f'"{name}"' for (name,) in cursor.fetchall()]
    shifted = [f"{name} + k * {DIGITS}" if name.strip('"') in SHIFTED else name for name in columns]
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE SELECT {', '.join(shifted)}"
        f" FROM {table}, generate_series(1, {copies}) k WHERE id >= {MARK * DIGITS}"
    )
