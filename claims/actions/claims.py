"""Claims are logged, edited, and given their places in the text."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from claims import anchors
from claims.actions import cases
from claims.actions.rows import changed, locked, require, role_in, save
from claims.actions.whole import action
from claims.anchors import Span
from claims.models import Anchor, Article, Claim, User, Version
from claims.trail import act
from claims.workflow import Refused, Status

FACTS = ("statement", "kind", "said_by", "reported_by", "risk", "assigned_to")
RECHECKED = {"statement", "risk"}


@action
def log_claim(*, actor: User, article: Article, places: Sequence[Span], statement: str, **facts: Any) -> Claim:
    """Log a claim that stands at `places` of the article's latest version; its number is the next, for good.

    `facts` are those of FACTS. Without a statement of its own the claim states its quote.
    """
    require(article.team_id, actor, "claim.log")
    # the article's lock makes numbers follow one another
    article = locked(article)
    version = article.latest_version()
    _check_places(places)
    _check_assignee(article.team_id, facts.get("assigned_to"))
    taken = article.claims.aggregate(last=Max("number"))["last"] or 0
    with act("claim.log", actor):
        claim = Claim.objects.create(
            team_id=article.team_id,
            article=article,
            number=taken + 1,
            statement=statement if statement.strip() else version.text[places[0].start : places[0].end],
            status_by=actor,
            created_by=actor,
            **facts,
        )
        Anchor.objects.bulk_create(_anchor(claim, version, place) for place in places)
    return claim


@action
def edit_claim(*, actor: User, claim: Claim, reason: str = "", version: int | None = None, **facts: Any) -> Claim:
    """Change a claim's facts. On a decided one a new statement or risk means recheck, in the same act."""
    require(claim.team_id, actor, "claim.edit")
    claim = _locked_and_alive(claim, version)
    values = changed(claim, {name: facts[name] for name in FACTS if name in facts})
    if "statement" in values and not values["statement"].strip():
        raise Refused(_("A claim needs a statement: the one thing that can be true or false."), field="statement")
    if "assigned_to" in values:
        _check_assignee(claim.team_id, values["assigned_to"])
    if values:
        with act("claim.edit", actor, reason):
            if RECHECKED & values.keys():
                why = _("Its statement or risk was changed after the decision.")
                cases.disturb(claim, actor, why, **values)
            else:
                save(claim, **values)
    return claim


@action
def stand_also(*, actor: User, claim: Claim, place: Span, version: int | None = None) -> Claim:
    """Add another place of the same claim: one fact, logged once. A decided claim goes to recheck."""
    require(claim.team_id, actor, "claim.anchor")
    claim = _locked_and_alive(claim, version)
    text = claim.article.latest_version()
    if claim.anchors.filter(version=text, start=place.start, end=place.end).exists():
        raise Refused(_("The claim stands there already."), field="quote")
    with act("claim.anchor", actor):
        _anchor(claim, text, place).save()
        cases.disturb(claim, actor, _("A place was added after the decision."))
    return claim


@action
def leave_place(*, actor: User, anchor: Anchor, reason: str = "", version: int | None = None) -> Claim:
    """Take a place from a claim, which keeps at least one. A decided claim goes to recheck."""
    require(anchor.team_id, actor, "claim.anchor")
    claim = _locked_and_alive(anchor.claim, version)
    if not claim.anchors.filter(pk=anchor.pk).exists():
        raise Refused(_("Somebody took this place away already. Nothing else was changed."))
    if claim.anchors.filter(version=anchor.version_id).count() < 2:
        raise Refused(_("A claim stands somewhere: this is its only place. Withdraw the claim instead."))
    with act("claim.unanchor", actor, reason):
        anchor.delete()
        cases.disturb(claim, actor, _("A place was taken away after the decision."))
    return claim


def _locked_and_alive(claim: Claim, version: int | None) -> Claim:
    claim = locked(claim, version)
    if claim.status == Status.WITHDRAWN:
        raise Refused(_("The claim is withdrawn. Restore it first."))
    return claim


def _check_places(places: Sequence[Span]) -> None:
    if not places:
        raise Refused(_("Say where in the text the claim stands."), field="quote")


def _check_assignee(team_id: int, assignee: User | None) -> None:
    if assignee is not None and role_in(team_id, assignee) is None:
        raise Refused(_("Only a member of the team can be given a claim."), field="assigned_to")


def _anchor(claim: Claim, version: Version, place: Span) -> Anchor:
    try:
        words = anchors.select(version.text, place.start, place.end)
    except ValueError as error:
        raise Refused(_("There are no such words in the text."), field="quote") from error
    return Anchor(
        team_id=claim.team_id,
        article_id=claim.article_id,
        claim=claim,
        version=version,
        exact=words.exact,
        prefix=words.prefix,
        suffix=words.suffix,
        start=words.start,
        end=words.end,
    )
