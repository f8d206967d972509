"""A fetch as a WARC/1.1 file (ISO 28500:2017): each request, each answer as it was received, and what became of it."""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, BinaryIO

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser
from warcio.warcwriter import WARCWriter

from claims.fetching.results import Fetched

VERSION = "WARC/1.1"
SPECIFICATION = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
READ = 64 * 1024
RESPONSE = "application/http; msgtype=response"
REQUEST = "application/http; msgtype=request"
FIELDS = "application/warc-fields"

_NO_BODY = re.compile(rb"^content-length[ \t]*:[ \t]*0+[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding[ \t]*:", re.IGNORECASE | re.MULTILINE)


def write(to: BinaryIO, fetched: Fetched, body: BinaryIO, wire: BinaryIO | None = None, *, tool: str) -> str:
    """Write the records, each compressed on its own, and return the sha256 of all that was written.

    `body` and `wire` are the two files that the fetch wrote, each from its beginning. The answer's record holds the
    body as it came. Raises ValueError if it came encoded and `wire` is not given.
    """
    if not fetched.encoded:
        wire = body
    if wire is None:
        raise ValueError("The body came encoded: its record holds it as it came.")
    counted = _Hashed(to)
    records = _Writer(counted)
    records.add("warcinfo", datetime.now(UTC), FIELDS, _fields(("software", tool), ("conformsTo", SPECIFICATION)), {})
    for hop in fetched.hops:
        # a redirect's body is not read: where there is one, the record ends with the head
        cut = {} if _NO_BODY.search(hop.response) else {"WARC-Truncated": "length"}
        said = {"WARC-Target-URI": hop.url, "WARC-IP-Address": hop.address}
        answer = records.add("response", hop.at, RESPONSE, hop.response, said | cut)
        records.add("request", hop.at, REQUEST, hop.request, said | {"WARC-Concurrent-To": answer})
    said = {"WARC-Target-URI": fetched.final, "WARC-IP-Address": fetched.address}
    answer = records.add("response", fetched.at, RESPONSE, fetched.raw_head, said, wire)
    records.add("request", fetched.at, REQUEST, fetched.request, said | {"WARC-Concurrent-To": answer})
    refers = {"WARC-Target-URI": fetched.final, "WARC-Refers-To": answer}
    records.add("metadata", fetched.at, FIELDS, _outcome(fetched), refers)
    return counted.sha256.hexdigest()


def _outcome(fetched: Fetched) -> bytes:
    return _fields(
        ("asked", fetched.asked),
        ("fetchTimeMs", str(round(fetched.seconds * 1000))),
        ("bodySize", str(fetched.size)),
        ("bodyDigest", f"sha256:{fetched.sha256}"),
        *(("note", f"downgrade {hop.url}") for hop in fetched.hops if hop.downgrade),
        *(("note", note) for note in fetched.notes),
    )


def _fields(*fields: tuple[str, str]) -> bytes:
    return "".join(f"{name}: {' '.join(value.split())}\r\n" for name, value in fields).encode()


class _Hashed:
    """A file that is written to, and the sha256 of what is."""

    def __init__(self, to: BinaryIO) -> None:
        self._to = to
        self.sha256 = hashlib.sha256()

    def write(self, piece: bytes) -> int:
        self.sha256.update(piece)
        return self._to.write(piece)

    def flush(self) -> None:
        self._to.flush()


class _Writer(WARCWriter):  # type: ignore[misc]
    """warcio's writer, with blocks as they are: it would spell heads anew, and take SHA-1."""

    def __init__(self, to: _Hashed) -> None:
        super().__init__(to, gzip=True, warc_version=VERSION)

    def ensure_digest(self, record: Any, block: bool = True, payload: bool = True) -> None:
        """The digests stand there already."""

    def add(
        self,
        kind: str,
        at: datetime,
        media_type: str,
        head: bytes,
        headers: dict[str, str],
        body: BinaryIO | None = None,
    ) -> str:
        """Write a record and return its id."""
        block = _Block(head, body)
        name: str = StatusAndHeadersParser.make_warc_id()
        lines = [
            ("WARC-Type", kind),
            ("WARC-Record-ID", name),
            ("WARC-Date", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")),
            *headers.items(),
            *block.digests(),
        ]
        rec_headers = StatusAndHeaders("", lines, protocol=VERSION)
        self.write_record(ArcWarcRecord("warc", kind, rec_headers, block, None, media_type, block.size))
        return name


class _Block:
    """What a record holds: a head, and a body that is read from a file."""

    def __init__(self, head: bytes, body: BinaryIO | None) -> None:
        self._head = head
        self._body = body
        self._pieces = self._read()
        self.size = 0

    def digests(self) -> Iterator[tuple[str, str]]:
        """Of the block; and of the payload where there is one and all mean the same by it.

        Of a body in chunks, the standard's payload is what they hold, but most readers take them with it.
        """
        block, payload = hashlib.sha256(self._head), hashlib.sha256()
        self.size = len(self._head)
        for piece in self._body_pieces():
            block.update(piece)
            payload.update(piece)
            self.size += len(piece)
        yield "WARC-Block-Digest", f"sha256:{block.hexdigest()}"
        if self._body is not None and not _CHUNKED.search(self._head):
            yield "WARC-Payload-Digest", f"sha256:{payload.hexdigest()}"

    def read(self, _size: int) -> bytes:
        """The next piece, as warcio asks for it; empty at the end."""
        return next(self._pieces, b"")

    def _read(self) -> Iterator[bytes]:
        yield self._head
        yield from self._body_pieces()

    def _body_pieces(self) -> Iterator[bytes]:
        body = self._body or BytesIO()
        body.seek(0)
        while piece := body.read(READ):
            yield piece
