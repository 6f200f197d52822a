"""Accounts are made and changed; people log in to them and out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from chat.core.accounts import Account, Verifier
from chat.core.events.base import Durability, Event, People, event
from chat.core.events.people import Followed, person
from chat.core.events.rooms import ModeChanged
from chat.core.names import fold, skeleton
from chat.core.refusals import AccountExists, CertificateTaken, NameInUse, NoGuests, NoSuchAccount
from chat.core.registry import Registry, State
from chat.core.session import Listener, Session


@event
@dataclass(slots=True, eq=False)
class AccountRegistered(Event):
    """Someone made an account, for the name they have or for one that nobody has."""

    account: str
    password: str = ""
    scram: Verifier | None = None

    secrets = ("password", "scram")

    def check(self, registry: Registry) -> None:
        key = fold(self.account)
        if key in registry.accounts:
            raise AccountExists(self.account)
        if registry.account_looks.get(skeleton(self.account), key) != key:
            raise NameInUse(self.account)
        holder = registry.holder(self.account)
        if holder is not None and holder.id != self.by.id:
            raise NameInUse(self.account)

    def apply(self, registry: Registry) -> None:
        registry.put_account(Account(self.account, self.password, self.scram, (), self.time))

    def changes(self, registry: Registry) -> Iterable[State]:
        return (registry.account(self.account).state(),)


@event
@dataclass(slots=True, eq=False)
class AccountChanged(Event):
    """The owner of an account changed its password, its certificates or its settings; what is None stays."""

    account: str
    password: str | None = None
    scram: Verifier | None = None
    certificates: tuple[str, ...] | None = None
    settings: dict[str, str] | None = None

    secrets = ("password", "scram")

    def check(self, registry: Registry) -> None:
        key = registry.account(self.account).key
        for fingerprint in self.certificates or ():
            if registry.certificates.get(fingerprint, key) != key:
                raise CertificateTaken

    def apply(self, registry: Registry) -> None:
        account = registry.account(self.account)
        if self.password is not None:
            account = replace(account, password=self.password, scram=self.scram)
        if self.certificates is not None:
            account = replace(account, certificates=tuple(self.certificates))
        if self.settings is not None:
            account = replace(account, settings={**account.settings, **self.settings})
        registry.put_account(account)

    def changes(self, registry: Registry) -> Iterable[State]:
        return (registry.account(self.account).state(),)


@event
@dataclass(slots=True, eq=False)
class LoggedIn(Followed):
    """Someone who is here proved to own an account, or (`account` is empty) is a guest again.

    The account has its rights back in the rooms it is in, `regained` as keys and letters.  A room that somebody rules
    and no account has is from now on this account's.
    """

    account: str
    regained: dict[str, str] = field(default_factory=dict, init=False)

    durability = Durability.NOTED

    def check(self, registry: Registry) -> None:
        user = person(registry, self.by)
        if self.account and fold(self.account) not in registry.accounts:
            raise NoSuchAccount(self.account)
        if not (registry.guests or self.account):
            raise NoGuests
        registry.bans.require_welcome(self.by._replace(account=self.account))
        other = user.author._replace(account=self.account)
        for room in user.rooms.values():
            room.require_no_disguise(user, other)

    def apply(self, registry: Registry) -> None:
        user = registry.ids[self.by.id]
        user.author = user.author._replace(account=self.account)
        registry.changed.add(user.id)
        for room in user.rooms.values():
            member = room.members[user.id]
            letters = "".join(sorted(set(room.roles_of(user)) - member.roles))
            if letters:
                self.regained[room.key] = letters
                member.roles |= set(letters)
            if member.is_operator and not (room.permanent or room.is_owned):
                room.remember_roles(member)

    def audience(self, registry: Registry) -> Listener:
        return People(registry.peers(registry.ids[self.by.id]))

    def deliver(self, audience: Listener, registry: Registry, origin: Session | None) -> None:
        Followed.deliver(self, audience, registry, origin)
        for key, letters in self.regained.items():
            if key in registry.rooms:
                modes = ModeChanged(self.by, key, tuple(("+", letter, self.by.id) for letter in letters))
                modes.room, modes.names = registry.rooms[key].name, (self.by.name,) * len(letters)
                modes.id, modes.time, modes.seq = f"{self.id}-{key}", self.time, self.seq
                registry.rooms[key].crowd.hear(modes, None)

    def changes(self, registry: Registry) -> Iterable[State]:
        user = registry.ids[self.by.id]
        return tuple(room.save() for room in user.rooms.values() if room.saved and room.roles_of(user))
