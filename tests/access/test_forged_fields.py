"""Every field that names a row, or one of a few words, with what was never offered: refused like what is not there.

The addresses come from the URL configuration, the fields from the forms that answer there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from claims import intake
from claims.actions import verdicts
from claims.forms.sources import SourceForm
from claims.models import Article, Claim, Invitation, Membership, Source, Team, User
from tests.access.addresses import TABLE, address
from tests.access.sent import SENT, VARIANTS, Fields, ready
from tests.access.world import Newsroom, written
from tests.people import browser_of, keys

pytestmark = pytest.mark.django_db

FORMS = [*SENT, *VARIANTS]
PARTS = 4  # that can run side by side
REFUSED = {404, 409, 422}
TAKEN = {200, 302, 303}
LONG = 20_000
FORGED = ["999999999", "9" * 30, "-1", "1.5", "1 OR 1=1", "x\0y", "x" * LONG, "[]", "{}", "null", "../1", "%31"]
# Where words stand in the text is a help: what is no place is as if none was given, and the words are looked for.
HELPS = {"start", "end", "place"}
# what no form class holds, by the address: read off the request
RAW = {
    "switch_team": {"team"},
    "fetch_ahead": {"team"},
    "import_article": {"team", "sha256"},
    "attach_evidence": {"source"},
}
CLOSED = (forms.ChoiceField, forms.ModelChoiceField, forms.IntegerField, forms.DateField, forms.DateTimeField)


@pytest.fixture
def client(ledger: Newsroom) -> Client:
    return browser_of(ledger.people["admin"])


def send(client: Client, path: str, fields: Fields) -> tuple[int, HttpResponse, bool]:
    """Status, answer, and whether anything was written, which is taken back."""
    before = written()
    with transaction.atomic():
        answer = client.post(path, keys() | fields)
        wrote = written() != before
        transaction.set_rollback(True)
    return answer.status_code, answer, wrote


def path_of(form: str, home: Newsroom) -> str:
    return address(VARIANTS[form][0] if form in VARIANTS else form, home.ids)


def bound(answer: Any) -> Iterator[forms.BaseForm]:
    """The forms that were filled from what was sent, those within others included."""
    seen: set[int] = set()
    for layer in answer.context or []:
        for value in layer.flatten().values() if hasattr(layer, "flatten") else layer.values():
            within = vars(value).values() if isinstance(value, forms.BaseForm) else ()
            for form in (value, *within):
                if isinstance(form, forms.BaseForm) and form.is_bound and id(form) not in seen:
                    seen.add(id(form))
                    yield form


def closed_fields(client: Client, form: str, path: str, fields: Fields) -> dict[str, forms.Field]:
    """The fields that take a row, a number, a day or one of a few words, and the hidden ones; as they answer there."""
    # with a request id that is none the form comes back as it was sent
    answer = client.post(path, fields | {"request_id": "none"})
    found: dict[str, forms.Field] = {}
    for one in bound(answer):
        if form == "attach_evidence" and isinstance(one, SourceForm):
            continue  # a known source is picked: what describes a new one is not read
        for name, field in one.fields.items():
            if isinstance(field, CLOSED) or field.widget.is_hidden:
                found[one.add_prefix(name)] = field
    # a membership whose role is not sent is not changed, so its version is not asked for
    return {name: field for name, field in found.items() if not name.startswith("opened-") or name in fields}


def foreign(name: str, other: Newsroom) -> list[Any]:
    """Values that are right elsewhere, and wrong here."""
    whose = {
        "source": [other.ids["source_id"]],
        "origin": [other.ids["source_id"]],
        "assigned_to": [other.people["checker"].pk],
        "verdict": [other.ids["label_id"]],
        "team": [other.team.slug, other.team.pk],
        "role": ["owner", "superuser", "Admin"],
        "version": [2**31, 2**63],
    }
    return whose.get(name.split("-", 1)[0] if name.startswith(("role-", "opened-")) else name, [])


def test_every_form_of_the_table_is_here() -> None:
    assert {name for name, page in TABLE.items() if page.send is not None} == set(SENT)


@contextmanager
def prepared(form: str, home: Newsroom) -> Iterator[tuple[str, Fields]]:
    """The path and the fields of a form that would be taken; afterwards the newsroom is as it was."""
    with transaction.atomic():
        yield path_of(form, home), ready(form, home)
        transaction.set_rollback(True)


def test_what_was_offered_is_taken(client: Client, ledger: Newsroom) -> None:
    """Or what is refused below would be refused for another reason."""
    refused = []
    for form in FORMS:
        with prepared(form, ledger) as (path, fields):
            status, answer, wrote = send(client, path, fields)
        # a person's own matters are no rows that are counted; a report of the same state is the same
        if status not in TAKEN or not (wrote or form in {"account", "switch_team", "report"}):
            refused.append(f"{form}: {status}, {answer.content.decode()}")
    assert refused == []


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.slow) for part in range(1, PARTS))])
def test_forged_and_foreign_values_are_refused_and_nothing_is_written(
    client: Client, ledger: Newsroom, other: Newsroom, part: int
) -> None:
    wrong = []
    for form in FORMS[part::PARTS]:
        with prepared(form, ledger) as (path, fields):
            wrong += [f"{form}: {said}" for said in forged(client, form, path, fields, other)]
    assert wrong == []


def forged(client: Client, form: str, path: str, fields: Fields, other: Newsroom) -> Iterator[str]:
    """What was taken that should not have been, or broke."""
    found = closed_fields(client, form, path, fields)
    for name in found.keys() - HELPS:
        yield from (f"{name} takes {value[:30]!r}" for value in FORGED if takes(found[name], value))
    names = found.keys() | RAW.get(form, set()) | {"request_id"} | ({"version"} & fields.keys())
    for name in sorted(names):
        for value in sent_whole(form, name, fields, foreign(name, other)):
            status, _answer, wrote = send(client, path, fields | {name: value})
            taken = status in TAKEN and (wrote or form == "switch_team")
            if status not in REFUSED | TAKEN or (taken and name not in HELPS and not ignored(form, name)):
                yield f"{name}={str(value)[:30]!r}: {status}, written: {wrote}"


def takes(field: forms.Field, value: str) -> bool:
    """Whether the field by itself takes the value."""
    if isinstance(field, forms.IntegerField):
        return False  # a version or a number: whether it is the right one, the whole form says
    try:
        field.clean(value)
    except forms.ValidationError:
        return False
    return True


def sent_whole(form: str, name: str, fields: Fields, elsewhere: list[Any]) -> list[Any]:
    """What is sent in the whole form: all for fields that no form class knows, else what is foreign, and a few."""
    if name in RAW.get(form, set()):
        return [*FORGED, *elsewhere]
    # the same name twice: the last one counts, so the right one before it does not help
    return [*(elsewhere[:1] or ["9" * 30]), [fields.get(name, ""), "x\0y"]]


def ignored(form: str, name: str) -> bool:
    """Whether the form does not read the field: a report is of the state now, a person's own page has no keys."""
    return form in {"account", "report"} or (form in {"switch_team", "fetch_ahead"} and name == "request_id")


