"""Operators of the server: OPER, KILL, WALLOPS, REHASH, CHGHOST."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chat.core.events import Alerted, Killed, Left, MaskChanged, UserModeChanged
from chat.core.refusals import NotServerOperator
from chat.core.registry import Room
from chat.core.session import SERVER
from chat.irc import numerics as n
from chat.irc import secret
from chat.irc.message import Message
from chat.irc.table import command, tells
from chat.irc.welcome import TEXT_LENGTH

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

USERNAME = re.compile(r"~?[A-Za-z0-9._-]{1,16}")
HOST = re.compile(r"[A-Za-z0-9._/-][A-Za-z0-9.:_/-]{0,62}")


def require_operator(client: IRCProtocol) -> None:
    """NotServerOperator, before anything else about a command can be learnt."""
    if not client.me.is_operator:
        raise NotServerOperator


@command("OPER")
async def oper(client: IRCProtocol, name: str, password: str) -> None:
    """OPER <name> <password> -- become an operator of this server"""
    client.factory.accounts.require_safe_link(client)
    guesses, who = client.factory.accounts.guesses, f"operator:{name}"
    guesses.spend(who, client.host)
    if not await secret.matches(client, dict(client.factory.config.operators).get(name), password):
        client.numeric(n.ERR_PASSWDMISMATCH)
        return
    guesses.right(who, client.host)
    if not client.me.is_operator:
        await client.act(UserModeChanged(client.me.author, "o", ""))
    client.numeric(n.RPL_YOUREOPER)


@command("KILL")
async def kill(client: IRCProtocol, name: str, why: str = "") -> None:
    """KILL <nickname> [<reason>] -- close the connections of somebody; operators only"""
    require_operator(client)
    who = client.registry.user(name).author
    await client.publish(Killed(client.me.author, who, why[:TEXT_LENGTH]))
    # Who would stay without a connection does not stay now; whoever has left already is past leaving.
    client.factory.router.publish(Left(who, f"Killed ({client.nick})"), SERVER)


@tells(Killed)
def killed(client: IRCProtocol, event: Killed) -> None:
    client.tell(Message("KILL", [event.who.name, event.why or event.by.name], event.by.full))


@command("WALLOPS")
async def wallops(client: IRCProtocol, text: str) -> None:
    """WALLOPS :<text> -- say something to everyone with the mode w; operators only"""
    require_operator(client)
    await client.publish(Alerted(client.me.author, text[:TEXT_LENGTH]))


@command("REHASH")
def rehash(client: IRCProtocol) -> None:
    """REHASH -- read the configuration again; operators only"""
    require_operator(client)
    client.numeric(n.RPL_REHASHING, "configuration")
    client.notice(client.factory.reload())


@command("CHGHOST")
async def chghost(client: IRCProtocol, name: str, username: str, host: str) -> None:
    """CHGHOST <nickname> <username> <host> -- change where somebody seems to come from; operators only"""
    require_operator(client)
    user = client.registry.user(name)
    if not USERNAME.fullmatch(username) or not HOST.fullmatch(host):
        client.fail("CHGHOST", "INVALID_MASK", f"{username}@{host}"[:100], "That is no username and host")
    else:
        await client.publish(MaskChanged(user.author, client.me.author, f"{username}@{host}"))


@tells(MaskChanged)
def mask_changed(client: IRCProtocol, event: MaskChanged) -> None:
    """With chghost as it is; without, whoever changed seems to have gone and come back (chghost, "Fallback")."""
    username, _, host = event.mask.partition("@")
    mine = client.user is not None and event.by.id == client.user.id
    if mine:
        client.tell(Message(n.RPL_HOSTHIDDEN.code, [client.nick, host, n.RPL_HOSTHIDDEN.text], client.server))
    if "chghost" in client.caps:
        client.tell(Message("CHGHOST", [username, host], event.by.full))
    elif not mine:
        for line in came_back(client, event):
            client.tell(line)


def sees(client: IRCProtocol, room: Room, identity: str) -> bool:
    """Whether the client may know that somebody is in a room that it is in."""
    member = room.members.get(identity)
    return member is None or bool(room.members[client.me.id].roles) or not room.hides(member)


def came_back(client: IRCProtocol, event: MaskChanged) -> list[Message]:
    """The same as somebody leaving and joining again, in the rooms that the client is in too."""
    shared = [room for key in event.rooms if (room := client.me.rooms.get(key)) and sees(client, room, event.by.id)]
    if not shared:
        return []
    source = event.by._replace(mask=event.mask).full
    lines = [Message("QUIT", ["Changing host"], event.by.full)]
    for room in shared:
        member = room.members.get(event.by.id)
        extended = [event.by.account or "*", (member.user.realname if member else "") or event.by.name]
        join = [f"#{room.name}", *(extended if "extended-join" in client.caps else [])]
        lines.append(Message("JOIN", join, source))
        roles = "".join(sorted(member.roles)) if member else ""
        if roles:
            lines.append(Message("MODE", [f"#{room.name}", f"+{roles}", *[event.by.name] * len(roles)], client.server))
    return lines
