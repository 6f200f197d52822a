"""ChanServ: channels that belong to an account, for those who are used to ask it.

It does nothing that MODE does not do, too: the founder of a channel has the mode q there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.events import ModeChanged
from chat.core.refusals import BadValue, NoSuchRoom, PersonNotInRoom
from chat.core.registry import Room, User
from chat.irc.commands.channels import room_of
from chat.irc.service import Service
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

chanserv = Service("ChanServ")


@command("CHANSERV", "CS")
async def to_chanserv(client: IRCProtocol, *words: str) -> None:
    """CHANSERV <command> -- what PRIVMSG ChanServ does"""
    await chanserv.obey(client, " ".join(words))


@chanserv("help")
async def help(client: IRCProtocol) -> None:
    """HELP -- what ChanServ can do"""
    chanserv.helps(client)


@chanserv("register")
async def register(client: IRCProtocol, channel: str) -> None:
    """REGISTER <channel> -- a channel that you are an operator of belongs to your account from now on"""
    room = room_of(client, channel)
    room.require_operator(client.me.author)
    if room.founder:
        raise BadValue(f"#{room.name} belongs to {owner(client, room)}.")
    await change(client, room, "+", "q", client.me)
    chanserv.says(client, f"#{room.name} is yours.")


@chanserv("transfer")
async def transfer(client: IRCProtocol, channel: str, name: str) -> None:
    """TRANSFER <channel> <nickname> -- give a channel of yours to somebody who is in it and has an account"""
    room, heir = room_of(client, channel), client.registry.user(name)
    await change(client, room, "+", "q", heir)
    await change(client, room, "-", "q", client.me)
    chanserv.says(client, f"#{room.name} belongs to {heir.name}.")


@chanserv("drop")
async def drop(client: IRCProtocol, channel: str) -> None:
    """DROP <channel> -- a channel of yours belongs to nobody any more; you stay an operator"""
    room = room_of(client, channel)
    await change(client, room, "-", "q", client.me)
    chanserv.says(client, f"#{room.name} belongs to nobody.")


@chanserv("op")
async def op(client: IRCProtocol, channel: str, name: str | None = None) -> None:
    """OP <channel> [<nickname>] -- make somebody, or yourself, an operator of a channel"""
    await change(client, room_of(client, channel), "+", "o", client.registry.user(name) if name else client.me)


@chanserv("deop")
async def deop(client: IRCProtocol, channel: str, name: str | None = None) -> None:
    """DEOP <channel> [<nickname>] -- the undoing of OP"""
    await change(client, room_of(client, channel), "-", "o", client.registry.user(name) if name else client.me)


@chanserv("info")
async def info(client: IRCProtocol, channel: str) -> None:
    """INFO <channel> -- whose a channel is"""
    room = room_of(client, channel)
    if not room.is_seen_by(client.me):
        raise NoSuchRoom(room.name)
    chanserv.says(client, f"#{room.name} belongs to {owner(client, room) if room.founder else 'nobody'}.")


def owner(client: IRCProtocol, room: Room) -> str:
    """The account that a room belongs to, as it is shown."""
    return client.registry.accounts[room.founder].name


async def change(client: IRCProtocol, room: Room, sign: str, letter: str, user: User) -> None:
    """Give somebody in a channel a mode, or take it; PersonNotInRoom, BadValue if nothing would change."""
    member = room.members.get(user.id)
    if member is None:
        raise PersonNotInRoom(user.name, room.name)
    if (letter in member.roles) == (sign == "+"):
        raise BadValue(f"{user.name} {'has' if sign == '+' else 'does not have'} +{letter} in #{room.name}.")
    await client.publish(ModeChanged(client.me.author, room.name, ((sign, letter, user.id),)))
