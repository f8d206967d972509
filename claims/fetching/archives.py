"""A request to a public web archive that it keeps a page too, and its answer.

By the shape of the Internet Archive's Save Page Now: with a key a POST, then questions how far it is; without one a GET
of BASE/ADDRESS, whose answer says where the page is kept. The archive fetches the page itself: what it keeps is as the
page was then, for whoever the archive is.
"""

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

from claims.fetching.posting import Answered, ask, sound
from claims.fetching.reach import Resolve, resolved
from claims.fetching.results import Limits, Unreachable
from claims.fetching.urls import onward, parse

LIMITS: Final = Limits(bytes=64 * 1024, seconds=120.0)  # an archive answers when it has fetched the page
TRIES: Final = 12
PAUSE: Final = 5.0
LONGEST: Final = 4000  # characters of an answer that are kept


class NotArchived(Exception):
    """The archive answered that it does not keep the page: str() says why. Another try will not help."""


@dataclass(frozen=True)
class Archive:
    """An archive as a setting names it: its address, and the key that it knows us by."""

    base: str
    key: str = ""

    @classmethod
    def named(cls, setting: str) -> "Archive":
        """Of https://[ACCESS:SECRET@]HOST/PATH."""
        parts = urlsplit(setting)
        key, _at, netloc = parts.netloc.rpartition("@")
        return cls(urlunsplit(parts._replace(netloc=netloc)).rstrip("/"), key)

    @property
    def host(self) -> str:
        return urlsplit(self.base).netloc


@dataclass(frozen=True)
class Archived:
    """What the archive answered, step by step, and where it keeps the page."""

    url: str
    location: str
    answers: tuple[Answered, ...]

    def as_json(self) -> bytes:
        """All of it, to be kept. No key is in it."""
        said = {"asked_for": self.url, "location": self.location, "answers": [_told(one) for one in self.answers]}
        return json.dumps(said, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def archive(
    url: str,
    by: Archive,
    *,
    limits: Limits = LIMITS,
    allowed: frozenset[str] = frozenset(),
    resolve: Resolve = resolved,
    pause: Callable[[float], object] = time.sleep,
) -> Archived:
    """Ask the archive to keep what the address says. Unreachable, NotArchived."""
    page, there = parse(url).url, parse(by.base)
    if by.key and there.scheme != "https" and there.pair not in allowed:
        raise NotArchived("The archive’s key is sent over https alone.")

    def asked(address: str, **more: Any) -> Answered:
        return ask(address, limits=limits, allowed=allowed, resolve=resolve, beginning=True, **more)

    return _by_key(page, by, asked, pause) if by.key else _by_address(page, by, asked)


def _by_address(page: str, by: Archive, asked: Callable[..., Answered]) -> Archived:
    answer = sound(asked(f"{by.base}/{page}"), redirects=True)
    location = answer.first("location") or answer.first("content-location")
    if not location:
        raise NotArchived("The archive does not say where it keeps the page.")
    return Archived(page, onward(parse(by.base), location).url, (answer,))


def _by_key(page: str, by: Archive, asked: Callable[..., Answered], pause: Callable[[float], object]) -> Archived:
    named = {"Accept": "application/json", "Authorization": f"LOW {by.key}"}
    form = named | {"Content-Type": "application/x-www-form-urlencoded"}
    first = sound(asked(by.base, body=f"url={quote(page, safe='')}".encode(), headers=form))
    job = _read(first).get("job_id")
    if not isinstance(job, str) or not job:
        raise NotArchived(_why(first))
    for _try in range(TRIES):
        answer = sound(asked(f"{by.base}/status/{quote(job, safe='')}", headers=named))
        said = _read(answer)
        if said.get("status") == "success":
            return Archived(page, _kept(by, _when(answer), said.get("original_url"), page), (first, answer))
        if said.get("status") != "pending":
            raise NotArchived(_why(answer))
        pause(PAUSE)
    raise Unreachable("timeout", f"{by.host} still works at it", again=True)


def _kept(by: Archive, when: str, said: object, page: str) -> str:
    """Where the page is: by the address that the archive names, in whatever letters, where it is one."""
    there = parse(by.base)
    named = page
    if isinstance(said, str):
        with suppress(Unreachable):
            named = parse(said).url
    return f"{there.scheme}://{there.authority}/web/{when}/{named}"


def _read(answer: Answered) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _when(answer: Answered) -> str:
    when = str(_read(answer).get("timestamp"))
    if not re.fullmatch("[0-9]{4,14}", when):
        raise NotArchived("The archive does not say where it keeps the page.")
    return when


def _why(answer: Answered) -> str:
    said = str(_read(answer).get("message") or answer.body[:200].decode("utf-8", "replace"))
    return f"The archive does not keep the page: {said[:300]}"


def _told(answer: Answered) -> dict[str, Any]:
    return {
        "url": answer.url,
        "at": answer.at.isoformat(),
        "status": answer.status,
        "headers": answer.headers,
        "body": answer.body.decode("utf-8", "replace")[:LONGEST],
    }
