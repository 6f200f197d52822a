"""The log of the daemon: as Twisted writes it, but that a time is put into words once a second, not for each line.

A line for each connection that comes and goes is cheap then: half of it was the time.
"""

from __future__ import annotations

import sys
from functools import lru_cache, partial
from typing import TextIO

from twisted.logger import FileLogObserver, formatEventAsClassicLogText, formatTime


def observer(file: TextIO | None = None) -> FileLogObserver:
    """Writes each event as a line to `file`, or to the standard output (what `twistd --logger` takes)."""
    return FileLogObserver(file or sys.stdout, partial(formatEventAsClassicLogText, formatTime=shown))


def shown(time: float | None) -> str:
    """A time in seconds since 1970 as Twisted shows it: 2026-11-20T12:04:31+0000."""
    return formatTime(None) if time is None else _second(int(time))


@lru_cache(1)
def _second(time: int) -> str:
    return formatTime(time)
