"""Which database: the one that DATABASE_URL names, else the demo's own, else none, and then nothing runs.

The web process connects as the web role, which owns nothing. Migrations and erasure run inside `as_owner()`.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import connection
from psycopg import ProgrammingError, sql
from psycopg.conninfo import conninfo_to_dict

from verify import embedded
from verify.folder import Folder

ENGINE = "django.db.backends.postgresql"
# The role may change its own defaults; what a connection asks for comes before them.
PINS = {
    "search_path": "public",
    "default_transaction_isolation": r"read\ committed",
    "default_transaction_read_only": "off",
    "default_transaction_deferrable": "off",
    "row_security": "on",
    "synchronous_commit": "on",
    "standard_conforming_strings": "on",
    "bytea_output": "hex",
    "datestyle": "ISO",
    "intervalstyle": "postgres",
    "extra_float_digits": "1",
    # a library that is not there, or no time at all, would keep everybody out
    "local_preload_libraries": "",
    "statement_timeout": "0",
    # nobody waits, or makes others wait, without end
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "5min",
}
# A server that vanished without a word is given up on; what the URL says comes before these.
REACHING = {
    "connect_timeout": "5",
    "keepalives_idle": "20",
    "keepalives_interval": "5",
    "keepalives_count": "4",
    "tcp_user_timeout": "40000",
}
OPTIONS = " ".join(f"-c {name}={value}" for name, value in PINS.items())

BOTH_WAYS = """\
Galley has no database yet. There are two ways:
  make demo            sets up its own PostgreSQL and a sample newsroom in var/ (or where GALLEY_DATA says);
  DATABASE_URL=postgresql://WEB_ROLE:PASSWORD@HOST/NAME
                       uses a PostgreSQL of yours, 15 or newer, with DATABASE_OWNER_URL for migrations;
                       `manage.py create_roles` makes the roles there."""


class NoDatabase(Exception):
    """There is no database to use; says what to do about it."""


def parse(variable: str, url: str) -> dict[str, Any]:
    """The entry of DATABASES for a URL of PostgreSQL; NoDatabase where it is none."""
    if not url.startswith(("postgresql://", "postgres://")):
        raise NoDatabase(f"{variable} must begin with postgresql:// (Galley runs on PostgreSQL alone).")
    try:
        parts = conninfo_to_dict(url)
    except ProgrammingError as error:
        raise NoDatabase(f"{variable} cannot be read: {error}".strip()) from None
    if not (parts.get("user") and parts.get("dbname")):
        raise NoDatabase(f"{variable} must name a role and a database: postgresql://ROLE:PASSWORD@HOST/NAME")
    entry = {
        "NAME": parts.pop("dbname"),
        "USER": parts.pop("user"),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "")),
    }
    options = f"{parts.pop('options', '')} {OPTIONS}".strip()
    return _entry(**entry, OPTIONS={**REACHING, **parts, "options": options})


def _entry(**login: Any) -> dict[str, Any]:
    return {
        "ENGINE": ENGINE,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        **login,
    }


def by_url() -> bool:
    return bool(os.environ.get("DATABASE_URL"))


def default() -> dict[str, Any]:
    """DATABASES["default"]: the web role. NoDatabase where there is none, or the demo's own is down."""
    if by_url():
        return parse("DATABASE_URL", os.environ["DATABASE_URL"])
    return _embedded(embedded.WEB)


def owner() -> dict[str, Any]:
    """The same for the owner. NoDatabase where nobody said who that is, or it is the web role itself."""
    if by_url():
        return parse_environment()[1]
    return _embedded(embedded.OWNER)


def parse_environment() -> tuple[dict[str, Any], dict[str, Any]]:
    """Web role and owner as the two URLs name them; NoDatabase unless both do, for one database and two roles."""
    if not (os.environ.get("DATABASE_URL") and os.environ.get("DATABASE_OWNER_URL")):
        raise NoDatabase("This needs the owner's role: set DATABASE_OWNER_URL beside DATABASE_URL.")
    web, owning = (parse(name, os.environ[name]) for name in ("DATABASE_URL", "DATABASE_OWNER_URL"))
    if web["USER"] == owning["USER"]:
        raise NoDatabase("DATABASE_OWNER_URL and DATABASE_URL name the same role: the trail would guard nothing.")
    if web["NAME"] != owning["NAME"]:
        raise NoDatabase("DATABASE_OWNER_URL and DATABASE_URL name different databases.")
    return web, owning


def made_folder() -> Folder:
    """The data folder, if `make demo` has made one."""
    folder = Folder.of_environment()
    if not folder.made:
        raise NoDatabase(BOTH_WAYS)
    return folder


def _embedded(role: str) -> dict[str, Any]:
    folder = made_folder()
    server = embedded.running(folder)
    if server is None:
        raise NoDatabase("The demo's PostgreSQL is down. `make demo` starts it, and so does any manage.py command.")
    return entry_of(folder, server, role)


def entry_of(folder: Folder, server: embedded.Server, role: str) -> dict[str, Any]:
    """The entry of DATABASES for a role of an embedded cluster."""
    kept = folder.secrets()
    password = kept.owner_password if role == embedded.OWNER else kept.web_password
    login = {"NAME": embedded.NAME, "USER": role, "PASSWORD": password, "HOST": str(server.socket), "PORT": ""}
    return _entry(**login, OPTIONS={"options": OPTIONS})


@contextmanager
def available() -> Iterator[None]:
    """The database can be used for the duration: the demo's own is started where it is down."""
    with nullcontext() if by_url() else embedded.serving(made_folder()):
        yield


@contextmanager
def as_owner() -> Iterator[None]:
    """Connect as the owner for the duration, in this thread alone. RuntimeError inside a transaction."""
    login = owner()
    before = connection.settings_dict
    if before["USER"] == login["USER"]:  # already
        yield
        return
    if connection.in_atomic_block:
        raise RuntimeError("as_owner() opens a connection of its own, which a transaction cannot move to.")
    connection.close()
    # a copy, not a change: threads share the original
    connection.settings_dict = {**before, **login, "NAME": before["NAME"]}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = before


def close_to_others(web: str) -> None:
    """Let the web role connect to this database, and nobody else but its owner, who is connected."""
    here, role = sql.Identifier(connection.settings_dict["NAME"]), sql.Identifier(web)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC, {}").format(here, role))
        cursor.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(here, role))
