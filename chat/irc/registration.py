"""Connection registration: NICK, USER, PASS and capabilities, in any order, until the client is somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.events import Connected
from chat.core.refusals import NameInUse, Refused
from chat.core.registry import Author
from chat.irc.welcome import welcome

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Seconds that a client may take.
PATIENCE = 60


class Registration:
    """What is known of a client that is not registered yet."""

    def __init__(self, client: IRCProtocol) -> None:
        self._client = client
        self.nick = self.username = self.realname = ""
        self.password: str | None = None
        self.negotiating = False
        self._timer = client.factory.clock.callLater(PATIENCE, client.part, "Registration timed out")

    def end(self) -> None:
        """It is over, one way or the other."""
        if self._timer.active():
            self._timer.cancel()

    async def go_on(self) -> None:
        """Come in, if everything is there."""
        client = self._client
        if self.negotiating or not self.nick or not self.username:
            return
        identity = client.factory.new_identity()
        mask = f"~{self.username}@{client.host}"
        try:
            await client.publish(Connected(Author(self.nick, identity, mask), self.realname))
        except NameInUse as refusal:
            client.refuse(refusal)
            self.nick = ""
            return
        except Refused as refusal:
            client.refuse(refusal)
            return
        if client.outlet.closed:
            client.abandon(identity)
            return
        self.end()
        client.arrive(identity)
        welcome(client)


