"""Who matches: WHO, with the fields that a client asks for (IRCv3 WHOX)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chat.core.mask import glob as pattern
from chat.core.names import fold
from chat.core.registry import Member, Room, User
from chat.irc import numerics as n
from chat.irc.commands.channels import prefixes
from chat.irc.commands.channels import visible as visible_members
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: The address that is shown where the real one is none of one's business (WHOX).
HIDDEN = "255.255.255.255"
TOKEN = re.compile(r"[0-9]{1,3}")
#: Lines of an answer that are written before it is seen whether they are read.
AT_ONCE = 100


@command("WHO")
async def who(client: IRCProtocol, mask: str = "*", options: str = "") -> None:
    """WHO <mask> [o][%<fields>[,<token>]] -- who matches, in a channel or anywhere; o: operators only
    The mask is a channel, a nickname, or * and ? in a nickname, username, host or real name.
    The fields are some of tcuihsnfdlaor, the token is up to three digits and comes back with t."""
    flags, percent, asked = options.partition("%")
    fields, _, token = asked.partition(",")
    for count, (user, room) in enumerate(found(client, mask), 1):
        if "o" in flags and not user.is_operator:
            continue
        member = room.members.get(user.id) if room else None
        if percent:
            special(client, user, room, member, fields, token)
        else:
            plain(client, user, room, member)
        if count % AT_ONCE == 0 and not client.label:
            client.outlet.flush()
            await client.outlet.drained()
    client.numeric(n.RPL_ENDOFWHO, mask)


def found(client: IRCProtocol, mask: str) -> Iterator[tuple[User, Room | None]]:
    """Those who match, as far as they may be seen, and the channel that was asked about."""
    if mask.startswith("#"):
        room = client.registry.rooms.get(fold(mask[1:]))
        for member in members(client, room) if room else ():
            yield member.user, room
        return
    named = client.registry.users.get(fold(mask))
    if named is not None:
        yield named, None
        return
    glob = pattern(fold("*" if mask == "0" else mask))
    for user in list(client.registry.ids.values()):
        username, _, host = user.author.mask.partition("@")
        if visible(client, user) and any(glob.fullmatch(fold(x)) for x in (user.name, username, host, user.realname)):
            yield user, None


def members(client: IRCProtocol, room: Room) -> list[Member]:
    """Those in a channel whom a client may see."""
    me = room.members.get(client.me.id)
    if client.me.is_operator:
        return list(room.members.values())
    return visible_members(room, me) if room.is_seen_by(client.me) else []


def visible(client: IRCProtocol, user: User) -> bool:
    """Whether somebody is seen by those who do not ask for them by name: the invisible only by those they meet."""
    if "i" not in user.modes or user is client.me or client.me.is_operator:
        return True
    return not user.rooms.keys().isdisjoint(client.me.rooms)


def flags_of(client: IRCProtocol, user: User, member: Member | None) -> str:
    """H or G (here, gone), * for an operator of the server, B for a bot, the prefixes in the channel."""
    flags = "H" if user.away is None else "G"
    flags += "*" if user.is_operator else ""
    flags += "B" if "B" in user.modes else ""
    return flags + (prefixes(client, member) if member else "")


def plain(client: IRCProtocol, user: User, room: Room | None, member: Member | None) -> None:
    username, _, host = user.author.mask.partition("@")
    channel, flags = f"#{room.name}" if room else "*", flags_of(client, user, member)
    end = f"0 {user.realname or user.name}"
    client.numeric(n.RPL_WHOREPLY, channel, username, host, client.server, user.name, flags, end)


def special(
    client: IRCProtocol, user: User, room: Room | None, member: Member | None, fields: str, token: str
) -> None:
    """The fields that were asked for, in the order of the specification."""
    username, _, host = user.author.mask.partition("@")
    values = {
        "t": token if TOKEN.fullmatch(token) else "0",
        "c": f"#{room.name}" if room else "*",
        "u": username,
        "i": address(client, user),
        "h": host,
        "s": client.server,
        "n": user.name,
        "f": flags_of(client, user, member),
        "d": "0",
        "l": str((client.factory.idle(user) or 0) // 1000),
        "a": user.account or "0",
        "o": "n/a",
        "r": user.realname or user.name,
    }
    client.numeric(n.RPL_WHOSPCRPL, *(values[field] for field in values if field in fields))


def address(client: IRCProtocol, user: User) -> str:
    """The address of somebody, for themselves and for operators."""
    if user is not client.me and not client.me.is_operator:
        return HIDDEN
    return next((found for session in user.sessions if (found := getattr(session, "address", ""))), HIDDEN)
