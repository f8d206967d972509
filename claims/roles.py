"""Who may do what: the whole permission policy in one table (pure)."""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Role(StrEnum):
    """A person's role in one team; each may do all that those before it may."""

    VIEWER = "viewer"
    CHECKER = "checker"
    REVIEWER = "reviewer"
    ADMIN = "admin"


RANK = {role: rank for rank, role in enumerate(Role)}

ROLE_NAMES: dict[Role, Promise] = {
    Role.VIEWER: gettext_lazy("Viewer"),
    Role.CHECKER: gettext_lazy("Checker"),
    Role.REVIEWER: gettext_lazy("Reviewer"),
    Role.ADMIN: gettext_lazy("Admin"),
}

ROLE_MEANINGS: dict[Role, Promise] = {
    Role.VIEWER: gettext_lazy("Reads and exports."),
    Role.CHECKER: gettext_lazy("Imports, logs, brings sources, proposes."),
    Role.REVIEWER: gettext_lazy("Also decides, sends back, reopens and restores."),
    Role.ADMIN: gettext_lazy("Also runs members, the verdict scale and the policy."),
}

# The least role that may do a thing.
PERMISSIONS: dict[str, Role] = {
    "team.read": Role.VIEWER,
    "article.read": Role.VIEWER,
    "report.issue": Role.VIEWER,
    "article.import": Role.CHECKER,
    "article.edit": Role.CHECKER,
    "claim.log": Role.CHECKER,
    "claim.edit": Role.CHECKER,
    "claim.anchor": Role.CHECKER,
    "claim.propose": Role.CHECKER,
    "claim.withdraw": Role.CHECKER,
    "evidence.attach": Role.CHECKER,
    "evidence.retract": Role.CHECKER,
    "source.add": Role.CHECKER,
    "source.edit": Role.CHECKER,
    "capture.ask": Role.CHECKER,
    "claim.decide": Role.REVIEWER,
    "claim.send_back": Role.REVIEWER,
    "claim.reopen": Role.REVIEWER,
    "claim.restore": Role.REVIEWER,
    "member.invite": Role.ADMIN,
    "member.change": Role.ADMIN,
    "scale.change": Role.ADMIN,
    "policy.change": Role.ADMIN,
    "capture.queue": Role.ADMIN,
}

DEEDS: dict[str, Promise] = {
    "team.read": gettext_lazy("read the team’s pages"),
    "article.read": gettext_lazy("read articles"),
    "report.issue": gettext_lazy("export reports"),
    "article.import": gettext_lazy("import articles"),
    "article.edit": gettext_lazy("set stage and deadline"),
    "claim.log": gettext_lazy("log claims"),
    "claim.edit": gettext_lazy("edit claims"),
    "claim.anchor": gettext_lazy("change where a claim stands"),
    "claim.propose": gettext_lazy("propose verdicts"),
    "claim.withdraw": gettext_lazy("withdraw claims"),
    "evidence.attach": gettext_lazy("attach evidence"),
    "evidence.retract": gettext_lazy("retract evidence"),
    "source.add": gettext_lazy("add sources"),
    "source.edit": gettext_lazy("edit sources"),
    "capture.ask": gettext_lazy("capture sources"),
    "claim.decide": gettext_lazy("decide verdicts"),
    "claim.send_back": gettext_lazy("send claims back"),
    "claim.reopen": gettext_lazy("reopen claims"),
    "claim.restore": gettext_lazy("restore claims"),
    "member.invite": gettext_lazy("invite members"),
    "member.change": gettext_lazy("change members’ roles"),
    "scale.change": gettext_lazy("change the verdict scale"),
    "policy.change": gettext_lazy("change the policy"),
    "capture.queue": gettext_lazy("see the queue of captures"),
}


class NotAllowed(Exception):
    """A member lacks the role for what was asked; str() says which role has it."""


def allows(role: str | None, permission: str) -> bool:
    """Whether `role` (None: not a member) may do `permission` (a key of PERMISSIONS)."""
    return role is not None and RANK[Role(role)] >= RANK[PERMISSIONS[permission]]


def refusal(role: str | None, permission: str) -> str:
    """The sentence that says why `role` may not do `permission`; empty where it may."""
    if allows(role, permission):
        return ""
    needed, deed = ROLE_NAMES[PERMISSIONS[permission]], DEEDS[permission]
    if role is None:
        return _("Only members of the team may %(deed)s.") % {"deed": deed}
    return _("To %(deed)s takes the role %(needed)s. You are %(role)s here.") % {
        "deed": deed,
        "needed": needed,
        "role": ROLE_NAMES[Role(role)],
    }


def require(role: str | None, permission: str) -> None:
    """Raise NotAllowed, with the reason, unless `role` may do `permission`."""
    if why := refusal(role, permission):
        raise NotAllowed(why)
