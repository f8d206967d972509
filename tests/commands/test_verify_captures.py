"""verify_captures reads what is kept of every capture, and names what is not what it was."""

import io
import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims import store
from claims.models import Capture, Part, Team, User
from tests.captures import Site, add, run_errands
from verify.database import as_owner

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def capture(site: Site, kept_in: Path, checker: User, team: Team) -> Capture:
    add(checker, team, site.url())
    run_errands()
    return Capture.objects.get()


def verified(*options: str) -> tuple[int, str]:
    """The exit code, and all that it says."""
    said = io.StringIO()
    try:
        call_command("verify_captures", *options, stdout=said, stderr=said)
    except SystemExit as end:
        return int(str(end.code)), said.getvalue()
    return 0, said.getvalue()


def test_what_is_whole_holds(capture: Capture) -> None:
    assert verified() == (0, "1 capture holds.\n")
    assert verified("--team", "post") == (0, "0 captures hold.\n")


def test_bytes_that_are_gone_or_changed_are_named(capture: Capture, kept_in: Path) -> None:
    store.delete(capture.warc_key)
    with (kept_in / capture.key).open("ab") as file:
        file.write(b"!")
    code, said = verified()
    name = f"capture 1 of source {capture.source_id}"
    assert (code, said) == (1, f"{name}: its bytes are not what they were\n{name}: the bytes of its record are gone\n")
    assert verified("--team", "post")[0] == 0


def test_a_text_that_was_changed_is_named(capture: Capture) -> None:
    with as_owner():
        Part.objects.filter(capture=capture).update(text="Something else")
    assert verified() == (1, f"capture 1 of source {capture.source_id}: its text is not what it was\n")


def test_bytes_that_no_row_names_are_named(capture: Capture) -> None:
    key = f"{capture.team_id}/ab/{'ab' * 32}"
    store.put(key, io.BytesIO(b"nobody's"))
    assert verified() == (1, f"{key} is in the store, and no row names it\n")
    assert verified("--named")[0] == 0


def test_files_that_were_left_half_written_are_named(capture: Capture, kept_in: Path) -> None:
    left = kept_in / store.UNFINISHED / "half"
    left.write_bytes(b"nobody's")
    assert verified()[0] == 0  # a worker clears it away in ten minutes
    os.utime(left, (0, 0))
    assert verified() == (1, ".unfinished/half is in the store, and nobody writes it any more\n")
    assert verified("--named")[0] == verified("--team", "ledger")[0] == 0


def test_a_store_that_is_away_is_no_verdict(capture: Capture, kept_in: Path) -> None:
    kept_in.rename(kept_in.with_name("away"))
    with pytest.raises(CommandError, match="does not answer"):
        verified()
