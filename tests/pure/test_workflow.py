"""The rules of the workflow, without a database."""

import pytest

from claims import workflow
from claims.workflow import Answer, Case, Lean, Link, Meaning, Refused, Stance, Status

SUPPORT = Lean(Stance.SUPPORTS, source=1, origin="source:1", has_place=True, added_by=7)
IN_PART = Lean(Stance.IN_PART, source=2, origin="source:2", has_place=True, added_by=7)
CONFLICT = Lean(Stance.CONFLICTS, source=3, origin="source:3", has_place=True, added_by=7)
CONTEXT = Lean(Stance.CONTEXT, source=4, origin="source:4", has_place=True, added_by=9)


def missing(case: Case, meaning: str, **said: str) -> set[str]:
    answer = Answer(meaning, said.pop("rationale", "Because."), **said)
    return {gate.code for gate in workflow.gates(case, answer) if not gate.met}


def case(*evidence: Lean, risk: str = "medium", needed: int = 2) -> Case:
    return Case(risk=risk, evidence=evidence, origins_needed=needed)


@pytest.mark.parametrize(
    ("deed", "leaves", "to"),
    [
        ("propose", {"open", "recheck"}, "proposed"),
        ("decide", {"proposed"}, "decided"),
        ("send_back", {"proposed"}, "open"),
        ("reopen", {"decided"}, "open"),
        ("withdraw", {"open", "proposed", "recheck"}, "withdrawn"),
        ("restore", {"withdrawn"}, "open"),
    ],
)
def test_each_deed_leaves_its_statuses_and_no_others(deed: str, leaves: set[str], to: str) -> None:
    for status in Status:
        if status in leaves:
            assert workflow.leads_to(deed, status) == to
        else:
            with pytest.raises(Refused):
                workflow.leads_to(deed, status)


def test_a_solo_desk_decides_at_to_check_and_recheck() -> None:
    for status in (Status.OPEN, Status.RECHECK, Status.PROPOSED):
        assert workflow.leads_to("decide", status, four_eyes=False) == Status.DECIDED
    with pytest.raises(Refused):
        workflow.leads_to("decide", Status.WITHDRAWN, four_eyes=False)


def test_accurate_needs_support_with_a_place_and_in_part_is_not_enough() -> None:
    assert missing(case(), Meaning.ACCURATE) == {"support"}
    assert missing(case(IN_PART), Meaning.ACCURATE) == {"support"}
    assert missing(case(CONTEXT), Meaning.ACCURATE) == {"support"}
    placeless = Lean(Stance.SUPPORTS, 1, "source:1", has_place=False, added_by=7)
    assert missing(case(placeless), Meaning.ACCURATE) == {"support"}
    retracted = Lean(Stance.SUPPORTS, 1, "source:1", has_place=True, added_by=7, retracted=True)
    assert missing(case(retracted), Meaning.ACCURATE) == {"support"}
    assert missing(case(SUPPORT), Meaning.ACCURATE) == set()


def test_needs_fix_needs_the_wording_and_unprovable_the_search() -> None:
    assert missing(case(), Meaning.NEEDS_FIX) == {"wording"}
    assert missing(case(), Meaning.NEEDS_FIX, proposed_wording="  \n") == {"wording"}
    assert missing(case(), Meaning.NEEDS_FIX, proposed_wording="£9m") == set()
    assert missing(case(), Meaning.UNPROVABLE) == {"searched"}
    assert missing(case(), Meaning.UNPROVABLE, searched="The archive") == set()


@pytest.mark.parametrize("meaning", [Meaning.INACCURATE, Meaning.DISPUTED])
def test_inaccurate_and_disputed_need_a_conflict(meaning: str) -> None:
    assert missing(case(SUPPORT), meaning) == {"conflict"}
    assert missing(case(CONFLICT), meaning) == set()


@pytest.mark.parametrize("meaning", list(Meaning))
def test_every_verdict_needs_a_rationale(meaning: str) -> None:
    full = case(SUPPORT, CONFLICT)
    assert missing(full, meaning, rationale=" ", proposed_wording="x", searched="y") == {"rationale"}


