"""The whole count: the database killed 20 times under writers."""

import pytest

from tests.faults.house import House
from tests.faults.test_breakdowns import under_writers
from tests.faults.writers import assert_exactly_once

pytestmark = pytest.mark.slow
TIMES = 20


def test_the_database_killed_twenty_times(house: House) -> None:
    crew = under_writers(house, TIMES, lambda _time: house.kill_database())
    print(f"{TIMES} kills of the database, {crew.acknowledged} writes answered")
    assert_exactly_once(house, crew)
