"""The report: a preview of today's state, its export, and the files of those that were issued."""

import subprocess
from types import ModuleType

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims.actions import reports
from claims.models import Article, Report
from claims.reports import csv, document, html, json, pdf
from claims.reports.build import build
from claims.reports.sheet import file_stem
from claims.trail.verify import one_moment
from claims.views import access, errors
from claims.views.access import Request, signed_in

FORMATS: dict[str, ModuleType] = {"html": html, "pdf": pdf, "csv": csv, "json": json}
# What a policy in a file itself cannot say.
FRAMED = "frame-ancestors 'none'; sandbox"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def report(request: Request, article_id: int) -> HttpResponse:
    """Show what a report of today would say, and the reports issued; POST: issue one.

    The form's request id is not looked at: the same state gives the same report however often it is asked for, and a
    page older than the state must not give an older report.
    """
    article = access.article(request, article_id)
    if request.method == "POST":
        return _export(request, access.article(request, article_id, "report.issue"))
    with one_moment():
        today = build(article)
    issued = list(article.reports.select_related("issued_by").order_by("-number"))
    context = {
        "article": article,
        "report": html.page(today),
        "issued": issued,
        "formats": list(FORMATS),
        "unchanged": issued[0] if issued and issued[0].state == document.state(today) else None,
        "may_export": access.may(request, article.team_id, "report.issue"),
    }
    return render(request, "reports/report.html", context)


def _export(request: Request, article: Article) -> HttpResponse:
    last = article.reports.order_by("-number").values_list("number", flat=True).first()
    issued = reports.issue_report(actor=request.user, article=article)
    asked = {"number": issued.number}
    if issued.number == last:
        messages.success(request, _("Nothing has changed since report %(number)d: it still stands.") % asked)
    else:
        messages.success(request, _("Report %(number)d is issued: frozen, numbered, fingerprinted.") % asked)
    return redirect("report", article.pk)


@require_safe
@signed_in
def report_file(request: Request, article_id: int, number: int, kind: str) -> HttpResponse:
    """An issued report in one of its formats, to be saved."""
    article = access.article(request, article_id)
    if kind not in FORMATS:
        raise Http404
    issued = get_object_or_404(Report.objects.select_related("document"), article=article, number=number)
    if not (content := issued.content):
        return _erased(request, issued)
    try:
        rendered = FORMATS[kind].render(content)
    except (pdf.NotSet, subprocess.SubprocessError):
        return _not_made(request)
    return _attachment(content, rendered, kind)


def _attachment(content: bytes, rendered: bytes, kind: str) -> HttpResponse:
    name = f"{file_stem(document.read(content))}.{kind}"
    return HttpResponse(
        rendered,
        headers={
            "Content-Type": FORMATS[kind].MEDIA_TYPE,
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": f"{html.policy()}; {FRAMED}"
            if kind == "html"
            else f"default-src 'none'; {FRAMED}",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-cache",
        },
    )


def _erased(request: Request, issued: Report) -> HttpResponse:
    asked = {"number": issued.number, "sha256": issued.sha256}
    return errors.answer(
        request,
        410,
        _("Report %(number)d was erased") % asked,
        _("Its contents were erased; its number and its fingerprint are kept: sha256 %(sha256)s.") % asked,
        _("Export the article again for a report of today’s state."),
    )


def _not_made(request: Request) -> HttpResponse:
    return errors.answer(
        request,
        500,
        _("The pdf could not be made"),
        _("Nothing is lost: the report is issued, and its other formats hold the same."),
        _("Take the html and print it, or try the pdf again in a minute."),
    )
