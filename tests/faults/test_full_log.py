"""A disk so full that PostgreSQL itself gives up, since its log finds no room: nothing that was answered is lost."""

import psycopg
import pytest

from tests.faults.disk import SEGMENT, Disk, SmallDisk
from tests.faults.house import House, wait_for
from tests.faults.test_breakdowns import assert_done, assert_kept
from tests.faults.writers import WRITTEN, Person
from verify import embedded

pytestmark = pytest.mark.slow


def fill_the_log(house: House) -> None:
    """Write more than a segment holds."""
    for _time in range(2 * SEGMENT // 2**20):
        house.rows("SELECT pg_logical_emit_message(true, 'filling', repeat('x', %s))", 2**20)


def is_up(house: House) -> bool:
    return house.ask("GET", "/healthz")[0] == 200


def test_a_database_whose_log_finds_no_room_comes_back_when_there_is_some(house: House, disk: Disk) -> None:
    if not isinstance(disk, SmallDisk):
        pytest.skip("No tmpfs can be mounted here.")
    person, said = Person(house, "checker0"), "The last before the end of the disk"
    assert person.send(*person.claim(said)).status == 303
    disk.fill(house)
    before = embedded.running(house.folder)
    with pytest.raises(psycopg.OperationalError):
        fill_the_log(house)
    path, fields = person.claim("Sent to a database that is down")
    answer = person.send(path, fields)
    while answer.status == 303:  # it may have come up again by itself, for a last time
        path, fields = person.claim(fields["statement"] + "!")
        answer = person.send(path, fields)
    assert_kept(answer, "Back in a moment", fields["statement"], fields)

    disk.free(house)
    # it comes up again by itself, or ends, which it may be about to
    wait_for(lambda: is_up(house) or embedded.running(house.folder) != before, "its end")
    if embedded.running(house.folder) != before:
        house.start_database()
    wait_for(lambda: is_up(house), "the database")
    assert said in [written for (written,) in house.rows(WRITTEN["claim"])]
    assert_done(house, person, path, answer.text, fields["statement"])
