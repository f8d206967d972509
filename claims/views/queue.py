"""The queue: what waits for one person, oldest first, each with its next step."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import dateformat
from django.utils import timezone as clock
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_safe

from claims import roles
from claims.models import Article, Claim, Decision, Label, Team, Wait, Waiting
from claims.models.queue import claims_for_queue, oldest, waits_of
from claims.templatetags.galley import age
from claims.views import access
from claims.views.access import Request, signed_in
from claims.views.context import MOST
from claims.workflow import Risk

SHOWN = 12  # of each kind on the first page
PAGE = 25  # of one kind alone
LAST_PAGE = 40  # what waits goes from the front, so nobody needs to look further back than a thousand

HEADINGS: dict[Wait, Promise] = {
    Wait.SENT_BACK: gettext_lazy("Sent back"),
    Wait.RECHECK: gettext_lazy("Recheck"),
    Wait.TO_REVIEW: gettext_lazy("To review"),
    Wait.TO_CHECK: gettext_lazy("To check"),
}
NEXT: dict[Wait, Promise] = {
    Wait.SENT_BACK: gettext_lazy("Answer"),
    Wait.RECHECK: gettext_lazy("Recheck"),
    Wait.TO_REVIEW: gettext_lazy("Review"),
    Wait.TO_CHECK: gettext_lazy("Check"),
}
SMALL: tuple[Promise, ...] = (
    gettext_lazy("no"), gettext_lazy("one"), gettext_lazy("two"), gettext_lazy("three"), gettext_lazy("four"),
    gettext_lazy("five"), gettext_lazy("six"), gettext_lazy("seven"), gettext_lazy("eight"), gettext_lazy("nine"),
    gettext_lazy("ten"), gettext_lazy("eleven"), gettext_lazy("twelve"),
)  # fmt: skip


def in_words(count: int) -> str:
    """A count as it stands in a sentence: a word up to twelve, figures up to MOST, then “more than 99”."""
    if count > MOST:
        return _("more than %(count)d") % {"count": MOST}
    return str(SMALL[count]) if count < len(SMALL) else str(count)


@dataclass
class Job:
    """A claim of the queue with its next step."""

    kind: Wait
    claim: Claim
    person: int

    @property
    def yours(self) -> bool:
        """Whether it waits for the person alone, and not for whoever takes it."""
        return self.claim.assigned_to_id == self.person

    @property
    def action(self) -> Promise:
        return NEXT[self.kind]

    @property
    def url(self) -> str:
        """The desk with the claim open, and its verdict where that is what waits."""
        desk = reverse("desk", args=[self.claim.article_id])
        return f"{desk}?claim={self.claim.number}" + ("&verdict=1" if self.kind == Wait.TO_REVIEW else "")

    @property
    def label(self) -> Label | None:
        """What was proposed, or what was decided."""
        return self.claim.proposal.label if self.claim.proposal else self.claim.verdict

    @property
    def high_risk(self) -> bool:
        return self.claim.risk == Risk.HIGH

    @property
    def waited(self) -> str:
        """How long it has waited: “2 days”."""
        brief = clock.now() - self.claim.status_since < datetime.timedelta(minutes=1)
        return _("just now") if brief else age(self.claim.status_since)

    @property
    def since(self) -> str:
        """“17:26” of today, “Mon, 11:05” of this week, “9 Sep” before that."""
        local = clock.localtime(self.claim.status_since)
        days = (clock.localdate() - local.date()).days
        if days == 0:
            return dateformat.format(local, "H:i")
        return dateformat.format(local, pgettext("a day of this week", "D, H:i") if days < 7 else "j M Y")


@dataclass
class Section:
    """One kind of waiting: all that is known of it, and the jobs that the page shows."""

    kind: Wait
    waiting: Sequence[Waiting]
    jobs: list[Job]

    @property
    def heading(self) -> Promise:
        return HEADINGS[self.kind]

    @property
    def count(self) -> int:
        return len(self.waiting)

    @property
    def more(self) -> str:
        """How many the page does not show, in words; empty where it shows all."""
        rest = self.count - len(self.jobs)
        if rest <= 0:
            return ""
        if self.count > MOST:
            return _("and more than %(count)d others") % {"count": MOST - len(self.jobs)}
        return ngettext("and %(count)d more", "and %(count)d more", rest) % {"count": rest}

    @property
    def says(self) -> str:
        """How many there are and what they are, in a sentence or two."""
        if self.count > MOST:
            claims = _("More than %(count)d claims") % {"count": MOST}
        else:
            claims = ngettext("%(count)d claim", "%(count)d claims", self.count) % {"count": self.count}
        return str(SAYS[self.kind]) % {"claims": claims}


SAYS: dict[Wait, Promise] = {
    Wait.SENT_BACK: gettext_lazy("%(claims)s. Somebody needs an answer before it can go on."),
    Wait.RECHECK: gettext_lazy("%(claims)s. What it rested on has changed since it was decided."),
    Wait.TO_REVIEW: gettext_lazy("%(claims)s that others have proposed."),
    Wait.TO_CHECK: gettext_lazy("%(claims)s, yours or nobody’s yet."),
}


@signed_in
@require_safe
def queue(request: Request) -> HttpResponse:
    """Everything that waits for the person; one kind alone, page by page, with ?kind=."""
    team = access.team(request)
    role = access.role(request, team.pk) or ""
    waits = waits_of(role)
    kind = request.GET.get("kind", "")
    if kind in waits:
        return one_kind(request, team, Wait(kind))
    found = oldest(request.user, team, waits, MOST + 1)
    parts = {kind: (rows, rows[:SHOWN]) for kind, rows in found.items() if rows}
    if not parts:
        return render(request, "queue/empty.html", what_else(team, role))
    says = head([row for rows in found.values() for row in rows])
    return render(request, "queue/queue.html", {"sections": with_jobs(request, team, parts), "says": says})


def one_kind(request: Request, team: Team, kind: Wait) -> HttpResponse:
    """A page of one section."""
    number = min(access.positive(request.GET.get("page")) or 1, LAST_PAGE)
    end = number * PAGE
    found = oldest(request.user, team, [kind], max(end, MOST) + 1)[kind]
    sections = with_jobs(request, team, {kind: (found[: MOST + 1], found[end - PAGE : end])})
    page = {"number": number, "before": number - 1, "after": number + 1 if len(found) > end else 0}
    return render(request, "queue/kind.html", {"section": sections[0], "page": page, "last_page": LAST_PAGE})


def with_jobs(
    request: Request, team: Team, kinds: Mapping[Wait, tuple[Sequence[Waiting], Sequence[Waiting]]]
) -> list[Section]:
    """The sections, of what waits and what of it is shown; the claims of all of them in one query."""
    shown = [row.pk for _all, rows in kinds.values() for row in rows]
    claims = {claim.pk: claim for claim in claims_for_queue(team.pk, shown)}
    return [
        Section(kind, rows, [Job(kind, claims[row.pk], request.user.pk) for row in part if row.pk in claims])
        for kind, (rows, part) in kinds.items()
    ]


def head(waiting: Sequence[Waiting]) -> str:
    """“Seven claims wait for you, oldest first. Four of them fall due within a day.”"""
    count = min(len(waiting), MOST + 1)
    said = ngettext("%(count)s claim waits for you.", "%(count)s claims wait for you, oldest first.", count)
    sentences = [said % {"count": in_words(count)}]
    now = clock.now()
    late = sum(row.deadline is not None and row.deadline < now for row in waiting)
    soon = sum(row.deadline is not None and now <= row.deadline <= now + datetime.timedelta(days=1) for row in waiting)
    if late and count <= MOST:
        said = ngettext("%(count)s is past its deadline.", "%(count)s are past their deadline.", late)
        sentences.append(said % {"count": in_words(late)})
    if soon and count <= MOST:
        said = ngettext("%(count)s falls due within a day.", "%(count)s fall due within a day.", soon)
        sentences.append(said % {"count": in_words(soon)})
    return " ".join(sentence[:1].upper() + sentence[1:] for sentence in sentences)


def what_else(team: Team, role: str) -> dict[str, object]:
    """What an empty queue can point to: the last decision, an article without claims, who imports."""
    articles = Article.objects.of(team)
    return {
        "checks": roles.allows(role, "claim.propose"),
        "import_refused": roles.refusal(role, "article.import"),
        "any_article": articles.exists(),
        "unread": articles.at_work().without_claims().nearest_deadline_first().first(),
        "last_decided": Decision.objects.filter(team=team).order_by("-pk").first(),
    }
