"""Text that no row can hold (NUL, half a character): every action refuses it in words, and leaves no trace."""

import pytest
from django.db import transaction

from claims.actions import Stale, teams
from claims.models import Team, User
from claims.roles import NotAllowed
from claims.workflow import Refused
from tests.actions.programs import KINDS, Newsroom, Nothing, Step, run
from tests.actions.watch import traces

pytestmark = pytest.mark.django_db
UNKEEPABLE = ["A\0b", "A\ud800b"]
SAID = "cannot be kept"
# these take no text, or the tests' own
WITHOUT_TEXT = {"export", "invite", "uninvite", "roles", "stand"}


def steps(kind: str, text: str) -> list[Step]:
    """Ways to try the act, with reasons, titles and all other texts in the same words."""
    return [
        Step(kind, 1, which, other, meaning, "supports", text, text, "none")
        for meaning in ("accurate", "needs-fix", "unprovable")
        for which in range(4)
        for other in (16, 3, 9, 1, 4)
    ]


def is_done(room: Newsroom, step: Step) -> bool:
    """Whether the step goes through and changes something; it is taken back."""
    tokens, left = list(room.tokens), traces()
    try:
        with transaction.atomic():
            run(room, step)
            did = traces() != left or step.kind == "account"
            transaction.set_rollback(True)
    except (Refused, NotAllowed, Stale, Nothing):
        return False
    finally:
        room.tokens = tokens
    return did


# what has to be done before the act can be
BEFORE = {"reopen": "decide", "restore": "withdraw", "join": "invite", "leave": "stand"}


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - WITHOUT_TEXT))
def test_an_action_refuses_it_and_does_nothing(kind: str) -> None:
    room = Newsroom.made()
    if earlier := BEFORE.get(kind):
        run(room, next(step for step in steps(earlier, "It says so.") if is_done(room, step)))
    step, number = next((step, number) for number, step in enumerate(steps(kind, "It says so.")) if is_done(room, step))
    left = traces()
    for text in UNKEEPABLE:
        with pytest.raises(Refused, match=SAID), transaction.atomic():
            run(room, steps(kind, text)[number])
        assert traces() == left, step


@pytest.mark.parametrize("text", UNKEEPABLE)
def test_an_invitation_to_such_an_address_is_refused_too(team: Team, admin: User, text: str) -> None:
    with pytest.raises(Refused, match=SAID):
        teams.invite(actor=admin, team=team, email=f"{text}@ledger.example", role="viewer")
    assert not team.invitations.exists()
