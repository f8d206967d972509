"""A claim stands in several places of the text: they are offered, added, taken away."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from claims.actions import claims
from claims.anchors import find
from claims.models import Anchor, Article, Claim, User
from tests.people import keys, log
from tests.views.test_desk import desk_of, on_desk

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]


@pytest.fixture
def repeated(article: Article, checker: User) -> Claim:
    """A claim whose words stand in the title and again in a paragraph."""
    return log(article, checker, "£31.4 million")


def also(claim: Claim, quote: str, **more: object) -> dict[str, object]:
    return keys(claim.row_version) | {"quote": quote} | more


def test_the_panel_offers_where_the_same_words_stand(as_: As, checker: User, repeated: Claim, article: Article) -> None:
    stands = as_(checker).get(f"{desk_of(article)}claims/1/").context["stands"]
    assert [place.name for place in stands.places] == ["Title"]
    assert [(place.name, place.words) for place in stands.elsewhere] == [("¶ 2", "£31.4 million")]


def test_also_stands_here_adds_the_place(as_: As, checker: User, repeated: Claim, article: Article) -> None:
    path = f"{desk_of(article)}claims/1/places/"
    answer = as_(checker).post(path, also(repeated, "£31.4 million"))
    assert answer.status_code == 303
    assert repeated.anchors.count() == 2
    page = as_(checker).get(f"{desk_of(article)}?claim=1").content.decode()
    assert 'id="c1"' in page
    assert 'id="c1-2"' in page


def test_other_words_are_found_for_it_and_asked_for_where_they_stand_twice(
    as_: As, checker: User, article: Article
) -> None:
    claim = log(article, checker, "Nobody")
    path = f"{desk_of(article)}claims/1/places/"
    assert as_(checker).post(path, also(claim, "Nowhere")).status_code == 422
    answer = as_(checker).post(path, also(claim, "£31.4 million"))
    assert answer.status_code == 422
    assert len(answer.context["also_found"]) == 2
    chosen = answer.context["also_found"][1].value
    assert as_(checker).post(path, also(claim, "£31.4 million", place=chosen)).status_code == 303
    assert claim.anchors.count() == 2


def test_where_it_stands_already_is_refused(as_: As, checker: User, article: Article) -> None:
    claim = log(article, checker, "Nobody knows")
    answer = as_(checker).post(f"{desk_of(article)}claims/1/places/", also(claim, "Nobody knows"))
    assert answer.status_code == 422
    assert "stands there already" in answer.content.decode()


def test_a_place_added_to_a_decided_claim_means_recheck(
    as_: As, checker: User, article: Article, decided: Claim
) -> None:
    as_(checker).post(f"{desk_of(article)}claims/1/places/", also(decided, "Nobody knows"))
    assert Claim.objects.get().status == "recheck"


def test_a_place_added_to_a_claim_that_changed_meanwhile_is_refused_and_kept(
    as_: As, checker: User, teammate: User, article: Article, claim: Claim
) -> None:
    claims.edit_claim(actor=teammate, claim=claim, said_by="Somebody")
    answer = as_(checker).post(f"{desk_of(article)}claims/1/places/", also(claim, "Nobody knows"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Nora Vance changed this claim" in page
    assert "Nobody knows" in page
    assert claim.anchors.count() == 1


def test_a_place_is_taken_away_and_its_block_comes_along(
    as_: As, checker: User, article: Article, repeated: Claim
) -> None:
    claims.stand_also(actor=checker, claim=repeated, place=find(article.latest_version().text, "£31.4 million")[1])
    repeated.refresh_from_db()
    place = repeated.anchors.order_by("start").first()
    assert place is not None
    path = f"{desk_of(article)}claims/1/places/{place.pk}/leave/"
    assert as_(checker).get(path).status_code == 200
    sent = keys(repeated.row_version)
    page = as_(checker).post(path, sent, **on_desk(article)).content.decode()
    assert re.findall(r'hx-target="#(b\d+)"', page) == ["b0", "b2"]
    assert not Anchor.objects.filter(pk=place.pk).exists()
    assert as_(checker).post(path, sent).status_code == 303
    assert as_(checker).get(path).status_code == 404


def test_the_only_place_stays(as_: As, checker: User, article: Article, claim: Claim) -> None:
    path = f"{desk_of(article)}claims/1/places/{claim.anchors.get().pk}/leave/"
    answer = as_(checker).post(path, keys(claim.row_version))
    assert answer.status_code == 422
    assert "this is its only place" in answer.content.decode()


def test_a_viewer_changes_no_places(as_: As, viewer: User, article: Article, claim: Claim) -> None:
    for path in ("places/", f"places/{claim.anchors.get().pk}/leave/"):
        assert as_(viewer).get(f"{desk_of(article)}claims/1/{path}").status_code == 403
        assert as_(viewer).post(f"{desk_of(article)}claims/1/{path}", also(claim, "Nobody")).status_code == 403
    assert "Also stands here" not in as_(viewer).get(f"{desk_of(article)}claims/1/").content.decode()
