"""A history as plain lists, slow and obvious: what a real one must agree with."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterable, Sequence
from typing import Any

from chat.core.events import EVERYONE, Edited, Event, Quote, Reacted, Removed, RoomRenamed, Said, pair
from chat.core.history import Query, Search
from chat.core.names import fold
from tests.contracts.events import ALICE, BOB, CAROL, Stream

ROOMS = ("Lobby", "dev", "Straße")
#: And what they may be called later.
NAMES = (*ROOMS, "LOBBY", "Дом", "ДОМ", "ops")
PEOPLE = (ALICE, BOB, CAROL)
PAIRS = (pair(ALICE.id, BOB.id), pair(BOB.id, CAROL.id))
CONVERSATIONS = (*dict.fromkeys(map(fold, NAMES)), EVERYONE, *PAIRS, "nowhere")
WORDS = ("tea", "Tea", "teapot", "coffee", "Café", "cafe", "milk", "42", "жар", "Жар", "don't", "🍵", "OR")


class Model:
    """Events that were kept, in order, as they are found afterwards."""

    def __init__(self, kept: Iterable[Event]) -> None:
        self.events: list[Any] = []
        self.changes: dict[str, Event] = {}
        #: The conversations that an event is in, by its id.
        self.places: dict[str, set[str]] = {}
        for event in kept:
            if isinstance(event, RoomRenamed):
                self.rename(event)
            if isinstance(event, Removed):
                self.forget(event.ref)
            if isinstance(event, (Edited, Removed)):
                self.changes[event.ref] = event
            self.events.append(copy.copy(event))
            self.places[event.id] = set(event.conversations())

    def forget(self, id: str) -> None:
        """Of a removed line the words are gone, wherever they were until now."""
        for event in self.events:
            if event.id == id or (isinstance(event, Edited) and event.ref == id):
                event.text = ""
            if isinstance(event, (Said, Edited, Reacted)) and event.quote and event.quote[0] == id:
                event.quote = Quote((*event.quote[:3], ""))

    def rename(self, renamed: RoomRenamed) -> None:
        """All that happened in the room is where it is now, and is shown with its name."""
        old, new = fold(renamed.room), fold(renamed.name)
        for event in self.events:
            places = self.places[event.id]
            if old in places:
                places.remove(old)
                places.add(new)
            if new in places and hasattr(event, "room") and not isinstance(event, RoomRenamed):
                event.room = renamed.name

    def page(self, query: Query) -> list[Event]:
        found = self.range(query)
        limited = found[max(0, len(found) - query.limit) :] if query.newest else found[: query.limit]
        return [self.worded(event) for event in limited] if query.lines or query.reworded else limited

    def range(self, query: Query) -> list[Event]:
        return [
            event
            for event in self.events
            if self.places[event.id] & set(query.conversations)
            and query.after < event.seq < query.before
            and query.start <= event.time < query.end
            and (event.number is not None or not query.lines)
        ]

    def worded(self, line: Any) -> Any:
        """A line in its latest wording."""
        change = self.changes.get(line.id)
        line = copy.copy(line)
        if isinstance(change, Edited):
            line.text, line.revised = change.text, "edited"
        elif change:
            line.text, line.revised = "", "removed"
        return line

    def line(self, conversation: str, number: int) -> Event | None:
        found = [event for event in self.range(Query((conversation,))) if event.number == number and number > 0]
        return self.worded(found[0]) if found else None

    def find(self, id: str) -> Event | None:
        return next((event for event in self.events if event.id == id), None)

    def latest(self, conversations: Sequence[str]) -> dict[str, int]:
        lines = {key: list(self.range(Query((key,)))) for key in conversations}
        return {key: found[-1].time for key, found in lines.items() if found}

    def search(self, search: Search) -> list[Event]:
        """For words of letters and digits only."""
        lines = [line for line in self.range(Query(search.conversations)) if search.by in ("", fold(line.by.name))]
        lines.sort(key=lambda line: self.changes.get(line.id, line).seq, reverse=True)
        found = [line for line in map(self.worded, lines) if has_all(line.text, search.words.split())]
        return sorted(found[: search.limit], key=lambda line: line.seq)


def has_all(text: str, wanted: Sequence[str]) -> bool:
    words = [plain(word) for word in text.split()]
    return all(
        any(word.startswith(plain(one)[:-1]) if one.endswith("*") else word == plain(one) for word in words)
        for one in wanted
    )


def plain(word: str) -> str:
    return word.lower().replace("é", "e")


def random_events(chance: random.Random, stream: Stream, count: int) -> list[Event]:
    """What might have happened in a chat: speech, second thoughts, comings and goings, rooms with other names."""
    made: list[Event] = []
    rooms = list(ROOMS)
    lines: list[Said] = []
    for _ in range(count):
        text = " ".join(chance.choices(WORDS, k=chance.randrange(1, 6)))
        line = chance.choice(lines) if lines else None
        what = chance.random()
        if what < 0.45 or line is None:
            quote = Quote.of(line) if line and chance.random() < 0.4 else None
            said = stream.said(text, chance.choice(rooms), chance.choice(PEOPLE), quote=quote)
            lines.append(copy.copy(said))
            made.append(said)
        elif what < 0.8:
            make = chance.choice((stream.edited, stream.reacted, lambda line, _: stream.removed(line)))
            made.append(make(line, text))
        elif what < 0.9:
            by, to = chance.choice(((ALICE, BOB), (BOB, ALICE), (CAROL, BOB)))
            made.append(stream.told(text, by, to) if chance.random() < 0.7 else stream.announced(text, by))
        elif what < 0.97:
            joined = stream.joined(chance.choice(rooms), chance.choice(PEOPLE))
            some = chance.sample(rooms, chance.randrange(4))
            made.append(joined if chance.random() < 0.5 else stream.left(*some, by=joined.by))
        else:
            made.append(rename_one(chance, stream, rooms, lines))
    return made


def rename_one(chance: random.Random, stream: Stream, rooms: list[str], lines: list[Said]) -> RoomRenamed:
    """One of the `rooms` has another name, which is free; what is done to its `lines` afterwards is done there."""
    place = chance.randrange(len(rooms))
    old = rooms.pop(place)
    name = chance.choice([name for name in NAMES if fold(name) not in map(fold, rooms)])
    rooms.insert(place, name)
    for line in lines:
        if line.room == old:
            line.room = name
    return stream.renamed(old, name)


def random_query(chance: random.Random, last: int, times: Sequence[int]) -> Query:
    """A page that somebody might ask for, or nobody."""
    return Query(
        chance.choices(CONVERSATIONS, k=chance.randrange(5)),
        chance.choice((0, chance.randrange(-2, last + 5))),
        chance.choice((2**63 - 1, chance.randrange(-2, last + 5))),
        chance.choice((0, 1, 3, 20, 50, 10_000)),
        *(chance.random() < 0.5 for _ in range(3)),
        chance.choice((0, 0, chance.choice(times) + chance.randrange(-1, 2))),
        chance.choice((2**63 - 1, 2**63 - 1, chance.choice(times) + chance.randrange(-1, 2))),
    )
