"""Captures on the pages: asked for, watched, read, saved; and what becomes of them when nobody can make them."""

import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.actions import captures, evidence, proofs
from claims.fetching import reach
from claims.models import Capture, Claim, Errand, Proof, Source, Team, User
from claims.models.captures import key_of
from tests.captures import PAGE, Site, add, run_errands, serving, worker_lives
from tests.people import keys
from tests.pure.fetching.certificates import Authority
from tests.pure.fetching.servers import serving as https

As = Callable[[User], Client]
CSV = b"Element,Cost\nPiers,11.6\nDeck,6.9\n"
HOSTILE = b"<!doctype html><title>T</title><p>Words of the page.</p><script>alert(1)</script>"


@pytest.fixture
def report(site: Site, kept_in: Path, checker: User, team: Team) -> Source:
    return add(checker, team, site.url())


def at(name: str, source: Source, *more: Any) -> str:
    return reverse(name, args=[source.pk, *more])


def html(client: Client, url: str, **headers: str) -> str:
    answer = client.get(url, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def upload(client: Client, source: Source, content: bytes, name: str = "costs.csv", **more: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(at("upload_capture", source), {"file": file, "end": "end"} | keys() | more)


# --- watched ----------------------------------------------------------------------------------------------------------


def test_a_source_with_an_address_is_captured_by_itself_and_its_page_watches(
    as_: As, report: Source, checker: User
) -> None:
    client = as_(checker)
    page = html(client, at("source", report))
    assert "Waiting" in page
    assert 'hx-trigger="every 30s"' in page  # no worker runs
    worker_lives()
    assert 'hx-trigger="every 2s"' in html(client, at("captures", report), **{"HX-Request": "true"})
    run_errands()
    fragment = html(client, at("captures", report), **{"HX-Request": "true"})
    assert "hx-trigger" not in fragment
    assert "text/html" in fragment
    assert Capture.objects.get().sha256[:16] in fragment
    assert "<html" not in fragment


def test_the_list_that_is_watched_holds_no_form_that_somebody_fills_in(as_: As, report: Source, checker: User) -> None:
    fragment = html(as_(checker), at("captures", report), **{"HX-Request": "true"})
    assert 'type="file"' not in fragment


def test_evidence_says_how_the_capture_of_its_source_is(
    as_: As, site: Site, report: Source, claim: Claim, checker: User
) -> None:
    evidence.attach(actor=checker, claim=claim, stance="supports", source=report, quote="£31.4m")
    client, panel = as_(checker), reverse("claim", args=[claim.article_id, claim.number])
    assert "being captured" in html(client, panel)
    run_errands()
    assert re.search(r"captured today, \d\d:\d\d", html(client, panel))
    assert "captured today" in html(client, at("capture_state", report), **{"HX-Request": "true"})
    captures.ask(actor=checker, source=report)
    assert "waits for a worker" in html(client, at("capture_state", report), **{"HX-Request": "true"})
    site.says("/report", status=410)
    run_errands()
    page = html(client, panel)
    assert "capturing again failed" in page
    assert "captured today" in page  # what was kept before is still there


def test_what_failed_says_why_and_is_tried_again(as_: As, site: Site, kept_in: Path, checker: User, team: Team) -> None:
    gone = add(checker, team, site.says("/gone", status=404))
    (failed,) = run_errands()
    client = as_(checker)
    page = html(client, at("source", gone))
    assert "The server says that the page cannot be had. (404)" in page
    site.says("/gone", PAGE)
    answer = client.post(at("capture_again", gone, failed.pk), keys())
    assert answer.status_code == 302
    run_errands()
    assert Errand.objects.get().state == Errand.State.KEPT
    assert "cannot be had" not in html(client, at("source", gone))


def test_what_failed_is_given_up(as_: As, site: Site, kept_in: Path, checker: User, team: Team) -> None:
    gone = add(checker, team, site.says("/gone", status=404))
    (failed,) = run_errands()
    client, address = as_(checker), at("drop_capture", gone, failed.pk)
    assert address in html(client, at("source", gone))
    answer = client.post(address, keys(), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "cannot be had" not in answer.content.decode()
    assert "cannot be had" not in html(client, at("source", gone))
    assert "not captured" in html(client, at("capture_state", gone), **{"HX-Request": "true"})


def test_what_others_were_to_say_and_did_not_is_asked_for_again(
    as_: As, report: Source, checker: User, viewer: User, settings: Any
) -> None:
    run_errands()
    settings.STAMPS = ("http://time.example/tsr",)
    client, address = as_(checker), at("prove_capture", report, 1)
    why = "The authority did not grant it: <rejection>."
    proofs.not_had(Capture.objects.get(), Proof.Kind.STAMP, "http://time.example/tsr", why)
    page = html(client, at("capture", report, 1))
    assert "could not be had. The last try: The authority did not grant it: &lt;rejection&gt;." in page
    assert client.post(address, keys()).status_code == 302
    page = html(client, at("capture", report, 1))
    assert "asked for, not there yet" in page
    assert "could not be had" not in page
    assert address not in html(as_(viewer), at("capture", report, 1))


def test_without_a_worker_the_page_says_that_it_waits(as_: As, report: Source, checker: User) -> None:
    assert "No worker is running just now." in html(as_(checker), at("source", report))


# --- asked for --------------------------------------------------------------------------------------------------------


def test_a_double_click_asks_once(as_: As, report: Source, checker: User) -> None:
    run_errands()
    client, said = as_(checker), keys()
    for _time in range(2):
        answer = client.post(at("captures", report), said, headers={"HX-Request": "true"})
        assert answer.status_code == 200
    assert Errand.objects.count() == 2
    run_errands()
    assert list(Capture.objects.values_list("number", flat=True)) == [1, 2]


def test_a_source_without_an_address_says_to_upload(as_: As, kept_in: Path, checker: User, team: Team) -> None:
    source = add(checker, team, "")
    client = as_(checker)
    assert "Capture now" not in html(client, at("source", source))
    answer = client.post(at("captures", source), keys(), headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert "Upload a file of it instead." in answer.content.decode()


def test_a_file_is_kept_and_read_row_by_row(as_: As, kept_in: Path, checker: User, team: Team) -> None:
    source = add(checker, team, "")
    assert upload(as_(checker), source, CSV).status_code == 302
    run_errands()
    page = html(as_(checker), at("capture", source, 1))
    assert "costs.csv" in page
    assert re.findall(r"<td[^>]*>([^<]*)</td>", page) == ["Element", "Cost", "Piers", "11.6", "Deck", "6.9"]
    assert re.findall(r'<tr><th scope="row">([^<]*)</th>', page) == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"file": ""}, "Choose a file first."),
        ({"file": io.BytesIO(b"")}, "The file is empty."),
        ({"file": io.BytesIO(b"words"), "end": ""}, "The file broke off in the middle."),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(
    as_: As, kept_in: Path, checker: User, team: Team, sent: dict[str, Any], said: str
) -> None:
    source = add(checker, team, "")
    answer = as_(checker).post(
        at("upload_capture", source), {"end": "end"} | sent | keys(), headers={"HX-Request": "true"}
    )
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Errand.objects.exists()


def test_another_file_under_the_same_key_is_not_taken_for_the_first(
    as_: As, kept_in: Path, checker: User, team: Team
) -> None:
    source, same = add(checker, team, ""), keys()
    client = as_(checker)
    assert upload(client, source, CSV, **same).status_code == 302
    assert upload(client, source, CSV, **same).status_code == 302
    assert Errand.objects.count() == 1
    sent = {"file": SimpleUploadedFile("costs.csv", b"other"), "end": "end"} | same
    assert client.post(at("upload_capture", source), sent, headers={"HX-Request": "true"}).status_code == 409
    assert Errand.objects.count() == 1


def test_a_large_file_comes_through_where_files_come_and_nowhere_else(
    as_: As, kept_in: Path, checker: User, team: Team
) -> None:
    source, large = add(checker, team, ""), b"words " * 1_700_000
    client = as_(checker)
    assert upload(client, source, large, "large.txt").status_code == 302
    assert Errand.objects.get().file_name == "large.txt"
    assert client.post(at("source", source), {"title": large.decode()} | keys()).status_code == 413


def test_a_store_that_is_away_is_said_and_nothing_is_kept(as_: As, kept_in: Path, checker: User, team: Team) -> None:
    source = add(checker, team, "")
    kept_in.rename(kept_in.with_name("elsewhere"))
    answer = as_(checker).post(
        at("upload_capture", source),
        {"file": SimpleUploadedFile("a.txt", b"words"), "end": "end"} | keys(),
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 503
    assert "The store of captures does not answer. Nothing was kept. Try again in a while." in answer.content.decode()


# --- read and saved ---------------------------------------------------------------------------------------------------


def test_the_viewer_says_what_is_known_of_the_bytes(
    as_: As, site: Site, kept_in: Path, checker: User, team: Team
) -> None:
    site.says("/moved", status=301, Location="/report")
    source = add(checker, team, site.url("/moved"))
    run_errands()
    capture, page = Capture.objects.get(), html(as_(checker), at("capture", source, 1))
    for said in (capture.sha256, capture.warc_sha256, capture.tool, site.url(), f"{site.url('/moved')} (301)"):
        assert said in page
    assert "The outturn cost is £31.4m." in page


def test_the_viewer_says_in_sentences_what_was_odd_about_the_answer(
    as_: As, kept_in: Path, checker: User, team: Team, settings: Any
) -> None:
    head = b"HTTP/1.0 200 OK\r\nContent-Encoding: br\r\nX-Odd: <b>caf\xe9</b>\r\n\r\n"
    with serving(lambda _path, write: write(head + PAGE)) as port:
        settings.CAPTURE_LOCAL = frozenset({f"localhost:{port}"})
        source = add(checker, team, f"http://localhost:{port}/")
        run_errands()
    page = html(as_(checker), at("capture", source, 1))
    assert "It came packed in a way that is not known here (br): it is kept as it came." in page
    assert "The server did not say where it ends" in page
    assert "encoding-unknown" not in page
    assert "end-not-said" not in page
    assert "<dt>X-Odd</dt><dd><bdi>&lt;b&gt;café&lt;/b&gt;</bdi></dd>" in page


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """An authority that this system trusts for the duration."""
    authority = Authority.make(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    reach._context.cache_clear()
    yield authority
    reach._context.cache_clear()


def test_the_viewer_says_where_https_was_left(
    as_: As, site: Site, kept_in: Path, checker: User, team: Team, settings: Any, trusted: Authority
) -> None:
    on = f"HTTP/1.1 301 On\r\nLocation: {site.url()}\r\nContent-Length: 0\r\n\r\n".encode()
    with https(on, tls=trusted.server("localhost")) as server:
        settings.CAPTURE_LOCAL |= {f"localhost:{server.port}"}
        source = add(checker, team, f"https://localhost:{server.port}/")
        run_errands()
    assert Capture.objects.get().redirects[0]["downgrade"]
    said = "From here on it went over http"
    assert said in html(as_(checker), at("capture", source, 1))
    site.says("/moved", status=301, Location="/report")
    plain = add(checker, team, site.url("/moved"))
    run_errands()
    assert said not in html(as_(checker), at("capture", plain, 1))


def test_a_captured_page_is_only_ever_text_or_a_file_to_save(
    as_: As, site: Site, kept_in: Path, checker: User, team: Team
) -> None:
    source = add(checker, team, site.says("/hostile", HOSTILE))
    run_errands()
    client = as_(checker)
    assert "alert(1)" not in html(client, at("capture", source, 1))
    for name in ("capture_bytes", "capture_record"):
        answer = client.get(at(name, source, 1))
        assert answer.status_code == 200
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
        assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert b"".join(client.get(at("capture_bytes", source, 1)).streaming_content) == HOSTILE


def test_bytes_that_were_changed_or_lost_are_not_handed_out(
    as_: As, report: Source, kept_in: Path, checker: User
) -> None:
    run_errands()
    file = kept_in / key_of(report.team_id, Capture.objects.get().sha256)
    file.write_bytes(b"others")
    client = as_(checker)
    answer = client.get(at("capture_bytes", report, 1))
    assert answer.status_code == 500
    assert "are damaged" in answer.content.decode()
    file.unlink()
    assert "are missing" in client.get(at("capture_bytes", report, 1)).content.decode()
    assert client.get(at("capture", report, 1)).status_code == 200


def test_an_upload_has_no_record(as_: As, kept_in: Path, checker: User, team: Team) -> None:
    source = add(checker, team, "")
    upload(as_(checker), source, CSV)
    run_errands()
    assert as_(checker).get(at("capture_record", source, 1)).status_code == 404


def test_viewers_read_and_ask_for_nothing(as_: As, report: Source, viewer: User) -> None:
    run_errands()
    client = as_(viewer)
    assert "takes the role Checker" in html(client, at("source", report))
    assert client.get(at("capture", report, 1)).status_code == 200
    for name in ("captures", "upload_capture"):
        assert client.post(at(name, report), keys()).status_code == 403


def test_another_teams_captures_do_not_exist(as_: As, report: Source, other_team: Team, outsider: User) -> None:
    (errand,) = run_errands()
    client = as_(outsider)
    for name in ("capture", "capture_bytes", "capture_record"):
        assert client.get(at(name, report, 1)).status_code == 404
    assert client.get(at("captures", report)).status_code == 404
    assert client.post(at("capture_again", report, errand.pk), keys()).status_code == 404


def test_captured_text_is_found_where_sources_are_looked_for(
    as_: As, report: Source, checker: User, outsider: User, other_team: Team
) -> None:
    run_errands()
    found, address = f"{reverse('sources')}?q=outturn", at("capture", report, 1)
    page = html(as_(checker), found)
    assert "No source matches" in page  # neither its title nor its address says the word
    assert f'href="{address}"' in page
    assert "In captured text" not in html(as_(checker), f"{reverse('sources')}?q=absent")
    assert address not in html(as_(outsider), found)


# --- the queue --------------------------------------------------------------------------------------------------------


def test_admins_see_what_is_under_way_and_what_failed(
    as_: As, site: Site, report: Source, admin: User, checker: User, team: Team
) -> None:
    gone = add(checker, team, site.says("/gone", status=404), title="Gone")
    run_errands()
    captures.ask(actor=checker, source=report)
    page = html(as_(admin), reverse("capture_queue"))
    assert "No worker is running" in page
    assert report.title in page
    assert "The server says that the page cannot be had. (404)" in page
    failed = Errand.objects.failed().get()
    assert at("capture_again", gone, failed.pk) in page
    assert at("drop_capture", gone, failed.pk) in page
    assert reverse("capture_queue") in html(as_(admin), reverse("team"))
    assert as_(checker).get(reverse("capture_queue")).status_code == 403
    assert reverse("capture_queue") not in html(as_(checker), reverse("team"))
