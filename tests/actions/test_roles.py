"""Beneath the pages: each action asks for the actor's role itself, whatever the page that calls it has asked."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from claims.actions import articles, claims, evidence, reports, sources, teams, verdicts
from claims.anchors import Span
from claims.models import Act, Article, Claim, Evidence, Membership, Team, User
from claims.roles import NotAllowed
from tests.people import TEXT, support, verdict

pytestmark = pytest.mark.django_db

# who does these has no role yet, or does them for the system; `create` is a part of two others, which ask
OF_NOBODY = {"create_team", "join", "create", "change_account"}
MODULES = (articles, claims, evidence, reports, sources, teams, verdicts)
ACTIONS = {
    name: value
    for module in MODULES
    for name, value in vars(module).items()
    if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    if "actor" in inspect.signature(value).parameters and name not in OF_NOBODY
}


@pytest.fixture
def given(team: Team, article: Article, claim: Claim, checker: User, admin: User) -> dict[str, Any]:
    """What the actions take, by the names of their arguments: all of it fit to be written."""
    piece: Evidence = support(claim, checker)
    membership = Membership.objects.get(user=checker)
    return {
        "team": team,
        "article": article,
        "claim": claim,
        "evidence": piece,
        "source": piece.source,
        "anchor": claim.anchors.get(),
        "label": team.labels.in_force().first(),
        "invitation": teams.invite(actor=admin, team=team, email="new@ledger.example", role="viewer")[0],
        "membership": membership,
        "verdict": verdict(team),
        "blocks": TEXT,
        "places": [Span(0, 9)],
        "place": Span(0, 9),
        "statement": "Kingsmill",
        "stance": "supports",
        "roles": {membership.pk: "reviewer"},
        "opened": {membership.pk: membership.row_version},
        "email": "other@ledger.example",
        "role": "viewer",
        "meaning": "accurate",
        "name": "Right",
        "explanation": "",
        "reason": "A test",
    }


# a viewer hands the report on
REFUSED = [
    (name, who) for name in ACTIONS for who in ("outsider", "viewer") if (name, who) != ("issue_report", "viewer")
]


@pytest.mark.parametrize(("name", "who"), REFUSED)
def test_an_action_is_refused_to_who_lacks_its_role(
    name: str, who: str, given: dict[str, Any], request: pytest.FixtureRequest
) -> None:
    action: Callable[..., object] = ACTIONS[name]
    asked = [
        key
        for key, parameter in inspect.signature(action).parameters.items()
        if parameter.kind is parameter.KEYWORD_ONLY and (parameter.default is parameter.empty or key == "source")
    ]
    actor = request.getfixturevalue(who)
    acts = Act.objects.count()
    with pytest.raises(NotAllowed):
        action(actor=actor, **{key: given[key] for key in asked if key != "actor"})
    assert Act.objects.count() == acts


def test_there_are_as_many_as_the_house_has() -> None:
    assert len(ACTIONS) >= 23, sorted(ACTIONS)
