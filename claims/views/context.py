"""What every page shows around its work: the team, its person, what waits."""

import zoneinfo
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from django.http import HttpRequest

from claims.models import Membership, Team
from claims.models.queue import waiting_for
from claims.views import access

# waiting claims are counted no further: beyond it the number says no more than “many”
MOST = 99


@dataclass
class Site:
    """What the masthead reads; each part is fetched when a template asks for it."""

    request: access.Request

    @property
    def signed_in(self) -> bool:
        # a request that failed early may have no user yet
        return bool(getattr(getattr(self.request, "user", None), "is_authenticated", False))

    @cached_property
    def membership(self) -> Membership | None:
        return access.current_membership(self.request) if self.signed_in else None

    @cached_property
    def memberships(self) -> list[Membership]:
        return access.memberships(self.request) if self.signed_in else []

    @property
    def team(self) -> Team | None:
        return self.membership.team if self.membership else None

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        """The team's time zone, for pages that no view of the project shows."""
        return self.team.zone if self.team else None

    @property
    def role(self) -> str:
        return self.membership.role if self.membership else ""

    @property
    def others(self) -> bool:
        """Whether the person may switch to another team."""
        return len(self.memberships) > 1

    @cached_property
    def waiting(self) -> str:
        """How many claims wait for the person, as the masthead says it; empty where none does."""
        if self.membership is None:
            return ""
        count = waiting_for(self.request.user, self.membership.team, self.membership.role, MOST + 1)
        return f"{MOST}+" if count > MOST else str(count or "")

    @property
    def shortcuts(self) -> bool:
        """Whether single letters are keys on the desk."""
        return self.signed_in and self.request.user.shortcuts

    @property
    def place(self) -> str:
        """Which entry of the masthead the address belongs to."""
        first = self.request.path.split("/")[1]
        return {"accounts": "account"}.get(first, first)


def site(request: HttpRequest) -> dict[str, Any]:
    """The context processor: `site` for templates."""
    return {"site": Site(cast("access.Request", request))}
