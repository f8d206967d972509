"""A public archive is asked to keep a page, by a server of this machine that speaks as the Internet Archive does."""

import http.server
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from claims.fetching.archives import TRIES, Archive, Archived, NotArchived, archive
from claims.fetching.results import Unreachable

PAGE = "https://wexcombe.example/report?year=2026&part=2#top"
ASKED = "https://wexcombe.example/report?year=2026&part=2"
SUCCESS = {"status": "success", "timestamp": "20261123160400", "original_url": ASKED, "job_id": "spn2-7"}


@dataclass
class Other:
    """The archive: what it was asked (method, path, key, body), and its answers by method and path, in their order."""

    port: int
    asked: list[tuple[str, str, str | None, bytes]] = field(default_factory=list)
    answers: dict[tuple[str, str], list[tuple[int, dict[str, str], bytes]]] = field(default_factory=dict)

    def says(self, method: str, path: str, said: Any, status: int = 200, **headers: str) -> None:
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.answers.setdefault((method, path), []).append((status, headers, body))

    def named(self, key: str = "") -> Archive:
        return Archive.named(f"http://{key}{self.pair}/save")

    @property
    def pair(self) -> str:
        return f"127.0.0.1:{self.port}"


@pytest.fixture
def other() -> Iterator[Other]:
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            made.asked.append((self.command, self.path, self.headers["Authorization"], body))
            due = made.answers.get((self.command, self.path), [(404, {}, b"")])
            status, headers, said = due.pop(0) if len(due) > 1 else due[0]
            self.send_response(status)
            for name, value in (headers | {"Content-Length": str(len(said))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_said: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        made = Other(server.server_address[1])
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield made
        server.shutdown()
        serving.join()


def archived(other: Other, key: str = "", pauses: list[float] | None = None) -> Archived:
    waited: list[float] = [] if pauses is None else pauses
    return archive(PAGE, other.named(key), allowed=frozenset({other.pair}), pause=waited.append)


# --- without a key ---------------------------------------------------------------------------


def test_an_address_is_asked_for_and_the_answer_is_kept(other: Other) -> None:
    other.says("GET", f"/save/{ASKED}", b"<p>Found", 302, Location=f"/web/20261123160400/{ASKED}")
    made = archived(other)
    assert made.location == f"http://{other.pair}/web/20261123160400/{ASKED}"
    assert other.asked == [("GET", f"/save/{ASKED}", None, b"")]
    kept = json.loads(made.as_json())
    assert (kept["asked_for"], kept["location"]) == (ASKED, made.location)
    (answer,) = kept["answers"]
    assert (answer["status"], answer["body"]) == (302, "<p>Found")
    assert ["Location", f"/web/20261123160400/{ASKED}"] in answer["headers"]


def test_one_that_answers_with_the_page_says_where_it_is_too(other: Other) -> None:
    page = b"<p>" * 60_000  # more of it than is read
    other.says("GET", f"/save/{ASKED}", page, **{"Content-Location": "/web/20261123/x"})
    made = archived(other)
    assert made.location == f"http://{other.pair}/web/20261123/x"
    assert made.answers[0].cut


def test_an_answer_that_says_no_place_is_no_archiving(other: Other) -> None:
    other.says("GET", f"/save/{ASKED}", b"Welcome")
    with pytest.raises(NotArchived, match="does not say where"):
        archived(other)


@pytest.mark.parametrize(("status", "again"), [(429, True), (520, True), (403, False), (404, False)])
def test_a_refusal_is_none_either(other: Other, status: int, again: bool) -> None:
    other.says("GET", f"/save/{ASKED}", b"", status, Location="/elsewhere")
    with pytest.raises(Unreachable) as caught:
        archived(other)
    assert (caught.value.code, caught.value.detail, caught.value.again) == ("status", str(status), again)


# --- with a key ------------------------------------------------------------------------------


def test_with_a_key_it_is_asked_until_it_is_done(other: Other) -> None:
    other.says("POST", "/save", {"url": ASKED, "job_id": "spn2-7"})
    other.says("GET", "/save/status/spn2-7", {"status": "pending"})
    other.says("GET", "/save/status/spn2-7", SUCCESS)
    pauses: list[float] = []
    made = archived(other, "access:secret@", pauses)
    assert made.location == f"http://{other.pair}/web/20261123160400/{ASKED}"
    assert len(pauses) == 1
    assert [one[2] for one in other.asked] == ["LOW access:secret"] * 3
    assert other.asked[0][3] == b"url=https%3A%2F%2Fwexcombe.example%2Freport%3Fyear%3D2026%26part%3D2"
    assert [one["status"] for one in json.loads(made.as_json())["answers"]] == [200, 200]
    assert b"secret" not in made.as_json()


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("https://wexcombe.example/\u65e5\u672c?\u00fc", "https://wexcombe.example/%E6%97%A5%E6%9C%AC?%C3%BC"),
        ("wexcombe.example/\udcff", ASKED),
        ("http://wexcombe.example/a b", "http://wexcombe.example/a%20b"),
        ("javascript:alert(1)", ASKED),
        (7, ASKED),
        (None, ASKED),
    ],
)
def test_the_place_is_by_the_address_that_the_archive_names_where_it_is_one(other: Other, said: Any, kept: str) -> None:
    other.says("POST", "/save", {"job_id": "spn2-7"})
    other.says("GET", "/save/status/spn2-7", SUCCESS | {"original_url": said})
    assert archived(other, "access:secret@").location == f"http://{other.pair}/web/20261123160400/{kept}"


def test_an_archive_that_fails_says_why(other: Other) -> None:
    other.says("POST", "/save", {"job_id": "spn2-7"})
    other.says("GET", "/save/status/spn2-7", {"status": "error", "message": "The host is blocked."})
    with pytest.raises(NotArchived, match=r"The host is blocked\."):
        archived(other, "access:secret@")


@pytest.mark.parametrize(
    "said", [b"<html>", b"[]", b"[" * 5000, {"message": "You have reached your limit."}, {"job_id": 7}]
)
def test_an_answer_without_a_job_is_a_refusal(other: Other, said: Any) -> None:
    other.says("POST", "/save", said)
    with pytest.raises(NotArchived):
        archived(other, "access:secret@")


@pytest.mark.parametrize("when", [None, "", "yesterday", "../..", 7])
def test_a_success_has_a_time(other: Other, when: Any) -> None:
    other.says("POST", "/save", {"job_id": "spn2-7"})
    other.says("GET", "/save/status/spn2-7", SUCCESS | {"timestamp": when})
    with pytest.raises(NotArchived):
        archived(other, "access:secret@")


def test_one_that_never_ends_is_asked_again_later(other: Other) -> None:
    other.says("POST", "/save", {"job_id": "spn2-7"})
    other.says("GET", "/save/status/spn2-7", {"status": "pending"})
    with pytest.raises(Unreachable) as caught:
        archived(other, "access:secret@")
    assert (caught.value.code, caught.value.again) == ("timeout", True)
    assert len(other.asked) == 1 + TRIES


def test_a_key_goes_over_https_alone() -> None:
    with pytest.raises(NotArchived, match="https alone"):
        archive(PAGE, Archive.named("http://access:secret@archive.example/save"))


def test_an_archive_within_the_network_is_not_asked(other: Other) -> None:
    with pytest.raises(Unreachable) as caught:
        archive(PAGE, other.named())
    assert caught.value.code == "address"
    assert other.asked == []
