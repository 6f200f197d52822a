"""The chat for programs: after `/json on` every line is one JSON object.

An event has `type` (its name in kebab case), `id`, `time` (ISO 8601, UTC), `from`, and what else it is about:
`room`, `number`, `text`, `to`, `line`, `topic`, ...  The server's own lines have `type` notice, refused, receipt
or question, and `text`.
"""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

from chat.core.events import Event, Quote
from chat.core.registry import Author

CAPITAL = re.compile("(?<!^)(?=[A-Z])")
#: What is of no use to a program, or is said in another way.
HIDDEN = {"ref", "people", "rooms", "hidden", "heard_by"}


def iso(time: int) -> str:
    """A time in ms since 1970 as 2026-11-20T12:04:31.207Z."""
    return datetime.fromtimestamp(time / 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + f"{time % 1000:03}Z"


def form(event: Event) -> dict[str, Any] | None:
    """An event as a JSON object."""
    kind = CAPITAL.sub("-", type(event).__name__).lower()
    shown: dict[str, Any] = {"type": kind, "id": event.id, "time": iso(event.time), "from": event.by.name}
    for name, value in event.body().items():
        if name not in HIDDEN and value is not None and value != "":
            shown[name] = _plain(value)
    if hasattr(event, "text"):
        shown["text"] = event.text
    if getattr(event, "revised", ""):
        shown["revised"] = event.revised  # type: ignore[attr-defined]
    return shown


def _plain(value: Any) -> Any:
    if isinstance(value, Author):
        return value.name
    if isinstance(value, Quote):
        id, number, name, text = value
        return {"id": id, "number": number, "from": name, "text": text}
    return value
