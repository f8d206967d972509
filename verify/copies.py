"""The bytes of captures beside a backup of the database, where the store is a folder; and back into the store.

Files of the store are never changed, and named by their sha256: a backup is made of second names for the same files,
where it lies on the same disk, and tells by itself whether a file is whole.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from verify import captures
from verify.folder import PRIVATE_FILE, PRIVATE_FOLDER, Folder
from verify.system import CannotRun

SHA256 = 64


def beside(backup: Path) -> Path:
    """Where the captures of a backup are."""
    return backup.with_suffix(".captures")


def back_up(backup: Path, data: Folder) -> None:
    """Lay the store's files beside a backup. Made after the database's: what its rows name is in the store by then."""
    store = captures.folder(data)
    if store is None:
        say("Captures are in the store that GALLEY_STORE names, and not in this backup: back it up as well.")
        return
    if not store.is_dir():
        if os.environ.get("GALLEY_STORE"):
            raise CannotRun(f"There is no folder {store}: the captures are not in this backup.")
        return
    target = beside(backup)
    unfinished = target.with_suffix(".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=PRIVATE_FOLDER)
    for file in files(store):
        lay(file, unfinished / file.relative_to(store))
    unfinished.rename(target)


def put_back(backup: Path, data: Folder) -> None:
    """Bring a backup's files into the store, each whole or not at all. What is in the store besides stays there."""
    source, store = beside(backup), captures.folder(data)
    if not source.is_dir():
        say(f"There is no {source.name} beside it: captures are taken to be in the store.")
        return
    if store is None:
        raise CannotRun(f"{source.name} holds files, and GALLEY_STORE names no folder: put them into that store first.")
    store.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    for file in files(source):
        target = store / file.relative_to(source)
        if target.exists():
            continue
        if sum_of(file) != file.name:
            say(f"{file} was damaged, and is left out.")
            continue
        new = target.with_name(f"{target.name}.restoring")
        new.unlink(missing_ok=True)
        lay(file, new)
        new.rename(target)


def files(store: Path) -> Iterator[Path]:
    """The files of a store: TEAM/AB/ABCD…, and nothing that is just being written."""
    for path in sorted(store.glob("[0-9]*/??/*")):
        if len(path.name) == SHA256 and path.is_file():
            yield path


def lay(file: Path, target: Path) -> None:
    """Give a file a second name, or where that cannot be, make a copy of it. One that is gone by now is left out."""
    target.parent.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
    try:
        os.link(file, target)
    except FileNotFoundError:
        return
    except OSError:
        shutil.copyfile(file, target)
        target.chmod(PRIVATE_FILE)


def sum_of(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)  # noqa: T201