@pytest.mark.parametrize(
    ("meaning", "evidence", "met"),
    [
        (Meaning.ACCURATE, [SUPPORT], False),
        (Meaning.ACCURATE, [SUPPORT, CONFLICT], False),
        (Meaning.ACCURATE, [SUPPORT, IN_PART], True),
        (Meaning.INACCURATE, [CONFLICT, SUPPORT], False),
        (Meaning.DISPUTED, [CONFLICT, SUPPORT], True),
        (Meaning.NEEDS_FIX, [CONFLICT, SUPPORT], True),
        (Meaning.NEEDS_FIX, [CONFLICT, CONTEXT], False),
        (Meaning.NOT_CHECKABLE, [], True),
        (Meaning.UNPROVABLE, [], True),
    ],
)
def test_high_risk_needs_independent_origins_among_the_right_evidence(
    meaning: str, evidence: list[Lean], met: bool
) -> None:
    gaps = missing(case(*evidence, risk="high"), meaning, proposed_wording="x", searched="y")
    assert ("origins" not in gaps) is met


def test_unknown_origins_and_the_article_itself_are_never_independent() -> None:
    unknown = Lean(Stance.SUPPORTS, 5, workflow.UNKNOWN, has_place=True, added_by=7)
    itself = Lean(Stance.SUPPORTS, 6, workflow.NONE, has_place=True, added_by=7)
    assert missing(case(SUPPORT, unknown, itself, risk="high"), Meaning.ACCURATE) == {"origins"}


def test_sources_of_one_origin_count_once() -> None:
    copies = [Lean(Stance.SUPPORTS, source, "source:1", has_place=True, added_by=7) for source in (1, 2, 3)]
    assert str(workflow.count_origins(copies)) == "3 sources, 1 origin"
    assert missing(case(*copies, risk="high"), Meaning.ACCURATE) == {"origins"}


def test_counts_say_what_is_unknown() -> None:
    leans = [SUPPORT, CONFLICT, Lean(Stance.CONTEXT, 9, workflow.UNKNOWN, has_place=True, added_by=7)]
    assert str(workflow.count_origins(leans)) == "3 sources, 2 origins, 1 unknown"
    assert str(workflow.count_origins(leans[2:])) == "1 source, origin unknown"
    assert str(workflow.count_origins([SUPPORT, SUPPORT])) == "1 source, 1 origin"


def test_origins_are_followed_to_their_root() -> None:
    links = {
        1: Link("itself"),
        2: Link("source", source=1),
        3: Link("source", source=2),
        4: Link("unknown"),
        5: Link("source", source=4),
        6: Link("article", article=10),
        7: Link("source", source=6),
        8: Link("source", source=9),
        9: Link("source", source=8),
    }
    roots = {source: workflow.resolve(source, links, article=10) for source in links}
    assert roots[1] == roots[2] == roots[3] == "source:1"
    assert roots[4] == roots[5] == workflow.UNKNOWN
    assert roots[6] == roots[7] == workflow.NONE
    assert roots[8] == roots[9] == workflow.UNKNOWN
    assert workflow.resolve(7, links, article=11) == "article:10"


def test_four_eyes_forbid_proposer_and_bringer_but_not_for_context() -> None:
    held = Case(risk="low", evidence=(SUPPORT, CONTEXT), proposer=5)

    def met(person: int) -> bool:
        gate = workflow.four_eyes(held, person)
        assert gate is not None
        return gate.met

    assert [met(5), met(7), met(9), met(1)] == [False, False, True, True]
    assert workflow.four_eyes(Case(risk="low", four_eyes=False, proposer=5), 5) is None


def test_check_names_everything_that_is_missing() -> None:
    gates = workflow.gates(case(risk="high"), Answer(Meaning.INACCURATE))
    with pytest.raises(Refused) as refused:
        workflow.check(gates)
    assert len(refused.value.reasons) == 3
