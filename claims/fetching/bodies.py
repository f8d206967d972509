"""Content encodings undone in a stream, with caps on what comes out (pure)."""

import zlib
from collections.abc import Iterator
from typing import Protocol

from claims.fetching.results import Limits, Unreachable

OUT = 64 * 1024
# a small page may be all alike; only from here on does the ratio count
SLACK = 1024 * 1024
MOST_LAYERS = 2
KNOWN = frozenset({"gzip", "x-gzip", "deflate"})
ACCEPTED = "gzip, deflate"


class Counted(Protocol):
    """What says how many bytes came over the wire so far."""

    taken: int


def codings(named: list[str]) -> tuple[list[str], str]:
    """The encodings to be undone, last first, and the one that is not known: then none is undone."""
    wanted = [name.lower() for name in named if name.lower() != "identity"]
    unknown = next((name for name in wanted if name not in KNOWN), "")
    if unknown:
        return [], unknown
    if len(wanted) > MOST_LAYERS:
        raise Unreachable("bomb", f"{len(wanted)} encodings")
    return wanted[::-1], ""


def decoded(pieces: Iterator[bytes], wanted: list[str], *, counted: Counted, limits: Limits) -> Iterator[bytes]:
    """The pieces with their encodings undone. Raises Unreachable: broken, too-large, bomb."""
    for coding in wanted:
        pieces = _capped(_inflated(pieces, coding), counted, limits)
    return pieces


def _capped(pieces: Iterator[bytes], counted: Counted, limits: Limits) -> Iterator[bytes]:
    out = 0
    for piece in pieces:
        out += len(piece)
        if out > limits.ratio * counted.taken + SLACK:
            raise Unreachable("bomb", f"more than {limits.ratio} times its size")
        if out > limits.bytes:
            raise Unreachable("too-large", f"more than {limits.bytes:,} bytes")
        yield piece


def _inflated(pieces: Iterator[bytes], coding: str) -> Iterator[bytes]:
    stream = _Deflate() if coding == "deflate" else _Gzip()
    try:
        for piece in pieces:
            yield from stream.feed(piece)
    except zlib.error as error:
        raise Unreachable("broken", coding) from error
    if not stream.whole:
        raise Unreachable("broken", f"{coding} cut short", again=True)


class _Gzip:
    """One member after the other. What follows the last and is none is passed over, as browsers do."""

    window = zlib.MAX_WBITS | 16

    def __init__(self) -> None:
        self._engine: zlib._Decompress | None = None
        self._held = b""
        self._members = 0
        self._over = False

    @property
    def whole(self) -> bool:
        return self._engine is None and (self._members > 0 or not self._held)

    def feed(self, piece: bytes) -> Iterator[bytes]:
        self._held += piece
        while not self._over and (self._engine or len(self._held) > 1):
            if self._engine is None and not self._start():
                return
            yield from self._drained()
            if self._engine is not None:
                return
        if self._over:
            self._held = b""

    def _start(self) -> bool:
        if self._members and not self._goes_on():
            self._over, self._held = True, b""
            return False
        self._engine = zlib.decompressobj(self._window())
        return True

    def _window(self) -> int:
        return self.window

    def _goes_on(self) -> bool:
        return self._held.startswith(b"\x1f\x8b")

    def _drained(self) -> Iterator[bytes]:
        """All that the held bytes give, a little at a time."""
        engine = self._engine
        assert engine is not None  # noqa: S101
        more = True
        while more:
            piece = engine.decompress(self._held, OUT)
            self._held = engine.unconsumed_tail
            more = not engine.eof and (bool(self._held) or len(piece) == OUT)
            if piece:
                yield piece
        if engine.eof:
            self._held, self._engine, self._members = engine.unused_data, None, self._members + 1


class _Deflate(_Gzip):
    """With zlib's head, as the standard wants it, or without, as some servers send it."""

    def _window(self) -> int:
        first, second = self._held[:2]
        headed = first & 0x0F == 8 and (first << 8 | second) % 31 == 0
        return zlib.MAX_WBITS if headed else -zlib.MAX_WBITS

    def _goes_on(self) -> bool:
        return False
