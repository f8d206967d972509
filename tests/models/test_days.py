"""Days and moments that no page could show are refused by the columns themselves."""

import datetime
from contextlib import nullcontext

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from claims.actions import articles, sources
from claims.models import Article, Source, Team, User
from claims.models.days import Day, Moment
from claims.trail import act

pytestmark = pytest.mark.django_db

COLUMNS = [
    (model._meta.db_table, field.column)
    for model in apps.get_app_config("claims").get_models()
    if model._meta.managed
    for field in model._meta.concrete_fields
    if isinstance(field, models.DateField)
]
UNSAYABLE = ("infinity", "-infinity", "0001-01-01 BC", "10000-01-01")


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=[".".join(names) for names in COLUMNS])
def test_what_python_cannot_say_is_refused_whoever_writes(table: str, column: str) -> None:
    """By the condition on the column, asked of each value by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format_type(a.atttypid, a.atttypmod), pg_get_expr(c.conbin, c.conrelid) FROM pg_attribute a"
            " JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.conname = %s AND c.convalidated"
            " WHERE a.attrelid = %s::regclass AND a.attname = %s",
            [f"{table}_{column}_check", table, column],
        )
        ((kind, condition),) = cursor.fetchall()
        said = f"SELECT value, value::{kind} AS {column} FROM unnest(%s::text[]) AS value"
        asked = f"SELECT value, {condition} FROM ({said}) v"
        cursor.execute(asked, [["2026-11-28", *UNSAYABLE]])
        assert dict(cursor.fetchall()) == {"2026-11-28": True} | dict.fromkeys(UNSAYABLE, False)


@pytest.mark.parametrize("day", [datetime.date.min, datetime.date.max])
def test_the_first_and_the_last_day_are_kept(team: Team, checker: User, article: Article, day: datetime.date) -> None:
    source = sources.add_source(actor=checker, team=team, title="Chronicle", published_on=day)
    articles.edit_article(actor=checker, article=article, published_on=day)
    assert Source.objects.get(pk=source.pk).published_on == Article.objects.get().published_on == day


@pytest.mark.parametrize(("year", "kept"), [(1, False), (2, True), (9998, True), (9999, False)])
def test_a_moment_is_one_in_each_time_zone(checker: User, article: Article, year: int, kept: bool) -> None:
    moment = datetime.datetime(year, 12 if year > 2 else 1, 31 if year > 2 else 1, tzinfo=datetime.UTC)
    with nullcontext() if kept else pytest.raises(IntegrityError), transaction.atomic(), act("article.edit", checker):
        Article.objects.update(deadline=moment)
    assert (Article.objects.get().deadline == moment) is kept


def test_there_is_no_other_field_for_days() -> None:
    """What a page reads of PostgreSQL's own kinds is held by Day and Moment alone."""
    fields = [field for model in apps.get_app_config("claims").get_models() for field in model._meta.concrete_fields]
    days = [field for field in fields if isinstance(field, models.DateField)]
    assert len(days) >= 25
    assert [str(field) for field in days if not isinstance(field, Day | Moment)] == []
