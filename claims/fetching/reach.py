"""A connection to a place: its name looked up once, every answer checked, and the one connected to is one of those."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from claims.fetching.addresses import refusal
from claims.fetching.results import Limits, Unreachable
from claims.fetching.urls import Place
from claims.fetching.wire import Clock

type Resolve = Callable[[str, int], Sequence[str]]

# what an explicit allowance lifts, and nothing else: no metadata, no link-local, no form of an address in another
LIFTED = frozenset({"loopback", "private", "own"})
TRIES = 4
# RFC 5737 and 3849: on no machine, so a machine that lets these be bound lets all be
NOBODYS = {socket.AF_INET: "192.0.2.1", socket.AF_INET6: "2001:db8::1"}


def resolved(name: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them, an IPv6 zone with its address."""
    answers = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    found = [
        f"{answer[0]}%{answer[3]}" if len(answer) > 3 and answer[3] and "%" not in str(answer[0]) else str(answer[0])
        for *_, answer in answers
    ]
    return list(dict.fromkeys(found))


@contextmanager
def connected(
    place: Place, clock: Clock, *, limits: Limits, allowed: frozenset[str], resolve: Resolve, authorities: str | None
) -> Iterator[tuple[socket.socket, str]]:
    """A connection to the place, with TLS where it is https, and the address it goes to. Closed whatever happens."""
    addresses = [place.name] if place.literal else _answers(place, clock, resolve)
    for address in addresses:
        reason = refusal(address) or ("own" if _own(address) else None)
        if reason and not (place.pair in allowed and reason in LIFTED):
            raise Unreachable("address", f"{place.host}: {reason}")
    connection, address = _first(addresses, place, clock, limits)
    try:
        if place.scheme == "https":
            connection = _secured(connection, place, clock, limits, authorities)
        yield connection, address
    finally:
        connection.close()


def _answers(place: Place, clock: Clock, resolve: Resolve) -> list[str]:
    """What the name means now. The system's resolver knows no deadline, so it runs beside and is left behind."""
    told: list[Sequence[str] | Exception] = []

    def ask() -> None:
        try:
            told.append(resolve(place.name, place.port))
        except (OSError, UnicodeError) as error:
            told.append(error)

    thread = threading.Thread(target=ask, name="resolve", daemon=True)
    thread.start()
    thread.join(clock.left())
    if not told:
        clock.left()
        raise Unreachable("name", place.name, again=True)
    answers = told[0]
    if isinstance(answers, Exception):
        again = isinstance(answers, socket.gaierror) and answers.errno in (socket.EAI_AGAIN, socket.EAI_FAIL)
        raise Unreachable("name", place.name, again=again) from answers
    if not answers:
        raise Unreachable("name", place.name)
    return list(answers)


def _own(address: str) -> bool:
    """Whether this very machine has the address: from outside a firewall stands before it, from here none does."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return _binds(family, address) and not _binds(family, NOBODYS[family])


def _binds(family: socket.AddressFamily, address: str) -> bool:
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def _first(addresses: list[str], place: Place, clock: Clock, limits: Limits) -> tuple[socket.socket, str]:
    """The first address that takes a connection."""
    error: OSError | None = None
    for address in addresses[:TRIES]:
        connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            connection.settimeout(min(limits.connect, clock.left()))
            connection.connect((address, place.port))
        except OSError as failed:
            connection.close()
            error = failed
        except BaseException:
            connection.close()
            raise
        else:
            return connection, address
    clock.left()
    code = "timeout" if isinstance(error, TimeoutError) else "connect"
    raise Unreachable(code, place.pair, again=True) from error


def _secured(
    connection: socket.socket, place: Place, clock: Clock, limits: Limits, authorities: str | None
) -> ssl.SSLSocket:
    """TLS, its certificate checked against the name that was asked for. What fails leaves nothing open."""
    secured: ssl.SSLSocket | None = None
    try:
        secured = _context(authorities).wrap_socket(
            connection, server_hostname=place.name, do_handshake_on_connect=False, suppress_ragged_eofs=False
        )
        secured.settimeout(min(limits.connect, clock.left()))
        secured.do_handshake()
    except (OSError, ValueError) as error:
        (secured or connection).close()
        raise _told(error, place, clock) from error
    except BaseException:
        (secured or connection).close()
        raise
    return secured


def _told(error: OSError | ValueError, place: Place, clock: Clock) -> Unreachable:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Unreachable("tls", error.verify_message)
    if isinstance(error, TimeoutError):
        clock.left()
        return Unreachable("timeout", place.pair, again=True)
    if isinstance(error, ssl.SSLError | ValueError):
        return Unreachable("tls", place.host)
    return Unreachable("connect", place.pair, again=True)


@lru_cache(maxsize=4)
def _context(authorities: str | None) -> ssl.SSLContext:
    """Certificates and names are checked, by the system's authorities or those of a file; TLS from 1.2 on."""
    context = ssl.create_default_context(cafile=authorities)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    return context
