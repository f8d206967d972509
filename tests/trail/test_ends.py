"""An owner who computes all hashes anew and moves the head: the trail holds, and against a kept report it does not.

The chain is computed here in Python alone, as docs/trail.md tells an outsider to do.
"""

import hashlib
import json
import random
import uuid
from collections.abc import Callable

import pytest

from claims.actions import teams
from claims.models import ReportDocument, User
from claims.trail.verify import Kept, head_of, kept_by, verify
from tests.trail.mutations import cut, every, one, pick, run, set_head
from tests.trail.newsroom import Newsroom, newsroom
from tests.trail.ownership import found, guards, owning, unguarded

__all__ = ["newsroom", "owning"]


def link_anew(stream: str, start: int = 1) -> int:
    """Compute the chain anew from an act on, and move the head; returns how many links."""
    before = bytes(
        one("SELECT coalesce((SELECT hash FROM trail.act WHERE (stream, seq) = (%s, %s)), '')", stream, start - 1)[0]
    )
    acts = every(
        "SELECT seq, id, header, name_commitment, reason_commitment FROM trail.act"
        " WHERE stream = %s AND seq >= %s ORDER BY seq", stream, start,
    )  # fmt: skip
    for seq, act, header, name, reason in acts:
        covered = [
            f"{n} {relation} {row} {'-' if claim is None else claim} {bytes(commitment).hex()}"
            for n, relation, row, claim, commitment in every(
                "SELECT n, relation, row, claim, commitment FROM trail.change"
                " WHERE act = %s AND stream = %s ORDER BY n", act, stream,
            )
        ]  # fmt: skip
        text = "\n".join([stream, str(seq), header, bytes(name).hex(), bytes(reason).hex(), *covered])
        after = hashlib.sha256(before + text.encode()).digest()
        run("UPDATE trail.act SET prev = %s, hash = %s WHERE (stream, seq) = (%s, %s)", before, after, stream, seq)
        before = after
    set_head(stream)
    return len(acts)


def commitment(salt: uuid.UUID, words: str) -> bytes:
    return hashlib.sha256(f"{salt}{words}".encode()).digest()


def test_the_chain_can_be_recomputed_outside_of_the_database(owning: Newsroom) -> None:
    for stream in (owning.article.stream, f"team:{owning.team.pk}"):
        ends = head_of(stream)
        with unguarded():
            assert link_anew(stream) == ends[0]
            assert head_of(stream)[:2] == ends[:2]


def test_commitments_can_be_recomputed_outside_of_the_database(owning: Newsroom) -> None:
    lines = every("SELECT salt, line, commitment FROM trail.change WHERE line IS NOT NULL")
    names = every("SELECT name_salt, name, name_commitment FROM trail.act WHERE name IS NOT NULL")
    reasons = every("SELECT reason_salt, reason, reason_commitment FROM trail.act WHERE reason IS NOT NULL")
    for salt, words, kept in (*lines, *names, *reasons):
        assert commitment(salt, words) == bytes(kept)
    assert len(lines) > 50


# --- ends rewritten: each gives the first act that it touched ---------------------------------


SAME_ACT = "id = (SELECT id FROM trail.act WHERE (stream, seq) = (%s, %s))"


def another_header(rng: random.Random, stream: str) -> int:
    (seq,) = pick(rng, "SELECT seq FROM trail.act WHERE stream = %s ORDER BY 1", stream)
    run(f'UPDATE trail.act SET header = replace(header, \'"verb" : "\', \'"verb" : "x\') WHERE {SAME_ACT}', stream, seq)
    return int(seq)


def another_reason(rng: random.Random, stream: str) -> int:
    (seq,) = pick(rng, "SELECT seq FROM trail.act WHERE stream = %s ORDER BY 1", stream)
    salt = uuid.UUID(int=rng.getrandbits(128))
    run(f"UPDATE trail.act SET reason = 'So be it', reason_salt = %s, reason_commitment = %s WHERE {SAME_ACT}",
        salt, commitment(salt, "So be it"), stream, seq)  # fmt: skip
    return int(seq)


def another_statement_in_row_and_records(rng: random.Random, stream: str) -> int:
    """A claim never said what it said: its row, and every line of its history."""
    (claim,) = pick(
        rng, "SELECT DISTINCT row FROM trail.change WHERE relation = 'claims_claim' AND stream = %s", stream
    )
    first = one("SELECT min(a.seq) FROM trail.act a JOIN trail.change c ON c.act = a.id AND c.stream = a.stream"
                " WHERE c.relation = 'claims_claim' AND c.row = %s", claim)[0]  # fmt: skip
    run("UPDATE claims_claim SET statement = 'Forged' WHERE id = %s", claim)
    for act, n, salt, line in every(
        "SELECT act, n, salt, line FROM trail.change WHERE relation = 'claims_claim' AND row = %s AND line IS NOT NULL",
        claim,
    ):
        said = json.loads(line)
        for side in (said[2], said[3]):
            if side:
                side["statement"] = "Forged"
        # as PostgreSQL writes it: the array with blanks, the rows without
        sides = [json.dumps(side, ensure_ascii=False, separators=(",", ":")) for side in said[2:]]
        forged = f'["{said[0]}", "{said[1]}", {sides[0]}, {sides[1]}]'
        run("UPDATE trail.change SET line = %s, commitment = %s WHERE (act, n) = (%s, %s)",
            forged, commitment(salt, forged), act, n)  # fmt: skip
    return int(first)


