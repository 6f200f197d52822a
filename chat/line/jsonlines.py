"""The chat for programs: after `/json on` every line is one JSON object.

An event has `type` (its name in kebab case), `id`, `time` (ISO 8601, UTC), `from`, and what else it is about:
`room`, `number`, `text`, `to`, `line`, `topic`, ...  The server's own lines have `type` notice, refused, receipt
or question, and `text`.
"""

from __future__ import annotations

import re
from typing import Any

from chat.core.events import Event, Quote
from chat.core.moment import iso
from chat.core.registry import Author
from chat.line.text import shown

CAPITAL = re.compile("(?<!^)(?=[A-Z])")
#: What is of no use to a program, or is said in another way.
HIDDEN = {"ref", "people", "rooms", "hidden", "heard_by", "joints", "said"}
#: What is said only where it is so.
FLAGS = {"notice", "of_reaction", "withdrawn"}


def form(event: Event) -> dict[str, Any]:
    """An event as a JSON object, without what is empty.  Its texts are as clean as those that people see."""
    kind = CAPITAL.sub("-", type(event).__name__).lower()
    about = {name: value for name, value in event.body().items() if name not in HIDDEN}
    about = {name: value for name, value in about.items() if value or name not in FLAGS}
    if "line" in about:
        about.pop("quote")
    said = {name: getattr(event, name, None) for name in ("text", "revised")}
    facts = {"type": kind, "id": event.id, "time": iso(event.time), "from": event.by.name} | about | said
    return {name: _plain(value) for name, value in facts.items() if value is not None and value != ""}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return "\n".join(map(shown, value.split("\n")))
    if isinstance(value, dict):
        return {_plain(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Author):
        return value.name
    if isinstance(value, Quote):
        id, number, name, text = value
        return {"id": id, "number": number, "from": name, "text": shown(text)}
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return value
