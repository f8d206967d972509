"""How far articles are: claims by status, the people on them, and the last act; for a whole page in four queries."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from claims.forms.articles import language_name
from claims.models import Act, Article, Change, Claim, Evidence, Label, Membership, Report, Source, Team, User
from claims.models.articles import AT_WORK
from claims.models.ready import OneOf, ready
from claims.views.acts import Told, changes_of, sentence
from claims.views.recent import name_of
from claims.views.things import Things
from claims.workflow import Status

ROLES = ("created_by", "assigned_to", "status_by")
NAMED = 3
TITLE = 80  # characters of one that is named again


@dataclass
class Standing:
    """An article in a list of them, as `with_version` reads it."""

    article: Any
    counts: dict[str, int]
    people: list[str] = field(default_factory=list)
    last: Told | None = None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def decided(self) -> int:
        return self.counts.get(Status.DECIDED, 0)

    @property
    def over(self) -> bool:
        """Whether the work is done, so that no deadline can be missed."""
        return self.article.stage not in AT_WORK

    @property
    def is_what(self) -> str:
        """Its version, its language where it is not the page's, and its length: “version 2 · German · 972 words”."""
        tag, words = self.article.language, self.article.version_words or 0
        foreign = tag.split("-")[0] != (get_language() or "").split("-")[0]
        parts = [
            _("version %(number)s") % {"number": self.article.version_number},
            *([language_name(tag)] if foreign else []),
            ngettext("%(words)d word", "%(words)d words", words) % {"words": words},
        ]
        return " · ".join(parts)

    @property
    def what_changes(self) -> str:
        title = self.article.title
        if len(title) > TITLE:
            title = Truncator(title).chars(TITLE)
        return _("Change stage, deadline and facts of %(title)s:") % {"title": title}

    @property
    def is_how_far(self) -> str:
        return _("%(decided)d of %(total)d decided") % {"decided": self.decided, "total": self.total}

    @property
    def named(self) -> list[str]:
        """The people whom the list has room for."""
        return self.people[:NAMED] if len(self.people) > NAMED + 1 else self.people

    @property
    def unnamed(self) -> int:
        return len(self.people) - len(self.named)


def standings(team: Team, articles: Sequence[Article]) -> tuple[list[Standing], list[tuple[int, str]]]:
    """The articles with how far they are, in their order; and the team's members, as pairs of id and name."""
    counts, people = _claims(articles)
    acts = {act.stream: act for act in _last_acts([article.stream for article in articles])}
    changes = changes_of(acts.values())
    things = Together(team, (row for rows in changes.values() for row in rows), set().union(*people.values()))
    rows = []
    for article in articles:
        names = {things.users[pk].name for pk in people[article.pk] if pk in things.users}
        act = acts.get(article.stream)
        last = Told(act, name_of(act), sentence(act.verb, changes[act.act], things)) if act else None
        rows.append(Standing(article, counts[article.pk], sorted(names), last))
    return rows, things.members


def _claims(articles: Iterable[Article]) -> tuple[dict[int, dict[str, int]], dict[int, set[int]]]:
    """By article: how many claims are at each status, and who logged, was given, or moved on one."""
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    people: dict[int, set[int]] = defaultdict(set)
    for article, status, count, person in _counted([article.pk for article in articles]):
        if person is None:
            counts[article][status] = count
        else:
            people[article].add(person)
    return counts, people


@ready
def _counted(articles: Sequence[int]) -> QuerySet[Claim, Any]:
    """Rows of article, status, count and nobody; and of article, nothing, nothing and a person.

    Each role has its index with the article, in which people are found without reading or sorting their claims.
    """
    claims = Claim.objects.filter(OneOf("article_id", articles)).order_by()
    columns = ("article_id", "at", "count", "person")
    nothing, nobody = Value(0, output_field=BigIntegerField()), Value(None, output_field=BigIntegerField())
    parts = [
        claims.filter(**{f"{role}__isnull": False})
        .annotate(at=Value(""), count=nothing, person=F(f"{role}_id"))
        .values_list(*columns)
        .distinct()
        for role in ROLES
    ]
    counts = claims.values("article_id", at=F("status")).annotate(count=Count("*"), person=nobody)
    return counts.values_list(*columns).union(*parts).order_by()


