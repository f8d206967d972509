"""Strings as what is looked for, as parts of addresses, as headers: found, or not; never a fault, never a way out."""

from collections.abc import Callable
from itertools import cycle, islice
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from claims import search
from claims.actions import articles, sources
from claims.models import Article, Claim, Source, Team, User
from claims.trail import act
from tests.naughty import strings
from tests.naughty.pages import Page
from tests.people import keys, support

pytestmark = pytest.mark.django_db
As = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def queries(article: int) -> list[tuple[str, tuple[str, ...], dict[str, str]]]:
    """Every address that reads its query: the names it knows, and headers."""
    desk, trail = reverse("desk", args=[article]), reverse("article_trail", args=[article])
    claim = reverse("claim", args=[article, 1])
    return [
        ("/queue/", ("kind", "page"), {}),
        ("/articles/", ("q", "stage", "person", "due", "sort", "page"), {}),
        ("/sources/", ("q", "kind", "origin", "page"), {}),
        ("/sources/find/", ("words", "origin_words", "as", "source", "origin", "article"), HTMX),
        ("/sources/new/", ("kept",), {}),
        (desk, ("claim", "verdict"), {}),
        (desk + "claims/", ("start", "end", "kept"), {}),
        (claim, ("edit", "verdict", "kept"), {}),
        (claim + "evidence/", ("words",), {}),
        (trail, ("person", "act", "claim", "since", "page"), {}),
        ("/team/trail/", ("person", "act", "since", "page"), {}),
        ("/accounts/login/", ("next", "kept"), {}),
        ("/accounts/logout/", ("next",), {}),
    ]


def asked(client: Client, article: Article, address: tuple[str, tuple[str, ...], dict[str, str]], words: str) -> None:
    """Ask for the address with the words as the value of all that its query may hold."""
    path, names, headers = address
    query = dict.fromkeys(names, words[:1500]) | ({"team": str(article.team_id)} if "find" in path else {})
    answer = client.get(path, query, headers=headers)
    assert answer.status_code < 500, f"{path} {words[:60]!r}"


def test_no_query_breaks_a_page(as_: As, claim: Claim, checker: User) -> None:
    support(claim, checker)
    client, turns = as_(checker), cycle(strings.HOSTILE)
    for address in queries(claim.article_id):
        for words in islice(turns, 3):
            asked(client, claim.article, address, words)


@pytest.mark.slow
def test_no_query_of_any_word_breaks_any_page(as_: As, claim: Claim, checker: User) -> None:
    support(claim, checker)
    client = as_(checker)
    for address in queries(claim.article_id):
        for words in (*strings.HOSTILE, *strings.everything()[::5]):
            asked(client, claim.article, address, words)


def looked_for(client: Client, words: str, paths: tuple[str, ...]) -> None:
    """The words stand in the field for them, whatever they find."""
    for path in paths if 0 < len(words.strip()) <= 200 and "\n" not in words else ():
        assert words in Page(client.get(path, {"q": words}).content.decode()).values, f"{path} {words!r}"


def test_what_is_looked_for_comes_back_in_its_field(as_: As, claim: Claim, checker: User) -> None:
    support(claim, checker)
    client = as_(checker)
    for number, words in enumerate(strings.everything()[::25]):
        looked_for(client, words, (("/articles/", "/sources/")[number % 2],))


@pytest.mark.slow
def test_all_that_is_looked_for_comes_back_in_its_field(as_: As, claim: Claim, checker: User) -> None:
    support(claim, checker)
    client = as_(checker)
    for words in strings.everything():
        looked_for(client, words, ("/articles/", "/sources/"))


def is_all_words(title: str) -> bool:
    """Whether a search takes all of a title for words: no sign of the search's own, and a letter or figure in each."""
    parts = title.split()
    own = any(part.startswith("-") or '"' in part or part == "OR" for part in parts)
    return 0 < len(parts) <= 12 and not own and all(any(map(str.isalnum, part)) for part in parts)


def test_a_source_with_a_naughty_title_is_found_by_its_words(as_: As, claim: Claim, checker: User) -> None:
    client = as_(checker)
    titles = [words for words in strings.everything() if is_all_words(words) and words.isprintable()][::6]
    for title in titles:
        sources.add_source(actor=checker, team=claim.team, title=title[:200].strip())
    for source in Source.objects.all():
        asked = {"team": claim.team_id, "words": source.title}
        assert Page(client.get("/sources/find/", asked, headers=HTMX).content.decode()).holds(source.title), (
            source.title
        )
    assert Source.objects.count() == len(titles) >= 5


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("<script>alert(1)</script>", "alert"),
        ("<script>alert(1)</script>", '"script alert"'),
        ("<img src=x onerror=alert(1)>", "onerror"),
        ("‹The night shift›", "shift"),
        ("&nbsp; and &lt;b&gt;", "nbsp"),
        ("Table ⁰⁴⁵₀₁₂", "045012"),
        ("Table 045012", "⁰⁴⁵₀₁₂"),
        ("A ﬁne of £500", "fine"),
        ("The ＧＡＬＬＥＹ ＇24", "galley '24"),
        ("C:\\reports\\HW/26/118", "118"),
    ],
)
def test_words_are_found_in_any_signs_around_them_and_letters_of_any_shape(
    claim: Claim, checker: User, title: str, words: str
) -> None:
    source = sources.add_source(actor=checker, team=claim.team, title=title)
    assert [found.pk for found in search.sources(claim.team, words)] == [source.pk]


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Pacific/Kiritimati", "America/New_York"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "0002-01-01", "9998-12-31"])
def test_no_day_of_any_calendar_breaks_a_trail(as_: As, claim: Claim, checker: User, zone: str, day: str) -> None:
    with act("team.policy", checker):
        claim.team.timezone = zone
        claim.team.save(update_fields=["timezone"])
    page = as_(checker).get(reverse("article_trail", args=[claim.article_id]), {"since": day})
    assert page.status_code == 200
    assert ("Give a year from 2 to 9998." in page.content.decode()) == (day[:4] in {"0001", "9999"})


