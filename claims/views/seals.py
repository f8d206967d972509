"""Whether a stream's chain holds, as its trail page says it.

Up to `EACH_TIME` acts a page recomputes the stream each time it is opened; up to `AT_ALL` acts at most every ten
minutes, and says when; a longer one is left to `verify_trail`.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.core.cache import cache
from django.utils import timezone as clock
from django.utils.translation import gettext as _

from claims.trail.verify import head_of, verify
from claims.trail.wrongs import Fault
from claims.views.diffs import ROW_NAMES

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
    key = f"seal:{stream}:{head}"
    return cast(Seal, cache.get_or_set(key, lambda: recomputed(stream, head), KEPT_FOR))


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
    return Seal(acts, head, at, in_words(first), first.seq if in_chain else 0, len(faults))


def in_words(fault: Fault) -> str:
    """The fault as readers of the page understand it."""
    said = str(fault.what)
    if fault.relation:
        thing = ROW_NAMES.get(fault.relation, fault.relation)
        said = _("%(thing)s with the id %(row)d: %(what)s") % {"thing": thing, "row": fault.row or 0, "what": said}
    if fault.of_now:
        said = _("after act %(act)d, %(what)s") % {"act": fault.seq, "what": said}
    return said
