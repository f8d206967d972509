"""The embedded PostgreSQL: who gets in, how it starts and stops, what a crash leaves."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.platform.folders import passable
from verify import database, embedded, system
from verify.folder import PROJECT, Folder
from verify.system import CannotRun


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """A made folder whose path has a space, passable for the user who runs PostgreSQL for root."""
    made = Folder(passable(tmp_path_factory.mktemp("data") / "a folder"))
    embedded.create(made)
    yield made
    embedded.stop(made)
    embedded.remove(made)


@pytest.fixture
def server(folder: Folder) -> Iterator[embedded.Server]:
    with embedded.serving(folder) as serving:
        yield serving


def connect(folder: Folder, server: embedded.Server, role: str, **other: str) -> psycopg.Connection[Any]:
    entry = database.entry_of(folder, server, role)
    login = {"host": entry["HOST"], "user": role, "password": entry["PASSWORD"], "dbname": entry["NAME"]} | other
    return psycopg.connect(**login, autocommit=True)


def said(connection: psycopg.Connection[Any], question: str) -> Any:
    row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def test_it_is_postgresql_18_with_durable_defaults(folder: Folder, server: embedded.Server) -> None:
    with connect(folder, server, embedded.WEB) as web:
        assert web.info.server_version // 10000 == 18
        assert said(web, "SHOW fsync") == "on"
        assert said(web, "SHOW synchronous_commit") == "on"
        assert said(web, "SHOW max_prepared_transactions") == "0"
        assert said(web, "SHOW server_encoding") == "UTF8"


def test_it_listens_on_its_private_socket_alone(folder: Folder, server: embedded.Server) -> None:
    with connect(folder, server, embedded.WEB) as web:
        assert said(web, "SHOW listen_addresses") == ""
    assert server.socket.stat().st_mode & 0o777 == 0o700
    assert len(os.fsencode(server.socket / ".s.PGSQL.5432")) < 104


@pytest.mark.parametrize(
    "other",
    [
        {"user": "postgres"},
        {"user": "postgres", "dbname": "postgres"},
        {"dbname": "postgres"},
        {"dbname": "template1"},
        {"password": "wrong"},
        {"password": ""},
    ],
)
def test_nobody_else_gets_in(folder: Folder, server: embedded.Server, other: dict[str, str]) -> None:
    with pytest.raises(psycopg.OperationalError):
        connect(folder, server, embedded.OWNER, **other)


@pytest.mark.parametrize("role", [embedded.OWNER, embedded.WEB])
def test_neither_role_may_more_than_sign_in(folder: Folder, server: embedded.Server, role: str) -> None:
    rights = "rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
    with connect(folder, server, role) as connection:
        assert said(connection, f"SELECT {rights} FROM pg_roles WHERE rolname = CURRENT_USER") is False


@pytest.mark.parametrize("statement", ["CREATE TABLE t ()", "CREATE TEMP TABLE t ()", "CREATE SCHEMA s"])
def test_the_web_role_makes_nothing(folder: Folder, server: embedded.Server, statement: str) -> None:
    with connect(folder, server, embedded.WEB) as web, pytest.raises(psycopg.errors.InsufficientPrivilege):
        web.execute(statement)


def test_its_secrets_are_readable_by_nobody_else(folder: Folder) -> None:
    assert folder.secrets_file.stat().st_mode & 0o777 == 0o600
    assert folder.root.stat().st_mode & 0o066 == 0
    assert folder.cluster.resolve().stat().st_mode & 0o777 == 0o700


def test_making_it_again_changes_nothing(folder: Folder) -> None:
    before = folder.secrets()
    embedded.create(folder)
    assert folder.secrets() == before


def test_a_cluster_without_its_passwords_is_not_made_anew(folder: Folder) -> None:
    aside = folder.secrets_file.rename(folder.root / "aside.json")
    try:
        with pytest.raises(CannotRun, match=r"secrets\.json beside it is missing"):
            embedded.create(folder)
    finally:
        aside.rename(folder.secrets_file)


def test_who_leaves_last_stops_it(folder: Folder) -> None:
    with embedded.serving(folder) as first:
        with embedded.serving(folder) as second:
            assert second == first
        assert first.alive
    assert embedded.running(folder) is None
    assert not first.socket.exists()


def test_a_pid_file_of_a_crash_is_no_server(folder: Folder) -> None:
    with embedded.serving(folder) as server:
        os.kill(server.pid, signal.SIGKILL)
        while server.alive:
            time.sleep(0.01)
        assert (folder.cluster / "postmaster.pid").exists()
        assert embedded.running(folder) is None
    with embedded.serving(folder) as again, connect(folder, again, embedded.WEB) as web:
        assert said(web, "SELECT 1") == 1


def test_a_server_whose_starter_was_killed_is_found_and_stopped(folder: Folder) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", ORPHANER, str(folder.root)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    with starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        starter.kill()
    orphan = embedded.running(folder)
    assert orphan is not None
    assert orphan.pid == pid
    assert embedded.stop_orphan(folder)
    assert embedded.running(folder) is None


ORPHANER = """
import sys, time
from pathlib import Path
from verify import embedded
from verify.folder import Folder
with embedded.serving(Folder(Path(sys.argv[1]))) as server:
    print(server.pid, flush=True)
    time.sleep(60)
"""


def test_who_started_it_may_leave_before_others_do(folder: Folder) -> None:
    """The server is nobody's child: who leaves has nothing left behind, and no zombie is left when it ends."""
    leaver = ORPHANER.replace("    time.sleep(60)\n", "")
    with folder.locked(embedded.USERS, fcntl.LOCK_SH):
        left = subprocess.run(
            [sys.executable, "-X", "dev", "-c", leaver, str(folder.root)],
            cwd=PROJECT, capture_output=True, text=True, check=True,
        )  # fmt: skip
    server = embedded.running(folder)
    assert server is not None
    assert (left.stdout, left.stderr) == (f"{server.pid}\n", "")
    assert embedded.stop_orphan(folder)
    while server.alive:
        time.sleep(0.01)


def test_a_server_in_use_is_no_orphan(folder: Folder) -> None:
    with embedded.serving(folder) as server:
        assert not embedded.stop_orphan(folder)
        assert server.alive


def test_why_it_does_not_start_is_said(folder: Folder) -> None:
    configuration = folder.cluster / "postgresql.conf"
    before = configuration.read_text()
    configuration.write_text(before + "\nno_such_setting = 1\n")
    try:
        with pytest.raises(CannotRun, match="no_such_setting"):
            embedded.start(folder)
    finally:
        configuration.write_text(before)


def test_a_failing_program_says_why() -> None:
    with pytest.raises(CannotRun, match="pg_ctl failed"):
        system.run("pg_ctl", "status", "-D", "/nowhere")
