"""Every form of the app, found by walking it: what is typed into its fields is kept as typed, or refused with it."""

import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django import forms
from django.core.cache import cache
from django.db.models import Max
from django.test import Client

from claims.models import Act, Change, Stash, User
from tests.naughty import strings
from tests.naughty.newsroom import Room, classes, fields_of, page_of, undone, words_of
from tests.naughty.pages import Form
from tests.people import keys

PER_FORM = 1  # texts packed with strings that each form is sent; all of them with the slow test
TYPED = "Typed “with care” & <b>kept</b>"
# a POST that answers with a form and writes nothing
LOOKS = {"look", "keep", "drop_kept"}


def writing(room: Room) -> Iterator[tuple[Form, dict[str, forms.Field]]]:
    """The forms that store words, with their fields for them."""
    for form in once_each(room.forms):
        found = {name: one for name, one in fields_of(form).items() if stored(form, name)}
        if found and form.method == "post" and "request_id" in names(form):
            yield form, found


def once_each(found: Iterable[Form]) -> Iterator[Form]:
    """Of forms that differ in their button alone, the first that does more than look."""
    seen = set[tuple[str, frozenset[str]]]()
    for form in found:
        key = (form.action, frozenset(form.words))
        if key not in seen and not (form.button and form.button[0] in LOOKS):
            seen.add(key)
            yield form


def names(form: Form) -> set[str]:
    return {one.name for one in form.fields}


def stored(form: Form, name: str) -> bool:
    """Whether the words of the field are stored as they are: not those that look for something, or have a format."""
    looks = form.words[name] == "search" or (name == "quote" and "start" in names(form))
    return not looks and form.words[name] not in strings.FORMATS


def deeds_without_reason(form: Form) -> bool:
    """The foot's other buttons only ask for the reason; what was typed goes along."""
    return bool(re.search(r"/(withdraw|send-back)/$", form.action)) and "reason" not in form.words


def once_only(form: Form) -> bool:
    """Whether the form writes rows of the newsroom, once each: not a person's own account."""
    return not deeds_without_reason(form) and "part" not in names(form)


def filled(form: Form, **words: str) -> dict[str, Any]:
    """What the form would send with these words, and with what else it needs."""
    needs = {
        "title": "A title",
        "name": "A name",
        "reason": "A reason",
        "statement": "Something is so.",
        "rationale": "So.",
    }
    if "start" in names(form):
        needs["quote"] = "The piers were sound" if "statement" in form.words else "Box 212"
    own = {name: value for name, value in needs.items() if name in form.words}
    return form.sent(**own | words | ({"source": "new"} if "another" not in words and "stance" in names(form) else {}))


def written(since: int) -> set[str]:
    """Every word that acts after `since` wrote into a row or gave as their reason."""
    found: set[str] = set()
    for change in Change.objects.filter(act__gt=since):
        if change.said:
            found |= {value for value in change.said.after.values() if isinstance(value, str)}
    found |= {act.reason for act in Act.objects.filter(act__gt=since)}
    return found | set(User.objects.values_list("name", flat=True))


def last_act() -> int:
    return Act.objects.aggregate(last=Max("act"))["last"] or 0


def refusals(answer: Any) -> list[str]:
    """What the page says was wrong."""
    page = answer.content.decode().partition('<template id="lost">')[0]
    marks = r'role="alert".*?</div>|<p class="error".*?</p>|<div class="sheet cropped refusal">.*?</p>'
    return re.findall(marks, page, re.DOTALL)


def shown(client: Client, room: Room, answer: Any) -> str:
    """What stands on the page after the form, on both trails and, of another article, in its report."""
    found = re.match(r"/articles/(\d+)/", answer.get("Location", ""))
    article = int(found[1]) if found else room.article.pk
    addresses = ["/team/trail/", f"/articles/{article}/trail/"]
    addresses += [f"/articles/{article}/report/"] if article != room.article.pk else []
    pages = [answer] if answer.status_code == 200 else [client.get(answer["Location"])]
    return "\x00".join(page_of(page).text for page in [*pages, *map(client.get, addresses)])


