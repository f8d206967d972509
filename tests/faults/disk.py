"""A disk that can be filled to the last page: a small tmpfs where the system allows one, else a limit on files."""

import contextlib
import os
import subprocess
from pathlib import Path
from typing import Protocol

import psutil

from tests.faults.house import House
from verify import system

MEGABYTE = 1024 * 1024
SEGMENT = 16 * MEGABYTE  # of PostgreSQL's log, which takes room by whole files
LEFT = 64 * 1024  # bytes, when it is “full”: a few writes still find room


class Disk(Protocol):
    """What is full, and what makes it so."""

    name: str

    def fill(self, house: House) -> None: ...
    def free(self, house: House) -> None: ...
    def close(self) -> None: ...


class SmallDisk:
    """A tmpfs of its own, filled by a file beside the database's."""

    name = "a tmpfs of 240 MB"

    def __init__(self, folder: Path) -> None:
        self.folder, self.ballast = folder, folder / "ballast"

    @classmethod
    def mounted(cls, folder: Path) -> "SmallDisk | None":
        """None where the system does not let one be mounted."""
        command = ["mount", "-t", "tmpfs", "-o", "size=240m,mode=0711", "tmpfs", str(folder)]
        with contextlib.suppress(FileNotFoundError):
            if os.geteuid() == 0 and subprocess.run(command, capture_output=True, check=False).returncode == 0:
                return cls(folder)
        return None

    def fill(self, house: House) -> None:
        """Leave room in the running segment of the log, so that it is a table which finds none."""
        while int(house.rows("SELECT (pg_current_wal_lsn() - '0/0') %% %s", SEGMENT)[0][0]) > SEGMENT - 6 * MEGABYTE:
            house.rows("SELECT pg_logical_emit_message(false, 'filling', repeat('x', %s))", MEGABYTE)
        with contextlib.suppress(OSError), self.ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * (LEFT // 4))
        os.truncate(self.ballast, self.ballast.stat().st_size - LEFT)

    def free(self, house: House) -> None:
        self.ballast.unlink()

    def close(self) -> None:
        subprocess.run(["umount", "--lazy", str(self.folder)], capture_output=True, check=False)


class SmallFiles:
    """A limit on the size of PostgreSQL's files: that of what forms sent is brought up to it."""

    name = "a limit of 16 MB on the size of files"

    def fill(self, house: House) -> None:
        rows = "SELECT 1, gen_random_uuid(), repeat('x', 64), repeat('x', 60), now() FROM generate_series(1, 2000)"
        while self._size(house) < SEGMENT - MEGABYTE // 2:
            house.rows(
                f"INSERT INTO claims_submission (user_id, request_id, digest, made, created_at) {rows} RETURNING 1"
            )
        self._limit(house, str(SEGMENT))
        with contextlib.suppress(Exception):  # to the last page, by somebody whom the limit holds
            while True:
                house.rows(
                    f"INSERT INTO claims_submission (user_id, request_id, digest, made, created_at) {rows} RETURNING 1"
                )

    def free(self, house: House) -> None:
        self._limit(house, "unlimited")

    def close(self) -> None: ...

    def _size(self, house: House) -> int:
        return int(house.rows("SELECT pg_relation_size('claims_submission')")[0][0])

    def _limit(self, house: House, most: str) -> None:
        """Set by the user who runs the processes: even root may not limit those of others everywhere."""
        assert house.server is not None
        first = psutil.Process(house.server.pid)
        for process in [first, *first.children(recursive=True)]:
            command = ["prlimit", "--pid", str(process.pid), f"--fsize={most}:unlimited"]
            subprocess.run(command, check=False, **system.as_user())
