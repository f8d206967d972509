"""What has to hold of the rows after every step, computed from them alone: none of the product's rules is asked."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from claims.models import Article, Claim, Decision, Evidence, Membership, Proposal, Source, Team

# design: what leads from a status to another, by the verb of the act that was done
MOVES = {
    "propose": {("open", "proposed"), ("recheck", "proposed")},
    "decide": {("proposed", "decided")},
    "send_back": {("proposed", "open")},
    "reopen": {("decided", "open")},
    "withdraw": {("open", "withdrawn"), ("proposed", "withdrawn"), ("recheck", "withdrawn")},
    "restore": {("withdrawn", "open")},
}
ALONE = {("open", "decided"), ("recheck", "decided")}  # only without four eyes
DISTURBED = {("decided", "recheck")}
DISTURBING = {"attach", "retract", "edit", "stand", "leave", "edit-source"}
TABLES = [
    *("team", "membership", "invitation", "label", "source", "article", "version", "report", "reportdocument"),
    *("claim", "anchor", "evidence", "proposal", "decision"),
]


def traces() -> list[tuple[Any, ...]]:
    """Counts and sums over all rows of the newsroom and its trail: different where anything was written."""
    asked = [
        f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM claims_{name} t"
        for name in TABLES
    ]
    asked += [
        f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM trail.{name} t"
        for name in ("act", "head")
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([*asked, "SELECT count(*), 0 FROM trail.change"]))
        return list(cursor.fetchall())


@dataclass(frozen=True)
class Seen:
    """The claims and the policies as they stood."""

    claims: dict[int, Claim]
    four_eyes: dict[int, bool]
    decisions: int
    proposals: int

    @classmethod
    def now(cls) -> "Seen":
        return cls(
            Claim.objects.select_related("team").in_bulk(),
            dict(Team.objects.values_list("pk", "four_eyes")),
            Decision.objects.count(),
            Proposal.objects.count(),
        )


def assert_follows(kind: str, before: Seen) -> None:
    """What a step that was done may have changed in claims."""
    now = Seen.now()
    assert before.claims.keys() <= now.claims.keys(), "a claim was lost"
    for pk, old in before.claims.items():
        new = now.claims[pk]
        same = {f.attname: getattr(old, f.attname) for f in old._meta.fields} == {
            f.attname: getattr(new, f.attname) for f in new._meta.fields
        }
        assert new.row_version == old.row_version if same else new.row_version > old.row_version
        assert (new.number, new.article_id) == (old.number, old.article_id)
        if new.status != old.status:
            allowed = MOVES.get(kind, set()) | (DISTURBED if kind in DISTURBING else set())
            if kind == "decide" and not before.four_eyes[old.team_id]:
                allowed = allowed | ALONE
            assert (old.status, new.status) in allowed, kind
    if now.proposals > before.proposals and kind == "propose":
        said = Proposal.objects.latest("pk")
        assert_gates(said.claim, said)
    if now.decisions > before.decisions:
        assert_decided(Decision.objects.latest("pk"), four_eyes=before.four_eyes)


def assert_decided(said: Decision, *, four_eyes: dict[int, bool]) -> None:
    """Four eyes and gates of a decision that was made just now."""
    assert said.four_eyes == four_eyes[said.team_id]
    assert said.proposal.claim_id == said.claim_id
    if said.four_eyes:
        rests = Evidence.objects.filter(claim=said.claim, retracted_at=None).exclude(stance="context")
        assert said.decided_by_id != said.proposal.proposed_by_id
        assert said.decided_by_id not in rests.values_list("added_by", flat=True)
    assert_gates(said.claim, said)


def assert_gates(claim: Claim, said: Any) -> None:
    """What design.md asks of each meaning, of a high-risk claim, and of every answer."""
    pieces = list(Evidence.objects.filter(claim=claim, retracted_at=None).exclude(stance="context"))
    meaning, stances = said.label.meaning, {piece.stance for piece in pieces}
    assert said.rationale.strip()
    if meaning == "accurate":
        assert any(piece.stance == "supports" and (piece.quote + piece.locator).strip() for piece in pieces)
    if meaning in {"inaccurate", "disputed"}:
        assert "conflicts" in stances
    assert meaning != "needs-fix" or said.proposed_wording.strip()
    assert meaning != "unprovable" or said.searched.strip()
    among = {"accurate": "pro", "inaccurate": "con", "needs-fix": "procon", "disputed": "procon"}.get(meaning, "")
    if claim.risk == "high" and among:
        counted = [piece for piece in pieces if ("con" if piece.stance == "conflicts" else "pro") in among]
        origins = {origin(piece.source, claim.article_id) for piece in counted} - {None}
        assert len(origins) >= Team.objects.get(pk=claim.team_id).high_risk_origins


def origin(source: Source, article: int) -> tuple[str, int] | None:
    """Where a source has it from in the end; None where that is not known, or is the article itself."""
    for _step in range(50):
        if source.origin_kind == "source":
            assert source.origin is not None
            source = source.origin
            continue
        if source.origin_kind == "itself":
            return ("source", source.pk)
        if source.origin_kind == "article" and source.origin_article_id not in {None, article}:
            return ("article", int(source.origin_article_id or 0))
        return None
    return None


def assert_stands() -> None:
    """What holds of all rows at any time."""
    for article in Article.objects.all():
        numbers = list(Claim.objects.filter(article=article).order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
    for claim in Claim.objects.all():
        pieces = list(Evidence.objects.filter(claim=claim).order_by("number").values_list("number", flat=True))
        assert pieces == list(range(1, len(pieces) + 1))
        assert claim.anchors.exists()
    for team in Team.objects.all():
        assert Membership.objects.filter(team=team, role="admin").exists()
        assert team.labels.filter(retired_at=None).exists()
