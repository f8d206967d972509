"""What an erasure takes of captures: their rows, texts and errands here, their bytes in the store by their keys.

And what was fetched for forms that are still typed in: of the whole team, as it may be of any address.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from claims.trail.traces import Row, rows_of

CAPTURED = ("claims_capture", "claims_proof")
# long ago: whoever clears up next takes them at once
AT_ONCE = "2000-01-01 00:00+00"


def rows_of_source(source: int) -> list[Row]:
    """The captures of a source, and what was proven of them."""
    return [
        (table, pk)
        for table in CAPTURED
        for (pk,) in rows_of(f"SELECT id FROM {table} WHERE source_id = %s ORDER BY id", source)  # noqa: S608 (our names)
    ]


def keys(rows: Iterable[Row]) -> tuple[list[str], list[str]]:
    """Where bytes of the rows, and of files that were sent for their sources, are in the store.

    Those that go, and those that stay since another source has the same bytes: in a capture, in what was proven of one,
    or in a file that was sent and is to be kept.
    """
    found = {"sources": _of(rows, "claims_source"), "captures": _of(rows, "claims_capture")}
    named = rows_of(
        "SELECT DISTINCT k.key, EXISTS (SELECT FROM claims_capture o WHERE o.team_id = k.team_id"
        "   AND k.sha256 IN (o.sha256, o.warc_sha256) AND o.id <> ALL(%(captures)s))"
        " OR EXISTS (SELECT FROM claims_proof o WHERE o.team_id = k.team_id"
        "   AND o.sha256 = k.sha256 AND o.capture_id <> ALL(%(captures)s))"
        " OR EXISTS (SELECT FROM claims_errand o WHERE o.upload_key = k.key"
        "   AND o.state NOT IN ('kept', 'dropped') AND o.source_id <> ALL(%(sources)s)) FROM ("
        " SELECT team_id, sha256, concat_ws('/', team_id, left(sha256, 2), sha256) AS key FROM ("
        "   SELECT team_id, unnest(ARRAY[sha256, warc_sha256]) AS sha256"
        "     FROM claims_capture WHERE id = ANY(%(captures)s)"
        "   UNION SELECT team_id, sha256 FROM claims_proof WHERE capture_id = ANY(%(captures)s)"
        "   UNION SELECT team_id, split_part(upload_key, '/', 3) FROM claims_errand WHERE source_id = ANY(%(sources)s)"
        " ) s WHERE sha256 <> '') k ORDER BY 1",
        found,
    )
    return [key for key, stays in named if not stays], [key for key, stays in named if stays]


def _of(rows: Iterable[Row], table: str) -> list[int]:
    return [pk for name, pk in rows if name == table]


def forget(rows: Sequence[Row], gone: Sequence[str]) -> None:
    """Take the texts away, empty the errands, and note the bytes to be cleared from the store. In an open erasure.

    An errand under way ends here: what it would keep is what was erased. One that was given up stays so.
    """
    with connection.cursor() as cursor:
        _forget(cursor, _of(rows, "claims_source"), _of(rows, "claims_capture"), list(gone))


def _forget(cursor: Any, sources: list[int], captures: list[int], gone: list[str]) -> None:
    cursor.execute("DELETE FROM claims_part WHERE capture_id = ANY(%s)", [captures])
    cursor.execute("DELETE FROM claims_unproven WHERE capture_id = ANY(%s)", [captures])
    cursor.execute(
        "UPDATE claims_errand SET url = '', file_name = '', upload_key = '', detail = '', again_at = NULL,"
        " code = CASE state WHEN 'kept' THEN code ELSE 'erased' END,"
        " state = CASE WHEN state IN ('kept', 'dropped') THEN state ELSE 'failed' END WHERE source_id = ANY(%s)",
        [sources],
    )
    cursor.execute(
        "UPDATE claims_submission SET digest = '' WHERE made IN"
        " (SELECT 'claims.Errand:' || id FROM claims_errand WHERE source_id = ANY(%s))",
        [sources],
    )
    cursor.execute("INSERT INTO claims_pending (key, made_at) SELECT unnest(%s::text[]), %s", [gone, AT_ONCE])


def forget_ahead(team: int) -> list[str]:
    """Take away what was fetched for the team's forms, whatever it is of; returns the keys of its bytes.

    They are noted to be cleared from the store. It lives for an hour at most, and saving a form fetches anew.
    """
    gone = rows_of(
        "WITH gone AS (DELETE FROM claims_ahead WHERE team_id = %s RETURNING team_id, sha256, warc_sha256)"
        " INSERT INTO claims_pending (key, made_at)"
        " SELECT DISTINCT concat_ws('/', team_id, left(said, 2), said), %s::timestamptz"
        " FROM gone, unnest(ARRAY[sha256, warc_sha256]) AS said WHERE said <> '' RETURNING key",
        team,
        AT_ONCE,
    )
    return sorted(key for (key,) in gone)
