"""What a fetch brings, and how it ends."""

import gc
import hashlib
import io
import signal
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from claims.fetching.safe import AGENT, fetch
from tests.pure.fetching.asking import OK, TEXT, fails, get, in_chunks, said, with_length
from tests.pure.fetching.servers import serving


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    """A socket that is left is told of here, and warnings are errors."""
    yield
    gc.collect()


# --- what comes -------------------------------------------------------------------------------------------------------


def test_a_page_comes_with_all_that_is_known_of_it() -> None:
    before = datetime.now(UTC)
    with serving(with_length(TEXT, b"Content-Type: text/plain", b"X-A: 1", b"X-A: 2")) as server:
        got = get(server, "page?q=1#part")
    fetched = got.fetched
    assert got.body == TEXT
    assert (fetched.asked, fetched.final) == (server.url + "page?q=1#part", server.url + "page?q=1")
    assert (fetched.status, fetched.size, fetched.sha256) == (200, len(TEXT), hashlib.sha256(TEXT).hexdigest())
    assert fetched.headers == (
        *(("Content-Type", "text/plain"), ("X-A", "1"), ("X-A", "2")),
        ("Content-Length", str(len(TEXT))),
    )
    assert fetched.raw_head.startswith(OK)
    assert fetched.raw_head.endswith(b"\r\n\r\n")
    assert (fetched.address, fetched.hops, fetched.notes) == ("127.0.0.1", (), ())
    assert before <= fetched.at <= datetime.now(UTC)
    assert 0 < fetched.seconds < 60
    assert (fetched.encoded, got.wire) == (False, b"")


def test_the_request_is_all_that_is_sent() -> None:
    with serving(OK + b"\r\n") as server:
        got = get(server, "a%20b?c")
    assert server.asked == [got.fetched.request]
    assert (
        got.fetched.request
        == (
            f"GET /a%20b?c HTTP/1.1\r\nHost: {server.pair}\r\nUser-Agent: {AGENT}\r\n"
            "Accept: text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8\r\n"
            "Accept-Encoding: gzip, deflate\r\nConnection: close\r\n\r\n"
        ).encode()
    )


@pytest.mark.parametrize(
    ("says", "body"),
    [
        (OK + b"\r\n" + TEXT, TEXT),
        (OK + b"\r\n", b""),
        (with_length(b""), b""),
        (with_length(TEXT) + b"and more that nobody asked for", TEXT),
        (OK + b"Content-Length: 5, 5\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
        (in_chunks(TEXT), TEXT),
        (in_chunks(b""), b""),
        (OK + b"transfer-encoding: Chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX: y\r\n\r\n", b"hello"),
        (OK + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n5\r\nhello\r\n0\r\n\r\n", b"hello"),
        (b"HTTP/1.0 200 OK\r\n\r\nold", b"old"),
        (b"HTTP/1.1 200\r\n\r\nno reason", b"no reason"),
        (b"HTTP/1.1 203 \xff\xfe\r\n\r\nodd reason", b"odd reason"),
        (b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", b"hello"),
        (OK + b"no colon\r\nContent-Length: 5\r\n\r\nhello", b"hello"),
        (OK + b"X: a\r\n  folded\r\nContent-Length : 5\r\n\r\nhello", b"hello"),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + with_length(b"late"),
            b"late",
        ),
        (b"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\nunexpected", b""),
        (b"HTTP/1.1 205 Reset\r\n\r\nunexpected", b""),
    ],
)
def test_a_body_is_what_its_framing_says(says: bytes, body: bytes) -> None:
    got = said(says)
    assert got.body == body
    assert got.fetched.size == len(body)


def test_a_head_is_kept_as_it_came() -> None:
    head = b"HTTP/1.1  200 OK"
    assert fails(head + b"\r\n\r\n").code == "broken"
    odd = b"HTTP/1.1 200 OK\nX-Name: caf\xe9\r\nno colon\r\nX:  a\r\n\tb \r\n\r\n"
    got = said(odd + b"body")
    assert got.fetched.raw_head == odd
    assert got.fetched.headers == (("X-Name", "café"), ("X", "a b"))


# --- statuses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "again"),
    [
        *(
            (400, False),
            (401, False),
            (403, False),
            (404, False),
            (410, False),
            (418, False),
            (451, False),
            (499, False),
        ),
        *(
            (408, True),
            (425, True),
            (429, True),
            (500, True),
            (502, True),
            (503, True),
            (504, True),
            (599, True),
            (999, True),
        ),
        *((206, False), (300, False), (304, False), (305, False), (306, False)),
    ],
)
def test_a_status_that_is_no_page(status: int, again: bool) -> None:
    failed = fails(b"HTTP/1.1 %d Reason\r\nLocation: /x\r\nContent-Length: 4\r\n\r\nbody" % status)
    assert (failed.code, failed.detail, failed.again) == ("status", str(status), again)


@pytest.mark.parametrize("location", [b"", b"Location:\r\n"])
def test_a_redirect_to_nowhere(location: bytes) -> None:
    failed = fails(b"HTTP/1.1 302 Found\r\n" + location + b"\r\n")
    assert (failed.code, failed.detail) == ("status", "302")


# --- ends -------------------------------------------------------------------------------------------------------------


def test_ctrl_c_ends_a_fetch_at_once() -> None:
    with serving() as server:

        def interrupts(connection: socket.socket) -> None:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            server.stop.wait(10)

        server.says = interrupts
        with pytest.raises(KeyboardInterrupt):
            get(server)


class Full(io.BytesIO):
    def write(self, _: object) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_not_the_servers_fault() -> None:
    with serving(in_chunks(TEXT)) as server:
        for files in ({"to": Full()}, {"to": io.BytesIO(), "wire": Full()}):
            with pytest.raises(OSError, match="No space left"):
                fetch(server.url, **files, allowed=frozenset({server.pair}))


def test_the_second_address_is_tried_when_the_first_takes_no_connection() -> None:
    with serving(with_length(b"ok")) as server:
        to = io.BytesIO()
        fetched = fetch(
            f"http://name.example:{server.port}/",
            to,
            allowed=frozenset({f"name.example:{server.port}"}),
            resolve=lambda *_: ["127.0.0.9", "127.0.0.1"],
        )
    assert (fetched.address, to.getvalue()) == ("127.0.0.1", b"ok")
    assert fetched.request.split(b"\r\n")[1] == f"Host: name.example:{server.port}".encode()
