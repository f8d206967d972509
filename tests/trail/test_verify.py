"""An intact history gives no alarm, whatever was done; the verifier knows the tables that the database watches."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from claims.actions import claims, evidence, sources, teams, verdicts
from claims.models import Act, Article, Claim, Membership, Team, User
from claims.trail.verify import GUARDS, WATCHED, Kept, head_of, kept_by, verify
from tests.people import log, support
from verify.database import as_owner

pytestmark = pytest.mark.django_db


def test_a_history_with_every_kind_of_act_holds(
    decided: Claim, other_team: Team, admin: User, teammate: User, reviewer: User, team: Team
) -> None:
    piece = support(decided, teammate, stance="conflicts", title='Award notice “modification 4”\n}, {"id":1, \\ 💡')
    evidence.retract(actor=teammate, evidence=piece, reason="Wrong contract")
    claims.edit_claim(actor=teammate, claim=decided, statement='}, {"id":' + str(decided.pk) + ",", risk="high")
    verdicts.withdraw(actor=teammate, claim=decided, reason="Gone")
    verdicts.relabel(actor=admin, label=team.labels.get(name="Verified"), name="Stands", explanation="")
    sources.edit_source(actor=teammate, source=piece.source, origin_kind="article", origin_article=decided.article)
    member = Membership.objects.get(team=team, user=reviewer)
    teams.remove_member(actor=admin, membership=member, reason="Left")
    verdict = verify()
    assert [str(fault) for fault in verdict.faults] == []
    assert verdict.acts == Act.objects.count() > 12
    assert verdict.streams == 3


def test_one_stream_can_be_verified_alone(decided: Claim, other_team: Team) -> None:
    stream = decided.article.stream
    for found in (verify(stream), verify(stream, strays=False)):
        assert found.holds
        assert found.acts == Act.objects.in_stream(stream).count()
    assert verify(f"team:{other_team.pk}").acts == 1


def test_an_empty_database_holds() -> None:
    assert verify().holds


def test_a_removed_place_and_a_removed_member_are_no_alarm(article: Article, checker: User) -> None:
    claim = log(article, checker, "the bill at £31.4 million")
    place = claim.anchors.get()
    text = article.latest_version().text
    at = text.index("Box 212")
    from claims.anchors import Span

    claims.stand_also(actor=checker, claim=claim, place=Span(at, at + 7))
    claims.leave_place(actor=checker, anchor=place)
    assert verify().holds


def test_several_acts_in_one_transaction_follow_one_another(claim: Claim, checker: User, teammate: User) -> None:
    claims.edit_claim(actor=checker, claim=claim, risk="low")
    claims.edit_claim(actor=checker, claim=claim, risk="high")
    assert verify().holds


def test_the_tables_the_verifier_knows_are_those_the_database_watches() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE t.tgname = 'trail' AND n.nspname = 'public'"
        )
        assert {name for (name,) in cursor.fetchall()} == WATCHED.keys()
        # a line is cut apart at its rows' first column
        cursor.execute("SELECT attrelid::regclass::text FROM pg_attribute WHERE attnum = 1 AND attname = 'id'")
        assert WATCHED.keys() <= {name for (name,) in cursor.fetchall()}


def test_every_domain_model_is_watched_or_known_to_be_none() -> None:
    from django.apps import apps

    no_domain_rows = {"claims_user", "claims_stash", "claims_submission", "claims_reportdocument"}
    no_domain_rows |= {"claims_errand", "claims_ahead", "claims_pending", "claims_part", "claims_unproven"}
    managed = {model._meta.db_table for model in apps.get_app_config("claims").get_models() if model._meta.managed}
    assert managed - no_domain_rows == WATCHED.keys()


def test_schema_and_verifier_agree_on_streams_and_claims() -> None:
    import re

    import claims.trail

    sql = (Path(claims.trail.__file__).parent / "sql" / "schema.sql").read_text()
    calls = re.findall(r"CALL trail\.watch\('(\w+)', '(\w+)', '(\w+)'(?:, 'r\.(\w+)')?\)", sql)
    assert {table: (kind, column, claim or None) for table, kind, column, claim in calls} == WATCHED


def test_the_guards_are_on() -> None:
    assert {table.partition(".")[0] for table in GUARDS} == {"public", "trail"}
    assert verify().holds


def test_a_kept_report_is_continued_by_a_longer_trail(claim: Claim, checker: User) -> None:
    stream = claim.article.stream
    seq, sha, at = head_of(stream)
    assert at is not None
    report: dict[str, Any] = {"heads": [{"stream": stream, "seq": seq, "hash": sha}]}
    claims.edit_claim(actor=checker, claim=claim, risk="low")
    kept = kept_by(json.dumps(report).encode())
    assert kept == [Kept(stream, seq, sha)]
    assert verify(against=kept).holds
    (fault,) = verify(against=[Kept(stream, seq, "00" * 32)]).faults
    assert "holds another hash" in str(fault)
    (fault,) = verify(against=[Kept(stream, seq + 9, sha)]).faults
    assert "it is gone" in str(fault)


def test_a_file_without_ends_of_streams_is_no_report() -> None:
    for content in (b"", b"[]", b"{}", b'{"heads": [{"stream": "x"}]}', b"\xff"):
        with pytest.raises(ValueError, match="no report of Galley"):
            kept_by(content)


@pytest.mark.django_db(transaction=True)
def test_a_column_added_since_is_no_alarm_unless_it_was_filled_without_an_act(decided: Claim) -> None:
    def owner(sql: str) -> None:
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(sql)

    owner("ALTER TABLE claims_claim ADD COLUMN weight integer NOT NULL DEFAULT 3, ADD COLUMN hint text")
    try:
        owner("ALTER TABLE claims_claim ALTER COLUMN weight DROP DEFAULT")
        assert verify().holds
        owner("ALTER TABLE claims_claim DISABLE TRIGGER USER")
        owner("UPDATE claims_claim SET weight = 4")
        owner("ALTER TABLE claims_claim ENABLE TRIGGER USER")
        (fault,) = verify().faults
        assert "without an act: weight" in str(fault)
    finally:
        owner("ALTER TABLE claims_claim DROP COLUMN weight, DROP COLUMN hint")


@pytest.mark.django_db(transaction=True)
def test_acts_whose_numbers_crossed_are_no_alarm(claim: Claim, checker: User, teammate: User) -> None:
    """The act opened first may be sealed last: what counts is the order of seals."""
    import threading

    from django.db import connections

    opened, sealed = threading.Event(), threading.Event()

    def late() -> None:
        from claims.trail import act

        try:
            with act("claim.edit", checker):
                opened.set()
                assert sealed.wait(20)
                Claim.objects.filter(pk=claim.pk).update(risk="high")
        finally:
            connections.close_all()

    thread = threading.Thread(target=late)
    thread.start()
    assert opened.wait(20)
    claims.edit_claim(actor=teammate, claim=claim, statement="Written meanwhile")
    sealed.set()
    thread.join()
    first, second = Act.objects.in_stream(claim.article.stream).order_by("-seq")[:2][::-1]
    assert first.act > second.act
    assert verify().holds


@pytest.mark.django_db(transaction=True)
def test_people_who_write_meanwhile_cause_no_alarm(claim: Claim, checker: User) -> None:
    import threading

    from django.db import connections

    enough = threading.Event()

    def write() -> None:
        number = 0
        try:
            while not enough.is_set():
                number += 1
                claims.edit_claim(actor=checker, claim=claim, statement=f"Wording {number}")
        finally:
            connections.close_all()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        lengths = []
        for _time in range(15):
            verdict = verify()
            assert [str(fault) for fault in verdict.faults] == []
            lengths.append(verdict.acts)
    finally:
        enough.set()
        thread.join()
    assert lengths[-1] > lengths[0]


@pytest.mark.django_db(transaction=True)
def test_functions_of_the_owner_s_do_not_answer_in_the_place_of_postgresql_s(decided: Claim) -> None:
    """A better fitting function in the schema public would be taken before PostgreSQL's own."""
    own = "public.concat_ws(text, text, text, text, text, text)"
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"CREATE FUNCTION {own} RETURNS text LANGUAGE sql IMMUTABLE RETURN 'x'")
        try:
            assert [str(fault) for fault in verify().faults] == []
        finally:
            cursor.execute(f"DROP FUNCTION {own}")


def test_verifying_leaves_the_settings_of_a_transaction_around_as_they_are(decided: Claim) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL timezone = 'Asia/Kathmandu'")
        verify()
        cursor.execute("SELECT current_setting('timezone'), current_setting('search_path')")
        assert cursor.fetchone() == ("Asia/Kathmandu", "public")


@pytest.mark.parametrize("line", ["[", '["claims_claim", "update"', "null", '["a", "b", 1, 2]', "[" * 5000])
def test_a_record_that_is_no_json_is_named_and_does_not_end_the_verifier(line: str) -> None:
    from claims.trail.wrongs import _sides

    assert _sides(line) == (None, None)
