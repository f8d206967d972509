"""The full disk once more where no tmpfs can be mounted: by a limit on the size of PostgreSQL's files."""

import pytest

from tests.faults import test_breakdowns
from tests.faults.disk import Disk, SmallFiles
from tests.faults.house import House

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def disk() -> Disk:
    return SmallFiles()


def test_a_file_that_may_not_grow_is_said_and_loses_nothing(house: House, disk: Disk) -> None:
    test_breakdowns.test_a_full_disk_is_said_and_loses_nothing(house, disk)
