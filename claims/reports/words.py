"""The words a report uses for codes that the rules do not name."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: dict[str, Promise] = {
    "number": _("number"),
    "quote": _("quote"),
    "event": _("event"),
    "comparison": _("comparison"),
    "attribution": _("attribution"),
    "other": _("other"),
}
RISKS: dict[str, Promise] = {"low": _("low risk"), "medium": _("medium risk"), "high": _("high risk")}
SOURCE_KINDS: dict[str, Promise] = {
    "document": _("document"),
    "page": _("page"),
    "data-set": _("data set"),
    "recording": _("recording"),
    "person": _("person"),
    "own-reporting": _("own reporting"),
}
STAGES: dict[str, Promise] = {
    "checking": _("Checking"),
    "ready": _("Ready"),
    "published": _("Published"),
    "closed": _("Closed"),
}
# in the order in which a report tells what somebody did
DID: dict[str, Promise] = {
    "imported": _("imported the text"),
    "logged": _("logged claims"),
    "brought": _("brought evidence"),
    "proposed": _("proposed"),
    "decided": _("decided"),
}


def word(words: dict[str, Promise], code: str) -> str:
    """The word for a code; the code itself where a later version of Galley made it."""
    return str(words.get(code, code))
