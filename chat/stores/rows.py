"""An event as a row, and back.  What most events of a kind do not say is not written."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from chat.core.events import Edited, Event, Reacted, Removed, RoomRenamed, Said, Told, revive
from chat.core.registry import Author
from chat.stores.keys import Conversation, Keys
from chat.stores.statements import Row

#: The columns of an event that says what all of its kind say, which costs half of what others do; and of any other.
PLAIN = ("seq", "time", "kind", "by", "whom", "place", "number", "id", "text")
FULL = (*PLAIN, "body", "ref")
#: What `revived` needs of `event`, and of `last`, the last change to it.
REVIVED = """
  event.seq, event.kind, event.id, event.time, event.number, event.text, json(event.body), event.by, event.whom,
  conversation.name, conversation.renamed, last.kind, last.text
"""
JOINED = """
LEFT JOIN conversation ON conversation.number = event.place
LEFT JOIN event AS last ON last.seq = event.latest
"""

to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Shape:
    """What is particular to a kind of event: which fields go into `body`, and what they say if they are not there."""

    __slots__ = ("defaults", "get", "has_number", "has_room", "has_text", "has_whom", "names")

    def __init__(self, cls: type[Event]) -> None:
        own = {field.name: field.default for field in fields(cls)}
        self.has_room, self.has_text = "room" in own, "text" in own
        self.has_whom, self.has_number = "to" in own, "number" in own
        elsewhere = {"by", "id", "time", "seq", "room", "to", "number", "text", "revised", *cls.secrets}
        self.names = tuple(name for name in own if name not in elsewhere)
        self.defaults = tuple(own[name] for name in self.names)
        self.get = _getter(self.names)

    def body(self, event: Event) -> dict[str, Any]:
        """The fields that say something."""
        values = self.get(event)
        if values == self.defaults:
            return {}
        known = zip(self.names, values, self.defaults, strict=True)
        return {name: value for name, value, default in known if value != default}


def _getter(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """What `attrgetter` is for two names or more."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda event: tuple(getattr(event, name) for name in names)


@cache
def shape_of(cls: Any) -> Shape:
    """The shape of a kind of event."""
    return Shape(cls)


def row(event: Event, keys: Keys, places: Sequence[str]) -> Row:
    """An event, which `keys` have learnt, as the columns PLAIN or FULL; `places` are its conversations."""
    cls = type(event)
    shape = shape_of(cls)  # type: ignore[arg-type]
    body = shape.body(event)
    place = keys.conversations[places[0]] if len(places) == 1 else None
    number = event.number
    if number and place is not None:
        keys.count(place, number)
    if shape.has_room:
        _say_room(event, body, keys, place)
    whom = event.to if shape.has_whom else None  # type: ignore[attr-defined]
    plain = (
        event.seq,
        event.time,
        cls.__name__,
        keys.authors[event.by],
        None if whom is None else keys.authors[whom],
        None if place is None else place.number,
        number,
        event.id,
        event.text if shape.has_text else None,  # type: ignore[attr-defined]
    )
    return (*plain, to_json(body), ref(event)) if body else plain


def _say_room(event: Any, body: dict[str, Any], keys: Keys, place: Conversation | None) -> None:
    """A room goes without saying where it is the one in which the event happened, by the name that is known."""
    room = event.room
    if place is None or room != place.name or isinstance(event, RoomRenamed):
        body["room"] = room
        if place is not None and place.name is None:
            keys.call(place, room)


def ref(event: Event) -> str | None:
    """The id of the line that an event is about."""
    if isinstance(event, (Said, Told)):
        return event.quote[0] if event.quote else None
    return event.ref if isinstance(event, (Edited, Removed, Reacted)) else None


def people(row: list[Any]) -> Sequence[int | None]:
    """The numbers of the authors that a row, REVIVED, speaks of."""
    return row[7:9]


def revived(row: list[Any], authors: Mapping[int, Author], latest: bool) -> Event:
    """The event of a row, REVIVED, in its latest wording or as it was."""
    seq, kind, id, time, number, text, body, by, whom, room, renamed, change, wording = row
    body = body or {}
    if kind != RoomRenamed.__name__ and room is not None and (seq < renamed or "room" not in body):
        body["room"] = room
    made: Any = revive(kind, seq, id, time, authors[by], text, body)
    if whom is not None:
        made.to = authors[whom]
    if number:
        made.number = number
    if latest and change:
        made.text, made.revised = (wording, "edited") if change == "Edited" else ("", "removed")
    return made  # type: ignore[no-any-return]
