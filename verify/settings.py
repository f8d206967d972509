"""Settings, all from the environment. Every variable with its default; none is needed for the demo.

DATABASE_URL             the web role on a PostgreSQL of yours; without it, the data folder's own
DATABASE_OWNER_URL       the owner's role there, for `migrate` and `erase` alone
GALLEY_DATA              the data folder; var/ beside manage.py
GALLEY_SECRET_KEY        Django's secret key; the data folder's
GALLEY_URL               where people find it; http://localhost:PORT. With https, cookies and answers insist on it
GALLEY_HOSTS             further host names it answers to, with commas between
GALLEY_PROXIES           how many reverse proxies of yours stand before it, so that rate limits see people; 0
GALLEY_BIND              the addresses that gunicorn listens on, with commas between; 127.0.0.1
GALLEY_STATIC            where `collectstatic` puts files; static/ in the data folder
GALLEY_SMTP_URL          smtp://USER:PASSWORD@HOST:PORT, smtp+tls:// or smtps://; without it, mail goes to the log
GALLEY_MAIL_FROM         who mail comes from; galley@ and the host of GALLEY_URL
GALLEY_CAPTURE           0: addresses of sources are captured only where somebody asks
GALLEY_STORE             where the bytes of captures are: a folder, or s3://…; captures/ in the data folder
GALLEY_STAMPS            authorities by RFC 3161 that stamp the hash of each capture: their URLs, with commas between
GALLEY_ARCHIVE           a web archive that is asked to keep each captured page: https://[ACCESS:SECRET@]web.archive.org/save
GALLEY_CHROMIUM          the path of a Chromium that makes a picture and a PDF of each captured page, inside bubblewrap
GALLEY_CAPTURE_LOCAL     tests only: pairs host:port of this machine's network that captures may reach, by commas
GALLEY_DEBUG             1 for Django's debug pages, on a developer's own machine
GALLEY_TEST_DATA         tests only: a folder of large shared examples
"""

import datetime
import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from verify import captures, database, precheck
from verify.folder import Folder

BASE_DIR = Path(__file__).resolve().parent.parent
MEBIBYTE = 1024 * 1024

DATA = Folder.of_environment()
DEBUG = os.environ.get("GALLEY_DEBUG") == "1"


def _secret_key() -> str:
    if key := os.environ.get("GALLEY_SECRET_KEY"):
        return key
    if DATA.secrets_file.is_file():
        return DATA.secrets().secret_key
    raise ImproperlyConfigured("Set GALLEY_SECRET_KEY to a long random text, and keep it.")


# --- database -------------------------------------------------------------------------------------------------------

DATABASES = {"default": database.default()}
EMBEDDED = not database.by_url()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SECRET_KEY = _secret_key()
# Rate limits count here, whatever process answers; `migrate` makes the table.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "galley_cache"}}

# --- address --------------------------------------------------------------------------------------------------------

URL = urlsplit(os.environ.get("GALLEY_URL") or precheck.address(DATA))
IS_LOCAL = not os.environ.get("GALLEY_URL")
IS_HTTPS = URL.scheme == "https"
ALLOWED_HOSTS = [
    str(URL.hostname),
    *filter(None, os.environ.get("GALLEY_HOSTS", "").replace(" ", "").split(",")),
    *(["127.0.0.1", "[::1]"] if IS_LOCAL else []),
]
CSRF_TRUSTED_ORIGINS = [f"{URL.scheme}://{URL.netloc}"]

ROOT_URLCONF = "verify.urls"
WSGI_APPLICATION = "verify.wsgi.application"

# --- application ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "claims",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # the templates of its widgets
    "django_htmx",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "verify.headers.Private",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "verify.limits.Limits",
    "verify.sessions.Rotation",
    "claims.views.bodies.WholeBodies",
    "claims.views.characters.WholeCharacters",
    "claims.views.errors.Refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "claims.views.context.site",
            ],
        },
    }
]
FORM_RENDERER = "claims.forms.fields.Renderer"
CSRF_FAILURE_VIEW = "claims.views.errors.csrf_failure"

