"""Time stamps by RFC 3161: an authority signs that it knew a hash at a moment. It is told the hash and nothing else.

    stamp = stamps.stamp(content, "http://time.example/tsr")

What is kept is the reply as it came; `openssl ts -verify -data FILE -in REPLY -CAfile ROOTS` reads it.
"""

import functools
import hashlib
import ssl
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography import x509
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from claims.fetching.posting import ask, sound
from claims.fetching.reach import Resolve, resolved
from claims.fetching.results import Limits

MEDIA_TYPE: Final = "application/timestamp-reply"
LIMITS: Final = Limits(bytes=256 * 1024, seconds=30.0)
SHA256_OID: Final = "2.16.840.1.101.3.4.2.1"
GRANTED: Final = {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}


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


def checked(reply: bytes, digest: bytes, nonce: int, *, roots: Iterable[x509.Certificate] = ()) -> Stamp:
    """The reply's stamp, where it was granted, for this hash and this question. NotStamped where it is not."""
    try:
        response = decode_timestamp_response(reply)
        status = PKIStatus(response.status)
        if status not in GRANTED:
            raise NotStamped(f"The authority did not grant it: {status.name.lower()}.")
        said = response.tst_info
        imprint = said.message_imprint
        signers = response.signed_data.signer_infos
        found = (imprint.hash_algorithm.dotted_string, imprint.message, said.nonce, len(signers))
        at, serial, policy = said.gen_time, said.serial_number, said.policy.dotted_string
    except ValueError as error:
        raise NotStamped("The reply is none of a time stamping authority.") from error
    for what, is_so, should in zip(("algorithm", "hash", "nonce", "signers"), found, (SHA256_OID, digest, nonce, 1),
                                   strict=True):  # fmt: skip
        if is_so != should:
            raise NotStamped(f"The reply is to another question: its {what} is not the one that was sent.")
    by = next(iter(signers)).issuer.rfc4514_string()
    return Stamp(reply, digest.hex(), at, serial, policy, by, _trusted(response, digest, nonce, roots))


def _trusted(response: TimeStampResponse, digest: bytes, nonce: int, roots: Iterable[x509.Certificate]) -> bool:
    trust = [*_of_the_system(), *roots]
    if not trust:
        return False
    try:
        return VerifierBuilder(nonce=nonce, roots=trust).build().verify(response, digest)
    except (VerificationError, ValueError):
        return False


@functools.cache
def _of_the_system() -> tuple[x509.Certificate, ...]:
    """The roots of the system, without those whose number is none: they warn when they are read."""
    context = ssl.create_default_context()
    whole = zip(context.get_ca_certs(), context.get_ca_certs(binary_form=True), strict=True)
    found = []
    for said, certificate in whole:
        if int(str(said["serialNumber"]), 16) > 0:
            with suppress(ValueError):
                found.append(x509.load_der_x509_certificate(certificate))
    return tuple(found)
