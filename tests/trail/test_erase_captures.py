"""With a source goes all that was captured of it: bytes, record, text, index, files that were sent, errands."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from claims.actions import ahead, captures, errands
from claims.models import Ahead, Capture, Errand, Part, Pending, Source, Team, User
from claims.models.captures import key_of
from claims.trail import erase
from claims.trail.verify import verify
from tests.captures import Site, add, all_keys, files_in, run_errands
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


def erased(source: Source) -> str:
    said = io.StringIO()
    options = {"source": source.pk, "reason": "Promise", "email": "margit@ledger.example", "yes": True}
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
    assert f"Another source was captured with the same bytes, which stay with it: {mine.key}." in words
    assert all_keys() == {mine.key, mine.warc_key}
    call_command("verify_captures", stdout=io.StringIO())


def test_an_errand_under_way_keeps_nothing(told: Source, site: Site, checker: User, kept_in: Path) -> None:
    site.says(f"/{SECRET}", PAGE)
    errand = captures.ask(actor=checker, source=told)
    errands.go_on(errand, Errand.State.KEEPING)
    page = kept_in.parent / "page"
    page.write_bytes(PAGE)
    sha256 = captures._weighed(io.BytesIO(PAGE))[0]
    errands.expect([key_of(errand.team_id, sha256)], errand)
    erased(told)
    facts = {"captured_at": errand.asked_at, "tool": "Galley"}
    with pytest.raises(errands.Over):
        errands.keep(errand, errands.Brought(page, sha256, len(PAGE), facts))
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


def test_nothing_of_it_is_in_the_index_once_it_is_rewritten(told: Source) -> None:
    erased(told)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM claims_part WHERE words_of(team_id, text) @@ 'quenelle'")
        assert cursor.fetchone() == (0,)
    assert {"claims_capture", "claims_proof"} <= erase.TEXTS.keys()