# --- words and times ------------------------------------------------------------------------------------------------

# not “en-gb”: for each sentence of the house, five catalogues of other people's would be looked through
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
FORMAT_MODULE_PATH = ["verify.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # stored; shown in the team's

# --- limits ---------------------------------------------------------------------------------------------------------

# A text or a file that is too long is refused in its form, and what was typed stays there; so the form has to get it.
# What is larger still is refused unread (claims.views.bodies): the text stands in the browser.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * MEBIBYTE
# The preview of an import has two fields a block.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 40_000

# --- sign-in --------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "claims.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {"user_attributes": ["email", "name"]},
        "MinimumLengthValidator": {"min_length": 12},
        "CommonPasswordValidator": {},
    }.items()
] + [{"NAME": "verify.passwords.WordsOfTheHouse"}]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/queue/"
LOGOUT_REDIRECT_URL = LOGIN_URL

ACCOUNT_ADAPTER = "verify.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Who was invited is known; there is no address to prove.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_DEFAULT_HTTP_PROTOCOL = URL.scheme
# By account and address; the other limits are wide enough for a newsroom behind one address (docs/security.md).
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "5/5m/key,100/5m/ip",
    "login_failed_everywhere": "300/h/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_FORMS = {
    "change_password": "claims.forms.accounts.ChangePassword",
    "reset_password_from_key": "claims.forms.accounts.NewPassword",
}
MFA_ADAPTER = "verify.adapters.TwoStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Galley"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not IS_HTTPS
PROXIES = int(os.environ.get("GALLEY_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

# --- security -------------------------------------------------------------------------------------------------------

SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "verify.sessions"
# after the last page; and after the sign-in, however much it was in use
SESSION_COOKIE_AGE = 24 * 3600
SESSION_LONGEST = datetime.timedelta(days=14)
PASSWORD_RESET_TIMEOUT = 24 * 3600
# such a cookie comes from this host alone, over https
COOKIE_PREFIX = "__Host-" if IS_HTTPS else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "verify.cookies.Messages"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(os.environ.get("GALLEY_STATIC") or DATA.root / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "verify.statics.Storage"
    },
    "captures": captures.storage(DATA),
}

# --- captures -------------------------------------------------------------------------------------------------------

# whether a source's address is captured as soon as it is known
CAPTURE = os.environ.get("GALLEY_CAPTURE", "1") != "0"
CAPTURE_LOCAL = captures.local(IS_LOCAL and EMBEDDED)
STAMPS = captures.stamps()
ARCHIVE = captures.archive()
CHROMIUM = os.environ.get("GALLEY_CHROMIUM", "")
# the worker reads its tasks; nobody else needs them, who names them (claims.actions.captures)
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None
PROCRASTINATE_IMPORT_PATHS = ["claims.tasks", "claims.proving"]

# --- mail -----------------------------------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("GALLEY_MAIL_FROM") or f"galley@{URL.hostname}"


def _mailer(url: str) -> dict[str, Any]:
    """How mail leaves: by SMTP where a URL says so, else into the log."""
    smtp = urlsplit(url)
    if not url:
        return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
    options = {
        "host": smtp.hostname,
        "port": smtp.port or {"smtps": 465, "smtp+tls": 587}.get(smtp.scheme, 25),
        "username": unquote(smtp.username or ""),
        "password": unquote(smtp.password or ""),
        "use_ssl": smtp.scheme == "smtps",
        "use_tls": smtp.scheme == "smtp+tls",
        "timeout": 10,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


MAILERS = {"default": _mailer(os.environ.get("GALLEY_SMTP_URL", ""))}

# --- log ------------------------------------------------------------------------------------------------------------

# To standard error: addresses and faults, never what people sent.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "verify.logs.Line", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # who came, went, and was refused
        "galley.access": {"level": "INFO"},
        # a stranger's Host header is answered with 400, and is no news
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
