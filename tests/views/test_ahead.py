"""The line beside the URL of a new source: what it says, to whom, and when it asks again."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Ahead, Capture, Claim, Source, Team, User
from tests.captures import Site, add, run_errands, worker_lives
from tests.people import keys, member

As = Callable[[User], Client]
HTMX = {"HX-Request": "true"}
AGAIN = 'hx-trigger="every 2s"'


@pytest.fixture
def works(db: None) -> None:
    """A worker has just given a sign of life."""
    worker_lives()


def typed(client: Client, team: Any, url: str) -> str:
    answer = client.post(reverse("fetch_ahead"), {"team": team, "url": url}, headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def line(client: Client, found: Ahead) -> str:
    answer = client.get(reverse("ahead", args=[found.pk]), headers=HTMX)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_how_far_it_is_and_seldom_asks_at_its_end(
    as_: As, site: Site, kept_in: Path, checker: User, team: Team, works: None
) -> None:
    client = as_(checker)
    said = typed(client, team.pk, site.url())
    found = Ahead.objects.get()
    assert "Capturing. You can go on typing." in said
    assert AGAIN in said
    assert f'hx-get="{reverse("ahead", args=[found.pk])}"' in said
    Ahead.objects.update(state="fetching", size=1_153_434)
    assert ": fetched 1.1\xa0MB</span>. You can go on typing." in line(client, found)
    run_errands()
    said = line(client, found)
    assert "kept when you save." in said
    assert 'hx-trigger="every 60s"' in said


def test_it_says_why_it_could_not_be_fetched(
    as_: As, site: Site, kept_in: Path, checker: User, team: Team, works: None
) -> None:
    client = as_(checker)
    typed(client, team.pk, site.says("/gone", status=404))
    run_errands()
    said = line(client, Ahead.objects.get())
    assert "Could not be fetched: The server says that the page cannot be had. (404) Save all the same" in said
    assert "hx-" not in said


def test_without_a_worker_it_says_that_it_waits(as_: As, site: Site, kept_in: Path, checker: User, team: Team) -> None:
    said = typed(as_(checker), team.pk, site.url())
    assert "No worker is running; it is captured when one is." in said
    assert 'hx-trigger="every 30s"' in said


@pytest.mark.parametrize(
    "url", ["", "highways", "https://", "ftp://x.example/", "https://x.example/a b", "javascript:1"]
)
def test_what_is_no_address_yet_is_said_nothing_of(as_: As, checker: User, team: Team, url: str) -> None:
    assert typed(as_(checker), team.pk, url).strip() == ""
    assert not Ahead.objects.exists()


def test_where_it_is_switched_off_nothing_is_said(as_: As, checker: User, team: Team, settings: Any) -> None:
    settings.CAPTURE = False
    assert typed(as_(checker), team.pk, "https://report.example/").strip() == ""


def test_it_is_for_the_person_alone_who_asked(
    as_: As, checker: User, teammate: User, outsider: User, team: Team, other_team: Team
) -> None:
    typed(as_(checker), team.pk, "https://report.example/")
    path = reverse("ahead", args=[Ahead.objects.get().pk])
    for person in (teammate, outsider):
        assert as_(person).get(path, headers=HTMX).status_code == 404
    assert as_(checker).get(reverse("ahead", args=[999_999]), headers=HTMX).status_code == 404
    assert as_(checker).get(path, headers=HTMX).status_code == 200


def test_a_viewer_and_another_team_fetch_nothing(
    as_: As, viewer: User, outsider: User, team: Team, other_team: Team
) -> None:
    sent = {"team": team.pk, "url": "https://report.example/"}
    for person, status in ((viewer, 403), (outsider, 404)):
        assert as_(person).post(reverse("fetch_ahead"), sent, headers=HTMX).status_code == status
    for named in ("x", "0", str(2**70)):
        assert as_(outsider).post(reverse("fetch_ahead"), sent | {"team": named}, headers=HTMX).status_code == 404
    assert not Ahead.objects.exists()


def test_it_is_the_form_s_team_and_not_the_session_s(as_: As, checker: User, team: Team, other_team: Team) -> None:
    member(other_team, checker, "checker")
    client = as_(checker)
    client.post(reverse("switch_team"), {"team": other_team.slug})
    typed(client, team.pk, "https://report.example/")
    assert Ahead.objects.get().team == team
    typed(client, "", "https://report.example/")
    assert list(Ahead.objects.order_by("pk").values_list("team", flat=True)) == [team.pk, other_team.pk]


def test_who_is_signed_out_is_not_led_away_from_the_form(team: Team) -> None:
    sent = {"team": team.pk, "url": "https://report.example/"}
    for answer in (
        Client().post(reverse("fetch_ahead"), sent, headers=HTMX),
        Client().get(reverse("ahead", args=[1]), headers=HTMX),
    ):
        assert answer.status_code == 204
        assert "HX-Redirect" not in answer


@pytest.mark.parametrize("where", ["evidence", "sources"])
def test_what_was_fetched_is_kept_with_either_form(
    as_: As, site: Site, kept_in: Path, claim: Claim, checker: User, team: Team, where: str
) -> None:
    client, new = as_(checker), {"title": "Report", "url": site.url(), "kind": "page", "origin_kind": "unknown"}
    path = reverse("add_source")
    if where == "evidence":
        path = reverse("attach_evidence", args=[claim.article_id, claim.number])
        new |= {"source": "new", "stance": "context", "quote": "x"}
    page = client.get(path).content.decode()
    assert f'hx-post="{reverse("fetch_ahead")}"' in page
    assert f'{{"team": "{team.pk}"}}' in page
    assert '<p class="ahead-state small soft" role="status"></p>' in page
    typed(client, team.pk, site.url())
    run_errands()
    answer = client.post(path, new | keys())
    assert answer.status_code in {302, 303}
    run_errands()
    assert Capture.objects.get().source == Source.objects.get()
    assert site.asked == ["/report"]


def test_a_known_source_s_form_fetches_nothing_before_it_is_saved(
    as_: As, checker: User, team: Team, claim: Claim
) -> None:
    path = reverse("source", args=[add(checker, team, "").pk])
    assert reverse("fetch_ahead") not in as_(checker).get(f"{path}?edit=1").content.decode()
