"""A form that writes: what it sent is done once, and whatever refuses it keeps the typed text.

writing = Writing(request)
form = RetractForm(writing.data)
if writing.sent and form.is_valid():
    if writing.once(form, lambda version: retract(actor=request.user, version=version, **form.cleaned_data)):
        return redirect(...)
return render(request, "…", {"form": form, "writing": writing}, status=writing.status)
"""

from collections.abc import Callable
from functools import cached_property
from hashlib import file_digest
from typing import Any

from django.db import models
from django.forms import BaseForm
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from claims.actions import Retyped, Sent, Stale, once
from claims.actions.submissions import is_done
from claims.fields import TOKENS
from claims.forms.keys import Keys
from claims.views import access
from claims.views.access import Request
from claims.workflow import Refused


class Writing:
    """One request to a form that writes. `problem` and `stale` say why nothing was written; `status` is HTTP's."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.sent = request.method == "POST"
        self.status = 200
        self.problem = ""
        self.stale: Stale | None = None
        if self.sent:
            self.status = 422
            # a form that comes back is still the one that was opened then: what others did since gets 409
            request.opened_on = access.positive(request.POST.get("version"))

    @cached_property
    def data(self) -> QueryDict | None:
        """What the form is bound to: what was sent, or what was kept of an expired session; else None."""
        return self.request.POST if self.sent else self.kept

    @cached_property
    def kept(self) -> QueryDict | None:
        """What the person typed here before their session expired; given back until once() has written it."""
        return None if self.sent else access.kept(self.request)

    def once[Made: models.Model](self, form: BaseForm, do: Callable[[int | None], Made]) -> Made | None:
        """Do it with the version that the form was opened on; None where it was refused, with the reason kept here.

        NotAllowed passes through: it is a page of its own.
        """
        keys = Keys(self.request.POST)
        if not keys.is_valid():
            self.problem = _("This form is too old to be sent. What you typed is kept below: send it again.")
            return None
        try:
            made = once(self.request.user, self._sent(keys), lambda: do(keys.cleaned_data["version"]))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.reasons)
        except Stale as stale:
            self.stale, self.status, self.request.opened_on = stale, 409, None
        except Retyped as retyped:
            self.problem, self.status = str(retyped), 409
        else:
            access.drop_kept(self.request)
            self.request.opened_on = None
            return made
        return None

    @cached_property
    def is_done(self) -> bool:
        """Whether the same form was sent before, and done: what it did must not hinder it from being answered again."""
        keys = Keys(self.request.POST)
        return self.sent and keys.is_valid() and is_done(self.request.user, self._sent(keys))

    def again(self) -> None:
        """For a form whose row is gone: pass where the same form was sent before, and took the row away.

        Raises Http404 where it was not, Retyped where other words came under its key.
        """
        keys = Keys(self.request.POST)
        if not self.sent or not keys.is_valid():
            raise Http404
        once(self.request.user, self._sent(keys), _gone)

    def _sent(self, keys: Keys) -> Sent:
        fields = [(name, values) for name, values in self.request.POST.lists() if name not in TOKENS]
        files: Any = self.request.FILES
        fields += [(name, [file_digest(file.open(), "sha256").hexdigest()]) for name, file in files.items()]
        return Sent.of(keys.cleaned_data["request_id"], self.request.path, fields)


def _gone() -> models.Model:
    raise Http404