def sends_and_finds(client: Client, room: Room, form: Form, words: dict[str, str], *, looks: bool = True) -> None:
    """Send the form; its words are in the rows as they were typed, and on the pages that follow."""
    with undone():
        before = last_act()
        answer = client.post(form.action, filled(form, **words))
        said = f"{form.action} {answer.status_code}: {refusals(answer)}"
        assert answer.status_code in {200, 302, 303}, said
        kept, fields = written(before), fields_of(form)
        words = {name: strings.as_kept(fields[name], text) for name, text in words.items()}
        for name, text in words.items():
            assert text in kept, f"{form.action} {name}: {text!r}"
        page = shown(client, room, answer) if looks else ""
        for name, text in words.items() if looks else ():
            assert text in page, f"{form.action} {name} is not shown: {text!r}"


# --- the fields are all there ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_field_for_words_in_the_code_stands_in_a_form_that_was_found(room: Room) -> None:
    for cls in classes():
        own = words_of(cls).keys()
        assert any(own <= names(form) for form in room.forms), f"{cls.__qualname__}: {sorted(own)}"


@pytest.mark.django_db
def test_enough_forms_were_found(room: Room) -> None:
    assert len(list(writing(room))) >= 15
    assert sum(len(found) for _form, found in writing(room)) >= 35


# --- strings go in and come out -------------------------------------------------------------------------------------


def packs(found: dict[str, forms.Field], offset: int) -> Iterator[dict[str, str]]:
    """Texts for all fields of a form, full of strings; `offset` is the string that each begins with."""
    every = strings.everything()
    turned = [*every[offset:], *every[:offset]]
    by_name = {name: list(strings.packed(turned, one, min(one.max_length or 0, 4000))) for name, one in found.items()}
    for at in range(max(len(texts) for texts in by_name.values())):
        yield {name: texts[at % len(texts)] for name, texts in by_name.items()}


@pytest.mark.django_db
def test_naughty_strings_are_stored_and_shown_as_they_were_typed(room: Room) -> None:
    client = room.client()
    for number, (form, found) in enumerate(writing(room)):
        if deeds_without_reason(form):
            continue
        offset = number * 41 % len(strings.everything())
        for words in itertools.islice(packs(found, offset), PER_FORM):
            sends_and_finds(client, room, form, words)


@pytest.mark.slow
@pytest.mark.django_db
def test_all_naughty_strings_go_through_every_field(room: Room) -> None:
    client = room.client()
    for form, found in writing(room):
        if not deeds_without_reason(form):
            for at, words in enumerate(packs(found, 0)):
                sends_and_finds(client, room, form, words, looks=at % 25 == 0)


@pytest.mark.slow
@pytest.mark.django_db
def test_each_naughty_string_alone_is_kept_or_refused_by_a_rule(room: Room) -> None:
    client = room.client()
    for number, (form, found) in enumerate(writing(room)):
        # at the beginning and the end of a field; in the middle every one of them stands in every field, above
        for text in strings.everything()[number % 3 :: 3] if not deeds_without_reason(form) else ():
            alone(client, form, found, text)


def alone(client: Client, form: Form, found: dict[str, forms.Field], text: str) -> None:
    """One string in all fields that have to take it; in each that may refuse it, one after the other."""
    blank = not text.strip()  # in a field that may be empty it is nothing, which some verdict may ask for
    takes = {name: text for name, one in found.items() if not blank and not strings.refusal(one, text)}
    with undone():
        before = last_act()
        answer = client.post(form.action, filled(form, **takes))
        assert answer.status_code in {200, 302, 303}, f"{form.action} {takes}"
        kept = written(before)
        for name in takes:
            assert strings.as_kept(found[name], text) in kept | {""}, f"{form.action} {name} {text!r}"
    for name in {name for name, one in found.items() if strings.refusal(one, text)}:
        if blank and name == "statement" and "start" in names(form):
            continue  # a new claim without a statement of its own states its quote
        refused(client, form, name, text)


def refused(client: Client, form: Form, name: str, text: str) -> None:
    """The form comes back with the string in it, and nothing is written."""
    with undone():
        before = last_act()
        answer = client.post(form.action, filled(form, **{name: text}))
        assert 400 <= answer.status_code < 500, f"{form.action} {name} {text!r}: {answer.status_code}"
        assert last_act() == before
        assert gives_back(answer, text), f"{form.action} {name} {text!r}"


