"""Articles: the list of them, how one comes in, and its facts."""

import datetime
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone as clock
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from claims import roles, search
from claims.actions import articles as actions
from claims.forms.articles import ArticleFilters, EditArticle
from claims.models import Article, Team
from claims.models.articles import ArticleQuerySet
from claims.search import COUNTED
from claims.views import access, listed
from claims.views.access import Request, signed_in
from claims.views.progress import standings
from claims.views.theirs import theirs
from claims.views.writing import Writing

PAGE = 25


class Pages(Paginator):  # type: ignore[type-arg]
    """Pages of `rows`, in their order; a page is found by ids alone and then read as `whole`, a query without filters.

    So what rows carry costs nothing for those of the pages before. What is `searched` for is looked for once, and no
    further than COUNTED; `at_once` are the ids of what would have to be looked through whole to be counted.
    """

    def __init__(
        self,
        rows: QuerySet[Any],
        per_page: int,
        whole: QuerySet[Any],
        *,
        searched: bool = False,
        at_once: bool = False,
    ) -> None:
        super().__init__(rows, per_page)
        self.rows, self.whole, self.searched, self.at_once = rows, whole, searched, searched or at_once

    @cached_property
    def count(self) -> int:
        return len(self.found) if self.at_once else self.rows.order_by().values("pk").count()

    @cached_property
    def found(self) -> list[int]:
        """The ids of what is looked for once."""
        ids = self.rows.values_list("pk", flat=True)
        return list(ids[:COUNTED] if self.searched else ids)

    def page(self, number: int | str) -> Page[Any]:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        ids: Any = self.found[first : first + self.per_page] if self.at_once else self._ids(first)
        return Page(self.whole.filter(pk__in=ids), number, self)

    def _ids(self, first: int) -> Any:
        """The ids of a page, counted from the nearer end; in any order."""
        last = min(first + self.per_page, self.count)
        rows = self.rows.values("pk")
        return rows[first:last] if first <= self.count // 2 else rows.reverse()[self.count - last : self.count - first]

    @property
    def noun_ends(self) -> str:
        """What follows the count and its noun where there may be more."""
        return _(" or more") if self.searched and self.count >= COUNTED else ""


@signed_in
@require_safe
def articles(request: Request) -> HttpResponse:
    """The team's articles, as far as the filters of the address let them through."""
    team = access.team(request, "article.read")
    form = ArticleFilters(request.GET)
    found = Article.objects.none() if form.errors.get("q") else filtered(team, form)
    by_act = request.GET.get("sort") == "act"
    whole = in_order(Article.objects.with_version(), by_act=by_act)
    searched, at_once = bool(form.chosen("q")), bool(form.chosen("person"))
    pages = Pages(in_order(found, by_act=by_act), PAGE, whole, searched=searched, at_once=at_once)
    page: Page[Article] = pages.get_page(request.GET.get("page"))
    rows, members = standings(team, list(page))
    form.offer(members)
    refused = roles.refusal(access.role(request, team.pk), "article.import")
    context = {
        "rows": listed.lines(rows, may_edit=access.may(request, team.pk, "article.edit")),
        "columns": listed.columns(),
        "page": page,
        "form": form,
        "by_act": by_act,
        "order": order(request, by_act=by_act),
        "import_refused": refused,
    }
    if not rows:
        context |= nothing(team, form)
    return render(request, "articles/articles.html", context)


def in_order(listed: ArticleQuerySet, *, by_act: bool) -> ArticleQuerySet:
    return listed.last_act_first() if by_act else listed.nearest_deadline_first()


def order(request: Request, *, by_act: bool) -> SafeString:
    """The order of the list, beside a link to the other."""
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("sort", None)
    if not by_act:
        query["sort"] = "act"
    link, nearest, last = "?" + query.urlencode(), _("nearest deadline first"), _("last act first")
    if by_act:
        return format_html('<a href="{}">{}</a> · {}', link, nearest, last)
    return format_html('{} · <a href="{}">{}</a>', nearest, link, last)


def filtered(team: Team, form: ArticleFilters, *without: str) -> ArticleQuerySet:
    """The articles that the filters let through, but for the filters named in `without`."""
    set_to = {name: form.chosen(name) for name in form.fields if name not in without}
    found = search.articles(team, set_to["q"]) if set_to.get("q") else Article.objects.of(team)
    if set_to.get("stage"):
        found = found.filter(stage=set_to["stage"])
    if set_to.get("person"):
        found = found.of_person(set_to["person"])
    return by_deadline(found, set_to.get("due", ""))


def by_deadline(found: ArticleQuerySet, due: str) -> ArticleQuerySet:
    """Those due within a time that the filter names; days and weeks are those of the team's zone."""
    today = clock.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    monday = today - datetime.timedelta(days=today.weekday())
    match due:
        case "past":
            return found.at_work().due(None, clock.now())
        case "today":
            return found.due(today, today + datetime.timedelta(days=1))
        case "week":
            return found.due(monday, monday + datetime.timedelta(days=7))
        case "none":
            return found.filter(deadline=None)
    return found


def nothing(team: Team, form: ArticleFilters) -> dict[str, Any]:
    """What an empty list says: no article yet, or what was looked for and what lies beside it."""
    said = {name: form.chosen(name) for name in form.fields}
    if not any(said.values()) and not form.errors:
        return {"none_yet": True}
    asked = [_("“%(words)s”") % {"words": said["q"]}] if said["q"] else []
    if said["stage"]:
        asked.append(_("stage %(stage)s") % {"stage": Article.Stage(said["stage"]).label})
    if said["due"]:
        asked.append(_("deadline: %(due)s") % {"due": str(dict(form.DUE)[said["due"]]).lower()})
    if said["person"]:
        asked.append(_("that person"))
    wider = filtered(team, form, "stage", "person", "due")[:COUNTED].count() if said["q"] and len(asked) > 1 else 0
    return {"asked": ", ".join(asked), "wider": wider, "words": said["q"], "all": Article.objects.of(team).count()}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def edit_article(request: Request, article_id: int) -> HttpResponse:
    """The article's facts, its stage and deadline among them."""
    article = access.article(request, article_id, "article.edit")
    writing = Writing(request)
    form = EditArticle(writing.data, article=article)
    if writing.sent and form.is_valid():
        facts, reason = form.facts, form.cleaned_data["reason"]
        saved = writing.once(
            form,
            lambda version: actions.edit_article(
                actor=request.user, article=article, version=version or 0, reason=reason, **facts
            ),
        )
        if saved:
            messages.success(request, _("Saved."))
            return redirect("desk", article_id)
    context = {"article": article, "form": form, "writing": writing, "theirs": []}
    if writing.stale:
        article = context["article"] = writing.stale.row
        context["theirs"] = theirs(EditArticle(article=article), form)
    return render(request, "articles/edit.html", context, status=writing.status)
