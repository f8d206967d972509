"""One question to a service of the web that a setting names, and its answer: no redirect is followed.

By the same connections as safe.fetch: the address is read as strictly, its name's answers are all checked, the
certificate too, and one clock runs over all of it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from claims.fetching import bodies
from claims.fetching.reach import Resolve, connected, resolved
from claims.fetching.results import Limits, Unreachable
from claims.fetching.safe import AGAIN, AGENT
from claims.fetching.urls import Place, parse
from claims.fetching.wire import Body, Clock, Wire, read_head

ANSWER: Final = Limits(bytes=1024 * 1024, seconds=60.0)
_NAME: Final = re.compile(r"[A-Za-z-]+")
_VALUE: Final = re.compile(r"[\x20-\x7e]*")


@dataclass(frozen=True)
class Answered:
    """What a service answered. `body` is decoded; `cut`: no more of it was read than the limit."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    address: str
    at: datetime
    cut: bool = False

    def first(self, name: str) -> str:
        """The value of a header, by its name in small letters; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name), "")


def ask(
    url: str,
    *,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    limits: Limits = ANSWER,
    allowed: frozenset[str] = frozenset(),
    resolve: Resolve = resolved,
    authorities: str | None = None,
    beginning: bool = False,
) -> Answered:
    """Ask (by POST, where there is a body), and bring what was answered, whatever its status: `sound` tells more.

    `beginning`: a longer answer is cut, not refused. Raises Unreachable, as safe.fetch does.
    """
    clock, place = Clock(limits.seconds), parse(url)
    asked = _request(place, body, headers or {})
    with connected(place, clock, limits=limits, allowed=allowed, resolve=resolve, authorities=authorities) as (
        connection,
        address,
    ):
        line, at = Wire(connection, clock), datetime.now(UTC)
        line.send(asked)
        head = read_head(line, limits.header_bytes)
        caps = replace(limits, bytes=Limits.bytes) if beginning else limits
        answer = Body(line, head, most=caps.bytes, trailer=limits.header_bytes)
        wanted, _unknown = bodies.codings(head.all("content-encoding"))
        said, cut = bytearray(), False
        for piece in bodies.decoded(answer.pieces(), wanted, counted=answer, limits=caps):
            said += piece
            if len(said) > limits.bytes:
                cut = True
                break
        return Answered(place.url, head.status, head.headers, bytes(said[: limits.bytes]), address, at, cut)


def sound(answer: Answered, *, redirects: bool = False) -> Answered:
    """The answer, where its status says that the service did as it was asked. Raises Unreachable("status")."""
    if not 200 <= answer.status < (400 if redirects else 300):
        again = answer.status >= 500 or answer.status in AGAIN
        raise Unreachable("status", str(answer.status), again=again)
    return answer


def _request(place: Place, body: bytes | None, headers: Mapping[str, str]) -> bytes:
    """The request, all of it. A header that would be two, or none, is a fault of who asks."""
    if not all(_NAME.fullmatch(name) and _VALUE.fullmatch(value) for name, value in headers.items()):
        raise ValueError("A header has letters that no header can have.")
    lines = [
        f"{'GET' if body is None else 'POST'} {place.target} HTTP/1.1",
        f"Host: {place.authority}",
        f"User-Agent: {AGENT}",
        f"Accept-Encoding: {bodies.ACCEPTED}",
        *(f"{name}: {value}" for name, value in headers.items()),
        *([] if body is None else [f"Content-Length: {len(body)}"]),
        "Connection: close",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + (body or b"")
