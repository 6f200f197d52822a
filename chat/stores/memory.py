"""A history that ends with the process: for tests, and for people who want nothing written."""

from __future__ import annotations

import copy
import re
from collections import defaultdict, deque
from collections.abc import Collection, Iterator, Sequence
from itertools import islice
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.internet.interfaces import IReactorTime

from chat.core.events import Edited, Event, Reacted, Removed, RoomRenamed, Said, Told
from chat.core.history import Query, Search
from chat.core.names import fold
from chat.core.refusals import BadSearch
from chat.core.registry import State
from chat.stores.commit import Entry, GroupCommit

WORD = re.compile(r"\w+")


class MemoryHistory(GroupCommit):
    """Keeps the newest `limit` events of each conversation; the oldest are forgotten."""

    def __init__(self, clock: IReactorTime, limit: int = 10_000) -> None:
        super().__init__(clock)
        self._events: dict[str, Event] = {}
        self._latest: dict[str, Event] = {}
        self._limit = limit
        self._timelines: dict[str, deque[Event]] = defaultdict(lambda: deque(maxlen=limit))
        self._states: dict[tuple[str, str], State] = {}
        self._last = (0, 0)

    # -- writing

    def commit(self, batch: list[Entry]) -> None:
        duplicates = set()
        for event, states, _ in batch:
            if event is not None and event.id in self._events:
                duplicates.add(event.seq)
            elif event is not None:
                self._write(event)
                self._states.update({(state.kind, state.key): state for state in states})
        self.committed(batch, duplicates)

    def _write(self, event: Event) -> None:
        self._last = event.seq, event.time
        self._events[event.id] = event
        if isinstance(event, (Edited, Removed)):
            self._change(event)
        elif isinstance(event, RoomRenamed):
            self._rename(fold(event.room), fold(event.name), event.name)
        for conversation in event.conversations():
            timeline = self._timelines[conversation]
            if len(timeline) == timeline.maxlen:
                self._events.pop(timeline[0].id, None)
                self._latest.pop(timeline[0].id, None)
            timeline.append(event)

    def _change(self, change: Edited | Removed) -> None:
        if isinstance(change, Removed):
            for worded in (self._events.get(change.ref), self._latest.get(change.ref)):
                if isinstance(worded, (Said, Told, Edited, Reacted)):
                    worded.text = ""
        self._latest[change.ref] = change

    def _rename(self, old: str, new: str, name: str) -> None:
        """A room has another name: its history goes with it."""
        timeline = self._timelines[new] = self._timelines.pop(old, deque(maxlen=self._limit))
        for event in timeline:
            if hasattr(event, "room"):
                event.room = name

    def read_states(self, which: Collection[State]) -> list[State]:
        return [self._states.get((s.kind, s.key), State(s.kind, s.key, None)) for s in which]

    # -- at the start

    def states(self) -> Sequence[State]:
        return list(self._states.values())

    def last(self) -> tuple[int, int]:
        return self._last

    def last_number(self, conversation: str) -> int:
        return max((event.number or 0 for event in self._timelines[conversation]), default=0)

    # -- reading

    def page(self, query: Query) -> Deferred[list[Event]]:
        found = self._range(query)
        if query.newest:
            return succeed(found[-query.limit :] if query.limit else [])
        return succeed(found[: query.limit])

    def count(self, query: Query) -> Deferred[int]:
        return succeed(len(self._range(query)))

    def _range(self, query: Query) -> list[Event]:
        found = [
            event
            for conversation in query.conversations
            for event in self._timelines.get(conversation, ())
            if query.after < event.seq < query.before
        ]
        found.sort(key=lambda event: event.seq)
        if query.lines:
            return [self._now(event) for event in found if event.number is not None]
        return [self._now(event) for event in found] if query.reworded else found

    def search(self, search: Search) -> Deferred[list[Event]]:
        wanted = set(WORD.findall(search.words.casefold()))
        if not wanted:
            raise BadSearch(search.words)
        return succeed(list(islice(self._matches(search, wanted), search.limit))[::-1])

    def _matches(self, search: Search, wanted: set[str]) -> Iterator[Event]:
        for event in reversed(self._range(Query(search.conversations))):
            if wanted <= set(WORD.findall(event.text.casefold())) and search.by in ("", fold(event.by.name)):  # type: ignore[attr-defined]
                yield event

    def line(self, conversation: str, number: int) -> Deferred[Any]:
        found = (event for event in self._timelines.get(conversation, ()) if event.number == number)
        event = next(found, None)
        return succeed(event and self._now(event))

    def find(self, id: str) -> Deferred[Event | None]:
        return succeed(self._events.get(id))

    def since(self, time: int) -> Deferred[int]:
        return succeed(max((event.seq for event in self._events.values() if event.time < time), default=0))

    def state(self, kind: str, key: str) -> Deferred[str | None]:
        return succeed(self.read_states([State(kind, key, None)])[0].value)

    def states_of(self, kind: str, start: str) -> Deferred[list[State]]:
        return succeed([state for state in self._states.values() if state.kind == kind and state.key.startswith(start)])

    def _now(self, line: Any) -> Any:
        """A line in its latest wording."""
        change = self._latest.get(line.id)
        if change is None:
            return line
        line = copy.copy(line)
        line.text, line.revised = (change.text, "edited") if isinstance(change, Edited) else ("", "removed")
        return line

