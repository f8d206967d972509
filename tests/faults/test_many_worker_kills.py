"""The whole count: a worker killed 50 times, at each stage of a capture."""

import pytest

from tests.faults.house import House
from tests.faults.test_captures import STAGES, Web, killed_and_started_again, web  # noqa: F401 (a fixture)

pytestmark = pytest.mark.slow
TIMES = 50


def test_a_worker_killed_fifty_times_does_each_capture_once(house: House, web: tuple[Web, int]) -> None:  # noqa: F811
    stages = list(STAGES)
    killed_and_started_again(house, web, [stages[number % len(stages)] for number in range(TIMES)])
