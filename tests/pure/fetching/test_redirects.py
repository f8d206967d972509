"""Redirects are followed, told, and lead nowhere else."""

import gc
from collections.abc import Iterator

import pytest

from claims.fetching.safe import Unreachable
from tests.pure.fetching.asking import TEXT, fails, get, leads, with_length
from tests.pure.fetching.servers import Says, canary, serving


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    """A socket that is left is told of here, and warnings are errors."""
    yield
    gc.collect()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_told(status: int) -> None:
    steps: dict[str, Says] = {
        "/": leads("a/b", status=status),
        "/a/b": leads("../c?d", status=status),
        "/c?d": with_length(TEXT),
    }
    with serving(steps) as server:
        got = get(server)
    assert got.body == TEXT
    assert got.fetched.final == server.url + "c?d"
    assert [(hop.url, hop.status, hop.location, hop.address) for hop in got.fetched.hops] == [
        (server.url, status, "a/b", "127.0.0.1"),
        (server.url + "a/b", status, "../c?d", "127.0.0.1"),
    ]
    assert [hop.request for hop in got.fetched.hops] == server.asked[:2]
    assert got.fetched.hops[0].response == leads("a/b", status=status)[:-5]
    assert not any(hop.downgrade for hop in got.fetched.hops)


def test_no_cookie_no_referrer_is_sent() -> None:
    steps: dict[str, Says] = {
        "/": leads("/x", "Set-Cookie: a=b; Path=/", "WWW-Authenticate: Basic"),
        "/x": with_length(b"ok", b"Set-Cookie: c=d"),
    }
    with serving(steps) as server:
        get(server)
        get(server)
    assert len(server.asked) == 4
    for head in server.asked:
        names = [line.split(b":")[0].lower() for line in head.split(b"\r\n")[1:] if line]
        assert names == [b"host", b"user-agent", b"accept", b"accept-encoding", b"connection"]


def test_a_refresh_is_not_followed() -> None:
    with serving(with_length(b'<meta http-equiv="refresh" content="0;url=/x">', b"Refresh: 0; url=/x")) as server:
        got = get(server)
    assert (len(server.asked), got.fetched.hops) == (1, ())


def test_an_endless_trail_is_left() -> None:
    steps: dict[str, Says] = {f"/{number}": leads(f"/{number + 1}") for number in range(20)}
    with serving(steps | {"/": leads("/0")}) as server, pytest.raises(Unreachable) as caught:
        get(server)
    assert (caught.value.code, caught.value.detail) == ("redirects", "more than 5")
    assert len(server.asked) == 6


def test_as_many_redirects_as_are_allowed_are_followed() -> None:
    steps: dict[str, Says] = {f"/{number}": leads(f"/{number + 1}") for number in range(4)}
    with serving(steps | {"/": leads("/0"), "/4": with_length(b"there")}) as server:
        assert len(get(server).fetched.hops) == 5


@pytest.mark.parametrize("location", ["/", "#x", "?", "/./", "HTTP://127.0.0.1:{port}/"])
def test_a_circle_is_left(location: str) -> None:
    with serving() as server:
        server.says = leads(location.format(port=server.port))
        with pytest.raises(Unreachable) as caught:
            get(server)
    assert caught.value.code == "redirects"
    assert len(server.asked) <= 2


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://127.0.0.1:70/_x", "scheme"),
        ("data:text/html,x", "scheme"),
        ("javascript:alert(1)", "scheme"),
        ("http://user:pass@127.0.0.1/", "user"),
        ("http://127.0.0.1:22/", "port"),
        ("http://127.1/", "address"),
        ("http://[::1]/", "address"),
        ("http:/\\127.0.0.1/", "url"),
    ],
)
def test_a_redirect_elsewhere_is_refused(location: str, code: str) -> None:
    failed = fails(leads(location))
    assert (failed.code, failed.again) == (code, False)


def test_a_redirect_injects_nothing_into_the_next_request() -> None:
    steps: dict[str, Says] = {
        "/": leads("/x%0d%0aX-Injected:%201 HTTP/1.1"),
        "/x%0d%0aX-Injected:%201%20HTTP/1.1": with_length(b"ok"),
    }
    with serving(steps) as server:
        assert get(server).body == b"ok"
    assert b"X-Injected: 1" not in server.asked[1]


def test_the_body_of_a_redirect_is_not_waited_for() -> None:
    with serving() as server:
        server.says = {
            "/": server.drip(b"HTTP/1.1 302 Go\r\nLocation: /x\r\n\r\n", b"x"),
            "/x": with_length(b"ok"),
        }
        assert get(server).body == b"ok"


def test_no_proxy_is_taken_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with canary() as bird, serving(with_length(b"ok")) as server:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{bird.port}")
        monkeypatch.setenv("no_proxy", "")
        assert get(server).body == b"ok"
        assert bird.seen() == 0
