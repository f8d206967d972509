"""What all tests share: quick settings, a database as the web role, a browser, the people, real inputs."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from playwright.sync_api import expect

from tests import cluster

# --- settings: the database is chosen before Django reads them ------------------------------------------------------

STARTED_HERE = cluster.choose()
if STARTED_HERE and settings.configured:
    pytest.exit("Unset DJANGO_SETTINGS_MODULE: the tests choose their database before the settings are read.", 1)

for _name in (
    "GALLEY_CAPTURE",
    "GALLEY_STORE",
    "GALLEY_CAPTURE_LOCAL",
    "GALLEY_STAMPS",
    "GALLEY_ARCHIVE",
    "GALLEY_CHROMIUM",
    "GALLEY_URL",
    "GALLEY_HOSTS",
    "GALLEY_PROXIES",
    "GALLEY_SMTP_URL",
    "GALLEY_DEBUG",
    "PORT",
):
    os.environ.pop(_name, None)
os.environ["DJANGO_SETTINGS_MODULE"] = "verify.settings"
# the browser's driver runs an event loop in the tests' own thread, which asks the database all the same
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()

# thrown away with the process
CAPTURES = tempfile.TemporaryDirectory(prefix="galley-captures-")
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
settings.STORAGES = settings.STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "captures": {"BACKEND": "claims.store.Folder", "OPTIONS": {"location": CAPTURES.name}},
}

pytest_plugins = ["tests.people", "tests.captures", "tests.access.world"]

# a tenth of the tests' time went into looking for garbage among what lives as long as they do
gc.set_threshold(200_000, 20, 50)

# --- database -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of this worker's own, migrated by the owner, used as the web role."""
    with django_db_blocker.unblock():
        name = cluster.make_database(os.environ.get("PYTEST_XDIST_WORKER", "alone"))
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        cluster.drop(name)


def _emptied(self: TransactionTestCase) -> None:
    cluster.empty()


# Django's flush is the web role's, who may not, and is refused by the guards of the trail.
TransactionTestCase._fixture_teardown = _emptied  # type: ignore[method-assign]


def pytest_unconfigure() -> None:
    if STARTED_HERE:
        cluster.end()


@pytest.fixture(autouse=True)
def _counts_of_no_other_test() -> None:
    """Rate limits count from nought."""
    cache.clear()


# --- browser --------------------------------------------------------------------------------------------------------

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The popups of the address bar are pages themselves, of 150 scripts; each window loads them, though nobody sees it.
# That was more than half of what a window cost.
UNSEEN = ("WebUIOmniboxPopup", "WebUIOmniboxFullPopup", "WebUIOmniboxAimPopup", "PreloadTopChromeWebUI")
# Chromium heeds the last list of what is off alone: Playwright's own is said again.
OFF = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(OFF + UNSEEN)}",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's own Chromium; without one, tests in a browser are skipped or, where one is required, fail."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None and os.environ.get("GALLEY_REQUIRE_BROWSER") == "1":
        pytest.fail("GALLEY_REQUIRE_BROWSER is set, and there is no Chromium on the PATH.", pytrace=False)
    if path is None:
        pytest.skip("There is no Chromium on the PATH.")
    expect.set_options(timeout=30_000)  # five seconds are short on a machine that has much else to do
    return browser_type_launch_args | {"executable_path": path, "args": FLAGS}


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.e2e)


# --- real inputs ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real inputs and vectors that GALLEY_TEST_DATA names."""
    named = os.environ.get("GALLEY_TEST_DATA")
    if not named:
        pytest.skip("GALLEY_TEST_DATA names no folder of real inputs.")
    return Path(named)
