"""What people say of themselves and of rooms, by keys: a name to show, a picture, a page (IRCv3 metadata)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chat.core.events.base import Durability, Event, People, event
from chat.core.events.people import Followed, person
from chat.core.names import fold
from chat.core.refusals import NotYourself, TooManyKeys
from chat.core.registry import Author, Registry, State
from chat.core.session import Listener

#: Keys of one person or room.
MOST_KEYS = 20

#: What keys are from now on; None: a key is gone.
Values = Mapping[str, "str | None"]


def changed(before: Mapping[str, str], values: Values) -> dict[str, str]:
    """What is kept after a change."""
    return {key: value for key, value in {**before, **values}.items() if value is not None}


def require_space(whose: str, before: Mapping[str, str], values: Values) -> None:
    """TooManyKeys if there would be too many of them."""
    if len(changed(before, values)) > max(MOST_KEYS, len(before)):
        raise TooManyKeys(whose, MOST_KEYS)


@event
@dataclass(slots=True, eq=False)
class UserMetadataChanged(Followed):
    """Someone said something of themselves; an operator of the server may for others."""

    who: Author
    values: Values

    durability = Durability.PASSING

    def names(self) -> tuple[str, ...]:
        return (fold(self.who.name),)

    def check(self, registry: Registry) -> None:
        user = person(registry, self.who)
        if user.id != self.by.id and not person(registry, self.by).is_operator:
            raise NotYourself(user.name)
        require_space(user.name, user.metadata, self.values)

    def apply(self, registry: Registry) -> None:
        user = registry.ids[self.who.id]
        user.metadata = changed(user.metadata, self.values)

    def audience(self, registry: Registry) -> Listener:
        return People(registry.peers(registry.ids[self.who.id]))


@event
@dataclass(slots=True, eq=False)
class RoomMetadataChanged(Event):
    """An operator of a room said something of it, which lasts."""

    room: str
    values: Values

    def check(self, registry: Registry) -> None:
        room = registry.room(self.room)
        room.require_operator(self.by)
        require_space(room.name, room.metadata, self.values)

    def apply(self, registry: Registry) -> None:
        room = registry.room(self.room)
        self.room, room.metadata = room.name, changed(room.metadata, self.values)

    def audience(self, registry: Registry) -> Listener:
        return People(member.user for member in registry.room(self.room).members.values())

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.room),)

    def changes(self, registry: Registry) -> Iterable[State]:
        return (registry.room(self.room).save(),)
