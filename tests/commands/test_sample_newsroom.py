"""The sample newsroom is made through the actions, once, and its trail holds."""

from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from claims.models import Act, Article, Capture, Claim, Errand, Part
from tests.captures import run_errands

pytestmark = pytest.mark.django_db


def make() -> str:
    said = StringIO()
    call_command("sample_newsroom", stdout=said)
    return said.getvalue()


def test_it_shows_every_status_and_most_verdicts_and_its_people_can_sign_in() -> None:
    said = make()
    password = said.partition("password ")[2].partition(")")[0]
    for line in said.splitlines()[1:]:
        assert authenticate(username=line.split()[0], password=password) is not None
    assert len(said.splitlines()) == 6
    assert set(Claim.objects.values_list("status", flat=True)) == {
        "open",
        "proposed",
        "decided",
        "recheck",
        "withdrawn",
    }
    verdicts = Counter(Claim.objects.filter(status="decided").values_list("verdict__meaning", flat=True))
    assert {"accurate", "needs-fix", "inaccurate", "unprovable", "not-checkable"} <= verdicts.keys()
    call_command("verify_trail", stdout=StringIO())


def test_its_notebook_is_captured_and_nothing_is_fetched() -> None:
    make()
    (errand,) = run_errands()
    assert (errand.state, errand.file_name) == ("kept", "notebook-3.txt")
    assert "The four main ones." in " ".join(part.text for part in Part.objects.of_capture(Capture.objects.get()))
    assert Errand.objects.count() == 1


def test_run_again_it_changes_nothing_and_says_the_same() -> None:
    first = make()
    acts = Act.objects.count()
    assert make() == first
    assert (Article.objects.count(), Act.objects.count()) == (1, acts)
