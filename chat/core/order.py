"""Who says which event comes first.

On one node events happen in the order in which they are published.  On many nodes a shared stream
orders them.  The code of a command cannot tell which it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from chat.core.events import Event
from chat.core.session import Origin

Placed = Callable[[Sequence[Event], Origin], None]


class Order(Protocol):
    """Gives every event its place among all others, the same on every node."""

    def follow(self, placed: Placed) -> None:
        """Call `placed(events, origin)` for all events from now on, in order."""

    def place(self, events: Sequence[Event], origin: Origin) -> None:
        """Have `events` ordered; each reaches the follower now or later, exactly once, by itself or with the others."""


class LocalOrder:
    """The order of one node alone: an event is placed when it is published."""

    place: Placed

    def follow(self, placed: Placed) -> None:
        self.place = placed
