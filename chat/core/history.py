"""What was said and done, kept; and how it is read back.

The law that every implementation holds, and `tests/contracts/history.py` checks:

- `then` is called in the order of the calls of `keep` and `after`, for each exactly once;
- `then(None)` means that the event is where it survives a crash;
- `then(refusal)` means that it is not, and never will be;
- an event whose id is kept already is not kept again: `then(Duplicate)`;
- when a write fails, everything that waits is refused with it, and `takes_back` is called with what the
  store still says of the states that had been given, so that the registry can be put right.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from chat.core.events import Event
from chat.core.refusals import Refused
from chat.core.registry import State

Then = Callable[["Refused | None"], None]


@dataclass(frozen=True)
class Query:
    """A page of one or more conversations: events with after < seq < before, oldest first.

    With `newest` the last `limit` of them, else the first.  With `lines` only what was said, in its
    latest wording; else everything, as it was, or, with `reworded`, with lines in their latest wording.
    """

    conversations: Sequence[str]
    after: int = 0
    before: int = sys.maxsize
    limit: int = 50
    newest: bool = True
    lines: bool = True
    reworded: bool = False


@dataclass(frozen=True)
class Search:
    """Lines that contain all words, newest last; `by` is a folded name, or empty for anyone."""

    words: str
    conversations: Sequence[str]
    by: str = ""
    limit: int = 10


class History(Protocol):
    """Keeps events and finds them again."""

    takes_back: Callable[[Sequence[State]], None]

    def keep(self, event: Event, states: Sequence[State], then: Then) -> None:
        """Write `event`, and with it the `states` it changed, all or nothing; then call `then`."""

    def after(self, then: Then) -> None:
        """Call `then(None)` in its turn, behind everything given before."""

    # -- at the start, before anything is kept

    def states(self) -> Sequence[State]:
        """Everything that lasts, of the kinds that are held in memory."""

    def last(self) -> tuple[int, int]:
        """The seq and the time (ms) of the newest event; zeros for an empty history."""

    def last_number(self, conversation: str) -> int:
        """The number of the newest line of a conversation; 0 for none."""

    # -- reading, at any time

    def page(self, query: Query) -> Awaitable[list[Event]]:
        """The events that `query` asks for, oldest first."""

    def count(self, query: Query) -> Awaitable[int]:
        """How many events are in the range of `query`; its limit does not matter."""

    def search(self, search: Search) -> Awaitable[list[Event]]:
        """The newest lines that match, oldest first."""

    def line(self, conversation: str, number: int) -> Awaitable[Any]:
        """The line of that number in its latest wording, or None."""

    def find(self, id: str) -> Awaitable[Event | None]:
        """The event of that id as it was, or None."""

    def since(self, time: int) -> Awaitable[int]:
        """The seq of the last event before `time` (ms); 0 for none."""

    def state(self, kind: str, key: str) -> Awaitable[str | None]:
        """What lasts of one thing, as JSON, or None."""

    def states_of(self, kind: str, start: str) -> Awaitable[list[State]]:
        """All that lasts of a kind whose keys begin with `start`."""
