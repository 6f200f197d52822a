"""The server: MOTD, LUSERS, VERSION, ADMIN, INFO, TIME, STATS, LINKS, HELP."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from chat import __version__
from chat.commands import Verb
from chat.core.mask import glob as pattern
from chat.core.names import fold
from chat.irc import numerics as n
from chat.irc import welcome
from chat.irc.message import rows
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

INFO = (
    "chat-{version}, on Twisted: one chat for IRC clients and for people with nc.",
    "What you see was on disk before you saw it.",
    "Running since {started}.",
)
START = "Commands of this server; HELP <command> tells more of one"


def is_here(client: IRCProtocol, server: str) -> bool:
    """Whether a command is for this server, by its name, a mask of it, or somebody on it; if not, say so."""
    server = fold(server)
    here = not server or bool(pattern(server).fullmatch(fold(client.server))) or server in client.registry.users
    if not here:
        client.numeric(n.ERR_NOSUCHSERVER, server)
    return here


def date(time: int) -> str:
    """A time in ms since 1970 for people to read."""
    return f"{datetime.fromtimestamp(time / 1000, timezone.utc):%a %b %d %Y at %H:%M:%S UTC}"


@command("MOTD")
def motd(client: IRCProtocol, server: str = "") -> None:
    """MOTD -- the message of the day"""
    if is_here(client, server):
        welcome.motd(client)


@command("LUSERS")
def lusers(client: IRCProtocol, mask: str = "", server: str = "") -> None:
    """LUSERS -- how many people are here"""
    if is_here(client, server):
        welcome.lusers(client)


@command("VERSION")
def version(client: IRCProtocol, server: str = "") -> None:
    """VERSION -- what this server is"""
    if is_here(client, server):
        client.numeric(n.RPL_VERSION, f"chat-{__version__}", client.server, "")
        welcome.isupport(client)


@command("ADMIN")
def admin(client: IRCProtocol, server: str = "") -> None:
    """ADMIN -- who runs this server"""
    if not is_here(client, server):
        return
    config = client.factory.config
    if not config.admin:
        client.numeric(n.ERR_NOADMININFO, client.server)
        return
    client.numeric(n.RPL_ADMINME, client.server)
    client.numeric(n.RPL_ADMINLOC1, config.network)
    client.numeric(n.RPL_ADMINLOC2, config.info)
    client.numeric(n.RPL_ADMINEMAIL, config.admin)


@command("INFO")
def info(client: IRCProtocol, server: str = "") -> None:
    """INFO -- about this server"""
    if not is_here(client, server):
        return
    for line in INFO:
        client.numeric(n.RPL_INFO, line.format(version=__version__, started=client.factory.started))
    client.numeric(n.RPL_ENDOFINFO)


@command("TIME")
def time(client: IRCProtocol, server: str = "") -> None:
    """TIME -- what time it is here"""
    if is_here(client, server):
        client.numeric(n.RPL_TIME, client.server, date(client.factory.now()))


@command("STATS")
def stats(client: IRCProtocol, query: str = "*", server: str = "") -> None:
    """STATS u | o -- since when the server runs; who may be an operator, for operators"""
    if not is_here(client, server):
        return
    query = query[:1]
    if query == "u":
        seconds = int(client.factory.clock.seconds() - client.factory.since)
        days, seconds = divmod(seconds, 86_400)
        up = f"{days} days {seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        client.numeric(n.RPL_STATSUPTIME, f"Server up {up}")
    elif query in ("o", "O") and client.me.is_operator:
        for name, _ in client.factory.config.operators:
            client.numeric(n.RPL_STATSOLINE, "O", "*", "*", name)
    client.numeric(n.RPL_ENDOFSTATS, query)


@command("LINKS")
def links(client: IRCProtocol, server: str = "", mask: str = "*") -> None:
    """LINKS -- the servers of this network, for operators"""
    mask = mask if server else "*"
    if client.me.is_operator:
        client.numeric(n.RPL_LINKS, client.server, client.server, f"0 {client.factory.config.info}")
    client.numeric(n.RPL_ENDOFLINKS, mask)


@command("HELP", "HELPOP")
def help(client: IRCProtocol, subject: str = "") -> None:
    """HELP [<command>] -- what a command does, or which there are"""
    if not subject:
        tell(client, "*", START, rows(sorted(verb.name for verb in command), most=70))
    elif subject in command:
        verb: Verb = command.find(subject)
        tell(client, verb.name, verb.syntax, [verb.summary, *verb.details.splitlines()])
    else:
        client.numeric(n.ERR_HELPNOTFOUND, subject.split(" ")[0] or "*")


def tell(client: IRCProtocol, subject: str, title: str, lines: Iterable[str]) -> None:
    """A page of help."""
    client.numeric(n.RPL_HELPSTART, subject, title)
    for line in lines:
        client.numeric(n.RPL_HELPTXT, subject, line)
    client.numeric(n.RPL_ENDOFHELP, subject, "End of HELP")
