"""People come, go, change their names and step away."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from chat.core.events.base import NOBODY, Durability, Event, People, event
from chat.core.names import fold
from chat.core.refusals import NoSuchPerson
from chat.core.registry import Author, Registry, State, User
from chat.core.session import Listener


def seen(name: str, time: int, here: bool) -> State:
    """When a name was last here (ms), kept under the folded name."""
    return State("seen", fold(name), json.dumps({"name": name, "time": time, "here": here}))


def person(registry: Registry, author: Author) -> User:
    """The user `author` is; NoSuchPerson when it has left meanwhile."""
    try:
        return registry.ids[author.id]
    except KeyError:
        raise NoSuchPerson(author.name) from None


@event
@dataclass(slots=True, eq=False)
class Connected(Event):
    """Someone is here under a name, in no room yet."""

    realname: str = ""
    modes: str = ""

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        registry.require_free(self.by.name)

    def apply(self, registry: Registry) -> None:
        registry.add_user(User(self.by, self.time, self.realname, self.modes))

    def changes(self, registry: Registry) -> Iterable[State]:
        return (seen(self.by.name, self.time, True),)


@event
@dataclass(slots=True, eq=False)
class Left(Event):
    """Someone is gone, from every room.  `people` counts who remains in the smallest of them."""

    why: str = ""
    rooms: tuple[str, ...] = field(default=(), init=False)
    people: int = field(default=0, init=False)

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        person(registry, self.by)

    def apply(self, registry: Registry) -> None:
        user = registry.ids[self.by.id]
        rooms = list(user.rooms.values())
        for room in rooms:
            registry.leave(user, room)
        registry.remove_user(user)
        self.rooms = tuple(room.key for room in rooms)
        self.people = min((len(room.members) for room in rooms), default=0)

    def audience(self, registry: Registry) -> Listener:
        rooms = [registry.rooms[key] for key in self.rooms if key in registry.rooms]
        if len(rooms) < 2:
            return rooms[0].crowd if rooms else NOBODY
        return People({id: member.user for room in rooms for id, member in room.members.items()}.values())

    def conversations(self) -> tuple[str, ...]:
        return self.rooms

    def changes(self, registry: Registry) -> Iterable[State]:
        return (seen(self.by.name, self.time, False),)


@event
@dataclass(slots=True, eq=False)
class Renamed(Event):
    """Someone has another name.  `people` counts who is in the smallest of their rooms."""

    name: str
    rooms: tuple[str, ...] = field(default=(), init=False)
    people: int = field(default=0, init=False)

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        registry.require_free(self.name, but=person(registry, self.by))

    def apply(self, registry: Registry) -> None:
        user = registry.ids[self.by.id]
        registry.rename(user, self.name)
        self.rooms = tuple(user.rooms)
        self.people = min((len(room.members) for room in user.rooms.values()), default=0)

    def audience(self, registry: Registry) -> Listener:
        return People(registry.peers(registry.ids[self.by.id]))

    def conversations(self) -> tuple[str, ...]:
        return self.rooms

    def changes(self, registry: Registry) -> Iterable[State]:
        return seen(self.by.name, self.time, False), seen(self.name, self.time, True)


@event
@dataclass(slots=True, eq=False)
class AwayChanged(Event):
    """Someone stepped away, saying why, or came back (`why` is None)."""

    why: str | None

    durability = Durability.PASSING

    def check(self, registry: Registry) -> None:
        person(registry, self.by)

    def apply(self, registry: Registry) -> None:
        registry.ids[self.by.id].away = self.why

    def audience(self, registry: Registry) -> Listener:
        return People(registry.peers(registry.ids[self.by.id]))


@event
@dataclass(slots=True, eq=False)
class RealnameChanged(Event):
    """Someone gave another real name (IRCv3 setname)."""

    realname: str

    durability = Durability.PASSING

    def check(self, registry: Registry) -> None:
        person(registry, self.by)

    def apply(self, registry: Registry) -> None:
        registry.ids[self.by.id].realname = self.realname

    def audience(self, registry: Registry) -> Listener:
        return People(registry.peers(registry.ids[self.by.id]))


@event
@dataclass(slots=True, eq=False)
class UserModeChanged(Event):
    """Someone's own modes changed: letters that were added and taken away."""

    added: str
    taken: str

    durability = Durability.PASSING

    def check(self, registry: Registry) -> None:
        person(registry, self.by)

    def apply(self, registry: Registry) -> None:
        modes = registry.ids[self.by.id].modes
        modes |= set(self.added)
        modes -= set(self.taken)

    def audience(self, registry: Registry) -> Listener:
        return registry.ids[self.by.id]
