"""A moment as programs write it: ISO 8601 in UTC, as IRC's server-time and the JSON lines have it."""

from __future__ import annotations

from datetime import datetime, timezone
from functools import lru_cache


def iso(time: int) -> str:
    """A time in ms since 1970 as 2026-11-20T12:04:31.207Z."""
    return f"{_second(time // 1000)}.{time % 1000:03}Z"


@lru_cache(64)
def _second(time: int) -> str:
    """A time in seconds since 1970, without its end."""
    return datetime.fromtimestamp(time, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
