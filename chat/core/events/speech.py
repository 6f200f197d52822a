"""What people say, to a room, to one another, to everyone; and what they make of it afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import ClassVar

from chat.core.events.base import EVERYONE, Durability, Event, People, Quote, event, pair
from chat.core.events.people import person
from chat.core.names import fold
from chat.core.refusals import NotYours, OnlyAccounts
from chat.core.registry import Author, Registry, State
from chat.core.session import Listener


@event
@dataclass(slots=True, eq=False)
class Said(Event):
    """Someone said a line in a room, perhaps in answer to another (`quote`); `emote`: it says what they do.

    `notice`: nothing is to answer it by itself.  `to_roles`: only members with one of these roles hear it.
    `tags` are the client's own (IRCv3 client-only tags).

    `number` counts the lines of the room from 1.  A line read back from the history shows its latest
    text and says in `revised` whether that was "edited", or "removed" and is empty.
    """

    room: str
    text: str
    emote: bool = False
    quote: Quote | None = None
    notice: bool = False
    to_roles: str = ""
    tags: dict[str, str] | None = None
    number: int = field(default=0, init=False)  # type: ignore[misc]
    revised: str = field(default="", init=False)

    def check(self, registry: Registry) -> None:
        registry.room(self.room).require_voice(self.by)

    def apply(self, registry: Registry) -> None:
        room = registry.room(self.room)
        self.room = room.name
        room.lines = self.number = room.lines + 1

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
    notice: bool = False
    tags: dict[str, str] | None = None
    revised: str = field(default="", init=False)

    number: ClassVar[int | None] = 0

    def check(self, registry: Registry) -> None:
        if "R" in person(registry, self.to).modes and not self.by.account:
            raise OnlyAccounts(self.to.name)

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


@event
@dataclass(slots=True, eq=False)
class Tagged(Event):
    """Tags without a text, to a room or to a person: typing, for example (IRCv3 TAGMSG)."""

    room: str
    to: Author | None
    tags: dict[str, str]
    to_roles: str = ""

    durability = Durability.PASSING

    def check(self, registry: Registry) -> None:
        if self.to is not None:
            person(registry, self.to)
        else:
            registry.room(self.room).require_voice(self.by)

    def audience(self, registry: Registry) -> Listener:
        if self.to is None:
            return registry.room(self.room).crowd
        return People((registry.ids[self.to.id], person(registry, self.by)))
