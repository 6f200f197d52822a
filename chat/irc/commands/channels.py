"""Channels: joining and leaving them, who is in them, what they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.events import Joined, Parted, TopicChanged
from chat.core.names import fold, room_name
from chat.core.refusals import AlreadyInRoom, BadRoomName, NoSuchRoom, NotInRoom, Refused
from chat.core.registry import Member, Room
from chat.irc import numerics as n
from chat.irc.table import command
from chat.irc.welcome import TEXT_LENGTH

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Bytes of names on one line.
NAMES_LINE = 380


def channel(name: str) -> str:
    """The name of the room of a channel; NoSuchRoom for what is no channel."""
    if not name.startswith("#") or len(name) < 2:
        raise NoSuchRoom(name.lstrip("#"))
    return name[1:]


def room_of(client: IRCProtocol, name: str) -> Room:
    """The room of a channel that this client may know of; NoSuchRoom."""
    return client.registry.room(channel(name))


@command("JOIN")
async def join(client: IRCProtocol, channels: str, keys: str = "") -> None:
    """JOIN <channel>{,<channel>} [<key>{,<key>}] -- come in; JOIN 0 leaves all"""
    if channels == "0":
        for room in list(client.me.rooms.values()):
            await client.act(Parted(client.me.author, room.name))
        return
    passwords = keys.split(",")
    for position, name in enumerate(channels.split(",")):
        password = passwords[position] if position < len(passwords) else ""
        try:
            if not name.startswith("#"):
                raise BadRoomName
            event = await client.act(Joined(client.me.author, room_name(name[1:]), password))
        except BadRoomName:
            client.numeric(n.ERR_NOSUCHCHANNEL, name or "*")
        except AlreadyInRoom:
            continue
        except Refused as refusal:
            client.refuse(refusal)
        else:
            client.entered(client.registry.room(event.room))


@command("PART")
async def part(client: IRCProtocol, channels: str, why: str = "") -> None:
    """PART <channel>{,<channel>} [<reason>] -- leave"""
    for name in channels.split(","):
        try:
            await client.act(Parted(client.me.author, room_of(client, name).name, why[:TEXT_LENGTH]))
        except NoSuchRoom:
            client.numeric(n.ERR_NOSUCHCHANNEL, name)
        except Refused as refusal:
            client.refuse(refusal)


@command("TOPIC")
async def topic(client: IRCProtocol, channel: str, text: str | None = None) -> None:
    """TOPIC <channel> [<topic>] -- what a channel is about, or change it"""
    room = room_of(client, channel)
    if text is not None:
        await client.act(TopicChanged(client.me.author, room.name, text[:TEXT_LENGTH]))
        return
    if room.secret and client.me.id not in room.members:
        raise NotInRoom(room.name)
    show_topic(client, room, always=True)


def show_topic(client: IRCProtocol, room: Room, always: bool = False) -> None:
    if room.topic is not None:
        client.numeric(n.RPL_TOPIC, f"#{room.name}", room.topic.text)
        client.numeric(n.RPL_TOPICWHOTIME, f"#{room.name}", room.topic.by, str(room.topic.time // 1000))
    elif always:
        client.numeric(n.RPL_NOTOPIC, f"#{room.name}")


@command("NAMES")
def names(client: IRCProtocol, channels: str = "") -> None:
    """NAMES <channel> -- who is in a channel"""
    if not channels:
        client.numeric(n.RPL_ENDOFNAMES, "*")
    for name in channels.split(",") if channels else ():
        room = client.registry.rooms.get(fold(name[1:])) if name[:1] == "#" else None
        if room is None or (room.secret and client.me.id not in room.members):
            client.numeric(n.RPL_ENDOFNAMES, name)
        else:
            show_names(client, room)


def show_names(client: IRCProtocol, room: Room) -> None:
    inside = client.me.id in room.members
    shown = [
        name_of(client, member) for member in room.members.values() if inside or "i" not in member.user.modes
    ]
    symbol = "@" if room.secret else "="
    line = ""
    for name in shown:
        if line and len(line) + len(name) > NAMES_LINE:
            client.numeric(n.RPL_NAMREPLY, symbol, f"#{room.name}", line)
            line = ""
        line += (" " if line else "") + name
    if line:
        client.numeric(n.RPL_NAMREPLY, symbol, f"#{room.name}", line)
    client.numeric(n.RPL_ENDOFNAMES, f"#{room.name}")


def name_of(client: IRCProtocol, member: Member) -> str:
    """A name with its prefixes, all of them or the highest, and with its mask, as negotiated."""
    name = member.user.author.full if "userhost-in-names" in client.caps else member.user.name
    return prefixes(client, member) + name


def prefixes(client: IRCProtocol, member: Member) -> str:
    found = ("@" if "o" in member.roles else "") + ("+" if "v" in member.roles else "")
    return found if "multi-prefix" in client.caps else found[:1]
