"""Encodings are undone, bombs are given up, and what is not known is kept as it is."""

import gc
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.fetching import bodies
from claims.fetching.safe import Limits, Unreachable, fetch
from tests.pure.fetching.asking import TEXT, USUAL, fails, gzipped, in_chunks, said, with_length
from tests.pure.fetching.servers import serving


@pytest.fixture(autouse=True)
def _nothing_stays_open() -> Iterator[None]:
    """A socket that is left is told of here, and warnings are errors."""
    yield
    gc.collect()


def raw_deflate(body: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(body) + engine.flush()


@pytest.mark.parametrize(
    ("coding", "encoded"),
    [
        (b"gzip", gzipped(TEXT)),
        (b"X-GZip", gzipped(TEXT)),
        (b"gzip", gzipped(TEXT[:100]) + gzipped(TEXT[100:])),
        (b"gzip", gzipped(TEXT) + b"\0" * 50),
        (b"gzip", gzipped(TEXT) + b"\x1f"),
        (b"deflate", zlib.compress(TEXT)),
        (b"deflate", raw_deflate(TEXT)),
        (b"deflate", zlib.compress(TEXT) + b"more"),
        (b"gzip, gzip", gzipped(gzipped(TEXT))),
        (b"deflate, gzip", gzipped(zlib.compress(TEXT))),
        (b"identity", TEXT),
        (b"identity, gzip", gzipped(TEXT)),
    ],
)
def test_encodings_are_undone_and_the_body_kept_as_it_came(coding: bytes, encoded: bytes) -> None:
    for size in (1, 7, 100_000):
        got = said(in_chunks(encoded, b"Content-Encoding: " + coding, size=size))
        assert got.body == TEXT
        assert got.fetched.sha256 == hashlib.sha256(TEXT).hexdigest()
        assert in_chunks(encoded, size=size).endswith(b"\r\n\r\n" + got.wire)
        assert got.fetched.encoded
    plain = said(with_length(encoded, b"Content-Encoding: " + coding))
    assert plain.body == TEXT
    assert plain.wire == (encoded if plain.fetched.encoded else b"")


@pytest.mark.parametrize("coding", [b"br", b"zstd", b"compress", b"gzip, br", b"br, gzip", b"x" * 500, b"utf-8"])
def test_what_is_not_known_is_kept_as_it_is_and_said(coding: bytes) -> None:
    got = said(with_length(b"\x8b\x00bytes", b"Content-Encoding: " + coding))
    assert got.body == b"\x8b\x00bytes"
    (note,) = got.fetched.notes
    assert note.startswith("encoding-unknown ")
    assert len(note) <= 80
    assert not got.fetched.encoded


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        (b"gzip", TEXT),
        (b"gzip", gzipped(TEXT)[:-9]),
        (b"gzip", gzipped(TEXT)[:1]),
        (b"gzip", gzipped(TEXT)[:-8] + b"checksum"),
        (b"gzip", gzipped(TEXT) + gzipped(TEXT)[:20]),
        (b"deflate", zlib.compress(TEXT)[:-9]),
        (b"deflate", b"\xff\xff\xff\xff"),
        (b"gzip, gzip", gzipped(TEXT)),
    ],
)
def test_what_does_not_decode_is_broken(coding: bytes, body: bytes) -> None:
    assert fails(with_length(body, b"Content-Encoding: " + coding)).code == "broken"


@pytest.mark.parametrize("size", range(bodies.OUT - 2, bodies.OUT + 300))
def test_nothing_is_left_in_the_decoder_at_the_end(size: int) -> None:
    """All of the input is taken in, and a match is still to be written out: raw deflate has nothing after it."""
    counted = type("Counted", (), {"taken": size})()
    out = bodies.decoded(iter([raw_deflate(b"\0" * size)]), ["deflate"], counted=counted, limits=USUAL)
    assert sum(map(len, out)) == size


def test_nothing_at_all_needs_no_decoding() -> None:
    assert said(with_length(b"", b"Content-Encoding: gzip")).body == b""


@pytest.mark.parametrize("coding", [b"gzip", b"deflate"])
def test_a_bomb_is_given_up(coding: bytes) -> None:
    pack: Callable[[bytes], bytes] = gzipped if coding == b"gzip" else zlib.compress
    limits = Limits(bytes=400 * 1024 * 1024)
    to = io.BytesIO()
    says = with_length(pack(b"\0" * 60_000_000), b"Content-Encoding: " + coding)
    with serving(says) as server, pytest.raises(Unreachable) as caught:
        fetch(server.url, to, limits=limits, allowed=frozenset({server.pair}))
    assert (caught.value.code, caught.value.again) == ("bomb", False)
    assert to.tell() < 10_000_000


def test_a_bomb_in_a_bomb_is_given_up_early() -> None:
    inner = gzipped(b"\0" * 50_000_000)
    body = gzipped(inner * 200)
    assert len(body) < 200_000
    assert fails(with_length(body, b"Content-Encoding: gzip, gzip")).code in ("bomb", "too-large")


def test_a_bomb_that_comes_to_nothing_in_the_end_is_one_too() -> None:
    """Half a million empty members, well packed: the middle of it counts as well."""
    body = gzipped(gzipped(b"") * 500_000)
    assert fails(with_length(body, b"Content-Encoding: gzip, gzip")).code == "bomb"


def test_many_encodings_are_not_undone() -> None:
    assert fails(with_length(b"x", b"Content-Encoding: gzip, gzip, gzip")).code == "bomb"
    assert fails(with_length(b"x", *[b"Content-Encoding: deflate"] * 50)).code == "bomb"


def test_a_small_page_that_is_all_alike_is_no_bomb() -> None:
    assert said(with_length(gzipped(b" " * 900_000), b"Content-Encoding: gzip")).fetched.size == 900_000


@given(
    body=st.binary(max_size=3000),
    cuts=st.lists(st.integers(1, 400), max_size=20),
    layers=st.lists(st.sampled_from(["gzip", "deflate"]), max_size=2),
)
def test_whatever_the_pieces_the_body_is_the_same(body: bytes, cuts: list[int], layers: list[str]) -> None:
    packed = body
    for layer in layers:
        packed = gzipped(packed) if layer == "gzip" else zlib.compress(packed)
    pieces, start = [], 0
    for cut in cuts:
        pieces.append(packed[start : start + cut])
        start += cut
    pieces.append(packed[start:])
    wanted, unknown = bodies.codings(layers)
    counted = type("Counted", (), {"taken": len(packed)})()
    out = b"".join(bodies.decoded(iter(filter(None, pieces)), wanted, counted=counted, limits=Limits()))
    assert (out, unknown) == (body, "")
