"""Random programs of acts: what a step does is drawn, whom it concerns is chosen among what there is by then."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from claims.actions import accounts, articles, claims, evidence, reports, sources, teams, verdicts
from claims.anchors import Span
from claims.models import (
    Anchor,
    Article,
    Claim,
    Evidence,
    Invitation,
    Label,
    Membership,
    Source,
    Team,
    User,
)
from claims.roles import Role
from claims.workflow import Meaning, Risk, Stance
from tests.people import TEXT, log, member, person, support, verdict


@dataclass(frozen=True)
class Step:
    """One act that somebody tries: its kind, who, and numbers and texts that its parts are chosen by."""

    kind: str
    who: int
    which: int
    other: int
    meaning: str
    stance: str
    text: str
    more: str
    version: str


@dataclass
class Newsroom:
    """Two teams, people of all roles, and somebody who is in neither."""

    people: list[User] = field(default_factory=list)
    teams: list[Team] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)

    @classmethod
    def made(cls) -> "Newsroom":
        room = cls()
        for number, name in enumerate(("ledger", "post")):
            boss = person(f"boss{number}@{name}.example", f"Boss {number}")
            team = teams.create_team(name=name, slug=name, admin=boss)
            room.teams.append(team)
            room.people.append(boss)
            for role in (Role.VIEWER, Role.CHECKER, Role.REVIEWER, Role.REVIEWER)[: 4 - 2 * number]:
                email = f"{role}{len(room.people)}@{name}.example"
                room.people.append(member(team, person(email, f"{role} {len(room.people)}"), role))
            if number:
                member(team, room.people[2], Role.REVIEWER)
            room._at_work(articles.import_article(actor=boss, team=team, blocks=TEXT, title=f"In the {name}"), boss)
        room.people.append(person("stranger@nowhere.example", "Stranger"))
        return room

    def _at_work(self, article: Article, boss: User) -> None:
        """Three claims, two of them with support, one of those proposed by the boss."""
        logged = [log(article, boss, quote) for quote in ("in March 2023", "eleven months", "Nobody knows")]
        for claim in logged[:2]:
            support(claim, self.people[2], title=f"On claim {claim.number} of {article.title}")
        claim = Claim.objects.get(pk=logged[0].pk)
        verdicts.propose(actor=boss, claim=claim, verdict=verdict(article.team))


REVIEWERS = [Role.REVIEWER, Role.ADMIN]
CHECKERS = [Role.CHECKER, *REVIEWERS]
DECIDING = {"decide", "send_back", "reopen", "restore"}
ADMINS = {"invite", "uninvite", "roles", "remove", "policy", "add-label", "relabel", "retire"}


def pick(rows: Any, number: int) -> Any:
    """One of the rows, by a number that may be any; None where there is none."""
    found = list(rows.order_by("pk"))
    return found[number % len(found)] if found else None


class Nothing(Exception):
    """The step has nothing to act on."""


def need(row: Any) -> Any:
    if row is None:
        raise Nothing
    return row


def run(room: Newsroom, step: Step) -> tuple[Any, Any]:
    """Do the step as the person; what it was done to, and what came of it. Nothing, or what the action raises."""
    return KINDS[step.kind](room, step)


def _version(row: Any, step: Step) -> dict[str, int]:
    now = row.row_version
    return {"none": {}, "now": {"version": now}, "old": {"version": max(1, now - 1)}, "new": {"version": now + 1}}[
        step.version
    ]


def _who(room: Newsroom, step: Step, team: int) -> User:
    """Mostly somebody whose role in the team lets them; else anybody."""
    if step.who % 6:
        roles = [Role.ADMIN] if step.kind in ADMINS else REVIEWERS if step.kind in DECIDING else CHECKERS
        members = Membership.objects.filter(team=team, role__in=roles)
        if found := pick(members, step.who):
            return found.user  # type: ignore[no-any-return]
    return User.objects.get(pk=room.people[step.who % len(room.people)].pk)


def _claim(step: Step, *statuses: str) -> Claim:
    """A claim; mostly one of those statuses, where there is one."""
    fitting = Claim.objects.filter(status__in=statuses) if step.other % 5 else Claim.objects.none()
    return need(pick(fitting, step.which) or pick(Claim.objects.all(), step.which))  # type: ignore[no-any-return]


def _verdict(claim: Claim, step: Step) -> verdicts.Verdict:
    """Mostly of the claim's team and in force."""
    labels = Label.objects.filter(meaning=step.meaning)
    if step.other % 7:
        labels = labels.filter(team=claim.team_id, retired_at=None)
    more = {"proposed_wording": step.more} if step.which % 2 else {"searched": step.more}
    return verdicts.Verdict(need(pick(labels, step.which)), step.text, **more)


