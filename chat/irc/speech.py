"""The commonest lines of all, plain words to a channel or to a person, understood without looking at everything else.

What is here gives the same events as `chat.irc.commands.messages`, which knows all the rest: whatever is not entirely
plain is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chat.core.events import Said, Told
from chat.core.names import fold
from chat.irc.message import LONGEST, Message

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: PRIVMSG without tags, to one target, with a text that is no CTCP and has nothing to be cleaned of.
PLAIN = re.compile(rb"PRIVMSG (#?)([^ ,:#@+~$\r\0]+) :([^\x01\r\0][^\r\0]*)\r?")
#: What may be one, and its line end, where it is known to whom plain words go.
FURTHER = re.compile(rb"(PRIVMSG [^ \n]+ :)([^\x01\r\n\0][^\r\n\0]*)\r?\n")
PRIVMSG = Message("PRIVMSG")
#: A line of so many bytes fits behind every source; a longer one may not.
SURE = 200


def understand(client: IRCProtocol, line: bytes) -> Said | Told | None:
    """The event of a plain line of speech; None for any other line, and wherever there is more to say to it."""
    found = PLAIN.fullmatch(line)
    user = client.user
    if found is None or user is None or client.collected is not None:
        return None
    if found.end(3) > SURE and len(user.author.full.encode()) + found.end(3) > LONGEST - 4:
        return None
    try:
        name, text = found[2].decode(), found[3].decode()
    except UnicodeDecodeError:
        return None
    client.message = PRIVMSG
    author, registry = user.author, client.factory.registry
    if found[1]:
        room = registry.rooms.get(name) or registry.rooms.get(fold(name))  # most names are written as they are folded
        return Said(author, room.name, text) if room is not None and author.id in room.members else None
    other = registry.users.get(name) or registry.users.get(fold(name))
    return Told(author, other.author, text) if other is not None and other.away is None else None


def further(client: IRCProtocol, event: Said | Told) -> Iterator[Said | Told]:
    """What stands behind `event`, which was just understood, as far as it is as plain and to the same target."""
    where = f"#{event.room}" if isinstance(event, Said) else event.to.name
    head = f"PRIVMSG {where} :".encode()
    while (found := client.queue.match(FURTHER, SURE)) is not None and found[1] == head:
        try:
            text = found[2].decode()
        except UnicodeDecodeError:
            break
        client.queue.take(found)
        yield Said(event.by, event.room, text) if isinstance(event, Said) else Told(event.by, event.to, text)
