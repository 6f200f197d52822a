"""Services, as clients and people know them: built in, and talked to as if they were people.

What is said to one is a command, is kept nowhere, and is answered with notices to whoever said it.  One may write
`/msg NickServ ...`, `/ns ...` or `/nickserv ...`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.commands import Commands, split
from chat.core.refusals import Refused
from chat.irc.message import Message

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: All there are, by their names in lower case.
SERVICES: dict[str, Service] = {}


class Service(Commands):
    """The commands of one service, and its voice."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        SERVICES[name.lower()] = self

    async def obey(self, client: IRCProtocol, text: str) -> None:
        """Do what somebody tells the service, and answer them alone."""
        word, rest = split(text.strip())
        try:
            verb = self.find(word or "help")
            await verb.function(client, *verb.arguments(rest))  # type: ignore[misc]
        except Refused as refusal:
            self.says(client, str(refusal))

    def says(self, client: IRCProtocol, text: str) -> None:
        """Answer as the service."""
        client.send(Message("NOTICE", [client.nick, text], f"{self.name}!services@{client.server}"))

    def helps(self, client: IRCProtocol) -> None:
        """Say what it can do."""
        for verb in self:
            self.says(client, f"{verb.syntax} -- {verb.summary}")
