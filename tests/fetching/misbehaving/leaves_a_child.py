"""Starts a process that outlives it, in a session of its own, and waits: it holds the lock of the file it was given."""

import fcntl
import os
import time


def read(file, leaves, asked):  # noqa: ANN001, ANN201
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX)
            time.sleep(600)
    time.sleep(600)
