"""What the operators of the machine do, by `twisted-chat admin`: bans of the server, accounts, rooms given back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from chat.core.bans import Ban
from chat.core.events.base import Event, People, event
from chat.core.events.operators import require_operator
from chat.core.names import fold
from chat.core.refusals import AccountClosed
from chat.core.registry import Registry, State, User
from chat.core.session import Crowd, Session


def dismiss(users: Iterable[User], why: str) -> None:
    """Close all connections that somebody has on this node."""
    for user in users:
        for session in user.sessions:
            session.dismiss(why)


@event
@dataclass(slots=True, eq=False)
class BanPlaced(Event):
    """Somebody may not come here any more; a name with its account, an address or a network.  Who is here goes."""

    target: str
    why: str = ""

    def check(self, registry: Registry) -> None:
        require_operator(registry, self.by)

    def apply(self, registry: Registry) -> None:
        registry.bans.put(Ban(self.target, self.time, self.why))

    def audience(self, registry: Registry) -> People:
        return People(user for user in registry.ids.values() if registry.bans.on(user.author))

    def deliver(self, audience: People, registry: Registry, origin: Session | None) -> None:  # type: ignore[override]
        dismiss(audience, Ban(self.target, self.time, self.why).goodbye)

    def changes(self, registry: Registry) -> Iterable[State]:
        return (Ban(self.target, self.time, self.why).state(),)


@event
@dataclass(slots=True, eq=False)
class BanLifted(Event):
    """Somebody may come here again."""

    target: str

    def check(self, registry: Registry) -> None:
        require_operator(registry, self.by)
        registry.bans.require(self.target)

    def apply(self, registry: Registry) -> None:
        del registry.bans[fold(self.target)]

    def changes(self, registry: Registry) -> Iterable[State]:
        return (State("ban", fold(self.target), None),)


@event
@dataclass(slots=True, eq=False)
class AccountShut(Event):
    """Nothing opens an account any more, until it is given another password.  Who is here as its owner goes.

    The name stays taken: who made an account of that name anew would inherit rooms and private messages.
    """

    account: str

    def check(self, registry: Registry) -> None:
        require_operator(registry, self.by)
        if registry.account(self.account).is_shut:
            raise AccountClosed(self.account)

    def apply(self, registry: Registry) -> None:
        account = registry.account(self.account)
        registry.put_account(replace(account, password="", scram=None, certificates=()))

    def audience(self, registry: Registry) -> People:
        key = fold(self.account)
        return People(user for user in registry.ids.values() if fold(user.account) == key)

    def deliver(self, audience: People, registry: Registry, origin: Session | None) -> None:  # type: ignore[override]
        dismiss(audience, "Account closed")

    def changes(self, registry: Registry) -> Iterable[State]:
        return (registry.account(self.account).state(),)


@event
@dataclass(slots=True, eq=False)
class RoomGiven(Event):
    """An account is an operator of a room from now on; `names` are those of its owner who are in there."""

    room: str
    account: str
    names: tuple[str, ...] = field(default=(), init=False)

    def check(self, registry: Registry) -> None:
        require_operator(registry, self.by)
        registry.room(self.room)
        registry.account(self.account)

    def apply(self, registry: Registry) -> None:
        room, key = registry.room(self.room), fold(self.account)
        room.roles[key] = "".join(sorted({*room.roles.get(key, ""), "o"}))
        owners = [member for member in room.members.values() if fold(member.user.account) == key]
        for member in owners:
            room.set_role(member, "o", True)
            registry.changed.add(member.user.id)
        self.names = tuple(member.user.name for member in owners)

    def audience(self, registry: Registry) -> Crowd:
        return registry.room(self.room).crowd

    def conversations(self) -> tuple[str, ...]:
        return (fold(self.room),)

    def changes(self, registry: Registry) -> Iterable[State]:
        return (registry.room(self.room).save(),)


