"""A disk that takes its time: with this folder in PYTHONPATH, files are not on it while the file HELD_DISK names is."""

import os
import stat
import time
from pathlib import Path

HELD, fsync = Path(os.environ["HELD_DISK"]), os.fsync


def slow(descriptor: int) -> None:
    while stat.S_ISREG(os.fstat(descriptor).st_mode) and HELD.exists():
        time.sleep(0.01)
    fsync(descriptor)


os.fsync = slow  # type: ignore[assignment]
