"""Who is here and which rooms there are, on all nodes: the state that events read and change.

Only `Event.apply` changes it, so the same events make the same registry everywhere.  The one thing in
it that belongs to this node alone is who listens: the sessions of a user, the crowd of a room, and who
follows a name.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from chat.core.accounts import Account
from chat.core.bans import Bans
from chat.core.names import fold, skeleton
from chat.core.presence import PRESENCE, presence
from chat.core.refusals import NameHasAccount, NameInUse, NoSuchAccount, NoSuchPerson, NoSuchRoom
from chat.core.room import Member, Room, State, Topic
from chat.core.user import Author, User

if TYPE_CHECKING:
    from chat.core.session import Session

#: How many people who left, or changed their names, are remembered.
REMEMBERED = 1000


class Past(NamedTuple):
    """Somebody who had a name, until a time (ms)."""

    author: Author
    realname: str
    until: int


class Registry:
    """All users and rooms, and how far the order of events has come.

    `read` says how far (ms) each identity has read each conversation.  `seq` counts the events that are kept;
    `time` (ms) never runs backwards.
    """

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.ids: dict[str, User] = {}
        self.looks: dict[str, User] = {}
        #: How many users have a mode, by its letter.
        self.modes: Counter[str] = Counter()
        self.rooms: dict[str, Room] = {}
        self.accounts: dict[str, Account] = {}
        self.account_looks: dict[str, str] = {}
        self.bans = Bans()
        #: Keys of accounts by the fingerprints of the certificates that open them.
        self.certificates: dict[str, str] = {}
        self.read: dict[str, dict[str, int]] = {}
        self.emptied: list[Room] = []
        #: Rooms by a key they had before: if the new name could not be kept, the store knows them by it.
        self.renamed: dict[str, Room] = {}
        #: Who had a name, the oldest first.
        self.past: deque[Past] = deque(maxlen=REMEMBERED)
        #: The sessions of this node that follow a name, by its folded form, wherever whoever has it is.
        self.followers: dict[str, set[Session]] = {}
        #: Whether those with an account stay who have not said whether they do.
        self.always_on = False
        #: Whether people may come without an account.
        self.guests = True
        #: Identities with an account that came, went or moved since the last event that was kept.
        self.changed: set[str] = set()
        #: Identities of those whose presence is in the store.
        self.lasting: set[str] = set()
        #: Who talks with whom in private, as the store knows them, by conversation.
        self.acquainted: dict[str, tuple[Author, ...]] = {}
        self.seq = 0
        self.time = 0

    # -- people

    def user(self, name: str) -> User:
        """The user called `name`, in any case of letters; NoSuchPerson."""
        try:
            return self.users[fold(name)]
        except KeyError:
            raise NoSuchPerson(name) from None

    def owner(self, account: str) -> User | None:
        """Who is here as the owner of an account, first of all under its name."""
        key = fold(account)
        named = self.users.get(key)
        if named is not None and fold(named.account) == key:
            return named
        return next((user for user in self.ids.values() if user.account and fold(user.account) == key), None)

    def addressee(self, name: str) -> Author:
        """Who is called `name`, or else owns the account of that name, and may not be here; NoSuchPerson."""
        user = self.users.get(fold(name)) or self.owner(name)
        if user is not None:
            return user.author
        account = self.accounts.get(fold(name))
        if account is None:
            raise NoSuchPerson(name)
        return Author(account.name, "", account=account.name)

    def require_free(self, name: str, but: User | None = None, account: str = "") -> None:
        """NameInUse if somebody other than `but` has this name or one that looks like it.

        NameHasAccount if it is that of an account other than `account`.
        """
        holder = self.holder(name)
        if holder is not None and holder is not but:
            raise NameInUse(name)
        if self.account_looks.get(skeleton(name), fold(account)) != fold(account):
            raise NameHasAccount(name)

    def holder(self, name: str) -> User | None:
        """Who has this name, or one that looks like it."""
        return self.users.get(fold(name)) or self.looks.get(skeleton(name))

    def add_user(self, user: User) -> None:
        """`user` is here; its name is free, as `require_free` says."""
        self.users[fold(user.name)] = self.looks[skeleton(user.name)] = self.ids[user.id] = user
        self.modes.update(user.modes)
        self._touch(user)

    def rename(self, user: User, name: str) -> None:
        """`user` is called `name`, which is free, from now on."""
        self.remove_user(user)
        user.author = user.author._replace(name=name)
        self.add_user(user)

    def remove_user(self, user: User) -> None:
        """Nobody has the name of `user` any more; its rooms are left to the caller."""
        del self.users[fold(user.name)], self.looks[skeleton(user.name)], self.ids[user.id]
        self.modes.subtract(user.modes)
        self.past.append(Past(user.author, user.realname, self.time))
        self._touch(user)

    def change_modes(self, user: User, added: str, taken: str) -> None:
        """`user` has other modes from now on."""
        self.modes.subtract(user.modes)
        user.modes = (user.modes | set(added)) - set(taken)
        self.modes.update(user.modes)

    def people_by_id(self, start: str) -> list[User]:
        """The users whose id begins with `start`: a full id, a timestamp, or a timestamp and 8 hex digits."""
        if start in self.ids:
            return [self.ids[start]]
        return [user for id, user in self.ids.items() if id.startswith(start + "-") or _short(id) == start]

    def _touch(self, user: User) -> None:
        if user.account:
            self.changed.add(user.id)

    def stays(self, user: User) -> bool:
        """Whether `user` is here even without a connection, since its account says so."""
        account = self.accounts.get(fold(user.account))
        if account is None or self.bans.on(user.author):
            return False
        chosen = account.settings.get("always-on")
        return chosen == "true" if chosen else self.always_on

    def presences(self) -> Iterator[State]:
        """What is different of those who stay, since this was asked last."""
        changed, self.changed = self.changed, set()
        for id in sorted(changed):
            user = self.ids.get(id)
            if user is not None and self.stays(user):
                self.lasting.add(id)
                yield presence(user)
            elif id in self.lasting:
                self.lasting.remove(id)
                yield State(PRESENCE, id, None)

    # -- accounts

    def account(self, name: str) -> Account:
        """The account called `name`, in any case of letters; NoSuchAccount."""
        try:
            return self.accounts[fold(name)]
        except KeyError:
            raise NoSuchAccount(name) from None

    def put_account(self, account: Account) -> None:
        """An account is new or has changed."""
        self.changed.update(user.id for user in self.ids.values() if fold(user.account) == account.key)
        self._forget_certificates(account.key)
        self.certificates.update(dict.fromkeys(account.certificates, account.key))
        self.accounts[account.key] = account
        self.account_looks[skeleton(account.name)] = account.key

    def drop_account(self, key: str) -> None:
        """There is no such account, after all."""
        self._forget_certificates(key)
        account = self.accounts.pop(key, None)
        if account is not None:
            self.account_looks.pop(skeleton(account.name), None)

    def _forget_certificates(self, key: str) -> None:
        for fingerprint in self.accounts[key].certificates if key in self.accounts else ():
            if self.certificates.get(fingerprint) == key:
                del self.certificates[fingerprint]

    # -- rooms

    def room(self, name: str) -> Room:
        """The room called `name`, in any case of letters; NoSuchRoom."""
        try:
            return self.rooms.get(name) or self.rooms[fold(name)]  # most names are written as they are folded
        except KeyError:
            raise NoSuchRoom(name) from None

    def room_or_new(self, name: str) -> Room:
        """The room called `name`, made now if there is none."""
        key = fold(name)
        if key not in self.rooms:
            self.rooms[key] = Room(name, self.time)
        return self.rooms[key]

    def rename_room(self, room: Room, name: str) -> None:
        """`room` is called `name`, which is free, from now on."""
        old, room.name, room.key = room.key, name, fold(name)
        self.renamed[old] = room
        del self.rooms[old]
        self.rooms[room.key] = room
        for member in room.members.values():
            del member.user.rooms[old]
            member.user.rooms[room.key] = room
            self._touch(member.user)
        for user in self.ids.values():
            if old in user.invited:
                user.invited = user.invited - {old} | {room.key}
        for marks in self.read.values():
            if old in marks:
                marks[room.key] = marks.pop(old)

    def enter(self, user: User, room: Room) -> Member:
        """`user` is a member of `room`."""
        member = room.members[user.id] = Member(user, self.time)
        user.rooms[room.key] = room
        if room.key in user.invited:
            user.invited -= {room.key}
        self._touch(user)
        return member

    def leave(self, user: User, room: Room) -> None:
        """`user` is no member of `room`."""
        del room.members[user.id], user.rooms[room.key]
        self._touch(user)
        if not room.members and not room.saved:
            self.emptied.append(room)

    def forget_empty_rooms(self) -> None:
        """Drop the rooms that were left empty and of which nothing lasts."""
        for room in self.emptied:
            if not (room.members or room.saved or room.permanent):
                self.rooms.pop(room.key, None)
        self.emptied.clear()

    def peers(self, user: User) -> Iterator[User]:
        """Everyone who shares a room with `user` and sees it there, once each, `user` too."""
        seen = {user.id: user}
        for room in user.rooms.values():
            seen.update((member.user.id, member.user) for member in room.witnesses(room.members[user.id]))
        return iter(seen.values())

    def restore(self, state: State) -> None:
        """Believe what the store says of something that lasts."""
        if state.kind == "account" and state.value:
            self.put_account(Account.of(state.value))
        elif state.kind == "account":
            self.drop_account(state.key)
        if state.kind == "ban":
            self.bans.restore(state.key, state.value)
        if state.kind == "talk":
            self.acquainted.clear()
        if state.kind == "read":
            owner, _, conversation = state.key.partition(" ")
            self.read.setdefault(owner, {})[conversation] = int(state.value or 0)
        if state.kind == "room" and (state.value or state.key in self.rooms):
            if state.key in self.renamed and state.key not in self.rooms:
                self.rename_room(self.renamed[state.key], state.key)
            self.room_or_new(state.key).restore(state.value)


def _short(id: str) -> str:
    """`timestamp-8hex` of a full id `timestamp-uuid`."""
    return id[: id.find("-") + 9]


__all__ = ["Author", "Member", "Past", "Registry", "Room", "State", "Topic", "User"]
