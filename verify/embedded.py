"""The embedded PostgreSQL: made, started and stopped from the wheel's programs alone.

It listens on a socket in a private folder and nowhere else, and lets in two roles by password: the owner of the
tables and the web role. Its superuser cannot log in at all; what needs one is done in PostgreSQL's single-user mode.
"""

import fcntl
import hashlib
import os
import shlex
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from verify import system
from verify.folder import PRIVATE_FILE, PRIVATE_FOLDER, Folder, Secrets
from verify.system import CannotRun

OWNER, WEB, NAME = "galley_owner", "galley_web", "galley"
SOCKET_PREFIX = "galley-"
# a socket's whole path must stay under 104 bytes (macOS), and `/.s.PGSQL.5432` is added to the folder
LONGEST_SOCKET_FOLDER = 80
SECONDS_TO_START = 60
SECONDS_TO_STOP = 30
USERS = "users.lock"  # held, shared, by all who use the server
CLOCK_SLACK = 60  # seconds between a process's start by the system's clock and by its own

ROLES = """
CREATE ROLE {owner} LOGIN {more} PASSWORD '{owner_password}'
CREATE ROLE {web} LOGIN PASSWORD '{web_password}'
CREATE DATABASE {name} OWNER {owner}
REVOKE ALL ON DATABASE {name} FROM PUBLIC
REVOKE ALL ON DATABASE postgres FROM PUBLIC
REVOKE ALL ON DATABASE template1 FROM PUBLIC
GRANT CONNECT ON DATABASE {name} TO {web}
GRANT pg_checkpoint TO {owner}
"""
# after an erasure the owner lets PostgreSQL throw away its log of writes up to there
OWNERS = "GRANT EXECUTE ON FUNCTION pg_switch_wal() TO {owner}\n"
# segments of that log are thrown away, not used again with what they held
FORGETFUL = {"wal_recycle": "off"}
# nothing of what people wrote goes to the log: neither statements nor the rows they failed on
QUIET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}

# for tests: quick, many at once; and transactions may be prepared, as a newsroom's own server may let them be
UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "250",
    "max_prepared_transactions": "4",
}


@dataclass(frozen=True)
class Server:
    """A running PostgreSQL: its process, and the folder of its socket."""

    pid: int
    socket: Path

    @property
    def alive(self) -> bool:
        return psutil.pid_exists(self.pid) and psutil.Process(self.pid).status() != psutil.STATUS_ZOMBIE


def create(folder: Folder, *, for_tests: bool = False) -> None:
    """Make cluster, roles and database, unless they are there. For tests, the owner may make databases.

    A cluster without its passwords is somebody's data: CannotRun rather than a new one over it.
    """
    if folder.made:
        return
    folder.open_up()
    if folder.cluster.exists():
        raise CannotRun(f"{folder.cluster} holds a database, but {folder.secrets_file.name} beside it is missing.")
    if before := sorted(folder.root.glob("cluster-before-*")):
        raise CannotRun(f"A restore was broken off; the database is {before[-1]}. Call it cluster again, or restore.")
    if not folder.secrets_file.exists():
        folder.keep(Secrets.fresh())
    home = _home(folder)
    new = home.with_name(home.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=PRIVATE_FOLDER)
    system.hand_over(new)
    _initialise(new, folder.secrets(), for_tests)
    new.rename(home)
    if home != folder.cluster:
        folder.cluster.symlink_to(home)


def _home(folder: Folder) -> Path:
    """Where the cluster shall lie: in the data folder, or where the system user who runs it can reach it."""
    if system.reaches(folder.root):
        return folder.cluster
    name = hashlib.sha256(os.fsencode(folder.root.resolve())).hexdigest()[:12]
    home = system.COMMON / f"cluster-{name}"
    if home.exists():
        raise CannotRun(f"{home} holds the database of an earlier {folder.root}; move it away first.")
    system.COMMON.mkdir(parents=True, exist_ok=True)
    return home


def _initialise(cluster: Path, kept: Secrets, for_tests: bool) -> None:
    """Fill an empty folder with a cluster that lets in the two roles and nobody else."""
    locale = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--encoding=UTF8")
    sync = ("--no-sync",) if for_tests else ()
    system.run("initdb", "--pgdata", cluster, "--username=postgres", "--auth=reject", *locale, *sync)
    told = ROLES.format(
        owner=OWNER,
        web=WEB,
        name=NAME,
        more="CREATEDB" if for_tests else "",
        owner_password=kept.owner_password,
        web_password=kept.web_password,
    )
    # the passwords of tests, which connect some thousand times, are no secret
    quick = ("-c", "fsync=off", "-c", "scram_iterations=1") if for_tests else ()
    system.run("postgres", "--single", "-D", cluster, *quick, "postgres", said=told)
    system.run("postgres", "--single", "-D", cluster, *quick, NAME, said=OWNERS.format(owner=OWNER))
    # tests make databases of their own, which all but their owner are kept out of as well
    databases = "all" if for_tests else NAME
    (cluster / "pg_hba.conf").write_text(f"local {databases} {OWNER},{WEB} scram-sha-256\n")


