"""What is said in a turn of the reactor: rendered once for all who see it alike, joined once, one write a member.

The laws of this file:

- An event is rendered once for all listeners of a room that see it alike (a `DialectGroup`), and the
  group's lines of a turn are joined once, when the turn ends.
- Order per connection: before anything else is written to a connection, the lines it is owed by its
  groups are put in front.  Owed lines of several groups are merged by the order of their events.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Protocol

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from chat.core.events import Durability, Event
from chat.core.session import Session
from chat.outlet import Line, Outlet

log = Logger(namespace="chat.turn")

by_stamp = itemgetter(0)

#: Seconds that writing to many takes without a rest after it, and the longest rest.
SHORT, REST = 0.0005, 0.02


def stamp(event: Event) -> int:
    """The place of an event among all: 2n - 1 is that of the event n, 2n that of what passes before the next one."""
    return 2 * event.seq - (event.durability is not Durability.PASSING)


class Dialect(Protocol):
    """How a group of sessions sees events: equal and hashable."""

    def render(self, event: Event) -> bytes:
        """The event as bytes of the wire; empty: nothing to see."""

    def __hash__(self) -> int: ...


class Turn:
    """What was said in this turn of the reactor and is still to be written; shared by all connections."""

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._called = False
        #: Whether nothing is written to many for a while, and until when writing to many again is much of it.
        self.resting = False
        self._busy = 0.0
        #: Those that owe lines.
        self.groups: list[DialectGroup] = []
        self._outlets: list[Outlet] = []
        #: The outlets whose transport takes no more at the moment.
        self.blocked: set[Outlet] = set()

    def _schedule(self) -> None:
        self._called = True
        self._clock.callLater(0, self.end)

    def owes(self, group: DialectGroup) -> None:
        """`group` has its first line of this turn."""
        self.groups.append(group)
        if not self._called:
            self._schedule()

    def wrote(self, outlet: Outlet) -> None:
        """`outlet` has its first line of its own of this turn."""
        self._outlets.append(outlet)
        if not self._called:
            self._schedule()

    def owed(self, outlet: Outlet) -> list[Line]:
        """What the groups owe `outlet` so far, in order; they owe it no longer."""
        parts = [lines for group in self.groups if outlet in group.members and (lines := group.settle(outlet))]
        if len(parts) > 1:
            return sorted((line for lines in parts for line in lines), key=by_stamp)
        return parts[0] if parts else []

    def end(self) -> None:
        """Write everything: the turn is over."""
        self._called = False
        outlets, self._outlets = self._outlets, []
        for outlet in outlets:
            outlet.flush()
        if self.groups and not self.resting:
            self._spill()

    def _spill(self) -> None:
        """Write what the groups owe.

        If that takes its time, again and again, rest as long: what is said meanwhile goes in one piece.  Whoever says
        something now and then waits for nothing.
        """
        begun = self._clock.seconds()
        if len(self.groups) > 1:
            self._merge()
        for group in self.groups:
            group.spill()
        self.groups = []
        spent = self._clock.seconds() - begun
        again, self._busy = begun < self._busy, begun + 3 * spent
        if again and spent > SHORT:
            self.resting = True
            self._clock.callLater(min(spent, REST), self._rested)

    def _rested(self) -> None:
        """Who is about to be written to at the end of a turn gets that first: the end of the turn goes on then."""
        self.resting = False
        if self.groups and not self._called:
            self._spill()

    def _merge(self) -> None:
        """Those who are in several of the groups get their lines in the order of the events."""
        seen: set[Outlet] = set()
        shared: set[Outlet] = set()
        for group in self.groups:
            shared |= seen & group.members.keys()
            seen |= group.members.keys()
        for outlet in shared:
            lines = self.owed(outlet)
            if lines:
                outlet.send(b"".join([data for _, data in lines]), lines)


class DialectGroup:
    """The sessions of one room that see its events alike: rendered once, joined once."""

    __slots__ = ("turn", "dialect", "members", "_lines", "_marks", "_own")

    def __init__(self, turn: Turn, dialect: Dialect) -> None:
        self.turn, self.dialect = turn, dialect
        self.members: dict[Outlet, None] = {}
        self._lines: list[Line] = []
        #: How many of the lines an outlet has got already, and which of them are its own, that it does not see.
        self._marks: dict[Outlet, int] = {}
        self._own: dict[Outlet, list[int]] = {}

    def hear(self, event: Event, origin: Session | None) -> None:
        self.hear_run((event,), origin)

    def hear_run(self, events: Sequence[Event], origin: Session | None) -> None:
        """Render events of a kind for all members; the one they came from does not see them unless it has an echo."""
        before = len(self._lines)
        for event in events:
            try:
                data = self.dialect.render(event)
            except Exception:
                log.failure("A bug while {kind} was rendered", kind=type(event).__name__)
                continue
            if data:
                self._lines.append((stamp(event), data))
        after = len(self._lines)
        if after and not before:
            self.turn.owes(self)
        if origin is not None and after > before:
            outlet: Outlet = origin.outlet  # type: ignore[attr-defined]
            if outlet in self.members and not origin.sees_own(events[0]):
                self._own.setdefault(outlet, []).extend(range(before, after))

    def add(self, session: Session) -> None:
        outlet: Outlet = session.outlet  # type: ignore[attr-defined]
        self.members[outlet] = None
        if self._lines:
            self._marks[outlet] = len(self._lines)

    def remove(self, session: Session) -> None:
        outlet: Outlet = session.outlet  # type: ignore[attr-defined]
        outlet.settle()
        del self.members[outlet]
        self._marks.pop(outlet, None)

    def settle(self, outlet: Outlet) -> list[Line]:
        """The lines `outlet` has not got yet; it is owed nothing then."""
        start, end = self._marks.get(outlet, 0), len(self._lines)
        self._marks[outlet] = end
        own = self._own.pop(outlet, None)
        if own is None:
            return self._lines[start:]
        edges = [start, *(edge for place in own if place >= start for edge in (place, place + 1)), end]
        return [line for begin, until in zip(edges[::2], edges[1::2], strict=True) for line in self._lines[begin:until]]

    def spill(self) -> None:
        """Write to every member what it is owed, and begin anew."""
        special = [(outlet, self.settle(outlet)) for outlet in self._marks.keys() | self._own.keys()]
        lines, marks = self._lines, self._marks
        self._lines, self._marks = [], {}
        data = b"".join([data for _, data in lines])
        for outlet in self.members:
            if outlet not in marks:
                outlet.send(data, lines)
        for outlet, owed in special:
            if owed:
                outlet.send(b"".join([data for _, data in owed]), owed)

    def __len__(self) -> int:
        return len(self.members)
