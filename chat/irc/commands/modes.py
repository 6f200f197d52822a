"""Modes: of channels and of people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chat.core.events import ModeChanged, UserModeChanged
from chat.core.mask import normal
from chat.core.names import fold
from chat.core.registry import Room
from chat.core.room import FLAGS, LISTS, ROLES
from chat.irc import numerics as n
from chat.irc.commands.channels import room_of
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

Change = tuple[str, str, str]

LISTED = {
    "b": (n.RPL_BANLIST, n.RPL_ENDOFBANLIST),
    "e": (n.RPL_EXCEPTLIST, n.RPL_ENDOFEXCEPTLIST),
    "I": (n.RPL_INVEXLIST, n.RPL_ENDOFINVEXLIST),
}
#: A limit is less than this.
MOST_PEOPLE = 10**9
#: Modes that people may set on themselves.
OWN = "BRTiw"


@command("MODE")
async def mode(client: IRCProtocol, target: str, modes: str = "", *arguments: str) -> None:
    """MODE <channel or nickname> [<modes> [<arguments>]] -- see or change modes"""
    if target.startswith("#"):
        await channel_mode(client, room_of(client, target), modes, list(arguments))
    else:
        await user_mode(client, target, modes)


async def channel_mode(client: IRCProtocol, room: Room, modes: str, arguments: list[str]) -> None:
    if not modes:
        room.require_sight(client.me)
        show_modes(client, room)
        return
    changes = list(parse(client, room, modes, arguments))
    if changes:
        await client.act(ModeChanged(client.me.author, room.name, tuple(changes)))


def show_modes(client: IRCProtocol, room: Room) -> None:
    inside = client.me.id in room.members
    letters, arguments = "".join(sorted(room.flags)), []
    if room.password:
        letters += "k"
        arguments.append(room.password if inside else "*")
    if room.limit:
        letters += "l"
        arguments.append(str(room.limit))
    if room.forward:
        letters += "f"
        arguments.append(f"#{room.forward}")
    client.numeric(n.RPL_CHANNELMODEIS, f"#{room.name}", f"+{letters}", *arguments)
    client.numeric(n.RPL_CREATIONTIME, f"#{room.name}", str(room.created // 1000))


def parse(client: IRCProtocol, room: Room, modes: str, arguments: list[str]) -> Iterator[Change]:
    """The changes that a MODE line asks for, those that can be; lists are shown and errors answered on the way."""
    sign = "+"
    listed: set[str] = set()
    for letter in modes:
        if letter in "+-":
            sign = letter
        elif letter in LISTS:
            if arguments:
                mask = normal(arguments.pop(0))
                if " " in mask:
                    client.numeric(n.ERR_INVALIDMODEPARAM, f"#{room.name}", letter, "*", "A mask has no blanks")
                elif (fold(mask) in room.masks[letter]) != (sign == "+"):
                    yield sign, letter, mask
            elif letter not in listed:
                listed.add(letter)
                show_list(client, room, letter)
        elif letter in ROLES:
            yield from role(client, room, sign, letter, arguments)
        elif letter in "fkl":
            yield from setting(client, room, sign, letter, arguments)
        elif letter not in FLAGS:
            client.numeric(n.ERR_UNKNOWNMODE, letter)
        elif (letter in room.flags) != (sign == "+"):
            yield sign, letter, ""


def role(client: IRCProtocol, room: Room, sign: str, letter: str, arguments: list[str]) -> Iterator[Change]:
    if not arguments:
        client.numeric(n.ERR_NEEDMOREPARAMS, "MODE")
        return
    name = arguments.pop(0)
    user = client.registry.users.get(fold(name))
    if user is None:
        client.numeric(n.ERR_NOSUCHNICK, name)
    elif user.id not in room.members:
        client.numeric(n.ERR_USERNOTINCHANNEL, name, f"#{room.name}")
    elif (letter in room.members[user.id].roles) != (sign == "+"):
        yield sign, letter, user.id


def setting(client: IRCProtocol, room: Room, sign: str, letter: str, arguments: list[str]) -> Iterator[Change]:
    """A key, a limit, or a channel for those who may not come in."""
    if sign == "-":
        if letter == "k" and arguments:
            arguments.pop(0)
        if {"f": room.forward, "k": room.password, "l": room.limit}[letter]:
            yield sign, letter, room.password if letter == "k" else ""
    elif not arguments:
        client.numeric(n.ERR_NEEDMOREPARAMS, "MODE")
    elif (value := CHECKS[letter](client, arguments[0])) is not None:
        arguments.pop(0)
        yield sign, letter, value
    elif letter == "k":
        arguments.pop(0)
        client.numeric(n.ERR_INVALIDKEY, f"#{room.name}")
    else:
        client.numeric(n.ERR_INVALIDMODEPARAM, f"#{room.name}", letter, arguments.pop(0) or "*", WRONG[letter])


def a_limit(client: IRCProtocol, given: str) -> str | None:
    good = given.isascii() and given.isdigit() and 0 < int(given) < MOST_PEOPLE
    return str(int(given)) if good else None


def a_key(client: IRCProtocol, given: str) -> str | None:
    return given if given and given[0] != ":" and not set(given) & set(" ,") else None


def a_forward(client: IRCProtocol, given: str) -> str | None:
    room = client.registry.rooms.get(fold(given[1:])) if given.startswith("#") else None
    return room.name if room else None


#: What the argument of a setting means, or None for nothing; and what to say then.
CHECKS = {"f": a_forward, "k": a_key, "l": a_limit}
WRONG = {"f": "There is no such channel", "l": "A limit is a number from 1"}


def show_list(client: IRCProtocol, room: Room, letter: str) -> None:
    entry, end = LISTED[letter]
    if letter == "b":
        room.require_sight(client.me)
    else:
        room.require_member(client.me.author)
    for mask in room.masks[letter].values():
        client.numeric(entry, f"#{room.name}", mask.text, mask.by, str(mask.time // 1000))
    client.numeric(end, f"#{room.name}")


async def user_mode(client: IRCProtocol, target: str, modes: str) -> None:
    if client.registry.user(target) is not client.me:
        client.numeric(n.ERR_USERSDONTMATCH)
        return
    if not modes:
        client.numeric(n.RPL_UMODEIS, "+" + "".join(sorted(client.me.modes)))
        return
    added: set[str] = set()
    taken: set[str] = set()
    sign = "+"
    for letter in modes:
        if letter in "+-":
            sign = letter
        elif letter in OWN or (letter == "o" and sign == "-"):
            (added if sign == "+" else taken).add(letter)
        elif letter != "o":
            client.numeric(n.ERR_UMODEUNKNOWNFLAG)
    added -= client.me.modes
    taken &= client.me.modes
    if added or taken:
        await client.act(UserModeChanged(client.me.author, "".join(sorted(added)), "".join(sorted(taken))))
