"""The WARC file of a fetch, read back by warcio's own reader with its digests checked."""

import hashlib
import io
import zlib
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from claims.fetching import records
from claims.fetching.safe import AGENT, Fetched, fetch
from tests.pure.fetching.asking import gzipped
from tests.pure.fetching.servers import Says, serving

OK = b"HTTP/1.1 200 OK\r\n"
TEXT = b"The bridge is 2,737 metres long. " * 5000


class Record:
    """What a record says, read whole."""

    def __init__(self, record: Any) -> None:
        self.kind: str = record.rec_type
        self.headers: dict[str, str] = dict(record.rec_headers.headers)
        self.version: str = record.rec_headers.protocol
        self.content: bytes = record.content_stream().read()
        # True, False, or None where there is nothing to check or it could not be
        self.checked: bool | None = record.digest_checker.passed


def kept(says: Says | dict[str, Says]) -> tuple[Fetched, bytes, bytes, str]:
    """The fetch, its decoded body, its WARC file, and what is said of the file's sha256."""
    body, wire, out = io.BytesIO(), io.BytesIO(), io.BytesIO()
    with serving(says) as server:
        fetched = fetch(server.url, body, wire=wire, allowed=frozenset({server.pair}))
    digest = records.write(out, fetched, body, wire, tool=AGENT)
    return fetched, body.getvalue(), out.getvalue(), digest


def read(warc: bytes) -> list[Record]:
    return [Record(record) for record in ArchiveIterator(io.BytesIO(warc), check_digests="raise", verify_http=False)]


def blocks(warc: bytes) -> list[bytes]:
    """Each record's block as its bytes stand in the file."""
    return [record.raw_stream.read() for record in ArchiveIterator(io.BytesIO(warc), no_record_parse=True)]


