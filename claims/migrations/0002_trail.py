"""The trail's tables, triggers and functions, and the domain tables put under its watch."""

from pathlib import Path

from django.db import migrations

SCHEMA = Path(__file__).resolve().parent.parent / "trail" / "sql" / "schema.sql"


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_rows")]

    operations = [migrations.RunSQL(SCHEMA.read_text(), reverse_sql=migrations.RunSQL.noop)]
