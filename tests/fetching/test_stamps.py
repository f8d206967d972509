"""Time stamps by a real authority of this machine, and replies that are none."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from claims.fetching.results import Unreachable
from claims.fetching.sandbox import Around
from claims.fetching.stamps import SHA256_OID, NotStamped, Stamp, checked, stamp
from tests.fetching.authority import Authority, stamping

PAGE = b"<h1>Bridge report</h1>"
MISBEHAVING = Path(__file__).parent / "misbehaving"
SAYS = MISBEHAVING / "says_the_rest.py"
SHA256 = hashlib.sha256(PAGE).hexdigest()

pytestmark = pytest.mark.skipif(
    not shutil.which("openssl") and os.environ.get("GALLEY_REQUIRE_BROWSER") != "1",
    reason="The authority's replies are made by openssl, which is not on the PATH.",
)


@pytest.fixture
def authority(tmp_path: Path) -> Iterator[Authority]:
    with stamping(tmp_path) as made:
        yield made


def stamped(authority: Authority, *, trusting: bool = False) -> Stamp:
    roots = [authority.root] if trusting else []
    return stamp(PAGE, authority.url, roots=roots, allowed=frozenset({authority.pair}))


def test_a_hash_is_stamped(authority: Authority) -> None:
    made = stamped(authority, trusting=True)
    assert made.sha256 == SHA256
    assert abs(made.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert (made.by, made.policy, made.serial) == ("CN=Root of a test", "1.2.3.4.1", 1)
    assert made.trusted
    assert "Verification: OK" in authority.agrees(PAGE, made.reply)


def test_the_authority_is_told_the_hash_alone(authority: Authority) -> None:
    stamped(authority)
    (query,) = authority.asked
    assert bytes.fromhex(SHA256) in query
    assert b"Bridge" not in query
    assert len(query) < 100
    assert authority.types == ["application/timestamp-query"]


def test_each_question_is_another(authority: Authority) -> None:
    stamped(authority)
    stamped(authority)
    assert authority.asked[0] != authority.asked[1]


def test_one_that_the_system_does_not_trust_is_kept_and_says_so(authority: Authority) -> None:
    made = stamped(authority)
    assert not made.trusted
    assert "Verification: OK" in authority.agrees(PAGE, made.reply)


def test_a_stamp_that_was_changed_is_not_trusted(authority: Authority) -> None:
    authority.instead = lambda query: (reply := authority.reply(query))[:-3] + bytes([reply[-3] ^ 1]) + reply[-2:]
    assert not stamped(authority, trusting=True).trusted


def test_it_is_read_behind_the_fences_alone_too(authority: Authority) -> None:
    request = TimestampRequestBuilder(PAGE, HashAlgorithm.SHA256).build()
    reply, nonce = authority.reply(request.as_bytes()), request.nonce or 0
    bare = Around(bubblewrap=False)
    assert checked(reply, bytes.fromhex(SHA256), nonce, roots=[authority.root], _around=bare).trusted
    assert not checked(reply, bytes.fromhex(SHA256), nonce, _around=bare).trusted


def test_a_reply_to_another_question_is_refused(authority: Authority) -> None:
    old = TimestampRequestBuilder(PAGE, HashAlgorithm.SHA256).build()
    authority.instead = lambda _query: authority.reply(old.as_bytes())
    with pytest.raises(NotStamped, match="its nonce"):
        stamped(authority)


def test_a_reply_without_the_number_that_was_sent_is_refused(authority: Authority) -> None:
    plain = TimestampRequestBuilder(PAGE, HashAlgorithm.SHA256, nonce=False).build()
    authority.instead = lambda _query: authority.reply(plain.as_bytes())
    with pytest.raises(NotStamped):
        stamped(authority)


@pytest.mark.parametrize(
    ("content", "algorithm", "what"),
    [(b"another page", HashAlgorithm.SHA256, "its hash"), (PAGE, HashAlgorithm.SHA512, "its algorithm")],
)
def test_a_stamp_of_another_hash_is_refused(
    authority: Authority, content: bytes, algorithm: HashAlgorithm, what: str
) -> None:
    authority.make(digests="sha256, sha512")
    request = TimestampRequestBuilder(content, algorithm).build()
    reply = authority.reply(request.as_bytes())
    with pytest.raises(NotStamped, match=what):
        checked(reply, hashlib.sha256(PAGE).digest(), request.nonce or 0)


def test_one_that_is_not_granted_is_none(authority: Authority) -> None:
    authority.instead = lambda _query: authority.reply(b"\x30\x03\x02\x01\x07")
    with pytest.raises(NotStamped, match="rejection"):
        stamped(authority)


@pytest.mark.parametrize(
    "said", [b"", b"<html>Sign in</html>", b"\x30\x03\x02\x01\x00", bytes.fromhex("30053003020109")]
)
def test_what_is_no_reply_is_refused(authority: Authority, said: bytes) -> None:
    authority.instead = lambda _query: said
    with pytest.raises(NotStamped, match="none of a time stamping authority"):
        stamped(authority)


@pytest.mark.parametrize("reader", ["dies", "allocates", "ends_early"])
def test_a_reply_that_makes_its_reader_fall_over_is_none(reader: str) -> None:
    with pytest.raises(NotStamped, match="none of a time stamping authority"):
        checked(b"", hashlib.sha256(PAGE).digest(), 7, _reader=MISBEHAVING / f"{reader}.py")


@pytest.mark.parametrize(
    ("place", "said", "why"),
    [
        (0, "rejection", "did not grant it: rejection"),
        (1, "1.2.3", "its algorithm"),
        (2, "00", "its hash"),
        (3, "None", "its nonce"),
        (4, "2", "its signers"),
        (5, "yesterday", "none of a"),
        (5, "0001-01-01T00:00:00+23:59", "none of a"),
        (6, "one", "none of a"),
        (6, "1" * 5000, "none of a"),
        (9, "", "none of a"),
    ],
)
def test_what_its_reader_says_is_looked_at(place: int, said: str, why: str) -> None:
    cells = ["granted", SHA256_OID, SHA256, "7", "1", "2026-11-23T16:04:00+00:00", "9", "1.2.3.4.1", "CN=Root", "no"]
    whole = json.dumps(["", "row", cells]).encode()
    done = json.dumps({"read": {"notes": []}}).encode()
    made = checked(whole + b"\n" + done + b"\n", bytes.fromhex(SHA256), 7, _reader=SAYS)
    assert (made.sha256, made.serial, made.by, made.trusted) == (SHA256, 9, "CN=Root", False)
    cells[place] = said
    whole = json.dumps(["", "row", cells if said else []]).encode()
    with pytest.raises(NotStamped, match=why):
        checked(whole + b"\n" + done + b"\n", bytes.fromhex(SHA256), 7, _reader=SAYS)


@pytest.mark.parametrize(("status", "again"), [(503, True), (429, True), (403, False), (302, False)])
def test_an_authority_that_will_not_answer_now_may_be_asked_again(
    authority: Authority, status: int, again: bool
) -> None:
    authority.status = status
    with pytest.raises(Unreachable) as caught:
        stamped(authority)
    assert (caught.value.code, caught.value.detail, caught.value.again) == ("status", str(status), again)


def test_a_reply_has_an_end(authority: Authority) -> None:
    authority.instead = lambda _query: bytes(300_000)
    with pytest.raises(Unreachable) as caught:
        stamped(authority)
    assert caught.value.code == "too-large"


def test_one_within_the_network_is_not_asked(authority: Authority) -> None:
    with pytest.raises(Unreachable) as caught:
        stamp(PAGE, authority.url)
    assert caught.value.code == "address"
    assert authority.asked == []
