"""What each address answers to whom: one table, beside which the URL configuration itself is held."""

from dataclasses import dataclass
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from claims.roles import PERMISSIONS, Role

OWN = ""  # a person's own matter, whatever their role, in a team or in none


@dataclass(frozen=True)
class Page:
    """Who may get it and who may send its form: a permission of claims/roles.py, OWN, or None (405).

    `shown` is the status of the answer to a GET by somebody who may.
    """

    read: str | None
    send: str | None = None
    shown: int = 200

    @property
    def permissions(self) -> set[str]:
        return {permission for permission in (self.read, self.send) if permission}


READ = "article.read"
TABLE: dict[str, Page] = {
    "home": Page(OWN, shown=302),
    "account": Page(OWN, OWN),
    "switch_team": Page(None, OWN),
    "queue": Page("team.read"),
    "articles": Page(READ),
    "import_article": Page("article.import", "article.import"),
    "edit_article": Page("article.edit", "article.edit"),
    "desk": Page(READ),
    "log_claim": Page("claim.log", "claim.log"),
    "claim": Page(READ, "claim.edit"),
    "stand_also": Page("claim.anchor", "claim.anchor"),
    "leave_place": Page("claim.anchor", "claim.anchor"),
    "attach_evidence": Page("evidence.attach", "evidence.attach"),
    "retract_evidence": Page("evidence.retract", "evidence.retract"),
    "propose": Page("claim.propose", "claim.propose"),
    "decide": Page("claim.decide", "claim.decide"),
    "send_back": Page("claim.send_back", "claim.send_back"),
    "reopen": Page("claim.reopen", "claim.reopen"),
    "withdraw": Page("claim.withdraw", "claim.withdraw"),
    "restore": Page("claim.restore", "claim.restore"),
    "report": Page(READ, "report.issue"),
    "report_file": Page(READ),
    "article_trail": Page(READ),
    "team": Page("team.read"),
    "change_roles": Page("member.change", "member.change"),
    "remove_member": Page("member.change", "member.change"),
    "invite": Page("member.invite", "member.invite"),
    "withdraw_invitation": Page("member.invite", "member.invite"),
    "change_policy": Page("policy.change", "policy.change"),
    "add_label": Page("scale.change", "scale.change"),
    "relabel": Page("scale.change", "scale.change"),
    "retire_label": Page("scale.change", "scale.change"),
    "team_trail": Page("team.read"),
    "sources": Page("team.read"),
    "add_source": Page("source.add", "source.add"),
    "source": Page("team.read", "source.edit"),
    "find_sources": Page(OWN, shown=303),  # without script: to the list of sources
    "fetch_ahead": Page(None, "source.add"),
    "ahead": Page(OWN, shown=303),  # without script: to the list of sources
    "captures": Page("team.read", "capture.ask", shown=302),  # without script: to the source
    "capture_state": Page("team.read", shown=302),
    "upload_capture": Page(None, "capture.ask"),
    "capture_again": Page(None, "capture.ask"),
    "drop_capture": Page(None, "capture.ask"),
    "prove_capture": Page(None, "capture.ask"),
    "capture": Page("team.read"),
    "capture_bytes": Page("team.read"),
    "capture_record": Page("team.read"),
    "capture_proof": Page("team.read"),
    "capture_queue": Page("capture.queue"),
}

# Doors: allauth's, the invitation and the health of the whole. Statuses of GET and POST, signed out and signed in.
DOORS: dict[str, tuple[int, int, int, int]] = {
    "healthz": (200, 405, 200, 405),
    "join": (200, 422, 200, 403),  # signed in as somebody else than was invited
    "account_login": (200, 200, 302, 302),
    "account_logout": (302, 302, 200, 302),
    "account_inactive": (200, 405, 200, 405),
    "account_signup": (200, 200, 302, 302),  # says that it is closed
    "account_reset_password": (200, 200, 200, 200),
    "account_reset_password_done": (200, 405, 200, 405),
    "account_reset_password_from_key": (200, 200, 200, 200),  # says that the link does not hold
    "account_reset_password_from_key_done": (200, 405, 200, 405),
    "account_change_password": (302, 302, 200, 200),
    "account_reauthenticate": (302, 302, 200, 200),
    "mfa_index": (302, 302, 200, 405),
    "mfa_list_webauthn": (302, 302, 200, 405),
    # to the password once more
    "mfa_activate_totp": (302, 302, 302, 302),
    "mfa_add_webauthn": (302, 302, 302, 302),
    "mfa_edit_webauthn": (302, 302, 302, 302),
    "mfa_remove_webauthn": (302, 302, 302, 302),
    "mfa_generate_recovery_codes": (302, 302, 302, 302),
    # of somebody without a second step there is nothing
    "mfa_deactivate_totp": (302, 302, 404, 404),
    "mfa_view_recovery_codes": (302, 302, 404, 405),
    "mfa_download_recovery_codes": (302, 302, 404, 404),
    # steps of a sign-in that was not begun, or is over
    "mfa_authenticate": (302, 302, 302, 302),
    "mfa_login_webauthn": (302, 302, 302, 302),
    "mfa_reauthenticate": (302, 302, 302, 302),
    "mfa_reauthenticate_webauthn": (302, 302, 302, 302),
}
# Lead nowhere, for everybody and by every method.
ABSENT = {"account_email", "account_email_verification_sent", "account_confirm_email", "account_set_password"}

# the arguments that say which row, and so which team
ROWS = {"article_id", "source_id", "label_id", "membership_id", "invitation_id"}


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


NAMED = named()
WITH_ROW = sorted(name for name in TABLE if NAMED.get(name, frozenset()) & ROWS)


def address(name: str, ids: dict[str, Any]) -> str:
    """The address with the rows of `ids`."""
    return reverse(name, kwargs={argument: ids[argument] for argument in NAMED[name]})


def allowed(permission: str, role: Role) -> bool:
    """What the policy's own table says."""
    return permission == OWN or list(Role).index(role) >= list(Role).index(PERMISSIONS[permission])
