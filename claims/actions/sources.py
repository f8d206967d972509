"""Sources of the team, and where they have it from."""

from typing import Any

from django.utils.translation import gettext as _

from claims.actions import captures, cases
from claims.actions.rows import changed, lock_team, locked, require, save
from claims.actions.whole import action
from claims.models import Article, Source, Team, User
from claims.trail import act
from claims.workflow import OriginKind, Refused

FACTS = ("title", "url", "publisher", "kind", "published_on", "origin_kind", "origin", "origin_article")


@action
def add_source(*, actor: User, team: Team, capture: bool = True, **facts: Any) -> Source:
    """Add a source to the team's. `facts` are those of FACTS; its address is captured unless `capture` says no."""
    require(team.pk, actor, "source.add")
    with act("source.add", actor):
        return create(actor=actor, team=team, capture=capture, **facts)


def create(*, actor: User, team: Team, capture: bool = True, **facts: Any) -> Source:
    """The row of a new source, within an act that is open already."""
    _check_origin(team, None, facts)
    source = Source.objects.create(team=team, created_by=actor, **facts)
    if capture:
        captures.ask_by_itself(actor=actor, source=source)
    return source


@action
def edit_source(*, actor: User, source: Source, reason: str = "", version: int | None = None, **facts: Any) -> Source:
    """Change a source's facts.

    An origin changed sends decided claims whose gate now fails to recheck, in the same act.
    """
    require(source.team_id, actor, "source.edit")
    # as decide() does: no decision is made on origins while one of them changes
    lock_team(source.team_id)
    source = locked(source, version)
    _check_origin(source.team, source, facts)
    values = changed(source, {name: facts[name] for name in FACTS if name in facts})
    if not values:
        return source
    with act("source.edit", actor, reason):
        save(source, **values)
        if {"origin_kind", "origin", "origin_article"} & values.keys():
            cases.recheck_after_origin_change(source, actor)
        if "url" in values:
            captures.ask_by_itself(actor=actor, source=source)
    return source


def _check_origin(team: Team, source: Source | None, facts: dict[str, Any]) -> None:
    """Bring the three columns of an origin together, or refuse what does not fit."""
    if "origin_kind" not in facts:
        return
    kind, origin, article = facts["origin_kind"], facts.get("origin"), facts.get("origin_article")
    facts["origin"] = origin if kind == OriginKind.SOURCE else None
    facts["origin_article"] = article if kind == OriginKind.ARTICLE else None
    if kind == OriginKind.SOURCE:
        _check_other_source(team, source, origin)
    if kind == OriginKind.ARTICLE and (not isinstance(article, Article) or article.team_id != team.pk):
        raise Refused(_("Say which article the source has it from."), field="origin")


def _check_other_source(team: Team, source: Source | None, origin: Source | None) -> None:
    if origin is None or origin.team_id != team.pk:
        raise Refused(_("Say which source it has it from."), field="origin")
    seen = {source.pk} if source else set()
    step: Source | None = origin
    while step is not None:
        if step.pk in seen:
            raise Refused(
                _("That would make a circle: the two sources would each be the other’s origin."), field="origin"
            )
        seen.add(step.pk)
        step = step.origin
