"""LIST: which channels there are, and those that are sought (ELIST CMNTU of the Modern IRC documents)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from chat.core.mask import glob
from chat.core.names import fold
from chat.core.registry import Room
from chat.irc import numerics as n
from chat.irc.message import clipped
from chat.irc.table import command
from chat.irc.welcome import TEXT_LENGTH

if TYPE_CHECKING:
    from chat.irc.protocol import IRCProtocol

Condition = Callable[[Room], bool]
#: More or fewer people than; made, or its topic set, more or fewer minutes ago than.
COMPARED = re.compile(r"([CT]?)([<>])([0-9]{1,9})")
MINUTE = 60_000


@command("LIST")
async def channels(client: IRCProtocol, sought: str = "") -> None:
    """LIST [<condition>{,<condition>}] -- channels: a name, a mask, !mask, >9, <9, C>9, C<9, T>9, T<9"""
    wanted = conditions(sought.split(",") if sought else [], client.factory.now())
    client.numeric(n.RPL_LISTSTART, "Channel")
    for room in list(client.registry.rooms.values()):
        if room.members and room.is_seen_by(client.me) and all(condition(room) for condition in wanted):
            topic = clipped(room.topic.text, TEXT_LENGTH) if room.topic else ""
            client.numeric(n.RPL_LIST, f"#{room.name}", str(len(room.members)), topic)
    client.numeric(n.RPL_LISTEND)


def conditions(sought: list[str], now: int) -> list[Condition]:
    """What all hold of the channels that are sought; of several masks one is enough."""
    found = [compared(match[1], match[2], int(match[3]), now) for each in sought if (match := COMPARED.fullmatch(each))]
    rest = [each for each in sought if each and not COMPARED.fullmatch(each)]
    found += [unlike(each[1:]) for each in rest if each.startswith("!")]
    masks = [glob(fold(each)) for each in rest if not each.startswith("!")]
    if masks:
        found.append(lambda room: any(mask.fullmatch(f"#{room.key}") for mask in masks))
    return found


def unlike(text: str) -> Condition:
    mask = glob(fold(text))
    return lambda room: not mask.fullmatch(f"#{room.key}")


def compared(what: str, sign: str, number: int, now: int) -> Condition:
    limit = number * (MINUTE if what else 1)

    def holds(room: Room) -> bool:
        value = measure(room, what, now)
        return value is not None and (value < limit if sign == "<" else value > limit)

    return holds


def measure(room: Room, what: str, now: int) -> int | None:
    """How many people are in a room; or how many ms ago it was made (C), or its topic set (T), if it has one."""
    if what == "C":
        return now - room.created
    if what == "T":
        return now - room.topic.time if room.topic else None
    return len(room.members)
