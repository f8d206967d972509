"""Where a text was published: the outlet, and the address of its page."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from .features import WORD
from .names import PARTICLES, words_of

RIGHTS: Final = re.compile(
    r"(?:©|\(c\)|\bcopyright\b)(?:\s|©|\(c\)|copyright|all rights reserved|by\b|\d{4}|[-–,.])*", re.IGNORECASE
)
ABOUT: Final = re.compile(
    r"(?:about|contact|follow|support|subscribe to|donate to|advertise with|more from|über|acerca de|sobre|"
    r"à propos de|quiénes somos en|chi siamo|o serwisie|om)\s+",
    re.IGNORECASE,
)
ADDRESS: Final = re.compile(r"https?://[^\s<>\"“”]{4,2000}", re.IGNORECASE)
ADDRESS_LABEL: Final = re.compile(r"(?:url|link|source|quelle|fuente|permalink|address|from)?\s*:?\s*", re.IGNORECASE)
COMPANY: Final = words_of("ltd ltd. limited inc inc. llc gmbh ag plc corp corp. s.a. sa co co. company")
NO_OUTLET: Final = words_of(
    """us the this author all rights reserved privacy terms policy contact copyright advertisement cookies site our
    our team me you your more news uns autor nosotros nous alle todos tous menu home"""
)
LEADING_OVER: Final = PARTICLES | frozenset({"and", "und", "&", "for", "all", "alle", "todos", "tous"})
MOST_WORDS: Final = 5


def outlet_in(furniture: Sequence[str], everything: str) -> str:
    """The outlet that a page's furniture names: in its copyright line or as what it is "about"; "" if none.

    `everything` is the whole text: a name that stands there again and again is likelier.
    """
    scores: Counter[str] = Counter()
    for line in furniture:
        if len(line) <= 300:
            for name, weight in named_in(line):
                scores[name] = max(scores[name], weight)
    best = ("", 1)
    for name, weight in scores.items():
        score = weight + min(everything.count(name) - 1, 6)
        best = max(best, (name, score), key=lambda pair: pair[1])
    return best[0]


def named_in(line: str) -> list[tuple[str, int]]:
    """Names that a line of furniture may give the outlet, each with its weight."""
    found = [(capitalised(line[match.end() :]), 2) for match in RIGHTS.finditer(line)]
    about = ABOUT.match(line)
    if about and len(line.split()) <= MOST_WORDS + 2:
        found.append((capitalised(line[about.end() :]), 1))
    return [(name, weight) for name, weight in found if name]


def capitalised(words: str) -> str:
    """The name at the start of `words`: up to five words with a capital, without the form of its company."""
    name: list[str] = []
    for word in re.split(r"\s+", words.strip(), maxsplit=MOST_WORDS + 1)[: MOST_WORDS + 1]:
        bare = word.strip('.,;|·•()"“”')
        if not bare or bare.lower() in COMPANY or (name and bare.isdecimal()) or not name_like(bare):
            break
        name.append(bare)
        if bare != word and word[-1] in ".,;|·•)":
            break
    name = name[:MOST_WORDS]
    while name and name[-1].lower() in LEADING_OVER:
        name.pop()
    if name and name[0] in LEADING_OVER:
        return ""
    telling = [word for word in name if word.lower() not in NO_OUTLET]
    return " ".join(name) if telling and any(map(str.isalpha, "".join(telling))) else ""


def name_like(word: str) -> bool:
    """Whether a word may stand in an outlet's name: with a capital or a digit, a particle, or an address."""
    return (
        word[0].isupper()
        or word[0].isdigit()
        or word.lower() in LEADING_OVER
        or bool(re.fullmatch(r"[\w-]+\.\w{2,6}", word))
    )


def address_in(head: Sequence[str], furniture: Sequence[str], title: str) -> str:
    """The page's own address: alone in a line of the head, or with the title's words in its path; "" if none."""
    for line in head:
        label = ADDRESS_LABEL.match(line)
        alone = ADDRESS.fullmatch(line[label.end() :] if label else line)
        if alone:
            return trimmed(alone[0])
    telling = {word.lower() for word in WORD.findall(title) if len(word) > 3}
    for line in furniture:
        for match in ADDRESS.finditer(line):
            path = {word.lower() for word in re.split(r"[\W_]+", unquote(path_of(match[0])))}
            if len(telling & path) >= max(2, len(telling) / 2):
                return trimmed(match[0])
    return ""


def path_of(address: str) -> str:
    """The path of an address, "" of none."""
    try:
        return urlsplit(address).path
    except ValueError:
        return ""


def trimmed(address: str) -> str:
    """An address without the sentence's punctuation after it; "" where it is none."""
    address = address.rstrip(".,;:!?)]}’'…")
    try:
        return address if urlsplit(address).hostname else ""
    except ValueError:
        return ""
