"""`make backup` and `make restore FILE=…`: the whole database, trail included, as one file and back.

A backup holds what people entered and their password hashes, not the roles' passwords or the secret key: a restore
keeps those of the data folder, or makes new ones. Nothing is put in a database's place before its trail is verified.
"""

import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from verify import database, embedded, precheck, system
from verify.database import NoDatabase
from verify.folder import PRIVATE_FILE, PROJECT, Folder, Secrets
from verify.system import CannotRun

USAGE = "Say which backup: make restore FILE=var/backups/….dump"


def now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def run_client(program: str, login: dict[str, Any], *arguments: str) -> None:
    """Run pg_dump or pg_restore as a role of ours; its password is in no list of processes. CannotRun if it fails."""
    options = {name: value for name, value in login["OPTIONS"].items() if name != "options"}
    reached = {"host": login["HOST"], "port": login["PORT"], "user": login["USER"], "dbname": login["NAME"]}
    conninfo = make_conninfo(**{name: value for name, value in (reached | options).items() if value})
    command = [str(system.programs() / program), "--no-password", "--dbname", conninfo, *arguments]
    environment = os.environ | {"PGPASSWORD": login["PASSWORD"]}
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"{program} failed: {done.stderr.strip()[-800:]}")


def back_up() -> Path:
    """Write a backup into the data folder; its path."""
    with database.available():
        backups = Folder.of_environment().backups
        backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = backups / f"galley-{now()}.dump"
        unfinished = target.with_suffix(".unfinished")
        unfinished.touch(mode=PRIVATE_FILE)
        run_client("pg_dump", database.owner(), "--format=custom", f"--file={unfinished}")
        unfinished.rename(target)
    return target


def restore(file: Path) -> str:
    """Restore a backup; where it is now, in a sentence."""
    if not file.is_file():
        raise CannotRun(f"There is no file {file}.")
    return _into_server(file) if database.by_url() else _into_folder(file, Folder.of_environment())


def _into_server(file: Path) -> str:
    """Into the database that the URLs name, if it is empty."""
    login = database.owner()
    if not _is_empty(os.environ["DATABASE_OWNER_URL"]):
        raise CannotRun(f"The database {login['NAME']} is not empty. Restore into a new one: manage.py create_roles")
    _fill(login, file, dict(os.environ))
    return f"{file.name} is restored and verified in the database {login['NAME']}."


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'trail')").fetchone()
    return found == (0,)


def _into_folder(file: Path, folder: Folder) -> str:
    """Into a new cluster, which takes the place of the old one when its trail is verified. The old one is kept."""
    folder.open_up()
    if (address := precheck.running(folder)) or embedded.running(folder):
        raise CannotRun(f"The database is in use ({address or 'by a command'}); stop that first.")
    stamp = now()
    new = Folder(folder.root / f"restoring-{stamp}")
    new.open_up()
    new.keep(folder.secrets() if folder.secrets_file.exists() else Secrets.fresh())
    embedded.create(new)
    with embedded.serving(new) as server:
        login = database.entry_of(new, server, embedded.OWNER)
        _fill(login, file, os.environ | {"GALLEY_DATA": str(new.root)})
    return _take_place(new, folder, stamp)


def _take_place(new: Folder, folder: Folder, stamp: str) -> str:
    kept = ""
    if folder.cluster.exists():
        before = folder.root / f"cluster-before-{stamp}"
        folder.cluster.rename(before)
        kept = f" What was there before is kept in {before}."
    if not folder.secrets_file.exists():
        folder.keep(new.secrets())
    new.cluster.rename(folder.cluster)
    shutil.rmtree(new.root)
    return f"Restored and verified in {folder.root}.{kept}"


def _fill(login: dict[str, Any], file: Path, environment: dict[str, str]) -> None:
    """Restore, migrate and verify. Owners and rights are those of here, which `migrate` gives."""
    print("Restoring …", flush=True)  # noqa: T201
    once = ("--exit-on-error", "--single-transaction")
    run_client("pg_restore", login, "--no-owner", "--no-privileges", *once, str(file))
    for command in (["migrate", "--verbosity=0"], ["verify_trail"]):
        done = subprocess.run([sys.executable, "manage.py", *command], cwd=PROJECT, env=environment, check=False)
        if done.returncode:
            raise CannotRun(f"`manage.py {command[0]}` failed on the restored database; nothing was put in its place.")


def main(arguments: list[str]) -> None:
    """`python -m verify.backup make` or `… restore FILE`."""
    try:
        if arguments == ["make"]:
            print(back_up())  # noqa: T201
        elif len(arguments) == 2 and arguments[0] == "restore" and arguments[1]:
            print(restore(Path(arguments[1])))  # noqa: T201
        else:
            sys.exit(USAGE)
    except (CannotRun, NoDatabase, psycopg.OperationalError) as refusal:
        sys.exit(str(refusal).strip())


if __name__ == "__main__":
    main(sys.argv[1:])
