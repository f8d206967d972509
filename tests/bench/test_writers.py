"""Many writers at once: what 16 get done against one, and on whom they wait.

Threads of one process, as the server's are. Who waits is looked at every few milliseconds: a lock that is not granted
because another writer's transaction holds a row.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator

import psycopg
import pytest
from django.db import connection

from claims.actions import evidence
from claims.models import Article, Claim, Evidence, Source, User
from claims.trail.verify import verify
from tests.bench import newsroom
from tests.bench.figures import figure
from tests.bench.ground import Ground
from tests.many import article_of
from verify import embedded

WRITERS, SECONDS, LEAST = 16, 6.0, 1.5
LOOK = 0.004
DATABASE = "writers"
# Who waits for a row of another's transaction, and in which statement. A transaction's acts are sealed at its end:
# by its COMMIT, or where an action opened it around its act, by the statement just before.
WAITS = """
SELECT CASE WHEN a.query = 'COMMIT' OR a.query LIKE 'SET CONSTRAINTS trail.seal%' THEN 'at the end' ELSE a.query END
  FROM pg_locks l JOIN pg_stat_activity a USING (pid)
  WHERE NOT l.granted AND l.locktype IN ('transactionid', 'tuple') AND a.datname = current_database()
"""
# the watcher reads locks and statements one after the other: a writer may have gone on in between
MISREAD = 0.05
Write = Callable[[User, Claim, int], object]


def fill() -> None:
    newsroom.fill()
    for _again in range(WRITERS):
        article_of(newsroom.team(), newsroom.checker(), 1)


@pytest.fixture(scope="module")
def claims(ground: Ground) -> Iterator[list[Claim]]:
    """A claim each of so many articles."""
    with ground.database(DATABASE, fill, anew=True):
        newest = Article.objects.order_by("-pk")[:WRITERS]
        yield [article.claims.get() for article in newest]


def known_source(actor: User, claim: Claim, at: int) -> object:
    """Attach evidence from a source that is there: rows of the article alone."""
    source = Source.objects.order_by("pk")[0]
    return evidence.attach(actor=actor, claim=claim, stance="context", source=source, quote=f"said at {at}")


def new_source(actor: User, claim: Claim, at: int) -> object:
    """Attach evidence from a source of its own: a row of the article's stream and one of the team's."""
    facts = {"title": f"Minutes {claim.pk}/{at}", "kind": "document", "origin_kind": "itself"}
    return evidence.attach(actor=actor, claim=claim, stance="context", new_source=facts, quote=f"said at {at}")


def work(write: Write, claims: list[Claim], waits: Counter[str], url: str) -> float:
    """Acts a second by as many writers as claims."""
    done, end, actor = [0] * len(claims), time.perf_counter() + SECONDS, newsroom.checker()
    failed: list[BaseException] = []

    def writer(at: int) -> None:
        try:
            while time.perf_counter() < end:
                write(actor, claims[at], done[at])
                done[at] += 1
        except BaseException as error:  # what fails in a thread fails the benchmark
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer, args=(at,)) for at in range(len(claims))]
    with psycopg.connect(url, autocommit=True) as watcher:
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            waits.update(statement for (statement,) in watcher.execute(WAITS).fetchall())
            time.sleep(LOOK)
    assert not failed, failed[0]
    return sum(done) / SECONDS


def test_writers_on_different_articles(claims: list[Claim], ground: Ground) -> None:
    url, before = ground.url(embedded.WEB, DATABASE), Evidence.objects.count()
    waits: Counter[str] = Counter()
    alone = work(known_source, claims[:1], Counter(), url)
    together = work(known_source, claims, waits, url)
    shared: Counter[str] = Counter()
    with_team = work(new_source, claims, shared, url)
    figure(
        f"{WRITERS} writers on different articles against one",
        together / alone,
        LEAST,
        "×",
        f"{together:.0f} acts a second against {alone:.0f}",
        f"waits for a row that another writer holds, seen every {LOOK * 1000:.0f} ms: {waits.total()}",
        f"with a new source each, a row of the team's: {with_team:.0f} a second, {shared.total()} waits, "
        f"{shared['at the end'] / max(shared.total(), 1):.0%} of them for the team's head as the act is sealed",
        least=True,
    )
    assert not waits, waits
    assert shared.total() - shared["at the end"] <= MISREAD * shared.total(), shared
    assert Evidence.objects.count() > before
    assert verify().holds
