"""Who was here: WHOWAS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.mask import glob as pattern
from chat.core.names import fold
from chat.core.registry import Past
from chat.irc import numerics as n
from chat.irc.commands.server import date
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Names that match a mask, and answers about each of them.
MOST = 20


@command("WHOWAS")
def whowas(client: IRCProtocol, names: str, count: str = "", server: str = "") -> None:
    """WHOWAS <nickname>{,<nickname>} [<count>] -- who had a name, the last first"""
    most = min(int(count), MOST) if count.isdecimal() and int(count) else MOST
    for name in names.split(","):
        found = matching(client, name)
        for entries in found.values():
            for past in entries[:most]:
                show(client, past)
            client.numeric(n.RPL_ENDOFWHOWAS, entries[0].author.name)
        if not found:
            client.numeric(n.ERR_WASNOSUCHNICK, name)
            client.numeric(n.RPL_ENDOFWHOWAS, name)


def matching(client: IRCProtocol, mask: str) -> dict[str, list[Past]]:
    """Who had names that match, the last first, by the folded name: a mask asks about each (RFC 2812, 3.6.3)."""
    glob = pattern(fold(mask))
    found: dict[str, list[Past]] = {}
    for past in reversed(client.registry.past):
        key = fold(past.author.name)
        if glob.fullmatch(key) and (key in found or len(found) < MOST):
            found.setdefault(key, []).append(past)
    return found


def show(client: IRCProtocol, past: Past) -> None:
    nick = past.author.name
    username, _, host = past.author.mask.partition("@")
    client.numeric(n.RPL_WHOWASUSER, nick, username, host, "*", past.realname or nick)
    client.numeric(n.RPL_WHOISSERVER, nick, client.server, date(past.until))
