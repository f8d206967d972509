"""With a source goes all that was captured of it: bytes, record, text, index, files that were sent, errands."""

import io
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import call_command

from claims import store, tasks
from claims.actions import ahead, captures, errands, evidence, reports, verdicts
from claims.models import (
    Ahead,
    Article,
    Capture,
    Claim,
    Errand,
    Evidence,
    Part,
    Pending,
    Proof,
    ReportDocument,
    Source,
    Team,
    User,
)
from claims.models.captures import key_of
from claims.trail.traces import rows_of
from claims.trail.verify import verify
from tests.captures import Site, add, all_keys, files_in, kept, run_errands
from tests.people import log, support, verdict
from tests.trail.test_erase import standing

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "quenelle-of-the-porter"
PAGE = f"<title>{SECRET}</title><main><p>{f'What {SECRET} said that night. ' * 9}</main>".encode()


@pytest.fixture
def told(site: Site, kept_in: Path, checker: User, team: Team) -> Source:
    """A source whose address moved, captured, and captured again by a file."""
    site.says(f"/{SECRET}", status=302, Location=f"/{SECRET}/now")
    site.says(f"/{SECRET}/now", PAGE, X_Case=SECRET)
    source = add(checker, team, site.url(f"/{SECRET}"))
    send(checker, source, SECRET.encode() * 9)
    run_errands()
    site.says(f"/{SECRET}", status=404)
    captures.ask(actor=checker, source=source)
    run_errands()
    return source


def send(actor: User, source: Source, content: bytes) -> Errand:
    received = captures.receive(actor=actor, source=source, file=io.BytesIO(content), name=f"{SECRET}.txt")
    return captures.ask_upload(actor=actor, source=source, received=received)


def erased(source: Source, **more: bool) -> str:
    said = io.StringIO()
    options = {"source": source.pk, "reason": "Promise", "email": "margit@ledger.example", "yes": True} | more
    call_command("erase", stdout=said, **options)
    return said.getvalue()


def test_everything_that_was_captured_goes(told: Source, kept_in: Path) -> None:
    assert {"public.claims_capture", "public.claims_part", "public.claims_errand", "trail.change"} <= set(
        standing(SECRET)
    )
    assert len(all_keys()) == 3
    words = erased(told)
    assert "3 files in the store of captures, and the text and index of each capture" in words
    assert "3 files went from the store of captures." in words
    assert standing(SECRET) == []
    assert files_in(kept_in) == []
    assert not Part.objects.exists()
    assert not Pending.objects.exists()
    assert all(capture.erased and not capture.size for capture in Capture.objects.all())
    assert set(Errand.objects.values_list("state", "code")) == {("kept", ""), ("failed", "erased")}
    assert verify().holds
    call_command("verify_captures", stdout=io.StringIO())


def test_no_hash_stays_by_which_the_document_could_be_known(told: Source) -> None:
    hashes = list(Capture.objects.values_list("sha256", "warc_sha256", "text_sha256"))
    erased(told)
    assert [found for row in hashes for found in row if found and standing(found)] == []


def test_bytes_of_another_source_stay_with_it(told: Source, site: Site, checker: User, team: Team) -> None:
    other = add(checker, team, site.url(f"/{SECRET}/now"), title="Minutes")
    run_errands()
    words = erased(told)
    mine = Capture.objects.get(source=other)
    assert f"Another source has the same bytes, which stay with it: {mine.key}." in words
    assert all_keys() == {mine.key, mine.warc_key}
    call_command("verify_captures", stdout=io.StringIO())


def test_an_errand_under_way_keeps_nothing(told: Source, site: Site, checker: User, kept_in: Path) -> None:
    site.says(f"/{SECRET}", PAGE)
    errand = captures.ask(actor=checker, source=told)
    errands.go_on(errand, Errand.State.KEEPING)
    page = kept_in.parent / "page"
    page.write_bytes(PAGE)
    digest = sha256(PAGE).hexdigest()
    errands.expect([key_of(errand.team_id, digest)], errand)
    erased(told)
    facts = {"captured_at": errand.asked_at, "tool": "Galley"}
    with pytest.raises(errands.Over):
        errands.keep(errand, errands.Brought(page, digest, len(PAGE), facts))
    errands.clear_of(errand)
    assert files_in(kept_in) == []
    assert standing(SECRET) == []


