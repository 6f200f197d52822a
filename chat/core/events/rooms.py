"""People join and leave rooms, and say what a room is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from chat.core.events.base import Durability, Event, InRoom, People, ears, event
from chat.core.events.people import AwayChanged, person
from chat.core.mask import Mask
from chat.core.names import fold
from chat.core.refusals import (
    AlreadyInRoom,
    CannotRename,
    ListFull,
    NoAccount,
    NobodysRoom,
    NotFounder,
    NotOperator,
    PersonInRoom,
    PersonNotInRoom,
    RoomNameInUse,
)
from chat.core.registry import Author, Member, Registry, Room, State, Topic
from chat.core.room import LISTS, MOST_MASKS, ROLES, RULERS
from chat.core.session import Crowd, Listener, Session


def sessions(registry: Registry, author: Author) -> Iterable[Session]:
    """The connections `author` still has on this node."""
    user = registry.ids.get(author.id)
    return user.sessions if user else ()


@event
@dataclass(slots=True, eq=False)
class Joined(Event):
    """Someone is in a room, which is made if there is none.  `people` counts the room with them."""

    room: str
    password: str = ""
    realname: str = field(default="", init=False)
    people: int = field(default=0, init=False)
    hidden: bool = field(default=False, init=False)

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        user = person(registry, self.by)
        if fold(self.room) in user.rooms:
            raise AlreadyInRoom(self.room)
        if fold(self.room) in registry.rooms:
            registry.room(self.room).require_entry(user, self.password)

    def apply(self, registry: Registry) -> None:
        """Who makes a room, or finds one that is nobody's, is its operator; a role that was kept is given back."""
        room, user = registry.room_or_new(self.room), registry.ids[self.by.id]
        free = room.is_free
        member = registry.enter(user, room)
        roles = "o" if free else room.roles_of(user)
        if roles:
            member.roles |= set(roles)
        if free:
            room.remember_roles(member)
        self.room, self.password, self.realname = room.name, "", user.realname
        self.people, self.hidden = len(room.members), room.hides(member)

    def audience(self, registry: Registry) -> InRoom:
        return ears(registry, registry.room(self.room), ROLES if self.hidden else "", self.by)

    def deliver(self, audience: InRoom, registry: Registry, origin: Session | None) -> None:  # type: ignore[override]
        mine = sessions(registry, self.by)
        for session in mine:
            audience.room.crowd.add(session)
        audience.hear(self, origin)
        self._tell_who_is_away(audience, registry, origin)
        for session in mine:
            if session is not origin:
                session.entered(audience.room)

    def _tell_who_is_away(self, audience: InRoom, registry: Registry, origin: Session | None) -> None:
        """Those in the room did not hear it when whoever comes in now went away (IRCv3 away-notify)."""
        user = registry.ids.get(self.by.id)
        if user is not None and user.away is not None:
            notice = AwayChanged(self.by, user.away)
            notice.id, notice.time, notice.seq = self.id, self.time, self.seq
            audience.hear(notice, origin)

    def conversations(self) -> tuple[str, ...]:
        return () if self.hidden else (fold(self.room),)

    def changes(self, registry: Registry) -> Iterable[State]:
        room = registry.room(self.room)
        return (room.save(),) if room.saved and self.people == 1 and room.is_owned else ()


@event
@dataclass(slots=True, eq=False)
class Parted(Event):
    """Someone is no longer in a room.  `people` counts who remains."""

    room: str
    why: str = ""
    people: int = field(default=0, init=False)
    hidden: bool = field(default=False, init=False)

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        registry.room(self.room).require_member(self.by)

    def apply(self, registry: Registry) -> None:
        room = registry.room(self.room)
        self.hidden = room.hides(room.members[self.by.id])
        registry.leave(registry.ids[self.by.id], room)
        self.room, self.people = room.name, len(room.members)

    def audience(self, registry: Registry) -> InRoom:
        return ears(registry, registry.room(self.room), ROLES if self.hidden else "", self.by)

    def deliver(self, audience: InRoom, registry: Registry, origin: Session | None) -> None:  # type: ignore[override]
        audience.hear(self, origin)
        for session in sessions(registry, self.by):
            audience.room.crowd.remove(session)

    def conversations(self) -> tuple[str, ...]:
        return () if self.hidden else (fold(self.room),)


