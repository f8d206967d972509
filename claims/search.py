"""Search by words: in articles, claims, sources and captures; the functions and indexes are search.sql's.

A word finds what begins with it; “…” a phrase, - leaves out, OR widens. An article is left out for its title or text.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import BigIntegerField, BooleanField, F, Func, Q, Value
from django.db.models.lookups import In

from claims.models import Article, Source, Team
from claims.models.articles import ArticleQuerySet
from claims.models.captures import Capture, CaptureQuerySet
from claims.models.sources import SourceQuerySet

COUNTED = 1_000  # what is found is counted no further
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

    def __init__(self, function: str, team: int, query: str, *more: object, **extra: Any) -> None:
        terms = SearchQuery(query, config="simple", search_type="raw")
        super().__init__(Value(team), terms, *map(Value, more), function=function, **extra)


class Held(Func):
    """That one is among those found: asked of each row that the list goes over, in its order, until there are enough.

    Where it says no more than IN, the planner starts from what is found, of which it cannot know how much it is, and
    looks for the rows one by one.
    """

    template = "(%(expressions)s) IS TRUE"
    output_field = BooleanField()


@dataclass
class Asked:
    """What is looked for together: terms of to_tsquery that are to be there, and that are not; phrases as they are."""

    terms: list[str] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)

    @property
    def query(self) -> str:
        return " & ".join(self.terms)

    @property
    def whole(self) -> str:
        return " & ".join([*self.terms, *("!" + term for term in self.without)])


def parsed(words: str) -> list[Asked]:
    """What the words ask for, one or the other; without any of it where they ask for nothing that could be found."""
    groups = [Asked()]
    for minus, phrase, word in TOKEN.findall(words)[:MOST_WORDS]:
        if word == "OR" and not minus:
            groups.append(Asked())
        elif minus and (phrase.strip() or word):
            groups[-1].without.append(_term(phrase or word))
        elif phrase.strip():
            groups[-1].terms.append(_term(phrase))
            groups[-1].phrases.append(phrase)
        elif word:
            groups[-1].terms.append(_term(word) + (":*" if len(word) >= BEGINNING else ""))
    # leaving out alone would list nearly everything
    return [group for group in groups if group.terms]


def _term(text: str) -> str:
    """A term of to_tsquery, in words_of's letters, and quoted, so that none of its signs is read as an operator."""
    return f"'{unicodedata.normalize('NFKC', text).translate(SIGNS)}'"


def articles(team: Team, words: str) -> ArticleQuerySet:
    """The team's articles with the words in the title, in the text, or in one claim's statement (see search.sql)."""
    where = Q(pk__in=[])
    for asked in parsed(words):
        found = Q(Held(In(F("pk"), Found("search_articles", team.pk, asked.query, asked.phrases))))
        if asked.without:
            found &= ~Q(pk__in=Found("articles_holding", team.pk, " | ".join(asked.without)))
        where |= found
    return Article.objects.of(team).filter(where)


def sources(team: Team, words: str, kind: str = "", origin: str = "") -> SourceQuerySet:
    """The team's newest sources, COUNTED at most, with the words in title, publisher or address.

    `kind` and `origin` narrow them, where they are not empty.
    """
    groups = parsed(words)
    # one of several may stand without its phrase
    phrases = groups[0].phrases if len(groups) == 1 else []
    query = " | ".join(f"({asked.whole})" for asked in groups)
    if not query:
        return Source.objects.none()
    found = Found("search_sources", team.pk, query, phrases, kind, origin, COUNTED)
    return Source.objects.of(team).filter(pk__in=found)


def captures(team: Team, words: str) -> CaptureQuerySet:
    """The team's newest captures, COUNTED at most, with the words in one part of their text."""
    query = " | ".join(f"({asked.whole})" for asked in parsed(words))
    if not query:
        return Capture.objects.none()
    return Capture.objects.of(team).filter(pk__in=Found("search_captures", team.pk, query, COUNTED))
