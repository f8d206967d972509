"""Evidence in the Claim panel: found, attached, counted by origin, retracted."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claims.actions import evidence, sources, verdicts
from claims.models import Article, Claim, Evidence, Source, Team, User
from tests.people import keys, log, support, verdict

As = Callable[[User], Client]
PANE = {"HX-Request": "true", "HX-Current-URL": "http://testserver/articles/1/"}
NEW = {
    "source": "new",
    "title": "Award notice",
    "kind": "data-set",
    "origin_kind": "itself",
    "stance": "conflicts",
    "quote": "29 680 000 GBP",
    "locator": "V.2.4",
}


def attach_at(claim: Claim) -> str:
    return reverse("attach_evidence", args=[claim.article_id, claim.number])


def retract_at(piece: Evidence) -> str:
    return reverse("retract_evidence", args=[piece.article_id, piece.claim.number, piece.number])


def shown_to(client: Client, claim: Claim) -> str:
    return client.get(reverse("claim", args=[claim.article_id, claim.number])).content.decode()


@pytest.fixture
def source(team: Team, checker: User) -> Source:
    return sources.add_source(
        actor=checker, team=team, title="Report HW/26/118", publisher="City Council", origin_kind="itself"
    )


# --- attaching -------------------------------------------------------------------------------


def test_the_form_has_the_names_that_people_know(as_: As, checker: User, claim: Claim) -> None:
    shown = as_(checker).get(attach_at(claim)).content.decode()
    for label in (
        "Title",
        "URL",
        "Publisher",
        "Source kind",
        "Origin",
        "Quote from source",
        "Where in the source",
        "Note",
    ):
        assert f">{label}</label>" in shown
    for stance in ("Supports", "Supports in part", "Conflicts", "Context"):
        assert f"<span>{stance}</span>" in shown
    assert ">Attach</button>" in shown


def test_a_known_source_is_attached(as_: As, checker: User, claim: Claim, source: Source) -> None:
    sent = {"source": source.pk, "stance": "supports", "quote": "“£31.4m”\r\nand more", "note": " n "} | keys()
    answer = as_(checker).post(attach_at(claim), sent)
    assert answer.status_code == 303
    made = claim.evidence.get()
    assert (made.source, made.stance, made.quote, made.note) == (source, "supports", "“£31.4m”\nand more", " n ")


def test_a_new_source_is_made_with_the_evidence(as_: As, checker: User, claim: Claim) -> None:
    as_(checker).post(attach_at(claim), NEW | {"url": "https://a.example/x", "published_on": "2026-11-03"} | keys())
    made = claim.evidence.select_related("source").get()
    assert (made.source.title, made.source.url, made.source.origin_kind) == (
        "Award notice",
        "https://a.example/x",
        "itself",
    )
    assert str(made.source.published_on) == "2026-11-03"


def test_its_origin_can_be_another_source_or_the_article(
    as_: As, checker: User, article: Article, claim: Claim, source: Source
) -> None:
    client = as_(checker)
    client.post(attach_at(claim), NEW | {"title": "Copy", "origin_kind": "source", "origin": source.pk} | keys())
    client.post(attach_at(claim), NEW | {"title": "Echo", "origin_kind": "article"} | keys())
    assert Source.objects.get(title="Copy").origin == source
    assert Source.objects.get(title="Echo").origin_article == article


def test_an_origin_that_is_not_said_is_asked_for(as_: As, checker: User, claim: Claim) -> None:
    answer = as_(checker).post(attach_at(claim), NEW | {"origin_kind": "source"} | keys())
    assert answer.status_code == 422
    assert "Say which source it has it from" in answer.content.decode()


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "//a.example", "a.example/x", "https://", "http://a b", "ftp://a"],
)
def test_only_web_addresses_are_taken(as_: As, checker: User, claim: Claim, url: str) -> None:
    answer = as_(checker).post(attach_at(claim), NEW | {"url": url, "note": "kept note"} | keys())
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "it begins with http:// or https://" in shown
    assert "kept note</textarea>" in shown
    assert not claim.evidence.exists()


def test_an_address_is_a_link_that_tells_nothing_and_one_that_is_none_is_text(
    as_: As, checker: User, claim: Claim, team: Team
) -> None:
    good = sources.add_source(actor=checker, team=team, title="Good", url="https://a.example/?q=1&r=<2>")
    bad = sources.add_source(actor=checker, team=team, title="Bad", url="javascript:alert(1)")
    for source in (good, bad):
        evidence.attach(actor=checker, claim=claim, stance="context", source=source)
    shown = shown_to(as_(checker), claim)
    assert '<a href="https://a.example/?q=1&amp;r=&lt;2&gt;" rel="noopener noreferrer nofollow">' in shown
    assert 'href="javascript:' not in shown


def test_a_source_that_is_there_already_is_pointed_out_before_it_is_made_twice(
    as_: As, checker: User, claim: Claim, source: Source
) -> None:
    sent = NEW | {"title": "report hw/26/118"}
    answer = as_(checker).post(attach_at(claim), sent | keys())
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "The team has a source with this title or address." in shown
    assert 'value="report hw/26/118"' in shown
    assert as_(checker).post(attach_at(claim), sent | {"another": "on"} | keys()).status_code == 303
    assert Source.objects.filter(title__iexact=source.title).count() == 2


@pytest.mark.parametrize("source", ["999999", "x", "-1", "9" * 40, "1.5"])
def test_what_is_no_source_of_the_team_is_refused(as_: As, checker: User, claim: Claim, source: str) -> None:
    answer = as_(checker).post(attach_at(claim), {"source": source, "stance": "supports"} | keys())
    assert answer.status_code == 422
    assert not claim.evidence.exists()


def test_the_source_of_another_team_is_none(
    as_: As, checker: User, claim: Claim, other_team: Team, outsider: User
) -> None:
    theirs = sources.add_source(actor=outsider, team=other_team, title="Theirs")
    client = as_(checker)
    assert client.post(attach_at(claim), {"source": theirs.pk, "stance": "supports"} | keys()).status_code == 422
    by_origin = NEW | {"origin_kind": "source", "origin": theirs.pk} | keys()
    assert client.post(attach_at(claim), by_origin).status_code == 422
    assert f'id="source-{theirs.pk}"' not in client.get(attach_at(claim), {"words": "Theirs"}).content.decode()


def test_two_may_attach_at_once_without_a_version(as_: As, checker: User, teammate: User, claim: Claim) -> None:
    support(claim, teammate)
    assert as_(checker).post(attach_at(claim), NEW | keys(1)).status_code == 303
    assert [piece.number for piece in claim.evidence.all()] == [1, 2]


def test_attached_twice_by_one_form_it_is_there_once(as_: As, checker: User, claim: Claim) -> None:
    sent = NEW | keys()
    for _time in range(2):
        assert as_(checker).post(attach_at(claim), sent).status_code == 303
    assert claim.evidence.count() == 1


def test_to_htmx_the_fresh_panel_comes_with_a_notice(as_: As, checker: User, claim: Claim) -> None:
    answer = as_(checker).post(attach_at(claim), NEW | keys(), headers=PANE)
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "E1 is attached." in shown
    assert "29 680 000 GBP" in shown
    assert 'id="tally"' in shown


def test_the_same_words_once_more_are_attached_and_pointed_out(
    as_: As, checker: User, claim: Claim, source: Source
) -> None:
    sent = {"source": str(source.pk), "stance": "supports", "quote": "as forecast"}
    client = as_(checker)
    said = [
        client.post(attach_at(claim), keys() | sent | more, headers=PANE).content.decode()
        for more in ({}, {"quote": "in other words"}, {})
    ]
    assert [page.count("says the same in the same words.") for page in said] == [0, 0, 1]
    assert "E3 is attached. E1 says the same in the same words." in said[2]
    assert claim.evidence.count() == 3


def test_evidence_is_not_brought_to_a_withdrawn_claim(as_: As, checker: User, claim: Claim) -> None:
    verdicts.withdraw(actor=checker, claim=claim, reason="Colour")
    answer = as_(checker).post(attach_at(claim), NEW | keys())
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "The claim is withdrawn." in shown
    assert "29 680 000 GBP</textarea>" in shown


def test_evidence_on_a_decided_claim_means_recheck(as_: As, checker: User, decided: Claim) -> None:
    as_(checker).post(attach_at(decided), NEW | keys())
    decided.refresh_from_db()
    assert decided.status == "recheck"


# --- finding ---------------------------------------------------------------------------------


def test_without_script_a_button_searches_and_keeps_what_was_typed(
    as_: As, checker: User, claim: Claim, source: Source
) -> None:
    sent = {"look": "1", "words": "hw/26", "source": "new", "title": "Half typed", "quote": "q"}
    answer = as_(checker).post(attach_at(claim), sent | keys())
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "1 source matches." in shown
    assert f'id="source-{source.pk}"' in shown
    assert 'value="Half typed"' in shown


def test_while_typing_the_sources_come_as_a_fragment(as_: As, checker: User, claim: Claim, source: Source) -> None:
    asked = {"words": "council", "team": claim.team_id, "source": "new"}
    shown = as_(checker).get(reverse("find_sources"), asked, headers=PANE).content.decode()
    assert "Report HW/26/118" in shown
    assert 'value="new" checked' in shown
    assert "<html" not in shown


@pytest.mark.parametrize("words", ["\0", "a\0b", "%", "_", "\\", "'", "🇬🇧" * 300])
def test_whatever_is_looked_for_is_answered(as_: As, checker: User, claim: Claim, source: Source, words: str) -> None:
    asked = {"words": words, "team": claim.team_id}
    client = as_(checker)
    assert client.get(reverse("find_sources"), asked, headers=PANE).status_code == 200
    assert client.get(attach_at(claim), {"words": words}).status_code == 200


def test_of_many_addresses_that_begin_alike_the_very_one_comes_first(
    as_: As, checker: User, team: Team, claim: Claim
) -> None:
    """Enter takes the first: a pasted address must not lead to its newer neighbour."""
    page = "https://ledger.example/t/works/" + "kingsmill-bridge-repair/" * 9
    made = [
        sources.add_source(actor=checker, team=team, title=f"Part {at}", url=page + at)
        for at in ("", "#cost", "#piers")
    ]
    shown = as_(checker).get(reverse("find_sources"), {"words": page, "team": team.pk}, headers=PANE).content.decode()
    assert "3 sources match." in shown
    places = [shown.index(f'id="source-{source.pk}"') for source in made]
    assert places == [min(places), max(places), sorted(places)[1]]
    sent = keys() | {"words": page, "source": str(made[0].pk), "stance": "supports", "quote": "31.4"}
    as_(checker).post(attach_at(claim), sent)
    assert claim.evidence.get().source == made[0]


def test_the_chosen_source_stays_among_those_found(as_: As, checker: User, claim: Claim, source: Source) -> None:
    asked = {"words": "nothing like it", "team": claim.team_id, "source": source.pk}
    shown = as_(checker).get(reverse("find_sources"), asked, headers=PANE).content.decode()
    assert f'value="{source.pk}" checked' in shown


def test_before_anybody_types_the_sources_of_the_article_are_offered(
    as_: As, checker: User, article: Article, claim: Claim
) -> None:
    support(claim, checker)
    other = log(article, checker, "three times")
    assert "Report HW/26/118" in as_(checker).get(attach_at(other)).content.decode()


@pytest.mark.parametrize("number", ["", "0", "x", "99999"])
def test_sources_are_looked_for_in_ones_own_teams_only(as_: As, checker: User, claim: Claim, number: str) -> None:
    found = as_(checker).get(reverse("find_sources"), {"words": "a", "team": number}, headers=PANE)
    assert found.status_code == 404


def test_a_viewer_may_look_for_sources_but_an_outsider_finds_none(
    as_: As, viewer: User, outsider: User, other_team: Team, source: Source
) -> None:
    asked = {"words": "report", "team": source.team_id}
    assert as_(outsider).get(reverse("find_sources"), asked, headers=PANE).status_code == 404
    assert as_(viewer).get(reverse("find_sources"), asked, headers=PANE).status_code == 200


# --- origins ---------------------------------------------------------------------------------


def test_what_copies_one_origin_hangs_on_one_bracket_and_counts_once(
    as_: As, checker: User, claim: Claim, team: Team
) -> None:
    first = support(claim, checker).source
    for title in ("Bill tops £31m", "Breakfast"):
        copy = sources.add_source(actor=checker, team=team, title=title, origin_kind="source", origin=first)
        evidence.attach(actor=checker, claim=claim, stance="in-part", source=copy)
    shown = shown_to(as_(checker), claim)
    assert "<b>3 sources, 1 origin</b>" in shown
    assert "All from <b>Report HW/26/118</b>: counts once" in shown
    assert shown.count('<span class="tag">in part</span>') == 2


def test_an_origin_two_steps_away_is_named(as_: As, checker: User, claim: Claim, team: Team) -> None:
    last = sources.add_source(actor=checker, team=team, title="The root", origin_kind="itself")
    for title in ("The middle", "The leaf"):
        last = sources.add_source(actor=checker, team=team, title=title, origin_kind="source", origin=last)
    evidence.attach(actor=checker, claim=claim, stance="supports", source=last)
    assert "from The root" in shown_to(as_(checker), claim)


def test_what_goes_back_to_the_article_counts_as_no_origin(
    as_: As, checker: User, article: Article, claim: Claim, team: Team
) -> None:
    echo = sources.add_source(actor=checker, team=team, title="Echo", origin_kind="article", origin_article=article)
    evidence.attach(actor=checker, claim=claim, stance="supports", source=echo)
    shown = shown_to(as_(checker), claim)
    assert "All from <b>this article</b>: counts as no origin" in shown
    assert "<b>1 source, 0 origins</b>" in shown


# --- retracting ------------------------------------------------------------------------------


def test_retract_asks_for_a_reason_in_its_place(as_: As, checker: User, claim: Claim) -> None:
    piece = support(claim, checker)
    shown = as_(checker).get(retract_at(piece)).content.decode()
    assert "Retract E1" in shown
    assert ">Reason</label>" in shown


def test_retracted_evidence_stays_struck_with_its_reason(as_: As, checker: User, teammate: User, claim: Claim) -> None:
    piece = support(claim, checker)
    claim.refresh_from_db()
    answer = as_(teammate).post(retract_at(piece), {"reason": "Wrong year"} | keys(claim.row_version))
    assert answer.status_code == 303
    shown = shown_to(as_(teammate), claim)
    assert 'class="evidence is-retracted"' in shown
    assert "Retracted by Nora Vance, today" in shown
    assert "“Wrong year”" in shown
    assert "nothing yet, 1 retracted" in shown


def test_without_a_reason_nothing_is_retracted(as_: As, checker: User, claim: Claim) -> None:
    piece = support(claim, checker)
    claim.refresh_from_db()
    answer = as_(checker).post(retract_at(piece), {"reason": " "} | keys(claim.row_version))
    assert answer.status_code == 422
    assert "Give a reason" in answer.content.decode()
    piece.refresh_from_db()
    assert piece.retracted_at is None


def test_a_stale_retraction_says_what_happened_and_keeps_the_reason(
    as_: As, checker: User, reviewer: User, team: Team, proposed: Claim
) -> None:
    piece = proposed.evidence.get()
    opened = keys(proposed.row_version)
    verdicts.decide(actor=reviewer, claim=proposed, verdict=verdict(team))
    answer = as_(checker).post(retract_at(piece), {"reason": "Not the right bridge"} | opened)
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Tomasz Wilk changed this claim while you were writing" in shown
    assert "Not the right bridge</textarea>" in shown
    assert "Claim 1 goes to Recheck in the same act." in shown
    piece.refresh_from_db()
    assert piece.retracted_at is None


def test_what_was_retracted_already_says_so(as_: As, checker: User, claim: Claim) -> None:
    piece = support(claim, checker)
    evidence.retract(actor=checker, evidence=piece, reason="Once")
    claim.refresh_from_db()
    answer = as_(checker).post(retract_at(piece), {"reason": "Twice"} | keys(claim.row_version))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "It was retracted already." in shown
    assert "Twice</div>" in shown


def test_evidence_that_is_not_there_is_not_found(as_: As, checker: User, claim: Claim) -> None:
    url: Any = reverse("retract_evidence", args=[claim.article_id, claim.number, 7])
    assert as_(checker).get(url).status_code == 404
