"""Who may write to somebody who hears from people with accounts only: ACCEPT."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.events import Accepted
from chat.core.names import fold
from chat.irc import numerics as n
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: People that one may accept.
MOST = 100


@command("ACCEPT")
async def accept(client: IRCProtocol, names: str) -> None:
    """ACCEPT [-]<nickname>{,[-]<nickname>} | * -- who may write to you although you have the mode R; * lists them"""
    if names == "*":
        for id in client.me.accepted:
            if id in client.registry.ids:
                client.numeric(n.RPL_ACCEPTLIST, client.registry.ids[id].name)
        client.numeric(n.RPL_ENDOFACCEPT)
        return
    for name in names.split(","):
        await change(client, name.lstrip("-"), not name.startswith("-"))


async def change(client: IRCProtocol, name: str, on: bool) -> None:
    user = client.registry.users.get(fold(name))
    accepted = client.me.accepted
    if user is None:
        client.numeric(n.ERR_NOSUCHNICK, name)
    elif on and user.id in accepted:
        client.numeric(n.ERR_ACCEPTEXIST, user.name)
    elif on and len(accepted) >= MOST:
        client.numeric(n.ERR_ACCEPTFULL)
    elif not on and user.id not in accepted:
        client.numeric(n.ERR_ACCEPTNOT, user.name)
    else:
        await client.publish(Accepted(client.me.author, user.author, on))
