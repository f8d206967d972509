"""The desk: the article's text with its claims on the left, the open claim or the form that logs one on the right."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims import roles
from claims.actions import claims as actions
from claims.anchors import Span
from claims.forms.desk import LogClaim, Quoted
from claims.models import Article, Claim, Version
from claims.roles import Role
from claims.views import access, claims, proof, standing
from claims.views.access import Request, signed_in
from claims.views.changes import addresses, changes, shown_at
from claims.views.proof import Proof
from claims.views.standing import Place
from claims.views.writing import Writing

DONE = (Article.Stage.PUBLISHED, Article.Stage.CLOSED)


@signed_in
@require_safe
def desk(request: Request, article_id: int) -> HttpResponse:
    """An article's desk; ?claim=N opens a claim in it, without it the first that waits for somebody.

    To htmx it answers with the inside of the right pane.
    """
    sheet = proof.read(access.version(request, article_id))
    number = access.positive(request.GET.get("claim")) or sheet.first_with_work
    if number is None:
        return render(request, "desk/empty.html" if request.htmx else "desk/desk.html", page(request, sheet))
    row = access.claim(request, article_id, number)
    if request.htmx:
        return claims.show(request, row)
    sheet.current = number
    panel = claims.panel(request, row, opened="verdict" in request.GET, stands=sheet.standing(number))
    return render(request, "desk/desk.html", panel | page(request, sheet))


def page(request: Request, sheet: Proof) -> dict[str, Any]:
    """The context of desk/desk.html around its right pane."""
    article = sheet.version.article
    role = access.role(request, article.team_id)
    return {
        "article": article,
        "version": sheet.version,
        "proof": sheet,
        "blocks": sheet.blocks(),
        "open": sheet.signs.get(sheet.current) if sheet.current else None,
        "bar": sheet.bar,
        "done": article.stage in DONE,
        "closed": article.stage == Article.Stage.CLOSED,
        "no_log": roles.refusal(role, "claim.log"),
        "no_edit_article": roles.refusal(role, "article.edit"),
    }


# --- logging a claim -----------------------------------------------------------------------------


@signed_in
def log_claim(request: Request, article_id: int) -> HttpResponse:
    """Log a claim by words of the text: the form in the desk's right pane, or to htmx alone."""
    version = access.version(request, article_id, "claim.log")
    writing = Writing(request)
    initial = {} if writing.data else _prefilled(request, version)
    form = LogClaim(writing.data, text=version.text, article=version.article, initial=initial)
    if writing.sent and form.is_valid():
        claim = writing.once(form, lambda _version: _log(request, version, form))
        if claim:
            return _logged(request, version, claim)
    return _form(request, version, form, writing)


def _prefilled(request: Request, version: Version) -> dict[str, Any]:
    """What the form holds before anybody types: the words that are selected, whose text it is, who checks it."""
    article = version.article
    checks = access.role(request, article.team_id) == Role.CHECKER
    facts = {
        "said_by": article.outlet,
        "reported_by": article.byline,
        "assigned_to": request.user.pk if checks else None,
    }
    start, end = access.positive(request.GET.get("start")), access.positive(request.GET.get("end"))
    if start is None or end is None or not start < end <= len(version.text):
        return facts
    words = version.text[start:end]
    return facts | {"quote": words, "statement": words, "start": start, "end": end}


def _log(request: Request, version: Version, form: LogClaim) -> Claim:
    return actions.log_claim(actor=request.user, article=version.article, places=[form.span], **form.facts)


def _logged(request: Request, version: Version, claim: Claim) -> HttpResponse:
    """What follows: the claim where it was asked for; else to htmx a form for the next one, without script the desk."""
    said = _("Claim %(number)d logged.") % {"number": claim.number}
    wants_it = request.POST.get("then") == "open"
    if not request.htmx:
        messages.success(request, said)
        return claims.see_other(f"{reverse('desk', args=[claim.article_id])}?claim={claim.number}#c{claim.number}")
    if wants_it:
        return claims.show(request, access.claim(request, claim.article_id, claim.number), said=said)
    link = format_html('<a href="{}">{}</a>', claims.address(claim), _("Open claim %d") % claim.number)
    fresh = LogClaim(text=version.text, article=version.article, initial=_prefilled(request, version))
    sheet = proof.read(version)
    told = changes(request, sheet if shown_at(request) in addresses(claim.article) else None)
    context = _pane(sheet, fresh, None)
    context |= {"said": format_html("{} {}", said, link), "changes": told, "logged": claim}
    return render(request, "desk/logged.html", context)


def _form(request: Request, version: Version, form: LogClaim, writing: Writing) -> HttpResponse:
    """The form as it is now: blank, refused, or back after the session had ended."""
    sheet = proof.read(version)
    context = _pane(sheet, form, writing)
    if request.htmx:
        return render(request, "desk/log.html", context, status=writing.status)
    return render(request, "desk/desk.html", page(request, sheet) | context, status=writing.status)


def _pane(sheet: Proof, form: LogClaim, writing: Writing | None) -> dict[str, Any]:
    return {
        "article": sheet.version.article,
        "log": form,
        "found": offered(sheet, form),
        "selected": _selected(sheet, form),
        "writing": writing,
        "will_be": sheet.last_number + 1,
    }


def offered(sheet: Proof, form: Quoted) -> list[Place]:
    """The places of which one has to be chosen, each with the claim that stands there."""
    return [standing.place(sheet.sheet, span, sheet.inside(span.start, span.end)) for span in form.found]


def _selected(sheet: Proof, form: LogClaim) -> Place | None:
    """Where the words in the form were selected, if they are still those."""
    span = form.selected
    if span is None or sheet.sheet.text[span.start : span.end] != form["quote"].value():
        return None
    return standing.place(sheet.sheet, Span(span.start, span.end))