def _origin(step: Step) -> dict[str, Any]:
    kind = ("unknown", "itself", "source", "article")[step.other % 4]
    origin = {"source": pick(Source.objects.all(), step.which)} if kind == "source" else {}
    article = pick(Article.objects.all(), step.which) if kind == "article" else None
    return {"origin_kind": kind, "origin": origin.get("source"), "origin_article": article}


def _title(step: Step) -> str:
    return step.text.strip() or "Untitled"


def _import(room: Newsroom, step: Step) -> tuple[Any, Any]:
    team = room.teams[step.which % 2]
    blocks = [("paragraph", step.text), ("quote", step.more)]
    return team, articles.import_article(actor=_who(room, step, team.pk), team=team, blocks=blocks, title=_title(step))


def _edit_article(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = need(pick(Article.objects.all(), step.which))
    facts = {"title": _title(step), "byline": step.more, "stage": ("checking", "closed")[step.other % 2]}
    return row, articles.edit_article(
        actor=_who(room, step, row.team_id), article=row, reason=step.more, **_version(row, step), **facts
    )


def _log(room: Newsroom, step: Step) -> tuple[Any, Any]:
    article = need(pick(Article.objects.all(), step.which))
    start = step.other % 40
    facts = {"risk": list(Risk)[step.which % 3], "said_by": step.more, "kind": "number"}
    assigned = {"assigned_to": _who(room, step, article.team_id)} if step.other % 3 == 0 else {}
    done = claims.log_claim(
        actor=_who(room, step, article.team_id),
        article=article,
        places=[Span(start, start + 9)],
        statement=step.text,
        **facts,
        **assigned,
    )
    return article, done


def _edit(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = _claim(step, "decided")
    facts: dict[str, Any] = {"said_by": step.more}
    if step.other % 2:
        facts |= {"statement": step.text, "risk": list(Risk)[step.other % 3]}
    return row, claims.edit_claim(
        actor=_who(room, step, row.team_id), claim=row, reason=step.more, **_version(row, step), **facts
    )


def _stand(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row, start = _claim(step, "decided"), step.other % 60
    place = Span(start, start + 7)
    return row, claims.stand_also(actor=_who(room, step, row.team_id), claim=row, place=place, **_version(row, step))


def _leave(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = need(pick(Anchor.objects.all(), step.which))
    return row.claim, claims.leave_place(
        actor=_who(room, step, row.team_id), anchor=row, reason=step.more, **_version(row.claim, step)
    )


def _attach(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = _claim(step, "open", "proposed", "decided")
    source = pick(Source.objects.all(), step.other) if step.other % 3 == 0 else None
    new = None if source else {"title": _title(step), "kind": "page"} | _origin(step)
    said = {"quote": step.text, "locator": step.more, "note": step.more}
    return row, evidence.attach(
        actor=_who(room, step, row.team_id), claim=row, stance=step.stance, source=source, new_source=new, **said
    )


def _retract(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = need(pick(Evidence.objects.all(), step.which))
    done = evidence.retract(
        actor=_who(room, step, row.team_id), evidence=row, reason=step.text, **_version(row.claim, step)
    )
    return row.claim, done


def _export(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = need(pick(Article.objects.all(), step.which))
    return row, reports.issue_report(actor=_who(room, step, row.team_id), article=row)


def _add_source(room: Newsroom, step: Step) -> tuple[Any, Any]:
    team = room.teams[step.which % 2]
    said = {"title": _title(step), "publisher": step.more, "kind": "person"}
    return team, sources.add_source(actor=_who(room, step, team.pk), team=team, **said, **_origin(step))


def _edit_source(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = need(pick(Source.objects.all(), step.which))
    return row, sources.edit_source(
        actor=_who(room, step, row.team_id),
        source=row,
        reason=step.more,
        title=_title(step),
        **_origin(step),
        **_version(row, step),
    )


def _invite(room: Newsroom, step: Step) -> tuple[Any, Any]:
    team = room.teams[step.which % 2]
    email = ("stranger@nowhere.example", "new@ledger.example", room.people[step.other % len(room.people)].email)[
        step.other % 3
    ]
    made, token = teams.invite(actor=_who(room, step, team.pk), team=team, email=email, role=list(Role)[step.other % 4])
    room.tokens.append(token)
    return team, made


def _uninvite(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = need(pick(Invitation.objects.all(), step.which))
    return row, teams.withdraw_invitation(actor=_who(room, step, row.team_id), invitation=row)


def _join(room: Newsroom, step: Step) -> tuple[Any, Any]:
    token = room.tokens[step.which % len(room.tokens)] if room.tokens else need(None)
    if step.other % 3:
        return None, teams.join(actor=_who(room, step, room.teams[0].pk), token=token)
    user = teams.accept_invitation(token=token, name=_title(step), password="correct-horse-battery")
    room.people.append(user)
    return None, user


def _roles(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = need(pick(Membership.objects.all(), step.which))
    roles, opened = {row.pk: list(Role)[step.other % 4]}, {row.pk: _version(row, step).get("version", row.row_version)}
    return row, teams.change_roles(actor=_who(room, step, row.team_id), team=row.team, roles=roles, opened=opened)


def _remove(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = need(pick(Membership.objects.all(), step.which))
    return row, teams.remove_member(
        actor=_who(room, step, row.team_id), membership=row, reason=step.text, **_version(row, step)
    )


def _policy(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = Team.objects.get(pk=room.teams[step.which % 2].pk)
    policy = {"four_eyes": step.other % 3 > 0, "high_risk_origins": 1 + step.other % 3}
    return row, teams.change_policy(
        actor=_who(room, step, row.pk), team=row, reason=step.text, **_version(row, step), **policy
    )


def _propose(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = _claim(step, "open", "recheck")
    return row, verdicts.propose(
        actor=_who(room, step, row.team_id), claim=row, verdict=_verdict(row, step), **_version(row, step)
    )


def _decide(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = _claim(step, "proposed")
    return row, verdicts.decide(
        actor=_who(room, step, row.team_id), claim=row, verdict=_verdict(row, step), **_version(row, step)
    )


def _moves(deed: str, *statuses: str) -> Callable[[Newsroom, Step], tuple[Any, Any]]:
    def move(room: Newsroom, step: Step) -> tuple[Any, Any]:
        row = _claim(step, *statuses)
        done = getattr(verdicts, deed)(
            actor=_who(room, step, row.team_id), claim=row, reason=step.text, **_version(row, step)
        )
        return row, done

    return move


def _add_label(room: Newsroom, step: Step) -> tuple[Any, Any]:
    team, said = room.teams[step.which % 2], {"meaning": step.meaning, "name": step.text, "explanation": step.more}
    return team, verdicts.add_label(actor=_who(room, step, team.pk), team=team, reason=step.more, **said)


def _relabel(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = need(pick(Label.objects.all(), step.which))
    return row, verdicts.relabel(actor=_who(room, step, row.team_id), label=row, name=step.text, explanation=step.more)


def _retire(room: Newsroom, step: Step) -> tuple[Any, Any]:
    row = need(pick(Label.objects.all(), step.which))
    return row, verdicts.retire_label(actor=_who(room, step, row.team_id), label=row, reason=step.more)


def _account(room: Newsroom, step: Step) -> tuple[Any, Any]:
    return None, accounts.change_account(
        actor=_who(room, step, room.teams[0].pk), name=_title(step), shortcuts=bool(step.other % 2)
    )


KINDS: dict[str, Callable[[Newsroom, Step], tuple[Any, Any]]] = {
    "import": _import,
    "edit-article": _edit_article,
    "log": _log,
    "edit": _edit,
    "stand": _stand,
    "leave": _leave,
    "attach": _attach,
    "retract": _retract,
    "export": _export,
    "add-source": _add_source,
    "edit-source": _edit_source,
    "invite": _invite,
    "uninvite": _uninvite,
    "join": _join,
    "roles": _roles,
    "remove": _remove,
    "policy": _policy,
    "propose": _propose,
    "decide": _decide,
    "send_back": _moves("send_back", "proposed"),
    "reopen": _moves("reopen", "decided"),
    "withdraw": _moves("withdraw", "open", "recheck"),
    "restore": _moves("restore", "withdrawn"),
    "add-label": _add_label,
    "relabel": _relabel,
    "retire": _retire,
    "account": _account,
}
# the work of a newsroom is mostly this
OFTEN = ["log", "attach", "attach", "attach", "propose", "propose", "propose", "decide", "decide", "decide", "decide"]
MEANINGS, STANCES = [str(meaning) for meaning in Meaning], [str(stance) for stance in Stance]
