"""The function that finds articles by words."""

from pathlib import Path

from django.db import migrations

SEARCH = Path(__file__).resolve().parent.parent / "search.sql"


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_trail")]

    operations = [migrations.RunSQL(SEARCH.read_text(), reverse_sql=migrations.RunSQL.noop)]
