"""Moments as servers write them (IRCv3 server-time), in ms since 1970."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


def iso(ms: int) -> str:
    """2026-11-20T12:04:31.207Z"""
    return f"{EPOCH + timedelta(milliseconds=ms):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


def moment(text: str) -> int | None:
    """What `iso` wrote, as ms; None for what is no moment."""
    try:
        parsed = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ" if "." in text else "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None
    return (parsed.replace(tzinfo=timezone.utc) - EPOCH) // timedelta(milliseconds=1)
