"""Cookies that no other host, and no plain connection, can have set."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class MessagesInCookie(CookieStorage):
    """What a page says after a redirect, in a cookie of the same kind as the session's."""

    cookie_name = settings.COOKIE_PREFIX + CookieStorage.cookie_name


class Messages(FallbackStorage):
    """In a cookie, or where there is no room in the session."""

    storage_classes = (MessagesInCookie, SessionStorage)
