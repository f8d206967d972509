"""What forms leave behind, typed texts and digests of what was sent, goes with what they wrote."""

import uuid
from collections.abc import Callable

import pytest
from django.db import models
from django.urls import reverse

from claims.actions import Sent, articles, once, stashes, verdicts
from claims.models import Act, Article, Claim, Evidence, Source, Stash, Submission, Team, User
from claims.trail.verify import verify
from tests.people import TEXT, browser_of, keys, log, support
from tests.trail.test_erase import SECRET, erased, standing

pytestmark = pytest.mark.django_db(transaction=True)


def sent(user: User, words: str, do: Callable[[], models.Model]) -> str:
    """Do it as a form that holds the words; the digest that is kept of it."""
    form = Sent.of(uuid.uuid4(), "/somewhere/", [("words", [words])])
    once(user, form, do)
    assert standing(form.digest) == ["public.claims_submission"]
    return form.digest


@pytest.fixture
def told_of(article: Article, checker: User) -> Evidence:
    claim = log(article, checker, "eleven months")
    sent(checker, SECRET, lambda: support(claim, checker, title=SECRET))
    return Evidence.objects.get()


def test_what_people_had_typed_when_their_session_ended_goes(told_of: Evidence, checker: User, outsider: User) -> None:
    for user in (checker, outsider):
        stashes.keep(user=user, path="/x/", fields={"note": ["Augustin, he said, and no more"]})
    erased("--source", str(told_of.source_id))
    assert [stash.user for stash in Stash.objects.all()] == [outsider]


def test_a_form_that_comes_again_does_not_bring_the_words_back(claim: Claim, checker: User) -> None:
    browser, path = browser_of(checker), reverse("attach_evidence", args=[claim.article_id, claim.number])
    form = keys() | {
        "source": "new", "title": SECRET, "kind": "person", "origin_kind": "itself", "stance": "context", "quote": "No",
    }  # fmt: skip
    assert browser.post(path, form).status_code == 303
    erased("--source", str(Source.objects.get().pk))
    again = browser.post(path, form)
    assert (again.status_code, Source.objects.count(), Evidence.objects.count()) == (409, 1, 1)
    assert SECRET in again.content.decode()
    assert standing(SECRET) == []
    assert Submission.objects.get().digest == ""


def test_digests_go_with_a_source_and_others_stay(told_of: Evidence, article: Article, checker: User) -> None:
    other = sent(checker, "£9.8 million", lambda: log(article, checker, "£9.8 million"))
    erased("--source", str(told_of.source_id))
    assert [form.digest for form in Submission.objects.order_by("pk")] == ["", other]
    assert verify().holds


def test_the_digest_of_a_text_goes_with_the_text(team: Team, checker: User) -> None:
    def bring() -> Article:
        return articles.import_article(actor=checker, team=team, blocks=TEXT, title="Bridge")

    digests = [sent(checker, "Box 212", bring)]
    article = Article.objects.get()
    digests.append(sent(checker, "Box 212", lambda: log(article, checker, "Box 212")))
    erased("--article", str(article.pk))
    assert [standing(digest) for digest in digests] == [[], []]


def test_the_digest_of_a_reason_goes_with_the_reason(told_of: Evidence, checker: User) -> None:
    claim = Claim.objects.get()
    digest = sent(checker, "Ona", lambda: verdicts.withdraw(actor=checker, claim=claim, reason="Ona"))
    act = Act.objects.get(stream=claim.article.stream, header__contains="claim.withdraw")
    erased("--act", act.stream, str(act.seq))
    assert standing(digest) == []


def test_the_digest_of_a_reason_with_the_words_goes(told_of: Evidence, article: Article, checker: User) -> None:
    claim = log(article, checker, "Box 212")
    digest = sent(checker, SECRET, lambda: verdicts.withdraw(actor=checker, claim=claim, reason=f"Ask {SECRET}"))
    erased("--source", str(told_of.source_id))
    assert standing(digest) == []
