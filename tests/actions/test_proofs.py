"""What settings name is asked about each capture that is kept, once, and its answer is kept with it."""

import datetime
import errno
import http.server
import io
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from claims import proving, store, tasks
from claims.actions import errands, proofs
from claims.models import Act, Capture, Proof, Team, Unproven, User
from claims.proving import Later
from claims.roles import NotAllowed
from claims.trail.verify import verify
from tests.captures import PAGE, Site, add, all_keys
from tests.conftest import BROWSERS
from tests.fetching.authority import Authority, stamping

RUN: dict[str, Callable[..., None]] = {
    proofs.STAMP: proving.stamp,
    proofs.ARCHIVE: proving.archive,
    proofs.PICTURE: proving.picture,
}


@pytest.fixture
def authority(site: Site, settings: Any, tmp_path: Path) -> Iterator[Authority]:
    if not shutil.which("openssl"):
        pytest.skip("The authority's replies are made by openssl, which is not on the PATH.")
    folder = tmp_path / "authority"
    folder.mkdir()
    with stamping(folder) as made:
        settings.CAPTURE_LOCAL |= {made.pair}
        yield made


@pytest.fixture
def archive(site: Site, settings: Any) -> Iterator[list[str]]:
    """An archive that the settings name: the paths that it was asked for."""
    asked: list[str] = []

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(302)
            self.send_header("Location", "/web/20261123160400/" + self.path.removeprefix("/save/"))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_said: object) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        pair = f"127.0.0.1:{server.server_address[1]}"
        settings.ARCHIVE, settings.CAPTURE_LOCAL = f"http://{pair}/save", settings.CAPTURE_LOCAL | {pair}
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        yield asked
        server.shutdown()
        serving.join()


def captured(actor: User, team: Team, url: str) -> Capture:
    """A capture of that address, and its jobs, which wait."""
    add(actor, team, url)
    job = ProcrastinateJob.objects.get(task_name=errands.TASK)
    tasks.capture(**job.args)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [job.pk])
    return Capture.objects.get()


def waiting() -> list[tuple[str, dict[str, Any]]]:
    return [(job.task_name, job.args) for job in ProcrastinateJob.objects.filter(status="todo").order_by("pk")]


def run() -> None:
    for name, arguments in waiting():
        RUN[name](**arguments)


def content(proof: Proof) -> bytes:
    with store.opened(proof.key) as file:
        return file.read()


def test_nothing_is_asked_where_no_setting_names_whom(site: Site, kept_in: Path, checker: User, team: Team) -> None:
    captured(checker, team, site.url())
    assert waiting() == []


def test_all_that_is_named_is_asked_with_the_capture(
    site: Site, kept_in: Path, checker: User, team: Team, settings: Any
) -> None:
    settings.STAMPS = ("http://one.example/tsr", "http://two.example/")
    settings.ARCHIVE, settings.CHROMIUM = "https://archive.example/save", "/usr/bin/chromium"
    capture = captured(checker, team, site.url())
    assert waiting() == [
        (proofs.STAMP, {"capture": capture.pk, "authority": "http://one.example/tsr"}),
        (proofs.STAMP, {"capture": capture.pk, "authority": "http://two.example/"}),
        (proofs.ARCHIVE, {"capture": capture.pk}),
        (proofs.PICTURE, {"capture": capture.pk}),
    ]


def test_what_is_no_page_has_no_picture(site: Site, kept_in: Path, checker: User, team: Team, settings: Any) -> None:
    settings.CHROMIUM = "/usr/bin/chromium"
    captured(checker, team, site.says("/list", b"a,b\n1,2\n", Content_Type="text/csv"))
    assert waiting() == []


def test_a_capture_is_stamped_once(
    site: Site, kept_in: Path, checker: User, team: Team, settings: Any, authority: Authority
) -> None:
    settings.STAMPS = (authority.url,)
    capture = captured(checker, team, site.url())
    run()
    run()
    proof = Proof.objects.get()
    assert (proof.capture, proof.kind, proof.authority) == (capture, "stamp", authority.url)
    assert (proof.media_type, proof.detail["sha256"], proof.detail["trusted"]) == (
        "application/timestamp-reply",
        capture.sha256,
        False,
    )
    assert "Verification: OK" in authority.agrees(PAGE, content(proof))
    assert len(authority.asked) == 1
    assert all_keys() == {capture.key, capture.warc_key, proof.key}


def test_it_is_an_act_of_no_person(
    site: Site, kept_in: Path, checker: User, team: Team, settings: Any, authority: Authority
) -> None:
    settings.STAMPS = (authority.url,)
    captured(checker, team, site.url())
    run()
    act = Act.objects.in_stream(f"team:{team.pk}").newest_first()[0]
    assert (act.verb, act.actor_id) == ("capture.stamp", None)
    assert verify().holds


def test_an_archive_is_asked_for_the_address_and_its_answer_is_kept(
    site: Site, kept_in: Path, checker: User, team: Team, archive: list[str]
) -> None:
    captured(checker, team, site.url())
    run()
    run()
    proof = Proof.objects.get()
    assert archive == [f"/save/{site.url()}"]
    assert proof.kind == "archive"
    assert proof.detail["location"] == f"http://{proof.authority}/web/20261123160400/{site.url()}"
    assert json.loads(content(proof))["answers"][0]["status"] == 302
    assert Act.objects.in_stream(f"team:{team.pk}").newest_first()[0].verb == "capture.archive"
    assert verify().holds


