"""The PostgreSQL of a benchmark run: a cluster of its own, started as `make demo` starts one: its commits are durable.

The tests' cluster is none to measure on: it is quick because it forgets. GALLEY_BENCH_FOLDER names a folder to keep the
cluster in, with the databases made so far, for who measures again and again; without it all is thrown away.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg
from django.core.management import call_command
from django.db import connection, connections
from psycopg import sql

from verify import database, embedded
from verify.folder import Folder, Secrets

KEPT = "GALLEY_BENCH_FOLDER"
TEMPLATE = "bench_template"
URLS = ("DATABASE_URL", "DATABASE_OWNER_URL")


class Ground:
    """A running cluster with a database for each thing that is measured."""

    def __init__(self) -> None:
        named = os.environ.get(KEPT)
        self.folder = Folder(Path(named).absolute() if named else Path(tempfile.mkdtemp(prefix="galley-bench-")))
        self.kept = bool(named)
        self.folder.open_up()
        if not self.folder.made:
            self.folder.keep(Secrets.fresh())
            embedded.create(self.folder, for_tests=True)
        self.server = embedded.running(self.folder) or embedded.start(self.folder)
        if not self._has(TEMPLATE):
            self._make(TEMPLATE, "template0", lambda: call_command("migrate", verbosity=0, interactive=False))

    def end(self) -> None:
        """Stop the cluster; throw it away unless it is to be kept."""
        embedded.stop(self.folder)
        if not self.kept:
            shutil.rmtree(self.folder.root, ignore_errors=True)

    @contextmanager
    def database(self, name: str, fill: Callable[[], None], *, anew: bool = False) -> Iterator[None]:
        """Django uses the database for the duration, as the web role. Where it is missing it is made; `fill` fills it.

        `anew` makes it anew where it is there: for what writes into it.
        """
        if anew or not self._has(name):
            self._make(name, TEMPLATE, fill)
        with self.connected(name):
            yield

    def empty(self, name: str) -> str:
        """Make a database without any table, the owner's; its URL."""
        self._make(name, "template0", lambda: None)
        return self.url(embedded.OWNER, name)

    def _make(self, name: str, template: str, fill: Callable[[], None]) -> None:
        """Under another name until it is complete."""
        new = f"{name}_new"
        with self.maintenance() as server:
            for gone in (new, name):
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(gone)))
            made = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE {}")
            server.execute(made.format(sql.Identifier(new), sql.Identifier(template)))
        with self.connected(new):
            fill()
        with self.maintenance() as server:
            renamed = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            server.execute(renamed.format(sql.Identifier(new), sql.Identifier(name)))

    def _has(self, name: str) -> bool:
        with self.maintenance() as server:
            found = server.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [name]).fetchone()
            return bool(found and found[0])

    @contextmanager
    def connected(self, name: str) -> Iterator[None]:
        """Django's connections, of all threads, lead to the database for the duration."""
        entry = database.entry_of(self.folder, self.server, embedded.WEB) | {"NAME": name}
        settings, urls = connections.settings["default"], {url: os.environ.get(url) for url in URLS}
        before = {key: settings[key] for key in entry}
        connection.close()
        settings.update(entry)
        connection.settings_dict = settings
        os.environ |= dict(zip(URLS, (self.url(embedded.WEB, name), self.url(embedded.OWNER, name)), strict=True))
        try:
            yield
        finally:
            connection.close()
            settings.update(before)
            for url, value in urls.items():
                if value is None:
                    os.environ.pop(url)
                else:
                    os.environ[url] = value

    def url(self, role: str, name: str) -> str:
        """The URL of a database of the cluster for one of the two roles."""
        kept = self.folder.secrets()
        password = kept.owner_password if role == embedded.OWNER else kept.web_password
        return f"postgresql://{role}:{quote(password)}@/{name}?host={quote(str(self.server.socket), safe='')}"

    def maintenance(self) -> psycopg.Connection:
        """The owner's connection to the database that no benchmark uses."""
        return psycopg.connect(self.url(embedded.OWNER, embedded.NAME), autocommit=True)

    @property
    def described(self) -> str:
        """What the figures were measured on, in a line."""
        with self.maintenance() as server:
            names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers")
            said = {name: server.execute(f"SHOW {name}").fetchone() for name in names}
        assert all(said[name] == ("on",) for name in names[1:4]), "figures of commits that are not durable mean nothing"
        values = ", ".join(f"{name} {value[0]}" for name, value in said.items() if value)
        return f"embedded PostgreSQL, {values}; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
