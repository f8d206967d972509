"""Nothing is reached that must not be: addresses × ways to name them, with listeners that must hear nothing."""

import io
import subprocess
import sys
from collections.abc import Iterator
from ipaddress import IPv6Address, ip_address
from pathlib import Path

import pytest

from claims.fetching import reach
from claims.fetching.safe import Unreachable, fetch
from tests.pure.fetching.addresses_table import REFUSED
from tests.pure.fetching.servers import Canary, Server, canary, serving, watching

ADDRESSES = [address for address, _ in REFUSED]
GOOD = "93.184.216.34"
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def bird() -> Iterator[Canary]:
    with canary() as found:
        yield found


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving({}) as running:
        yield running


class Resolver:
    """A name server in the attacker's hand: it answers each time with the next of its answers, then with the last."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, name: str, port: int) -> list[str]:
        self.asked.append(name)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def bracketed(address: str) -> str:
    return f"[{address}]" if ":" in address else address


def refused(
    url: str, bird: Canary, *, resolve: Resolver, server: Server | None = None, names: tuple[str, ...] = ()
) -> str:
    """Fetch, and see that nobody was connected to but the server that is allowed; the code of the refusal."""
    allowed = frozenset(f"{name}:{server.port}" for name in ("127.0.0.1", *names)) if server else frozenset()
    with watching() as tried, pytest.raises(Unreachable) as caught:
        fetch(url, io.BytesIO(), allowed=allowed, resolve=resolve)
    assert {tuple(there) for there in tried} <= ({("127.0.0.1", server.port)} if server else set())
    assert bird.seen() == 0
    assert not caught.value.again
    return caught.value.code


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_that_is_asked_for(address: str, bird: Canary) -> None:
    resolver = Resolver([address])
    assert refused(f"http://{bracketed(address)}:{bird.port}/", bird, resolve=resolver) == "address"
    assert refused(f"https://{bracketed(address)}:{bird.port}/", bird, resolve=resolver) == "address"
    assert resolver.asked == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_redirect_to_it(address: str, bird: Canary, server: Server) -> None:
    for scheme in ("http", "https"):
        there = f"{scheme}://{bracketed(address)}:{bird.port}/"
        server.says = b"HTTP/1.1 302 Found\r\nLocation: " + there.encode() + b"\r\n\r\n"
        assert refused(server.url, bird, resolve=Resolver([address]), server=server) == "address"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_name_that_means_it(address: str, bird: Canary) -> None:
    resolver = Resolver([address])
    assert refused(f"http://name.example:{bird.port}/", bird, resolve=resolver) == "address"
    assert resolver.asked == ["name.example"]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("order", ["first", "last"])
def test_a_name_that_also_means_it(address: str, order: str, bird: Canary) -> None:
    answers = [address, GOOD] if order == "first" else [GOOD, "2606:4700:4700::1111", address]
    assert refused(f"http://name.example:{bird.port}/", bird, resolve=Resolver(answers)) == "address"


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_name_that_means_it_once_it_was_checked(address: str, bird: Canary, server: Server) -> None:
    """The first answer is checked and used; there is no second question that could be answered otherwise."""
    server.says = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
    resolver = Resolver(["127.0.0.1"], [address])
    to = io.BytesIO()
    with watching() as tried:
        fetched = fetch(
            f"http://name.example:{server.port}/",
            to,
            allowed=frozenset({f"name.example:{server.port}"}),
            resolve=resolver,
        )
    assert tried == [("127.0.0.1", server.port)]
    assert (fetched.address, to.getvalue(), resolver.asked) == ("127.0.0.1", b"ok", ["name.example"])
    assert bird.seen() == 0


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_name_that_means_it_after_a_redirect(address: str, bird: Canary, server: Server) -> None:
    there = f"http://name.example:{bird.port}/"
    server.says = b"HTTP/1.1 307 Again\r\nLocation: " + there.encode() + b"\r\n\r\n"
    resolver = Resolver(["127.0.0.1"], [address])
    url = f"http://name.example:{server.port}/"
    assert refused(url, bird, resolve=resolver, server=server, names=("name.example",)) == "address"
    assert resolver.asked == ["name.example", "name.example"]


def spellings(address: str) -> list[str]:
    """How else the address could be written, so that some reader of it goes there."""
    ip = ip_address(address)
    user = [f"example.com@{bracketed(address)}", f"{bracketed(address)}%00", f"{bracketed(address)}\\@example.com"]
    if isinstance(ip, IPv6Address):
        bare, _, zone = address.partition("%")
        long = IPv6Address(bare).exploded
        whole = [] if zone else [f"[{long.upper()}]", f"[{long}]"]
        return [*user, *whole, f"[{bare}%25lo]", f"[{bare}%lo]", bare, f"[{bare}].", f"[ {bare}]"]
    octets = address.split(".")
    number = int(ip)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return [
        *user,
        str(number),
        hex(number),
        f"0{number:o}",
        f"{octets[0]}.{number & 0xFFFFFF}",
        f"{octets[0]}.{octets[1]}.{number & 0xFFFF}",
        ".".join(f"0{int(octet):o}" for octet in octets),
        ".".join(hex(int(octet)) for octet in octets),
        ".".join(hex(int(octet)).upper() for octet in octets),
        ".".join(f"{int(octet):03}" for octet in octets) + ".",
        f"{octets[0]}.0x{number & 0xFFFFFF:x}",
        address + ".",
        address.translate(wide),
        address.replace(".", "。"),
        address.replace(".", "．"),
        address.replace(".", "%2e"),
        "".join(f"%{ord(sign):x}" for sign in address),
        str(number + (1 << 32)),
        f"[::{address}]",
        f"[::ffff:{address}]",
        f"[64:ff9b::{address}]",
    ]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_odd_spelling_of_it(address: str, bird: Canary) -> None:
    for spelled in spellings(address):
        code = refused(f"http://{spelled}:{bird.port}/", bird, resolve=Resolver([address]))
        assert code in ("address", "url", "user", "port"), spelled


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_redirect_to_an_odd_spelling_of_it(address: str, bird: Canary, server: Server) -> None:
    for spelled in spellings(address):
        there = f"//{spelled}:{bird.port}/"
        server.says = b"HTTP/1.1 301 Moved\r\nLocation: " + there.encode() + b"\r\n\r\n"
        code = refused(server.url, bird, resolve=Resolver([address]), server=server)
        assert code in ("address", "url", "user", "port"), spelled


@pytest.mark.parametrize(
    "trick",
    [
        "http://example.com#@127.0.0.1:{port}/",
        "http://example.com/@127.0.0.1:{port}/",
        "http://example.com?@127.0.0.1:{port}/",
        "http:/\\127.0.0.1:{port}/",
        "http:\\\\127.0.0.1:{port}/",
        "http:127.0.0.1:{port}",
        "http:///127.0.0.1:{port}/",
        "http://example.com:80\\@127.0.0.1:{port}/",
        "http://127.0.0.1\t:{port}/",
        "http://127.0.0.1:{port}\n/",
        "ht\ntp://127.0.0.1:{port}/",
        "http://localhost:{port}/",
        "http://LOCALHOST.:{port}/",
        "http://localhost.localdomain:{port}/",
        "http://ⓛocalhost:{port}/",
        "http://x.localhost:{port}/",
        "http://ip6-localhost:{port}/",
        "https://localhost:{port}/",
    ],
)
def test_a_trick_of_spelling(trick: str, bird: Canary) -> None:
    """The name server says loopback to every name, as the system's would to localhost."""
    resolver = Resolver(["127.0.0.1", "::1"])
    assert refused(trick.format(port=bird.port), bird, resolve=resolver) in ("address", "url", "scheme")
    assert set(resolver.asked) <= {
        *("example.com", "localhost", "localhost.localdomain", "x.localhost", "ip6-localhost")
    }


