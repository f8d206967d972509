"""Whether a stream's chain holds, as its trail page says it.

Up to `EACH_TIME` acts a page recomputes the stream each time it is opened; up to `AT_ALL` acts at most every ten minutes,
and says when; a longer one is left to `verify_trail`.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.utils import timezone as clock

from claims.trail.verify import head_of, verify
from claims.trail.wrongs import Fault

EACH_TIME = 2_000
AT_ALL = 50_000
KEPT_FOR = 600  # seconds


@dataclass(frozen=True)
class Seal:
    """What recomputing found: the first fault, if any; `at` is None where it was not recomputed."""

    acts: int
    head: str
    at: datetime | None = None
    fault: str = ""
    act: int = 0  # the act at which the chain breaks; 0 where it is a row
    faults: int = 0

    @property
    def holds(self) -> bool:
        return self.at is not None and not self.faults

    @property
    def head_words(self) -> str:
        """The head in groups of four, shortened: “9f27 c1d0 … 4be8”."""
        return f"{self.head[:4]} {self.head[4:8]} … {self.head[-4:]}" if self.head else ""

    @property
    def before(self) -> int:
        """The last act that holds before the break."""
        return self.act - 1


def seal_of(stream: str) -> Seal:
    """The stream's seal, recomputed as often as its length allows."""
    acts, head, _at = head_of(stream)
    if acts > AT_ALL:
        return Seal(acts, head)
    if acts <= EACH_TIME:
        return recomputed(stream, head)
    found: Seal = cache.get_or_set(f"seal:{stream}:{head}", lambda: recomputed(stream, head), KEPT_FOR)
    return found


def recomputed(stream: str, head: str) -> Seal:
    """The stream verified now."""
    found, at = verify(stream, strays=False), clock.now()
    if found.holds:
        return Seal(found.acts, head, at)
    return broken(found.acts, head, at, found.faults)


def broken(acts: int, head: str, at: datetime, faults: list[Fault]) -> Seal:
    """The seal of a stream that does not hold, with the first fault in words."""
    first = faults[0]
    in_chain = bool(first.stream) and not first.of_now and first.seq < 2**62
    said = str(first.what) if in_chain and not first.relation else str(first)
    return Seal(acts, head, at, said, first.seq if in_chain else 0, len(faults))
