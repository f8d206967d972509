"""The drill of docs/operating.md on a server given by URL: back up, restore into an empty database, compare."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings
from psycopg import sql

from claims.actions import reports
from claims.models import Claim, Team, User
from claims.views.reports import FORMATS
from tests.captures import Site, add, files_in, run_errands
from tests.people import log
from verify import copies
from verify.folder import PROJECT

pytestmark = pytest.mark.django_db(transaction=True)


class Place:
    """A database of the tests' server, for commands that are told of it by URL."""

    def __init__(self, name: str, data: Path) -> None:
        self.name = name
        urls = {
            key: urlsplit(os.environ[key])._replace(path=f"/{name}").geturl()
            for key in ("DATABASE_URL", "DATABASE_OWNER_URL")
        }
        secret = {"GALLEY_SECRET_KEY": "of-the-drill-alone-" + "x" * 40}
        self.environment = {"PATH": os.environ["PATH"], "GALLEY_DATA": str(data)} | secret | urls

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command], cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False
        )

    def row(self, question: str) -> tuple[object, ...]:
        with psycopg.connect(self.environment["DATABASE_OWNER_URL"]) as connection:
            found = connection.execute(question).fetchone()  # type: ignore[call-overload]
        assert found is not None
        return tuple(found)


@pytest.fixture
def here(tmp_path: Path) -> Place:
    """The tests' own database."""
    return Place(settings.DATABASES["default"]["NAME"], tmp_path)


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Place]:
    """A new database, as create_roles leaves it."""
    name = f"{settings.DATABASES['default']['NAME']}_restored"
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as server:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        server.execute(drop)
        server.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
        yield Place(name, tmp_path)
        server.execute(drop)


def backed_up(place: Place) -> Path:
    done = place.run("-m", "verify.backup", "make")
    assert done.returncode == 0, done.stderr
    return Path(done.stdout.strip())


def test_what_is_restored_verifies_and_gives_the_same_reports(
    decided: Claim, viewer: User, checker: User, here: Place, empty: Place, tmp_path: Path
) -> None:
    issued = reports.issue_report(actor=viewer, article=decided.article)
    backup = backed_up(here)
    log(decided.article, checker, "in March 2023")
    later = tmp_path / "kept-report.json"
    later.write_bytes(FORMATS["json"].render(reports.issue_report(actor=viewer, article=decided.article).content))

    restored = empty.run("-m", "verify.backup", "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert "The trail holds" in restored.stdout
    content = empty.row(
        f"SELECT content, sha256 FROM claims_reportdocument d JOIN claims_report r ON r.id = {issued.pk}"
    )
    assert content == (bytes(issued.content), issued.sha256)
    for kind, renderer in FORMATS.items():
        assert renderer.render(bytes(content[0])) == renderer.render(issued.content), kind

    told = empty.run("manage.py", "verify_trail", "--against", str(later))
    assert told.returncode == 1
    assert "the kept report covers this act, and it is gone" in told.stdout + told.stderr
    again = empty.run("-m", "verify.backup", "restore", str(backup))
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)


def test_a_damaged_backup_is_refused_and_leaves_the_database_empty(decided: Claim, here: Place, empty: Place) -> None:
    backup = backed_up(here)
    assert backup.stat().st_mode & 0o777 == 0o600
    whole, kept = backup.read_bytes(), backup.with_name(backup.name + ".sha256")
    middle = len(whole) // 2
    backup.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
    flipped = empty.run("-m", "verify.backup", "restore", str(backup))
    assert (flipped.returncode, "was damaged or changed" in flipped.stderr) == (1, True)
    backup.write_bytes(whole[:middle])
    kept.unlink()
    cut = empty.run("-m", "verify.backup", "restore", str(backup))
    assert (cut.returncode, "could not be read in" in cut.stderr) == (1, True)
    assert empty.row("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'trail')") == (0,)


def test_captures_come_back_with_the_database(
    site: Site, kept_in: Path, checker: User, team: Team, here: Place, empty: Place, tmp_path: Path
) -> None:
    add(checker, team, site.url())
    run_errands()
    kept = {path.name: path.read_bytes() for path in files_in(kept_in)}
    assert len(kept) == 2
    backup = backed_up(here)
    assert all(path.stat().st_nlink == 2 for path in files_in(copies.beside(backup)))
    shutil.rmtree(kept_in)

    restored = empty.run("-m", "verify.backup", "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert "1 capture holds." in restored.stdout
    assert {path.name: path.read_bytes() for path in files_in(kept_in)} == kept
    assert {path.stat().st_mode & 0o777 for path in files_in(kept_in)} == {0o600}


def test_what_is_damaged_in_a_backup_is_left_out_and_named(
    site: Site, kept_in: Path, checker: User, team: Team, here: Place, empty: Place
) -> None:
    add(checker, team, site.url())
    run_errands()
    backup = backed_up(here)
    shutil.rmtree(kept_in)
    damaged = files_in(copies.beside(backup))[0]
    damaged.write_bytes(b"another")
    restored = empty.run("-m", "verify.backup", "restore", str(backup))
    assert restored.returncode == 0, restored.stderr
    assert f"{damaged} was damaged, and is left out." in restored.stderr
    assert "are gone" in restored.stderr
    assert "Captures named above are not in the store" in restored.stderr
    assert len(files_in(kept_in)) == 1


def test_a_bucket_is_named_as_not_in_the_backup(here: Place, team: Team, tmp_path: Path) -> None:
    here.environment["GALLEY_STORE"] = "s3://KEY:SECRET@localhost:1/captures?tls=0"
    done = here.run("-m", "verify.backup", "make")
    assert (done.returncode, "not in this backup: back it up as well" in done.stderr) == (0, True)
    assert not copies.beside(Path(done.stdout.strip())).exists()
    here.environment["GALLEY_STORE"] = str(tmp_path / "not mounted")
    refused = here.run("-m", "verify.backup", "make")
    assert (refused.returncode, "the captures are not in this backup" in refused.stderr) == (1, True)