def test_a_file_that_was_sent_and_not_yet_kept_goes(kept_in: Path, checker: User, team: Team) -> None:
    source = add(checker, team, "")
    send(checker, source, SECRET.encode())
    erased(source)
    assert files_in(kept_in) == []
    (errand,) = run_errands()
    assert (errand.state, errand.code) == ("failed", "erased")


def test_what_was_fetched_for_a_form_that_is_still_typed_in_goes(
    told: Source, site: Site, teammate: User, team: Team, kept_in: Path
) -> None:
    site.says(f"/{SECRET}", PAGE)
    ahead.ask(actor=teammate, team=team, url=site.url(f"/{SECRET}"))
    run_errands()
    assert "public.claims_ahead" in standing(SECRET)
    erased(told)
    assert standing(SECRET) == []
    assert not Ahead.objects.exists()
    assert files_in(kept_in) == []
    assert not Pending.objects.exists()


def test_an_errand_of_another_source_that_had_it_fetches_anew(
    told: Source, site: Site, checker: User, team: Team, kept_in: Path
) -> None:
    url = site.says("/other", b"<p>Minutes of the works committee.")
    ahead.ask(actor=checker, team=team, url=url)
    run_errands()
    other = add(checker, team, url)
    erased(told)
    assert files_in(kept_in) == []
    (errand,) = run_errands()
    assert errand.state == Errand.State.KEPT
    assert site.asked.count("/other") == 2
    mine = Capture.objects.get(source=other)
    assert all_keys() == {mine.key, mine.warc_key}


def test_a_worker_at_one_that_was_erased_keeps_nothing(
    told: Source, site: Site, teammate: User, team: Team, kept_in: Path
) -> None:
    found = ahead.ask(actor=teammate, team=team, url=site.says("/other", PAGE))
    assert found is not None
    ahead.go_on(found)
    erased(told)
    page = kept_in.parent / "page"
    page.write_bytes(PAGE)
    sha256 = captures._weighed(io.BytesIO(PAGE))[0]
    with pytest.raises(errands.Over):
        ahead.keep(found, page, page, sha256=sha256, warc_sha256=sha256, size=len(PAGE))
    assert files_in(kept_in) == []


def test_what_this_store_does_not_hold_is_left_for_the_worker(told: Source, kept_in: Path) -> None:
    away = kept_in.rename(kept_in.with_name("elsewhere"))
    kept_in.mkdir()
    assert "3 files are not in the store that GALLEY_STORE names here" in erased(told)
    assert Pending.objects.count() == 3
    kept_in.rmdir()
    away.rename(kept_in)
    errands.sweep()
    assert files_in(kept_in) == []
    assert not Pending.objects.exists()


def test_no_dead_row_and_no_index_holds_it_once_they_are_rewritten(told: Source) -> None:
    before = files_of("claims_part", "part_words", "claims_capture", "claims_proof", "claims_errand", "claims_pending")
    erased(told)
    for _time in range(20):  # PostgreSQL's own housekeeping may have what is dead in sight for a moment
        assert "claims_part" in erased(told, rewrite=True)
        if (size := rows_of("SELECT pg_relation_size('claims_part')")) == [(0,)]:
            break
    assert size == [(0,)]
    assert not before & files_of(*dict(before))


def files_of(*relations: str) -> set[tuple[str, int]]:
    """The files in which they are."""
    found = rows_of("SELECT r, pg_relation_filenode(r::regclass) FROM unnest(%s::text[]) r", list(relations))
    return {(name, number) for name, number in found}


# --- and what does not -----------------------------------------------------------------------


@pytest.fixture
def unrelated(article: Article, checker: User, reviewer: User, team: Team) -> Source:
    """A source of the web archive's, a report on it, and a word in that report that is a file's name elsewhere."""
    claim = log(article, checker, "eleven months")
    new = {"title": "Old minutes", "url": "https://web.archive.org/web/2020/https://other.example/minutes"}
    piece = evidence.attach(
        actor=checker, claim=claim, stance="supports", quote="See report.pdf", new_source=new | {"kind": "page"}
    )
    support(claim, checker)
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
    reports.issue_report(actor=reviewer, article=article)
    return piece.source


