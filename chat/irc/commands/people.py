"""People: WHOIS, WHO, AWAY, ISON, USERHOST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.events import AwayChanged
from chat.core.mask import _pattern as pattern
from chat.core.names import fold
from chat.core.registry import Member, User
from chat.irc import numerics as n
from chat.irc.commands.channels import prefixes
from chat.irc.table import command
from chat.irc.welcome import TEXT_LENGTH

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol


@command("WHOIS")
def whois(client: IRCProtocol, name: str, other: str = "") -> None:
    """WHOIS [<server>] <nickname> -- who someone is"""
    name = other or name
    user = client.registry.users.get(fold(name))
    if user is None:
        client.numeric(n.ERR_NOSUCHNICK, name)
    else:
        describe(client, user)
    client.numeric(n.RPL_ENDOFWHOIS, user.name if user else name)


def describe(client: IRCProtocol, user: User) -> None:
    username, _, host = user.author.mask.partition("@")
    client.numeric(n.RPL_WHOISUSER, user.name, username, host, "*", user.realname or user.name)
    rooms = [room for room in user.rooms.values() if not room.secret or client.me.id in room.members]
    if rooms:
        shown = " ".join(prefixes(client, room.members[user.id]) + f"#{room.name}" for room in rooms)
        client.numeric(n.RPL_WHOISCHANNELS, user.name, shown)
    client.numeric(n.RPL_WHOISSERVER, user.name, client.server, client.factory.config.info)
    if user.away is not None:
        client.numeric(n.RPL_AWAY, user.name, user.away)
    if user.is_operator:
        client.numeric(n.RPL_WHOISOPERATOR, user.name)
    if "B" in user.modes:
        client.numeric(n.RPL_WHOISBOT, user.name)
    if user.account:
        client.numeric(n.RPL_WHOISACCOUNT, user.name, user.account)
    idle = client.factory.idle(user)
    if idle is not None:
        client.numeric(n.RPL_WHOISIDLE, user.name, str(idle // 1000), str(user.since // 1000))


@command("WHO")
def who(client: IRCProtocol, mask: str = "*", options: str = "") -> None:
    """WHO <mask> [<options>] -- who matches, in a channel or anywhere"""
    if mask.startswith("#"):
        room = client.registry.rooms.get(fold(mask[1:]))
        inside = room is not None and client.me.id in room.members
        if room is not None and (inside or not room.secret):
            for member in room.members.values():
                if inside or "i" not in member.user.modes:
                    one(client, member.user, f"#{room.name}", member, options)
    else:
        glob = pattern(fold(mask))
        for user in list(client.registry.ids.values()):
            if glob.fullmatch(fold(user.name)):
                one(client, user, "*", None, options)
    client.numeric(n.RPL_ENDOFWHO, mask)


def one(client: IRCProtocol, user: User, channel: str, member: Member | None, options: str) -> None:
    username, _, host = user.author.mask.partition("@")
    flags = "H" if user.away is None else "G"
    flags += "*" if user.is_operator else ""
    flags += "B" if "B" in user.modes else ""
    flags += prefixes(client, member) if member else ""
    if "%" not in options:
        client.numeric(
            n.RPL_WHOREPLY, channel, username, host, client.server, user.name, flags, f"0 {user.realname or user.name}"
        )
        return
    fields, _, token = options.partition("%")[2].partition(",")
    idle = (client.factory.idle(user) or 0) // 1000
    values = {
        "t": token, "c": channel, "u": username, "i": "255.255.255.255", "h": host, "s": client.server, "n": user.name,
        "f": flags, "d": "0", "l": str(idle), "a": user.account or "0", "o": "n/a", "r": user.realname or user.name,
    }  # fmt: skip
    client.numeric(n.RPL_WHOSPCRPL, *(values[field] for field in values if field in fields))


@command("AWAY")
async def away(client: IRCProtocol, why: str = "") -> None:
    """AWAY [<reason>] -- say that you are not there, or are again"""
    await client.act(AwayChanged(client.me.author, why[:TEXT_LENGTH] or None))
    client.numeric(n.RPL_NOWAWAY if why else n.RPL_UNAWAY)


@command("ISON")
def ison(client: IRCProtocol, *names: str) -> None:
    """ISON <nickname>{ <nickname>} -- who of these is here"""
    wanted = [name for each in names for name in each.split()]
    here = [client.registry.users[fold(name)].name for name in wanted if fold(name) in client.registry.users]
    client.numeric(n.RPL_ISON, " ".join(here))


@command("USERHOST")
def userhost(client: IRCProtocol, *names: str) -> None:
    """USERHOST <nickname>{ <nickname>} -- from where"""
    found = [client.registry.users[fold(name)] for name in names[:5] if fold(name) in client.registry.users]
    shown = (
        f"{user.name}{'*' if user.is_operator else ''}={'-' if user.away is not None else '+'}{user.author.mask}"
        for user in found
    )
    client.numeric(n.RPL_USERHOST, " ".join(shown))
