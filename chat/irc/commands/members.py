"""Who may be in a channel: KICK, INVITE."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chat.core.events import Invited, Kicked
from chat.core.refusals import NoSuchRoom, PersonNotInRoom, Refused
from chat.irc import numerics as n
from chat.irc.commands.channels import room_of
from chat.irc.message import Message
from chat.irc.table import command, tells
from chat.irc.welcome import TEXT_LENGTH

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol


@command("KICK")
async def kick(client: IRCProtocol, channels: str, names: str, why: str = "") -> None:
    """KICK <channel>{,<channel>} <nickname>{,<nickname>} [<reason>] -- put people out of channels"""
    for channel, name in pairs(channels.split(","), names.split(",")):
        try:
            room, user = room_of(client, channel), client.registry.user(name)
            await client.act(Kicked(client.me.author, room.name, user.author, (why or client.me.name)[:TEXT_LENGTH]))
        except NoSuchRoom:
            client.numeric(n.ERR_NOSUCHCHANNEL, channel)
        except PersonNotInRoom:
            client.numeric(n.ERR_USERNOTINCHANNEL, name, channel)
        except Refused as refusal:
            client.refuse(refusal)


def pairs(channels: list[str], names: list[str]) -> Iterator[tuple[str, str]]:
    """One channel for all names, or a channel for each (RFC 2812, section 3.2.8)."""
    return zip(channels * len(names) if len(channels) == 1 else channels, names, strict=False)


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


@tells(Invited)
def tell_invited(client: IRCProtocol, event: Invited) -> None:
    """Whoever is invited is told, and the operators who asked to be (IRCv3 invite-notify); not who did it.

    IRC has no word for an invitation that is withdrawn.
    """
    if event.withdrawn:
        return
    if client.me.id == event.who.id or ("invite-notify" in client.caps and client.me.id != event.by.id):
        message = Message("INVITE", [event.who.name, f"#{event.room}"], event.by.full)
        message.tags = client.view(None).tags(event, message.tags)
        client.tell(message)
