"""People come, go, change their names and step away."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from chat.core.events.base import NOBODY, Durability, Event, People, event
from chat.core.names import fold
from chat.core.refusals import NameReserved, NoGuests, NoSuchPerson
from chat.core.registry import Author, Registry, State, User
from chat.core.session import Listener, Session


def seen(name: str, time: int, here: bool) -> State:
    """When a name was last here (ms), kept under the folded name."""
    return State("seen", fold(name), json.dumps({"name": name, "time": time, "here": here}))


def person(registry: Registry, author: Author) -> User:
    """The user `author` is; NoSuchPerson when it has left meanwhile."""
    try:
        return registry.ids[author.id]
    except KeyError:
        raise NoSuchPerson(author.name) from None


@dataclass(slots=True, eq=False)
class Followed(Event):
    """Something of a person, that those who follow its name hear of too, in whatever rooms they are (MONITOR)."""

    def names(self) -> tuple[str, ...]:
        """The folded names that this is about."""
        return (fold(self.by.name),)

    def deliver(self, audience: Listener, registry: Registry, origin: Session | None) -> None:
        Event.deliver(self, audience, registry, origin)
        for name in self.names():
            for session in tuple(registry.followers.get(name, ())):
                session.noticed(self, name)


@event
@dataclass(slots=True, eq=False)
class Connected(Followed):
    """Someone is here under a name, in no room yet, perhaps away from the beginning."""

    realname: str = ""
    modes: str = ""
    away: str | None = None
    metadata: dict[str, str] | None = None

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        registry.bans.require_welcome(self.by)
        if not (registry.guests or self.by.account):
            raise NoGuests
        registry.require_free(self.by.name, account=self.by.account)

    def apply(self, registry: Registry) -> None:
        user = User(self.by, self.time, self.realname, self.modes)
        user.away = self.away
        if self.metadata:
            user.metadata = dict(self.metadata)
        registry.add_user(user)

    def changes(self, registry: Registry) -> Iterable[State]:
        return (seen(self.by.name, self.time, True),)


@event
@dataclass(slots=True, eq=False)
class Left(Followed):
    """Someone is gone, from every room.  `people` counts who remains in the smallest of them.

    Of those rooms that are `hidden` only those with a role hear of it.
    """

    why: str = ""
    rooms: tuple[str, ...] = field(default=(), init=False)
    hidden: tuple[str, ...] = field(default=(), init=False)
    people: int = field(default=0, init=False)

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        person(registry, self.by)

    def apply(self, registry: Registry) -> None:
        user = registry.ids[self.by.id]
        rooms = list(user.rooms.values())
        self.hidden = tuple(room.key for room in rooms if room.hides(room.members[user.id]))
        for room in rooms:
            registry.leave(user, room)
        registry.remove_user(user)
        registry.read.pop(user.id, None)
        self.rooms = tuple(room.key for room in rooms)
        self.people = min((len(room.members) for room in rooms), default=0)

    def audience(self, registry: Registry) -> Listener:
        rooms = [registry.rooms[key] for key in self.rooms if key in registry.rooms]
        if len(rooms) < 2 and not self.hidden:
            return rooms[0].crowd if rooms else NOBODY
        return People(
            {
                id: member.user
                for room in rooms
                for id, member in room.members.items()
                if member.roles or room.key not in self.hidden
            }.values()
        )

    def conversations(self) -> tuple[str, ...]:
        return tuple(key for key in self.rooms if key not in self.hidden)

    def changes(self, registry: Registry) -> Iterable[State]:
        return (seen(self.by.name, self.time, False),)


@event
@dataclass(slots=True, eq=False)
class Renamed(Followed):
    """Someone has another name.  `people` counts who is in the smallest of their rooms."""

    name: str
    rooms: tuple[str, ...] = field(default=(), init=False)
    people: int = field(default=0, init=False)

    durability = Durability.NOTED

    def names(self) -> tuple[str, ...]:
        old, new = fold(self.by.name), fold(self.name)
        return (old, new) if old != new else ()

    def check(self, registry: Registry) -> None:
        user = person(registry, self.by)
        if registry.bans.on(user.author._replace(name=self.name)):
            raise NameReserved(self.name)
        registry.require_free(self.name, user, user.account)
        other = user.author._replace(name=self.name)
        for room in user.rooms.values():
            room.require_no_disguise(user, other)

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
class AwayChanged(Followed):
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
class RealnameChanged(Followed):
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
        user = registry.ids[self.by.id]
        registry.change_modes(user, self.added, self.taken)
        user.author = user.author._replace(bot="B" in user.modes)

    def audience(self, registry: Registry) -> Listener:
        return registry.ids[self.by.id]


@event
@dataclass(slots=True, eq=False)
class Accepted(Event):
    """Someone may write to `by` whatever the modes of that one say, or (`on` is false) may no longer."""

    who: Author
    on: bool

    durability = Durability.PASSING

    def check(self, registry: Registry) -> None:
        person(registry, self.by)
        person(registry, self.who)

    def apply(self, registry: Registry) -> None:
        user = registry.ids[self.by.id]
        user.accepted = user.accepted | {self.who.id} if self.on else user.accepted - {self.who.id}
