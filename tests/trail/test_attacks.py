"""The trail attacked as the web role: each statement is refused, recorded, or to no effect; attacks.py says which.

After each the trail verifies.
"""

from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from claims.models import Act, Claim, Label, Membership, Source
from claims.trail.verify import verify
from tests.trail import attacks, powers
from tests.trail.attacks import ACT, EVERYWHERE, RECORDED, REFUSED, Attack, in_act
from tests.trail.newsroom import Newsroom, newsroom, picture, web
from verify.database import owner

__all__ = ["newsroom"]
ATTACKS = [*attacks.ATTACKS, *powers.ATTACKS]


def here() -> str:
    """The quoted name of the tests' database."""
    return connection.ops.quote_name(connection.settings_dict["NAME"])


def run(sql: str, names: dict[str, Any]) -> psycopg.Error | None:
    """Send the statements on a connection of their own; the error that ended them, or None."""
    with web() as connection:
        try:
            for statement in sql.format(**names).split(";;"):
                connection.execute(statement)
        except psycopg.Error as error:
            return error
        finally:
            connection.close()
    return None


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: f"{attack.outcome}-{attack.sql[:70]}")
def test_the_web_role_changes_nothing_unseen(newsroom: Newsroom, attack: Attack) -> None:
    before, acts = picture(), Act.objects.count()
    error = run(attack.sql, newsroom.names | {"owner": owner()["USER"], "database": here()})
    after = picture()
    if attack.outcome == REFUSED:
        assert error is not None, "it went through"
        assert error.sqlstate == attack.code, str(error)
    else:
        assert error is None, str(error)
    assert (before != after) is (attack.outcome == RECORDED)
    if attack.outcome == RECORDED:
        assert Act.objects.count() > acts
    assert [str(fault) for fault in verify().faults] == []


def test_there_are_sixty_attacks_and_more() -> None:
    assert len({attack.sql for attack in ATTACKS}) == len(ATTACKS) >= 60


def orm(newsroom: Newsroom) -> list[tuple[str, Callable[[], Any]]]:
    """Ways of the ORM that signals and save() would never see."""
    claim = Claim.objects.get(pk=newsroom.claim.pk)
    source = Source(team=newsroom.team, title="Slipped in", created_by=newsroom.user)
    return [
        ("update", lambda: Claim.objects.update(risk="high")),
        ("bulk_update", lambda: Claim.objects.bulk_update([claim], ["risk"])),
        ("bulk_create", lambda: Source.objects.bulk_create([source])),
        ("create", lambda: Source.objects.create(team=newsroom.team, title="x", created_by=newsroom.user)),
        ("save", lambda: claim.save()),
        ("delete", lambda: Membership.objects.all().delete()),
        (
            "update_or_create",
            lambda: Label.objects.update_or_create(team=newsroom.team, position=1, defaults={"retired_at": None}),
        ),
        ("raw delete", lambda: Claim.objects.filter(pk=claim.pk)._raw_delete("default")),
    ]


@pytest.mark.parametrize("way", range(8))
def test_no_way_of_the_orm_writes_without_an_act(newsroom: Newsroom, way: int) -> None:
    before = picture()
    _name, do = orm(newsroom)[way]
    with pytest.raises(Exception, match=r"no act, no change|permission denied"), transaction.atomic():
        do()
    assert picture() == before


def copy_in(newsroom: Newsroom, *before: str) -> None:
    """COPY a row into the scale, in one transaction with the statements before."""
    columns = "(team_id, meaning, name, explanation, position, created_at)"
    with web() as connection, connection.cursor() as cursor:
        for statement in ("BEGIN", *before):
            cursor.execute(statement.format(**newsroom.names))
        with cursor.copy(f"COPY claims_label {columns} FROM STDIN") as rows:
            rows.write_row((newsroom.team.pk, "disputed", "Copied in", "", 8, "2026-01-01T00:00Z"))
        cursor.execute("COMMIT")


def test_copy_without_an_act_is_refused(newsroom: Newsroom) -> None:
    before = picture()
    with pytest.raises(psycopg.Error, match="no act, no change"):
        copy_in(newsroom)
    assert picture() == before


def test_copy_in_an_act_is_recorded(newsroom: Newsroom) -> None:
    copy_in(newsroom, ACT)
    assert Label.objects.filter(name="Copied in").exists()
    assert verify().holds


def test_a_row_that_comes_back_under_its_old_number_is_on_the_record(newsroom: Newsroom) -> None:
    again = (
        "INSERT INTO claims_membership (id, team_id, user_id, role, row_version, joined_at)"
        " OVERRIDING SYSTEM VALUE VALUES ({member}, {team}, {user}, 'admin', 1, now())"
    )
    assert run(in_act("DELETE FROM claims_membership WHERE id = {member}", again), newsroom.names) is None
    assert verify().holds


def test_settings_of_the_role_itself_do_not_change_what_is_recorded(newsroom: Newsroom) -> None:
    settings = ("timezone = 'Asia/Kathmandu'", "datestyle = 'German'", "bytea_output = 'escape'", "search_path = trail")
    try:
        for setting in settings:
            assert run(f"ALTER ROLE CURRENT_USER SET {setting}", newsroom.names) is None
        assert run(in_act(EVERYWHERE), newsroom.names) is None
    finally:
        assert run("ALTER ROLE CURRENT_USER RESET ALL", newsroom.names) is None
    assert verify().holds
