"""Many rows at once, by the owner: past triggers, with indexes and foreign keys made when all rows are there."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper

from verify.database import as_owner

TABLES = """
SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
  WHERE schemaname IN ('public', 'trail') AND (tablename LIKE 'claims\\_%%' OR schemaname = 'trail') ORDER BY 1
"""
FOREIGN_KEYS = """
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname),
    format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
  FROM pg_constraint WHERE contype = 'f' AND conrelid::regclass::text LIKE 'claims\\_%%' ORDER BY 1
"""
INDEXES = """
SELECT format('DROP INDEX %I.%I', schemaname, indexname), indexdef FROM pg_indexes i
  WHERE schemaname IN ('public', 'trail') AND (tablename LIKE 'claims\\_%%' OR schemaname = 'trail')
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conname = i.indexname) ORDER BY 1
"""


@contextmanager
def loading() -> Iterator[CursorWrapper]:
    """The owner's cursor, for SQL that writes rows past the triggers; afterwards everything stands as it was."""
    with as_owner(), connection.cursor() as cursor:
        tables = [row[0] for row in _read(cursor, TABLES)]
        put_aside = [*_read(cursor, FOREIGN_KEYS), *_read(cursor, INDEXES)]
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for drop, _make in put_aside:
            cursor.execute(drop)
        yield cursor
        cursor.execute("SET maintenance_work_mem = '512MB'")
        # indexes first: a foreign key looks for the one it leans on
        for _drop, make in reversed(put_aside):
            cursor.execute(make)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("VACUUM ANALYZE")


def _read(cursor: CursorWrapper, query: str) -> list[tuple[str, ...]]:
    cursor.execute(query)
    found: list[tuple[str, ...]] = cursor.fetchall()
    return found
