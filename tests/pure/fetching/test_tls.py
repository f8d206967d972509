"""Over TLS: the certificate is checked against the name, by whom it should be, and what fails leaves nothing open."""

import gc
import io
import socket
import ssl
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from claims.fetching.safe import Fetched, Limits, Unreachable, fetch
from tests.pure.fetching.certificates import Authority
from tests.pure.fetching.servers import Server, serving

NAME = "name.example"
SAYS = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    yield
    gc.collect()


def get(server: Server, trusted: Path | None, *, name: str = NAME, limits: Limits = Limits(seconds=10)) -> Fetched:  # noqa: B008
    pairs = frozenset({f"{name}:{server.port}", server.pair})
    url = f"https://{name}:{server.port}/"
    authorities = str(trusted) if trusted else None
    return fetch(
        url, io.BytesIO(), limits=limits, allowed=pairs, authorities=authorities, resolve=lambda *_: ["127.0.0.1"]
    )


def test_a_good_certificate_and_the_name_that_is_told(authority: Authority) -> None:
    with serving(SAYS, tls=authority.server(NAME)) as server:
        fetched = get(server, authority.file)
    assert (fetched.size, fetched.final) == (2, f"https://{NAME}:{server.port}/")
    assert server.names == [NAME]
    assert f"\r\nHost: {NAME}:{server.port}\r\n".encode() in server.asked[0]


def test_a_name_with_its_last_dot_is_the_same_name(authority: Authority) -> None:
    with serving(SAYS, tls=authority.server(NAME)) as server:
        fetch(
            f"https://{NAME.upper()}.:{server.port}/",
            io.BytesIO(),
            allowed=frozenset({f"{NAME}:{server.port}"}),
            authorities=str(authority.file),
            resolve=lambda *_: ["127.0.0.1"],
        )
    assert server.names == [NAME]


def test_an_address_is_checked_as_an_address(authority: Authority) -> None:
    with serving(SAYS, tls=authority.server("127.0.0.1")) as server:
        get(server, authority.file, name="127.0.0.1")
    assert server.names == [None]


@pytest.mark.parametrize(
    ("names", "days"),
    [
        (("other.example",), 1),
        (("127.0.0.1",), 1),
        (("*.example",), -1),
        ((NAME,), -1),
        (("a.name.example", "*.name.example"), 1),
    ],
)
def test_a_bad_certificate_is_refused_before_anything_is_asked(
    names: tuple[str, ...], days: int, authority: Authority
) -> None:
    with serving(SAYS, tls=authority.server(*names, days=days)) as server, pytest.raises(Unreachable) as caught:
        get(server, authority.file)
    assert (caught.value.code, caught.value.again) == ("tls", False)
    assert server.asked in ([], [b""])


def test_an_authority_that_the_system_does_not_know_is_not_trusted(authority: Authority) -> None:
    with serving(SAYS, tls=authority.server(NAME)) as server, pytest.raises(Unreachable) as caught:
        get(server, None)
    assert caught.value.code == "tls"
    assert server.asked in ([], [b""])


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1])
def test_old_versions_are_refused(version: ssl.TLSVersion, authority: Authority) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context = authority.server(NAME, tls=version)
    with serving(SAYS, tls=context) as server, pytest.raises(Unreachable) as caught:
        get(server, authority.file)
    assert caught.value.code == "tls"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_versions_that_are_spoken(version: ssl.TLSVersion, authority: Authority) -> None:
    with serving(SAYS, tls=authority.server(NAME, tls=version)) as server:
        assert get(server, authority.file).size == 2


def test_a_server_without_tls(authority: Authority) -> None:
    with serving(SAYS) as server, pytest.raises(Unreachable) as caught:
        get(server, authority.file)
    assert caught.value.code == "tls"


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_server_that_wants_a_certificate_of_us(version: ssl.TLSVersion, authority: Authority) -> None:
    context = authority.server(NAME, tls=version)
    context.load_verify_locations(authority.file)
    context.verify_mode = ssl.CERT_REQUIRED
    with serving(SAYS, tls=context) as server, pytest.raises(Unreachable) as caught:
        get(server, authority.file)
    # with 1.3 the request is on its way already, and the refusal may be lost with the connection
    assert caught.value.code in ({"tls"} if version == ssl.TLSVersion.TLSv1_2 else {"tls", "broken"})
    assert server.asked == []


def test_a_handshake_that_never_ends(authority: Authority) -> None:
    with serving() as server:
        server.says = server.drip(b"", b"")
        with pytest.raises(Unreachable) as caught:
            get(server, authority.file, limits=Limits(seconds=0.4))
    assert (caught.value.code, caught.value.again) == ("timeout", True)


def test_a_body_that_drips(authority: Authority) -> None:
    with serving(tls=authority.server(NAME)) as server:
        server.says = server.drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x")
        with pytest.raises(Unreachable) as caught:
            get(server, authority.file, limits=Limits(seconds=1))
    assert caught.value.code == "timeout"


def ragged(says: bytes) -> object:
    """Says it and hangs up without TLS's goodbye."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(says)
        connection.shutdown(socket.SHUT_RDWR)

    return answer


@pytest.mark.parametrize(
    ("head", "notes"), [(b"HTTP/1.1 200 OK\r\n\r\n", ("end-not-said",)), (SAYS.removesuffix(b"ok"), ())]
)
def test_an_end_that_nothing_said_is_told(head: bytes, notes: tuple[str, ...], authority: Authority) -> None:
    with serving(ragged(head + b"ok"), tls=authority.server(NAME)) as server:
        fetched = get(server, authority.file)
    assert (fetched.size, fetched.notes) == (2, notes)


def test_an_end_with_a_goodbye_is_an_end(authority: Authority) -> None:
    with serving(b"HTTP/1.1 200 OK\r\n\r\nok", tls=authority.server(NAME)) as server:
        assert get(server, authority.file).notes == ()


def test_less_than_was_said_is_broken_over_tls_too(authority: Authority) -> None:
    with serving(ragged(SAYS[:-1]), tls=authority.server(NAME)) as server, pytest.raises(Unreachable) as caught:
        get(server, authority.file)
    assert (caught.value.code, caught.value.again) == ("broken", True)


def test_a_way_down_from_https_is_followed_and_told(authority: Authority) -> None:
    with serving(SAYS) as plain:
        down = f"HTTP/1.1 302 Found\r\nLocation: {plain.url}\r\n\r\n".encode()
        with serving(down, tls=authority.server(NAME)) as server:
            fetched = fetch(
                f"https://{NAME}:{server.port}/",
                io.BytesIO(),
                allowed=frozenset({f"{NAME}:{server.port}", plain.pair}),
                authorities=str(authority.file),
                resolve=lambda *_: ["127.0.0.1"],
            )
    assert [hop.downgrade for hop in fetched.hops] == [True]
    assert fetched.final == plain.url
