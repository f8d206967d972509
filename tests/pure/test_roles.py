"""The permission table."""

import pytest

from claims import roles
from claims.roles import PERMISSIONS, NotAllowed, Role


def test_each_role_may_do_all_that_the_ones_before_it_may() -> None:
    order = list(Role)
    for permission in PERMISSIONS:
        may = [roles.allows(role, permission) for role in order]
        assert may == sorted(may)
        assert may[-1]


@pytest.mark.parametrize(
    ("role", "permission", "may"),
    [
        ("viewer", "report.issue", True),
        ("viewer", "claim.log", False),
        ("checker", "claim.propose", True),
        ("checker", "claim.decide", False),
        ("checker", "claim.withdraw", True),
        ("reviewer", "claim.reopen", True),
        ("reviewer", "policy.change", False),
        ("admin", "policy.change", True),
        (None, "article.read", False),
    ],
)
def test_who_may_do_what(role: str | None, permission: str, may: bool) -> None:
    assert roles.allows(role, permission) is may


def test_a_refusal_names_the_role_that_is_needed_and_the_one_there_is() -> None:
    with pytest.raises(NotAllowed, match=r"decide verdicts.*Reviewer.*Checker"):
        roles.require("checker", "claim.decide")


def test_every_permission_has_words() -> None:
    assert roles.DEEDS.keys() == PERMISSIONS.keys()
