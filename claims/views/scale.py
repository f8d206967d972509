"""The team's verdict scale is changed: a label added, another word for one, one retired."""

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from claims.actions import verdicts
from claims.forms.scale import AddLabelForm, RelabelForm, RetireForm
from claims.models import Label
from claims.views import access
from claims.views.access import Request, signed_in
from claims.views.scales import in_use
from claims.views.teams import Ask, back, page
from claims.views.writing import Writing


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def add_label(request: Request) -> HttpResponse:
    """Add a verdict of the team's own to the scale."""
    team = access.team(request, "scale.change")
    writing = Writing(request)
    form = AddLabelForm(writing.data, ids="add")
    if writing.sent and form.is_valid():
        said = form.cleaned_data
        if added := writing.once(form, lambda _version: verdicts.add_label(actor=request.user, team=team, **said)):
            messages.success(request, _("“%(label)s” is in the scale.") % {"label": added.name})
            return back("scale")
    return page(request, team, writing, add=form, adding=True, at="scale")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def relabel(request: Request, label_id: int) -> HttpResponse:
    """Give a verdict another word: the old label is retired, a new one with its meaning takes its place."""
    label = access.label(request, label_id, "scale.change")
    writing = Writing(request)
    form = RelabelForm(writing.data, label=label)
    if writing.sent and form.is_valid():
        said = form.cleaned_data
        if made := writing.once(form, lambda _version: verdicts.relabel(actor=request.user, label=label, **said)):
            done = _("“%(old)s” is “%(new)s” from now on.") % {"old": label.name, "new": made.name}
            messages.success(request, done)
            return back("scale")
    text = _("The meaning stays; the word on the page changes. The old label is retired, not overwritten: ")
    ask = Ask(
        "scale",
        _("Relabel “%(label)s”") % {"label": label.name},
        text + kept(label),
        reverse("relabel", args=[label.pk]),
        _("Retire and replace"),
        form,
    )
    return page(request, label.team, writing, ask=ask, at="scale")


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def retire_label(request: Request, label_id: int) -> HttpResponse:
    """Take a verdict out of the scale."""
    label = access.label(request, label_id, "scale.change")
    writing = Writing(request)
    form = RetireForm(writing.data, ids="retire")
    if writing.sent and form.is_valid():
        reason = form.cleaned_data["reason"]
        if writing.once(form, lambda _version: verdicts.retire_label(actor=request.user, label=label, reason=reason)):
            messages.success(request, _("“%(label)s” is retired.") % {"label": label.name})
            return back("scale")
    ask = Ask(
        "scale",
        _("Retire “%(label)s”") % {"label": label.name},
        _("Nobody can propose or decide it any more. It is not deleted: ") + kept(label),
        reverse("retire_label", args=[label.pk]),
        _("Retire"),
        form,
    )
    return page(request, label.team, writing, ask=ask, at="scale")


def kept(label: Label) -> str:
    """How many decisions keep a label that is retired."""
    count = in_use(label)
    if not count:
        return _("no decision bears it.")
    return ngettext("%(count)d decision keeps it.", "%(count)d decisions keep it.", count) % {"count": count}
