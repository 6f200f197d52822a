"""Comings and goings in a big room, counted for a while and told of at once: `* 7 people came, 3 left`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chat.core.events import Durability, Event, Joined, Left, Parted, Renamed
from chat.core.names import fold
from chat.core.registry import Author, Registry

#: Seconds for which they are counted.
WHILE = 10

NOBODY = Author("", "")
#: What a counter has to be told of.
WATCHED = (Joined, Parted, Left, Renamed)


@dataclass(slots=True, eq=False)
class Footfall(Event):
    """How many people came to a room, left it, and changed their names, in the last moments.

    Each node counts for its own listeners: this is no event of the shared order, and in no history.
    """

    room: str
    came: int = field(default=0, init=False)
    left: int = field(default=0, init=False)
    renamed: int = field(default=0, init=False)

    durability = Durability.PASSING

    def body(self) -> dict[str, Any]:
        return {"room": self.room, "came": self.came, "left": self.left, "renamed": self.renamed}


class Counter:
    """Watches the events of a node and tells big rooms what happened at their doors.

    `many` is how many people make a room big; `later(seconds, call)` is the clock's.
    """

    def __init__(self, registry: Registry, many: int, later: Callable[..., Any], now: Callable[[], int]) -> None:
        self._registry, self._many, self._later, self._now = registry, many, later, now
        self._counts: dict[str, Footfall] = {}

    def watch(self, event: Any) -> None:
        """Count `event`, one of `WATCHED`, if people come or go by it in a big room."""
        if event.people <= self._many:
            return
        rooms = event.rooms if isinstance(event, (Left, Renamed)) else (fold(event.room),)
        for key in rooms:
            self._count(key, event)

    def _count(self, key: str, event: Event) -> None:
        room = self._registry.rooms.get(key)
        if room is None:
            return
        if key not in self._counts:
            self._counts[key] = Footfall(NOBODY, room.name)
            self._later(WHILE, self._tell, key)
        count = self._counts[key]
        if isinstance(event, Joined):
            count.came += 1
        elif isinstance(event, Renamed):
            count.renamed += 1
        else:
            count.left += 1

    def _tell(self, key: str) -> None:
        count = self._counts.pop(key)
        count.time, count.seq = self._now(), self._registry.seq
        room = self._registry.rooms.get(key)
        if room is not None:
            room.crowd.hear(count, None)
