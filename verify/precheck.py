"""What can be seen before anything is set up: a demo that already runs, or a port that is taken.

Runs on a bare Python, without the project's packages.
"""

import errno
import fcntl
import os
import socket
import sys

from verify.folder import Folder

LOCK = "demo.lock"
HOSTS = ("127.0.0.1", "::1")
HIGHEST_PORT = 65535


class NotNow(Exception):
    """The demo cannot start; says why in one line."""


def port() -> int:
    """The port that PORT names, 8000 without it."""
    named = os.environ.get("PORT") or "8000"
    if not (named.isascii() and named.isdigit() and 0 < int(named) <= HIGHEST_PORT):
        raise NotNow(f"PORT={named} is no port: choose a number up to {HIGHEST_PORT}, such as PORT=8001 make demo")
    return int(named)


def hosts() -> list[str]:
    """The addresses of this machine itself: a browser may try either first."""
    return [host for host in HOSTS if _try(host, 0) is None]


def _try(host: str, number: int) -> OSError | None:
    """What hinders listening there."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, number))
    except OSError as error:
        return error
    return None


def check(folder: Folder) -> None:
    """NotNow if a demo runs on the folder, or the port cannot be had."""
    if address := running(folder):
        raise NotNow(f"A demo on {folder.root} already runs, at {address}. Stop it with Ctrl-C where it was started.")
    number = port()
    for host in hosts():
        if error := _try(host, number):
            why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be opened ({error.strerror})"
            raise NotNow(f"Port {number} {why}. Choose another one: PORT={number % HIGHEST_PORT + 1} make demo")


def running(folder: Folder) -> str | None:
    """The address of the demo that holds the folder."""
    if not (folder.root / LOCK).exists():
        return None
    try:
        with folder.locked(LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB):
            return None
    except BlockingIOError:
        return (folder.root / LOCK).read_text() or "an address it will tell"


def address(folder: Folder) -> str:
    """Where Galley is on this machine: on the port that PORT names; else where the folder's demo is, or was last."""
    lock = folder.root / LOCK
    said = lock.read_text() if lock.is_file() and not os.environ.get("PORT") else ""
    return said if said.startswith("http://localhost:") else f"http://localhost:{os.environ.get('PORT') or 8000}"


def main() -> None:
    """`python -m verify.precheck`: one line and exit code 1 if the demo cannot start."""
    try:
        check(Folder.of_environment())
    except NotNow as reason:
        sys.exit(str(reason))


if __name__ == "__main__":
    main()