# --- headers ---------------------------------------------------------------------------------------------------------

ODD = [words for words in [*strings.HOSTILE, *strings.everything()] if words.isascii() and words.isprintable()]


READ = ("Referer", "Accept-Language", "HX-Current-URL", "HX-Target", "HX-Source", "Accept", "User-Agent")


def test_no_header_that_is_read_breaks_a_page_or_a_form(as_: As, claim: Claim, checker: User) -> None:
    client = as_(checker)
    address = reverse("claim", args=[claim.article_id, 1])
    for number, words in enumerate(ODD[::40]):
        headers = HTMX | dict.fromkeys(READ, words[:2000])
        assert client.get(address, headers=headers).status_code == 200, words
        sent = {"statement": f"Number {number}", "kind": "other", "risk": "low"}
        answer = client.post(address, sent | keys(Claim.objects.get().row_version), headers=headers)
        assert answer.status_code == 200, words


@pytest.mark.parametrize("words", ["http://[::1", "http://a]b/", "//[", "http://[v1.x]/articles/"])
def test_an_address_that_is_none_is_no_page_of_the_desk(as_: As, claim: Claim, checker: User, words: str) -> None:
    address = reverse("claim", args=[claim.article_id, 1])
    assert as_(checker).get(address, headers=HTMX | {"HX-Current-URL": words}).status_code == 200


def test_a_strange_host_is_refused_and_never_repeated(client: Client) -> None:
    for words in ODD[::3]:
        host = words[:200]
        answer = client.get("/accounts/login/", headers={"Host": host})
        assert answer.status_code == 400 or host in {"localhost", "testserver"}, host
        assert host == "" or len(host) < 9 or host not in answer.content.decode()


def test_next_leads_nowhere_else(client: Client, checker: User) -> None:
    ways = [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\tjavascript:x",
        *ODD[:60:4],
    ]
    for way in ways:
        cache.clear()
        sent = {"login": checker.email, "password": "correct-horse-battery", "next": way[:1500]}
        answer = Client().post("/accounts/login/", sent)
        assert answer.status_code == 302, way
        to = urlsplit(answer["Location"])
        assert (to.scheme, to.netloc) == ("", ""), answer["Location"]


def test_what_was_typed_comes_back_behind_any_address(as_: As, claim: Claim, checker: User) -> None:
    for query in ("?next=//evil.example", "?" + urlencode({"a": "<script>"}), "?kept=99999999999999999999"):
        answer = Client().get(reverse("claim", args=[claim.article_id, 1]) + query)
        assert answer["Location"].startswith("/accounts/login/?next=/articles/") or "%3F" in answer["Location"]


# --- words of the text ----------------------------------------------------------------------------------------------


def logged(client: Client, article: Article, **sent: Any) -> Any:
    facts = {"kind": "other", "risk": "medium", "statement": "", "said_by": "", "reported_by": ""}
    return client.post(reverse("log_claim", args=[article.pk]), facts | sent | keys())


def test_a_quote_that_is_not_in_the_text_is_told_so_and_kept(as_: As, article: Article, checker: User) -> None:
    answer = logged(as_(checker), article, quote="Words of another article", statement="Mine")
    page = Page(answer.content.decode())
    assert answer.status_code == 422
    for words in ("These words do not stand in the text", "Words of another article", "Mine"):
        assert page.holds(words)
    assert not Claim.objects.exists()


def test_a_quote_that_stands_there_twice_asks_which_and_takes_the_answer(
    as_: As, article: Article, checker: User
) -> None:
    client = as_(checker)
    answer = logged(client, article, quote="£31.4 million", statement="Mine")
    page = Page(answer.content.decode())
    assert (answer.status_code, page.holds("these words stand in the text twice")) == (422, True)
    assert page.holds("Mine")
    (form,) = [one for one in page.forms if one.action.endswith("/claims/") and one.button == ("", "")]
    radios = [given for tag, given in page.tags if given.get("name") == "place"]
    places = [given["value"] for given in radios if given.get("value")]
    assert len(places) == 2
    assert client.post(reverse("log_claim", args=[article.pk]), form.sent(place=places[1])).status_code == 303
    anchor = Claim.objects.get().anchors.get()
    assert f"{anchor.start}-{anchor.end}" == places[1]


def test_words_that_stand_everywhere_are_not_listed_but_counted(as_: As, team: Team, checker: User) -> None:
    text = "Ever the same. " * 4000
    article = articles.import_article(actor=checker, team=team, blocks=[("paragraph", text)], title="Refrain")
    answer = logged(as_(checker), article, quote="the same")
    said = "These words stand in the text 4,000 times. Add the words around them"
    assert (answer.status_code, Page(answer.content.decode()).holds(said)) == (422, True)
    assert len(answer.content) < 10 * len(text)
