"""HTTP/1.1 over one connection, read strictly: every byte is counted, and one clock runs over all of it.

Python's client and urllib3 measure time from read to read, take a 103 for the answer, and do not give the head as it
came (docs/decisions/050).
"""

import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from claims.fetching.results import Unreachable

READ = 64 * 1024
INTERIM = 8
CHUNK_LINE = 1024
NO_BODY = (204, 205, 304)

_STATUS = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?:[ \t].*)?")
_LENGTH = re.compile("[0-9]{1,15}")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,12})[ \t]*(?:;.*)?")


class Clock:
    """What is left of a fetch's time."""

    def __init__(self, seconds: float) -> None:
        self._start = time.monotonic()
        self._seconds = seconds

    def left(self) -> float:
        left = self._seconds - self.passed()
        if left <= 0:
            raise Unreachable("timeout", f"{self._seconds:g} s", again=True)
        return left

    def passed(self) -> float:
        return time.monotonic() - self._start


@dataclass(frozen=True)
class Head:
    """Status and headers of an answer, and its bytes as they came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    raw: bytes

    def all(self, name: str) -> list[str]:
        """The values of a header that is a list, in order."""
        values = [value for key, value in self.headers if key.lower() == name]
        return [item.strip() for item in ",".join(values).split(",") if item.strip()]

    def first(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


class Wire:
    """A connection's bytes, up to the clock's end."""

    def __init__(self, connection: socket.socket, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._buffer = bytearray()
        self.ended = False
        self.ragged = False
        self.is_tls = isinstance(connection, ssl.SSLSocket)

    def send(self, request: bytes) -> None:
        self._connection.settimeout(self._clock.left())
        try:
            self._connection.sendall(request)
        except OSError as error:
            raise self._told(error) from error

    def some(self, most: int) -> bytes:
        """Between one byte and `most`; none at the end."""
        if not self._buffer:
            self._receive()
        taken = bytes(self._buffer[:most])
        del self._buffer[:most]
        return taken

    def line(self, longest: int) -> bytes:
        """Up to a line's end and with it."""
        seen = 0
        while (end := self._buffer.find(b"\n", seen)) < 0 and len(self._buffer) <= longest and not self.ended:
            seen = len(self._buffer)
            self._receive()
        if end < 0 and len(self._buffer) <= longest:
            raise Unreachable("broken", "cut short", again=True)
        if end < 0 or end >= longest:
            raise Unreachable("too-large", "head")
        return self.some(end + 1)

    def _receive(self) -> None:
        self._connection.settimeout(self._clock.left())
        try:
            got = self._connection.recv(READ)
        except ssl.SSLEOFError:
            got, self.ragged = b"", True
        except OSError as error:
            raise self._told(error) from error
        self.ended = self.ended or not got
        self._buffer += got

    def _told(self, error: OSError) -> Unreachable:
        if isinstance(error, TimeoutError):
            self._clock.left()
            return Unreachable("timeout", again=True)
        if isinstance(error, ssl.SSLError):
            return Unreachable("tls", error.reason or "")  # a certificate is asked of us, for one
        return Unreachable("broken", "connection lost", again=True)


# --- head -----------------------------------------------------------------------------------------------------------


def read_head(wire: Wire, longest: int) -> Head:
    """The head of the answer; what stands before it (100, 103) is passed over. All of them share one limit."""
    for _ in range(INTERIM):
        head = _one_head(wire, longest)
        longest -= len(head.raw)
        if head.status >= 200:
            return head
        if head.status == 101:
            break
    raise Unreachable("broken", f"status {head.status}")


def _one_head(wire: Wire, longest: int) -> Head:
    lines: list[bytes] = []
    left = longest
    while True:
        lines.append(wire.line(left))
        left -= len(lines[-1])
        if not lines[0].startswith(b"HTTP/"):
            raise Unreachable("broken", "not HTTP")
        if lines[-1] in (b"\r\n", b"\n"):
            break
    status = _STATUS.fullmatch(_bare(lines[0]))
    if not status:
        raise Unreachable("broken", "not HTTP/1.1")
    return Head(int(status[1]), tuple(_fields(lines[1:-1])), b"".join(lines))


