"""The worker goes on where the database fails it for a moment."""

import threading
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from claims.management.commands import work


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
