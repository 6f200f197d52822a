"""People: WHOIS, AWAY, ISON, USERHOST."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.events import AwayChanged
from chat.core.names import fold
from chat.core.registry import Room, User
from chat.irc import numerics as n
from chat.irc.commands import metadata
from chat.irc.commands.channels import prefixes
from chat.irc.commands.server import is_here
from chat.irc.message import rows
from chat.irc.table import command
from chat.irc.welcome import TEXT_LENGTH

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Names that one line may ask about.
MOST = 100


@command("WHOIS")
def whois(client: IRCProtocol, name: str, other: str = "") -> None:
    """WHOIS [<server>] <nickname> -- who someone is"""
    if other and not is_here(client, name):
        return
    name = (other or name).partition(",")[0]
    user = client.registry.users.get(fold(name))
    if user is None:
        client.numeric(n.ERR_NOSUCHNICK, name)
    else:
        describe(client, user)
    client.numeric(n.RPL_ENDOFWHOIS, user.name if user else name)


def describe(client: IRCProtocol, user: User) -> None:
    username, _, host = user.author.mask.partition("@")
    client.numeric(n.RPL_WHOISUSER, user.name, username, host, "*", user.realname or user.name)
    show_rooms(client, user)
    client.numeric(n.RPL_WHOISSERVER, user.name, client.server, client.factory.config.info)
    if user.away is not None:
        client.numeric(n.RPL_AWAY, user.name, user.away)
    if user.is_operator:
        client.numeric(n.RPL_WHOISOPERATOR, user.name)
    if "B" in user.modes:
        client.numeric(n.RPL_WHOISBOT, user.name)
    if user.account:
        client.numeric(n.RPL_WHOISACCOUNT, user.name, user.account)
    if user.sessions and all(session.encrypted for session in user.sessions):  # type: ignore[attr-defined]
        client.numeric(n.RPL_WHOISSECURE, user.name)
    if user is client.me or client.me.is_operator:
        show_addresses(client, user)
        show_certificates(client, user)
    idle = client.factory.idle(user)
    if idle is not None:
        client.numeric(n.RPL_WHOISIDLE, user.name, str(idle // 1000), str(user.since // 1000))
    metadata.describe(client, user)


def show_rooms(client: IRCProtocol, user: User) -> None:
    """The channels that somebody is in: those that may be known, and of an invisible one those that are shared."""
    rooms = [room for room in user.rooms.values() if may_know(client, user, room)]
    shown = [prefixes(client, room.members[user.id]) + f"#{room.name}" for room in rooms]
    for row in rows(shown):
        client.numeric(n.RPL_WHOISCHANNELS, user.name, row)


def may_know(client: IRCProtocol, user: User, room: Room) -> bool:
    if client.me.is_operator or user is client.me:
        return True
    me = room.members.get(client.me.id)
    if me is None:
        return not (room.secret or "i" in user.modes or room.hides(room.members[user.id]))
    return bool(me.roles) or not room.hides(room.members[user.id])


def show_addresses(client: IRCProtocol, user: User) -> None:
    """Where somebody really comes from, and with what modes: for operators, and for oneself."""
    addresses = {getattr(session, "address", "") for session in user.sessions} - {""}
    for address in sorted(addresses):
        client.numeric(n.RPL_WHOISACTUALLY, user.name, user.author.mask, address)
    client.numeric(n.RPL_WHOISMODES, user.name, f"is using modes +{''.join(sorted(user.modes))}")


def show_certificates(client: IRCProtocol, user: User) -> None:
    """Which certificates somebody's clients have shown: for operators, and for oneself."""
    shown = {getattr(session, "fingerprint", "") for session in user.sessions} - {""}
    for each in sorted(shown):
        client.numeric(n.RPL_WHOISCERTFP, user.name, f"has client certificate fingerprint {each}")


@command("AWAY")
async def away(client: IRCProtocol, why: str = "") -> None:
    """AWAY [<reason>] -- say that you are not there, or are again"""
    reason = why[:TEXT_LENGTH] or None
    if client.registration is not None:
        client.registration.away = reason
    else:
        await client.publish(AwayChanged(client.me.author, reason))
    client.numeric(n.RPL_NOWAWAY if reason else n.RPL_UNAWAY)


@command("ISON")
def ison(client: IRCProtocol, *names: str) -> None:
    """ISON <nickname>{ <nickname>} -- who of these is here"""
    if not names:
        client.numeric(n.ERR_NEEDMOREPARAMS, "ISON")
        return
    wanted = [fold(name) for each in names for name in each.split()][:MOST]
    here = [client.registry.users[name].name for name in wanted if name in client.registry.users]
    client.numeric(n.RPL_ISON, " ".join(here))


@command("USERHOST")
def userhost(client: IRCProtocol, *names: str) -> None:
    """USERHOST <nickname>{ <nickname>} -- from where"""
    if not names:
        client.numeric(n.ERR_NEEDMOREPARAMS, "USERHOST")
        return
    found = [client.registry.users[fold(name)] for name in names[:5] if fold(name) in client.registry.users]
    shown = (
        f"{user.name}{'*' if user.is_operator else ''}={'-' if user.away is not None else '+'}{user.author.mask}"
        for user in found
    )
    client.numeric(n.RPL_USERHOST, " ".join(shown))
