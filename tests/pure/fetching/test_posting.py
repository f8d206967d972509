"""One question to a service, by the same door as a fetch, and its answer."""

from pathlib import Path

import pytest

from claims.fetching.posting import Answered, ask, sound
from claims.fetching.results import Limits, Unreachable
from tests.pure.fetching.asking import gzipped
from tests.pure.fetching.certificates import Authority
from tests.pure.fetching.servers import Server, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def asked(server: Server, **more: object) -> Answered:
    return ask(server.url, allowed=frozenset({server.pair}), **more)  # type: ignore[arg-type]


def test_a_question_goes_out_as_it_was_put() -> None:
    with serving(OK) as server:
        answer = asked(server, headers={"Accept": "application/json"})
    (said,) = server.asked
    assert said.startswith(b"GET / HTTP/1.1\r\nHost: " + server.pair.encode())
    assert b"\r\nAccept: application/json\r\n" in said
    assert b"Cookie" not in said
    assert (answer.status, answer.body, answer.address, answer.cut) == (200, b"ok", "127.0.0.1", False)
    assert answer.first("content-length") == "2"


@pytest.mark.parametrize("headers", [{"Accept": "a\r\nX: b"}, {"A: b\r\nC": "d"}, {"": "a"}, {"Accept": "é"}])
def test_a_header_is_one_header(headers: dict[str, str]) -> None:
    with serving(OK) as server, pytest.raises(ValueError, match="letters"):
        asked(server, headers=headers)
    assert server.asked == []


def test_no_redirect_is_followed() -> None:
    with serving(OK) as there:
        moved = b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n" % there.url.encode()
        with serving(moved) as server:
            answer = ask(server.url, allowed=frozenset({server.pair, there.pair}))
    assert (answer.status, answer.first("location")) == (302, there.url)
    assert there.asked == []
    assert sound(answer, redirects=True) is answer
    with pytest.raises(Unreachable, match="302"):
        sound(answer)


def test_an_answer_has_an_end_or_is_cut() -> None:
    long = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000
    with serving(long) as server:
        with pytest.raises(Unreachable) as caught:
            asked(server, limits=Limits(bytes=100))
        answer = asked(server, limits=Limits(bytes=100), beginning=True)
    assert caught.value.code == "too-large"
    assert (answer.body, answer.cut) == (b"x" * 100, True)


def test_compression_is_undone_and_has_an_end() -> None:
    def says(body: bytes) -> bytes:
        packed = gzipped(body)
        return b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed

    with serving(says(b"so it is")) as server:
        assert asked(server).body == b"so it is"
    with serving(says(bytes(30_000_000))) as server, pytest.raises(Unreachable) as caught:
        asked(server)
    assert caught.value.code in {"bomb", "too-large"}


def test_one_that_drips_is_left() -> None:
    with serving() as server:
        server.says = server.drip(b"HTTP/1.1 200 OK\r\n", b"X")
        with pytest.raises(Unreachable) as caught:
            asked(server, limits=Limits(seconds=0.3))
    assert (caught.value.code, caught.value.again) == ("timeout", True)


def test_a_name_that_leads_within_is_not_asked() -> None:
    with serving(OK) as server, pytest.raises(Unreachable) as caught:
        ask(f"http://service.example:{server.port}/", resolve=lambda _name, _port: ["93.184.216.34", "127.0.0.1"])
    assert caught.value.code == "address"
    assert server.asked == []


def test_certificates_are_checked(tmp_path: Path) -> None:
    authority = Authority.make(tmp_path)
    with serving(OK, tls=authority.server("localhost")) as server:
        url, allowed = f"https://localhost:{server.port}/", frozenset({f"localhost:{server.port}"})
        with pytest.raises(Unreachable) as caught:
            ask(url, allowed=allowed)
        assert ask(url, allowed=allowed, authorities=str(authority.file)).body == b"ok"
    assert caught.value.code == "tls"
