#!/usr/bin/env python3
"""Commands of Galley: `.venv/bin/python manage.py help`."""

import os
import sys


def main() -> None:
    """Run one command, with the database it needs up for as long as it takes."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "verify.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured
        from django.core.management import execute_from_command_line
        from django.db import OperationalError

        from verify import database, system
    except ImportError as error:
        sys.exit(f"{error}. Run `make` for what there is, or .venv/bin/python manage.py.")
    try:
        with database.available():
            execute_from_command_line(sys.argv)
    except (database.NoDatabase, system.CannotRun, ImproperlyConfigured) as refusal:
        sys.exit(str(refusal))
    except OperationalError as error:
        sys.exit(f"The database does not answer: {error}".strip())


if __name__ == "__main__":
    main()