BODIES = {
    "with its length": (OK + b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(TEXT) + TEXT, TEXT),
    "to the end": (OK + b"\r\n" + TEXT, TEXT),
    "in chunks": (OK + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n" % (len(TEXT), TEXT), TEXT),
    "packed": (OK + b"Content-Encoding: gzip\r\n\r\n" + gzipped(TEXT), TEXT),
    "packed, in chunks": (
        OK
        + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"
        + b"%x\r\n%b\r\n0\r\n\r\n" % (len(gzipped(TEXT)), gzipped(TEXT)),
        TEXT,
    ),
    "nothing": (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    "empty": (OK + b"Content-Length: 0\r\n\r\n", b""),
    "line ends of its own": (b"HTTP/1.1 200 OK\nX:  y \nContent-Length: 2\n\nok", b"ok"),
    "a head as odd as can be": (OK + b"X-Name: caf\xe9\r\nX: a\r\n  b\r\nno colon\r\n\r\nok", b"ok"),
    "before it, hints": (b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + OK + b"\r\nok", b"ok"),
}


@pytest.mark.parametrize("name", BODIES)
def test_the_answer_is_kept_as_it_came_and_reads_as_what_was_captured(name: str) -> None:
    says, body = BODIES[name]
    fetched, captured, warc, digest = kept(says)
    assert captured == body
    assert hashlib.sha256(warc).hexdigest() == digest
    found = read(warc)
    assert [record.kind for record in found] == ["warcinfo", "response", "request", "metadata"]
    assert {record.version for record in found} == {"WARC/1.1"}
    assert all(record.checked for record in found if record.content)
    assert not any(record.checked is False for record in found)
    assert found[1].content == body
    received = says[says.index(fetched.raw_head) :]
    assert blocks(warc)[1] == (received if body else fetched.raw_head)
    assert blocks(warc)[2] == fetched.request


@pytest.mark.parametrize("name", BODIES)
def test_digests_are_of_what_they_say(name: str) -> None:
    fetched, _, warc, _ = kept(BODIES[name][0])
    for record, block in zip(read(warc), blocks(warc), strict=True):
        assert record.headers["WARC-Block-Digest"] == f"sha256:{hashlib.sha256(block).hexdigest()}"
        assert record.headers["Content-Length"] == str(len(block))
        payload = record.headers.get("WARC-Payload-Digest")
        if record.kind == "response" and b"chunked" not in fetched.raw_head:
            assert payload == f"sha256:{hashlib.sha256(block.removeprefix(fetched.raw_head)).hexdigest()}"
        else:
            assert payload is None


def test_a_changed_byte_is_found_by_the_reader() -> None:
    _, _, warc, _ = kept(OK + b"\r\nnot changed")
    members = []
    data = warc
    while data:
        engine = zlib.decompressobj(31)
        members.append(engine.decompress(data).replace(b"not changed", b"was changed"))
        data = engine.unused_data
    with pytest.raises(Exception, match="digest failed"):
        read(b"".join(map(gzipped, members)))


def test_redirects_are_records_of_their_own() -> None:
    steps: dict[str, Says] = {
        "/": b"HTTP/1.1 301 Moved\r\nLocation: /a\r\nContent-Length: 0\r\nSet-Cookie: a=b\r\n\r\n",
        "/a": b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 4\r\n\r\nbody",
        "/b": OK + b"Content-Length: 2\r\n\r\nok",
    }
    fetched, _, warc, _ = kept(steps)
    found = read(warc)
    kinds = ["warcinfo", *["response", "request"] * 3, "metadata"]
    assert [record.kind for record in found] == kinds
    urls = [hop.url for hop in fetched.hops] + [fetched.final]
    answers, requests = found[1:-1:2], found[2:-1:2]
    assert [record.headers["WARC-Target-URI"] for record in answers] == urls
    assert [record.headers["WARC-Target-URI"] for record in requests] == urls
    assert [record.headers.get("WARC-Truncated") for record in answers] == [None, "length", None]
    assert blocks(warc)[1] == fetched.hops[0].response == steps["/"]
    assert [record.headers["WARC-Concurrent-To"] for record in requests] == [
        record.headers["WARC-Record-ID"] for record in answers
    ]
    assert found[-1].headers["WARC-Refers-To"] == answers[-1].headers["WARC-Record-ID"]
    assert {record.headers["WARC-IP-Address"] for record in answers} == {"127.0.0.1"}
    for block in blocks(warc)[2:-1:2]:
        assert b"cookie" not in block.lower()
        assert b"referer" not in block.lower()


def test_times_are_those_of_the_requests() -> None:
    fetched, _, warc, _ = kept({"/": b"HTTP/1.1 301 Moved\r\nLocation: /b\r\n\r\n", "/b": OK + b"\r\n"})
    dates = [record.headers["WARC-Date"] for record in read(warc)]
    first, last = (f"{at:%Y-%m-%dT%H:%M:%S.%fZ}" for at in (fetched.hops[0].at, fetched.at))
    assert dates[1:] == [first, first, last, last, last]


def test_what_became_of_it_is_said_in_fields() -> None:
    fetched, _, warc, _ = kept(OK + b"Content-Encoding: br\r\nContent-Length: 3\r\n\r\nxyz")
    assert read(warc)[-1].content.decode().splitlines() == [
        f"asked: {fetched.asked}",
        f"fetchTimeMs: {round(fetched.seconds * 1000)}",
        "bodySize: 3",
        f"bodyDigest: sha256:{fetched.sha256}",
        "note: encoding-unknown br",
    ]
    assert AGENT in read(warc)[0].content.decode()


def test_an_encoded_body_is_asked_for_as_it_came() -> None:
    body = io.BytesIO()
    with serving(OK + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n") as server:
        fetched = fetch(server.url, body, allowed=frozenset({server.pair}))
    with pytest.raises(ValueError, match="as it came"):
        records.write(io.BytesIO(), fetched, body, tool=AGENT)
