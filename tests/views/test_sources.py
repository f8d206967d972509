"""The sources of a team: the list, a source's page, adding one and changing one."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import claims, evidence, sources, verdicts
from claims.models import Act, Claim, Source, Team, User
from tests.people import keys, log, support, verdict

As = Callable[[User], Client]
LIST = "/sources/"


def page(client: Client, url: str = LIST) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def of(source: Source) -> str:
    return reverse("source", args=[source.pk])


def titles(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', html)


def add(team: Team, actor: User, title: str, **facts: Any) -> Source:
    return sources.add_source(actor=actor, team=team, title=title, **facts)


@pytest.fixture
def report(team: Team, checker: User) -> Source:
    facts = {"publisher": "Wexcombe City Council", "kind": "document", "origin_kind": "itself"}
    return add(team, checker, "Report HW/26/118", url="https://council.example/hw-26-118", **facts)


def facts(**more: str) -> dict[str, str]:
    return {"title": "Report HW/26/118", "kind": "document", "origin_kind": "itself"} | more


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_list_says_where_each_has_it_from_and_how_many_claims_lean_on_it(
    as_: As, report: Source, claim: Claim, team: Team, checker: User, viewer: User
) -> None:
    add(team, checker, "Bridge bill tops £31m", origin_kind="source", origin=report)
    add(team, checker, "Cabinet minutes")
    for _time in range(2):
        evidence.attach(actor=checker, claim=claim, stance="supports", source=report, quote="£31.4m")
    html = page(as_(viewer))
    assert titles(html) == ["Cabinet minutes", "Bridge bill tops £31m", "Report HW/26/118"]
    assert "<b>unknown</b>" in html
    assert "itself" in html
    assert re.findall(r'class="num">(\d+)<', html) == ["0", "0", "1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=HW", ["Report HW/26/118"]),
        ("q=wexcombe", ["Report HW/26/118"]),
        ("q=council.example", ["Report HW/26/118"]),
        ("q=nothing", []),
        ("kind=person", ["Interview"]),
        ("origin=unknown", ["Interview"]),
        ("kind=nonsense", ["Interview", "Report HW/26/118"]),
        ("q=%00", []),
    ],
)
def test_words_kind_and_origin_narrow_the_list(
    as_: As, report: Source, team: Team, checker: User, query: str, found: list[str]
) -> None:
    add(team, checker, "Interview", kind="person")
    assert titles(page(as_(checker), f"{LIST}?{query}")) == found


def test_an_empty_list_says_where_sources_come_from(as_: As, team: Team, checker: User, viewer: User) -> None:
    assert "No source yet" in page(as_(checker))
    html = page(as_(viewer))
    assert "takes the role Checker" in html
    assert reverse("add_source") not in html


def test_another_teams_sources_do_not_exist(as_: As, report: Source, other_team: Team, outsider: User) -> None:
    client = as_(outsider)
    assert report.title not in page(client)
    assert client.get(of(report)).status_code == 404
    assert client.post(of(report), facts() | keys(1)).status_code == 404


# --- one source -------------------------------------------------------------------------------------------------------


def test_its_page_names_every_claim_that_leans_on_it(
    as_: As, report: Source, claim: Claim, checker: User, viewer: User, team: Team
) -> None:
    evidence.attach(actor=checker, claim=claim, stance="supports", source=report, locator="p. 14, table 3")
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    other = log(claim.article, checker, "in March 2023")
    gone = evidence.attach(actor=checker, claim=other, stance="conflicts", source=report)
    evidence.retract(actor=checker, evidence=gone, reason="Another bridge")
    html = page(as_(viewer), of(report))
    assert titles(html) == [claim.statement, other.statement]
    assert "1 claim in 1 article" in html
    assert "p. 14, table 3" in html
    assert "Supports" in html
    assert "retracted" in html
    assert reverse("claim", args=[claim.article_id, claim.number]) in html
    assert 'data-verdict="accurate"' in html


def test_its_page_shows_the_way_back_to_the_origin_and_the_copies(
    as_: As, report: Source, team: Team, checker: User, viewer: User
) -> None:
    post = add(team, checker, "Bridge bill tops £31m", origin_kind="source", origin=report)
    radio = add(team, checker, "Breakfast with Ken", origin_kind="source", origin=post)
    html = page(as_(viewer), of(radio))
    assert "which has it from" in html
    assert report.title in html
    assert "which is its own origin" in html
    html = page(as_(viewer), of(report))
    assert "Sources that have it from this one" in html
    assert post.title in html


def test_a_viewer_sees_why_they_cannot_edit(as_: As, report: Source, viewer: User) -> None:
    client = as_(viewer)
    html = page(client, of(report) + "?edit=1")
    assert 'aria-disabled="true"' in html
    assert "takes the role Checker" in html
    assert 'name="request_id"' not in html
    assert client.post(of(report), facts() | keys(1)).status_code == 403


def test_a_source_is_changed_in_one_act_with_its_reason(as_: As, report: Source, checker: User) -> None:
    client = as_(checker)
    assert 'value="Wexcombe City Council"' in page(client, of(report) + "?edit=1")
    sent = facts(title="Report HW/26/118 to Cabinet", publisher="The council", reason="Its full title") | keys(1)
    assert client.post(of(report), sent).headers["Location"] == of(report)
    report.refresh_from_db()
    assert (report.title, report.publisher, report.row_version) == ("Report HW/26/118 to Cabinet", "The council", 2)
    act = Act.objects.in_stream(f"team:{report.team_id}").newest_first()[0]
    assert (act.verb, act.reason) == ("source.edit", "Its full title")
    client.post(of(report), sent)
    assert Source.objects.get().row_version == 2


def test_a_new_origin_says_how_many_decided_claims_went_to_recheck(
    as_: As, claim: Claim, team: Team, checker: User, reviewer: User, teammate: User
) -> None:
    claims.edit_claim(actor=checker, claim=claim, risk="high")
    one, two = support(claim, checker, title="One"), support(claim, checker, title="Two")
    verdicts.propose(actor=checker, claim=claim, verdict=verdict(team))
    verdicts.decide(actor=reviewer, claim=claim, verdict=verdict(team))
    sent = {"title": "Two", "kind": "document", "origin_kind": "source", "origin": str(one.source_id)}
    answer = as_(teammate).post(of(two.source), sent | keys(1), follow=True)
    assert "1 decided claim went to Recheck" in answer.content.decode()
    claim.refresh_from_db()
    assert claim.status == "recheck"


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"title": ""}, "A source needs a title"),
        ({"url": "file:///etc/passwd"}, "Give the whole address"),
        ({"origin_kind": "source"}, "Say which source it has it from"),
        ({"origin_kind": "source", "origin": "999999"}, "Choose one of the team"),
        ({"publisher": "x" * 201}, "Shorten this to 200 characters"),
    ],
)
def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(
    as_: As, report: Source, checker: User, sent: dict[str, str], said: str
) -> None:
    client = as_(checker)
    for url in (of(report), reverse("add_source")):
        answer = client.post(url, facts(published_on="2026-11-19") | sent | keys(1))
        assert answer.status_code == 422
        assert said in answer.content.decode()
        assert 'value="2026-11-19"' in answer.content.decode()
    assert Source.objects.get().row_version == 1


def test_a_circle_of_origins_is_refused(as_: As, report: Source, team: Team, checker: User) -> None:
    post = add(team, checker, "Bridge bill tops £31m", origin_kind="source", origin=report)
    answer = as_(checker).post(of(report), facts(origin_kind="source", origin=str(post.pk)) | keys(1))
    assert answer.status_code == 422
    assert "circle" in answer.content.decode()


def test_whoever_was_slower_sees_what_is_there_now_and_keeps_their_words(
    as_: As, report: Source, checker: User, teammate: User
) -> None:
    sources.edit_source(actor=teammate, source=report, publisher="Her publisher")
    answer = as_(checker).post(of(report), facts(publisher="His publisher") | keys(1))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "His publisher" in html
    assert "Her publisher" in html
    assert 'name="version" value="2"' in html


# --- a new one --------------------------------------------------------------------------------------------------------


def test_a_source_is_added_before_any_claim_leans_on_it(as_: As, team: Team, checker: User) -> None:
    client, sent = as_(checker), facts(publisher="Wexcombe City Council") | keys()
    assert client.get(reverse("add_source")).status_code == 200
    answer = client.post(reverse("add_source"), sent)
    made = Source.objects.get()
    assert answer.headers["Location"] == of(made)
    assert (made.title, made.origin_kind, made.created_by) == ("Report HW/26/118", "itself", checker)
    client.post(reverse("add_source"), sent)
    assert Source.objects.count() == 1
    assert "No claim leans on it yet" in page(client, of(made))


def test_without_script_an_origin_is_looked_for_and_picked(as_: As, report: Source, checker: User) -> None:
    sent = facts(title="Bridge bill tops £31m", origin_kind="source", origin_words="HW/26") | keys()
    client = as_(checker)
    answer = client.post(reverse("add_source"), sent | {"look": "1"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert report.title in html
    assert 'value="Bridge bill tops £31m"' in html
    assert 'class="error"' not in html
    assert Source.objects.count() == 1
    client.post(reverse("add_source"), sent | {"origin": str(report.pk)})
    assert Source.objects.get(title="Bridge bill tops £31m").origin == report


def test_viewers_add_nothing(as_: As, team: Team, viewer: User) -> None:
    client = as_(viewer)
    assert client.get(reverse("add_source")).status_code == 403
    assert client.post(reverse("add_source"), facts() | keys()).status_code == 403


def test_queries_do_not_grow_with_sources_and_claims(
    as_: As, report: Source, claim: Claim, team: Team, checker: User, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        copy = add(team, checker, f"Copy {number}", origin_kind="source", origin=report)
        for source in (report, copy):
            evidence.attach(actor=checker, claim=claim, stance="supports", source=source, quote="£31.4m")
    client = as_(checker)
    with django_assert_max_num_queries(8):
        client.get(LIST)
    with django_assert_max_num_queries(14):
        client.get(of(report))
