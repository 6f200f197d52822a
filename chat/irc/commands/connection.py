"""Coming in, going out, and being there: registration, capabilities, PING, QUIT."""

from __future__ import annotations

import re
import sys
from collections.abc import Awaitable, Iterable, Mapping
from typing import TYPE_CHECKING

from twisted.internet.task import deferLater

from chat.core.events import RealnameChanged, Renamed
from chat.core.refusals import BadName, NameReserved
from chat.irc import numerics as n
from chat.irc import welcome
from chat.irc.capabilities import TOLD, VALUES_SINCE, offered
from chat.irc.commands.channels import in_lines
from chat.irc.message import Message
from chat.irc.table import command
from chat.irc.welcome import TEXT_LENGTH

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Bytes of capabilities on one line.
CAP_LINE = 400

not_in_usernames = re.compile(r"[^\w.-]")


@command("NICK")
def nick(client: IRCProtocol, name: str = "") -> Awaitable[None] | None:
    """NICK <nickname> -- be called something, or something else"""
    if not name:
        client.numeric(n.ERR_NONICKNAMEGIVEN)
        return None
    try:
        name = client.factory.nickname(name)
    except (BadName, NameReserved):
        client.numeric(n.ERR_ERRONEUSNICKNAME, name.split(" ")[0] or "*")
        return None
    if client.registration is None:
        return client.act(Renamed(client.me.author, name)) if name != client.me.name else None
    client.registration.nick = name
    return client.registration.go_on()


@command("USER")
def user(client: IRCProtocol, username: str, mode: str, unused: str, realname: str) -> Awaitable[None] | None:
    """USER <username> 0 * <realname> -- who you are"""
    registration = client.registration
    if registration is None:
        client.numeric(n.ERR_ALREADYREGISTRED)
        return None
    if not realname:
        client.numeric(n.ERR_NEEDMOREPARAMS, "USER")
        return None
    registration.username = not_in_usernames.sub("", username)[:16] or "user"
    registration.realname = realname[:TEXT_LENGTH]
    return registration.go_on()


@command("PASS")
def password(client: IRCProtocol, password: str) -> None:
    """PASS <password> -- the password of the server"""
    if client.registration is None:
        client.numeric(n.ERR_ALREADYREGISTRED)
    else:
        if client.factory.config.password:
            client.factory.accounts.require_safe_link(client)
        client.registration.password = password


@command("CAP")
def cap(client: IRCProtocol, verb: str, argument: str = "") -> Awaitable[None] | None:
    """CAP LS [302] | LIST | REQ :<capabilities> | END -- negotiate capabilities"""
    verb, registration = verb.upper(), client.registration
    client.offered = offered(client)
    if verb == "LS":
        if argument.isascii() and argument.isdigit():
            client.cap_version = max(client.cap_version, int(argument[:9]))
        if client.cap_version >= VALUES_SINCE:
            client.caps |= {"cap-notify"}
        if registration:
            registration.negotiating = True
        values = client.cap_version >= VALUES_SINCE
        _in_lines(client, "LS", with_values(client.offered) if values else on_one_line(client.offered))
    elif verb == "LIST":
        _in_lines(client, "LIST", sorted(client.caps))
    elif verb == "REQ":
        if registration:
            registration.negotiating = True
        _request(client, argument.split())
    elif verb == "END":
        if registration:
            registration.negotiating = False
            return registration.go_on()
    else:
        client.numeric(n.ERR_INVALIDCAPCMD, verb)
    return None


def with_values(capabilities: Mapping[str, str]) -> list[str]:
    """Capabilities as CAP LS 302 and CAP NEW show them."""
    return [f"{name}={value}" if value else name for name, value in capabilities.items()]


def renegotiate(client: IRCProtocol) -> None:
    """The configuration has changed: offer what is new, and take away what is gone (IRCv3 cap-notify)."""
    if not client.caps:
        return
    before, client.offered = client.offered, offered(client)
    new = {name: value for name, value in client.offered.items() if before.get(name) != value}
    gone = before.keys() - client.offered.keys() - TOLD
    if not client.encrypted:
        new.pop("sts", None)  # it may wait until the client comes again
    told = "cap-notify" in client.caps
    if client.caps & gone:
        client.set_caps(client.caps - gone)
    for verb, names in (("NEW", with_values(new)), ("DEL", sorted(gone))):
        for line in in_lines(names, CAP_LINE) if told else ():
            client.tell(Message("CAP", [client.nick, verb, line], client.server))


def on_one_line(capabilities: Iterable[str]) -> list[str]:
    """As many capabilities as fit on the one line that an old client takes, drafts last; it may ask for all."""
    names = sorted(set(capabilities) - TOLD, key=lambda name: (name.startswith("draft/"), name))
    return next(iter(in_lines(names, CAP_LINE)), "").split()


def _in_lines(client: IRCProtocol, verb: str, names: list[str]) -> None:
    """Capabilities: for clients that know how (302) on as many lines as they need, all but the last marked."""
    lines = list(in_lines(names, CAP_LINE if client.cap_version >= VALUES_SINCE else sys.maxsize)) or [""]
    for line in lines[:-1]:
        client.send(Message("CAP", [client.nick, verb, "*", line], client.server))
    client.send(Message("CAP", [client.nick, verb, lines[-1]], client.server))


def _request(client: IRCProtocol, names: list[str]) -> None:
    """All or nothing."""
    wanted = {name for name in names if not name.startswith("-")}
    unwanted = {name[1:] for name in names if name.startswith("-")}
    sticky = {"cap-notify"} if client.cap_version >= VALUES_SINCE else set()
    if (wanted | unwanted) <= client.offered.keys() - TOLD and not unwanted & sticky:
        client.send(Message("CAP", [client.nick, "ACK", " ".join(names)], client.server))
        client.set_caps((client.caps | wanted) - unwanted)
    else:
        client.send(Message("CAP", [client.nick, "NAK", " ".join(names)], client.server))


@command("ISUPPORT")
def isupport(client: IRCProtocol) -> None:
    """ISUPPORT -- what this server supports, and its limits"""
    welcome.isupport(client)


@command("PING")
async def ping(client: IRCProtocol, token: str = "") -> None:
    """PING <token> -- are you there? Everything that came before is told of first"""
    if not token:
        client.numeric(n.ERR_NEEDMOREPARAMS, "PING")
        return
    # Of what others sent before it, some may be read after it in this turn: the kernel does not say what came first.
    await deferLater(client.factory.clock, 0, lambda: None)
    await client.factory.settled()
    client.send(Message("PONG", [client.server, token], client.server))


@command("PONG")
def pong(client: IRCProtocol, token: str = "") -> None:
    """PONG <token> -- I am"""


@command("QUIT")
def quit(client: IRCProtocol, why: str = "") -> None:
    """QUIT [<reason>] -- leave"""
    client.why = f"Quit: {why}" if why else "Quit"
    if client.user is not None:
        client.send(Message("QUIT", [client.why], client.me.author.full))
    client.part(client.why)


@command("SETNAME")
async def setname(client: IRCProtocol, realname: str) -> None:
    """SETNAME :<real name> -- give another real name"""
    if len(realname) > TEXT_LENGTH:
        client.fail("SETNAME", "INVALID_REALNAME", "Real name is too long")
        return
    await client.act(RealnameChanged(client.me.author, realname))
