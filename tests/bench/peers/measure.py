"""Run by itself: one update in a transaction, of a row that a peer watches and of the same without, in turns.

`python measure.py UPDATES`, with the peers on PYTHONPATH and in PEERS_URL an empty database; prints JSON.
"""

import gc
import json
import os
import statistics
import sys
import time
from importlib.metadata import version
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from psycopg.conninfo import conninfo_to_dict

PEERS = {"django-auditlog": "auditlog", "django-simple-history": "simple_history", "django-pghistory": "pghistory"}
RUNS = 3


def set_up() -> None:
    """Django with the peers alone, on the database; their tables and triggers."""
    given: dict[str, Any] = conninfo_to_dict(os.environ["PEERS_URL"])
    entry = {"ENGINE": "django.db.backends.postgresql", "NAME": given["dbname"], "USER": given["user"]}
    entry |= {"PASSWORD": given["password"], "HOST": given["host"]}
    settings.configure(
        DATABASES={"default": entry},
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "pgtrigger", *PEERS.values(), "watched"],
        USE_TZ=True,
        SECRET_KEY="none",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )
    django.setup()


def rows() -> dict[str, Any]:
    """A row for each of the peers, by its module, and one that none watches."""
    from watched.models import Bare, Logged, Tracked, Versioned

    call_command("migrate", verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)  # refers to tables of the first
    call_command("pgtrigger", "install", verbosity=0)
    models = {"bare": Bare, "auditlog": Logged, "simple_history": Versioned, "pghistory": Tracked}
    facts = {"statement": "It cost £31.4 million.", "risk": "low", "number": 1}
    return {name: model.objects.create(**facts) for name, model in models.items()}


def seconds(watched: dict[str, Any], updates: int) -> dict[str, float]:
    """Of one update of each, the average of a run; they take turns, so that all meet the same machine."""
    from django.db import transaction

    took = dict.fromkeys(watched, 0.0)
    gc.collect()
    for at in range(updates):
        for name, row in watched.items():
            began = time.perf_counter()
            with transaction.atomic():
                row.statement = f"It cost £{at} million."
                row.save()
            took[name] += time.perf_counter() - began
    return {name: all_of_them / updates for name, all_of_them in took.items()}


def written(updates: int) -> bool:
    """Whether each peer has written down all that it watched: what was measured is their work."""
    from auditlog.models import LogEntry
    from watched.models import Tracked, Versioned

    entries = {LogEntry.objects.count(), Versioned.history.count(), Tracked.pgh_event_model.objects.count()}
    return entries == {updates + 1}


def main() -> None:
    updates = int(sys.argv[1])
    set_up()
    watched = rows()
    runs = [seconds(watched, updates) for _again in range(RUNS)]
    if not written(updates * RUNS):
        raise SystemExit("a peer has not written down every update")
    one = {name: statistics.median(run[name] for run in runs) for name in watched}
    peers = [
        {"name": name, "version": version(name), "seconds": one[module], "bare": one["bare"]}
        for name, module in PEERS.items()
    ]
    print(json.dumps(peers))


if __name__ == "__main__":
    main()
