"""Going from room to room."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from chat.commands import Text
from chat.core.events import EVERYONE, Joined, Parted, TopicChanged
from chat.core.history import Query
from chat.core.names import fold, room_name
from chat.core.refusals import AlreadyInRoom
from chat.core.registry import Room
from chat.line.table import command
from chat.line.text import shown

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

#: Lines of the past shown on coming into a room, and names.
PAST, NAMES = 20, 3


def people(count: int) -> str:
    return {0: "nobody", 1: "1 person"}.get(count, f"{count:,} people")


async def enter(client: LineProtocol, name: str, key: str = "") -> None:
    """Join a room and look at it: who is there, and what was said last."""
    await look_in(client, *await come_in(client, name, key))


async def come_in(client: LineProtocol, name: str, key: str = "") -> tuple[Room, int]:
    """Join a room, where not another window of the same person has; the room, and after which event it is heard."""
    try:
        event: Any = await client.publish(Joined(client.me.author, name, key))
    except AlreadyInRoom:
        room = client.registry.room(name)
        room.crowd.add(client)
        return room, client.factory.router.delivered + 1
    return client.registry.room(event.room), event.seq


async def look_in(client: LineProtocol, room: Room, before: int) -> None:
    """Look at a room one is in: who is there, and what was said last, `before` a place in the order of events."""
    client.outlet.hold()
    try:
        client.look_at(room)
        await show_room(client, room, before)
    finally:
        client.outlet.release()


async def show_room(client: LineProtocol, room: Room, before: int) -> None:
    """What a room is about, who is there, and what was said last before the event of the seq `before`."""
    past = client.not_ignored(await client.history.page(Query((room.key, EVERYONE), before=before, limit=PAST)))
    last = f" Last {len(past)} lines:" if len(past) > 1 else " Last line:" if past else ""
    if room.topic:
        client.notice(topic_of(room))
    client.notice(introduction(client, room) + last)
    if past:
        await client.show(client.render_page(past, client.settings))
        client.notice("-- now --")


def introduction(client: LineProtocol, room: Room) -> str:
    """`You are in lobby (12 people): bob, carol, dave and 8 more.`"""
    seen = room.shown_to(client.me)
    count = len(seen)
    if count == 1:
        return f"You are in {room.name}. Nobody else is here."
    others = (member.user.name for member in seen if member.user is not client.me)
    more = count - 1 - NAMES
    return f"You are in {room.name} ({people(count)}): {', '.join(islice(others, NAMES))}" + (
        f" and {more:,} more." if more > 0 else "."
    )


@command("join")
async def join(client: LineProtocol, room: str, key: str = "") -> None:
    """/join ROOM [KEY] -- go to a room, or make it; also @room ROOM

    You stay in the rooms where you were: what is said there is shown with the name of the room.
    Some rooms ask for a key, which is given here.
    """
    name = room_name(room)
    known = client.me.rooms.get(fold(name))
    if known is None:
        await enter(client, name, key)
        return
    client.look_at(known)
    client.notice(introduction(client, known))


@command("leave", "part")
async def leave(client: LineProtocol, room: str | None = None) -> None:
    """/leave [ROOM] -- leave a room, or the one you are in"""
    left = client.registry.room(room.lstrip("#")) if room else client.require_room()
    await client.publish(Parted(client.me.author, left.name))


@command("rooms", "list")
async def rooms(client: LineProtocol) -> None:
    """/rooms -- all rooms, and how much you have not read; also @room"""
    found = sorted((room for room in client.registry.rooms.values() if room.is_seen_by(client.me)), key=by_size)
    if not found:
        client.notice("There are no rooms. Make one: /join ROOM")
    await client.show(client.as_notice(describe(client, room)) for room in found)


def by_size(room: Room) -> tuple[int, str]:
    return -len(room.members), room.key


def describe(client: LineProtocol, room: Room) -> str:
    """`dev (3 people, 7 unread, you are here): topic`"""
    facts = [people(len(room.members))]
    if client.unread(room):
        facts.append(f"{client.unread(room):,} unread")
    if room is client.room:
        facts.append("you are here")
    elif room.key in client.me.rooms:
        facts.append("joined")
    return f"{room.name} ({', '.join(facts)})" + (f": {shown(room.topic.text)}" if room.topic else "")


@command("unread")
def unread(client: LineProtocol) -> None:
    """/unread -- how much was said in your other rooms"""
    waiting = [(room, client.unread(room)) for room in client.me.rooms.values() if client.unread(room)]
    for room, count in waiting:
        client.notice(f"{room.name}: {count:,} unread; /join {room.name} takes you there")
    if not waiting:
        client.notice("Nothing unread.")


@command("topic")
async def topic(client: LineProtocol, text: Text | None = None) -> None:
    """/topic [TEXT] -- what this room is about, or change it

    /topic - takes it away.
    """
    room = client.require_room()
    if text is None:
        client.notice(topic_of(room))
        return
    await client.publish(TopicChanged(client.me.author, room.name, "" if text.strip() == "-" else text))
    client.notice(topic_of(room))


def topic_of(room: Room) -> str:
    """`Topic of dev: releases (set by bob)`"""
    if room.topic is None:
        return f"{room.name} has no topic."
    return f"Topic of {room.name}: {shown(room.topic.text)} (set by {room.topic.by})"
