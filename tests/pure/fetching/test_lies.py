"""What a fetch makes of servers that lie."""

import gc
import io
import socket
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.fetching.safe import Unreachable, fetch
from tests.pure.fetching.asking import OK, fails, get, in_chunks, said, with_length
from tests.pure.fetching.servers import serving


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    """A socket that is left is told of here, and warnings are errors."""
    yield
    gc.collect()


@pytest.mark.parametrize(
    ("says", "code"),
    [
        (b"", "broken"),
        (b"<html>as in 1991</html>", "broken"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "broken"),
        (b"\x15\x03\x01\x00\x02\x02\x28", "broken"),
        (b"HTTP/2 200\r\n\r\n", "broken"),
        (b"HTTP/1.1 20 OK\r\n\r\n", "broken"),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "broken"),
        (b"HTTP/1.1 099 OK\r\n\r\n", "broken"),
        (b"HTTP/1.1 200OK\r\n\r\n", "broken"),
        (b"HTTP/1.1 101 Switching\r\n\r\n" + with_length(b"x"), "broken"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 100 + with_length(b"x"), "broken"),
        (OK, "broken"),
        (OK + b"X: y\r\n", "broken"),
        (OK + b" folded first\r\n\r\n", "broken"),
        (OK + b"X: a\rY: b\r\n\r\n", "broken"),
        (OK + b"X: a\0b\r\n\r\n", "broken"),
        (OK + b"Content-Length: 10\r\n\r\nshort", "broken"),
        (OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", "broken"),
        (OK + b"Content-Length: 5, 6\r\n\r\nhello!", "broken"),
        (OK + b"Content-Length: -5\r\n\r\nhello", "broken"),
        (OK + b"Content-Length: +5\r\n\r\nhello", "broken"),
        (OK + b"Content-Length: 0x5\r\n\r\nhello", "broken"),
        (OK + b"Content-Length: \xb2\r\n\r\nhello", "broken"),
        (OK + b"Content-Length: 5 5\r\n\r\nhello", "broken"),
        (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n-1\r\nhello\r\n0\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5_0\r\nhello\r\n0\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n4\r\nhello\r\n0\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n6\r\nhello\r\n0\r\n\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nhel", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 12 + b"\r\nhello", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\nhello", "broken"),
        (OK + b"Transfer-Encoding: chunked\r\n\r\n5;" + b"x" * 5000 + b"\r\nhello\r\n0\r\n\r\n", "too-large"),
    ],
)
def test_a_lie_is_found_out(says: bytes, code: str) -> None:
    assert fails(says).code == code


def test_what_was_cut_short_is_worth_another_try() -> None:
    cut = fails(OK + b"Content-Length: 10\r\n\r\nshort")
    assert (cut.code, cut.detail, cut.again) == ("broken", "cut short, 5 bytes are missing", True)


@pytest.mark.parametrize(
    ("says", "notes"),
    [
        (OK + b"\r\nall, or cut", ("end-not-said",)),
        (b"HTTP/1.0 200 OK\r\n\r\nall, or cut", ("end-not-said",)),
        (with_length(b"all"), ()),
        (in_chunks(b"all"), ()),
        (b"HTTP/1.1 204 No\r\n\r\n", ()),
    ],
)
def test_an_end_that_is_only_the_connection_s_is_told(says: bytes, notes: tuple[str, ...]) -> None:
    assert said(says).fetched.notes == notes


def test_a_server_that_hangs_up_hard_is_broken() -> None:
    def reset(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 10\r\n\r\n")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        connection.close()

    lost = fails(reset)
    assert (lost.code, lost.again) == ("broken", True)


def test_a_port_where_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        pair = f"127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(Unreachable) as caught:
        fetch(f"http://{pair}/", io.BytesIO(), allowed=frozenset({pair}))
    assert (caught.value.code, caught.value.again) == ("connect", True)


@given(says=st.binary(max_size=300))
def test_whatever_is_said_is_an_answer_or_unreachable(says: bytes) -> None:
    with serving({"/a": says, "/b": OK + says, "/c": OK + b"Transfer-Encoding: chunked\r\n\r\n" + says}) as server:
        for path in "abc":
            try:
                got = get(server, path)
            except Unreachable:
                continue
            assert got.fetched.size == len(got.body)