# fields for words: tests/naughty has these
WORDS = {"title", "statement", "quote", "rationale", "reason", "name", "text", "url", "email"}


def test_a_field_that_is_missing_is_said_and_breaks_nothing(client: Client, ledger: Newsroom) -> None:
    wrong = []
    for form in SENT:
        with prepared(form, ledger) as (path, fields):
            for name in fields.keys() - WORDS:
                status, _answer, wrote = send(client, path, {key: fields[key] for key in fields if key != name})
                if status not in REFUSED | TAKEN or (wrote and name == "version"):
                    wrong.append(f"{form} without {name}: {status}, written: {wrote}")
            before = written()
            client.post(path, fields)  # without its request id
            # a report of one state, and what is fetched of one address for one person, is one anyway
            if written() != before and form not in {"report", "fetch_ahead"}:
                wrong.append(f"{form} without its request id was written")
    assert wrong == []


EXTRA = {
    "team_id": "999", "id": "1", "pk": "1", "row_version": "999", "status": "decided", "created_by": "1",
    "actor": "1", "user": "1", "is_active": "", "is_superuser": "on", "number": "77", "issued_by": "1", "slug": "x",
    "token_hash": "x", "expires_at": "2999-01-01", "proposed_by": "1", "joined_at": "2000-01-01",
}  # fmt: skip


