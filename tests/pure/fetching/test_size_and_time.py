"""Nothing is larger, longer or slower than it may be."""

import gc
import io
import socket
import threading
from collections.abc import Iterator

import pytest

from claims.fetching.safe import Limits, Unreachable, fetch
from tests.pure.fetching.asking import OK, QUICK, fails, get, gzipped, in_chunks, leads, said, with_length
from tests.pure.fetching.servers import serving


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    """A socket that is left is told of here, and warnings are errors."""
    yield
    gc.collect()


@pytest.mark.parametrize(
    "says",
    [
        OK + b"Content-Length: 1001\r\n\r\n",
        OK + b"Content-Length: 999999999999999\r\n\r\n",
        OK + b"\r\n" + b"x" * 1001,
        in_chunks(b"x" * 1001),
        in_chunks(b"x" * 300, size=1),
        with_length(gzipped(b"x" * 1001), b"Content-Encoding: gzip"),
        OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 300,
    ],
)
def test_what_is_too_large_is_left(says: bytes) -> None:
    failed = fails(says, limits=Limits(bytes=1000))
    assert (failed.code, failed.again) == ("too-large", False)


def test_what_just_fits_is_kept() -> None:
    assert said(with_length(b"x" * 1000), limits=Limits(bytes=1000)).fetched.size == 1000


@pytest.mark.parametrize(
    "says",
    [
        OK + b"X: " + b"y" * 70_000,
        OK + b"X: y\r\n" * 20_000,
        b"HTTP/1.1 200 " + b"y" * 70_000,
        b"HTTP/" + b"1" * 70_000,
        (b"HTTP/1.1 103 Hints\r\nX: " + b"y" * 30_000 + b"\r\n\r\n") * 3 + OK + b"\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
    ],
)
def test_a_head_without_end_is_left(says: bytes) -> None:
    assert fails(says).code == "too-large"


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"", b""),
        (b"", b"H"),
        (OK, b"X"),
        (OK, b"X: y\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"[:1]),
        (OK + b"Content-Length: 1000000\r\n\r\n", b"x"),
        (OK + b"\r\n", b"x"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n"),
        (OK + b"Content-Encoding: gzip\r\n\r\n", gzipped(b"")),
    ],
)
def test_one_clock_runs_over_all_that_drips(head: bytes, drop: bytes) -> None:
    with serving() as server:
        server.says = server.drip(head, drop)
        with pytest.raises(Unreachable) as caught:
            get(server, limits=QUICK)
    assert (caught.value.code, caught.value.again) == ("timeout", True)


def test_the_clock_runs_over_redirects_too() -> None:
    with serving() as server:

        def slowly(connection: socket.socket) -> None:
            server.stop.wait(0.1)
            connection.sendall(leads(f"/{len(server.asked)}"))

        server.says = slowly
        with pytest.raises(Unreachable) as caught:
            get(server, limits=Limits(seconds=0.4, redirects=1000))
    assert caught.value.code == "timeout"
    assert 1 < len(server.asked) < 6


def test_a_resolver_that_never_answers_is_left_behind() -> None:
    never = threading.Event()

    def resolve(name: str, port: int) -> list[str]:
        never.wait(30)
        return []

    with pytest.raises(Unreachable) as caught:
        fetch("http://name.example/", io.BytesIO(), limits=QUICK, resolve=resolve)
    never.set()
    assert (caught.value.code, caught.value.again) == ("timeout", True)


@pytest.mark.parametrize(
    ("error", "again"),
    [
        (socket.gaierror(socket.EAI_NONAME, "no"), False),
        (socket.gaierror(socket.EAI_AGAIN, "later"), True),
        (UnicodeError("label"), False),
        (None, False),
    ],
)
def test_a_name_that_is_not_found(error: Exception | None, again: bool) -> None:
    def resolve(name: str, port: int) -> list[str]:
        if error:
            raise error
        return []

    with pytest.raises(Unreachable) as caught:
        fetch("http://name.example/", io.BytesIO(), resolve=resolve)
    assert (caught.value.code, caught.value.detail, caught.value.again) == ("name", "name.example", again)
