"""A history that ends with the process: for tests, and for people who want nothing written."""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields
from heapq import merge
from itertools import groupby, islice
from operator import attrgetter
from typing import Any

from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.interfaces import IReactorTime

from chat.core.events import Edited, Event, Quote, Removed, RoomRenamed
from chat.core.history import IN_MEMORY, Query, Search
from chat.core.names import fold
from chat.core.refusals import Duplicate, NoBackup, Refused
from chat.core.registry import State
from chat.stores.commit import Entry, GroupCommit, faulty
from chat.stores.terms import terms, words_of

SEQ = attrgetter("seq")


class MemoryHistory(GroupCommit):
    """Keeps the newest `limit` events; the oldest are forgotten."""

    def __init__(self, clock: IReactorTime, limit: int = 50_000) -> None:
        super().__init__(clock)
        self._limit = limit
        self._events: dict[str, Event] = {}
        #: Their ids, the oldest first: a dict would look for its first key longer and longer.
        self._order: deque[str] = deque()
        self._latest: dict[str, Edited | Removed] = {}
        self._timelines: dict[str, deque[str]] = {}
        #: The keys of the timelines in which an event is.
        self._places: dict[str, set[str]] = {}
        self._states: dict[tuple[str, str], State] = {}
        self._last = (0, 0)

    # -- writing

    def commit(self, batch: list[Entry]) -> None:
        left_out: dict[int, Refused] = {}
        for event, states, _ in batch:
            if event is None:
                continue
            refusal = self._write(event)
            if refusal:
                left_out[event.seq] = refusal
            else:
                self._states.update({(state.kind, state.key): state for state in states})
        self.committed(batch, left_out)

    def _write(self, event: Event) -> Refused | None:
        if event.id in self._events:
            return Duplicate()
        try:
            places = set(event.conversations())
        except Exception:
            return faulty(event)
        self._events[event.id] = event
        self._order.append(event.id)
        if event.secrets:
            self._change(event.id, **{f.name: f.default for f in fields(event) if f.name in event.secrets})
        self._last = event.seq, event.time
        if isinstance(event, RoomRenamed):
            self._rename(event)
        self._places[event.id] = places
        for place in places:
            self._timelines.setdefault(place, deque()).append(event.id)
        if isinstance(event, (Edited, Removed)):
            self._latest[event.ref] = event
        if isinstance(event, Removed):
            self._forget_words(event)
        if len(self._events) > self._limit:
            self._forget_oldest()
        return None

    def _forget_words(self, removed: Removed) -> None:
        """Those of the line, of its edits, and in the quotes of it."""
        for id, event in self._events.items():
            if id == removed.ref or (isinstance(event, Edited) and event.ref == removed.ref):
                self._change(id, text="")
            quote = getattr(event, "quote", None)
            if quote and quote[0] == removed.ref:
                self._change(id, quote=Quote((*quote[:3], "")))

    def _rename(self, renamed: RoomRenamed) -> None:
        """All that happened in the room goes where it is now, to what is there of a room that is no more."""
        old, new = fold(renamed.room), fold(renamed.name)
        moved = {*self._timelines.pop(old, ()), *self._timelines.pop(new, ())}
        self._timelines[new] = deque(sorted(moved, key=lambda id: self._events[id].seq))
        for id in moved:
            self._places[id] = self._places[id] - {old} | {new}
            event = self._events[id]
            if hasattr(event, "room") and not isinstance(event, RoomRenamed):
                self._change(id, room=renamed.name)

    def _change(self, id: str, **changes: object) -> None:
        """Keep something else instead; an event itself is not ours to change."""
        event = self._events[id] = copy.copy(self._events[id])
        for name, value in changes.items():
            setattr(event, name, value)

    def _forget_oldest(self) -> None:
        """The oldest of all is the oldest of each of its conversations too."""
        id = self._order.popleft()
        for place in self._places.pop(id):
            timeline = self._timelines[place]
            timeline.popleft()
            if not timeline:
                del self._timelines[place]
        del self._events[id]
        self._latest.pop(id, None)

    def read_states(self, which: Collection[State]) -> list[State]:
        return [self._states.get((s.kind, s.key), State(s.kind, s.key, None)) for s in which]

    # -- at the start

    def states(self) -> Sequence[State]:
        return [state for state in self._states.values() if state.kind in IN_MEMORY and state.value is not None]

    def last(self) -> tuple[int, int]:
        return self._last

    def last_number(self, conversation: str) -> int:
        return next((event.number for event in self._timeline(conversation, newest=True) if event.number), 0)

    def back_up(self, path: str) -> Deferred[int]:
        return fail(NoBackup("this history is in memory only"))

    # -- reading

    def page(self, query: Query) -> Deferred[list[Event]]:
        found = sorted(islice(self._range(query), query.limit), key=SEQ)
        return succeed([self._now(event) for event in found] if query.lines or query.reworded else found)

    def count(self, query: Query) -> Deferred[int]:
        return succeed(sum(1 for _ in self._range(query)))

    def _range(self, query: Query) -> Iterator[Event]:
        """The events in the range of `query`, each once, from the end at which its page begins."""
        timelines = [self._timeline(conversation, query.newest) for conversation in query.conversations]
        for seq, same in groupby(merge(*timelines, key=SEQ, reverse=query.newest), SEQ):
            event = next(same)
            there = query.after < seq < query.before and query.start <= event.time < query.end
            if there and (event.number is not None or not query.lines):
                yield event

    def _timeline(self, conversation: str, newest: bool) -> Iterator[Event]:
        ids = self._timelines.get(conversation, ())
        return map(self._events.__getitem__, reversed(ids) if newest else ids)

    def search(self, search: Search) -> Deferred[list[Event]]:
        wanted = terms(search.words)
        lines = [event for event in self._range(Query(search.conversations)) if search.by in ("", fold(event.by.name))]
        lines.sort(key=lambda line: self._latest.get(line.id, line).seq, reverse=True)
        worded = map(self._now, lines)
        found = (line for line in worded if all(term.occurs(words_of(line.text)) for term in wanted))
        return succeed(sorted(islice(found, search.limit), key=SEQ))

    def line(self, conversation: str, number: int) -> Deferred[Any]:
        found = (event for event in self._timeline(conversation, newest=True) if event.number == number > 0)
        event = next(found, None)
        return succeed(event and self._now(event))

    def find(self, id: str) -> Deferred[Event | None]:
        return succeed(self._events.get(id))

    def latest(self, conversations: Sequence[str]) -> Deferred[dict[str, int]]:
        lines = {key: next(self._range(Query((key,), limit=1)), None) for key in conversations}
        return succeed({key: line.time for key, line in lines.items() if line is not None})

    def state(self, kind: str, key: str) -> Deferred[str | None]:
        return succeed(self.read_states([State(kind, key, None)])[0].value)

    def states_of(self, kind: str, start: str) -> Deferred[list[State]]:
        found = (state for state in self._states.values() if state.kind == kind and state.value is not None)
        return succeed(sorted(state for state in found if state.key.startswith(start)))

    def _now(self, line: Any) -> Any:
        """A line in its latest wording."""
        change = self._latest.get(line.id)
        if change is None:
            return line
        line = copy.copy(line)
        line.text, line.revised = (change.text, "edited") if isinstance(change, Edited) else ("", "removed")
        return line
