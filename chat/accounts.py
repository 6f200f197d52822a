"""Accounts at work, for every wire: made, proved, changed.  What lasts of them is in the registry and the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from chat.core.accounts import Account
from chat.core.events import AccountChanged, AccountRegistered
from chat.core.names import fold
from chat.core.refusals import BadPassword, NotEncrypted, WrongPassword
from chat.core.registry import Author
from chat.guesses import Guesses
from chat.passwords import Passwords, is_old

if TYPE_CHECKING:
    from twisted.internet.defer import Deferred

    from chat.core.events import Event
    from chat.core.registry import User
    from chat.factory import ChatFactory

#: Characters of a password; the fewest are a setting (8 unless it says otherwise: NIST SP 800-63B, 5.1.1.1).
LONGEST = 600


class Claimant(Protocol):
    """A connection on which somebody says whose account they own."""

    @property
    def address(self) -> str: ...
    @property
    def encrypted(self) -> bool: ...
    @property
    def is_local(self) -> bool: ...
    @property
    def way_to_tls(self) -> str: ...
    @property
    def user(self) -> User | None: ...
    def publish(self, event: Event) -> Deferred[Event]: ...


class Accounts:
    """Makes accounts and checks who owns one."""

    def __init__(self, factory: ChatFactory, passwords: Passwords) -> None:
        self._factory, self._passwords = factory, passwords
        self.guesses = Guesses(factory.clock.seconds)

    def require_safe_link(self, client: Claimant) -> None:
        """NotEncrypted where a password could be read on its way."""
        if client.encrypted or client.is_local:
            return
        raise NotEncrypted(client.way_to_tls or "This server has no TLS yet.")

    def require_good(self, password: str) -> None:
        """BadPassword for one that is too short or too long, or that SASL PLAIN cannot carry (RFC 4616)."""
        shortest = self._factory.config.shortest_password
        if not shortest <= len(password) <= LONGEST or "\0" in password:
            raise BadPassword(shortest, LONGEST)

    async def register(self, client: Claimant, by: Author, name: str, password: str) -> Account:
        """Make an account; Refused if the name cannot be had, or the password is none."""
        self.require_good(password)
        event = AccountRegistered(by, name, *await self._passwords.derive(password))
        await client.publish(event)
        self.guesses.right(name, client.address)
        return self._factory.registry.account(name)

    async def prove(self, client: Claimant, name: str, password: str) -> Account:
        """The account of that name, if the password fits; WrongPassword, TooManyGuesses, Busy."""
        self.guesses.spend(name, client.address)
        account = self._factory.registry.accounts.get(fold(name))
        if not await self._passwords.fits(password[:LONGEST], account.password if account else "") or account is None:
            raise WrongPassword
        self.guesses.right(name, client.address)
        if is_old(account.password):
            await self._renew(client, account.name, password)
        return account

    async def change(self, client: Claimant, name: str, password: str) -> None:
        """Give an account another password."""
        self.require_good(password)
        await self._renew(client, name, password)

    async def _renew(self, client: Claimant, name: str, password: str) -> None:
        credentials = await self._passwords.derive(password)
        by: Any = client.user.author if client.user else Author(name, name)
        await client.publish(AccountChanged(by, name, *credentials))
