"""Which database, and as whom."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from claims.models import Act, Team, User
from verify import database
from verify.database import NoDatabase, as_owner, parse
from verify.folder import PROJECT


def manage(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py in an environment of its own."""
    kept = {"PATH": os.environ["PATH"], "GALLEY_DATA": "/nowhere/at/all"}
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=PROJECT,
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def asked(question: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


# --- which ----------------------------------------------------------------------------------------------------------


def test_a_url_names_everything() -> None:
    entry = parse("DATABASE_URL", "postgresql://galley%20web:p%40ss@db.example:6432/desk?sslmode=require")
    assert (entry["USER"], entry["PASSWORD"], entry["NAME"]) == ("galley web", "p@ss", "desk")
    assert (entry["HOST"], entry["PORT"]) == ("db.example", "6432")
    assert entry["OPTIONS"]["sslmode"] == "require"


def test_a_url_may_name_the_folder_of_a_socket() -> None:
    assert parse("DATABASE_URL", "postgres://web@/desk?host=/run/post%20gres")["HOST"] == "/run/post gres"


@pytest.mark.parametrize(
    "url", ["sqlite:///db", "mysql://web@host/desk", "postgresql://host/desk", "postgresql://a:b@c:d:e"]
)
def test_another_url_is_refused_by_the_name_of_its_variable(url: str) -> None:
    with pytest.raises(NoDatabase, match="DATABASE_URL"):
        parse("DATABASE_URL", url)


def test_without_a_database_every_command_says_both_ways() -> None:
    for command in ("check", "migrate", "runserver"):
        refused = manage(command)
        assert refused.returncode == 1
        assert "make demo" in refused.stderr
        assert "DATABASE_URL" in refused.stderr
        assert "Traceback" not in refused.stderr
    assert not Path("/nowhere").exists()


def test_debug_makes_no_database_either() -> None:
    assert "There are two ways" in manage("check", GALLEY_DEBUG="1").stderr


def test_a_database_that_does_not_answer_is_said_in_a_line() -> None:
    url = "postgresql://web:x@/desk?host=/nowhere"
    refused = manage("showmigrations", DATABASE_URL=url, GALLEY_SECRET_KEY="x" * 50)
    assert refused.returncode == 1
    assert refused.stderr.startswith("The database does not answer")
    assert "Traceback" not in refused.stderr


def test_migrations_need_an_owner_who_is_not_the_web_role() -> None:
    url = "postgresql://web:x@/desk?host=/nowhere"
    assert "DATABASE_OWNER_URL" in manage("migrate", DATABASE_URL=url, GALLEY_SECRET_KEY="x" * 50).stderr
    same = manage("migrate", DATABASE_URL=url, DATABASE_OWNER_URL=url, GALLEY_SECRET_KEY="x" * 50)
    assert "the same role" in same.stderr


# --- as whom --------------------------------------------------------------------------------------------------------


def test_pages_connect_as_the_web_role(db: None) -> None:
    assert asked("SELECT CURRENT_USER") == database.default()["USER"]


def test_the_web_role_owns_nothing(db: None) -> None:
    assert asked("SELECT count(*) FROM pg_class WHERE relowner = CURRENT_USER::regrole") == 0
    assert asked("SELECT count(*) FROM pg_proc WHERE proowner = CURRENT_USER::regrole") == 0
    assert (
        asked("SELECT pg_has_role(CURRENT_USER, datdba, 'MEMBER') FROM pg_database WHERE datname = current_database()")
        is False
    )


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE t ()",
        "CREATE TEMP TABLE t ()",
        "CREATE SCHEMA s",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "TRUNCATE claims_team CASCADE",
        "ALTER TABLE claims_team DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "DELETE FROM django_migrations",
    ],
)
def test_the_web_role_may_not(db: None, statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture
def own_defaults() -> Iterator[None]:
    """The web role points its later connections elsewhere."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER ROLE CURRENT_USER SET search_path = pg_temp, public")
        cursor.execute("ALTER ROLE CURRENT_USER SET default_transaction_read_only = on")
        cursor.execute("ALTER ROLE CURRENT_USER SET local_preload_libraries = 'nosuch'")
        cursor.execute("ALTER ROLE CURRENT_USER SET statement_timeout = '1ms'")
    connection.close()
    yield
    with connection.cursor() as cursor:
        cursor.execute("ALTER ROLE CURRENT_USER RESET ALL")


def test_what_a_role_sets_for_itself_changes_no_connection(transactional_db: None, own_defaults: None) -> None:
    assert asked("SHOW search_path") == "public"
    assert asked("SHOW transaction_read_only") == "off"
    assert asked("SHOW local_preload_libraries") == ""
    assert asked("SHOW statement_timeout") == "0"


def test_the_owner_is_there_for_the_duration_alone(transactional_db: None) -> None:
    with as_owner():
        assert asked("SELECT CURRENT_USER") == database.owner()["USER"]
        with as_owner():
            assert asked("SELECT CURRENT_USER") == database.owner()["USER"]
        assert asked("SELECT CURRENT_USER") == database.owner()["USER"]
    assert asked("SELECT CURRENT_USER") == database.default()["USER"]


def test_the_owner_is_there_for_one_thread_alone(transactional_db: None) -> None:
    seen: list[object] = []

    def look() -> None:
        seen.append(asked("SELECT CURRENT_USER"))
        connection.close()

    with as_owner():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [database.default()["USER"]]


def test_a_fault_ends_the_owner_too(transactional_db: None) -> None:
    with pytest.raises(ZeroDivisionError), as_owner():
        1 / 0  # noqa: B018
    assert asked("SELECT CURRENT_USER") == database.default()["USER"]


def test_a_transaction_does_not_change_hands(db: None) -> None:
    with pytest.raises(RuntimeError), as_owner():
        pass


# --- tests of real transactions -------------------------------------------------------------------------------------


@pytest.mark.parametrize("turn", [1, 2])
def test_a_test_of_real_transactions_finds_everything_empty(transactional_db: None, team: Team, turn: int) -> None:
    assert Team.objects.get().pk == 1
    assert User.objects.get().pk == 1
    assert list(Act.objects.values_list("stream", "seq")) == [("team:1", 1)]


def test_a_newsroom_s_own_database_forbids_captures_of_this_machine_s_network() -> None:
    named = {
        "DATABASE_URL": "postgresql://w:p@db.example/g",
        "GALLEY_SECRET_KEY": "x",
        "GALLEY_CAPTURE_LOCAL": "10.0.0.5:80",
    }
    refused = manage("check", **named)
    assert refused.returncode != 0
    assert "GALLEY_CAPTURE_LOCAL" in refused.stderr
