"""Articles come in, and their facts change."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from claims import intake
from claims.actions.rows import changed, locked, require, save
from claims.actions.whole import action
from claims.models import Article, Team, User, Version
from claims.trail import act
from claims.workflow import Refused

FACTS = ("title", "byline", "outlet", "published_on", "language", "url", "stage", "deadline")


@action
def import_article(*, actor: User, team: Team, blocks: Sequence[tuple[str, str]], **facts: Any) -> Article:
    """Make an article and its version 1 of the kept blocks, each a pair of kind and text.

    `facts` are title, byline, outlet, published_on, language, url, deadline. Refused where no block is kept.
    """
    require(team.pk, actor, "article.import")
    text, spans = intake.version_text(blocks)
    if not text.strip():
        raise Refused(_("Keep at least one block: an article without text has nothing to check."))
    with act("article.import", actor):
        article = Article.objects.create(team=team, created_by=actor, **facts)
        Version.objects.create(
            team=team,
            article=article,
            number=1,
            text=text,
            sha256=Version.hash_of(text),
            blocks=spans,
            words=len(text.split()),
            created_by=actor,
        )
    return article


@action
def edit_article(
    *, actor: User, article: Article, reason: str = "", version: int | None = None, **facts: Any
) -> Article:
    """Change the article's facts (FACTS): stage and deadline among them; its text is never touched."""
    require(article.team_id, actor, "article.edit")
    article = locked(article, version)
    if values := changed(article, {name: facts[name] for name in FACTS if name in facts}):
        with act("article.edit", actor, reason):
            save(article, **values)
    return article
