"""Articles come in and their facts change."""

import hashlib

import pytest

from claims.actions import Stale, articles
from claims.models import Article, Team, User, Version
from claims.roles import NotAllowed
from claims.workflow import Refused
from tests.people import TEXT

pytestmark = pytest.mark.django_db


def test_a_version_is_its_kept_blocks_joined_by_one_line_feed(article: Article) -> None:
    version = article.latest_version()
    assert version.text == "\n".join(text for _kind, text in TEXT)
    assert version.sha256 == hashlib.sha256(version.text.encode()).hexdigest()
    assert [(block.kind, version.text[block.start : block.end]) for block in version.pieces] == list(TEXT)


def test_an_article_without_a_kept_block_is_refused(team: Team, checker: User) -> None:
    with pytest.raises(Refused, match="at least one block"):
        articles.import_article(actor=checker, team=team, blocks=[], title="Empty")
    assert not Article.objects.exists()


def test_stage_and_deadline_change_and_the_text_does_not(article: Article, checker: User) -> None:
    articles.edit_article(actor=checker, article=article, stage="ready", version=1)
    article.refresh_from_db()
    assert (article.stage, article.row_version, Version.objects.count()) == ("ready", 2, 1)
    with pytest.raises(Stale):
        articles.edit_article(actor=checker, article=article, stage="closed", version=1)


def test_viewers_import_and_edit_nothing(team: Team, article: Article, viewer: User) -> None:
    with pytest.raises(NotAllowed):
        articles.import_article(actor=viewer, team=team, blocks=TEXT, title="x")
    with pytest.raises(NotAllowed):
        articles.edit_article(actor=viewer, article=article, stage="closed")
