"""The server: MOTD, LUSERS, VERSION."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat import __version__
from chat.irc import numerics as n
from chat.irc import welcome
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol


@command("MOTD")
def motd(client: IRCProtocol, server: str = "") -> None:
    """MOTD -- the message of the day"""
    if server and server not in (client.server, client.nick):
        client.numeric(n.ERR_NOSUCHSERVER, server)
    else:
        welcome.motd(client)


@command("LUSERS")
def lusers(client: IRCProtocol) -> None:
    """LUSERS -- how many people are here"""
    welcome.lusers(client)


@command("VERSION")
def version(client: IRCProtocol, server: str = "") -> None:
    """VERSION -- what this server is"""
    client.numeric(n.RPL_VERSION, f"chat-{__version__}", client.server, "")
    welcome.isupport(client)
