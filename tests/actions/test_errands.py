"""What workers do with errands that kill them, and with what the database does not take."""

import random
from pathlib import Path

import pytest
from django.db import OperationalError, connection

from claims import search, tasks
from claims.actions import articles, captures, errands
from claims.models import Errand, Source, Team, User
from tests.captures import Site, add, run_errands

State = Errand.State


@pytest.fixture
def report(site: Site, kept_in: Path, checker: User, team: Team) -> Source:
    return add(checker, team, site.url())


class Killed(BaseException):
    """What no code of ours can catch."""


def test_what_kills_its_worker_each_time_fails_in_the_end_and_can_be_tried_again(
    report: Source, site: Site, checker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_body: object, **_named: object) -> None:
        raise Killed

    with monkeypatch.context() as deadly:
        deadly.setattr(tasks.sandbox, "read", kill)
        for _time in range(errands.MOST_BEGUN):
            with pytest.raises(Killed):
                run_errands()
            assert Errand.objects.get().is_open
        run_errands()
    errand = Errand.objects.get()
    assert (errand.state, errand.code, errand.begun) == (State.FAILED, "killed", 0)
    assert len(site.asked) == errands.MOST_BEGUN
    captures.ask_again(actor=checker, errand=errand)
    assert run_errands()[-1].state == State.KEPT


def too_long_for_an_index() -> str:
    """Compounds of letters of four bytes, with some that become six in plain letters."""
    rng = random.Random(3)
    half = [chr(0x20000 + rng.randrange(42000)) for _letter in range(168)]
    words = ["".join([*rng.sample(half, 168), "\u3316" * 19]) for _half in range(2 * 265)]
    return " ".join(map("-".join, zip(words[::2], words[1::2], strict=True)))


def test_a_text_of_more_words_than_an_index_takes_is_kept_and_its_beginning_found(
    report: Source, site: Site, checker: User
) -> None:
    text = f"Augustin {too_long_for_an_index()}"
    site.says("/report", text.encode(), Content_Type="text/plain; charset=utf-8")
    (errand,) = run_errands()
    assert (errand.state, errand.code) == (State.KEPT, "")
    assert len(search.captures(report.team, "augustin")) == 1
    blocks = [("paragraph", text)]
    article = articles.import_article(actor=checker, team=report.team, blocks=blocks, title="Long")
    assert list(search.articles(report.team, "augustin")) == [article]


@pytest.mark.parametrize("letters", ["x", "é", "\ud55c", "\U00020000"])
def test_a_text_is_cut_between_letters(letters: str, db: None) -> None:
    with connection.cursor() as cursor:
        for size in range(8, 13):
            cursor.execute("SELECT public.within(%s, %s)", [letters * 20, size])
            assert cursor.fetchone() == (letters * (size // len(letters.encode())),)


def test_what_the_database_will_not_take_is_said_and_not_tried_for_ever(
    report: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_asked: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT repeat('x', 2000000)::tsvector")

    monkeypatch.setattr(errands, "ask_others", refuse)
    (errand,) = run_errands()
    assert (errand.state, errand.code, errand.attempts) == (State.WAITING, "fault", 1)


@pytest.mark.parametrize("code", ["53100", "55P03"])
def test_a_database_that_has_no_room_or_no_lock_is_waited_for(
    code: str, report: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_asked: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DO $$ BEGIN RAISE 'not now' USING ERRCODE = '{code}'; END $$")

    monkeypatch.setattr(errands, "ask_others", refuse)
    with pytest.raises(OperationalError):
        run_errands()
    errand = Errand.objects.get()
    assert (errand.is_open, errand.attempts, errand.begun) == (True, 0, 0)
