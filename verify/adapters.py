"""What the project decides otherwise than allauth."""

import logging
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from verify import limits

log = logging.getLogger("galley.access")
EVERYWHERE = {"app": "allauth.account", "action": "login_failed_everywhere"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: people join by an invitation's link. Who fails to sign in holds up nobody else."""

    error_messages: ClassVar[dict[str, Any]] = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("Email and password do not match. The address is kept; type the password again."),
        "too_many_login_attempts": _(
            "Too many tries. Wait five minutes, then try once more; a passkey, or a new password by the link "
            "beside the field, opens the door at once."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        """What refuses a form; too many tries are told to the middleware, which answers 429."""
        if code == "too_many_login_attempts" and context.request is not None:
            limits.refuse(context.request)
            log.warning("Too many tries from %s", ratelimit.get_ip(context.request))
        refused: ValidationError = super().validation_error(code, *args)
        return refused

    def is_safe_url(self, url: str) -> bool:
        """Whether to lead on there; not where it cannot even be read."""
        try:
            return bool(super().is_safe_url(url))
        except ValueError:
            return False

    # --- tries are counted by account and address, and beside that, wide, by each alone ---

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        return f"{account_of(credentials)} {ratelimit.get_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        super().pre_authenticate(request, **credentials)
        self._everywhere = ratelimit.consume(request, key=account_of(credentials), **EVERYWHERE)
        if not self._everywhere:
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None and self._everywhere:
            self._everywhere.rollback()
        return user

    def set_password(self, user: Any, password: str) -> None:
        """Set it; whoever could, by a link or by the one before, has no wrong tries against them any more."""
        super().set_password(user, password)
        self._delete_login_attempts_cached_email(context.request, email=user.email)
        ratelimit.clear(context.request, key=account_of({"email": user.email}), **EVERYWHERE)

    # --- who came and went stands in the log; what was typed does not ---

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        log.warning("Sign-in refused from %s", ratelimit.get_ip(request))

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        ways = [str(way.get("method")) for way in request.session.get("account_authentication_methods", [])]
        log.info("Person %d signed in from %s by %s", user.pk, ratelimit.get_ip(request), " and ".join(ways) or "link")

    def logout(self, request: HttpRequest) -> None:
        log.info("Person %s signed out from %s", request.user.pk, ratelimit.get_ip(request))
        super().logout(request)


def account_of(credentials: dict[str, Any]) -> str:
    """The account that somebody tries to open, as they name it."""
    return str(credentials.get("email") or credentials.get("username") or "").lower()


class TwoStepAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The words of the second step."""

    error_messages: ClassVar[dict[str, Any]] = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("That code does not hold, or has run out. Type the one shown now."),
    }

    def validation_error(self, code: str, *args: Any) -> ValidationError:
        if code == "incorrect_code":
            log.warning("Second step refused from %s", ratelimit.get_ip(context.request))
        refused: ValidationError = super().validation_error(code, *args)
        return refused
