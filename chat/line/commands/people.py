"""Who is here, and who one is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chat.commands import Text
from chat.core.events import AwayChanged, Renamed
from chat.core.names import fold, nickname
from chat.core.refusals import BadValue
from chat.core.registry import Author, User
from chat.line.table import command
from chat.line.text import shown
from chat.line.view import same_person

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol


#: Why someone is away who does not say why.
AWAY = "away"


def span(ms: int) -> str:
    """How long, in the largest unit that fits."""
    seconds = max(0, ms) // 1000
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60), ("second", 1)):
        if seconds >= size:
            count = seconds // size
            return f"{count:,} {unit}{'' if count == 1 else 's'}"
    return "a moment"


@command("people", "who")
async def people(client: LineProtocol, room: str | None = None) -> None:
    """/people [ROOM] -- who is here, or in a room; also @people"""
    where = client.registry.room(room.lstrip("#")) if room else None
    if where is not None:
        where.require_sight(client.me)
        found = [member.user for member in where.shown_to(client.me)]
    else:
        found = list(client.registry.ids.values())
    others = sorted((user for user in found if user is not client.me), key=lambda user: fold(user.name))
    if not others:
        client.notice(f"Nobody else is in {where.name}." if where else "Nobody else is here.")
    await client.show(client.as_notice(describe(client, user)) for user in others)


def describe(client: LineProtocol, user: User) -> str:
    """`bob in lobby, dev; idle 3 minutes; away: lunch; id 1732060800123-...`"""
    seen = (room for room in user.rooms.values() if room.is_seen_by(client.me))
    rooms = ", ".join(room.name for room in seen if room.shows(room.members[user.id], client.me))
    facts = [f"{user.name} in {rooms or 'no room'}"]
    idle = client.factory.idle(user)
    if idle is not None and idle >= 60_000:
        facts.append(f"idle {span(idle)}")
    if user.away is not None:
        facts.append(absence(user))
    return "; ".join([*facts, f"id {user.id}"])


def absence(user: User) -> str:
    """`away`, or `away: lunch`"""
    why = shown(user.away or "")
    return AWAY if why in ("", AWAY) else f"{AWAY}: {why}"


@command("nick")
async def nick(client: LineProtocol, name: str) -> None:
    """/nick NAME -- be called something else"""
    name = client.factory.nickname(name)
    if name == client.me.name:
        raise BadValue("That is your name already.")
    await client.publish(Renamed(client.me.author, name))
    client.notice(f"You are now {client.me.name}.")


@command("away")
async def away(client: LineProtocol, why: Text | None = None) -> None:
    """/away [WHY] -- say that you are not at the keyboard"""
    await client.publish(AwayChanged(client.me.author, why or AWAY))
    client.notice(f"You are {absence(client.me)}. Say /back when you return.")


@command("back")
async def back(client: LineProtocol) -> None:
    """/back -- say that you are here again"""
    if client.me.away is None:
        raise BadValue("You were not away.")
    await client.publish(AwayChanged(client.me.author, None))
    client.notice("Welcome back.")


@command("ignore")
def ignore(client: LineProtocol, name: str | None = None) -> None:
    """/ignore [NAME] -- see nothing more of someone, or see them again

    Without a name: whom you ignore.  It holds until you leave, even if they take another name.
    """
    ignored = client.settings.ignored
    if name is None:
        names = sorted(client.registry.ids.get(each.id, each).name for each in ignored)
        client.notice(f"You ignore {', '.join(names)}." if names else "You ignore nobody.")
        return
    user = client.registry.users.get(fold(name))
    who = user.author if user else Author(nickname(name), "")
    if user is client.me:
        raise BadValue("That is you.")
    if client.settings.ignores(who):
        client.set(ignored=frozenset(each for each in ignored if not same_person(each, who)))
        client.notice(f"You hear {who.name} again.")
    else:
        client.set(ignored=ignored | {who})
        client.notice(f"You ignore {who.name}. To hear them again: /ignore {who.name}")


@command("seen")
async def seen(client: LineProtocol, name: str) -> None:
    """/seen NAME -- when someone was last here"""
    here = client.registry.users.get(fold(name))
    if here is not None:
        idle = client.factory.idle(here)
        client.notice(f"{here.name} is here" + (f", idle {span(idle)}." if idle and idle >= 60_000 else "."))
        return
    kept = await client.history.state("seen", fold(nickname(name)))
    if kept is None:
        client.notice(f"Nobody called {name} was ever here.")
        return
    last = json.loads(kept)
    ago = span(client.factory.now() - last["time"])
    client.notice(f"{last['name']} came {ago} ago, and is gone." if last["here"] else f"{last['name']} left {ago} ago.")


@command("whoami")
def whoami(client: LineProtocol) -> None:
    """/whoami -- your name, your id, your rooms, your link"""
    me = client.me
    rooms = ", ".join(room.name for room in me.rooms.values()) or "no room"
    client.notice(f"You are {me.name}, in {rooms}, here for {span(client.factory.now() - me.since)}.")
    begin = me.id.partition("-")[0]
    short = begin if len(client.registry.people_by_id(begin)) == 1 else me.id[: len(begin) + 9]
    client.notice(f"Your id is {me.id}; anyone can write to you with it: {short}:hello")
    client.notice(f"Your link is {'' if client.encrypted else 'not '}encrypted.")