def gives_back(answer: Any, text: str) -> bool:
    """Whether the text stands in the answer; a NUL as the sign that stands for it on a page."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    page = page_of(answer).text.replace("\r\n", "\n").replace("\r", "\n")
    return not plain.strip() or any(one in page for one in (plain, plain.strip(), plain.replace("\0", "\ufffd")))


# --- hostile values -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_no_value_of_any_field_breaks_anything_and_none_is_lost(room: Room) -> None:
    """Each form × a sixth of the values that parsers stumble over; over all forms, every one of them many times."""
    for number, form in enumerate(once_each(room.forms)):
        throws_all(room, form, strings.HOSTILE[number % 6 :: 6], every=4)


@pytest.mark.slow
@pytest.mark.django_db
def test_no_value_of_any_field_and_button_breaks_anything(room: Room) -> None:
    for form in room.forms:
        throws_all(room, form, strings.HOSTILE)


def throws_all(room: Room, form: Form, values: list[str], every: int = 1) -> None:
    """Each value in all fields for words at once; then one after the other in each (or `every`) field that is none."""
    signed_out = form.page.startswith(("/accounts/login", "/accounts/password/reset", "/accounts/join"))
    client, turns = Client() if signed_out else room.client(), itertools.cycle(values)
    for text in values if form.words else values[::6]:
        cache.clear()  # who tries that often to sign in is asked to wait
        throws(client, form, dict.fromkeys(form.words, text), text)
    for one in form.fields[::every]:
        if one.name not in {"", "csrfmiddlewaretoken", *form.words} and not one.name.startswith("kind-"):
            throws(client, form, {one.name: next(turns)}, "")


def throws(client: Client, form: Form, values: dict[str, str], text: str) -> None:
    """Send it; a refusal says why, and has the typed text in it."""
    with undone():
        sent = form.sent(**values)
        answer = client.post(form.action, sent) if form.method == "post" else client.get(form.action, sent)
        told = f"{form.method} {form.action} {sorted(values)} {text[:80]!r}: {answer.status_code}"
        assert answer.status_code < 500, told
        if answer.status_code >= 400 and form.method == "post":
            assert refusals(answer), told
            assert gives_back(answer, text), told


@pytest.mark.django_db
def test_no_missing_key_breaks_anything_or_gets_round_a_check(room: Room) -> None:
    client = room.client()
    for number, (form, found) in enumerate(writing(room)):
        for name in {"request_id", "version", sorted(names(form))[number % len(names(form))]} & names(form):
            assert_not_fooled(client, form, found, name)
        with undone():
            assert client.post(form.action, {}).status_code < 500, form.action


@pytest.mark.slow
@pytest.mark.django_db
def test_no_key_of_any_form_may_be_missing_without_an_answer(room: Room) -> None:
    for form, found in writing(room):
        for name in names(form) - {"csrfmiddlewaretoken"}:
            assert_not_fooled(room.client(), form, found, name)


def assert_not_fooled(client: Client, form: Form, found: dict[str, forms.Field], name: str) -> None:
    """Without a key: no fault; without the request's id nothing is written, without the version it counts as stale."""
    with undone():
        full = filled(form, **dict.fromkeys(found, TYPED))
        answer = client.post(form.action, {key: value for key, value in full.items() if key != name})
        assert answer.status_code < 500, f"{form.action} without {name}"
        if once_only(form) and name in {"request_id", "version"}:
            assert answer.status_code == {"request_id": 422, "version": 409}[name], form.action


@pytest.mark.django_db
def test_a_field_sent_twice_is_read_once(room: Room) -> None:
    client = room.client()
    for form, found in writing(room):
        with undone():
            twice = {name: ["First", "Second"] for name in found}
            assert client.post(form.action, filled(form) | twice).status_code < 500


# --- a session that ended -------------------------------------------------------------------------------------------


def typing(room: Room) -> Iterator[Form]:
    """Every form that a signed-in person types words into and sends."""
    for form in once_each(room.forms):
        guarded = not form.page.startswith(("/accounts/login", "/accounts/password", "/accounts/join"))
        if form.method == "post" and form.words and guarded and form.button and form.button[0] not in LOOKS:
            yield form


