"""Reports are issued: frozen, numbered, hashed."""

from django.db import transaction

from claims.actions.rows import locked, require
from claims.models import Article, Report, ReportDocument, User, Version
from claims.reports import document as documents
from claims.reports.build import build
from claims.reports.document import Document
from claims.trail import act
from claims.trail.verify import one_moment


def issue_report(*, actor: User, article: Article) -> Report:
    """Freeze the article's state of one moment as its next report; where nothing changed since the last one, give that.

    Who decides or attaches meanwhile is not held up. Two at once follow one another on the article's lock: the second
    finds nothing changed, or reads a newer moment.
    """
    require(article.team_id, actor, "report.issue")
    while True:
        with one_moment():
            document = build(article)
        if issued := _issue(actor, article, document):
            return issued


@transaction.atomic
def _issue(actor: User, article: Article, document: Document) -> Report | None:
    """The report of the document; None where another one took its number meanwhile."""
    require(article.team_id, actor, "report.issue")
    article = locked(article)
    state, last = documents.state(document), _last(article)
    if last and last.state == state and last.content:
        return last
    if document["number"] != (last.number if last else 0) + 1:
        return None
    content = documents.canonical(document)
    with act("report.issue", actor):
        report = Report.objects.create(
            team_id=article.team_id,
            article=article,
            version=Version.objects.get(article=article, number=document["version"]["number"]),
            number=document["number"],
            sha256=documents.sha256(content),
            state=state,
            size=len(content),
            issued_by=actor,
        )
        ReportDocument.objects.create(report=report, content=content)
    return report


def _last(article: Article) -> Report | None:
    return article.reports.select_related("document").order_by("-number").first()
