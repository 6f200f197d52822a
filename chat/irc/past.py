"""What was said last, shown on coming into a channel to clients that never ask for it: most that people have."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from chat.core.events import Event
from chat.core.history import Query
from chat.core.registry import Room
from chat.irc.batch import ACTION
from chat.irc.commands.history import gather, show
from chat.irc.message import Message
from chat.irc.view import TEXTS

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

#: Clients with one of these ask for the history when they want it.
ASKING = {"draft/chathistory", "znc.in/playback"}


async def show_past(client: IRCProtocol, rooms: Iterable[Room], before: int) -> None:
    """The last lines of channels before the event of the seq `before`; what is said meanwhile follows them."""
    limit = client.factory.config.history_on_join
    told = [room for room in rooms if room.lines]
    if not (limit and told) or client.caps & ASKING:
        return
    client.outlet.hold()
    try:
        for room in told:
            query = Query((room.key,), before=before, limit=limit)
            messages = await gather(client, query, draw=partial(dated, client))
            if messages:
                show(client, f"#{room.name}", messages)
    finally:
        client.outlet.release()


def dated(client: IRCProtocol, event: Event) -> list[Message]:
    """An event of the past as this client sees it: without server-time it is told in words when that was."""
    messages = client.drawn(event)
    for message in messages if "server-time" not in client.caps else ():
        if message.command in TEXTS:
            *target, text = message.params
            start, text = (ACTION, text[len(ACTION) :]) if text.startswith(ACTION) else ("", text)
            message.params = [*target, f"{start}{stamp(event.time, client.factory.now())} {text}"]
    return messages


def stamp(then: int, now: int) -> str:
    """`[12:04]`, or of another day `[19 Nov 12:04]`, where the server is; both times in ms since 1970."""
    at, today = time.localtime(then // 1000), time.localtime(now // 1000)
    return time.strftime("[%H:%M]" if at[:3] == today[:3] else "[%d %b %H:%M]", at)