@pytest.mark.django_db
def test_what_was_typed_when_the_session_had_ended_comes_back_to_its_person_in_every_form(room: Room) -> None:
    mine, theirs = room.client(), room.client(room.teammate)
    for form in typing(room):
        words = {name: f"{TYPED} {name}" for name, kind in form.words.items() if kind != "search"}
        with undone():
            answer = Client().post(form.action, form.sent(**words))
            assert answer["Location"].startswith("/accounts/login/?next="), form.action
            assert "kept=1" in answer["Location"], form.action
            other = theirs.get(form.action).content.decode()
            for _reload in range(2):
                page = page_of(mine.get(form.action))
                for text in words.values():
                    assert page.holds(text), f"{form.action}: {text}"
                    assert text not in other
                assert page.holds("Your session had ended"), form.action


@pytest.mark.django_db
def test_it_is_forgotten_once_it_was_sent_or_dropped(room: Room) -> None:
    mine = room.client()
    for form in itertools.islice(typing(room), 0, None, 2):
        if deeds_without_reason(form) or "email" in form.words or "sha256" in names(form):
            continue
        words = {name: TYPED for name, kind in form.words.items() if kind not in {"search", "url"} and name != "quote"}
        with undone():
            Client().post(form.action, filled(form, **words))
            back = next(
                one
                for one in page_of(mine.get(form.action), form.action).forms
                if one.action == form.action and one.button == form.button and words.keys() <= one.words.keys()
            )
            sent = filled(back, **words)
            assert "kept" in sent or "part" in sent, form.action
            if "step" not in sent:
                assert mine.post(form.action, sent).status_code in {200, 302, 303}, form.action
                assert not Stash.objects.exists(), form.action
        with undone():
            Client().post(form.action, filled(form, **words))
            page = page_of(mine.get(form.action), form.action)
            (drop,) = [one for one in page.forms if one.button and one.button[0] == "drop_kept"]
            assert mine.post(drop.action, drop.sent()).status_code == 302
            assert not Stash.objects.exists(), form.action


# --- a tab that was open too long -----------------------------------------------------------------------------------


def changed_by_another(room: Room, form: Form) -> None:
    """Somebody else sends the same form, as it stands, with a change of their own."""
    theirs = {name: f"Changed by another, {name}" for name in fields_of(form) if stored(form, name)}
    answer = room.client().post(form.action, filled(form, **theirs) | keys())
    assert answer.status_code in {200, 302, 303}, f"{form.action}: {refusals(answer)}"


@pytest.mark.django_db
def test_a_stale_tab_of_every_form_is_told_of_the_change_and_keeps_its_text(room: Room) -> None:
    client, checked = room.client(), 0
    for form, found in writing(room):
        if "version" not in names(form) or deeds_without_reason(form):
            continue
        words = {name: f"{TYPED} {name}" for name in found}
        with undone():
            changed_by_another(room, form)
            answer = client.post(form.action, filled(form, **words) | {"request_id": keys()["request_id"]})
            page = page_of(answer)
            assert answer.status_code in {404, 409}, f"{form.action}: {answer.status_code}"
            assert page.holds("while you were writing") or answer.status_code == 404, form.action
            for text in words.values():
                assert page.holds(text), f"{form.action}: {text}"
            checked += 1
    assert checked >= 8


@pytest.mark.django_db
def test_back_after_every_form_and_sent_again_makes_no_double_and_says_so(room: Room) -> None:
    client = room.client()
    for form, found in writing(room):
        if not once_only(form):
            continue
        with undone():
            sent = filled(form, **{name: f"{TYPED} {name}" for name in found})
            first = client.post(form.action, sent)
            acts = last_act()
            again = client.post(form.action, sent)
            assert (first.status_code, first.get("Location")) == (again.status_code, again.get("Location")), form.action
            assert last_act() == acts, form.action
            retyped = client.post(form.action, sent | {name: f"Retyped {name}" for name in found})
            assert retyped.status_code in {404, 409}, form.action
            assert last_act() == acts, form.action
            for name in found:
                assert page_of(retyped).holds(f"Retyped {name}"), form.action
