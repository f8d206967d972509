"""Claims are logged and edited, and find their places."""

import pytest

from claims.actions import Stale, claims, verdicts
from claims.anchors import Span, find
from claims.models import Act, Article, Claim, User
from claims.roles import NotAllowed
from claims.workflow import Refused
from tests.people import log

pytestmark = pytest.mark.django_db


def test_numbers_follow_one_another_and_are_never_reused(article: Article, checker: User) -> None:
    first = log(article, checker, "eleven months")
    verdicts.withdraw(actor=checker, claim=first, reason="Cut")
    assert [log(article, checker, "eleven months").number, log(article, checker, "Box 212").number] == [2, 3]


def test_a_claim_keeps_its_words_and_what_stands_around_them(claim: Claim) -> None:
    anchor = claim.anchors.get()
    text = anchor.version.text
    assert text[anchor.start : anchor.end] == anchor.exact == "puts the bill at £31.4 million"
    assert anchor.prefix.endswith("A report ")
    assert anchor.suffix.startswith(", more than")


def test_one_fact_is_logged_once_and_stands_in_several_places(article: Article, checker: User) -> None:
    text = article.latest_version().text
    claim = claims.log_claim(
        actor=checker, article=article, places=find(text, "£31.4 million"), statement="It costs £31.4m."
    )
    assert claim.anchors.count() == 2
    claims.stand_also(actor=checker, claim=claim, place=find(text, "the bill")[0])
    assert claim.anchors.count() == 3
    with pytest.raises(Refused, match="already"):
        claims.stand_also(actor=checker, claim=claim, place=find(text, "the bill")[0])


def test_a_claim_keeps_at_least_one_place(claim: Claim, checker: User) -> None:
    with pytest.raises(Refused, match="only place"):
        claims.leave_place(actor=checker, anchor=claim.anchors.get())
    text = claim.article.latest_version().text
    claims.stand_also(actor=checker, claim=claim, place=find(text, "the bill")[0])
    claims.leave_place(actor=checker, anchor=claim.anchors.first())
    assert claim.anchors.count() == 1


def test_identical_and_nested_spans_are_legal(article: Article, checker: User) -> None:
    for quote in ("A report puts the bill", "A report puts the bill", "the bill"):
        log(article, checker, quote)
    assert article.claims.count() == 3


@pytest.mark.parametrize("place", [Span(0, 0), Span(5, 99_999), Span(-3, 4)])
def test_a_place_outside_the_text_is_refused(article: Article, checker: User, place: Span) -> None:
    with pytest.raises(Refused, match="no such words"):
        claims.log_claim(actor=checker, article=article, places=[place], statement="x")
    assert not article.claims.exists()


@pytest.mark.parametrize(
    ("facts", "status"),
    [({"statement": "Another"}, "recheck"), ({"risk": "high"}, "recheck"), ({"said_by": "The council"}, "decided")],
)
def test_statement_and_risk_edited_after_the_decision_mean_recheck(
    decided: Claim, checker: User, facts: dict[str, str], status: str
) -> None:
    claim = claims.edit_claim(actor=checker, claim=decided, **facts)
    assert claim.status == status


def test_a_place_added_after_the_decision_means_recheck(decided: Claim, checker: User) -> None:
    text = decided.article.latest_version().text
    assert claims.stand_also(actor=checker, claim=decided, place=find(text, "lorries")[0]).status == "recheck"


def test_an_edit_that_changes_nothing_is_no_act(claim: Claim, checker: User) -> None:
    before = Act.objects.count()
    claims.edit_claim(actor=checker, claim=claim, statement=claim.statement, version=claim.row_version)
    assert Act.objects.count() == before


def test_a_stale_edit_is_refused_and_names_the_row(claim: Claim, checker: User, teammate: User) -> None:
    opened = claim.row_version
    claims.edit_claim(actor=teammate, claim=claim, statement="Theirs", version=opened)
    with pytest.raises(Stale) as stale:
        claims.edit_claim(actor=checker, claim=claim, statement="Mine", version=opened)
    assert stale.value.row.statement == "Theirs"


def test_only_members_are_given_claims(claim: Claim, checker: User, outsider: User) -> None:
    with pytest.raises(Refused, match="member"):
        claims.edit_claim(actor=checker, claim=claim, assigned_to=outsider)


def test_viewers_and_outsiders_log_nothing(article: Article, viewer: User, outsider: User) -> None:
    for person in (viewer, outsider):
        with pytest.raises(NotAllowed):
            log(article, person, "eleven months")
