"""An article that is made of the strings, with claims and evidence full of them: for tests of what comes out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django import forms
from django.test import Client

from claims.actions import claims, evidence, verdicts
from claims.anchors import Span
from claims.forms.claims import EditClaim
from claims.forms.evidence import AttachForm
from claims.forms.sources import SourceForm
from claims.forms.verdicts import VerdictForm
from claims.models import Article, Claim, Team, User
from tests.naughty import strings
from tests.naughty.newsroom import page_of
from tests.people import verdict

IMPORT = "/articles/import/"
MARKUP = re.compile(r"(#{1,6}|>)[ \t]")


@dataclass
class Lawless:
    """The article, and the words that were given for each field of its claims, evidence and sources."""

    article: Article
    words: dict[str, list[str]] = field(default_factory=dict)


def blocks() -> list[str]:
    """The strings that can be a paragraph: in one line, without what Markdown takes for a heading or a quote."""
    kept = (one.strip() for one in strings.everything() if not strings.UNKEEPABLE.search(one))
    return [one for one in kept if one and len(one.splitlines()) == 1 and "\r" not in one and not MARKUP.match(one)]


def imported(client: Client) -> Article:
    """Paste all strings, a paragraph each, keep every block."""
    first = next(form for form in page_of(client.get(IMPORT), IMPORT).forms if "text" in form.words)
    page = page_of(client.post(IMPORT, first.sent(text="\r\n\r\n".join(blocks()))), IMPORT)
    (second,) = [form for form in page.forms if "title" in form.words]
    numbers = [given["value"] for tag, given in page.tags if tag == "input" and given.get("name") == "keep"]
    answer = client.post(IMPORT, second.sent(keep=numbers, title=blocks()[0], url=""))
    assert answer.status_code == 302, answer.status_code
    return Article.objects.latest("pk")


def build(client: Client, team: Team, checker: User, reviewer: User, count: int = 12) -> Lawless:
    """The article with `count` claims, each with evidence and a verdict, all full of strings."""
    made = Lawless(imported(client))
    places = [Span(piece.start, piece.end) for piece in made.article.latest_version().pieces]
    for words in _rounds(made, count):
        facts = {name: words[name] for name in ("statement", "said_by", "reported_by")}
        claim = claims.log_claim(actor=checker, article=made.article, places=[places.pop()], kind="other", **facts)
        source = {"title": words["title"], "publisher": words["publisher"], "kind": "page", "origin_kind": "itself"}
        said = {name: words[name] for name in ("quote", "locator", "note")}
        evidence.attach(actor=checker, claim=claim, stance="supports", new_source=source, **said)
        given = {name: words[name] for name in ("rationale", "proposed_wording", "searched")}
        proposed = verdicts.propose(actor=checker, claim=Claim.objects.get(pk=claim.pk), verdict=verdict(team, **given))
        if claim.number % 2:
            verdicts.decide(actor=reviewer, claim=proposed, verdict=verdict(team, **given))
    return made


def _rounds(made: Lawless, count: int) -> Iterator[dict[str, str]]:
    """`count` times words for every field; each field begins with another string."""
    every, found = strings.everything(), dict[str, list[str]]()
    for number, (name, one) in enumerate(_fields()):
        turn = number * 53 % len(every)
        found[name] = list(strings.packed([*every[turn:], *every[:turn]], one, min(one.max_length or 0, 2500)))
    for at in range(count):
        words = {name: texts[at % len(texts)] for name, texts in found.items()}
        words = {name: strings.as_kept(dict(_fields())[name], text) for name, text in words.items()}
        for name, text in words.items():
            made.words.setdefault(name, []).append(text)
        yield words


def _fields() -> Iterable[tuple[str, forms.CharField]]:
    wanted = {
        EditClaim: ("statement", "said_by", "reported_by"),
        SourceForm: ("title", "publisher"),
        AttachForm: ("quote", "locator", "note"),
        VerdictForm: ("rationale", "proposed_wording", "searched"),
    }
    return [(name, form.base_fields[name]) for form, names in wanted.items() for name in names]
