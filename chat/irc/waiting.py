"""What was said in private to the owner of an account while nobody was here for them, shown when they come.

Clients that ask for the history themselves, by CHATHISTORY or as ZNC's playback, are not shown it twice.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chat.core.events import identity
from chat.core.history import Query
from chat.core.names import fold
from chat.irc.commands.history import most, stands
from chat.irc.conversations import private, talked_with
from chat.irc.past import ASKING, dated

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol


async def last_here(client: IRCProtocol) -> int | None:
    """When the account of a client was last here under its name (ms); None for never, and for guests."""
    kept = await client.history.state("seen", fold(client.account)) if client.account else None
    return int(json.loads(kept)["time"]) if kept else None


async def show_waiting(client: IRCProtocol, since: int | None) -> None:
    """Show what others have said to this client's user in private since then (ms), if it does not ask itself."""
    if since is None or client.caps & ASKING:
        return
    before = client.factory.router.delivered + 1
    keys = [private(client, who, who.name).key for who, time in await talked_with(client) if time >= since]
    if not keys:
        return
    query = Query(keys, before=before, limit=most(client), start=since)
    me = identity(client.me.author)
    waiting = [event for event in await client.history.page(query) if stands(event) and identity(event.by) != me]
    if waiting:
        count = "1 private message has" if len(waiting) == 1 else f"{len(waiting):,} private messages have"
        client.notice(f"{count} waited for you:")
    for event in waiting:
        for message in dated(client, event):
            client.send(message)