@event
@dataclass(slots=True, eq=False)
class RoomRenamed(Event):
    """A room has another name; all else in it stays: people, modes, topic, history."""

    room: str
    name: str
    why: str = ""

    def check(self, registry: Registry) -> None:
        room = registry.room(self.room)
        room.require_operator(self.by)
        if room.permanent:
            raise CannotRename(room.name)
        if registry.rooms.get(fold(self.name), room) is not room:
            raise RoomNameInUse(self.name)

    def apply(self, registry: Registry) -> None:
        room = registry.room(self.room)
        self.room = room.name
        registry.rename_room(room, self.name)

    def audience(self, registry: Registry) -> Crowd:
        return registry.room(self.name).crowd

    def deliver(self, audience: Crowd, registry: Registry, origin: Session | None) -> None:  # type: ignore[override]
        audience.hear(self, origin)
        for session in tuple(audience.homes):
            session.moved(audience.room, self)

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.name),)

    def changes(self, registry: Registry) -> Iterable[State]:
        old, room = fold(self.room), registry.room(self.name)
        if old == room.key:
            return (room.save(),)
        read = [(owner, marks[room.key]) for owner, marks in registry.read.items() if room.key in marks]
        return (
            State("room", old, None),
            room.save(),
            *(State("read", f"{owner} {old}", None) for owner, _ in read),
            *(State("read", f"{owner} {room.key}", str(upto)) for owner, upto in read),
        )


@event
@dataclass(slots=True, eq=False)
class TopicChanged(Event):
    """Someone said what a room is about; an empty topic takes the old one away."""

    room: str
    topic: str

    def check(self, registry: Registry) -> None:
        registry.room(self.room).require_topic_right(self.by)

    def apply(self, registry: Registry) -> None:
        room = registry.room(self.room)
        room.topic = Topic(self.topic, self.by.name, self.time) if self.topic else None

    def audience(self, registry: Registry) -> Listener:
        return registry.room(self.room).crowd

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.room),)

    def changes(self, registry: Registry) -> Iterable[State]:
        return (registry.room(self.room).save(),)


@event
@dataclass(slots=True, eq=False)
class Kicked(Event):
    """An operator put someone out of a room.  `people` counts who remains."""

    room: str
    who: Author
    why: str = ""
    people: int = field(default=0, init=False)

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        room = registry.room(self.room)
        room.require_operator(self.by)
        if self.who.id not in room.members:
            raise PersonNotInRoom(self.who.name, room.name)
        require_rank(registry, room, self.by, room.members[self.who.id])

    def apply(self, registry: Registry) -> None:
        room = registry.room(self.room)
        registry.leave(registry.ids[self.who.id], room)
        self.room, self.people = room.name, len(room.members)

    def audience(self, registry: Registry) -> Crowd:
        return registry.room(self.room).crowd

    def deliver(self, audience: Crowd, registry: Registry, origin: Session | None) -> None:  # type: ignore[override]
        audience.hear(self, origin)
        for session in sessions(registry, self.who):
            audience.remove(session)

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.room),)


