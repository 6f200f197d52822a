"""Connection registration: NICK, USER, PASS and capabilities, in any order, until the client is somebody."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable
from typing import TYPE_CHECKING

from chat.core.events import Connected
from chat.core.names import fold
from chat.core.refusals import Goodbye, NameInUse, NoGuests, Refused
from chat.core.registry import Author, User
from chat.irc import numerics as n
from chat.irc.past import show_past
from chat.irc.waiting import last_here, show_waiting
from chat.irc.welcome import welcome

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol


class Registration:
    """What is known of a client that is not registered yet."""

    def __init__(self, client: IRCProtocol) -> None:
        self._client = client
        self.nick = self.username = self.realname = ""
        self.password = ""
        self.away: str | None = None
        self.metadata: dict[str, str] = {}
        self.negotiating = False
        client.factory.patience.begin(client, self._took_too_long)

    def end(self) -> None:
        """It is over, one way or the other."""
        self._client.factory.patience.end(self._client)

    def _took_too_long(self) -> None:
        self._client.part("Registration timed out")

    @property
    def begun(self) -> bool:
        """Whether the client has said anything about itself."""
        return bool(self.nick or self.username or self.password or self.negotiating)

    def go_on(self) -> Awaitable[None] | None:
        """Come in, if everything is there."""
        return None if self.negotiating or not self.nick or not self.username else self._come_in()

    async def _come_in(self) -> None:
        client = self._client
        if not same(self.password, client.factory.config.password):
            client.numeric(n.ERR_PASSWDMISMATCH)
            client.part("Bad password")
            return
        self._end_exchange()
        if await self._join_session():
            return
        since = await last_here(client)
        identity = client.factory.new_identity()
        mask = f"~{self.username}@{client.host}"
        try:
            author = Author(self.nick, identity, mask, client.account, bot="B" in client.factory.config.user_modes)
            modes = client.factory.config.user_modes
            await client.publish(Connected(author, self.realname, modes, self.away, self.metadata or None))
        except NameInUse as refusal:
            client.refuse(refusal)
            self.nick = ""
            return
        except NoGuests as refusal:
            client.fail("*", "ACCOUNT_REQUIRED", str(refusal))
            client.part(str(refusal))
            return
        except Goodbye:
            raise
        except Refused as refusal:
            client.refuse(refusal)
            return
        if client.outlet.closed:
            client.abandon(identity)
            return
        self.end()
        client.arrive(identity)
        welcome(client)
        await show_waiting(client, since)

    def _end_exchange(self) -> None:
        """Whoever comes in has done with logging in."""
        client = self._client
        if client.exchange is not None:
            client.exchange.abort()
            client.exchange = None
            client.numeric(n.ERR_SASLABORTED)

    def _myself(self) -> User | None:
        """The user of this name whose other session the client may be: one of the same account, if that wants it."""
        registry, account = self._client.registry, self._client.account
        user = registry.users.get(fold(self.nick))
        if user is None or not account or fold(user.account) != fold(account):
            return None
        return None if registry.account(account).settings.get("multiclient") == "off" else user

    async def _join_session(self) -> bool:
        """Be another session of the user that is here under this name and account, if there is one."""
        client = self._client
        user = self._myself()
        if user is None:
            return False
        self.end()
        since, user.alone = user.alone, None
        client.arrive(user.id)
        welcome(client)
        rooms = tuple(user.rooms.values())
        for room in rooms:
            client.look_in(room)
        await show_past(client, rooms, client.factory.router.delivered + 1)
        await show_waiting(client, since)
        return True


def same(given: str, wanted: str) -> bool:
    """Whether the password of the server is right, if it has one; the time does not tell how much of it is."""
    return not wanted or hmac.compare_digest(given.encode(), wanted.encode())
