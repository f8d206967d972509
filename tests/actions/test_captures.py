"""Captures are asked for, done once, and kept; what fails says why."""

import io
import re
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from claims import search, store
from claims.actions import captures, errands, evidence, sources
from claims.fetching.reasons import NOTES, REASONS, noted
from claims.models import Act, Capture, Claim, Errand, Part, Pending, Source, Team, User
from claims.roles import NotAllowed
from claims.trail.verify import verify
from claims.workflow import Refused
from tests.captures import PAGE, Site, add, all_keys, files_in, run_errands

State = Errand.State
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def report(site: Site, kept_in: Path, checker: User, team: Team) -> Source:
    return add(checker, team, site.url())


def test_an_address_is_captured_with_all_that_was_said(report: Source, site: Site, checker: User) -> None:
    (errand,) = run_errands()
    capture = Capture.objects.get()
    assert (errand.state, errand.capture, errand.attempts) == (State.KEPT, capture, 0)
    assert (capture.number, capture.size, capture.media_type, capture.title) == (
        1,
        len(PAGE),
        "text/html",
        "Bridge report",
    )
    assert (capture.asked_url, capture.final_url, capture.status) == (report.url, report.url, 200)
    assert ["Content-Length", str(len(PAGE))] in capture.headers
    assert capture.asked_by == checker
    assert capture.tool.startswith("Galley 0.1.0, trafilatura")
    with store.opened(capture.key) as file:
        assert file.read() == PAGE
    with store.opened(capture.warc_key) as file:
        assert file.read(2) == b"\x1f\x8b"
    assert "The outturn cost is £31.4m." in " ".join(part.text for part in Part.objects.of_capture(capture))
    assert all_keys() == {capture.key, capture.warc_key}
    assert not Pending.objects.exists()


def test_it_is_an_act_of_the_person_who_asked(report: Source, checker: User) -> None:
    run_errands()
    act = Act.objects.in_stream(f"team:{report.team_id}").newest_first()[0]
    assert (act.verb, act.actor_id) == ("capture.keep", checker.pk)
    assert verify().holds


def test_redirects_are_kept(site: Site, kept_in: Path, checker: User, team: Team) -> None:
    site.says("/moved", status=301, Location="/report")
    add(checker, team, site.url("/moved"))
    run_errands()
    capture = Capture.objects.get()
    assert capture.final_url == site.url()
    assert capture.redirects == [{"url": site.url("/moved"), "status": 301, "location": "/report", "downgrade": False}]


def test_evidence_with_a_new_source_and_an_edited_address_are_captured_by_themselves(
    site: Site, kept_in: Path, claim: Claim, checker: User
) -> None:
    new = {"title": "Report", "url": site.url(), "kind": "page"}
    piece = evidence.attach(actor=checker, claim=claim, stance="context", new_source=new)
    other = site.says("/other", PAGE + b"more")
    sources.edit_source(actor=checker, source=piece.source, url=other)
    sources.edit_source(actor=checker, source=Source.objects.get(pk=piece.source_id), title="Same address")
    assert [errand.url for errand in run_errands()] == [site.url(), other]
    assert [capture.number for capture in Capture.objects.of_source(piece.source)] == [2, 1]


def test_nothing_is_asked_for_without_an_address_or_where_it_is_switched_off(
    team: Team, checker: User, settings: object
) -> None:
    add(checker, team, "")
    add(checker, team, "mailto:porter@ledger.example")
    add(checker, team, "https://[broken")
    settings.CAPTURE = False  # type: ignore[attr-defined]
    source = add(checker, team, "https://wexcombe.example/report")
    assert not Errand.objects.exists()
    captures.ask(actor=checker, source=source)
    assert Errand.objects.get().url == source.url


def test_an_errand_and_its_job_are_written_together_or_not_at_all(team: Team, checker: User) -> None:
    with transaction.atomic():
        add(checker, team, "https://wexcombe.example/report")
        assert (Errand.objects.count(), ProcrastinateJob.objects.count()) == (1, 1)
        transaction.set_rollback(True)
    assert (Errand.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)


def test_of_one_address_one_errand_is_under_way(report: Source, checker: User, teammate: User) -> None:
    first = Errand.objects.get()
    assert captures.ask(actor=teammate, source=report) == first
    sources.edit_source(actor=checker, source=report, url="")
    sources.edit_source(actor=checker, source=Source.objects.get(pk=report.pk), url=first.url)
    assert Errand.objects.get() == first
    run_errands()
    assert captures.ask(actor=teammate, source=Source.objects.get(pk=report.pk)) != first


def test_who_may_ask(report: Source, viewer: User, outsider: User) -> None:
    run_errands()
    for person in (viewer, outsider):
        with pytest.raises(NotAllowed):
            captures.ask(actor=person, source=report)
        with pytest.raises(NotAllowed):
            captures.receive(actor=person, source=report, file=io.BytesIO(b"x"), name="x")
        with pytest.raises(NotAllowed):
            captures.ask_again(actor=person, errand=Errand.objects.get())


