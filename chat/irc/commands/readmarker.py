"""How far one has read: MARKREAD (IRCv3 draft/read-marker)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chat.core.events import MarkedRead, identity
from chat.core.moment import iso
from chat.core.names import fold
from chat.core.refusals import NoSuchPerson
from chat.core.registry import Room
from chat.irc.conversations import milliseconds, private, somebody
from chat.irc.message import Message
from chat.irc.table import command

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol


@command("MARKREAD")
async def markread(client: IRCProtocol, target: str = "", timestamp: str = "") -> None:
    """MARKREAD <target> [timestamp=<time>] -- see how far you have read, or say so"""
    if not target:
        client.fail("MARKREAD", "NEED_MORE_PARAMS", "Missing parameters")
        return
    key = await key_of(client, target)
    if not timestamp:
        answer(client, target, key or "")
        return
    time = milliseconds(timestamp[10:]) if timestamp.startswith("timestamp=") else None
    if time is None or time <= 0:
        client.fail("MARKREAD", "INVALID_PARAMS", timestamp, "Invalid timestamp")
    elif key is None or (target.startswith("#") and key not in client.registry.rooms):
        client.fail("MARKREAD", "INVALID_PARAMS", target, "There is no such target")
    else:
        await client.publish(MarkedRead(client.me.author, key, target, min(time, client.factory.now())))
        answer(client, target, key)


async def key_of(client: IRCProtocol, target: str) -> str | None:
    """The key of a conversation; None with somebody this client does not know.  One may mark what one has left."""
    if target.startswith("#"):
        return fold(target[1:])
    try:
        return private(client, await somebody(client, target), target).key
    except NoSuchPerson:
        return None


def answer(client: IRCProtocol, target: str, key: str) -> None:
    """How far this user has read the conversation of that key."""
    upto = client.registry.read.get(identity(client.me.author), {}).get(key, 0)
    client.send(Message("MARKREAD", [target, f"timestamp={iso(upto)}" if upto else "*"], client.server))


def show_mark(client: IRCProtocol, room: Room) -> None:
    """On coming into a room, for clients that want to know."""
    if "draft/read-marker" in client.caps:
        answer(client, f"#{room.name}", room.key)
