"""`migrate`, as the owner of the tables; afterwards the web role is granted what it may do, and no more."""

from typing import Any

from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from claims.trail.grants import grant
from verify import database


class Command(Migrate):
    """Django's own command inside `as_owner()`, the cache's table, and the grants."""

    def handle(self, *args: Any, **options: Any) -> None:
        web = database.default()["USER"]
        with database.as_owner():
            super().handle(*args, **options)
            if options["plan"] or options["check_unapplied"] or not complete():
                return
            call_command("createcachetable", verbosity=0)
            database.close_to_others(web)
            grant(web)
        reset_own_defaults()


def complete() -> bool:
    """Whether all of the app is migrated: only then is there everything that the grants name."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes("claims"))


def reset_own_defaults() -> None:
    """Undo what the web role may have set for its own later connections. Connected as that role."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER ROLE CURRENT_USER RESET ALL")
        here = sql.Identifier(connection.settings_dict["NAME"])
        cursor.execute(sql.SQL("ALTER ROLE CURRENT_USER IN DATABASE {} RESET ALL").format(here))
