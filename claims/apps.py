"""The app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    """Galley's one app."""

    name = "claims"
    verbose_name = _("Galley")