REWRITINGS: list[Callable[[random.Random, str], int]] = [
    another_header, another_reason, another_statement_in_row_and_records,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(7))
@pytest.mark.parametrize("rewrite", REWRITINGS, ids=lambda rewrite: rewrite.__name__)
def test_an_end_rewritten_with_all_hashes_holds_by_itself_and_is_named_against_a_kept_report(
    owning: Newsroom, rewrite: Callable[[random.Random, str], int], seed: int
) -> None:
    stream = owning.article.stream
    kept = [Kept(stream, *head_of(stream)[:2])]
    with unguarded():
        link_anew(stream, rewrite(random.Random(seed), stream))
        link_anew(f"team:{owning.team.pk}")
        assert found() == []
        faults = verify(against=kept).faults
    assert [(fault.stream, fault.seq) for fault in faults] == [(stream, kept[0].seq)]
    assert "rewritten" in str(faults[0])


@pytest.mark.parametrize("what", ["header", "reason"])
def test_one_act_that_says_two_things_is_named_though_each_of_its_chains_holds(owning: Newsroom, what: str) -> None:
    stream = owning.article.stream
    seq, act = one(
        "SELECT a.seq, a.id FROM trail.act a JOIN trail.act b ON b.id = a.id AND b.stream <> a.stream"
        " WHERE a.stream = %s ORDER BY 1 LIMIT 1", stream,
    )  # fmt: skip
    with unguarded():
        if what == "header":
            changed = 'header = replace(header, \'"verb" : "\', \'"verb" : "x\')'
            run(f"UPDATE trail.act SET {changed} WHERE (id, stream) = (%s, %s)", act, stream)
        else:
            salt = uuid.UUID(int=1)
            run("UPDATE trail.act SET reason = 'So be it', reason_salt = %s, reason_commitment = %s"
                " WHERE (id, stream) = (%s, %s)", salt, commitment(salt, "So be it"), act, stream)  # fmt: skip
        link_anew(stream, seq)
        guards("ENABLE")
        faults = [str(fault) for fault in verify().faults]
    assert len(faults) == 1, faults
    assert "its links in several streams do not say the same" in faults[0]


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_cut_end_with_its_rows_undone_holds_by_itself_and_is_named_against_a_kept_report(
    owning: Newsroom, gone: int
) -> None:
    """The last acts never were: their records are gone, their rows are as before, the head stands where they began."""
    stream = f"team:{owning.team.pk}"
    kept = [Kept(stream, *head_of(stream)[:2])]
    with unguarded():
        _invite(owning, gone)
        longer = [Kept(stream, *head_of(stream)[:2])]
        guards("DISABLE")
        run("DELETE FROM claims_invitation WHERE email LIKE 'later-%%'")
        cut(stream, gone)
        set_head(stream)
        assert found() == []
        faults = verify(against=[*kept, *longer]).faults
    assert [(fault.stream, fault.seq) for fault in faults] == [(stream, kept[0].seq + gone)]
    assert "the kept report covers this act, and it is gone" in str(faults[0])


def _invite(owning: Newsroom, count: int) -> None:
    guards("ENABLE")
    admin = User.objects.get(name="Margit")
    for number in range(count):
        teams.invite(actor=admin, team=owning.team, email=f"later-{number}@ledger.example", role="viewer")
    run("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_whole_article_gone_with_its_stream_is_named_against_its_report(owning: Newsroom) -> None:
    """Nothing in the database tells of it any more: only who has the report can."""
    document = bytes(ReportDocument.objects.get().content)
    assert {end.stream for end in kept_by(document)} == {owning.article.stream, f"team:{owning.team.pk}"}
    with unguarded():
        run("DELETE FROM claims_reportdocument")
        for table in ("decision", "proposal", "evidence", "anchor", "claim", "report", "version", "article"):
            run(f"DELETE FROM claims_{table}")
        cut(owning.article.stream, 1000)
        set_head(owning.article.stream)
        named = [str(fault) for fault in verify(against=kept_by(document)).faults if fault.stream.startswith("article")]
    assert named[0].endswith("the kept report covers this act, and it is gone")
