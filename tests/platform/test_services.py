"""The services that settings name for captures are addresses of the web, or the settings say that they are not."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from claims.actions import proofs
from claims.fetching.archives import Archive
from verify import captures, settings


def test_none_is_named_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GALLEY_STAMPS", raising=False)
    monkeypatch.delenv("GALLEY_ARCHIVE", raising=False)
    assert (captures.stamps(), captures.archive()) == ((), "")


def test_authorities_are_named_with_commas_between(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_STAMPS", "http://one.example/tsr, https://two.example/,http://one.example/tsr")
    assert captures.stamps() == ("http://one.example/tsr", "https://two.example/")


@pytest.mark.parametrize("named", ["one.example", "ftp://one.example/", "http://me:key@one.example/", "http://"])
def test_an_authority_is_an_address(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_STAMPS", named)
    with pytest.raises(ImproperlyConfigured, match="GALLEY_STAMPS names no address"):
        captures.stamps()


def test_an_archive_may_have_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_ARCHIVE", "https://access:secret@archive.example/save/")
    by = Archive.named(captures.archive())
    assert (by.base, by.key, by.host) == ("https://archive.example/save", "access:secret", "archive.example")


@pytest.mark.parametrize(
    "named", ["archive.example/save", "http://access:secret@archive.example/save", "https://access@archive.example/"]
)
def test_what_is_no_archive_is_refused(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GALLEY_ARCHIVE", named)
    with pytest.raises(ImproperlyConfigured, match="GALLEY_ARCHIVE") as caught:
        captures.archive()
    assert "secret" not in str(caught.value)


def test_the_worker_reads_the_tasks() -> None:
    named = {name.rpartition(".")[0] for name in (proofs.STAMP, proofs.ARCHIVE, proofs.PICTURE)}
    assert named <= set(settings.PROCRASTINATE_IMPORT_PATHS)