@event
@dataclass(slots=True, eq=False)
class Invited(Event):
    """Someone was asked into a room; `withdrawn`: is so no longer."""

    room: str
    who: Author
    withdrawn: bool = False

    durability = Durability.PASSING

    def check(self, registry: Registry) -> None:
        room = registry.room(self.room)
        room.require_member(self.by)
        if "i" in room.flags or self.withdrawn:
            room.require_operator(self.by)
        person(registry, self.who)
        if self.who.id in room.members:
            raise PersonInRoom(self.who.name, room.name)

    def apply(self, registry: Registry) -> None:
        """Only an invitation by an operator opens the door; what others say is a message."""
        room, user = registry.room(self.room), registry.ids[self.who.id]
        if self.withdrawn:
            user.invited -= {room.key}
        elif room.members[self.by.id].may_rule:
            user.invited |= {room.key}

    def audience(self, registry: Registry) -> Listener:
        operators = [member.user for member in registry.room(self.room).members.values() if member.is_operator]
        return People({user.id: user for user in (registry.ids[self.who.id], *operators)}.values())


def require_rank(registry: Registry, room: Room, author: Author, member: Member) -> None:
    """NotFounder if `member` is the founder, and `author` neither that one nor an operator of the server."""
    if member.is_founder and member.user.id != author.id and not registry.ids[author.id].is_operator:
        raise NotFounder(room.name)


#: One change of a mode: + or -, the letter, and its argument or nothing.
Change = tuple[str, str, str]


@event
@dataclass(slots=True, eq=False)
class ModeChanged(Event):
    """An operator changed what may be done in a room, and by whom.

    The argument of q, o and v is the id of a member; `names` are the names of those members then.  Of f it is a room.
    """

    room: str
    modes: tuple[Change, ...]
    names: tuple[str, ...] = field(default=(), init=False)

    def check(self, registry: Registry) -> None:
        room = registry.room(self.room)
        room.require_operator(self.by)
        for sign, letter, argument in self.modes:
            if letter in ROLES and argument not in room.members:
                raise PersonNotInRoom(argument, room.name)
            if letter == "q" and sign == "+":
                self._require_gift(registry, room, room.members[argument])
            elif letter in RULERS and sign == "-":
                require_rank(registry, room, self.by, room.members[argument])
            if letter in LISTS and sign == "+" and len(room.masks[letter]) >= MOST_MASKS:
                raise ListFull(room.name, letter)
            if letter == "f" and sign == "+":
                self._require_both_ends(registry.room(argument))

    def _require_gift(self, registry: Registry, room: Room, member: Member) -> None:
        """A room is given away by its founder; what nobody has founded an operator may have."""
        if room.permanent:
            raise NobodysRoom(room.name)
        if not member.user.account:
            raise NoAccount(member.user.name)
        claims = not room.founder and member.user.id == self.by.id
        if not claims and not (room.members[self.by.id].is_founder or registry.ids[self.by.id].is_operator):
            raise NotFounder(room.name)

    def _require_both_ends(self, target: Room) -> None:
        """Nobody sends people into a room where they are not an operator, too."""
        member = target.members.get(self.by.id)
        if member is None or not member.may_rule:
            raise NotOperator(target.name)

    def apply(self, registry: Registry) -> None:
        room = registry.room(self.room)
        self.names = tuple(
            room.members[argument].user.name if letter in ROLES else argument for _, letter, argument in self.modes
        )
        for sign, letter, argument in self.modes:
            self._change(room, sign == "+", letter, argument)
            if letter in ROLES:
                registry.changed.add(argument)

    def _change(self, room: Room, on: bool, letter: str, argument: str) -> None:
        if letter in ROLES:
            room.set_role(room.members[argument], letter, on)
        elif letter in LISTS and on:
            room.masks[letter].put(Mask(argument, self.by.full, self.time))
        elif letter in LISTS:
            room.masks[letter].take(argument)
        elif letter == "k":
            room.password = argument if on else ""
        elif letter == "l":
            room.limit = int(argument) if on else 0
        elif letter == "f":
            room.forward = argument if on else ""
        else:
            (room.flags.add if on else room.flags.discard)(letter)

    def audience(self, registry: Registry) -> Listener:
        return registry.room(self.room).crowd

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.room),)

    def changes(self, registry: Registry) -> Iterable[State]:
        return (registry.room(self.room).save(),)
