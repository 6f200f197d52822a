"""Following names: MONITOR tells when they come and go, extended-monitor also what changes about them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from chat.core.events import Connected, Event, Left, Renamed, UserMetadataChanged
from chat.core.names import fold, nickname
from chat.core.refusals import Refused
from chat.core.registry import Author
from chat.irc import numerics as n
from chat.irc.commands import metadata
from chat.irc.message import Message, rows
from chat.irc.numerics import Numeric
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Names that one client may follow.
MOST = 100


@command("MONITOR")
def monitor(client: IRCProtocol, verb: str, names: str = "") -> None:
    """MONITOR + | - <nickname>{,<nickname>} | C | L | S -- be told when people come and go
    + adds names and - takes them away, C takes all away, L lists them, S says which of them are here."""
    verb = verb.upper()
    if verb == "+":
        show(client, list(follow(client, [name for name in names.split(",") if name])))
    elif verb == "-":
        for name in names.split(","):
            unfollow(client, fold(name))
    elif verb == "C":
        clear(client)
    elif verb == "L":
        for row in rows(client.follows.values(), ","):
            client.numeric(n.RPL_MONLIST, row)
        client.numeric(n.RPL_ENDOFMONLIST)
    elif verb == "S":
        show(client, list(client.follows.values()))


def follow(client: IRCProtocol, names: list[str]) -> Iterable[str]:
    """Those of `names` that the client did not follow yet and does now."""
    for position, name in enumerate(names):
        key = fold(name)
        if key in client.follows:
            continue
        if len(client.follows) >= MOST:
            client.numeric(n.ERR_MONLISTFULL, str(MOST), ",".join(names[position:]))
            return
        try:
            nickname(name)
        except Refused:
            client.numeric(n.ERR_ERRONEUSNICKNAME, name)
            continue
        client.follows = {**client.follows, key: name}
        client.registry.followers.setdefault(key, set()).add(client)
        yield name


def unfollow(client: IRCProtocol, key: str) -> None:
    if key not in client.follows:
        return
    client.follows = {other: name for other, name in client.follows.items() if other != key}
    followers = client.registry.followers[key]
    followers.discard(client)
    if not followers:
        del client.registry.followers[key]


def clear(client: IRCProtocol) -> None:
    """The client follows nobody any more."""
    for key in list(client.follows):
        unfollow(client, key)


def show(client: IRCProtocol, names: list[str]) -> None:
    """Which of `names` are here, and which are not."""
    users = client.registry.users
    here = [users[fold(name)] for name in names if fold(name) in users]
    for row in rows((user.author.full for user in here), ","):
        client.numeric(n.RPL_MONONLINE, row)
    for row in rows((name for name in names if fold(name) not in users), ","):
        client.numeric(n.RPL_MONOFFLINE, row)
    for user in here:
        metadata.sync_user(client, user)


def noticed(client: IRCProtocol, event: Event, name: str) -> None:
    """Something happened about somebody whose name the client follows."""
    if isinstance(event, Connected):
        came(client, event.by)
    elif isinstance(event, Renamed) and name == fold(event.name):
        came(client, event.by._replace(name=event.name))
    elif isinstance(event, (Left, Renamed)):
        tell(client, n.RPL_MONOFFLINE, event.by.name)
    elif wants(client, event) and not meets(client, name):
        client.hear(event, None)


def wants(client: IRCProtocol, event: Event) -> bool:
    """Whether the client hears what else becomes of those it follows: of metadata always, if it subscribed to it."""
    return "extended-monitor" in client.caps or isinstance(event, UserMetadataChanged)


def came(client: IRCProtocol, author: Author) -> None:
    """Somebody whom the client follows is here."""
    tell(client, n.RPL_MONONLINE, author.full)
    user = client.registry.ids.get(author.id)
    if user is not None:
        metadata.sync_user(client, user, client.tell)


def tell(client: IRCProtocol, numeric: Numeric, text: str) -> None:
    """These come when they come, and belong to the answer of no command."""
    client.tell(Message(numeric.code, [client.nick, text], client.server))


def meets(client: IRCProtocol, name: str) -> bool:
    """Whether the client hears of that one in a room as well."""
    user = client.registry.users.get(name)
    return user is not None and (user is client.user or not user.rooms.keys().isdisjoint(client.me.rooms))
