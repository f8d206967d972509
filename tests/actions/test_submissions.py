"""What a form sent is done once."""

import uuid
from typing import Any

import pytest

from claims.actions import Retyped, Sent, evidence, once, verdicts
from claims.models import Claim, Evidence, Team, User
from tests.people import support, verdict

pytestmark = pytest.mark.django_db


def sent(request_id: uuid.UUID, text: str = "as typed") -> Sent:
    return Sent.of(request_id, "/somewhere/", [("quote", [text])])


def test_the_same_again_gives_the_first_result_and_one_row(claim: Claim, checker: User) -> None:
    again = uuid.uuid4()
    made = [once(checker, sent(again), lambda: support(claim, checker)) for _time in range(3)]
    assert made[0] == made[1] == made[2]
    assert Evidence.objects.count() == 1


def test_another_text_under_the_same_id_is_refused_and_writes_nothing(claim: Claim, checker: User) -> None:
    again = uuid.uuid4()
    once(checker, sent(again), lambda: support(claim, checker))
    with pytest.raises(Retyped):
        once(checker, sent(again, "retyped"), lambda: support(claim, checker))
    assert Evidence.objects.count() == 1


def test_a_refused_submission_leaves_its_id_free(claim: Claim, checker: User, team: Team) -> None:
    again = uuid.uuid4()
    with pytest.raises(Exception, match="Supporting evidence"):
        once(checker, sent(again), lambda: verdicts.propose(actor=checker, claim=claim, verdict=verdict(team)))
    support(claim, checker)
    claim = once(checker, sent(again), lambda: verdicts.propose(actor=checker, claim=claim, verdict=verdict(team)))
    assert claim.status == "proposed"


def test_ids_belong_to_a_person(claim: Claim, checker: User, teammate: User) -> None:
    same = uuid.uuid4()
    for person in (checker, teammate):
        once(person, sent(same), lambda person=person: support(claim, person))
    assert Evidence.objects.count() == 2


def test_the_first_result_comes_back_after_others_changed_it(claim: Claim, checker: User) -> None:
    again = uuid.uuid4()
    first = once(checker, sent(again), lambda: support(claim, checker))
    evidence.retract(actor=checker, evidence=first, reason="Wrong")
    assert once(checker, sent(again), lambda: support(claim, checker)).retracted_at is not None


def test_a_digest_tells_nothing_without_the_secret_key(settings: Any) -> None:
    again = uuid.uuid4()
    here = sent(again).digest
    assert here == sent(again).digest != sent(again, "other").digest
    settings.SECRET_KEY = "of another installation"
    assert sent(again).digest != here
