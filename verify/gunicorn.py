"""How gunicorn serves Galley: one process, threads, and an end together with the launcher that started it.

GALLEY_BIND names the addresses it listens on, with commas between; PORT the port there.
DEMO_LIFELINE is the number of an open pipe: when its other end closes, however the launcher ended, the server
stops. Without it gunicorn runs as it always does.
"""

import gc
import os
import signal
import threading

PORT = os.environ.get("PORT") or "8000"
bind = [f"{host}:{PORT}" for host in os.environ.get("GALLEY_BIND", "127.0.0.1").split(",")]
workers = 1
threads = 12
worker_class = "gthread"
loglevel = "warning"
graceful_timeout = 10
# read once, so that a worker which died is back in a moment: nothing is connected to anything before it is forked
preload_app = True
control_socket_disable = True


def when_ready(server: object) -> None:
    """Watch the lifeline from the first moment that pages are answered.

    What was read until now lives as long as the worker, so the collector need not go through it: a full turn would
    hold up a page for some fifty milliseconds.
    """
    gc.collect()
    gc.freeze()
    if lifeline := os.environ.get("DEMO_LIFELINE"):
        threading.Thread(target=_end_with, args=(int(lifeline),), daemon=True).start()


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)