def test_a_source_without_an_address_is_refused_with_what_to_do(team: Team, checker: User) -> None:
    with pytest.raises(Refused, match="Upload a file"):
        captures.ask(actor=checker, source=add(checker, team, ""))


def test_run_again_a_finished_errand_changes_nothing(report: Source) -> None:
    (errand,) = run_errands()
    acts = Act.objects.count()
    captures.defer(errand)
    run_errands()
    assert (Act.objects.count(), Capture.objects.count()) == (acts, 1)


def test_the_same_bytes_are_in_the_store_once(
    report: Source, site: Site, checker: User, team: Team, kept_in: Path
) -> None:
    captures.ask(actor=checker, source=report)
    run_errands()
    captures.ask(actor=checker, source=report)
    add(checker, team, site.url())
    run_errands()
    assert len({capture.key for capture in Capture.objects.all()}) == 1
    assert len(files_in(kept_in)) == 1 + 3  # a record of each
    assert Capture.objects.count() == 3


# --- files -----------------------------------------------------------------------------------


def upload(actor: User, source: Source, content: bytes, name: str = "notes.txt") -> Errand:
    received = captures.receive(actor=actor, source=source, file=io.BytesIO(content), name=name)
    return captures.ask_upload(actor=actor, source=source, received=received)


def test_a_file_is_captured(kept_in: Path, team: Team, checker: User) -> None:
    source = add(checker, team, "")
    upload(checker, source, b"Notebook 3.\n\nThe piers were sound.", "C:\\desk\\notes.txt")
    (errand,) = run_errands()
    capture = Capture.objects.get()
    assert (errand.state, capture.file_name, capture.media_type) == (State.KEPT, "notes.txt", "text/plain")
    assert capture.captured_at == errand.asked_at
    assert [part.text for part in Part.objects.of_capture(capture)] == ["Notebook 3.", "The piers were sound."]
    assert capture.by_upload
    assert all_keys() == {capture.key}
    assert not Pending.objects.exists()


def test_a_file_that_no_reader_understands_is_kept_and_says_so(kept_in: Path, team: Team, checker: User) -> None:
    upload(checker, add(checker, team, ""), b"%PDF-1.7\nnot at all", "report.pdf")
    run_errands()
    capture = Capture.objects.get()
    assert (capture.media_type, capture.text_sha256, capture.parts.count()) == ("application/pdf", "", 0)
    assert len(capture.notes) == 1
    assert verify().holds


