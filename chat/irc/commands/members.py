"""Who may be in a channel: KICK, INVITE."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.events import Invited, Kicked
from chat.core.refusals import PersonNotInRoom, Refused
from chat.irc import numerics as n
from chat.irc.commands.channels import room_of
from chat.irc.table import command
from chat.irc.welcome import TEXT_LENGTH

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol


@command("KICK")
async def kick(client: IRCProtocol, channel: str, names: str, why: str = "") -> None:
    """KICK <channel> <nickname>{,<nickname>} [<reason>] -- put someone out of a channel"""
    room = room_of(client, channel)
    for name in names.split(","):
        try:
            user = client.registry.user(name)
            await client.act(Kicked(client.me.author, room.name, user.author, (why or client.me.name)[:TEXT_LENGTH]))
        except PersonNotInRoom:
            client.numeric(n.ERR_USERNOTINCHANNEL, name, f"#{room.name}")
        except Refused as refusal:
            client.refuse(refusal)


@command("INVITE")
async def invite(client: IRCProtocol, name: str = "", channel: str = "") -> None:
    """INVITE [<nickname> <channel>] -- ask someone in; alone: where you are invited to"""
    if not name:
        for key in sorted(client.me.invited):
            room = client.registry.rooms.get(key)
            client.numeric(n.RPL_INVITELIST, f"#{room.name if room else key}")
        client.numeric(n.RPL_ENDOFINVITELIST)
        return
    if not channel:
        client.numeric(n.ERR_NEEDMOREPARAMS, "INVITE")
        return
    user, room = client.registry.user(name), room_of(client, channel)
    await client.act(Invited(client.me.author, room.name, user.author))
    client.numeric(n.RPL_INVITING, user.name, f"#{room.name}")
    if user.away is not None:
        client.numeric(n.RPL_AWAY, user.name, user.away)
