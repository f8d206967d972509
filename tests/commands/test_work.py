"""The worker goes on where the database fails it for a moment."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.contrib.django.utils import connector_params

from claims.actions import proofs
from claims.fetching.reasons import REASONS
from claims.management.commands import work
from claims.models import Team, Unproven, User
from tests.captures import add, kept


def refused(*_asked: Any) -> None:
    raise OperationalError("sorry, too many clients already")


@pytest.mark.django_db(transaction=True)
def test_to_clear_up_is_put_off_where_the_database_lets_nobody_in(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(work.errands, "sweep", refused)
    work._swept()
    assert "not cleared up this time: sorry, too many clients" in caplog.text


def test_whatever_of_the_database_fails_the_work_is_begun_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    begun = []

    async def worked(*_asked: Any, **_named: Any) -> None:
        begun.append(1)
        if len(begun) < 3:
            refused()

    monkeypatch.setattr(work, "_work", worked)
    monkeypatch.setattr(work, "SECONDS_BETWEEN_STARTS", 0)
    monkeypatch.setattr(work.signal, "signal", lambda *_handler: None)
    # of its own: a browser's driver may have an event loop in this one
    thread = threading.Thread(target=call_command, args=("work",), kwargs={"once": True})
    thread.start()
    thread.join(30)
    assert len(begun) == 3
    assert caplog.text.count("The database does not answer: sorry, too many clients") == 2


def tidied() -> None:
    """What a worker does when it starts; in a thread, for a browser's driver may have an event loop in this one."""

    async def tidy() -> None:
        connector = PsycopgConnector(kwargs=connector_params(), min_size=1, max_size=2, timeout=10)
        with app.replace_connector(connector) as working:
            async with working.open_async():
                await work._tidy(working)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, tidy()).result(30)


@pytest.mark.django_db(transaction=True)
def test_a_job_that_kills_who_has_it_is_given_up_and_said_beside_the_capture(
    kept_in: Path, team: Team, checker: User, settings: Any
) -> None:
    settings.STAMPS = ("https://time.example/tsr",)
    capture = kept(add(checker, team, ""), checker)
    for attempts in range(work.MOST_TRIES):
        with connection.cursor() as cursor:
            cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")  # whose worker is gone
        tidied()
        assert list(ProcrastinateJob.objects.values_list("status", "attempts")) == [("todo", attempts + 1)]
    assert not Unproven.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    tidied()
    assert not ProcrastinateJob.objects.exists()
    (wanted,) = proofs.wanting(capture)
    assert (wanted.asked, wanted.why) == (False, str(REASONS["killed"]))
