"""Databases that hold newsrooms of many claims."""

from pathlib import Path
from typing import NamedTuple

from tests.bench.loading import loading

SQL = Path(__file__).with_name("newsrooms.sql")
CLAIMS = 200  # an article


class Newsroom(NamedTuple):
    """A team by its id, with how many people and articles."""

    team: int
    people: int
    articles: int


LARGE, SMALL = Newsroom(1, 20, 5_000), Newsroom(2, 20, 50)
NEIGHBOURS = [Newsroom(team, 4, 10) for team in range(3, 33)]


def fill(*newsrooms: Newsroom) -> None:
    """Write the newsrooms into the empty database that Django uses."""
    with loading() as cursor:
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute("CREATE TEMP TABLE newsroom (team bigint, people int, articles int)")
        cursor.executemany("INSERT INTO newsroom VALUES (%s, %s, %s)", newsrooms)
        cursor.execute(SQL.read_text().replace("%", "%%"), [])
