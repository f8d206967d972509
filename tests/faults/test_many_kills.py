"""The whole count: the web process killed 100 times under writers."""

import pytest

from tests.faults.house import House
from tests.faults.test_breakdowns import kill_web, under_writers
from tests.faults.writers import assert_exactly_once

pytestmark = pytest.mark.slow
TIMES = 100


def test_the_web_server_killed_a_hundred_times(house: House) -> None:
    crew = under_writers(house, TIMES, kill_web(house))
    print(f"{TIMES} kills of the web server, {crew.acknowledged} writes answered")
    assert_exactly_once(house, crew)
