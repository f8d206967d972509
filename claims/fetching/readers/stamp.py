"""The reply of a time stamping authority: what it says, and whether its signature leads to a root that is trusted.

Before the reply stands a line of JSON, which is ours: the hash and the nonce that were sent, and the roots.
"""

import json
import warnings
from base64 import b64decode
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, Final

from cryptography.x509 import Certificate, load_der_x509_certificate
from rfc3161_client import (
    PKIStatus,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from claims.fetching.readers import Asked, Leaves

GRANTED: Final = {PKIStatus.GRANTED, PKIStatus.GRANTED_WITH_MODS}
YES, NO = "yes", "no"


def read(file: BinaryIO, leaves: Leaves, asked: Asked) -> None:
    """Hands over one row, of the status and, where it was granted, of what it is a stamp of (stamps.Said)."""
    told = json.loads(file.readline())
    response = decode_timestamp_response(file.read())
    status = PKIStatus(response.status)
    if status not in GRANTED:
        leaves.row("", [status.name.lower()])
        return
    said, signers = response.tst_info, response.signed_data.signer_infos
    imprint = said.message_imprint
    leaves.row(
        "",
        [
            "granted",
            imprint.hash_algorithm.dotted_string,
            imprint.message.hex(),
            str(said.nonce),
            str(len(signers)),
            said.gen_time.isoformat(),
            str(said.serial_number),
            said.policy.dotted_string,
            next(iter(signers)).issuer.rfc4514_string(),
            YES if _trusted(response, told) else NO,
        ],
    )


def _trusted(response: TimeStampResponse, told: dict[str, str]) -> bool:
    roots = list(_roots(told["roots"]))
    if not roots:
        return False
    try:
        verifier = VerifierBuilder(nonce=int(told["nonce"]), roots=roots).build()
        return verifier.verify(response, bytes.fromhex(told["digest"]))
    except (VerificationError, ValueError):
        return False


def _roots(encoded: str) -> Iterator[Certificate]:
    """The roots; those whose number is none warn when they are read."""
    with warnings.catch_warnings(action="ignore"):
        for root in encoded.split():
            with suppress(ValueError):
                yield load_der_x509_certificate(b64decode(root))
