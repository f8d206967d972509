"""`make backup` and `make restore FILE=…`: the whole database, trail included, as one file and back, and the captures.

A backup holds what people entered and their password hashes, not the roles' passwords or the secret key: a restore
keeps those of the data folder, or makes new ones. Nothing is put in a database's place before its trail is verified.
"""

import datetime
import fcntl
import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import make_conninfo

from verify import copies, database, embedded, precheck, system
from verify.database import NoDatabase
from verify.folder import PRIVATE_FILE, PRIVATE_FOLDER, PROJECT, Folder, Secrets
from verify.system import CannotRun

LINES_OF_THE_HEAD = 40
USAGE = "Say which backup: make restore FILE=var/backups/….dump"


def now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def client(program: str, login: dict[str, Any], *arguments: str) -> list[str]:
    """The command of a client program that connects as a role of ours; its password goes by the environment."""
    options = {name: value for name, value in login["OPTIONS"].items() if name != "options"}
    reached = {"host": login["HOST"], "port": login["PORT"], "user": login["USER"], "dbname": login["NAME"]}
    conninfo = make_conninfo(**{name: value for name, value in (reached | options).items() if value})
    return [str(system.programs() / program), "--no-password", "--dbname", conninfo, *arguments]


def dump(login: dict[str, Any], target: Path) -> None:
    """Write the database into a file; CannotRun with the reason if it fails."""
    # Galley keeps no large objects; one that the web role made would be unreadable to the owner, and stop the backup.
    command = client("pg_dump", login, "--format=custom", "-B", f"--file={target}")
    environment = os.environ | {"PGPASSWORD": login["PASSWORD"]}
    done = subprocess.run(command, env=environment, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise CannotRun(f"pg_dump failed: {done.stderr.strip()[-800:]}")


def load(login: dict[str, Any], file: Path) -> None:
    """Fill the database from a file, wholly or not at all. Owners and rights are left to `migrate`."""
    print("Restoring …", flush=True)  # noqa: T201
    reading = [str(system.programs() / "pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)]
    writing = client(
        "psql", login, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--file=-"
    )
    environment = os.environ | {"PGPASSWORD": login["PASSWORD"]}
    with tempfile.TemporaryFile("w+") as wrong:
        with (
            subprocess.Popen(reading, stdout=subprocess.PIPE, stderr=wrong) as source,
            subprocess.Popen(
                writing, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=wrong
            ) as target,
        ):
            assert source.stdout is not None and target.stdin is not None  # noqa: S101, PT018
            with suppress(BrokenPipeError), source.stdout:
                _hand_on(source.stdout, target.stdin)
            if source.wait():
                target.kill()  # before the end of its input, which would be taken for the end of the work
            with suppress(BrokenPipeError):
                target.stdin.close()
        if source.returncode or target.returncode:
            wrong.seek(0)
            raise CannotRun(f"The backup could not be read in: {wrong.read().strip()[-800:]}")


def _hand_on(source: IO[bytes], target: IO[bytes]) -> None:
    """Copy the statements, but for a setting at their head that a PostgreSQL before 17 does not know."""
    for line in itertools.islice(source, LINES_OF_THE_HEAD):
        if b"SET transaction_timeout" not in line:
            target.write(line)
    shutil.copyfileobj(source, target)


def back_up() -> Path:
    """Write a backup into the data folder; its path."""
    with database.available():
        data = Folder.of_environment()
        backups = data.backups
        backups.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = backups / f"galley-{now()}.dump"
        unfinished = target.with_suffix(".unfinished")
        try:
            unfinished.touch(mode=PRIVATE_FILE)
            dump(database.owner(), unfinished)
            _sum_beside(target).write_text(f"{copies.sum_of(unfinished)}  {target.name}\n")
            unfinished.rename(target)
        finally:
            unfinished.unlink(missing_ok=True)
        copies.back_up(target, data)
    return target


def _sum_beside(file: Path) -> Path:
    """Where the backup's sha256 stands, as sha256sum writes and checks it."""
    return file.with_name(f"{file.name}.sha256")


def check(file: Path) -> None:
    """CannotRun if the file is not what was written as that backup, as far as the sum beside it tells."""
    beside = _sum_beside(file)
    if not beside.is_file():
        print(f"There is no {beside.name} beside it: whether the file is whole is seen when it is read in.")  # noqa: T201
    elif beside.read_text().split()[:1] != [copies.sum_of(file)]:
        raise CannotRun(f"{file.name} was damaged or changed: {beside.name} names another sum. Nothing was restored.")


def restore(file: Path) -> str:
    """Restore a backup; where it is now, in a sentence."""
    if not file.is_file():
        raise CannotRun(f"There is no file {file}.")
    check(file)
    copies.put_back(file, Folder.of_environment())
    return _into_server(file) if database.by_url() else _into_folder(file, Folder.of_environment())


def _into_server(file: Path) -> str:
    """Into the database that the URLs name, if it is empty."""
    login = database.owner()
    if not _is_empty(os.environ["DATABASE_OWNER_URL"]):
        raise CannotRun(f"The database {login['NAME']} is not empty. Restore into a new one: manage.py create_roles")
    load(login, file)
    broken = f"The database {login['NAME']} holds what was read in: do not use it, and drop it."
    _prove(dict(os.environ), broken)
    return f"{file.name} is restored and verified in the database {login['NAME']}."


def _is_empty(url: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname IN ('public', 'trail')").fetchone()
    return found == (0,)


def _into_folder(file: Path, folder: Folder) -> str:
    """Into a new cluster, which takes the place of the old one when its trail is verified. The old one is kept."""
    folder.open_up()
    with _alone(folder):
        for left in folder.root.glob("restoring-*"):  # by a restore that was killed
            embedded.stop(Folder(left))
            embedded.remove(Folder(left))
        stamp = now()
        new = Folder(folder.root / f"restoring-{stamp}")
        new.open_up()
        new.keep(folder.secrets() if folder.secrets_file.exists() else Secrets.fresh())
        try:
            embedded.create(new)
            with embedded.serving(new) as server:
                load(database.entry_of(new, server, embedded.OWNER), file)
                store = os.environ.get("GALLEY_STORE") or str(folder.captures)
                there = {"GALLEY_DATA": str(new.root), "GALLEY_STORE": store}
                folder.captures.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
                _prove(os.environ | there, "Nothing was put in the database’s place.")
            return _take_place(new, folder, stamp)
        finally:
            embedded.remove(new)


@contextmanager
def _alone(folder: Folder) -> Iterator[None]:
    """Nobody uses the folder's database for the duration: who wants to waits. CannotRun where somebody does now."""
    address = precheck.running(folder)
    with ExitStack() as held:
        try:
            held.enter_context(folder.locked(embedded.USERS, fcntl.LOCK_EX | fcntl.LOCK_NB))
        except BlockingIOError:
            raise CannotRun(f"The database is in use ({address or 'by a command'}); stop that first.") from None
        embedded.stop(folder)  # where one was left by somebody who was killed
        yield


def _take_place(new: Folder, folder: Folder, stamp: str) -> str:
    kept = ""
    if folder.cluster.exists():
        before = folder.root / f"cluster-before-{stamp}"
        folder.cluster.rename(before)
        kept = f" What was there before is kept in {before}."
    if not folder.secrets_file.exists():
        folder.keep(new.secrets())
    new.cluster.rename(folder.cluster)
    return f"Restored and verified in {folder.root}.{kept}"


def _prove(environment: dict[str, str], broken: str) -> None:
    """Bring the tables up to date and verify the trail; CannotRun, with what is broken, where either fails."""
    for command in (["migrate", "--verbosity=0"], ["verify_trail"]):
        done = subprocess.run([sys.executable, "manage.py", *command], cwd=PROJECT, env=environment, check=False)
        if done.returncode:
            raise CannotRun(f"`manage.py {command[0]}` failed on the restored database. {broken}")
    # bytes that are lost are no reason to do without the rest
    captures = [sys.executable, "manage.py", "verify_captures", "--named"]
    if subprocess.run(captures, cwd=PROJECT, env=environment, check=False).returncode:
        print("Captures named above are not in the store, or not what they were.", file=sys.stderr)  # noqa: T201


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
