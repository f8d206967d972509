"""What the trail costs an action: the same reads and writes with its triggers, and in a twin database without.

The two take turns, commit by commit, so that both meet the same machine; commits are durable.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from itertools import count
from typing import Any

import pytest
from django.db import connection, connections, transaction

from claims.models import Claim, Evidence, User
from claims.trail import act
from claims.trail.verify import verify
from tests.bench import newsroom, peers
from tests.bench.figures import figure, median, milliseconds, taking
from tests.bench.ground import Ground
from verify.database import as_owner

ACTIONS, RUNS = 1_000, 3  # of each way, a run
BARE = "bare"
NUMBERS = count()
MOST, AIM = 1.5, 1.3
OFF = """
DO $$ DECLARE t text; BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE 'claims\\_%' LOOP
    EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', t);
  END LOOP;
END $$
"""


def fill_bare() -> None:
    """The same newsroom; then the triggers go."""
    newsroom.fill()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(OFF)


@pytest.fixture
def twins(ground: Ground) -> Iterator[None]:
    """Django's default database with its triggers, and beside it BARE, without."""
    with ground.database(f"acts_{BARE}", fill_bare, anew=True):
        entry = dict(connection.settings_dict)
    with ground.database("acts", newsroom.fill, anew=True):
        connections.settings[BARE] = entry
        yield
        connections[BARE].close()
        del connections[BARE]
        del connections.settings[BARE]


def attach(alias: str, actor: User, claim: int, opened: Callable[[], Any]) -> None:
    """What an action does: read a row for update, write two; in one transaction."""
    with transaction.atomic(using=alias), opened():
        row = Claim.objects.using(alias).select_for_update(of=("self",)).get(pk=claim)
        number = Evidence.objects.using(alias).filter(claim=row).count() + 1
        Evidence(
            team_id=row.team_id, article_id=row.article_id, claim_id=row.pk, source_id=1, number=number,
            stance="supports", quote="now forecast at £31.4m", locator="p. 14", added_by_id=actor.pk,
        ).save(using=alias, force_insert=True)  # fmt: skip
        row.row_version += 1
        row.save(using=alias, update_fields=["row_version"])


def edit(alias: str, _actor: User, claim: int, opened: Callable[[], Any]) -> None:
    """What the peers are measured on: one update in a transaction."""
    with transaction.atomic(using=alias), opened():
        row = Claim(pk=claim, statement=f"It cost £{next(NUMBERS)} million.")
        row.save(using=alias, update_fields=["statement"])


def run(actor: User, claims: list[int], do: Callable[..., None] = attach) -> tuple[float, float]:
    """Seconds with the trail and without, over ACTIONS each."""
    ways = {"default": lambda: act("evidence.attach", actor), BARE: nullcontext}
    seconds = dict.fromkeys(ways, 0.0)
    gc.collect()
    for at in range(ACTIONS):
        for alias, opened in ways.items():
            with taking() as took:
                do(alias, actor, claims[at % len(claims)], opened)
            seconds[alias] += took.wall
    return seconds["default"], seconds[BARE]


def test_an_audited_act_against_the_same_without_triggers(twins: None, ground: Ground) -> None:
    actor, claims = newsroom.checker(), list(newsroom.article().claims.values_list("pk", flat=True))
    runs = [run(actor, claims) for _again in range(RUNS)]
    ratios = sorted(audited / bare for audited, bare in runs)
    audited_one, bare_one = (median([run[at] for run in runs]) / ACTIONS for at in (0, 1))
    figure(
        "an audited act against the same with the triggers off",
        median(ratios),
        MOST,
        "×",
        f"{milliseconds(audited_one)} against {milliseconds(bare_one)} an action: read for update, two writes, commit",
        f"{RUNS} runs of {2 * ACTIONS}, in turns: {', '.join(f'{ratio:.2f}×' for ratio in ratios)}; aim {AIM}×",
    )
    assert Evidence.objects.count() == Evidence.objects.using(BARE).count()
    assert verify().holds


def test_one_update_against_the_same_without_a_trail_and_what_others_make_of_it(twins: None, ground: Ground) -> None:
    actor, claims = newsroom.checker(), list(newsroom.article().claims.values_list("pk", flat=True))
    ours = sorted(audited / bare for audited, bare in (run(actor, claims, edit) for _again in range(RUNS)))
    theirs = peers.measured(ground.empty("peers"), ACTIONS)
    figure(
        "one update in a transaction, as an act, against the same without",
        median(ours),
        None,
        "×",
        *map(str, theirs),
        "none of them seals, chains or refuses an unaudited write"
        if theirs
        else "no peer was measured: pip could not bring them",
    )
    assert verify().holds
