"""The log of the daemon: as Twisted writes it, but that a plain line is put into words by a short way.

A line for each connection that comes and goes is cheap then: most of it was the time, and looking for calls in it.
"""

from __future__ import annotations

import sys
from functools import lru_cache, partial
from typing import Any, TextIO

from twisted.logger import FileLogObserver, formatEventAsClassicLogText, formatTime

#: What an event has of which more is to be said than its own words.
MORE = frozenset(("log_failure", "log_flattened", "log_system"))


def observer(file: TextIO | None = None) -> FileLogObserver:
    """Writes each event as a line to `file`, or to the standard output (what `twistd --logger` takes)."""
    return FileLogObserver(file or sys.stdout, line)


def line(event: dict[str, Any]) -> str | None:
    """An event as `formatEventAsClassicLogText` has it."""
    words = event.get("log_format")
    if not isinstance(words, str) or "(" in words or not MORE.isdisjoint(event):
        return _classic(event)
    try:
        text = words.format_map(event)
        system = f"{event['log_namespace']}#{event['log_level'].name}"
    except Exception:
        return _classic(event)
    return f"{shown(event['log_time'])} [{system}] {text}".replace("\n", "\n\t") + "\n" if text else None


def shown(time: float | None) -> str:
    """A time in seconds since 1970 as Twisted shows it: 2026-11-20T12:04:31+0000."""
    return formatTime(None) if time is None else _second(int(time))


@lru_cache(1)
def _second(time: int) -> str:
    return formatTime(time)


_classic = partial(formatEventAsClassicLogText, formatTime=shown)