def test_a_file_is_refused_that_is_empty_too_large_or_not_received(
    kept_in: Path, team: Team, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = add(checker, team, "")
    with pytest.raises(Refused, match="empty"):
        upload(checker, source, b"")
    monkeypatch.setattr(captures, "MOST_BYTES", 10)
    with pytest.raises(Refused, match="larger than"):
        upload(checker, source, b"x" * 11)
    received = captures.receive(actor=checker, source=source, file=io.BytesIO(b"x" * 10), name="x")
    errands.sweep(older_than=errands.FORGOTTEN * 0)
    assert files_in(kept_in) == []
    with pytest.raises(Refused, match="no longer here"):
        captures.ask_upload(actor=checker, source=source, received=received)
    assert not Errand.objects.exists()


# --- what fails ------------------------------------------------------------------------------


def test_what_cannot_be_reached_says_why_and_can_be_tried_again(report: Source, site: Site, teammate: User) -> None:
    site.says("/report", status=404)
    (errand,) = run_errands()
    assert (errand.state, errand.code, errand.detail) == (State.FAILED, "status", "404")
    assert list(Errand.objects.failed()) == [errand]
    site.says("/report", PAGE)
    captures.ask_again(actor=teammate, errand=errand)
    (errand,) = run_errands()
    assert (errand.state, errand.code) == (State.KEPT, "")
    assert captures.ask_again(actor=teammate, errand=errand).state == State.KEPT


def test_a_fault_that_may_pass_is_tried_three_times_more(report: Source, site: Site) -> None:
    site.says("/report", status=503)
    errand, waits = run_errands()[0], []
    while errand.state == State.WAITING:
        waits.append(round((errand.again_at - errand.state_since).total_seconds()))  # type: ignore[operator]
        assert ProcrastinateJob.objects.get().scheduled_at == errand.again_at
        Errand.objects.update(again_at=errand.asked_at)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
        (errand,) = run_errands()
    assert waits == [20, 120, 600]
    assert (errand.state, errand.code, errand.attempts) == (State.FAILED, "status", 4)
    assert site.asked == ["/report"] * 4


def test_what_failed_and_was_given_up_is_over_and_its_file_goes(
    kept_in: Path, team: Team, checker: User, viewer: User
) -> None:
    source = add(checker, team, "")
    errand = upload(checker, source, b"Notebook 3.")
    with pytest.raises(NotAllowed):
        captures.give_up(actor=viewer, errand=errand)
    assert captures.give_up(actor=checker, errand=errand).state == State.WAITING  # it is still to be done
    errands.failed(errand, "fault")
    errands.sweep(older_than=errands.FORGOTTEN * 0)
    assert all_keys() == {errand.upload_key}
    assert captures.give_up(actor=checker, errand=errand).state == State.DROPPED
    assert captures.ask_again(actor=checker, errand=errand).state == State.DROPPED
    assert not Errand.objects.not_made_good().exists()
    errands.sweep(older_than=errands.FORGOTTEN * 0)
    assert all_keys() == set()
    run_errands()
    assert not Capture.objects.exists()


def test_an_address_of_this_machine_is_never_reached(site: Site, kept_in: Path, team: Team, checker: User) -> None:
    add(checker, team, site.url().replace("localhost", "127.0.0.1"))
    (errand,) = run_errands()
    assert (errand.state, errand.code) == (State.FAILED, "address")
    assert site.asked == []


def test_a_store_that_is_away_is_waited_for_and_nothing_is_lost(report: Source, kept_in: Path) -> None:
    kept_in.rename(kept_in.with_name("away"))
    (errand,) = run_errands()
    assert (errand.state, errand.code) == (State.WAITING, "store-away")
    assert errand.again_at is not None
    kept_in.with_name("away").rename(kept_in)
    Errand.objects.update(again_at=None)
    captures.defer(errand)
    (errand,) = run_errands()
    assert errand.state == State.KEPT
    assert not Pending.objects.exists()
    assert all_keys() == {Capture.objects.get().key, Capture.objects.get().warc_key}


def test_of_several_sources_the_newest_is_found_at_once(report: Source, site: Site, checker: User, team: Team) -> None:
    run_errands()
    captures.ask(actor=checker, source=report)
    other = add(checker, team, site.url("/nowhere"))
    run_errands()
    asked = [report.pk, other.pk, 0]
    assert {pk: capture.number for pk, capture in Capture.objects.newest_of(asked).items()} == {report.pk: 2}
    states = {pk: errand.state for pk, errand in Errand.objects.newest_of(asked).items()}
    assert states == {report.pk: State.KEPT, other.pk: State.FAILED}
    assert [errand.source for errand in Errand.objects.not_made_good()] == [other]
    assert Capture.objects.newest_of([]) == {}


# --- looked for ------------------------------------------------------------------------------


def test_a_capture_is_found_by_words_of_its_text(report: Source, other_team: Team) -> None:
    run_errands()
    capture = Capture.objects.get()
    for words in ("outturn", '"outturn cost"', "nowhere OR OUTT"):
        assert list(search.captures(report.team, words)) == [capture], words
    for words in ("nowhere", '"cost outturn"', "-outturn", ""):
        assert list(search.captures(report.team, words)) == [], words
    assert list(search.captures(other_team, "outturn")) == []


def test_every_code_of_a_note_has_its_sentence() -> None:
    lines = (ROOT / "claims/fetching/safe.py").read_text().splitlines()
    codes = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)', "\n".join(line for line in lines if "notes" in line)))
    assert codes == NOTES.keys()
    assert noted("encoding-unknown br") == "It came packed in a way that is not known here (br): it is kept as it came."
    assert noted("Long cells are cut.") == "Long cells are cut."


def test_every_code_of_a_failure_has_its_sentence() -> None:
    said = "".join(
        (ROOT / path).read_text() for path in ("claims/tasks.py", "claims/store.py", "claims/trail/captured.py")
    )
    ours = set(re.findall(r'failed\(errand, "([a-z-]+)"|code = "([a-z-]+)"|code ELSE \'([a-z-]+)\' END', said))
    codes = {code for found in ours for code in found if code} | {"no-room"}
    assert {"store-away", "store-full", "upload-lost", "erased", "fault", "cleared"} <= codes
    assert codes - REASONS.keys() == set()


# --- the rows --------------------------------------------------------------------------------


def test_no_text_is_added_to_a_capture_that_is_kept(report: Source) -> None:
    run_errands()
    capture = Capture.objects.get()
    with pytest.raises(DatabaseError, match="no act, no change"), transaction.atomic():
        Part.objects.create(capture=capture, team_id=capture.team_id, number=99, kind="page", text="Slipped in")


def test_what_a_worker_left_that_was_killed_is_cleared_away(report: Source, kept_in: Path) -> None:
    errand = Errand.objects.get()
    errands.go_on(errand, State.KEEPING)
    key = f"{errand.team_id}/ab/{'ab' * 32}"
    captures.expect([key], errand)
    store.put(key, io.BytesIO(b"half of it"))
    errands.sweep()
    assert all_keys() == {key}  # it may be alive
    errands.sweep(older_than=errands.FORGOTTEN * 0)
    assert all_keys() == set()
    assert not Pending.objects.exists()


def test_an_errand_that_no_job_leads_to_is_taken_up(report: Source) -> None:
    errands.go_on(Errand.objects.get(), State.FETCHING)
    errands.take_up(errands.IDLE * 0)
    assert ProcrastinateJob.objects.count() == 1  # its job waits still
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    errands.take_up()
    assert ProcrastinateJob.objects.filter(status="todo").count() == 0  # it has only just begun
    errands.take_up(errands.IDLE * 0)
    (errand,) = run_errands()
    assert errand.state == State.KEPT
    errands.take_up(errands.IDLE * 0)
    assert ProcrastinateJob.objects.filter(status="todo").count() == 0
