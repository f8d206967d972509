"""What a write changed on the desk around the Claim region, for answers to htmx."""

from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from claims.models import Act, Article, Change
from claims.models.ready import ready
from claims.views import access, proof
from claims.views.access import Request
from claims.views.proof import Proof

SEEN = "Galley-Seen"  # the header with the number of the last act that the page shows
LAST_ACTS = 12  # as far back as an answer looks for what changed in the text, for a page that does not say
MOST_ACTS = 60  # for one that does


def sheet_to_change(request: Request, article: Article) -> Proof | None:
    """The proof as it is now, where the answer goes to the article's desk."""
    if not request.htmx or shown_at(request) not in addresses(article):
        return None
    return proof.read(access.version(request, article.pk))


def changes(request: Request, sheet: Proof | None) -> SafeString:
    """What acts changed on the desk since it was set, around the Claim region: fragments for an answer to htmx.

    Blocks that acts did not touch are left alone. Empty where there is no `sheet` to change.
    """
    if sheet is None:
        return SafeString("")
    version: Any = sheet.version
    article = version.article
    seen = access.positive(request.headers.get(SEEN)) or max(0, (version.seen or 0) - LAST_ACTS)
    context = {"proof": sheet, "blocks": sheet.blocks(_touched(article, sheet, seen)), "article": article}
    return render_to_string("desk/changes.html", context, request)


def shown_at(request: Request) -> str:
    """The path of the page that an htmx request was made from; empty where that is no address."""
    try:
        return urlsplit(request.htmx.current_url or "").path
    except ValueError:
        return ""


def addresses(article: Article) -> set[str]:
    """The paths at which the desk stands."""
    return {reverse("desk", args=[article.pk]), reverse("log_claim", args=[article.pk])}


def _touched(article: Article, sheet: Proof, seen: int) -> set[int]:
    """The blocks in which claims stand, or stood, that the acts after `seen` changed."""
    touched, left = set(), []
    for change in _last_changes(article.stream, seen):
        touched.add(change.claim)
        if change.relation == "claims_anchor" and change.said and not change.said.after:
            left.append((change.said.before["start"], change.said.before["end"]))
    numbers = {row.number for row in sheet.rows if row.pk in touched}
    stood = [(them.start, them.end) for them in sheet.stood if them.claim in numbers]
    return sheet.blocks_of([*stood, *left])


@ready
def _last_changes(stream: str, seen: int) -> QuerySet[Change]:
    last = Act.objects.in_stream(stream).filter(seq__gt=seen).newest_first().values("act")[:MOST_ACTS]
    return Change.objects.filter(act__in=last, stream=stream, claim__isnull=False)
