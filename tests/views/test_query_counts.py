"""What each page costs in queries: one table, and the same whatever the number of rows.

The addresses are the URL configuration's: a new page fails here until it has a row. Session, user and teams are three
of each count.
"""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.actions import ahead, articles, claims, reports, sources, teams, verdicts
from claims.models import Article, Claim, Proof, User
from claims.urls import urlpatterns
from tests.captures import failed, kept
from tests.many import article_of, lean_on_sources
from tests.people import BACKEND, member, person, support

pytestmark = pytest.mark.django_db
PANE = {"HX-Request": "true"}
SESSION_USER_AND_TEAMS = 3

# the most that a page may cost; “, pane” is what the same address answers to htmx
MOST = {
    "account": 6,
    "join": 3,
    "switch_team": 3,
    "queue": 6,
    "articles": 10,
    "import_article": 5,
    "edit_article": 6,
    "desk": 12,
    "desk, pane": 12,
    "log_claim": 8,
    "log_claim, pane": 7,
    "claim": 14,
    "claim, pane": 8 + SESSION_USER_AND_TEAMS,
    "stand_also": 16,
    "leave_place": 15,
    "attach_evidence": 17,
    "attach_evidence, pane": 14,
    "retract_evidence": 16,
    "propose": 14,
    "decide": 14,
    "send_back": 14,
    "reopen": 14,
    "withdraw": 14,
    "restore": 14,
    "report": 23,
    "report_file": 6,
    "article_trail": 29,
    "team": 9,
    "change_roles": 11,
    "remove_member": 11,
    "invite": 10,
    "withdraw_invitation": 11,
    "change_policy": 10,
    "add_label": 10,
    "relabel": 12,
    "retire_label": 12,
    "team_trail": 28,
    "sources": 7,
    "add_source": 5,
    "source": 14,
    "fetch_ahead": 4,
    "ahead": 3,
    "ahead, pane": 5,
    "captures": 4,
    "captures, pane": 12,
    "capture_state": 4,
    "capture_state, pane": 8,
    "upload_capture": 4,
    "capture_again": 4,
    "drop_capture": 4,
    "prove_capture": 4,
    "capture": 10,
    "capture_bytes": 6,
    "capture_record": 6,
    "capture_proof": 7,
    "capture_queue": 9,
    "find_sources": 3,
    "find_sources, pane": 6,
}
# they have no page to be asked for
SENT_ONLY = {"switch_team", "fetch_ahead", "upload_capture", "capture_again", "drop_capture", "prove_capture"}


def newsroom(rows: int) -> tuple[User, dict[str, Any]]:
    """A newsroom with so many rows of every kind: its admin, and a row for each argument of an address."""
    admin = person(f"admin@{rows}.example", "Margit Sørensen")
    team = teams.create_team(name=f"The {rows}", slug=f"the-{rows}", admin=admin)
    staff = [member(team, person(f"p{at}@{rows}.example", f"Checker {at}"), "checker") for at in range(rows)]
    for at in range(rows):
        invitation, token = teams.invite(actor=admin, team=team, email=f"new{at}@{rows}.example", role="viewer")
        article_of(team, staff[at], 2)
        label = verdicts.add_label(actor=admin, team=team, meaning="disputed", name=f"Odd {at}", explanation="")
    article = article_of(team, staff[0], rows)
    lean_on_sources(article, staff[0], 3, rows)
    claim = worked_on(article, staff, rows)
    source = claim.evidence.order_by("number")[0].source
    for at in range(rows):
        sources.add_source(actor=staff[0], team=team, title=f"Copy {at}", origin_kind="source", origin=source)
        reports.issue_report(actor=admin, article=article)
        articles.edit_article(actor=admin, article=article, byline=f"Nora Vance {at}")
        kept(source, staff[at], content=f"words {at}".encode())
        errand = failed(source, staff[at])
        typed = ahead.ask(actor=admin, team=team, url=f"https://report.example/{at % ahead.MOST_OPEN}")
        assert typed is not None
    kept(source, staff[0])
    proof = Proof.objects.get(capture__source=source, capture__number=claim.number)
    return admin, {
        "article_id": article.pk,
        "number": claim.number,
        "e": 1,
        "anchor_id": claim.anchors.get().pk,
        "source_id": source.pk,
        "label_id": label.pk,
        "membership_id": team.memberships.get(user=staff[0]).pk,
        "invitation_id": invitation.pk,
        "kind": "json",
        "errand_id": errand.pk,
        "ahead_id": typed.pk,
        "proof_id": proof.pk,
        "team": team.pk,
        "token": token,
    }


def worked_on(article: Article, staff: list[User], rows: int) -> Claim:
    """The article's second claim, in review, with as many pieces of evidence, edits and people as there are rows."""
    claim = article.claims.get(number=2)
    for at in range(rows):
        support(claim, staff[at], title=f"Report {at}")
        claims.edit_claim(actor=staff[at], claim=claim, said_by=f"Peter Orme {at}")
    return claim


def addresses(ids: dict[str, Any]) -> dict[str, tuple[str, dict[str, str]]]:
    """Every page by its name, with the headers that it is asked for with."""
    found: dict[str, tuple[str, dict[str, str]]] = {}
    for pattern in urlpatterns:
        name, asked = str(pattern.name), set(pattern.pattern.converters)
        of_report = {"number": 1} if "kind" in asked else {}
        address = reverse(name, kwargs={argument: (ids | of_report)[argument] for argument in asked})
        found[name] = (address, {})
        if f"{name}, pane" in MOST:
            found[f"{name}, pane"] = (address, PANE)
    team = ids["team"]
    found["find_sources, pane"] = (f"{reverse('find_sources')}?team={team}&words=report", PANE)
    return found


def costs(rows: int) -> dict[str, int]:
    """What each page costs the admin of a newsroom with so many rows."""
    admin, ids = newsroom(rows)
    client = Client()
    client.force_login(admin, backend=BACKEND)
    client.get(reverse("queue"))
    found = {}
    for name, (address, headers) in addresses(ids).items():
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address, headers=headers)
        if answer.streaming:
            b"".join(answer.streaming_content)
        assert answer.status_code in {200, 302, 303} or name in SENT_ONLY, f"{name}: {answer.status_code}"
        found[name] = len(queries)
    return found


def test_every_page_has_a_row() -> None:
    assert {name.partition(",")[0] for name in MOST} == {pattern.name for pattern in urlpatterns}


def test_no_page_costs_more_for_more_rows_or_than_it_may() -> None:
    few, many = costs(3), costs(9)
    assert {name: (few[name], cost) for name, cost in many.items() if cost > few[name]} == {}
    assert {name: (cost, MOST[name]) for name, cost in few.items() if cost > MOST[name]} == {}
