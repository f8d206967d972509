"""Addresses of the web, read strictly (pure): one meaning or none. What browsers would guess at is refused."""

import re
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote, urljoin

from claims.fetching.results import Unreachable

PORTS = {"http": 80, "https": 443}
LONGEST = 8000
# Fetch standard, 2.9 "port blocking": no web server is there, but something that could be told what to do
BAD_PORTS = frozenset({
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515,
    526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049,
    3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
})  # fmt: skip
# controls, halves of characters, separators of lines and paragraphs
FORBIDDEN = frozenset({"Cc", "Cs", "Zl", "Zp"})
# Python's IDNA (2003) makes other names of these than browsers do (2008), or drops them
DEVIATIONS = frozenset("ßẞς\u200c\u200d")
SAFE = "%/:?#[]@!$&'()*+,;=~-._"

_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):(.*)", re.DOTALL)
_PARTS = re.compile(r"//([^/?#]*)([^?#]*)(\?[^#]*)?(?:#.*)?", re.DOTALL)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_\-]{0,61}[a-z0-9_\-])?")
# WHATWG URL, "ends in a number": browsers take such a host for an IPv4 address, however it is spelled
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True)
class Place:
    """Where to go and what to ask for there. `name` is a host's name in ASCII, or an IP address."""

    scheme: str
    name: str
    port: int
    target: str
    literal: bool

    @property
    def host(self) -> str:
        """As it stands in an address: IPv6 in brackets."""
        return f"[{self.name}]" if ":" in self.name else self.name

    @property
    def pair(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def authority(self) -> str:
        return self.host if self.port == PORTS[self.scheme] else self.pair

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse(url: str) -> Place:
    """The place that an address names. Raises Unreachable: url, scheme, user, port, address."""
    text = url.strip(" ")
    if len(text) > LONGEST:
        raise Unreachable("url", f"longer than {LONGEST:,} characters")
    if any(unicodedata.category(sign) in FORBIDDEN for sign in text):
        raise Unreachable("url", "control characters")
    scheme, rest = _scheme(text)
    parts = _PARTS.fullmatch(rest)
    if not parts:
        raise Unreachable("url", "no host")
    authority, path, query = parts[1], parts[2], parts[3] or ""
    if "\\" in authority + path:
        raise Unreachable("url", "backslash")
    if "@" in authority:
        raise Unreachable("user")
    host, port = _split(authority)
    name, literal = _host(host)
    return Place(scheme, name, _port(port, PORTS[scheme]), quote(path or "/", SAFE) + quote(query, SAFE), literal)


def onward(place: Place, location: str) -> Place:
    """Where a Location header leads to from here. It is read as strictly as an address that a person gives."""
    text = _as_typed(location).strip(" \t")
    if any(unicodedata.category(sign) in FORBIDDEN for sign in text):
        raise Unreachable("url", "control characters")  # urljoin would take them out
    if _URL.fullmatch(text):
        return parse(text)
    if text.startswith("///"):
        raise Unreachable("url", "no host")  # browsers find one in it all the same
    try:
        return parse(urljoin(place.url, text))
    except ValueError as error:
        raise Unreachable("url", "no host") from error


def _as_typed(location: str) -> str:
    """Headers come as Latin-1; addresses in them are UTF-8, or bytes to be kept as they are."""
    raw = location.encode("latin-1")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in raw)


def _scheme(text: str) -> tuple[str, str]:
    found = _URL.fullmatch(text)
    if not found:
        raise Unreachable("scheme")
    scheme = found[1].lower()
    if scheme not in PORTS:
        raise Unreachable("scheme", scheme)
    return scheme, found[2]


def _split(authority: str) -> tuple[str, str]:
    """Host and port, as they are spelled."""
    if not authority.startswith("["):
        host, _, port = authority.partition(":")
        return host, port
    host, bracket, rest = authority.partition("]")
    if not bracket or (rest and not rest.startswith(":")):
        raise Unreachable("url", "brackets")
    return host + bracket, rest[1:]


def _port(spelled: str, default: int) -> int:
    if not spelled:
        return default
    if not re.fullmatch("[0-9]{1,5}", spelled):
        raise Unreachable("port", spelled[:20])
    port = int(spelled)
    if port > 65535 or port in BAD_PORTS:
        raise Unreachable("port", spelled)
    return port


def _host(spelled: str) -> tuple[str, bool]:
    """The host's name in ASCII or its IP address, and whether it is one."""
    if spelled.startswith("["):
        return _literal6(spelled[1:-1]), True
    name = _ascii(spelled)
    if _NUMBER.fullmatch(name.rpartition(".")[2]):
        return _literal4(name, spelled), True
    if len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        raise Unreachable("url", "host")
    return name, False


def _ascii(spelled: str) -> str:
    if not spelled or len(spelled) > 253 or DEVIATIONS.intersection(spelled):
        raise Unreachable("url", "host")
    try:
        name = spelled if spelled.isascii() else spelled.encode("idna").decode()
    except UnicodeError as error:
        raise Unreachable("url", "host") from error
    return name.lower().removesuffix(".")


def _literal4(name: str, spelled: str) -> str:
    """Only the one spelling that nobody reads otherwise: four decimal numbers in ASCII."""
    try:
        address = str(IPv4Address(name))
    except ValueError as error:
        raise Unreachable("address", "odd spelling") from error
    if address != spelled:
        raise Unreachable("address", "odd spelling")
    return address


def _literal6(spelled: str) -> str:
    try:
        address = IPv6Address(spelled)
    except ValueError as error:
        raise Unreachable("address", "odd spelling") from error
    if address.scope_id is not None:
        raise Unreachable("address", "zone")
    return str(address)
