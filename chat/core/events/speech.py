"""What people say, to a room, to one another, to everyone; and what they make of it afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from chat.core.events.base import EVERYONE, Event, People, Quote, event, pair
from chat.core.events.people import person
from chat.core.names import fold
from chat.core.refusals import NotYours
from chat.core.registry import Author, Registry, State
from chat.core.session import Listener


@event
@dataclass(slots=True, eq=False)
class Said(Event):
    """Someone said a line in a room, perhaps in answer to another (`quote`); `emote`: it says what they do.

    `number` counts the lines of the room from 1.  A line read back from the history shows its latest
    text and says in `revised` whether that was "edited", or "removed" and is empty.
    """

    room: str
    text: str
    emote: bool = False
    quote: Quote | None = None
    number: int = field(default=0, init=False)  # type: ignore[misc]
    revised: str = field(default="", init=False)

    def check(self, registry: Registry) -> None:
        registry.room(self.room).require_member(self.by)

    def apply(self, registry: Registry) -> None:
        room = registry.room(self.room)
        room.lines = self.number = room.lines + 1

    def undo(self, registry: Registry) -> None:
        room = registry.rooms.get(fold(self.room))
        if room is not None:
            room.lines = min(room.lines, self.number - 1)

    def audience(self, registry: Registry) -> Listener:
        return registry.room(self.room).crowd

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.room),)

    def changes(self, registry: Registry) -> Iterable[State]:
        room = registry.room(self.room)
        return () if room.saved else (room.save(),)


@event
@dataclass(slots=True, eq=False)
class Told(Event):
    """Someone said something to one other person in private."""

    to: Author
    text: str
    emote: bool = False
    revised: str = field(default="", init=False)

    number: ClassVar[int | None] = 0

    def check(self, registry: Registry) -> None:
        person(registry, self.to)

    def audience(self, registry: Registry) -> Listener:
        users = (registry.ids[self.to.id], person(registry, self.by))
        return People(users if users[0] is not users[1] else users[:1])

    def conversations(self) -> tuple[str, ...]:
        return (pair(self.by.id, self.to.id),)


@event
@dataclass(slots=True, eq=False)
class Announced(Event):
    """Someone said something to everyone, in whatever room they are."""

    text: str
    revised: str = field(default="", init=False)

    number: ClassVar[int | None] = 0

    def audience(self, registry: Registry) -> Listener:
        return People(registry.ids.values())

    def conversations(self) -> tuple[str, ...]:
        return (EVERYONE,)


@dataclass(slots=True, eq=False)
class Afterthought(Event):
    """Something done to a line that was said before: `ref` is its id, `line` its number, `author` who said it."""

    room: str
    ref: str
    line: int
    author: Author

    def check(self, registry: Registry) -> None:
        registry.room(self.room).require_member(self.by)

    def require_author(self) -> None:
        """NotYours unless the line is by whoever does this."""
        if self.author.id != self.by.id:
            raise NotYours(self.line, self.author.name)

    def audience(self, registry: Registry) -> Listener:
        return registry.room(self.room).crowd

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.room),)


@event
@dataclass(slots=True, eq=False)
class Edited(Afterthought):
    """Someone changed what they had said."""

    text: str

    def check(self, registry: Registry) -> None:
        Afterthought.check(self, registry)
        self.require_author()


@event
@dataclass(slots=True, eq=False)
class Removed(Afterthought):
    """Someone took back what they had said: its text is no longer kept."""

    def check(self, registry: Registry) -> None:
        Afterthought.check(self, registry)
        self.require_author()


@event
@dataclass(slots=True, eq=False)
class Reacted(Afterthought):
    """Someone answered a line with an emoji."""

    text: str
