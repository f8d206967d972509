"""Times and signs as people read them."""

import datetime as dt
import re
import zoneinfo
from types import SimpleNamespace

import pytest
from django.template import engines
from django.utils import timezone

from claims.templatetags import galley

NOW = dt.datetime(2026, 11, 24, 19, 0, tzinfo=dt.UTC)
VERIFIED = SimpleNamespace(meaning="accurate", name="Verified <b>")


@pytest.fixture(autouse=True)
def tuesday_evening_in_london(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-24T17:26", "today, 17:26"),
        ("2026-11-24T23:59", "today, 23:59"),
        ("2026-11-23T11:05", "Mon 23 Nov, 11:05"),
        ("2026-11-25T12:00", "Wed 25 Nov, 12:00"),
        ("2025-09-09T09:30", "9 Sep 2025, 10:30"),
        ("2027-01-01T00:00", "1 Jan 2027, 00:00"),
    ],
)
def test_a_moment_is_said_as_people_say_it(moment: str, said: str) -> None:
    with timezone.override("Europe/London"):
        assert galley.when(at(moment)) == said


def test_the_zone_decides_the_day() -> None:
    with timezone.override(zoneinfo.ZoneInfo("Asia/Tokyo")):
        assert galley.when(at("2026-11-24T18:00")) == "today, 03:00"
        assert galley.when(at("2026-11-24T14:59")) == "Tue 24 Nov, 23:59"
        assert '<time datetime="2026-11-24T18:00:00Z"' in galley.time(at("2026-11-24T18:00"))


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        ("2026-11-24T18:20", "40 minutes"),
        ("2026-11-24T18:59:30", "0 minutes"),
        ("2026-11-24T17:59", "1 hour"),
        ("2026-11-24T14:00", "5 hours"),
        ("2026-11-23T11:05", "1 day"),
        ("2026-11-22T18:10", "2 days"),
        ("2026-11-24T19:05", "0 minutes"),
    ],
)
def test_how_long_something_waits(moment: str, said: str) -> None:
    assert galley.age(at(moment)) == said


@pytest.mark.parametrize(
    ("moment", "said", "kind"),
    [
        ("2026-11-25T12:00", "in 17 hours", "soon"),
        ("2026-11-26T09:30", "in 38 hours", ""),
        ("2026-11-30T20:00", "in 6 days", ""),
        ("2026-11-24T16:00", "3 hours late", "late"),
        ("2026-11-24T19:20", "in 20 minutes", "soon"),
    ],
)
def test_how_much_is_left(moment: str, said: str, kind: str) -> None:
    assert galley.remaining(at(moment)) == said
    assert galley.urgency(at(moment)) == kind


def test_nothing_is_said_of_no_moment() -> None:
    silent = [
        galley.when,
        galley.age,
        galley.remaining,
        galley.urgency,
        galley.time,
        galley.day,
        galley.clock_time,
    ]
    assert [say(None) for say in silent] == [""] * 7


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Tomasz Wilk", "TW"),
        ("Margit", "M"),
        ("Jörg van der Ziółkowski", "JZ"),
        ("يوسف المنصوري", "يا"),
        ("", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert galley.initials(name) == letters


@pytest.mark.parametrize(
    ("status", "label", "said"),
    [
        ("open", None, "To check"),
        ("proposed", VERIFIED, "In review, proposed Verified <b>"),
        ("decided", VERIFIED, "Verified <b>"),
        ("recheck", VERIFIED, "Recheck, was Verified <b>"),
        ("withdrawn", VERIFIED, "Withdrawn"),
    ],
)
def test_a_status_is_said_in_words(status: str, label: SimpleNamespace | None, said: str) -> None:
    assert galley.standing(status, label) == said
    assert f'data-status="{status}"' in galley.ring(5, status, label)


def test_signs_are_attributes_and_escape_what_they_show() -> None:
    assert galley.ring(7, "open", size="big") == '<span class="no big" data-status="open">7</span>'
    assert galley.verdict(VERIFIED) == '<span class="verdict" data-verdict="accurate">Verified &lt;b&gt;</span>'
    assert galley.verdict(None) == ""
    assert galley.status("recheck") == '<span class="status" data-status="recheck">Recheck</span>'


def test_the_bar_adds_up_and_says_itself() -> None:
    bar = galley.progress({"open": 3, "decided": 8, "proposed": 2, "recheck": 1, "withdrawn": 1})
    assert 'aria-label="8 Decided, 2 In review, 3 To check, 1 Recheck, 1 Withdrawn"' in bar
    assert re.findall(r'<rect class="stack-(\w+)" x="([^"]*)" width="([^"]*)"', bar) == [
        ("decided", "0.00%", "53.33%"),
        ("proposed", "53.33%", "13.33%"),
        ("open", "66.67%", "20.00%"),
        ("recheck", "86.67%", "6.67%"),
        ("withdrawn", "93.33%", "6.67%"),
    ]
    assert re.findall(r"<b>(\d+)</b> ([^<]+)<", bar)[:2] == [("8", "Decided"), ("2", "In review")]


def test_an_article_without_claims_has_no_bar() -> None:
    template = engines["django"].from_string("{% load galley %}{% progress counts %}")
    assert "no claims logged yet" in template.render({"counts": {}})
    assert "<svg" not in template.render({"counts": {}})


def test_a_deadline_that_was_met_is_not_late() -> None:
    template = engines["django"].from_string("{% load galley %}{% deadline moment done=done %}")
    late, met = (template.render({"moment": at("2026-11-24T16:00"), "done": done}) for done in (False, True))
    assert 'class="late"' in late
    assert "3 hours late" in late
    assert "late" not in met
