"""Why a capture could not be made, and what is to be said of one that was, in sentences (pure)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "url": _("The address is none that a browser could open. Correct it in the source."),
    "user": _("The address holds a name or a password. Take it out, or upload a file."),
    "scheme": _("Only http and https addresses are captured. Upload a file instead."),
    "port": _("The address names a port on which no web page is."),
    "address": _("The address leads into a network that is not public. Upload a file instead."),
    "name": _("There is no such name on the web, or it could not be looked up."),
    "connect": _("The server does not answer."),
    "tls": _("The server’s certificate does not hold, so nobody can tell who would answer."),
    "timeout": _("The server took too long."),
    "redirects": _("The address leads on and on, and nowhere."),
    "status": _("The server says that the page cannot be had."),
    "too-large": _("It is larger than what is captured (50 MB)."),
    "bomb": _("It is packed so tightly that it would burst: it was not unpacked."),
    "broken": _("What the server sent is damaged, or no web page."),
    "store-away": _("The store of captures does not answer."),
    "store-full": _("There is no room left in the store of captures."),
    "no-room": _("The worker’s own disk is full."),
    "erased": _("What was asked for was erased."),
    "upload-lost": _("The file is no longer in the store. Upload it again."),
    "interrupted": _("Whoever fetched it was interrupted."),
    "cleared": _("It was cleared away before it was kept."),
    "killed": _("Whoever tried it was killed in the middle of it, time after time. The worker’s log may say why."),
    "fault": _("Something in Galley went wrong; it is noted in the log."),
}

# What a fetch notes of what it brought, by its code; `value` is what stands behind the code (results.Fetched).
NOTES: dict[str, Promise] = {
    "encoding-unknown": _("It came packed in a way that is not known here (%(value)s): it is kept as it came."),
    "end-not-said": _("The server did not say where it ends, so it may have been cut short on its way."),
}


def noted(note: str) -> str:
    """A capture's note as a sentence. What a reader has noted is one already."""
    code, _space, value = note.partition(" ")
    return str(NOTES[code]) % {"value": value} if code in NOTES else note
