"""The PostgreSQL of a test run: one throw-away cluster, made when the first test asks for it, or the one given by URL.

Who starts the run chooses folder and passwords and puts them into the environment, where the workers find them.
Each worker has a database of its own, a copy of a template that the first of them migrates.
"""

import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from verify import database, embedded, system
from verify.folder import Folder, Secrets

MARK = "GALLEY_TEST_FOLDER"
KEPT = ("django_migrations", "django_content_type", "auth_permission")
# The guards of the trail refuse it; the owner puts those of the tables that hold rows aside for a moment. A test's few
# rows are deleted, which takes a tenth of the time of making all tables anew; that is done after many rows.
EMPTY = """
DO $$
DECLARE
  t regclass; held regclass[] := ARRAY[]::regclass[]; tables regclass[]; any_row boolean; large boolean := false;
BEGIN
  SELECT array_agg(format('%%I.%%I', schemaname, tablename)::regclass) INTO tables FROM pg_tables
    WHERE schemaname IN ('public', 'trail') AND tablename <> ALL (%s);
  FOREACH t IN ARRAY tables LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %%s)', t) INTO any_row;
    large := large OR pg_relation_size(t) > %s;
    IF any_row THEN held := held || t; END IF;
  END LOOP;
  IF large THEN held := tables; END IF;
  FOREACH t IN ARRAY held LOOP EXECUTE format('ALTER TABLE %%s DISABLE TRIGGER USER', t); END LOOP;
  IF large THEN
    EXECUTE 'TRUNCATE ' || array_to_string(tables, ', ');
  ELSE
    -- references are looked after when all is gone
    SET CONSTRAINTS ALL DEFERRED;
    FOREACH t IN ARRAY held LOOP EXECUTE format('DELETE FROM %%s', t); END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
  END IF;
  FOREACH t IN ARRAY held LOOP EXECUTE format('ALTER TABLE %%s ENABLE TRIGGER USER', t); END LOOP;
  PERFORM setval(format('%%I.%%I', schemaname, sequencename), start_value, false) FROM pg_sequences
    WHERE schemaname IN ('public', 'trail') AND last_value IS NOT NULL;
END $$
"""
LARGE = 1024 * 1024  # bytes of one table


def folder() -> Folder:
    """The folder of this run."""
    return Folder(Path(os.environ[MARK]))


def choose() -> bool:
    """Choose this run's folder and database before Django reads its settings. True for who started the run."""
    if MARK in os.environ:
        return False
    made = Path(tempfile.mkdtemp(prefix="galley-tests-"))
    os.environ[MARK] = os.environ["GALLEY_DATA"] = str(made)
    os.environ["GALLEY_SECRET_KEY"] = "of-the-tests-alone-" + "x" * 40
    folder().open_up()
    (made / "static").mkdir()
    if not os.environ.get("DATABASE_URL"):
        secrets = Secrets.fresh()
        folder().keep(secrets)
        os.environ["DATABASE_URL"] = _url(embedded.WEB, secrets.web_password)
        os.environ["DATABASE_OWNER_URL"] = _url(embedded.OWNER, secrets.owner_password)
    return True


def _url(role: str, password: str) -> str:
    return f"postgresql://{role}:{quote(password)}@/{embedded.NAME}?host={quote(str(_socket()), safe='')}"


def _socket() -> Path:
    return folder().root / "socket"


def _is_own() -> bool:
    """Whether the run has a cluster of its own, rather than a server given by URL."""
    return folder().secrets_file.exists()


def make_database(worker: str) -> str:
    """This worker's database, a fresh copy of the migrated template; its name."""
    with folder().locked("template.lock"):
        if _is_own() and embedded.running(folder()) is None:
            _start()
        if not (folder().root / "template.ready").exists():
            _make_template()
    name = f"{_template()}_{worker}"
    _remake(name, template=_template())
    _use(name)
    with database.as_owner():
        database.close_to_others(database.default()["USER"])
    return name


def _start() -> None:
    _socket().mkdir(mode=0o700)
    system.hand_over(_socket())
    embedded.create(folder(), for_tests=True)
    embedded.start(folder(), durable=False, socket=_socket())


def _template() -> str:
    return f"test_{database.default()['NAME']}"


def _make_template() -> None:
    _remake(_template())
    _use(_template())
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    (folder().root / "template.ready").touch()


def _remake(name: str, template: str = "template0") -> None:
    drop(name)
    with _maintenance() as server:
        server.execute(
            sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop(name: str) -> None:
    """Drop one of the run's databases; a cluster of its own goes as a whole, whoever is still connected."""
    if _is_own():
        return
    command = sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name))
    with _maintenance() as server:
        try:
            # waits for connections that are just being closed; ending one of the web role's is not the owner's to do
            server.execute(command)
        except psycopg.errors.ObjectInUse:
            server.execute(command + sql.SQL(" WITH (FORCE)"))


def _maintenance() -> psycopg.Connection:
    """The owner's connection to the database that the URL names, which no test touches."""
    return psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True)


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def empty() -> None:
    """Empty all tables, those of the trail too, and start their numbers anew."""
    with database.as_owner(), connection.cursor() as cursor:
        cursor.execute(sql.SQL(EMPTY % ("{}", "{}")).format(sql.Literal(list(KEPT)), LARGE))


def end() -> None:
    """Throw this run's databases away."""
    if (folder().root / "template.ready").exists() and not _is_own():
        drop(_template())
    embedded.stop(folder())
    shutil.rmtree(folder().root, ignore_errors=True)
