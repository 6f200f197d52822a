"""People join and leave rooms, and say what a room is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from chat.core.events.base import Durability, Event, event
from chat.core.events.people import person
from chat.core.names import fold
from chat.core.refusals import AlreadyInRoom
from chat.core.registry import Author, Registry, State, Topic
from chat.core.session import Crowd, Listener, Session


def sessions(registry: Registry, author: Author) -> Iterable[Session]:
    """The connections `author` still has on this node."""
    user = registry.ids.get(author.id)
    return tuple(user.sessions) if user else ()


@event
@dataclass(slots=True, eq=False)
class Joined(Event):
    """Someone is in a room, which is made if there is none.  `people` counts the room with them."""

    room: str
    people: int = field(default=0, init=False)

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        user = person(registry, self.by)
        if fold(self.room) in user.rooms:
            raise AlreadyInRoom(self.room)

    def apply(self, registry: Registry) -> None:
        room = registry.room_or_new(self.room)
        registry.enter(registry.ids[self.by.id], room)
        self.room = room.name
        self.people = len(room.members)

    def audience(self, registry: Registry) -> Crowd:
        return registry.room(self.room).crowd

    def deliver(self, audience: Crowd, registry: Registry, origin: Session | None) -> None:  # type: ignore[override]
        for session in sessions(registry, self.by):
            audience.add(session)
        audience.hear(self, origin)

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.room),)


@event
@dataclass(slots=True, eq=False)
class Parted(Event):
    """Someone is no longer in a room.  `people` counts who remains."""

    room: str
    why: str = ""
    people: int = field(default=0, init=False)

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        registry.room(self.room).require_member(self.by)

    def apply(self, registry: Registry) -> None:
        room = registry.room(self.room)
        registry.leave(registry.ids[self.by.id], room)
        self.room, self.people = room.name, len(room.members)

    def audience(self, registry: Registry) -> Crowd:
        return registry.room(self.room).crowd

    def deliver(self, audience: Crowd, registry: Registry, origin: Session | None) -> None:  # type: ignore[override]
        audience.hear(self, origin)
        for session in sessions(registry, self.by):
            audience.remove(session)

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.room),)


@event
@dataclass(slots=True, eq=False)
class TopicChanged(Event):
    """Someone said what a room is about; an empty topic takes the old one away."""

    room: str
    topic: str

    def check(self, registry: Registry) -> None:
        registry.room(self.room).require_member(self.by)

    def apply(self, registry: Registry) -> None:
        room = registry.room(self.room)
        room.topic = Topic(self.topic, self.by.name, self.time) if self.topic else None

    def audience(self, registry: Registry) -> Listener:
        return registry.room(self.room).crowd

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.room),)

    def changes(self, registry: Registry) -> Iterable[State]:
        return (registry.room(self.room).save(),)
