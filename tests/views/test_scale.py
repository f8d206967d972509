"""The verdict scale on the team's page: what is needed and in use; relabelled, added to, retired from."""

from collections.abc import Callable

import pytest
from django.test import Client

from claims.actions import verdicts
from claims.models import Claim, Label, Team, User
from tests.views.test_teams import UNPROCESSABLE, read, sent

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]


def test_the_scale_says_what_is_needed_and_what_is_in_use(decided: Claim, viewer: User, as_: As) -> None:
    page = read(as_(viewer))
    assert "supporting evidence with a quote or a place in the source" in page
    assert "1 decision" in page
    assert "Reports keep the scale they were made with." in page


def test_a_verdict_gets_another_word_and_the_old_one_is_folded(decided: Claim, admin: User, as_: As) -> None:
    client, label = as_(admin), decided.verdict
    assert label is not None
    assert "1 decision keeps it." in read(client, "relabel", label.pk)
    fields = {"name": "Stands", "explanation": "It holds.", "reason": "The style guide’s word"}
    assert sent(client, "relabel", fields, label.pk)[0] == 302
    page = read(client)
    assert "“Verified” is “Stands” from now on." in page
    assert "1 retired label" in page
    decided.refresh_from_db()
    assert decided.verdict == label
    status, page = sent(client, "relabel", fields, label.pk)
    assert status == UNPROCESSABLE


def test_a_verdict_of_ones_own_is_added_and_retired(team: Team, admin: User, as_: As) -> None:
    client = as_(admin)
    fields = {"name": "Half true", "meaning": "needs-fix", "explanation": "Right in part.", "reason": ""}
    assert sent(client, "add_label", fields)[0] == 302
    label = Label.objects.get(name="Half true")
    assert (label.meaning, label.position) == ("needs-fix", 7)
    status, page = sent(client, "add_label", fields)
    assert status == UNPROCESSABLE
    assert "The scale has a verdict of that name." in page
    assert sent(client, "retire_label", {"reason": "Nobody used it"}, label.pk)[0] == 302
    assert not team.labels.in_force().filter(name="Half true").exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"name": " ", "meaning": "accurate"}, "A verdict needs a label."),
        ({"name": "x" * 61, "meaning": "accurate"}, "Nothing was cut."),
        ({"name": "Mine", "meaning": "beautiful"}, "Select a valid choice"),
    ],
)
def test_a_verdict_that_cannot_be_says_why(
    team: Team, admin: User, as_: As, fields: dict[str, object], says: str
) -> None:
    status, page = sent(as_(admin), "add_label", fields)
    assert (status, team.labels.count()) == (UNPROCESSABLE, 6)
    assert says in page


def test_the_last_verdict_of_a_scale_stays(team: Team, admin: User, as_: As) -> None:
    first, *others = team.labels.in_force()
    for label in others:
        verdicts.retire_label(actor=admin, label=label)
    status, page = sent(as_(admin), "retire_label", {"reason": ""}, first.pk)
    assert status == UNPROCESSABLE
    assert "A scale keeps at least one verdict." in page
