"""Lines of the log: one a record, whatever an address or an error has in it."""

import logging
import re
import time
from typing import override

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# addresses that open something to whoever has them
SECRET = re.compile(r"(/accounts/join/|/password/reset/key/)[^/\s]+")


class Line(logging.Formatter):
    """Control characters are written as their code; a traceback is set in: no line of it looks like a record."""

    # the clock of no place: lines of several machines stand side by side
    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    @override
    def formatMessage(self, record: logging.LogRecord) -> str:
        return escaped(super().formatMessage(record))

    @override
    def formatException(self, ei: "logging._SysExcInfoType") -> str:
        return "\n".join(f"  | {escaped(line)}" for line in super().formatException(ei).split("\n"))


def escaped(text: str) -> str:
    """The text without control characters (a line end is written as \\u000a), and without the secrets of addresses."""
    text = SECRET.sub(r"\1…", text)
    return CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
