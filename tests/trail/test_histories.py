"""Histories that nobody touched give no alarm: a hundred of them, of different shapes, each by its seed."""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction

from claims.actions import articles, claims, evidence, reports, sources, teams, verdicts
from claims.anchors import find
from claims.models import Anchor, Article, Claim, Evidence, Label, Membership, Source, Team, User
from claims.roles import NotAllowed, Role
from claims.trail import act, erase
from claims.trail.verify import Kept, head_of, verify
from claims.workflow import Refused, Stance
from tests.people import TEXT, log, member, person
from verify.database import as_owner

SEEDS, QUICK = 100, 6
# typed by people and hard to carry: as JSON, as text, as lines
WORDS = [
    "Plain", "“Quoted” \\ and / slashed", "Two\nlines", '}, {"id":1,', "💡 ́combined", "ﷺ לילה طويلة", "null", "'; --",
    "x" * 3000, "\u2028\u2029\ufeff", "\u0001\t", "[erased]", '", "erase", null, null]',
]  # fmt: skip
QUOTES = ("eleven months", "£31.4 million", "Box 212", "closed the bridge to lorries", "Kingsmill Bridge")


class Room:
    """A newsroom that lives by chance; what the rules refuse is not done."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.admin = person(f"admin-{seed}@ledger.example", "Margit \\ “M”")
        self.team = teams.create_team(name=f"Ledger {seed}", slug=f"ledger-{seed}", admin=self.admin)
        roles = (Role.CHECKER, Role.CHECKER, Role.REVIEWER, Role.REVIEWER)
        self.people = [
            member(self.team, person(f"p{number}-{seed}@ledger.example", self.words()[:80]), role)
            for number, role in enumerate(roles)
        ] + [self.admin]

    def words(self) -> str:
        return f"{self.rng.choice(WORDS)} {self.rng.randrange(10)}"

    def who(self) -> User:
        return self.rng.choice(self.people)

    def any(self, rows: Any) -> Any:
        """One of the rows; LookupError where there is none yet."""
        found = list(rows.order_by("pk"))
        if not found:
            raise LookupError
        return self.rng.choice(found)

    def article(self) -> Article:
        return self.any(Article.objects.filter(team=self.team))  # type: ignore[no-any-return]

    def claim(self) -> Claim:
        return self.any(Claim.objects.filter(team=self.team))  # type: ignore[no-any-return]

    def verdict(self) -> verdicts.Verdict:
        label = self.any(Label.objects.filter(team=self.team, retired_at=None))
        return verdicts.Verdict(label, self.words(), proposed_wording=self.words(), searched=self.words())

    # --- what they do ---

    def imports(self) -> None:
        articles.import_article(actor=self.who(), team=self.team, blocks=TEXT, title=self.words()[:200])

    def edits_facts(self) -> None:
        articles.edit_article(actor=self.who(), article=self.article(), byline=self.words()[:100])

    def logs(self) -> None:
        log(self.article(), self.who(), self.rng.choice(QUOTES), said_by=self.words()[:100])

    def edits(self) -> None:
        risk = self.rng.choice(["low", "medium", "high"])
        claims.edit_claim(actor=self.who(), claim=self.claim(), statement=self.words(), risk=risk)

    def places(self) -> None:
        claim = self.claim()
        text = claim.article.latest_version().text
        claims.stand_also(actor=self.who(), claim=claim, place=find(text, self.rng.choice(QUOTES))[0])

    def leaves(self) -> None:
        claims.leave_place(actor=self.who(), anchor=self.any(Anchor.objects.filter(team=self.team)))

    def attaches(self) -> None:
        new = {
            "title": self.words()[:200],
            "kind": "document",
            "origin_kind": "itself",
            "publisher": self.words()[:200],
        }
        stance = self.rng.choice(list(Stance))
        evidence.attach(
            actor=self.who(), claim=self.claim(), stance=stance, new_source=new, quote=self.words(), note=self.words()
        )

    def attaches_known(self) -> None:
        source = self.any(Source.objects.filter(team=self.team))
        evidence.attach(
            actor=self.who(), claim=self.claim(), stance=Stance.SUPPORTS, source=source, locator="p. 1", quote="q"
        )

    def retracts(self) -> None:
        piece = self.any(Evidence.objects.filter(team=self.team))
        evidence.retract(actor=self.who(), evidence=piece, reason=self.words())

    def edits_source(self) -> None:
        source = self.any(Source.objects.filter(team=self.team))
        other = self.any(Source.objects.filter(team=self.team))
        origin = self.rng.choice([{"origin_kind": "unknown"}, {"origin_kind": "source", "origin": other}, {}])
        sources.edit_source(actor=self.who(), source=source, reason=self.words(), title=self.words()[:200], **origin)

    def proposes(self) -> None:
        verdicts.propose(actor=self.who(), claim=self.claim(), verdict=self.verdict())

    def decides(self) -> None:
        verdicts.decide(actor=self.who(), claim=self.claim(), verdict=self.verdict())

    def sends_back(self) -> None:
        verdicts.send_back(actor=self.who(), claim=self.claim(), reason=self.words())

    def reopens(self) -> None:
        verdicts.reopen(actor=self.who(), claim=self.claim(), reason=self.words())

    def withdraws(self) -> None:
        verdicts.withdraw(actor=self.who(), claim=self.claim(), reason=self.words())

    def restores(self) -> None:
        verdicts.restore(actor=self.who(), claim=self.claim(), reason=self.words())

    def invites(self) -> None:
        teams.invite(actor=self.admin, team=self.team, email=f"n{self.rng.random()}@ledger.example", role="viewer")

    def relabels(self) -> None:
        label = self.any(Label.objects.filter(team=self.team, retired_at=None))
        verdicts.relabel(actor=self.admin, label=label, name=f"L{self.rng.random()}", explanation=self.words()[:200])

    def sets_policy(self) -> None:
        teams.change_policy(
            actor=self.admin, team=self.team, reason=self.words(), high_risk_origins=self.rng.randrange(1, 4)
        )

    def loses_a_member(self) -> None:
        gone = self.any(Membership.objects.filter(team=self.team, role=Role.CHECKER))
        teams.remove_member(actor=self.admin, membership=gone, reason=self.words())

    def issues(self) -> None:
        reports.issue_report(actor=self.who(), article=self.article())

    def writes_and_thinks_better_of_it(self) -> None:
        with suppress(ZeroDivisionError), transaction.atomic(), act("claim.edit", self.admin):
            Claim.objects.filter(team=self.team).update(statement="Undone")
            raise ZeroDivisionError

    def writes_two_streams_in_one_act(self) -> None:
        with act("claim.edit", None, self.words()):
            Claim.objects.filter(team=self.team).update(risk="low")
            Source.objects.filter(team=self.team).update(publisher=self.words()[:200])

    def erases(self) -> None:
        plan = self.rng.choice([
            lambda: erase.of_source(self.any(Source.objects.filter(team=self.team)).pk),
            lambda: erase.of_evidence(self.any(Evidence.objects.filter(team=self.team)).pk),
            lambda: erase.of_claim(self.claim().pk),
            lambda: erase.of_article(self.article().pk),
            lambda: erase.of_act(f"team:{self.team.pk}", self.rng.randrange(1, 5), [self.rng.choice(erase.PARTS)]),
        ])()  # fmt: skip
        erase.carry_out(plan, actor=self.admin.pk, name=self.admin.name, reason="Promise")


OFTEN = [Room.logs, Room.attaches, Room.attaches_known, Room.edits, Room.proposes, Room.decides]
ALL: list[Callable[[Room], None]] = [
    do for name, do in vars(Room).items() if callable(do) and name[0] != "_" and name not in
    {"words", "who", "any", "article", "claim", "verdict"}
]  # fmt: skip
# how long, and what is likelier than the rest
SHAPES: list[tuple[int, list[Callable[[Room], None]]]] = [
    (12, []), (45, OFTEN), (25, [Room.imports, Room.logs]), (30, [Room.erases, *OFTEN]), (20, [Room.edits_source]),
]  # fmt: skip


@pytest.fixture
def owner_in_a_transaction(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """As the owner, who may erase; nothing of it stays."""
    with django_db_blocker.unblock(), as_owner(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def done(room: Room, do: Callable[[Room], None]) -> bool:
    """Whether the rules let it be done; what they refuse leaves nothing."""
    try:
        with transaction.atomic():
            do(room)
    except (Refused, NotAllowed, LookupError):
        return False
    return True


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=[pytest.mark.slow] if seed >= QUICK else []) for seed in range(SEEDS)]
)
def test_a_history_that_nobody_touched_gives_no_alarm(owner_in_a_transaction: None, seed: int) -> None:
    room = Room(seed)
    length, likely = SHAPES[seed % len(SHAPES)]
    room.imports()
    kept: list[Kept] = []
    for _step in range(length):
        if done(room, room.rng.choice([*ALL, *likely, *likely])) and room.rng.random() < 0.1:
            kept += [Kept(stream, *head_of(stream)[:2]) for stream in _streams(room.team)]
    verdict = verify(against=kept)
    assert [str(fault) for fault in verdict.faults] == []
    assert verdict.acts > 5
    for stream in _streams(room.team):
        assert [str(fault) for fault in verify(stream).faults] == []


def test_everything_that_a_history_is_made_of_can_be_done(owner_in_a_transaction: None) -> None:
    room = Room(7)
    for do in (Room.imports, Room.logs, Room.attaches, Room.attaches_known, Room.proposes):
        assert any(done(room, do) for _time in range(50)), do.__name__
    for do in ALL:
        assert any(done(room, do) for _time in range(300)), do.__name__
    assert [str(fault) for fault in verify().faults] == []


def _streams(team: Team) -> list[str]:
    """Those that have an act."""
    named = [f"team:{team.pk}", *(article.stream for article in Article.objects.filter(team=team))]
    return [stream for stream in named if head_of(stream)[0]]
