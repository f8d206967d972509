"""Make owner, web role, database and rights on a PostgreSQL of one's own."""

from argparse import ArgumentParser
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from psycopg import sql

from verify import database

LEAST_VERSION = 150000


class Command(BaseCommand):
    """`manage.py create_roles --admin-url postgresql://…`: as often as one likes, names and passwords from the URLs."""

    help = _(
        "Makes on a PostgreSQL what DATABASE_OWNER_URL and DATABASE_URL name: two roles, a database, their rights."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--admin-url", required=True, help=_("A role that may make roles and databases."))
        parser.add_argument("--for-tests", action="store_true", help=_("The owner may make databases, as tests do."))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            web, owner = database.parse_environment()
        except database.NoDatabase as refusal:
            raise CommandError(str(refusal)) from None
        try:
            with psycopg.connect(options["admin_url"], autocommit=True) as admin:
                check_version(admin)
                make_role(admin, owner, sql.SQL("CREATEDB" if options["for_tests"] else "NOCREATEDB"))
                make_role(admin, web, sql.SQL("NOCREATEDB"))
                make_database(admin, owner, web)
            with psycopg.connect(options["admin_url"], dbname=owner["NAME"], autocommit=True) as admin:
                close_schema(admin, owner, web)
        except psycopg.Error as error:
            raise CommandError(str(error).strip()) from None
        said = _("The roles %(owner)s and %(web)s and the database %(name)s are there. Next: manage.py migrate")
        self.stdout.write(said % {"owner": owner["USER"], "web": web["USER"], "name": owner["NAME"]})


def check_version(admin: psycopg.Connection) -> None:
    """CommandError for a PostgreSQL that is too old."""
    if admin.info.server_version < LEAST_VERSION:
        major = admin.info.server_version // 10000
        raise CommandError(_("This is PostgreSQL %(major)d; Galley needs 15 or newer.") % {"major": major})


def make_role(admin: psycopg.Connection, login: dict[str, Any], may: sql.SQL) -> None:
    """A role that signs in with its password and has no other right, whatever it had and had set before."""
    if not login["PASSWORD"]:
        raise CommandError(_("The URL of the role %(role)s holds no password.") % {"role": login["USER"]})
    role = sql.Identifier(login["USER"])
    found = "SELECT rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls FROM pg_roles WHERE rolname = %s"
    known = admin.execute(found, [login["USER"]]).fetchone()
    if known is None:
        admin.execute(sql.SQL("CREATE ROLE {}").format(role))
    elif known[0]:
        raise CommandError(_("The role %(role)s may too much already; name another one.") % {"role": login["USER"]})
    rights = sql.SQL("ALTER ROLE {} LOGIN {} PASSWORD {}")
    admin.execute(rights.format(role, may, sql.Literal(login["PASSWORD"])))
    admin.execute(sql.SQL("ALTER ROLE {} RESET ALL").format(role))


def make_database(admin: psycopg.Connection, owner: dict[str, Any], web: dict[str, Any]) -> None:
    """The owner's database, which the web role may connect to, and nobody else."""
    name, owning, using = map(sql.Identifier, (owner["NAME"], owner["USER"], web["USER"]))
    known = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [owner["NAME"]]).fetchone()
    superuser = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER").fetchone()
    if superuser != (True,):  # who may give things only to roles that it is a member of
        admin.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(owning))
    if known is None:
        admin.execute(sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(name, owning))
    else:
        admin.execute(sql.SQL("ALTER DATABASE {} OWNER TO {}").format(name, owning))
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC, {}").format(name, using))
    admin.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, using))
    admin.execute(sql.SQL("ALTER ROLE {} IN DATABASE {} RESET ALL").format(using, name))


def close_schema(admin: psycopg.Connection, owner: dict[str, Any], web: dict[str, Any]) -> None:
    """The schema public is the owner's to make things in, and nobody else's."""
    owning, using = sql.Identifier(owner["USER"]), sql.Identifier(web["USER"])
    admin.execute(sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC, {}").format(using))
    admin.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(owning))
