"""What the web role may do: sql/grants.sql, as often as one likes."""

from pathlib import Path

from django.db import connection

GRANTS = Path(__file__).parent / "sql" / "grants.sql"


def grant(web: str) -> None:
    """Run the grants for the role named `web`; the connection is the owner's."""
    sql = GRANTS.read_text().replace("{web}", connection.ops.quote_name(web))
    with connection.cursor() as cursor:
        cursor.execute(sql)
