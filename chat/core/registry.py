"""Who is here and which rooms there are, on all nodes: the state that events read and change.

Only `Event.apply` changes it, so the same events make the same registry everywhere.  The one thing in
it that belongs to this node alone is who listens: the sessions of a user and the crowd of a room.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from chat.core.names import fold, skeleton
from chat.core.refusals import NameInUse, NoSuchPerson, NoSuchRoom, NotInRoom
from chat.core.session import Crowd, Session


class Author(NamedTuple):
    """Who did something: the name as shown, and the identity that stays the same when the name changes."""

    name: str
    id: str


class Topic(NamedTuple):
    """What a room is about, who said so, and when (ms since 1970)."""

    text: str
    by: str
    time: int


class State(NamedTuple):
    """Something that outlasts a restart, as it is kept: a kind, its key, and its JSON; None: gone."""

    kind: str
    key: str
    value: str | None


class User:
    """A name that is here.  With no sessions on this node it is on another one, or kept while away."""

    __slots__ = ("author", "since", "away", "rooms", "sessions")

    def __init__(self, author: Author, since: int) -> None:
        self.author = author
        self.since = since
        self.away: str | None = None
        self.rooms: dict[str, Room] = {}
        self.sessions: list[Session] = []

    @property
    def name(self) -> str:
        return self.author.name

    @property
    def id(self) -> str:
        return self.author.id

    def hear(self, event: object, origin: Session | None) -> None:
        """Tell every session of this user but the one it came from."""
        for session in tuple(self.sessions):
            if session is not origin:
                session.hear(event, origin)  # type: ignore[arg-type]


@dataclass(slots=True)
class Member:
    """A user in a room."""

    user: User
    joined: int


class Room:
    """A room: who is in it, what it is about, how many lines were said in it, who listens here."""

    __slots__ = ("name", "key", "topic", "members", "lines", "saved", "crowd")

    def __init__(self, name: str) -> None:
        self.name = name
        self.key = fold(name)
        self.topic: Topic | None = None
        self.members: dict[str, Member] = {}
        self.lines = 0
        self.saved = False
        self.crowd = Crowd(self)

    def require_member(self, author: Author) -> Member:
        """The member `author` is; NotInRoom if it is none."""
        try:
            return self.members[author.id]
        except KeyError:
            raise NotInRoom(self.name) from None

    def save(self) -> State:
        """What of this room lasts, from now on."""
        self.saved = True
        return State("room", self.key, json.dumps({"name": self.name, "topic": self.topic}))

    def restore(self, value: str | None) -> None:
        """Be again what `save` said; None: nothing of this room lasts."""
        lasting: dict[str, Any] = json.loads(value) if value else {"name": self.name, "topic": None}
        self.name = lasting["name"]
        self.topic = Topic(*lasting["topic"]) if lasting["topic"] else None
        self.saved = value is not None


class Registry:
    """All users and rooms, and how far the order of events has come.

    `seq` counts the events that are kept; `time` (ms) never runs backwards.
    """

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.ids: dict[str, User] = {}
        self.looks: dict[str, User] = {}
        self.rooms: dict[str, Room] = {}
        self.emptied: list[Room] = []
        self.seq = 0
        self.time = 0

    # -- people

    def user(self, name: str) -> User:
        """The user called `name`, in any case of letters; NoSuchPerson."""
        try:
            return self.users[fold(name)]
        except KeyError:
            raise NoSuchPerson(name) from None

    def require_free(self, name: str, but: User | None = None) -> None:
        """NameInUse if somebody other than `but` has this name or one that looks like it."""
        holder = self.holder(name)
        if holder is not None and holder is not but:
            raise NameInUse(name)

    def holder(self, name: str) -> User | None:
        """Who has this name, or one that looks like it."""
        return self.users.get(fold(name)) or self.looks.get(skeleton(name))

    def add_user(self, user: User) -> None:
        """`user` is here; its name is free, as `require_free` says."""
        self.users[fold(user.name)] = self.looks[skeleton(user.name)] = self.ids[user.id] = user

    def rename(self, user: User, name: str) -> None:
        """`user` is called `name`, which is free, from now on."""
        self.remove_user(user)
        user.author = user.author._replace(name=name)
        self.add_user(user)

    def remove_user(self, user: User) -> None:
        """Nobody has the name of `user` any more; its rooms are left to the caller."""
        del self.users[fold(user.name)], self.looks[skeleton(user.name)], self.ids[user.id]

    def people_by_id(self, start: str) -> list[User]:
        """The users whose id begins with `start`: a full id, a timestamp, or a timestamp and 8 hex digits."""
        if start in self.ids:
            return [self.ids[start]]
        return [user for id, user in self.ids.items() if id.startswith(start + "-") or _short(id) == start]

    # -- rooms

    def room(self, name: str) -> Room:
        """The room called `name`, in any case of letters; NoSuchRoom."""
        try:
            return self.rooms[fold(name)]
        except KeyError:
            raise NoSuchRoom(name) from None

    def room_or_new(self, name: str) -> Room:
        """The room called `name`, made now if there is none."""
        key = fold(name)
        if key not in self.rooms:
            self.rooms[key] = Room(name)
        return self.rooms[key]

    def enter(self, user: User, room: Room) -> None:
        """`user` is a member of `room`."""
        room.members[user.id] = Member(user, self.time)
        user.rooms[room.key] = room

    def leave(self, user: User, room: Room) -> None:
        """`user` is no member of `room`."""
        del room.members[user.id], user.rooms[room.key]
        if not room.members and not room.saved:
            self.emptied.append(room)

    def forget_empty_rooms(self) -> None:
        """Drop the rooms that were left empty and of which nothing lasts."""
        for room in self.emptied:
            if not room.members and not room.saved:
                self.rooms.pop(room.key, None)
        self.emptied.clear()

    def peers(self, user: User) -> Iterator[User]:
        """Everyone who shares a room with `user`, once each, `user` too."""
        seen = {user.id: user}
        for room in user.rooms.values():
            seen.update((id, member.user) for id, member in room.members.items())
        return iter(seen.values())

    def restore(self, state: State) -> None:
        """Believe what the store says of something that lasts."""
        if state.kind == "room" and (state.value or state.key in self.rooms):
            self.room_or_new(state.key).restore(state.value)


def _short(id: str) -> str:
    """`timestamp-8hex` of a full id `timestamp-uuid`."""
    return id[: id.find("-") + 9]
