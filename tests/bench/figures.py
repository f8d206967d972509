"""How figures are taken and printed: each beside the number to hold and, where there is one, its floor or its peer."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection


@dataclass
class Took:
    """Seconds of the clock; and of the processor, in this process and in the database's that serves its connection."""

    wall: float = 0.0
    python: float = 0.0
    database: float = 0.0

    @property
    def processor(self) -> float:
        """What it takes of processors, however busy the machine is with other things."""
        return self.python + self.database


@contextmanager
def taking() -> Iterator[Took]:
    """Measure the block."""
    backend = connection.connection.info.backend_pid if connection.connection else 0
    took, wall, python, database = Took(), time.perf_counter(), time.process_time(), _ran(backend)
    yield took
    took.wall, took.python = time.perf_counter() - wall, time.process_time() - python
    took.database = _ran(backend) - database


def _ran(process: int) -> float:
    """Seconds that a process has run on a processor; 0 where the system does not tell."""
    try:
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def repeated(what: Callable[[], object], times: int, warm: int = 3) -> list[Took]:
    """Measure `what` so many times, after a few that do not count."""
    for _again in range(warm):
        what()
    found = []
    for _again in range(times):
        with taking() as took:
            what()
        found.append(took)
    return found


def percentile(values: Sequence[float], share: float) -> float:
    """The value that the share of them (0 to 1) does not exceed: the nearest rank."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, max(0, round(share * len(ranked) + 0.5) - 1))]


def median(values: Sequence[float]) -> float:
    """The middle one."""
    return percentile(values, 0.5)


def spread(took: Sequence[Took]) -> str:
    """“median 12.3 ms, p95 15.0 ms, of processors 9.1 ms (Python 7.0 ms)”."""
    wall = [one.wall for one in took]
    both, python = (median([getattr(one, name) for one in took]) for name in ("processor", "python"))
    return (
        f"median {milliseconds(median(wall))}, p95 {milliseconds(percentile(wall, 0.95))}, "
        f"of processors {milliseconds(both)} (Python {milliseconds(python)})"
    )


def milliseconds(seconds: float) -> str:
    """“12.3 ms”."""
    return f"{seconds * 1000:.1f} ms"


def figure(what: str, measured: float, most: float | None, unit: str = "", *beside: str, least: bool = False) -> None:
    """Print a figure with the number to hold (`least`: it is a number to reach), and what it is to be read beside.

    Without a number to hold it is there to be compared with what stands beside it.

    A figure that does not hold is printed so, and fails nothing: a busy machine is no defect.
    """
    held = ""
    if most is not None:
        holds = measured >= most if least else measured <= most
        held = f", to hold {'≥' if least else '≤'} {most:g}{unit}: {'holds' if holds else 'DOES NOT HOLD'}"
    print(f"\n{what}: {measured:.2f}{unit}{held}")
    for line in beside:
        print(f"    {line}")
