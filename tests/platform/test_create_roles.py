"""`create_roles` on a PostgreSQL of one's own: here a second cluster, whose administrator may sign in."""

from collections.abc import Iterator
from io import StringIO
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from django.core.management import CommandError, call_command

from tests.platform.folders import passable
from verify import embedded
from verify.folder import Folder

OWNER = {"user": "press owner", "password": "o'wn@er"}
WEB = {"user": "press web", "password": "w/e:b"}


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The folder of the second cluster's socket."""
    folder = Folder(passable(tmp_path_factory.mktemp("roles") / "data"))
    embedded.create(folder, for_tests=True)
    (folder.cluster / "pg_hba.conf").write_text("local all postgres trust\nlocal all all scram-sha-256\n")
    server = embedded.start(folder, durable=False)
    yield str(server.socket)
    embedded.stop(folder)
    embedded.remove(folder)


def url(host: str, name: str, user: str, password: str = "") -> str:
    return f"postgresql://{quote(user)}:{quote(password, safe='')}@/{name}?host={quote(host, safe='')}"


@pytest.fixture
def urls(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url(host, "press", **WEB))
    monkeypatch.setenv("DATABASE_OWNER_URL", url(host, "press", **OWNER))


def create_roles(host: str, admin: str = "postgres", *more: str) -> str:
    out = StringIO()
    call_command("create_roles", "--admin-url", url(host, "postgres", admin), *more, stdout=out)
    return out.getvalue()


def connect(host: str, login: dict[str, str], name: str = "press") -> psycopg.Connection[Any]:
    return psycopg.connect(url(host, name, **login), autocommit=True)


def test_it_makes_two_roles_and_their_database_as_often_as_one_likes(urls: None, host: str) -> None:
    for _time in range(2):
        assert "press owner" in create_roles(host)
    with connect(host, OWNER) as owner:
        owner.execute("CREATE TABLE IF NOT EXISTS claims_here ()")
    with connect(host, WEB) as web:
        assert web.execute("SELECT CURRENT_USER").fetchone() == ("press web",)
        for statement in ("CREATE TABLE t ()", "CREATE TEMP TABLE t ()", "SELECT * FROM claims_here"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(statement)


def test_it_takes_back_what_the_web_role_set_for_itself(urls: None, host: str) -> None:
    create_roles(host)
    with connect(host, WEB) as web:
        web.execute("ALTER ROLE CURRENT_USER SET search_path = pg_temp")
        web.execute("ALTER ROLE CURRENT_USER IN DATABASE press SET search_path = pg_temp")
    create_roles(host)
    with connect(host, WEB) as web:
        assert web.execute("SHOW search_path").fetchone() == ('"$user", public',)


def test_nobody_else_gets_into_the_database(urls: None, host: str) -> None:
    create_roles(host)
    with psycopg.connect(url(host, "postgres", "postgres"), autocommit=True) as admin:
        admin.execute("DROP ROLE IF EXISTS stranger")
        admin.execute("CREATE ROLE stranger LOGIN PASSWORD 'x'")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        connect(host, {"user": "stranger", "password": "x"})


def test_the_owner_makes_databases_for_tests_alone(urls: None, host: str) -> None:
    may = "SELECT rolcreatedb FROM pg_roles WHERE rolname = CURRENT_USER"
    for more, expected in ((["--for-tests"], True), ([], False)):
        create_roles(host, "postgres", *more)
        with connect(host, OWNER) as owner:
            assert owner.execute(may).fetchone() == (expected,)


def test_an_administrator_who_is_no_superuser_will_do(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(url(host, "postgres", "postgres"), autocommit=True) as admin:
        admin.execute("CREATE ROLE manager LOGIN CREATEROLE CREATEDB PASSWORD 'm'")
    monkeypatch.setenv("DATABASE_URL", url(host, "second", "second web", "w"))
    monkeypatch.setenv("DATABASE_OWNER_URL", url(host, "second", "second owner", "o"))
    admin_url = url(host, "template1", "manager", "m")
    with psycopg.connect(url(host, "postgres", "postgres"), autocommit=True) as admin:
        admin.execute("GRANT CONNECT ON DATABASE template1 TO manager")
    for _time in range(2):
        call_command("create_roles", "--admin-url", admin_url, stdout=StringIO())
    with connect(host, {"user": "second web", "password": "w"}, "second") as web:
        assert web.execute("SELECT 1").fetchone() == (1,)


def test_a_role_that_may_everything_is_not_taken(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url(host, "press", "postgres", "x"))
    monkeypatch.setenv("DATABASE_OWNER_URL", url(host, "press", **OWNER))
    with pytest.raises(CommandError, match="may too much"):
        create_roles(host)


def test_passwords_and_both_urls_are_needed(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", url(host, "press", "press web"))
    monkeypatch.setenv("DATABASE_OWNER_URL", url(host, "press", **OWNER))
    with pytest.raises(CommandError, match="no password"):
        create_roles(host)
    monkeypatch.delenv("DATABASE_OWNER_URL")
    with pytest.raises(CommandError, match="DATABASE_OWNER_URL"):
        create_roles(host)
