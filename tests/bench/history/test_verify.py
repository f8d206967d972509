"""`verify_trail` over a million acts, replay included."""

from functools import partial

from django.db import connection

from claims.models import Act, Change, Claim
from claims.trail.verify import verify
from tests.bench.figures import figure, taking
from tests.bench.ground import Ground
from tests.bench.history.copies import fill
from verify.database import as_owner

ACTS, SECONDS = 1_000_000, 60.0


def test_verify_a_million_acts(ground: Ground) -> None:
    with ground.database("history", partial(fill, ACTS)):
        with taking() as took:
            found = verify()
        assert found.holds, [str(fault) for fault in found.faults[:3]]
        assert found.acts >= ACTS
        assert found.acts == Act.objects.count()
        figure(
            f"verify of {found.acts:,} acts, {found.changes:,} changes, {found.streams:,} streams, replay included",
            took.wall,
            SECONDS,
            " s",
            f"{found.acts / took.wall:,.0f} acts a second; the leader’s share of processors {took.processor:.1f} s",
            f"rows that the replay was held against: {Claim.objects.count():,} claims among them",
        )
        is_seen(Change.objects.filter(relation="claims_claim").order_by("-act").values_list("row", flat=True)[0])


def is_seen(claim: int) -> None:
    """What verifies sees a row that was changed past the triggers, so it has looked."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE claims_claim DISABLE TRIGGER trail")
        cursor.execute(
            "UPDATE claims_claim SET statement = statement || '!' WHERE id = %s RETURNING article_id", [claim]
        )
        (article,) = cursor.fetchone()
        assert [fault.row for fault in verify(f"article:{article}").faults if fault.relation] == [claim]
        cursor.execute("UPDATE claims_claim SET statement = rtrim(statement, '!') WHERE id = %s", [claim])
        cursor.execute("ALTER TABLE claims_claim ENABLE TRIGGER trail")
