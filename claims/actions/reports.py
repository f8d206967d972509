"""Reports are issued: frozen, numbered, hashed."""

from django.db import transaction

from claims.actions.rows import locked, require
from claims.models import Article, Report, ReportDocument, User, Version
from claims.reports import document as documents
from claims.reports.build import build
from claims.trail import act


@transaction.atomic
def issue_report(*, actor: User, article: Article) -> Report:
    """Freeze today's state of the article as its next report; where nothing changed since the last one, give that.

    Two at once follow one another on the article's lock: the second finds nothing changed.
    """
    require(article.team_id, actor, "report.issue")
    article = locked(article)
    document = build(article)
    state = documents.state(document)
    if (last := _last(article)) and last.state == state and last.content:
        return last
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
