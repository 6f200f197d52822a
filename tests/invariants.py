"""What is true of a chat whenever nothing is half done: between two turns, whatever was said or cut before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chat.core.names import fold, skeleton
from chat.core.registry import Registry, Room
from chat.factory import ChatFactory
from chat.outlet import LIMIT


def broken(factory: ChatFactory, quiet: bool = False) -> list[str]:
    """Which of the laws do not hold now, in words; empty: all is well.  `quiet`: nothing is on its way to the disk."""
    registry = factory.registry
    found = [*users(registry), *connections(factory)]
    for room in registry.rooms.values():
        found += [f"room {room.key}: {law}" for law in (*members(registry, room), *crowd(factory, room))]
        listening = {session for member in room.members.values() for session in member.user.sessions}
        if quiet and set(room.crowd.homes) != listening:
            found.append(f"room {room.key}: its members' sessions and its listeners differ")
    if quiet and any(connection.in_flight for connection in factory.connections):
        found.append("something is in flight for ever")
    return found


def left_behind(factory: ChatFactory) -> list[str]:
    """What is still there after everyone has hung up; empty: nothing is."""
    registry = factory.registry
    left = {
        "connections": factory.connections,
        "addresses": factory.inside.addresses,
        "addresses in a doorway": factory.waiting.addresses,
        "users": registry.users,
        "ids": registry.ids,
        "looks": registry.looks,
        "members": [room.key for room in registry.rooms.values() if room.members],
        "crowds": [room.key for room in registry.rooms.values() if len(room.crowd) or room.crowd.groups],
        "rooms of which nothing lasts": [
            room.key for room in registry.rooms.values() if not room.saved and room.name != factory.config.lobby
        ],
        "blocked outlets": factory.turn.blocked,
        "lines of a turn": factory.turn.groups or factory.turn._outlets,
    }
    return [f"{what}: {list(there)}" for what, there in left.items() if there]


def users(registry: Registry) -> Iterator[str]:
    """The three ways to find a user find the same users, and all their rooms know them."""
    everyone = list(registry.ids.values())
    if registry.users != {fold(user.name): user for user in everyone}:
        yield "users and ids differ"
    if registry.looks != {skeleton(user.name): user for user in everyone}:
        yield "looks and ids differ"
    if any(id != user.id for id, user in registry.ids.items()):
        yield "an id is not its user's"
    for user in everyone:
        if any(registry.rooms.get(key) is not room for key, room in user.rooms.items()):
            yield f"{user.name} is in a room that is none"
        if any(room.members[user.id].user is not user for room in user.rooms.values() if user.id in room.members):
            yield f"{user.name} is somebody else in one of their rooms"
        if any(user.id not in room.members for room in user.rooms.values()):
            yield f"{user.name} is in a room that does not know them"


def members(registry: Registry, room: Room) -> Iterator[str]:
    """A room's members are users who know that they are in it."""
    for id, member in room.members.items():
        if registry.ids.get(id) is not member.user:
            yield f"member {member.user.name} is no user"
        if member.user.rooms.get(room.key) is not room:
            yield f"member {member.user.name} does not know it"


def crowd(factory: ChatFactory, room: Room) -> Iterator[str]:
    """Who listens to a room is a living session, in the one group that is its home, and knows since when."""
    listeners: dict[Any, Any] = {}
    for dialect, group in room.crowd.groups.items():
        if not len(group):
            yield "a group is empty"
        if group.dialect != dialect:  # type: ignore[attr-defined]
            yield "a group has another dialect's place"
        listeners |= dict.fromkeys(group.members, dialect)  # type: ignore[attr-defined]
    homes: dict[Any, Any] = {session.outlet: home for session, home in room.crowd.homes.items()}  # type: ignore[attr-defined]
    if listeners != homes or sum(len(group) for group in room.crowd.groups.values()) != len(homes):
        yield "groups and homes differ"
    for session in room.crowd.homes:
        if session not in factory.connections or session.user is None:
            yield "a listener is no session any more"
        elif session.dialect(room) != room.crowd.homes[session]:
            yield f"{session.user.name} listens in a dialect that is no longer theirs"
        if room.crowd not in session.since:  # type: ignore[attr-defined]
            yield "a listener does not know that it listens"


def connections(factory: ChatFactory) -> Iterator[str]:
    """A connection's user is here and knows the connection, and nothing waits beyond its limits."""
    for connection in factory.connections:
        user = connection.user
        if user is not None and (factory.registry.ids.get(user.id) is not user or connection not in user.sessions):
            yield f"a session of {user.name}, who is not here"
        if connection.in_flight < 0:
            yield "less than nothing is in flight"
        if any(connection not in each.homes for each in connection.since):
            yield "a connection believes to listen where it does not"
        outlet = connection.outlet
        if outlet.closed and not connection.transport.disconnecting:
            yield "an outlet is closed, and its connection is not"
        if outlet._kept_back != sum(len(line) for _, line in outlet._meanwhile or ()):
            yield "what is kept back is counted wrongly"
        if outlet._kept_back > LIMIT:
            yield "more is kept back than may be"
    for user in factory.registry.ids.values():
        if any(session.user is not user or session not in factory.connections for session in user.sessions):  # type: ignore[comparison-overlap]
            yield f"{user.name} has a session that is somebody else's"
