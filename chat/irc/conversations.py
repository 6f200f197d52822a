"""What a client means by a target, a message id and a time: a conversation, and a place in it."""

from __future__ import annotations

import json
import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, NamedTuple

from chat.core.events import Edited, Event, identity, pair
from chat.core.names import fold
from chat.core.refusals import NoSuchPerson, NoSuchRoom, NotInRoom
from chat.core.registry import Author, Room

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


class Conversation(NamedTuple):
    """A conversation by its key: in a room, or with one other person."""

    key: str
    name: str
    room: Room | None = None
    person: Author | None = None


async def conversation(client: IRCProtocol, target: str) -> Conversation:
    """The conversation that a client may read under this target; NoSuchRoom, NotInRoom, NoSuchPerson."""
    if target.startswith("#"):
        room = client.registry.room(target[1:])
        room.require_member(client.me.author)
        return Conversation(room.key, f"#{room.name}", room)
    return private(client, await somebody(client, target), target)


def private(client: IRCProtocol, person: Author, name: str) -> Conversation:
    """The conversation with `person`."""
    return Conversation(pair(identity(client.me.author), identity(person)), name, None, person)


async def somebody(client: IRCProtocol, name: str) -> Author:
    """Who is here under that name, or was called so when this client last talked with them; NoSuchPerson."""
    user = client.registry.users.get(fold(name))
    if user is not None:
        return user.author
    known = [(time, other) for other, time in await talked_with(client) if fold(other.name) == fold(name)]
    if not known:
        raise NoSuchPerson(name)
    return max(known)[1]


async def talked_with(client: IRCProtocol) -> list[tuple[Author, int]]:
    """Everyone this client's user has talked with in private, by their latest name known, and when last (ms)."""
    me = identity(client.me.author)
    others: dict[str, Author] = {}
    for state in await client.history.states_of("talk", me + " "):
        value = json.loads(state.value or "{}")
        user = client.registry.ids.get(value["id"])
        name = user.name if user else value["name"]
        others[pair(me, state.key[len(me) + 1 :])] = Author(name, value["id"], account=value["account"])
    return [(others[key], time) for key, time in (await client.history.latest(list(others))).items()]


async def message(client: IRCProtocol, key: str, id: str) -> Event | None:
    """The event of that id in the conversation, as it was; None if there is none.  An edit stands for its line."""
    event = await client.history.find(id)
    if isinstance(event, Edited):
        event = await client.history.find(event.ref)
    return event if event is not None and key in event.conversations() else None


async def line(client: IRCProtocol, target: str, id: str) -> Any:
    """What was said under that id to this target, in its latest wording where it has a number; else None."""
    try:
        where = await conversation(client, target)
    except (NoSuchRoom, NotInRoom, NoSuchPerson):
        return None
    found: Any = await message(client, where.key, id)
    if found is not None and found.number:
        found = await client.history.line(where.key, found.number)
    return found if found is not None and found.number is not None and found.text else None


def milliseconds(time: str) -> int | None:
    """A time as server-time has it in ms since 1970; None for what is none."""
    if not TIME.fullmatch(time):
        return None
    try:
        parsed = datetime.strptime(time, "%Y-%m-%dT%H:%M:%S.%fZ" if "." in time else "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return None
    moment = parsed.replace(tzinfo=timezone.utc)
    return int(moment.timestamp()) * 1000 + moment.microsecond // 1000
