"""Who is here and which rooms there are, on all nodes: the state that events read and change.

Only `Event.apply` changes it, so the same events make the same registry everywhere.  The one thing in
it that belongs to this node alone is who listens: the sessions of a user and the crowd of a room.
"""

from __future__ import annotations

from collections.abc import Iterator

from chat.core.names import fold, skeleton
from chat.core.refusals import NameInUse, NoSuchPerson, NoSuchRoom
from chat.core.room import Member, Room, State, Topic
from chat.core.user import Author, User


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
            self.rooms[key] = Room(name, self.time)
        return self.rooms[key]

    def enter(self, user: User, room: Room) -> Member:
        """`user` is a member of `room`."""
        member = room.members[user.id] = Member(user, self.time)
        user.rooms[room.key] = room
        user.invited.discard(room.key)
        return member

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


__all__ = ["Author", "Member", "Registry", "Room", "State", "Topic", "User"]