def test_the_systems_own_resolver_is_checked_as_well(bird: Canary) -> None:
    with watching() as tried, pytest.raises(Unreachable) as caught:
        fetch(f"http://localhost:{bird.port}/", io.BytesIO())
    assert (caught.value.code, caught.value.detail) == ("address", "localhost: loopback")
    assert tried == []
    assert bird.seen() == 0


# --- the allowance --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pair", ["127.0.0.1:1", "127.0.0.1", "localhost:{port}", "127.0.0.2:{port}", "[::1]:{port}", "*:{port}", ""]
)
def test_another_pair_allows_nothing(pair: str, bird: Canary) -> None:
    with pytest.raises(Unreachable) as caught:
        fetch(f"http://127.0.0.1:{bird.port}/", io.BytesIO(), allowed=frozenset({pair.format(port=bird.port)}))
    assert caught.value.code == "address"
    assert bird.seen() == 0


@pytest.mark.parametrize("address", [ip for ip, reason in REFUSED if reason not in ("loopback", "private")])
def test_an_allowed_name_leads_to_this_machine_and_its_network_alone(address: str) -> None:
    with watching() as tried, pytest.raises(Unreachable) as caught:
        fetch(
            "http://name.example:8000/",
            io.BytesIO(),
            allowed=frozenset({"name.example:8000"}),
            resolve=Resolver([address]),
        )
    assert caught.value.code == "address"
    assert tried == []


def test_what_is_allowed_by_its_pair_is_reached(server: Server) -> None:
    server.says = b"HTTP/1.1 200 OK\r\n\r\nhere"
    to = io.BytesIO()
    fetch(server.url, to, allowed=frozenset({server.pair}))
    assert to.getvalue() == b"here"


# --- this machine's own addresses -----------------------------------------------------------------------------------


def test_the_machines_own_addresses_are_known() -> None:
    assert reach._own("127.0.0.1")
    assert not reach._own(GOOD)
    assert not reach._own("2606:4700:4700::1111")


ALONE = """
import io, socket, threading
from claims.fetching.safe import Unreachable, fetch
with socket.create_server(("93.184.216.34", 8000)) as server:
    server.setblocking(False)
    try:
        fetch("http://name.example:8000/", io.BytesIO(), resolve=lambda name, port: ["93.184.216.34"])
    except Unreachable as refused:
        print(refused.code, refused.detail)
    try:
        server.accept()
    except BlockingIOError:
        print("nobody came")
"""


def test_a_global_address_of_the_machine_itself_is_refused() -> None:
    """From here no firewall stands before it. In a network of its own, where the machine has such an address."""
    inside = f"ip link set lo up && ip address add {GOOD}/32 dev lo && exec {sys.executable} -c '{ALONE}'"
    try:
        subprocess.run(["unshare", "-rn", "ip", "link"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this system gives no network of one's own")
    done = subprocess.run(["unshare", "-rn", "sh", "-c", inside], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.stdout.splitlines() == ["address name.example: own", "nobody came"], done.stderr