def test_a_page_has_a_picture_and_a_pdf(site: Site, kept_in: Path, checker: User, team: Team, settings: Any) -> None:
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None or shutil.which("bwrap") is None:
        if os.environ.get("GALLEY_REQUIRE_BROWSER") == "1":
            pytest.fail("GALLEY_REQUIRE_BROWSER is set, and Chromium or bwrap is not on the PATH.", pytrace=False)
        pytest.skip("There is no Chromium or no bwrap on the PATH.")
    settings.CHROMIUM = chromium
    captured(checker, team, site.url())
    run()
    run()
    pdf, picture = Proof.objects.order_by("pk")
    assert (pdf.kind, pdf.media_type, content(pdf)[:5]) == ("pdf", "application/pdf", b"%PDF-")
    assert (picture.kind, picture.media_type, content(picture)[:4]) == ("picture", "image/png", b"\x89PNG")
    assert picture.authority.startswith("Chrom")
    assert verify().holds


def test_an_authority_that_is_away_is_asked_again_and_the_capture_stays(
    site: Site, kept_in: Path, checker: User, team: Team, settings: Any, authority: Authority
) -> None:
    settings.STAMPS = (authority.url,)
    authority.status = 503
    captured(checker, team, site.url())
    with pytest.raises(Later, match="status: 503") as caught:
        run()
    job = ProcrastinateJob.objects.get()
    assert [_waits(proving.stamp, caught.value, tries) for tries in range(4)] == [60, 360, 660, None]
    assert job.priority < 0
    authority.status = 200
    run()
    assert Proof.objects.count() == 1


def test_what_is_not_there_is_asked_for_again(
    site: Site, kept_in: Path, checker: User, viewer: User, team: Team, settings: Any, archive: list[str]
) -> None:
    capture = captured(checker, team, site.url())
    (wanted,) = proofs.wanting(capture)
    assert (wanted.kind, wanted.asked) == ("archive", True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")  # it had failed for good
    assert not proofs.wanting(capture)[0].asked
    with pytest.raises(NotAllowed):
        proofs.ask_again(actor=viewer, capture=capture)
    proofs.ask_again(actor=checker, capture=capture)
    proofs.ask_again(actor=checker, capture=capture)
    assert waiting() == [(proofs.ARCHIVE, {"capture": capture.pk})]
    run()
    assert len(archive) == 1
    assert proofs.wanting(capture) == []


def _waits(task: Any, failed: Exception, tries: int) -> int | None:
    """How long the job waits after so many tries before this one."""
    decision = task.retry_strategy.get_retry_decision(exception=failed, job=SimpleNamespace(attempts=tries))
    if decision is None:
        return None
    return round((decision.retry_at - datetime.datetime.now(datetime.UTC)).total_seconds())


def test_a_reply_that_is_none_is_not_kept_and_why_is_said_until_there_is_a_proof(
    site: Site,
    kept_in: Path,
    checker: User,
    team: Team,
    settings: Any,
    authority: Authority,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.STAMPS = (authority.url,)
    authority.instead = lambda _query: b"<html>Sign in</html>"
    capture = captured(checker, team, site.url())
    assert [wanted.why for wanted in proofs.wanting(capture)] == [""]
    run()
    assert not Proof.objects.exists()
    assert f"stamp {authority.url}: The reply is none" in caplog.text
    assert [wanted.why for wanted in proofs.wanting(capture)] == ["The reply is none of a time stamping authority."]
    authority.instead, authority.status = None, 503
    with pytest.raises(Later):
        run()
    assert [wanted.why for wanted in proofs.wanting(capture)] == ["status: 503"]
    authority.status = 200
    run()
    assert proofs.wanting(capture) == []
    assert not Unproven.objects.exists()


def test_lost_bytes_are_said(
    site: Site, kept_in: Path, checker: User, team: Team, settings: Any, authority: Authority
) -> None:
    settings.STAMPS = (authority.url,)
    capture = captured(checker, team, site.url())
    store.delete(capture.key)
    run()
    assert not authority.asked
    assert proofs.wanting(capture)[0].why == "The bytes of this capture are missing"


@pytest.mark.parametrize(
    ("fault", "later", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True, "The worker’s own disk is full."),
        (OSError(errno.EIO, "Input/output error"), True, "Something in Galley went wrong"),
        (ValueError("nobody foresaw it\0"), False, "Something in Galley went wrong"),
    ],
)
def test_a_fault_of_the_worker_s_is_said_and_tried_again_where_that_may_help(
    site: Site,
    kept_in: Path,
    checker: User,
    team: Team,
    settings: Any,
    archive: list[str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: Exception,
    later: bool,
    said: str,
) -> None:
    def failing(**_named: Any) -> None:
        raise fault

    monkeypatch.setattr(proving.tempfile, "NamedTemporaryFile", failing)
    capture = captured(checker, team, site.url())
    with pytest.raises(Later) if later else nullcontext():
        run()
    assert said in proofs.wanting(capture)[0].why
    assert later or "nobody foresaw it" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_why_a_proof_is_missing_goes_with_the_capture(
    site: Site, kept_in: Path, checker: User, team: Team, archive: list[str]
) -> None:
    capture = captured(checker, team, site.url())
    proofs.not_had(capture, "archive", "archive.example", "It does not know quenelle.\0\ud800")
    assert Unproven.objects.get().why == "It does not know quenelle.\ufffd?"
    options = {"source": capture.source_id, "reason": "Promise", "email": "margit@ledger.example", "yes": True}
    call_command("erase", stdout=io.StringIO(), **options)
    proofs.not_had(capture, "archive", "archive.example", "A try that was under way.")
    assert not Unproven.objects.exists()
