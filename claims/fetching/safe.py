"""Fetch what an address of the open web says, and reach nothing else on the way.

An address is read strictly (`urls`), its name is looked up once and all answers are checked (`addresses`, `reach`), the
connection goes to a checked one, and every redirect starts over. One clock runs over all of it. No proxy, no cookie, no
referrer, no password: each request is the first one.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import BinaryIO

from claims.fetching import bodies
from claims.fetching.reach import Resolve, connected, resolved
from claims.fetching.results import Fetched, Hop, Limits, Unreachable
from claims.fetching.urls import Place, onward, parse
from claims.fetching.wire import Body, Clock, Head, Wire, read_head

__all__ = ["AGENT", "Fetched", "Hop", "Limits", "Unreachable", "fetch"]

AGENT = "Galley/0.1.0 (+claim checking)"
ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8"
REDIRECTS = (301, 302, 303, 307, 308)
# 206 is a part of it, though none was asked for
NOT_WHOLE = 206
AGAIN = (408, 425, 429)


def fetch(
    url: str,
    to: BinaryIO,
    *,
    wire: BinaryIO | None = None,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    allowed: frozenset[str] = frozenset(),
    resolve: Resolve = resolved,
    authorities: str | None = None,
) -> Fetched:
    """Write what the address says to `to`, decoded; and to `wire` the body as it came, if it came otherwise.

    `allowed`: "host:port" pairs that may be on this machine or in its network. `authorities`: a file of certificates
    to trust instead of the system's. Raises Unreachable (what is in the files then is of no use), and OSError where
    the files cannot be written.
    """
    trip = _Trip(url, Clock(limits.seconds), limits, allowed, resolve, authorities)
    place = parse(url)
    seen = {place.url}
    while True:
        found = trip.step(place, to, wire)
        if isinstance(found, Fetched):
            return found
        place = found
        if place.url in seen:
            raise Unreachable("redirects", "in a circle")
        if len(trip.hops) > limits.redirects:
            raise Unreachable("redirects", f"more than {limits.redirects}")
        seen.add(place.url)


def request(place: Place) -> bytes:
    """The request, all of it. The place's parts are ASCII without spaces or ends of lines."""
    lines = (
        f"GET {place.target} HTTP/1.1",
        f"Host: {place.authority}",
        f"User-Agent: {AGENT}",
        f"Accept: {ACCEPT}",
        f"Accept-Encoding: {bodies.ACCEPTED}",
        "Connection: close",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii")


@dataclass
class _Trip:
    """One fetch from its first address to its last."""

    asked: str
    clock: Clock
    limits: Limits
    allowed: frozenset[str]
    resolve: Resolve
    authorities: str | None
    hops: list[Hop] = field(default_factory=list)

    def step(self, place: Place, to: BinaryIO, wire: BinaryIO | None) -> Fetched | Place:
        """Ask there: what it says, or where it leads."""
        with connected(
            place,
            self.clock,
            limits=self.limits,
            allowed=self.allowed,
            resolve=self.resolve,
            authorities=self.authorities,
        ) as (connection, address):
            line = Wire(connection, self.clock)
            at = datetime.now(UTC)
            line.send(request(place))
            head = read_head(line, self.limits.header_bytes)
            location = head.first("location")
            if head.status in REDIRECTS and location:
                return self._led(place, head, location, address, at)
            _check(head.status)
            return self._kept(place, head, line, address, at, to, wire)

    def _led(self, place: Place, head: Head, location: str, address: str, at: datetime) -> Place:
        """The next place. The body of a redirect is left unread."""
        there = onward(place, location)
        downgrade = (place.scheme, there.scheme) == ("https", "http")
        asked = request(place)
        self.hops.append(Hop(place.url, head.status, location, address, asked, head.raw, at, downgrade))
        return there

    def _kept(
        self, place: Place, head: Head, line: Wire, address: str, at: datetime, to: BinaryIO, wire: BinaryIO | None
    ) -> Fetched:
        wanted, unknown = bodies.codings(head.all("content-encoding"))
        body = Body(line, head, most=self.limits.bytes, trailer=self.limits.header_bytes)
        encoded = body.chunked or bool(wanted)
        if encoded and wire is not None:
            body.keep = wire.write
        digest, size = hashlib.sha256(), 0
        for piece in bodies.decoded(body.pieces(), wanted, counted=body, limits=self.limits):
            digest.update(piece)
            size += to.write(piece)
        notes = (f"encoding-unknown {unknown}"[:80],) if unknown else ()
        return Fetched(
            asked=self.asked,
            final=place.url,
            hops=tuple(self.hops),
            status=head.status,
            headers=head.headers,
            request=request(place),
            raw_head=head.raw,
            address=address,
            size=size,
            sha256=digest.hexdigest(),
            encoded=encoded,
            at=at,
            seconds=self.clock.passed(),
            notes=notes if body.end_said else (*notes, "end-not-said"),
        )


def _check(status: int) -> None:
    if not 200 <= status < 300 or status == NOT_WHOLE:
        raise Unreachable("status", str(status), again=status >= 500 or status in AGAIN)
