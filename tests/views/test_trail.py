"""The trail pages: acts as sentences, filters in the address, whether the chain holds."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone as clock

from claims.actions import articles, claims, teams
from claims.models import Act, Article, Claim, Team, User
from claims.trail.verify import head_of
from claims.views import seals
from tests.people import log, support
from verify.database import as_owner

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]


def read(client: Client, article: Article, **filters: object) -> str:
    return client.get(reverse("article_trail", args=[article.pk]), filters).content.decode()


def numbers(page: str) -> list[int]:
    """The acts that the page shows."""
    return [int(part.split('"')[0]) for part in page.split('id="act-')[1:]]


def test_acts_stand_newest_first_with_their_reason_and_hash(decided: Claim, as_: As, viewer: User) -> None:
    page = read(as_(viewer), decided.article)
    assert numbers(page) == [5, 4, 3, 2, 1]
    assert "<b>Tomasz Wilk</b> decided" in page
    assert "“The report says so.”" in page
    _seq, sha, _at = head_of(decided.article.stream)
    assert f"{sha[:4]}…{sha[-4:]}" in page
    assert "Chain intact" in page
    assert "5 acts, each sealed to the one before." in page


def test_the_chain_is_recomputed_and_its_head_is_shown(article: Article, as_: As, viewer: User) -> None:
    page = read(as_(viewer), article)
    assert "One act, sealed." in page
    assert head_of(article.stream)[1] in page


@pytest.mark.parametrize(
    ("filters", "shown"),
    [
        ({"claim": 1}, [5, 4, 3, 2]),
        ({"claim": 2}, [6]),
        ({"claim": 99}, []),
        ({"act": "verdicts"}, [5, 4]),
        ({"act": "evidence"}, [3]),
        ({"act": "article"}, [1]),
        ({"act": "claims", "claim": 2}, [6]),
        ({"since": "2999-01-01"}, []),
        ({"since": "2001-01-01"}, [6, 5, 4, 3, 2, 1]),
        ({"act": "no-such"}, [6, 5, 4, 3, 2, 1]),
        ({"claim": "five"}, [6, 5, 4, 3, 2, 1]),
        ({"since": "yesterday"}, [6, 5, 4, 3, 2, 1]),
        ({"page": "99"}, [6, 5, 4, 3, 2, 1]),
    ],
)
def test_filters_stand_in_the_address(
    decided: Claim, teammate: User, as_: As, viewer: User, filters: dict[str, object], shown: list[int]
) -> None:
    log(decided.article, teammate, "eleven months")
    page = read(as_(viewer), decided.article, **filters)
    assert numbers(page) == shown
    if not shown:
        assert "No act like that" in page
        assert "Show all 6 acts" in page


def test_acts_of_one_person_can_be_shown(decided: Claim, reviewer: User, as_: As, viewer: User) -> None:
    client = as_(viewer)
    assert numbers(read(client, decided.article, person=reviewer.pk)) == [5]
    page = client.get(reverse("team_trail"), {"person": 0}).content.decode()
    assert numbers(page) == [1]
    assert "<b>Galley</b> made the team" in page


def test_since_today_means_the_teams_day(article: Article, as_: As, viewer: User) -> None:
    assert numbers(read(as_(viewer), article, since=clock.localdate(timezone=article.team.zone).isoformat())) == [1]


def test_what_cannot_be_read_is_said_beside_its_field(article: Article, as_: As, viewer: User) -> None:
    page = read(as_(viewer), article, claim="five", since="yesterday")
    assert "Give the number of a claim, such as 5." in page
    assert "Give the day as year-month-day" in page


def test_long_trails_have_pages(
    article: Article, checker: User, as_: As, viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.views.trail.PAGE", 2)
    for quote in ("eleven months", "£31.4 million", "Box 212"):
        log(article, checker, quote)
    client = as_(viewer)
    assert numbers(read(client, article)) == [4, 3]
    assert numbers(read(client, article, page=2)) == [2, 1]


def test_the_team_s_trail_shows_what_the_team_shares(
    team: Team, claim: Claim, checker: User, as_: As, viewer: User
) -> None:
    support(claim, checker, title="Minute book")
    page = as_(viewer).get(reverse("team_trail")).content.decode()
    assert "Minute book" in page
    assert "logged" not in page
    assert "Chain intact" in page


def test_an_outsider_finds_no_trail(article: Article, other_team: Team, outsider: User, as_: As) -> None:
    client = as_(outsider)
    assert client.get(reverse("article_trail", args=[article.pk])).status_code == 404
    page = client.get(reverse("team_trail")).content.decode()
    assert "Kingsmill" not in page
    assert "Ifeoma" not in page


def test_somebody_signed_out_is_sent_to_sign_in(article: Article, client: Client) -> None:
    for url in (reverse("article_trail", args=[article.pk]), reverse("team_trail")):
        assert client.get(url).status_code == 302


def test_what_people_wrote_is_text(article: Article, checker: User, as_: As, viewer: User) -> None:
    claim = log(article, checker, "Box 212")
    claims.edit_claim(actor=checker, claim=claim, statement="<script>alert(1)</script>", reason="<b>x</b>")
    page = read(as_(viewer), article)
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_a_trail_of_many_acts_costs_no_more_queries(
    article: Article,
    checker: User,
    teammate: User,
    reviewer: User,
    as_: As,
    viewer: User,
    django_assert_max_num_queries: Callable[..., object],
) -> None:
    for number in range(8):
        claim = log(article, checker, "eleven months")
        support(claim, checker, title=f"Minute {number}")
        claims.edit_claim(actor=checker, claim=claim, assigned_to=teammate)
    client = as_(viewer)
    with django_assert_max_num_queries(28):  # type: ignore[attr-defined]
        read(client, article)


@pytest.mark.django_db(transaction=True)
def test_a_broken_chain_is_named_with_what_still_holds(decided: Claim, as_: As, viewer: User) -> None:
    article = decided.article
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail.act DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE trail.act SET header = replace(header, 'evidence', 'evidences') WHERE (stream, seq) = (%s, 3)",
            [article.stream],
        )
        cursor.execute("ALTER TABLE trail.act ENABLE TRIGGER USER")
    page = read(as_(viewer), article)
    assert "Chain breaks at act 3" in page
    assert "Its contents do not give the hash it was sealed with. Acts 1 to 2 hold." in page
    assert "Chain intact" not in page


@pytest.mark.django_db(transaction=True)
def test_a_record_that_can_no_longer_be_read_breaks_the_chain_and_not_the_page(
    decided: Claim, as_: As, viewer: User
) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE trail.change DISABLE TRIGGER USER; ALTER TABLE trail.act DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE trail.change SET line = overlay(line placing '\"' from 40) WHERE relation = 'claims_claim'"
        )
        cursor.execute("UPDATE trail.act SET header = '[]' WHERE (stream, seq) = (%s, 4)", [decided.article.stream])
        cursor.execute("ALTER TABLE trail.change ENABLE TRIGGER USER; ALTER TABLE trail.act ENABLE TRIGGER USER")
    page = read(as_(viewer), decided.article)
    assert "Chain breaks at act 2" in page
    assert numbers(page) == [5, 4, 3, 2, 1]


@pytest.mark.django_db(transaction=True)
def test_a_row_changed_outside_the_trail_is_named(decided: Claim, as_: As, viewer: User) -> None:
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE claims_claim DISABLE TRIGGER USER")
        cursor.execute("UPDATE claims_claim SET risk = 'low' WHERE id = %s", [decided.pk])
        cursor.execute("ALTER TABLE claims_claim ENABLE TRIGGER USER")
    page = read(as_(viewer), decided.article)
    assert "What stands here was changed outside the trail" in page
    assert "without an act: risk" in page


def test_a_long_stream_is_recomputed_now_and_then_and_a_very_long_one_on_the_server(
    decided: Claim, as_: As, viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seals, "EACH_TIME", 2)
    first, second = (seals.seal_of(decided.article.stream) for _time in range(2))
    assert first.holds
    assert first.at == second.at
    monkeypatch.setattr(seals, "AT_ALL", 2)
    page = read(as_(viewer), decided.article)
    assert "Not recomputed here" in page
    assert "manage.py verify_trail" in page


def test_erased_words_and_lines_are_said(decided: Claim) -> None:
    from claims.trail.rows import Change
    from claims.views.acts import told

    act = Act.objects.in_stream(decided.article.stream).newest_first()[0]
    act.kept_reason = None
    assert told([act])[0].erased == "The reason was erased."
    act.kept_name = None
    assert told([act])[0].who == "Tomasz Wilk"
    assert told([act])[0].erased == "Name and reason were erased."
    act.kept_reason = ""
    assert told([act])[0].erased == "The name was erased."
    assert Change.objects.filter(act=act.act).exists()


def test_other_teams_members_are_not_among_the_people(
    article: Article, checker: User, other_team: Team, outsider: User, as_: As, viewer: User
) -> None:
    articles.edit_article(actor=checker, article=article, stage="ready")
    teams.invite(actor=outsider, team=other_team, email="x@post.example", role="viewer")
    assert "Ken Adeyemi" not in read(as_(viewer), article)
