"""What is sent arrives as it was typed, or not at all."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Claim, User
from tests.people import keys

pytestmark = pytest.mark.django_db
URLENCODED = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("half", ["%ED%A0%80", "%FF", "%C3%28"])
def test_half_a_character_is_refused_and_the_rest_is_shown(
    as_: Callable[[User], Client], claim: Claim, checker: User, half: str
) -> None:
    sent = f"{urlencode(keys(claim.row_version))}&statement=Before{half}after"
    address = reverse("claim", args=[claim.article_id, claim.number])
    answer = as_(checker).post(address, sent, content_type=URLENCODED)
    claim.refresh_from_db()
    assert answer.status_code == 400
    assert "half a character" in answer.content.decode()
    assert "after" in answer.content.decode()
    assert "Before" not in claim.statement


def test_the_sign_of_replacement_itself_may_be_typed(
    as_: Callable[[User], Client], claim: Claim, checker: User
) -> None:
    facts = {"statement": "It reads “caf\ufffd” in the file.", "kind": "other", "risk": "medium"}
    address = reverse("claim", args=[claim.article_id, claim.number])
    for fields in ({"content_type": URLENCODED, "data": urlencode(facts | keys(1))}, {"data": facts | keys(2)}):
        as_(checker).post(address, **fields)
        claim.refresh_from_db()
        assert claim.statement == facts["statement"]


def test_half_a_character_in_a_form_with_a_file_is_refused(as_: Callable[[User], Client], checker: User) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nWords \xed\xa0\x80 here\r\n--x--\r\n'
    answer = as_(checker).post(reverse("import_article"), body, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 400
