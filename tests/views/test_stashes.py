"""What was typed when a session had expired comes back to its person, as it was opened."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import claims, stashes, verdicts
from claims.forms.keys import sign_person
from claims.models import Claim, Stash, User
from tests.people import BACKEND, keys

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]


def address(claim: Claim, name: str = "claim") -> str:
    return reverse(name, args=[claim.article_id, claim.number])


def send_signed_out(client: Client, claim: Claim, person: User, name: str = "claim", **typed: str) -> None:
    sent = keys(claim.row_version) | {"person": sign_person(person)} | typed
    answer = client.post(address(claim, name), sent)
    assert answer["Location"].startswith("/accounts/login/")


FACTS = {"statement": "Typed in vain?", "kind": "number", "risk": "medium", "said_by": "", "reported_by": ""}


def test_it_comes_back_to_its_person_and_to_nobody_else(
    client: Client, as_: As, claim: Claim, checker: User, teammate: User
) -> None:
    send_signed_out(client, claim, checker, **FACTS)
    assert "Typed in vain?" not in as_(teammate).get(address(claim)).content.decode()
    assert "Typed in vain?" in as_(checker).get(address(claim)).content.decode()


def test_looking_at_the_head_of_the_page_does_not_use_it_up(
    client: Client, as_: As, claim: Claim, checker: User
) -> None:
    send_signed_out(client, claim, checker, **FACTS)
    as_(checker).head(address(claim))
    assert "Typed in vain?" in as_(checker).get(address(claim)).content.decode()


def test_what_others_changed_meanwhile_is_not_overwritten(
    client: Client, as_: As, claim: Claim, checker: User, teammate: User
) -> None:
    opened = claim.row_version
    send_signed_out(client, claim, checker, **FACTS)
    claims.edit_claim(actor=teammate, claim=claim, said_by="The council")
    form = as_(checker).get(address(claim)).content.decode()
    assert f'name="version" value="{opened}"' in form
    answer = as_(checker).post(address(claim), FACTS | keys(opened))
    claim.refresh_from_db()
    assert (answer.status_code, claim.said_by) == (409, "The council")
    assert "Typed in vain?" in answer.content.decode()


def test_where_the_claim_was_withdrawn_meanwhile_it_is_shown_beside(
    client: Client, as_: As, claim: Claim, checker: User, teammate: User
) -> None:
    send_signed_out(client, claim, checker, **FACTS)
    verdicts.withdraw(actor=teammate, claim=claim, reason="Cut")
    shown = as_(checker).get(address(claim)).content.decode()
    assert "Typed in vain?" in shown
    assert "Restore it first" in shown


def test_another_place_of_a_claim_that_was_withdrawn_is_shown_beside(
    as_: As, claim: Claim, checker: User, teammate: User
) -> None:
    verdicts.withdraw(actor=teammate, claim=claim, reason="Cut")
    answer = as_(checker).post(address(claim, "stand_also"), {"quote": "in March 2023"} | keys(claim.row_version))
    assert answer.status_code in {409, 422}
    assert "in March 2023" in answer.content.decode().partition('aria-label="Claim"')[2]


def test_nul_and_endless_paths_break_nothing(client: Client, claim: Claim, checker: User) -> None:
    send_signed_out(client, claim, checker, statement="a\0b")
    assert Stash.objects.get().fields["statement"] == ["a\ufffdb"]
    long = f"/articles/{'0' * 600}{claim.article_id}/edit/"
    assert client.post(long, keys(1) | {"person": sign_person(checker)}).status_code == 302


def test_a_switch_of_team_leads_on_to_the_queue(client: Client, as_: As, checker: User) -> None:
    answer = client.post(reverse("switch_team"), {"team": "ledger"})
    assert answer["Location"] == "/accounts/login/?next=/queue/"
    assert as_(checker).post(reverse("switch_team"), {"team": "a\0b"}).status_code == 404


def test_of_two_tabs_on_one_form_both_texts_come_back(client: Client, as_: As, claim: Claim, checker: User) -> None:
    for said in ("The first tab’s", "The second tab’s", "The second tab’s"):
        send_signed_out(client, claim, checker, **FACTS | {"statement": said})
    shown = as_(checker).get(address(claim)).content.decode()
    assert "The second tab’s" in shown
    (other,) = re.findall(r'href="([^"]*\?kept=\d+)"', shown)
    assert "The first tab’s" in as_(checker).get(other).content.decode()


def test_it_stays_until_it_is_sent_and_the_other_one_stays_then(
    client: Client, as_: As, claim: Claim, checker: User
) -> None:
    for said in ("The first tab’s", "The second tab’s"):
        send_signed_out(client, claim, checker, **FACTS | {"statement": said})
    for _reload in range(3):
        form = as_(checker).get(address(claim)).content.decode()
    (kept,) = set(re.findall(r'name="kept" value="(\d+)"', form))
    sent = FACTS | {"statement": "The second tab’s, better", "kept": kept}
    assert as_(checker).post(address(claim), sent | {"risk": "no such"} | keys(claim.row_version)).status_code == 422
    assert Stash.objects.count() == 2
    assert as_(checker).post(address(claim), sent | keys(claim.row_version)).status_code == 303
    assert [stash.fields["statement"] for stash in Stash.objects.all()] == [["The first tab’s"]]


def test_nobody_drops_what_another_typed(client: Client, as_: As, claim: Claim, checker: User, teammate: User) -> None:
    send_signed_out(client, claim, checker, **FACTS)
    kept = Stash.objects.get().pk
    as_(teammate).post(address(claim), {"drop_kept": kept})
    as_(teammate).post(address(claim), FACTS | keys(claim.row_version) | {"kept": str(kept)})
    assert Stash.objects.count() == 1
    as_(checker).post(address(claim), {"drop_kept": kept})
    assert not Stash.objects.exists()


def test_no_more_is_kept_for_one_person_than_somebody_types_in_an_hour(
    client: Client, claim: Claim, checker: User
) -> None:
    for number in range(stashes.MOST + 5):
        send_signed_out(client, claim, checker, **FACTS | {"statement": f"Text {number}"})
    kept = [stash.fields["statement"] for stash in Stash.objects.order_by("pk")]
    assert kept == [[f"Text {number}"] for number in range(5, stashes.MOST + 5)]


def test_a_form_that_was_refused_is_still_the_one_that_was_opened(
    as_: As, claim: Claim, checker: User, teammate: User
) -> None:
    opened = claim.row_version
    claims.edit_claim(actor=teammate, claim=claim, said_by="The council")
    refused = as_(checker).post(address(claim), FACTS | {"statement": ""} | keys(opened))
    assert refused.status_code == 422
    assert set(re.findall(r'name="version" value="(\d+)"', refused.content.decode())) == {str(opened)}
    assert as_(checker).post(address(claim), FACTS | keys(opened)).status_code == 409
    claim.refresh_from_db()
    assert claim.said_by == "The council"


def test_a_form_from_before_a_new_sign_in_gives_its_text_back(claim: Claim, checker: User) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(checker, backend=BACKEND)
    answer = browser.post(address(claim), FACTS | keys(claim.row_version) | {"person": sign_person(checker)})
    assert (answer.status_code, "Typed in vain?" in answer.content.decode()) == (403, True)
    assert "Typed in vain?" in browser.get(address(claim)).content.decode()


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_methods_that_no_form_has_are_refused(as_: As, claim: Claim, checker: User, method: str) -> None:
    for name in ("claim", "propose", "attach_evidence"):
        assert getattr(as_(checker), method)(address(claim, name)).status_code == 405


def test_a_name_that_came_back_outlives_the_other_form_of_its_page(client: Client, as_: As, checker: User) -> None:
    typed = {"part": "name", "name": "Ifeoma Brandt-Okafor"}
    client.post("/accounts/", typed | keys() | {"person": sign_person(checker)})
    mine = as_(checker)
    for _reload in range(2):
        page = mine.get("/accounts/").content.decode()
        assert 'value="Ifeoma Brandt-Okafor"' in page
    (name_form, keys_form) = re.findall(r'<form class="form" action="/accounts/".*?</form>', page, re.DOTALL)
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', keys_form))
    assert mine.post("/accounts/", sent | {"shortcuts": "on"})["Location"] == "/accounts/"
    assert 'value="Ifeoma Brandt-Okafor"' in mine.get("/accounts/").content.decode()
    sent = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', name_form))
    mine.post("/accounts/", sent | {"name": "Ifeoma Brandt-Okafor"})
    checker.refresh_from_db()
    assert (checker.name, checker.shortcuts, Stash.objects.count()) == ("Ifeoma Brandt-Okafor", True, 0)
