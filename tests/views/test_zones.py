"""A team whose row names a zone that there is none of: its times are UTC, and no page breaks."""

import pytest
from django.urls import reverse

from claims.models import Team, User
from claims.trail import act
from tests.access.addresses import TABLE, address
from tests.access.world import Newsroom
from tests.people import browser_of, keys

pytestmark = pytest.mark.django_db

NONE = ("Mars/Olympus", "", "../../etc/passwd", "Europe")  # unknown, no name, no name of a zone, a folder of zones


def put(team: Team, zone: str, by: User) -> None:
    """Write the zone as SQL could."""
    with act("team.policy", by):
        Team.objects.filter(pk=team.pk).update(timezone=zone)


@pytest.mark.parametrize("zone", NONE)
def test_every_page_is_shown(ledger: Newsroom, zone: str) -> None:
    put(ledger.team, zone, ledger.people["admin"])
    client = browser_of(ledger.people["admin"])
    shown = {name: page.shown for name, page in TABLE.items() if page.read is not None}
    assert {name: client.get(address(name, ledger.ids)).status_code for name in shown} == shown
    assert client.get(reverse("mfa_index")).status_code == 200
    client.logout()
    assert client.get(reverse("join", args=[ledger.token])).status_code == 200


@pytest.mark.parametrize("kind", ["html", "pdf", "csv"])
def test_a_report_says_times_in_utc(ledger: Newsroom, kind: str) -> None:
    client = browser_of(ledger.people["viewer"])
    put(ledger.team, "Mars/Olympus", ledger.people["admin"])
    article = ledger.ids["article_id"]
    client.post(reverse("report", args=[article]), keys())
    answer = client.get(reverse("report_file", args=[article, 2, kind]))
    assert answer.status_code == 200
    if kind == "html":
        assert ", UTC</span>" in answer.content.decode()


def test_the_policy_offers_utc_and_saving_it_mends_the_row(ledger: Newsroom) -> None:
    client = browser_of(ledger.people["admin"])
    put(ledger.team, "Mars/Olympus", ledger.people["admin"])
    page = client.get(reverse("team")).content.decode()
    assert '<option value="UTC" selected>UTC</option>' in page
    assert "Mars" not in page
    said = {"four_eyes": "on", "name": "The ledger", "high_risk_origins": "2", "timezone": "UTC"}
    assert client.post(reverse("change_policy"), said | keys(ledger.team.row_version)).status_code == 302
    assert Team.objects.get(pk=ledger.team.pk).timezone == "UTC"
