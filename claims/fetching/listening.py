"""Hears a child out: what it writes until it closes its output, so much of it and so long."""

import os
import selectors
import subprocess
import time
from dataclasses import dataclass, field
from typing import Final, Literal

PIECE: Final = 64 * 1024
ERRORS: Final = 4096  # bytes of its standard error that are kept; the rest is read and forgotten


@dataclass
class Heard:
    """What came, and why it ended: the child closed its output, or too much came, or for too long."""

    out: bytearray = field(default_factory=bytearray)
    errors: bytearray = field(default_factory=bytearray)
    ended: Literal["closed", "size", "time"] = "closed"


def heard(child: subprocess.Popen[bytes], until: float, most: int) -> Heard:
    """All of the child's output, up to `most` bytes and until `until` (of the monotonic clock)."""
    what = Heard()
    with selectors.DefaultSelector() as waiting:
        for stream, kept in ((child.stdout, what.out), (child.stderr, what.errors)):
            assert stream is not None  # noqa: S101  # both are pipes
            waiting.register(stream, selectors.EVENT_READ, kept)
        while waiting.get_map():
            left = until - time.monotonic()
            ready = waiting.select(left) if left > 0 else []
            if not ready:
                what.ended = "time"
                return what
            for key, _events in ready:
                piece = os.read(key.fd, PIECE)
                if not piece:
                    waiting.unregister(key.fileobj)
                elif key.data is what.out:
                    what.out += piece
                elif len(what.errors) < ERRORS:
                    what.errors += piece
            if len(what.out) > most:
                what.ended = "size"
                return what
    return what