def running(folder: Folder) -> Server | None:
    """The server of the cluster, if one runs; a pid file left by a crash is not taken for one."""
    try:
        lines = (folder.cluster / "postmaster.pid").read_text().splitlines()
        pid, started, socket = int(lines[0]), int(lines[2]), Path(lines[4])
        process = psutil.Process(pid)
        if process.name() != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
            return None
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None
    if abs(process.create_time() - started) > CLOCK_SLACK:
        raise CannotRun(
            f"{folder.cluster}/postmaster.pid names process {pid}, another PostgreSQL; if none uses this folder, "
            "remove that file."
        )
    return Server(pid, socket)


def start(folder: Folder, *, durable: bool = True, socket: Path | None = None) -> Server:
    """Start the cluster and wait until it answers; CannotRun with its last words if it does not.

    `socket` names the folder of its socket, which is made if it is gone; without it, a new one is made.
    """
    settings = QUIET | FORGETFUL | {"listen_addresses": "", "unix_socket_permissions": "0700"}
    if not durable:
        settings |= UNSAFE
    cluster = folder.cluster.resolve()
    _sweep(cluster)
    socket = _opened(socket) if socket else _socket_folder()
    settings["unix_socket_directories"] = f'"{socket}"'
    arguments = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with folder.log.open("a") as log:
        folder.log.chmod(PRIVATE_FILE)
        patience = ("-w", "-t", str(SECONDS_TO_START))
        ready = system.launch("pg_ctl", "start", "-s", *patience, "-D", cluster, "-o", shlex.join(arguments), log=log)
    server = running(folder)
    if server is None or not ready:
        stop(folder)
        shutil.rmtree(socket, ignore_errors=True)
        raise CannotRun(f"PostgreSQL did not start. The end of {folder.log}:\n" + "\n".join(_lines(folder.log)[-5:]))
    return server


def _sweep(cluster: Path) -> None:
    """Clear away what a server left that did not end by itself: processes, its pid file, the folder of its socket."""
    _see_out(cluster)
    lines = _lines(cluster / "postmaster.pid")
    if len(lines) > 4:  # the fifth names the folder
        _forget(Path(lines[4]))
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _see_out(cluster: Path) -> None:
    """End the processes of a server whose first one was killed: they hold the cluster, and serve nobody any more."""
    left = [process for process in psutil.process_iter(["name"]) if _works_in(process, cluster)]
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGQUIT)
    _gone, still = psutil.wait_procs(left, SECONDS_TO_STOP)
    for process in still:
        with suppress(psutil.NoSuchProcess):
            process.kill()


def _works_in(process: psutil.Process, cluster: Path) -> bool:
    try:
        return process.info["name"] == "postgres" and process.cwd() == str(cluster)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def _opened(socket: Path) -> Path:
    """The folder of a socket; its clients know it, so it is made again where it is gone."""
    if not socket.exists():
        socket.mkdir(mode=PRIVATE_FOLDER)
        system.hand_over(socket)
    return socket


def _forget(socket: Path) -> None:
    if socket.name.startswith(SOCKET_PREFIX):
        shutil.rmtree(socket, ignore_errors=True)


def _socket_folder() -> Path:
    """A new folder for the socket, short enough for one, closed to everybody but its user."""
    base = tempfile.gettempdir()
    if len(os.fsencode(base)) > LONGEST_SOCKET_FOLDER:
        base = "/tmp"  # noqa: S108 - the folder in it is made under a name nobody can foresee
    made = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=base))
    system.hand_over(made)
    if not system.reaches(made):
        made.rmdir()
        made = Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir="/tmp"))
        system.hand_over(made)
    return made


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        return []


def stop(folder: Folder) -> None:
    """Stop the cluster's server, whoever started it: open transactions are rolled back, nothing committed is lost."""
    server = running(folder)
    if server is None:
        return
    try:
        patience = ("-w", "-t", str(SECONDS_TO_STOP))
        system.run("pg_ctl", "stop", "-m", "fast", *patience, "-D", folder.cluster.resolve())
    except CannotRun:
        if server.alive:
            raise
    _forget(server.socket)


def remove(folder: Folder) -> None:
    """Throw away a folder and the cluster that is still in it. For those made on the way to something else."""
    if folder.cluster.exists():
        shutil.rmtree(folder.cluster.resolve())
    shutil.rmtree(folder.root)


@contextmanager
def serving(folder: Folder) -> Iterator[Server]:
    """The cluster is up for the duration. Who comes first starts it, who leaves last stops it."""
    with folder.locked(USERS, fcntl.LOCK_SH) as users:
        with folder.locked("turn.lock"):
            server = running(folder) or start(folder)
        try:
            yield server
        finally:
            with folder.locked("turn.lock"):
                if _last(users.fileno()):
                    stop(folder)


def _last(users: int) -> bool:
    """Whether nobody else holds the lock that `users` holds a share of."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def stop_orphan(folder: Folder) -> bool:
    """Stop a server that nobody uses any more, left by somebody who was killed. Returns whether there was one."""
    with folder.locked(USERS, fcntl.LOCK_SH) as users, folder.locked("turn.lock"):
        orphan = running(folder) is not None and _last(users.fileno())
        if orphan:
            stop(folder)
        return orphan
