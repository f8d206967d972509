"""Ask a server of the tests' own, and take what it says or why it says nothing."""

import gzip
import io
from dataclasses import dataclass

import pytest

from claims.fetching.safe import Fetched, Limits, Unreachable, fetch
from tests.pure.fetching.servers import Says, Server, serving

OK = b"HTTP/1.1 200 OK\r\n"
USUAL = Limits()
QUICK = Limits(seconds=0.4, connect=0.4)
TEXT = b"The bridge is 2,737 metres long. " * 40


@dataclass
class Got:
    fetched: Fetched
    body: bytes
    wire: bytes


def get(server: Server, path: str = "", *, limits: Limits = USUAL) -> Got:
    to, wire = io.BytesIO(), io.BytesIO()
    fetched = fetch(server.url + path, to, wire=wire, limits=limits, allowed=frozenset({server.pair}))
    return Got(fetched, to.getvalue(), wire.getvalue())


def said(says: Says | dict[str, Says], *, limits: Limits = USUAL) -> Got:
    with serving(says) as server:
        return get(server, limits=limits)


def fails(says: Says | dict[str, Says], *, limits: Limits = USUAL) -> Unreachable:
    with serving(says) as server, pytest.raises(Unreachable) as caught:
        get(server, limits=limits)
    return caught.value


def with_length(body: bytes, *headers: bytes) -> bytes:
    return OK + b"".join(line + b"\r\n" for line in headers) + b"Content-Length: %d\r\n\r\n" % len(body) + body


def in_chunks(body: bytes, *headers: bytes, size: int = 100) -> bytes:
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return (
        OK
        + b"".join(line + b"\r\n" for line in headers)
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + chunks
        + b"0\r\n\r\n"
    )


def leads(location: str, *headers: str, status: int = 302) -> bytes:
    lines = [f"HTTP/1.1 {status} Go", f"Location: {location}", *headers, "Content-Length: 5"]
    return "\r\n".join(lines).encode() + b"\r\n\r\nlook!"


def gzipped(content: bytes) -> bytes:
    """Packed, and the same each time: tests are named by it."""
    return gzip.compress(content, mtime=0)