def test_columns_that_no_form_offers_are_not_assigned(client: Client, ledger: Newsroom) -> None:
    """Mass assignment: a form's own fields are read, and no others."""
    for form in SENT:
        with prepared(form, ledger) as (path, fields):
            client.post(path, keys() | EXTRA | fields)
            assert not Article.objects.exclude(team=ledger.team).exists(), form
            assert not Claim.objects.filter(number=77).exists(), form
            assert Membership.objects.get(user=ledger.people["admin"]).role == "admin", form
            assert not Team.objects.exclude(slug="ledger").exists(), form
            assert not User.objects.filter(is_active=False).exists(), form
            assert not Invitation.objects.filter(expires_at__year=2999).exists(), form


# --- rows of the own team that are no choice -------------------------------------------------


def test_a_retired_label_is_no_verdict(client: Client, ledger: Newsroom) -> None:
    fields = ready("propose", ledger)
    label = ledger.team.labels.get(pk=fields["verdict"])
    verdicts.retire_label(actor=ledger.people["admin"], label=label, reason="")
    status, _answer, wrote = send(client, path_of("propose", ledger), fields)
    assert (status, wrote) == (422, False)


def test_a_person_who_is_out_of_the_team_or_inactive_is_given_no_claim(client: Client, ledger: Newsroom) -> None:
    fields = ready("log_claim", ledger)
    checker = ledger.people["checker"]
    type(checker).objects.filter(pk=checker.pk).update(is_active=False)
    status, _answer, wrote = send(client, path_of("log_claim", ledger), fields)
    assert (status, wrote) == (422, False)


def test_a_source_is_no_origin_of_itself(client: Client, ledger: Newsroom) -> None:
    fields = ready("source", ledger) | {"origin": ledger.ids["source_id"]}
    status, _answer, wrote = send(client, path_of("source", ledger), fields)
    assert (status, wrote) == (422, False)
    assert Source.objects.get(pk=ledger.ids["source_id"]).origin_id is None


def test_a_place_that_does_not_hold_the_words_is_not_taken_for_them(client: Client, ledger: Newsroom) -> None:
    fields = ready("log_claim", ledger) | {"start": "0", "end": "5", "place": "0-5"}
    client.post(path_of("log_claim", ledger), keys() | fields)
    anchor = ledger.claim.article.claims.get(number=3).anchors.get()
    assert ledger.claim.article.latest_version().text[anchor.start : anchor.end] == fields["quote"]


def test_blocks_that_the_text_does_not_have_are_not_kept(client: Client, ledger: Newsroom) -> None:
    fields = ready("import_article", ledger)
    forged = fields | {"keep": [*fields["keep"], "999", "-1", "x"], "kind-1": "script"}
    client.post(path_of("import_article", ledger), keys() | forged)
    version = ledger.team.articles.get(title="Imported").latest_version()
    assert {block["kind"] for block in version.blocks} <= set(intake.TEXT_KINDS)
    assert len(version.blocks) == len(fields["keep"])


def test_no_role_at_all_is_said_and_not_answered_as_saved(client: Client, ledger: Newsroom) -> None:
    row = ledger.team.memberships.get(pk=ledger.ids["membership_id"])
    for fields, says in (({}, "No role of any member was sent"), ({f"role-{row.pk}": ""}, "Choose a role.")):
        status, answer, wrote = send(client, path_of("change_roles", ledger), fields)
        assert (status, wrote) == (422, False)
        assert says in answer.content.decode()
        assert "The roles are saved" not in answer.content.decode()