def test_the_name_of_an_archive_or_of_a_file_takes_no_report_of_something_else(
    unrelated: Source, kept_in: Path, checker: User, team: Team
) -> None:
    source = add(checker, team, "", title="A memo from the night desk")
    received = captures.receive(actor=checker, source=source, file=io.BytesIO(b"x"), name="report.pdf")
    captures.ask_upload(actor=checker, source=source, received=received)
    tasks.capture(errand=Errand.objects.get(source=source).pk)
    proven(Capture.objects.get(source=source), kept_in.parent / "answer", "web.archive.org")
    words = erased(source)
    assert ReportDocument.objects.count() == 1
    assert "“report.pdf”, 1 place: claims_evidence" in words
    assert "web.archive.org" not in words
    assert standing("report.pdf") == ["public.claims_evidence", "public.claims_reportdocument", "trail.change"]
    proof = Proof.objects.get()
    assert (proof.authority, proof.sha256) == ("[erased]", "")
    assert verify().holds


def proven(capture: Capture, file: Path, authority: str) -> Proof:
    file.write_bytes(b"{}")
    facts = {"kind": Proof.Kind.ARCHIVE, "authority": authority, "media_type": "application/json"}
    return errands.prove(capture, "capture.archive", file, sha256(b"{}").hexdigest(), **facts)


def test_bytes_that_another_source_s_file_or_proof_has_stay_and_are_not_said_to_have_gone(
    told: Source, kept_in: Path, checker: User, team: Team
) -> None:
    waiting, proven_of = (add(checker, team, "", title=title) for title in ("Minutes", "Memo"))
    uploaded = send(checker, waiting, PAGE)
    mine = Capture.objects.filter(source=told).exclude(asked_url="").get()
    of_proof = proven(kept(proven_of, checker, b"memo"), kept_in.parent / "page", "archive.example")
    theirs = proven(mine, kept_in.parent / "page", "archive.example")
    assert of_proof.key == theirs.key
    stay = {uploaded.upload_key, of_proof.key}
    words = erased(told)
    assert f"Another source has the same bytes, which stay with it: {', '.join(sorted(stay))}." in words
    assert "2 files went from the store of captures." in words
    assert stay <= all_keys()
    call_command("verify_captures", stdout=io.StringIO())


def test_bytes_that_something_came_to_name_meanwhile_are_not_said_to_have_gone(
    kept_in: Path, checker: User, team: Team
) -> None:
    key = send(checker, add(checker, team, ""), b"Notebook 3.").upload_key
    Pending.objects.create(key=key, made_at="2000-01-01T00:00:00Z")
    assert errands.clear_erased([key]) == ([], [], [key])
    assert all_keys() == {key}
    assert not Pending.objects.exists()


def test_what_was_given_up_stays_so_and_what_ended_is_nobody_s_to_try_again(
    site: Site, kept_in: Path, claim: Claim, checker: User, team: Team
) -> None:
    source = add(checker, team, site.url("/nowhere"))
    evidence.attach(actor=checker, claim=claim, stance="supports", source=source, quote="They knew.")
    (errand,) = run_errands()
    captures.give_up(actor=checker, errand=errand)
    captures.ask(actor=checker, source=source)
    erased(source)
    assert list(Errand.objects.order_by("pk").values_list("state", "code")) == [
        ("dropped", "erased"),
        ("failed", "erased"),
    ]
    assert not Errand.objects.not_made_good().exists()
    assert Errand.objects.newest_of([source.pk]) == {}
    assert Evidence.objects.with_capture().get().errand is None


def test_what_was_being_written_when_a_worker_was_killed_goes(told: Source, kept_in: Path) -> None:
    unfinished = kept_in / store.UNFINISHED / "half"
    unfinished.write_bytes(SECRET.encode())
    erased(told)
    assert files_in(kept_in) == []
