"""How somebody comes to be here: as a guest, or as the owner of an account, perhaps in a second window."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chat.core.events import EVERYONE, identity, pair
from chat.core.history import Query
from chat.core.names import fold
from chat.core.registry import Author, Room, User
from chat.line.commands.rooms import come_in, enter, introduction, look_in

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

#: New lines that are shown at most.
MOST = 50


def free_guest_name(client: LineProtocol, identity: str) -> str:
    """A name for somebody who has none: no longer than it must be to be free."""
    *short, longest = (f"guest-{identity[-length:]}" for length in (4, 8, 12))
    return next((name for name in short if client.registry.holder(name) is None), longest)


def session_of(client: LineProtocol, account: str) -> User | None:
    """Who is here as the owner of an account."""
    return client.registry.owner(account)


async def join_session(client: LineProtocol, user: User) -> None:
    """Be another session of somebody who is here."""
    client.arrive(user.id)
    others = len(user.sessions) - 1
    client.notice(f"Hello {user.name}. You are here in {others} other {'window' if others == 1 else 'windows'} too.")
    rooms = list(user.rooms.values())
    for room in rooms:
        room.crowd.add(client)
    lobby = client.registry.room(client.factory.config.lobby)
    if rooms:
        await look_in(client, lobby if lobby in rooms else rooms[0], client.factory.router.delivered + 1)
    else:
        await enter(client, lobby.name)


async def last_here(client: LineProtocol, name: str) -> int | None:
    """When a name was last here (ms); None for never."""
    kept = await client.history.state("seen", fold(name))
    return int(json.loads(kept)["time"]) if kept else None


async def enter_with_news(client: LineProtocol, since: int) -> None:
    """Come into the lobby, and read what is new since the owner of the account was last here (ms)."""
    me = client.me.author
    room, before = await come_in(client, client.factory.config.lobby)
    private = await conversations_since(client, me, since)
    counts = [
        await client.history.count(Query(keys, before=before, start=since)) if keys else 0
        for keys in ((room.key,), (EVERYONE,), private)
    ]
    if not any(counts):
        await look_in(client, room, before)
        return
    client.outlet.hold()
    client.look_at(room)
    client.notice(introduction(client, room))
    client.notice(news(room, *counts))
    everywhere = (room.key, EVERYONE, *private)
    lines = await client.history.page(Query(everywhere, before=before, limit=MOST, start=since))
    await client.show(client.render_page(client.not_ignored(lines), client.settings))
    client.notice("-- now --")
    if not client.outlet.release():
        await client.catch_up()


async def conversations_since(client: LineProtocol, me: Author, since: int) -> tuple[str, ...]:
    """The private conversations in which something was said since then (ms)."""
    begin = identity(me) + " "
    found = [pair(identity(me), state.key[len(begin) :]) for state in await client.history.states_of("talk", begin)]
    return tuple(key for key, time in (await client.history.latest(found)).items() if time >= since)


def news(room: Room, said: int, to_all: int, private: int) -> str:
    """`14 new lines in lobby, 2 private:`"""
    kinds = ((said, f"in {room.name}"), (to_all, "to all"), (private, "private"))
    (first, where), *others = [kind for kind in kinds if kind[0]]
    text = f"{first:,} new {'line' if first == 1 else 'lines'} {where}"
    text += "".join(f", {count:,} {what}" for count, what in others)
    many = said + to_all + private
    return f"{text}:" if many <= MOST else f"{text}. The newest {MOST}; /history shows more:"
