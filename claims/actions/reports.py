"""Reports are issued: frozen, numbered, hashed."""

from django.db import transaction

from claims.actions.rows import locked, require
from claims.models import Act, Article, Report, ReportDocument, User, Version
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
    """The report of the document; None where another one took its number meanwhile, or something was erased."""
    require(article.team_id, actor, "report.issue")
    article = locked(article)
    state, last = documents.state(document), _last(article)
    if last and last.state == state and last.content:
        return last
    if document["number"] != (last.number if last else 0) + 1:
        return None
    try:
        return _frozen(actor, article, document, state)
    except _Erased:
        return None


def _frozen(actor: User, article: Article, document: Document, state: str) -> Report:
    content = documents.canonical(document)
    with act("report.issue", actor):
        # an erasure keeps other acts out until it is done: what it took since the document was built is seen from here
        if _erased_since(document):
            raise _Erased
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


class _Erased(Exception):
    """Contents were erased after the document was built: it may hold them."""


def _erased_since(document: Document) -> bool:
    return any(
        act.verb == "erase"
        for head in document["heads"]
        for act in Act.objects.in_stream(head["stream"]).filter(seq__gt=head["seq"])
    )


def _last(article: Article) -> Report | None:
    return article.reports.select_related("document").order_by("-number").first()
