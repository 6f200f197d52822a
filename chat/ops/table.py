"""Tables for a terminal: aligned, and with nothing in them that could drive it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any

#: Columns of spans, in seconds, and of times, in ISO 8601.
SPANS, TIMES = ("idle",), ("since", "created")
GAP = "  "


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Rows with the same keys, under their keys."""
    keys = list(rows[0])
    cells = [[key.replace("_", " ").upper() for key in keys], *([cell(key, row[key]) for key in keys] for row in rows)]
    widths = [max(width(line[column]) for line in cells) for column in range(len(keys))]
    right = [key in SPANS or type(rows[0][key]) is int for key in keys]
    shapes = list(zip(widths, right, strict=True))
    return "\n".join(
        GAP.join(padded(text, *shape) for text, shape in zip(line, shapes, strict=True)).rstrip() for line in cells
    )


def cell(key: str, value: Any) -> str:
    """A value as people read it; what is empty is a dash."""
    if isinstance(value, bool):
        return "yes" if value else "-"
    if key in SPANS:
        return span(value)
    if isinstance(value, int):
        return f"{value:,}"
    if key in TIMES and value:
        return f"{datetime.fromisoformat(value.replace('Z', '+00:00')).astimezone():%Y-%m-%d %H:%M}"
    return "".join(letter if letter.isprintable() else " " for letter in str(value)) or "-"


def span(seconds: int) -> str:
    """`12s`, `5m`, `3h`, `2d`"""
    for unit, size in (("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds >= size:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def padded(text: str, columns: int, right: bool) -> str:
    """A text in so many columns."""
    space = " " * (columns - width(text))
    return space + text if right else text + space
