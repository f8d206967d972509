"""An address is fetched while its form is typed in, and is the source's capture once that is saved: fetched once."""

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import DataError, connection
from django.utils import timezone as clock
from procrastinate.contrib.django.models import ProcrastinateJob

from claims import store, tasks
from claims.actions import ahead, captures, errands, evidence, sources
from claims.models import Ahead, Capture, Claim, Errand, Part, Pending, Team, User
from claims.models import ahead as rows
from claims.roles import NotAllowed
from claims.trail.verify import verify
from tests.captures import PAGE, Site, add, all_keys, files_in, run_errands
from tests.people import member

State = Ahead.State


@pytest.fixture
def typed(site: Site, kept_in: Path, checker: User, team: Team) -> Ahead:
    """The report's address, typed in by the checker and not yet fetched."""
    return asked(checker, team, site.url())


def asked(actor: User, team: Team, url: str) -> Ahead:
    found = ahead.ask(actor=actor, team=team, url=url)
    assert found is not None
    return found


@pytest.fixture
def an_hour_later(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """All that was asked for until then is an hour old."""
    return lambda: monkeypatch.setattr(rows, "LIFETIME", datetime.timedelta(0))


def now(found: Ahead) -> Ahead:
    return Ahead.objects.get(pk=found.pk)


def test_what_was_fetched_while_typing_is_the_capture_and_is_not_fetched_again(
    typed: Ahead, site: Site, checker: User, team: Team
) -> None:
    assert run_errands() == []
    fetched = now(typed)
    assert (fetched.state, fetched.size, len(all_keys())) == (State.FETCHED, len(PAGE), 2)
    assert not Pending.objects.exists()
    site.says("/report", b"changed meanwhile")
    source = add(checker, team, site.url())
    (errand,) = run_errands()
    assert errand.state == Errand.State.KEPT, errand.detail
    capture = Capture.objects.get()
    assert site.asked == ["/report"]
    assert (capture.source, capture.sha256, capture.warc_sha256) == (source, fetched.sha256, fetched.warc_sha256)
    assert capture.captured_at == datetime.datetime.fromisoformat(fetched.facts["captured_at"]) < errand.asked_at
    assert (capture.asked_url, capture.final_url, capture.status) == (site.url(), site.url(), 200)
    assert (capture.media_type, capture.title, capture.asked_by) == ("text/html", "Bridge report", checker)
    assert "£31.4m" in " ".join(part.text for part in Part.objects.of_capture(capture))
    assert not Ahead.objects.exists()
    assert all_keys() == {capture.key, capture.warc_key}
    assert verify().holds


def test_redirects_and_headers_are_those_of_then(site: Site, kept_in: Path, checker: User, team: Team) -> None:
    site.says("/moved", status=301, Location="/report")
    asked(checker, team, site.url("/moved"))
    run_errands()
    add(checker, team, site.url("/moved"))
    run_errands()
    capture = Capture.objects.get()
    assert capture.final_url == site.url()
    assert capture.redirects == [{"url": site.url("/moved"), "status": 301, "location": "/report", "downgrade": False}]
    assert ["Content-Length", str(len(PAGE))] in capture.headers
    assert site.asked == ["/moved", "/report"]


def test_evidence_with_a_new_source_takes_it_over(typed: Ahead, site: Site, claim: Claim, checker: User) -> None:
    run_errands()
    new = {"title": "Report", "url": site.url(), "kind": "page"}
    evidence.attach(actor=checker, claim=claim, stance="context", new_source=new)
    run_errands()
    assert Capture.objects.count() == 1
    assert site.asked == ["/report"]


def test_an_address_is_asked_for_once(typed: Ahead, site: Site, checker: User, team: Team) -> None:
    assert asked(checker, team, site.url()) == typed
    assert ProcrastinateJob.objects.count() == 1
    run_errands()
    assert asked(checker, team, site.url()) == typed
    run_errands()
    assert site.asked == ["/report"]


def test_who_may_ask(site: Site, kept_in: Path, viewer: User, outsider: User, team: Team) -> None:
    for person in (viewer, outsider):
        with pytest.raises(NotAllowed):
            ahead.ask(actor=person, team=team, url=site.url())
    assert not Ahead.objects.exists()


def test_nobody_else_s_is_taken_over(typed: Ahead, site: Site, teammate: User, team: Team) -> None:
    run_errands()
    add(teammate, team, site.url())
    run_errands()
    assert site.asked == ["/report"] * 2
    assert now(typed).errand is None


def test_what_is_fetched_for_one_team_is_not_another_s(
    typed: Ahead, site: Site, checker: User, other_team: Team
) -> None:
    member(other_team, checker, "checker")
    run_errands()
    source = add(checker, other_team, site.url())
    run_errands()
    assert site.asked == ["/report"] * 2
    assert Capture.objects.get().source == source
    assert now(typed).errand is None


def test_what_is_still_under_way_is_given_up_when_the_form_is_saved(
    typed: Ahead, site: Site, checker: User, team: Team
) -> None:
    ahead.go_on(typed)
    add(checker, team, site.url())
    assert not Ahead.objects.exists()
    with pytest.raises(errands.Over):
        ahead.go_on(typed, 100)
    (errand,) = run_errands()
    assert errand.state == Errand.State.KEPT
    assert site.asked == ["/report"]
    assert all_keys() == {Capture.objects.get().key, Capture.objects.get().warc_key}


def test_what_comes_after_the_form_was_saved_asks_for_nothing(
    site: Site, kept_in: Path, checker: User, team: Team
) -> None:
    add(checker, team, site.url())
    assert ahead.ask(actor=checker, team=team, url=site.url()) is None


@pytest.mark.parametrize("damage", ["lost", "damaged", "record lost"])
def test_bytes_that_are_gone_are_fetched_anew(
    typed: Ahead, site: Site, kept_in: Path, checker: User, team: Team, damage: str
) -> None:
    run_errands()
    body, record = now(typed).keys
    if damage == "damaged":
        (kept_in / body).write_bytes(b"something else")
    else:
        (kept_in / (body if damage == "lost" else record)).unlink()
    add(checker, team, site.url())
    (errand,) = run_errands()
    assert errand.state == Errand.State.KEPT
    assert site.asked == ["/report"] * 2
    capture = Capture.objects.get()
    for key in (capture.key, capture.warc_key):
        with store.opened(key):
            pass
    errands.sweep(older_than=errands.FORGOTTEN * 0)
    assert all_keys() == {capture.key, capture.warc_key}
    assert not Ahead.objects.exists()


def test_a_store_that_is_away_is_waited_for_with_what_was_fetched(
    typed: Ahead, site: Site, kept_in: Path, checker: User, team: Team, an_hour_later: Callable[[], None]
) -> None:
    run_errands()
    kept_in.rename(kept_in.with_name("away"))
    add(checker, team, site.url())
    (errand,) = run_errands()
    assert (errand.state, errand.code) == (Errand.State.WAITING, "store-away")
    an_hour_later()
    kept_in.with_name("away").rename(kept_in)
    ahead.sweep()
    Errand.objects.update(again_at=None)
    captures.defer(errand)
    (errand,) = run_errands()
    assert errand.state == Errand.State.KEPT
    assert site.asked == ["/report"]


def test_what_fails_says_why_and_saving_tries_again(site: Site, kept_in: Path, checker: User, team: Team) -> None:
    found = asked(checker, team, site.says("/gone", status=404))
    run_errands()
    assert (now(found).state, now(found).code, now(found).detail) == (State.FAILED, "status", "404")
    assert all_keys() == set()
    site.says("/gone", PAGE)
    add(checker, team, site.url("/gone"))
    (errand,) = run_errands()
    assert errand.state == Errand.State.KEPT
    assert not Ahead.objects.exists()


def test_what_failed_a_while_ago_is_asked_for_anew(
    site: Site, kept_in: Path, checker: User, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = asked(checker, team, site.says("/gone", status=503))
    run_errands()
    assert asked(checker, team, site.url("/gone")) == found  # just now
    site.says("/gone", PAGE)
    monkeypatch.setattr(rows, "AGAIN", datetime.timedelta(0))
    again = asked(checker, team, site.url("/gone"))
    run_errands()
    assert now(again).state == State.FETCHED
    assert Ahead.objects.count() == 1


def test_an_address_of_this_machine_is_never_reached(site: Site, kept_in: Path, checker: User, team: Team) -> None:
    found = asked(checker, team, site.url().replace("localhost", "127.0.0.1"))
    run_errands()
    assert (now(found).state, now(found).code) == (State.FAILED, "address")
    assert site.asked == []


def test_a_store_that_is_away_is_said(typed: Ahead, kept_in: Path) -> None:
    kept_in.rename(kept_in.with_name("away"))
    run_errands()
    assert (now(typed).state, now(typed).code) == (State.FAILED, "store-away")


def test_nothing_is_fetched_where_it_is_switched_off_or_no_address(team: Team, checker: User, settings: object) -> None:
    assert ahead.ask(actor=checker, team=team, url="mailto:porter@ledger.example") is None
    settings.CAPTURE = False  # type: ignore[attr-defined]
    assert ahead.ask(actor=checker, team=team, url="https://wexcombe.example/report") is None
    assert (Ahead.objects.count(), ProcrastinateJob.objects.count()) == (0, 0)


def test_one_person_has_few_at_a_time_and_others_theirs(team: Team, checker: User, teammate: User) -> None:
    urls = [f"https://wexcombe.example/{number}" for number in range(ahead.MOST_OPEN + 1)]
    found = [ahead.ask(actor=checker, team=team, url=url) for url in urls]
    assert [one is None for one in found] == [False] * ahead.MOST_OPEN + [True]
    assert asked(checker, team, urls[0]) == found[0]
    assert asked(teammate, team, urls[-1]).asked_by == teammate


def test_one_person_has_not_many_in_an_hour(team: Team, checker: User, an_hour_later: Callable[[], None]) -> None:
    for number in range(ahead.MOST):
        asked(checker, team, f"https://wexcombe.example/{number}")
        Ahead.objects.update(state=State.FAILED)
    assert ahead.ask(actor=checker, team=team, url="https://wexcombe.example/more") is None
    an_hour_later()
    assert ahead.ask(actor=checker, team=team, url="https://wexcombe.example/more") is not None


# --- what is cleared away --------------------------------------------------------------------


def test_what_nobody_saves_goes_within_the_hour_with_its_bytes(
    typed: Ahead, kept_in: Path, an_hour_later: Callable[[], None]
) -> None:
    run_errands()
    Pending.objects.create(key=now(typed).keys[0], made_at=clock.now() - errands.FORGOTTEN * 2)
    errands.sweep()
    ahead.sweep()
    assert all_keys() == set(now(typed).keys)
    an_hour_later()
    ahead.sweep()
    assert not Ahead.objects.exists()
    assert not Pending.objects.exists()
    assert files_in(kept_in) == []


def test_bytes_that_a_capture_has_too_stay(
    typed: Ahead, site: Site, teammate: User, team: Team, an_hour_later: Callable[[], None]
) -> None:
    run_errands()
    add(teammate, team, site.url())
    run_errands()
    an_hour_later()
    ahead.sweep()
    capture = Capture.objects.get()
    assert all_keys() == {capture.key, capture.warc_key}


def test_after_its_hour_it_is_fetched_anew(
    typed: Ahead, site: Site, checker: User, team: Team, an_hour_later: Callable[[], None]
) -> None:
    run_errands()
    keys = now(typed).keys
    an_hour_later()
    assert asked(checker, team, site.url()) != typed
    assert set(Pending.objects.values_list("key", flat=True)) == set(keys)
    add(checker, team, site.url())
    run_errands()
    assert site.asked == ["/report"] * 3


def test_what_an_errand_has_that_came_to_its_end_otherwise_goes(
    typed: Ahead, site: Site, checker: User, team: Team
) -> None:
    run_errands()
    add(checker, team, site.url())
    ahead.sweep()
    assert now(typed).errand == Errand.objects.get()
    errands.failed(Errand.objects.get(), "fault")
    ahead.sweep()
    assert not Ahead.objects.exists()
    assert all_keys() == set()


def test_what_is_given_up_while_it_is_fetched_leaves_nothing(
    typed: Ahead, kept_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = store.put

    def put_and_gone(key: str, file: object) -> None:
        put(key, file)  # type: ignore[arg-type]
        Ahead.objects.all().delete()

    monkeypatch.setattr(store, "put", put_and_gone)
    run_errands()
    assert files_in(kept_in) == []
    assert not Pending.objects.exists()


def test_one_whose_worker_was_killed_is_taken_up(typed: Ahead) -> None:
    ahead.go_on(typed)
    ahead.sweep(errands.IDLE * 0)
    assert ProcrastinateJob.objects.count() == 1  # its job waits still
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    ahead.sweep()
    assert ProcrastinateJob.objects.filter(status="todo").count() == 0  # it has only just begun
    ahead.sweep(errands.IDLE * 0)
    run_errands()
    assert now(typed).state == State.FETCHED


def test_one_that_its_workers_die_of_is_not_taken_up_for_ever(typed: Ahead, monkeypatch: pytest.MonkeyPatch) -> None:
    ahead.go_on(typed)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    monkeypatch.setattr(ahead, "PATIENCE", ahead.PATIENCE * 0)
    ahead.sweep(errands.IDLE * 0)
    assert (now(typed).state, now(typed).code) == (State.FAILED, "interrupted")
    assert not ProcrastinateJob.objects.filter(status="todo").exists()


def test_what_the_database_does_not_take_is_a_fault(typed: Ahead, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_a: object, **_k: object) -> None:
        raise DataError("no such letter")

    monkeypatch.setattr(ahead, "keep", refused)
    run_errands()
    assert (now(typed).state, now(typed).code) == (State.FAILED, "fault")


def test_run_again_it_changes_nothing(typed: Ahead, site: Site) -> None:
    run_errands()
    before = now(typed).state_since
    tasks.fetch_ahead(typed.pk)
    assert (now(typed).state_since, site.asked) == (before, ["/report"])


def test_how_much_has_come_is_told(typed: Ahead, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    go_on = ahead.go_on
    monkeypatch.setattr(ahead, "go_on", lambda found, size=0: (told.append(size), go_on(found, size)))
    run_errands()
    assert told[0] == 0
    assert told[1] > 0


def test_a_source_edited_to_the_address_takes_it_over_too(typed: Ahead, site: Site, checker: User, team: Team) -> None:
    run_errands()
    source = add(checker, team, "")
    sources.edit_source(actor=checker, source=source, url=site.url())
    run_errands()
    assert Capture.objects.get().source == source
    assert site.asked == ["/report"]
