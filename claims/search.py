"""Search by words: in articles' titles, texts and claims, and in sources; the functions and indexes are search.sql's.

A word finds what begins with it; “…” a phrase, - leaves out, OR widens.
"""

import re
import unicodedata
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import BigIntegerField, Func, Value

from claims.models import Article, Source, Team
from claims.models.articles import ArticleQuerySet
from claims.models.sources import SourceQuerySet

COUNTED = 2_000  # what is found is counted no further
MOST_WORDS = 12
# a shorter beginning stands for too many words
BEGINNING = 2
TOKEN = re.compile(r'(-?)(?:"([^"]*)"?|(\S+))')
# what words_of of search.sql takes for blanks; and the quote doubled, which ends a term of to_tsquery
SIGNS = str.maketrans(dict.fromkeys("<>&/\\", " ") | {"'": "''"})


class Found(Func):
    """The ids that a function of search.sql finds, as a subquery."""

    template = "(SELECT %(function)s(%(expressions)s))"
    output_field = BigIntegerField()
    subquery = True

    def __init__(self, function: str, team: int, query: SearchQuery, *more: str | int, **extra: Any) -> None:
        super().__init__(Value(team), query, *map(Value, more), function=function, **extra)


def parsed(words: str) -> SearchQuery | None:
    """The query that the words ask for; None where they ask for nothing that could be found."""
    groups: list[list[str]] = [[]]
    for minus, phrase, word in TOKEN.findall(words)[:MOST_WORDS]:
        if word == "OR" and not minus:
            groups.append([])
        elif phrase.strip() or word:
            groups[-1].append("!" + _lexeme(phrase, word) if minus else _lexeme(phrase, word, begins=True))
    # leaving out alone would list nearly everything
    asked = [" & ".join(group) for group in groups if any(not term.startswith("!") for term in group)]
    if not asked:
        return None
    return SearchQuery(" | ".join(f"({group})" for group in asked), config="simple", search_type="raw")


def _lexeme(phrase: str, word: str, *, begins: bool = False) -> str:
    """A term of to_tsquery, in words_of's letters, and quoted, so that none of its signs is read as an operator."""
    text = unicodedata.normalize("NFKC", phrase or word).translate(SIGNS)
    return f"'{text}'" + (":*" if begins and len(word) >= BEGINNING else "")


def articles(team: Team, words: str) -> ArticleQuerySet:
    """The team's articles with the words in the title, in the text, or in one claim's statement (see search.sql)."""
    query = parsed(words)
    if query is None:
        return Article.objects.none()
    return Article.objects.of(team).filter(pk__in=Found("search_articles", team.pk, query))


def sources(team: Team, words: str, kind: str = "", origin: str = "") -> SourceQuerySet:
    """The team's newest sources, COUNTED at most, with the words in title, publisher or address.

    `kind` and `origin` narrow them, where they are not empty.
    """
    query = parsed(words)
    if query is None:
        return Source.objects.none()
    return Source.objects.of(team).filter(pk__in=Found("search_sources", team.pk, query, kind, origin, COUNTED))
