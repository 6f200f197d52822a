"""Channels: joining and leaving them, who is in them, what they are about and called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from chat.core.events import Joined, Parted, RoomRenamed, TopicChanged
from chat.core.names import fold, room_name
from chat.core.refusals import (
    AccountNeeded,
    AlreadyInRoom,
    BadRoomName,
    Banned,
    CannotRename,
    NoSuchRoom,
    Refused,
    RoomFull,
    RoomInviteOnly,
    RoomNameInUse,
    WrongKey,
)
from chat.core.registry import Member, Room
from chat.core.room import ROLES
from chat.irc import numerics as n
from chat.irc import past
from chat.irc.message import Message, clipped
from chat.irc.table import command
from chat.irc.welcome import TEXT_LENGTH

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Bytes of names on one line.
NAMES_LINE = 380
#: Who is refused so is forwarded, where the channel has a forward (+f).
SHUT = (AccountNeeded, Banned, RoomFull, RoomInviteOnly, WrongKey)


def channel(name: str) -> str:
    """The name of the room of a channel; NoSuchRoom for what is no channel."""
    if not name.startswith("#") or len(name) < 2:
        raise NoSuchRoom(name.lstrip("#"))
    return name[1:]


def new_channel(name: str) -> str:
    """The name of a room that a channel may have; BadRoomName."""
    if not name.startswith("#") or name.startswith("##"):
        raise BadRoomName(name)
    return room_name(name[1:])


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
            await enter(client, new_channel(name), password)
        except BadRoomName:
            client.numeric(n.ERR_NOSUCHCHANNEL, name or "*")
        except AlreadyInRoom:
            continue
        except Refused as refusal:
            client.refuse(refusal)


async def enter(client: IRCProtocol, name: str, password: str) -> None:
    """Come in, or be sent where the channel sends those who may not."""
    try:
        event: Any = await client.act(Joined(client.me.author, name, password))
    except SHUT:
        room = client.registry.rooms.get(fold(name))
        if room is None or not room.forward:
            raise
        client.numeric(n.ERR_LINKCHANNEL, f"#{room.name}", f"#{room.forward}")
        event = await client.act(Joined(client.me.author, room.forward))
    room = client.registry.room(event.room)
    client.entered(room)
    await past.show_past(client, [room], event.seq)


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
    room.require_sight(client.me)
    show_topic(client, room, always=True)


def show_topic(client: IRCProtocol, room: Room, always: bool = False) -> None:
    if room.topic is not None:
        client.numeric(n.RPL_TOPIC, f"#{room.name}", clipped(room.topic.text, TEXT_LENGTH))
        client.numeric(n.RPL_TOPICWHOTIME, f"#{room.name}", room.topic.by, str(room.topic.time // 1000))
    elif always:
        client.numeric(n.RPL_NOTOPIC, f"#{room.name}")


@command("RENAME")
async def rename(client: IRCProtocol, old: str, new: str, why: str = "") -> None:
    """RENAME <channel> <channel> [<reason>] -- give a channel another name (IRCv3 channel-rename)"""
    room = room_of(client, old)
    try:
        await client.act(RoomRenamed(client.me.author, room.name, new_channel(new), why[:TEXT_LENGTH]))
    except RoomNameInUse:
        client.fail("RENAME", "CHANNEL_NAME_IN_USE", old, new, "There is a channel of that name already")
    except (BadRoomName, CannotRename) as refusal:
        client.fail("RENAME", "CANNOT_RENAME", old, new, str(refusal))


def tell_moved(client: IRCProtocol, room: Room, event: RoomRenamed) -> None:
    """A client that does not know RENAME sees itself leave one channel and come into another (channel-rename)."""
    if "draft/channel-rename" in client.caps or fold(event.room) == room.key:
        return
    client.send(Message("PART", [f"#{event.room}", *([event.why] if event.why else [])], client.me.author.full))
    joined = Joined(client.me.author, room.name)
    joined.id, joined.time, joined.realname = event.id, event.time, client.me.realname
    for message in client.drawn(joined):
        client.send(message)
    client.entered(room)


@command("NAMES")
def names(client: IRCProtocol, channels: str = "") -> None:
    """NAMES [<channel>{,<channel>}] -- who is in these channels, or in all"""
    if not channels:
        for room in list(client.registry.rooms.values()):
            name_members(client, room)
    wanted = dict.fromkeys(fold(name[1:]) for name in channels.split(",") if name.startswith("#"))
    for key in wanted:
        if key in client.registry.rooms:
            name_members(client, client.registry.rooms[key])
    client.numeric(n.RPL_ENDOFNAMES, channels or "*")


def show_names(client: IRCProtocol, room: Room) -> None:
    """Who is in a channel, as after coming in."""
    name_members(client, room)
    client.numeric(n.RPL_ENDOFNAMES, f"#{room.name}")


def name_members(client: IRCProtocol, room: Room) -> None:
    """Those in a channel whom this client may see, on as many lines as they need."""
    me = room.members.get(client.me.id)
    if not room.is_seen_by(client.me):
        return
    symbol = "@" if room.secret else "="
    for line in in_lines(names_of(client, visible(room, me))):
        client.numeric(n.RPL_NAMREPLY, symbol, f"#{room.name}", line)


def visible(room: Room, me: Member | None) -> list[Member]:
    """Those in a room whom one of them, or one from outside, may see."""
    everyone = list(room.members.values())
    if me is None:
        return [member for member in everyone if "i" not in member.user.modes and not room.hides(member)]
    if "u" not in room.flags:
        return everyone
    return [member for member in everyone if me.roles or not room.hides(member)]


def in_lines(words: Sequence[str], size: int = NAMES_LINE) -> Iterable[str]:
    """Words on lines of at most so many bytes."""
    whole = " ".join(words)
    if len(whole.encode()) < size:
        if words:
            yield whole
        return
    line: list[str] = []
    length = 0
    for word in words:
        length += len(word.encode()) + 1
        if line and length > size:
            yield " ".join(line)
            line, length = [], len(word.encode()) + 1
        line.append(word)
    if line:
        yield " ".join(line)


def names_of(client: IRCProtocol, members: Iterable[Member]) -> list[str]:
    """Names with their prefixes, all of them or the highest, and with their masks, as negotiated."""
    if "userhost-in-names" in client.caps:
        return [prefixes(client, member) + member.user.author.full for member in members]
    return [
        prefixes(client, member) + member.user.author.name if member.roles else member.user.author.name
        for member in members
    ]


def prefixes(client: IRCProtocol, member: Member) -> str:
    if not member.roles:
        return ""
    found = "".join(sign for letter, sign in zip(ROLES, "~@+", strict=True) if letter in member.roles)
    return found if "multi-prefix" in client.caps else found[:1]
