"""What a fetch may cost, what it brings, and why it brings nothing (pure)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Limits:
    """Caps of one fetch, redirects included: bytes (on the wire, and decoded), seconds in all, seconds to connect,
    redirects, decoded bytes for each byte on the wire, bytes of one answer's head."""

    bytes: int = 50 * 1024 * 1024
    seconds: float = 60.0
    redirects: int = 5
    connect: float = 10.0
    ratio: int = 100
    header_bytes: int = 64 * 1024


@dataclass(frozen=True)
class Hop:
    """One redirect: what was asked, what was answered, and from which address. `downgrade`: from https to http."""

    url: str
    status: int
    location: str
    address: str
    request: bytes
    response: bytes
    at: datetime
    downgrade: bool = False


@dataclass(frozen=True)
class Fetched:
    """What an address said. `size` and `sha256` are of the decoded body; `encoded`: it came otherwise over the wire (in
    chunks, compressed). `notes` are stable codes, some with a value: "encoding-unknown br", "end-not-said"."""

    asked: str
    final: str
    hops: tuple[Hop, ...]
    status: int
    headers: tuple[tuple[str, str], ...]
    request: bytes
    raw_head: bytes
    address: str
    size: int
    sha256: str
    encoded: bool
    at: datetime
    seconds: float
    notes: tuple[str, ...] = ()


class Unreachable(Exception):
    """Nothing was fetched. `code` is stable, `detail` for people, `again`: another try may do better.

    url (not spelled as an address of the web), user (a name or password in it), scheme, port, name (not found),
    address (not to be reached: detail says why), connect, timeout, tls, broken (not as HTTP wants it, or cut short),
    status, redirects, too-large, bomb.
    """

    def __init__(self, code: str, detail: str = "", *, again: bool = False) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.again = again
