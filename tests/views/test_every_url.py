"""Every address × somebody of another team, signed out, bad ids, a viewer: taken from the URL configuration itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from claims.actions import teams
from claims.models import Article, Claim, Team, User
from tests.people import keys, support

pytestmark = pytest.mark.django_db

# open to everybody, signed in or not
DOORS = {
    "healthz",
    "join",
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_signup",
    "mfa_login_webauthn",
    "mfa_authenticate",
}
# lead nowhere, for everybody
ABSENT = {"account_email", "account_email_verification_sent", "account_confirm_email", "account_set_password"}
HUGE = 99_999_999_999_999_999_999


def named(resolver: URLResolver | None = None, above: frozenset[str] = frozenset()) -> dict[str, frozenset[str]]:
    """All named addresses, each with the arguments that it takes, those of the prefixes above it included."""
    found: dict[str, frozenset[str]] = {}
    for entry in (resolver or get_resolver()).url_patterns:
        here = above | set(entry.pattern.converters) | set(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            found |= named(entry, here)
        elif entry.name:
            found[entry.name] = here
    return found


PRIVATE = {name: asked for name, asked in named().items() if name not in DOORS | ABSENT}
ROWS = {"article_id", "source_id", "label_id", "membership_id", "invitation_id"}
WITH_ROW = sorted(name for name, asked in PRIVATE.items() if asked & ROWS)


@pytest.fixture
def ids(article: Article, claim: Claim, checker: User, admin: User, team: Team) -> dict[str, Any]:
    """A row of the team for each argument that an address can take."""
    piece = support(claim, checker)
    invitation, _token = teams.invite(actor=admin, team=team, email="new@ledger.example", role="viewer")
    return {
        "article_id": article.pk,
        "number": claim.number,
        "e": piece.number,
        "anchor_id": claim.anchors.get().pk,
        "source_id": piece.source_id,
        "label_id": team.labels.in_force()[0].pk,
        "membership_id": team.memberships.get(user=checker).pk,
        "invitation_id": invitation.pk,
        "kind": "json",
        "format": "json",
        "pk": 1,
    }


def address(name: str, ids: dict[str, Any]) -> str:
    return reverse(name, kwargs={argument: ids[argument] for argument in PRIVATE[name]})


def test_the_lists_above_name_only_what_there_is() -> None:
    assert named().keys() >= DOORS | ABSENT


@pytest.mark.parametrize("name", sorted(PRIVATE))
@pytest.mark.parametrize("method", ["get", "post"])
def test_signed_out_nothing_is_shown(client: Client, ids: dict[str, Any], name: str, method: str) -> None:
    answer = getattr(client, method)(address(name, ids))
    assert answer.status_code in {302, 405}
    if answer.status_code == 302 and name != "home":
        assert answer["Location"].startswith("/accounts/")


@pytest.mark.parametrize("name", WITH_ROW)
@pytest.mark.parametrize("method", ["get", "post"])
def test_rows_of_another_team_do_not_exist(
    as_: Callable[[User], Client], ids: dict[str, Any], outsider: User, other_team: Team, name: str, method: str
) -> None:
    answer = getattr(as_(outsider), method)(address(name, ids), keys(1))
    assert answer.status_code == 404 or (method == "post" and answer.status_code == 405)


@pytest.mark.parametrize("name", WITH_ROW)
@pytest.mark.parametrize("bad", [999_999_999, HUGE])
def test_ids_of_nothing_are_not_found(
    as_: Callable[[User], Client], ids: dict[str, Any], admin: User, name: str, bad: int
) -> None:
    first = next(argument for argument in sorted(PRIVATE[name]) if argument.endswith("_id"))
    for method in ("get", "post"):
        answer = getattr(as_(admin), method)(address(name, ids | {first: bad}), keys(1))
        assert answer.status_code in {404, 405}


@pytest.mark.parametrize("name", sorted(PRIVATE))
def test_a_viewer_changes_nothing(as_: Callable[[User], Client], ids: dict[str, Any], viewer: User, name: str) -> None:
    """What a viewer sends is refused with the reason, or is their own matter (account, switch of team, export)."""
    answer = as_(viewer).post(address(name, ids), keys(1) | {"reason": "x", "statement": "x"})
    assert answer.status_code < 500


@pytest.mark.parametrize("name", sorted(ABSENT))
def test_what_is_not_offered_leads_nowhere(as_: Callable[[User], Client], checker: User, name: str) -> None:
    kwargs = dict.fromkeys(named()[name], "x")
    assert as_(checker).get(reverse(name, kwargs=kwargs)).status_code == 404
