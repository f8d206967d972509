"""When people last acted."""

import datetime
from collections.abc import Iterable

from django.db import connection

# of a person in several teams, as many of their acts are looked through for one in this team
LOOKED_THROUGH = 1000
LAST = """
SELECT p.id, (
  SELECT max(a.at) FROM (
    SELECT a.stream, a.header::json->>'at' AS at FROM trail.act a
      WHERE a.header::json->>'actor' = p.id::text ORDER BY a.id DESC LIMIT %(most)s
  ) a
  WHERE a.stream = 'team:' || %(team)s::text
    OR EXISTS (SELECT FROM claims_article r WHERE r.team_id = %(team)s AND 'article:' || r.id = a.stream))
FROM unnest(%(people)s::bigint[]) AS p (id)
"""


def last_acts(team: int, people: Iterable[int]) -> dict[int, datetime.datetime]:
    """When each of the people (by id) last acted in the team's streams; who did not is left out."""
    with connection.cursor() as cursor:
        cursor.execute(LAST, {"team": team, "people": list(people), "most": LOOKED_THROUGH})
        return {person: datetime.datetime.fromisoformat(at) for person, at in cursor.fetchall() if at}
