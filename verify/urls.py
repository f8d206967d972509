"""All addresses. Of allauth's only those that the project has a use for: sign-up and addresses are its own matter."""

from allauth.account import views as account
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from claims.views import health


def absent(request: HttpRequest, **names: str) -> HttpResponse:
    """An address that allauth's own code names, and that leads nowhere here."""
    raise Http404


sign_in: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("2fa/", include("allauth.mfa.urls")),
    path("signup/", account.signup, name="account_signup"),
    path("email/", absent, name="account_email"),
    path("confirm-email/", absent, name="account_email_verification_sent"),
    path("confirm-email/<str:key>/", absent, name="account_confirm_email"),
    path("password/set/", absent, name="account_set_password"),
]


def favicon(request: HttpRequest) -> HttpResponse:
    """For pages that name no icon of their own, and for browsers that do not look."""
    return redirect(static("favicon.ico"))


urlpatterns: list[URLPattern | URLResolver] = [
    path("favicon.ico", favicon),
    path("healthz", health.healthz, name="healthz"),
    path("", require_safe(RedirectView.as_view(url="/queue/")), name="home"),
    path("", include("claims.urls")),
    path("accounts/", include(sign_in)),
]

handler400 = "claims.views.errors.bad_request"
handler403 = "claims.views.errors.forbidden"
handler404 = "claims.views.errors.not_found"
handler429 = "verify.limits.too_many"
handler500 = "claims.views.errors.server_error"