def _bare(line: bytes) -> bytes:
    """A line without its end. What could pass for another end is refused."""
    bare = line.removesuffix(b"\n").removesuffix(b"\r")
    if b"\r" in bare or b"\0" in bare:
        raise Unreachable("broken", "head")
    return bare


def _fields(lines: list[bytes]) -> Iterator[tuple[str, str]]:
    """Names and values; folded lines are joined, lines without a colon passed over (they stay in the raw head)."""
    joined: list[bytes] = []
    for line in map(_bare, lines):
        if line[:1] not in (b" ", b"\t"):
            joined.append(line)
        elif joined:
            joined[-1] += b" " + line.strip(b" \t")
        else:
            raise Unreachable("broken", "head")
    for line in joined:
        name, colon, value = line.partition(b":")
        if colon and name.strip(b" \t"):
            yield name.strip(b" \t").decode("latin-1"), value.strip(b" \t").decode("latin-1")


# --- body -----------------------------------------------------------------------------------------------------------


class Body:
    """The body of an answer. `keep` gets it as it came, chunks and all; `pieces` gives what it says."""

    def __init__(self, wire: Wire, head: Head, *, most: int, trailer: int) -> None:
        self._wire = wire
        self._most = most
        self._trailer = trailer
        self.keep: Callable[[bytes], object] = len
        self.taken = 0
        self.chunked = _chunked(head)
        self.length = None if self.chunked else _length(head)
        if self.length is not None and self.length > most:
            raise Unreachable("too-large", f"{self.length:,} bytes")

    @property
    def end_said(self) -> bool:
        """Whether the answer says where it ends: by chunks, a length, or at least a TLS goodbye.

        Over plain TCP a connection that ends may be one that was cut.
        """
        return self.chunked or self.length is not None or (self._wire.is_tls and not self._wire.ragged)

    def pieces(self) -> Iterator[bytes]:
        if self.chunked:
            return self._chunks()
        return self._rest() if self.length is None else self._exactly(self.length)

    def _taken(self, raw: bytes) -> bytes:
        self.taken += len(raw)
        if self.taken > self._most:
            raise Unreachable("too-large", f"more than {self._most:,} bytes")
        self.keep(raw)
        return raw

    def _rest(self) -> Iterator[bytes]:
        while piece := self._wire.some(READ):
            yield self._taken(piece)

    def _exactly(self, length: int) -> Iterator[bytes]:
        while length:
            piece = self._wire.some(min(length, READ))
            if not piece:
                raise Unreachable("broken", f"cut short, {length:,} bytes are missing", again=True)
            length -= len(piece)
            yield self._taken(piece)

    def _chunks(self) -> Iterator[bytes]:
        while size := self._chunk_size():
            yield from self._exactly(size)
            if self._taken(self._wire.line(CHUNK_LINE)) != b"\r\n":
                raise Unreachable("broken", "chunks")
        left = self._trailer
        while (line := self._taken(self._wire.line(left))) not in (b"\r\n", b"\n"):
            left -= len(line)

    def _chunk_size(self) -> int:
        size = _CHUNK.fullmatch(_bare(self._taken(self._wire.line(CHUNK_LINE))))
        if not size:
            raise Unreachable("broken", "chunks")
        return int(size[1], 16)


def _chunked(head: Head) -> bool:
    codings = [coding.lower() for coding in head.all("transfer-encoding")]
    if codings not in ([], ["chunked"]):
        raise Unreachable("broken", "transfer-encoding")
    return bool(codings)


def _length(head: Head) -> int | None:
    """The length that is said: once, or several times the same."""
    if head.status in NO_BODY:
        return 0
    said = set(head.all("content-length"))
    if not said:
        return None
    length = said.pop()
    if said or not _LENGTH.fullmatch(length):
        raise Unreachable("broken", "content-length")
    return int(length)
