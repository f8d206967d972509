"""Newsrooms, their members and invitations."""

import hashlib
import zoneinfo
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone as clock
from django.utils.translation import gettext_lazy as _

from claims import zones
from claims.models.days import Moment
from claims.models.ready import ready
from claims.roles import ROLE_NAMES


class Team(models.Model):
    """A newsroom and its policy."""

    name = models.CharField(_("Name"), max_length=120)
    slug = models.SlugField(_("Short name"), unique=True)
    timezone = models.CharField(_("Time zone"), max_length=64, default="UTC")
    four_eyes = models.BooleanField(_("Four eyes"), default=True)
    high_risk_origins = models.PositiveSmallIntegerField(_("Independent origins for a high-risk claim"), default=2)
    row_version = models.PositiveIntegerField(default=1)
    created_at = Moment(default=clock.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(high_risk_origins__range=(1, 5)), name="origins_from_1_to_5")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> zoneinfo.ZoneInfo:
        """The zone that times are shown in: the one named, or UTC where there is none of that name."""
        return zones.zone(self.timezone)


class Membership(models.Model):
    """A person's role in a team; a row without which nothing of the team exists for them."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("Role"), max_length=10, choices=ROLE_NAMES)
    row_version = models.PositiveIntegerField(default=1)
    joined_at = Moment(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="one_membership_a_person"),
            models.CheckConstraint(condition=models.Q(role__in=list(ROLE_NAMES)), name="known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.role}"


@ready
def memberships_of(user: int) -> models.QuerySet[Membership]:
    """The person's memberships with their teams, first joined first."""
    return Membership.objects.filter(user=user).select_related("team").order_by("pk")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations by their state."""

    def waiting(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; may have run out."""
        return self.filter(accepted_at=None, withdrawn_at=None)

    def by_token(self, token: str) -> "InvitationQuerySet":
        return self.filter(token_hash=Invitation.hash_of(token))


class Invitation(models.Model):
    """An offer of membership to one address, by a link of which only the hash is stored."""

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("Email"))
    role = models.CharField(_("Role"), max_length=10, choices=ROLE_NAMES)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = Moment(default=clock.now)
    expires_at = Moment()
    accepted_at = Moment(null=True)
    withdrawn_at = Moment(null=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.email

    @staticmethod
    def hash_of(token: str) -> str:
        """sha256 of the token, in hex: what is stored of it."""
        return hashlib.sha256(token.encode()).hexdigest()

    @property
    def expired(self) -> bool:
        return self.expires_at <= clock.now()

    @property
    def is_open(self) -> bool:
        return self.accepted_at is None and self.withdrawn_at is None and not self.expired
