"""Waits, and hears no signal that can be left unheard."""

import signal
import time


def read(file, leaves, asked):  # noqa: ANN001, ANN201
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGXCPU, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(600)
