"""Years that no column holds are refused with a sentence, wherever people give a day."""

from typing import Any

import pytest
from django.utils import timezone as clock

from claims.forms.articles import Facts
from claims.forms.fields import Form
from claims.forms.sources import SourceForm
from claims.forms.trail import TrailFilters
from claims.models import Team

DAY = "Give the day as year-month-day, such as 2026-11-19."
TIME = "Give day and time, such as 2026-11-25 12:00."
OUT = ("0000-01-01", "10000-01-01", "275760-09-13", "-0044-03-15", "infinity", "-infinity", "0044-03-15 BC")


def said(form: Form, name: str) -> list[str]:
    form.is_valid()
    return [str(sentence) for sentence in form.errors.get(name, [])]


def facts(**data: Any) -> Form:
    return Facts({"title": "Bridge", "language": "en"} | data)


def source(**data: Any) -> Form:
    return SourceForm({"title": "Minutes", "kind": "page", "origin_kind": "unknown"} | data, team=Team(pk=1))


def trail(**data: Any) -> Form:
    return TrailFilters(data, people=[], of_article=True)


@pytest.mark.parametrize("day", OUT)
def test_a_day_that_no_column_holds(day: str) -> None:
    assert said(facts(published_on=day), "published_on") == [DAY]
    assert said(source(published_on=day), "published_on") == [DAY]
    assert said(trail(since=day), "since") == [DAY]
    assert said(facts(deadline=f"{day}T12:00"), "deadline") == [TIME]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_that_columns_hold(day: str) -> None:
    assert said(facts(published_on=day), "published_on") == []
    assert said(source(published_on=day), "published_on") == []


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "Pacific/Niue"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "1989-12-31T23:59", "2200-01-01T00:00", "9999-12-31T23:59"])
def test_a_deadline_is_one_of_a_calendar(moment: str, zone: str) -> None:
    with clock.override(zone):
        assert said(facts(deadline=moment), "deadline") == ["Give a year from 1990 to 2199."]
