"""The addresses of every list: each tab, filter, order and page, and words of every kind."""

from urllib.parse import urlencode

from tests.bench.lists.newsrooms import Newsroom


def word(n: int) -> str:
    """Word n of the vocabulary in newsrooms.sql; the smaller, the more frequent."""
    return "".join(chr(97 + (n * (7 + i * 13) + n // (i * 26 + 1)) % 26) for i in range(1, 4 + n % 7))


def queue(_newsroom: Newsroom) -> list[str]:
    tabs = [f"/queue/?{urlencode({'kind': kind})}" for kind in ("sent-back", "recheck", "to-review", "to-check")]
    return ["/queue/", *tabs, *(f"{tab}&page={page}" for tab in tabs for page in (2, 40))]


WORDS = {
    "frequent": word(0),
    "in nearly every text": word(3),
    "a beginning": word(40)[:2],
    "middling": word(900),
    "rare": word(19_500),
    "absent": "xylophonist",
    "two frequent": f"{word(0)} {word(1)}",
    "frequent and rare": f"{word(0)} {word(19_000)}",
    "three": f"{word(5)} {word(60)} {word(700)}",
    "a phrase": f'"{word(0)} {word(1)}"',
    "one without another": f"{word(12)} -{word(0)}",
    "either": f"{word(15_000)} OR {word(1)}",
}


def articles(newsroom: Newsroom) -> list[str]:
    person = newsroom.team * 100 + 3
    filters: list[dict[str, object]] = [
        *({"stage": stage} for stage in ("checking", "ready", "published", "closed")),
        *({"due": due} for due in ("past", "today", "week", "none")),
        {"person": person},
        {"stage": "checking", "due": "week", "person": person},
        {"q": word(0), "stage": "checking"},
        {"q": word(0), "person": person},
        *({"q": words} for words in WORDS.values()),
    ]
    last = newsroom.articles // 25
    pages: list[dict[str, object]] = [{}, {"page": 2}, {"page": max(last // 2, 1)}, {"page": last}]
    asked = [*pages, *filters]
    return [f"/articles/?{urlencode(one | order)}" for order in ({}, {"sort": "act"}) for one in asked]


def sources(newsroom: Newsroom) -> list[str]:
    last = newsroom.articles * 10 // 50
    asked: list[dict[str, object]] = [
        *({"page": page} for page in (1, 2, max(last // 2, 1), last)),
        *({"kind": kind} for kind in ("page", "document", "person")),
        *({"origin": origin} for origin in ("unknown", "itself", "source")),
        {"kind": "document", "origin": "unknown", "page": 3},
        *({"q": words} for words in WORDS.values()),
        {"q": "publisher 12"},
        {"q": word(0), "kind": "document"},
    ]
    found = [f"/sources/find/?{urlencode({'team': newsroom.team, 'words': words})}" for words in WORDS.values()]
    return [*(f"/sources/?{urlencode(one)}" for one in asked), *found]
