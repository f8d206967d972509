"""Random people do random things to random text: no claim is lost, no rule is broken, and the trail verifies."""

import inspect
from types import ModuleType
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from claims.actions import Stale, accounts, articles, claims, evidence, reports, sources, teams, verdicts
from claims.models import Act, Article, Claim, Label
from claims.reports.build import build
from claims.roles import NotAllowed
from claims.trail.verify import verify
from claims.workflow import Refused
from tests.actions import programs
from tests.actions.programs import KINDS, MEANINGS, OFTEN, STANCES, Newsroom, Nothing, Step, run
from tests.actions.watch import Seen, assert_follows, assert_stands, traces

MODULES: tuple[ModuleType, ...] = (accounts, articles, claims, evidence, reports, sources, teams, verdicts)
HOSTILE = [
    "",
    " \t\n",
    "<script>alert(1)</script>",
    "'; DROP TABLE claims_claim; --",
    "%s %(x)s {0} {{ x }} {% x %}",
    "=HYPERLINK(1)",
    "\u202egnp.exe\u2066",
    "a\u0300\u0301 \U0001f9d1\u200d\U0001f680",
    "\\N \\x00 \\u0000",
    "\u2028line\u2029\x85\x1f\x7f",
    ' "quoted" “so” \ttab ',
    "no row holds \0 this",
    "nor \ud800 this",
]
TEXTS = st.sampled_from(HOSTILE) | st.text(
    st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=40
)
NUMBERS = st.integers(0, 999)
STEPS = st.builds(
    Step,
    kind=st.sampled_from(sorted(KINDS) + OFTEN * 2),
    who=NUMBERS,
    which=NUMBERS,
    other=NUMBERS,
    meaning=st.sampled_from(MEANINGS),
    stance=st.sampled_from([*STANCES, "supports", "supports", "conflicts"]),
    text=TEXTS | st.just("It says so on p. 14."),
    more=TEXTS,
    version=st.sampled_from(["none"] * 4 + ["now"] * 6 + ["old", "new"]),
)
QUIETLY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def carry_out(program: list[Step]) -> None:
    """Run a program in a newsroom of its own, which is thrown away after it."""
    with transaction.atomic():
        room = Newsroom.made()
        for step in program:
            try_out(room, step)
        assert_stands()
        verdict = verify()
        assert verdict.holds, verdict.faults
        for article in Article.objects.all():
            told = build(article)["claims"]
            assert [claim["status"] for claim in told] == [
                claim.status for claim in Claim.objects.filter(article=article).order_by("number")
            ]
        transaction.set_rollback(True)


def try_out(room: Newsroom, step: Step) -> None:
    """One step: either it is done as it should be, or nothing at all is written."""
    before, left, tokens = Seen.now(), traces(), len(room.tokens)
    try:
        with transaction.atomic():
            row, done = run(room, step)
    except Nothing:
        return
    except (Refused, NotAllowed, Stale) as why:
        event(f"{step.kind}: {type(why).__name__}")
        assert traces() == left, "a refused act left a trace"
        assert len(room.tokens) == tokens
        return
    event(f"{step.kind}: done")
    assert_follows(step.kind, before)
    assert_told(step, row, done)


def assert_told(step: Step, row: Any, done: Any) -> None:
    """What was typed is there as it was typed, and nothing was done on a row that had changed since."""
    if step.version in {"old", "new"} and hasattr(row, "row_version") and step.kind in VERSIONED:
        assert step.version == "old", "a version that does not exist was taken"
        assert row.row_version == 1, "an old version was taken"
    if done is not None and done._meta.model_name in {"claim", "evidence", "article", "source"}:
        done.refresh_from_db()
    if step.kind == "log" and step.text.strip():
        assert done.statement == step.text
    if step.kind == "attach":
        assert (done.quote, done.locator, done.note) == (step.text, step.more, step.more)
    if step.kind in {"propose", "decide"}:
        said = done.proposals.latest("pk") if step.kind == "propose" else done.decisions.latest("pk")
        assert said.rationale == step.text
        assert step.more in (said.proposed_wording, said.searched)
        assert Label.objects.get(pk=said.label_id).team_id == done.team_id
    if step.kind in {"withdraw", "send_back", "reopen", "restore"}:
        assert done.status_reason == step.text
        assert Act.objects.latest("act").reason == step.text
    if step.kind == "import":
        whole = done.latest_version().text
        assert all(text in whole for text in (step.text, step.more) if text.strip())


VERSIONED = {
    "edit-article", "edit", "stand", "leave", "retract", "edit-source", "remove", "policy",
    "propose", "decide", "send_back", "reopen", "withdraw", "restore",
}  # fmt: skip


@pytest.mark.django_db
@settings(
    max_examples=7, deadline=None, derandomize=True, database=None, suppress_health_check=QUIETLY,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)  # fmt: skip
@given(st.lists(STEPS, min_size=30, max_size=45))
def test_whatever_people_do_no_claim_is_lost_and_no_rule_is_broken(program: list[Step]) -> None:
    carry_out(program)


@pytest.mark.slow
@pytest.mark.django_db
@settings(max_examples=40, deadline=None, database=None, print_blob=True, suppress_health_check=QUIETLY)
@given(st.lists(STEPS, min_size=40, max_size=90))
def test_the_same_for_long_and_other_each_time(program: list[Step]) -> None:
    carry_out(program)


def test_every_action_is_among_those_tried() -> None:
    """An action is a function of claims.actions that somebody does."""
    tried = inspect.getsource(programs)
    for module in MODULES:
        layer = module.__name__.rpartition(".")[2]
        for name, value in vars(module).items():
            is_own = inspect.isfunction(value) and value.__module__ == module.__name__
            if is_own and not name.startswith("_") and "actor" in inspect.signature(value).parameters:
                known = {f"{layer}.{name}(", f'_moves("{name}"'}
                assert any(call in tried for call in known) or (layer, name) == ("sources", "create"), (layer, name)
