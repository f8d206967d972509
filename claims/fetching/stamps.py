"""Time stamps by RFC 3161: an authority signs that it knew a hash at a moment. It is told the hash and nothing else.

    stamp = stamps.stamp(content, "http://time.example/tsr")

What is kept is the reply as it came; `openssl ts -verify -data FILE -in REPLY -CAfile ROOTS` reads it.
"""

import functools
import hashlib
import json
import ssl
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from claims.fetching import sandbox
from claims.fetching.answers import Unreadable
from claims.fetching.posting import ask, sound
from claims.fetching.reach import Resolve, resolved
from claims.fetching.results import Limits, Unreachable
from claims.fetching.sandbox import Around

MEDIA_TYPE: Final = "application/timestamp-reply"
LIMITS: Final = Limits(bytes=256 * 1024, seconds=30.0)
SHA256_OID: Final = "2.16.840.1.101.3.4.2.1"
CELLS: Final = 9
LONGEST: Final = 1000  # characters of a name
NO_REPLY: Final = "The reply is none of a time stamping authority."


@dataclass(frozen=True)
class Stamp:
    """What an authority answered. `sha256` is of what was stamped, `at` the moment that it signs, `by` who signed.

    `trusted`: its signature holds, and leads to an authority that this system trusts. Where it does not, the reply is
    kept all the same: who trusts the authority checks it by the authority's own certificate.
    """

    reply: bytes
    sha256: str
    at: datetime
    serial: int
    policy: str
    by: str
    trusted: bool


class NotStamped(Exception):
    """The authority answered, but with no stamp of this hash: str() says what. Another try will not help."""


def stamp(
    content: bytes,
    authority: str,
    *,
    roots: Iterable[x509.Certificate] = (),
    limits: Limits = LIMITS,
    allowed: frozenset[str] = frozenset(),
    resolve: Resolve = resolved,
) -> Stamp:
    """Have the content's SHA-256 stamped by the authority (a URL). Unreachable, NotStamped.

    `roots`: certificates to trust besides the system's.
    """
    request = TimestampRequestBuilder(content, HashAlgorithm.SHA256).build()
    headers = {"Content-Type": "application/timestamp-query", "Accept": MEDIA_TYPE}
    answer = ask(authority, body=request.as_bytes(), headers=headers, limits=limits, allowed=allowed, resolve=resolve)
    reply = sound(answer).body
    if request.nonce is None:
        raise NotStamped("The request has no nonce.")
    return checked(reply, hashlib.sha256(content).digest(), request.nonce, roots=roots)


def checked(
    reply: bytes,
    digest: bytes,
    nonce: int,
    *,
    roots: Iterable[x509.Certificate] = (),
    _reader: Path = sandbox.STAMP,
    _around: Around = Around(),  # noqa: B008 - frozen
) -> Stamp:
    """The reply's stamp, where it was granted, for this hash and this question. NotStamped where it is not.

    The reply is read by a child, as other foreign bytes are; what the child says of it is looked at here.
    """
    trust = [*_of_the_system(), *(root.public_bytes(Encoding.DER) for root in roots)]
    told = {"digest": digest.hex(), "nonce": str(nonce), "roots": " ".join(b64encode(one).decode() for one in trust)}
    try:
        cells = sandbox.row_of(json.dumps(told).encode() + b"\n" + reply, _reader, _around=_around)
    except Unreadable as why:
        if why.code == "too-slow":
            raise Unreachable("timeout", why.detail, again=True) from why
        raise NotStamped(NO_REPLY) from why
    if cells[0] != "granted":
        raise NotStamped(f"The authority did not grant it: {cells[0][:40]}.")
    return _stamp(reply, cells[1:], (SHA256_OID, digest.hex(), str(nonce), "1"))


def _stamp(reply: bytes, cells: tuple[str, ...], asked: tuple[str, ...]) -> Stamp:
    """Of what a child says: nine cells, of which the first four are what was asked."""
    if len(cells) != CELLS:
        raise NotStamped(NO_REPLY)
    for what, is_so, should in zip(("algorithm", "hash", "nonce", "signers"), cells, asked, strict=False):
        if is_so != should:
            raise NotStamped(f"The reply is to another question: its {what} is not the one that was sent.")
    moment, serial, policy, by, trusted = cells[len(asked) :]
    try:
        at = datetime.fromisoformat(moment).astimezone(UTC)
        number = int(serial)
    except (ValueError, OverflowError) as error:
        raise NotStamped(NO_REPLY) from error
    return Stamp(reply, asked[1], at, number, policy[:LONGEST], by[:LONGEST], trusted == "yes")


@functools.cache
def _of_the_system() -> tuple[bytes, ...]:
    """The roots of the system."""
    return tuple(ssl.create_default_context().get_ca_certs(binary_form=True))
