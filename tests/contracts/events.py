"""Events as a router would stamp them, without a router: the raw material of the contracts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar

from chat.core import events
from chat.core.events import Event, Quote
from chat.core.names import fold
from chat.core.registry import Author

E = TypeVar("E", bound=Event)

NOON = 1_795_176_000_000
ALICE = Author("Alice", "1732060800123-3f2a9c1e-7b44-4c0f-9d1e-2b6a5f8c0d11", "~al@example.org")
BOB = Author("bob", "1732060800124-9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d")
CAROL = Author("Ćarol-茶", "1732060800125-1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed")
#: Somebody with an account.
DORA = Author("Dora", "1732060800126-7c9e6679-7425-40de-944b-e07fc1f90ae7", "d@2001:db8::1", "Dóra")


def facts(event: Event) -> dict[str, Any]:
    """Everything an event says, to be compared."""
    return {"kind": type(event).__name__, **{field.name: getattr(event, field.name) for field in fields(event)}}


def seqs(found: Iterable[Event]) -> list[int]:
    """Which events these are, in their order."""
    return [event.seq for event in found]


class Stream:
    """Stamps events one after the other, and counts the lines of each room."""

    def __init__(self) -> None:
        self.seq = 0
        self.time = NOON
        self.numbers: Counter[str] = Counter()

    def stamp(self, event: E, id: str = "") -> E:
        """Give an event its place, a time and an id."""
        self.seq += 1
        self.time += 7
        event.seq, event.time, event.id = self.seq, self.time, id or f"id-{self.seq}"
        return event

    def said(self, text: str, room: str = "Lobby", by: Author = ALICE, id: str = "", **more: Any) -> events.Said:
        event = self.stamp(events.Said(by, room, text, **more), id)
        self.numbers[fold(room)] += 1
        event.number = self.numbers[fold(room)]
        return event

    def edited(self, line: events.Said, text: str) -> events.Edited:
        return self.stamp(events.Edited(line.by, line.room, line.id, line.number, line.by, text, quote=Quote.of(line)))

    def removed(self, line: events.Said) -> events.Removed:
        return self.stamp(events.Removed(line.by, line.room, line.id, line.number, line.by))

    def reacted(self, line: events.Said, text: str, by: Author = BOB) -> events.Reacted:
        return self.stamp(events.Reacted(by, line.room, line.id, line.number, line.by, text, quote=Quote.of(line)))

    def renamed(self, room: str, name: str) -> events.RoomRenamed:
        self.numbers[fold(name)] = self.numbers.pop(fold(room), 0)
        return self.stamp(events.RoomRenamed(ALICE, room, name))

    def told(self, text: str, by: Author = ALICE, to: Author = BOB) -> events.Told:
        return self.stamp(events.Told(by, to, text))

    def announced(self, text: str, by: Author = ALICE) -> events.Announced:
        return self.stamp(events.Announced(by, text))

    def joined(self, room: str = "Lobby", by: Author = BOB) -> events.Joined:
        return self.stamp(events.Joined(by, room))

    def left(self, *rooms: str, by: Author = BOB) -> events.Left:
        event = self.stamp(events.Left(by, "connection lost"))
        event.rooms, event.people = tuple(map(fold, rooms)), len(rooms)
        return event