@ready
def _last_acts(streams: Sequence[str]) -> QuerySet[Act]:
    return Act.objects.last_of(OneOf("stream", streams))


class Together(Things):
    """Things of all kinds, read in one query, and with them the team's members and further people."""

    def __init__(self, team: Team, changes: Iterable[Change], people: set[int]) -> None:
        super().__init__(changes)
        self.members: list[tuple[int, str]] = []
        self.ids["user"] |= people
        found: dict[str, dict[int, Any]] = {kind: {} for kind in MAKE}
        for kind, pk, number, other, text, more in _read(team.pk, *(list(self.ids[kind]) for kind in ASKED)):
            found[kind][pk] = MAKE[kind](pk, number, other, text, more)
            if kind == "users" and number:
                self.members.append((pk, text))
        self.members.sort(key=lambda member: (member[1].lower(), member[0]))
        self.__dict__.update(found)  # in the place of the cached properties that would read them


def _columns(kind: str, rows: QuerySet[Any], **columns: Any) -> QuerySet[Any, tuple[Any, ...]]:
    """Rows of kind, id, number, other id, text, and more text."""
    blank: dict[str, Any] = {
        "kind_of_thing": Value(kind),
        "thing_number": Value(0, output_field=IntegerField()),
        "thing_other": Value(0, output_field=BigIntegerField()),
        "thing_text": Value("", output_field=TextField()),
        "thing_more": Value("", output_field=TextField()),
    }
    blank |= {f"thing_{name}": value for name, value in columns.items()}
    listed: QuerySet[Any, tuple[Any, ...]] = (
        rows.order_by()
        .annotate(**blank)
        .values_list("kind_of_thing", "pk", "thing_number", "thing_other", "thing_text", "thing_more")
    )
    return listed


def _text(column: str) -> Cast:
    return Cast(F(column), TextField())


# the kinds of things whose ids are asked for
ASKED = ("user", "claim", "label", "evidence", "source", "report")
Ids = Sequence[int]


@ready
def _read(
    team: int, users: Ids, claims: Ids, labels: Ids, evidence: Ids, sources: Ids, reports: Ids
) -> QuerySet[Any, tuple[Any, ...]]:
    """All of those things, with the team's members, and the sources that the evidence leans on."""
    member = Exists(Membership.objects.filter(team=team, user=OuterRef("pk")))
    number = Cast(F("number"), IntegerField())
    people = User.objects.filter(OneOf("pk", users) | Q(member))
    parts = [
        _columns("claims", Claim.objects.filter(OneOf("pk", claims)), number=number, other=F("article_id")),
        _columns("labels", Label.objects.filter(OneOf("pk", labels)), text=_text("name"), more=_text("meaning")),
        _columns(
            "evidence",
            Evidence.objects.filter(OneOf("pk", evidence)),
            number=number,
            other=F("source_id"),
            text=_text("stance"),
        ),
        # in two parts: asked for with “or”, every source would be looked at
        _columns("sources", Source.objects.filter(OneOf("pk", sources)), text=_text("title")),
        _columns("sources", Source.objects.filter(OneOf("evidence__pk", evidence)), text=_text("title")),
        _columns("reports", Report.objects.filter(OneOf("pk", reports)), number=number, other=F("article_id")),
    ]
    members = _columns("users", people, number=Cast(member, IntegerField()), text=_text("name"))
    return members.union(*parts, all=True).order_by()


MAKE: dict[str, Any] = {
    "users": lambda pk, _number, _other, text, _more: User(pk=pk, name=text),
    "claims": lambda pk, number, other, _text, _more: Claim(pk=pk, number=number, article_id=other),
    "labels": lambda pk, _number, _other, text, more: Label(pk=pk, name=text, meaning=more),
    "evidence": lambda pk, number, other, text, _more: Evidence(pk=pk, number=number, source_id=other, stance=text),
    "sources": lambda pk, _number, _other, text, _more: Source(pk=pk, title=text),
    "reports": lambda pk, number, other, _text, _more: Report(pk=pk, number=number, article_id=other),
}
