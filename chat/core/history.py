"""What was said and done, kept; and how it is read back.

The law that every implementation holds, and `tests/contracts/history.py` checks:

- `then` is called in the order of the calls of `keep` and `after`, for each exactly once;
- `then(None)` means that the event is where it survives a crash;
- `then(refusal)` means that it is not, and never will be;
- an event whose id is kept already is not kept again: `then(Duplicate)`;
- a write that fails refuses everything that waits, since it may rest on what failed: `then(NotStored)`;
- an event that is itself faulty, a bug, is refused alone, by another Refused;
- before a refusal is told, `takes_back` is called with what the store says of the states that came with
  it, so that the registry can be put right;
- what is raised in `then` is logged, and touches nobody else;
- a line that was removed leaves no words behind: not its own, not those of its edits, nor in the quotes of
  its answers, edits and reactions;
- when a room gets another name, its history goes with it, and what happened in it is shown with that name;
  whatever comes later under the old name begins anew.

Whoever reads while that cannot be done gets a Refused.
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

#: The kinds of states that the registry holds in memory; others are read when they are asked for.
IN_MEMORY = ("account", "room", "read", "presence", "ban")


@dataclass(frozen=True)
class Query:
    """A page of one or more conversations: events with after < seq < before, oldest first.

    With `newest` the last `limit` of them, else the first.  With `lines` only what was said, in its
    latest wording; else everything, as it was, or, with `reworded`, with lines in their latest wording.
    An event in several of the conversations comes once.  `start` and `end` are times (ms): only what happened at
    `start` or later, and before `end`.
    """

    conversations: Sequence[str]
    after: int = 0
    before: int = sys.maxsize
    limit: int = 50
    newest: bool = True
    lines: bool = True
    reworded: bool = False
    start: int = 0
    end: int = sys.maxsize


@dataclass(frozen=True)
class Search:
    """The `limit` lines with all these words that were said or edited last; `by` is a folded name, or empty for anyone.

    Case and accents make no difference.  `tea*` is every word that begins so.  A word with other characters
    inside, such as `don't`, is its parts, one behind the other.  Only the latest wording of a line counts.
    """

    words: str
    conversations: Sequence[str]
    by: str = ""
    limit: int = 10


class History(Protocol):
    """Keeps events and finds them again."""

    takes_back: Callable[[Sequence[State]], None]
    #: Called once with all events that a failed write refuses, before any of the refusals is told.
    undoes: Callable[[Sequence[Event]], None]

    def keep(self, event: Event, states: Sequence[State], then: Then) -> None:
        """Write `event`, and with it the `states` it changed, all or nothing; then call `then`."""

    def after(self, then: Then) -> None:
        """Call `then(None)` in its turn, behind everything given before; at once if that is done."""

    # -- at the start, before anything is kept

    def states(self) -> Sequence[State]:
        """Everything that lasts, of the kinds `IN_MEMORY`."""

    def last(self) -> tuple[int, int]:
        """The seq and the time (ms) of the newest event; zeros for an empty history."""

    def last_number(self, conversation: str) -> int:
        """The number of the newest line of a conversation; 0 for none."""

    def back_up(self, path: str) -> Awaitable[int]:
        """Copy everything that is kept by now to a new file; its bytes.  NoBackup."""

    # -- reading, at any time

    def page(self, query: Query) -> Awaitable[list[Event]]:
        """The events that `query` asks for, oldest first."""

    def count(self, query: Query) -> Awaitable[int]:
        """How many events are in the range of `query`; its limit does not matter."""

    def search(self, search: Search) -> Awaitable[list[Event]]:
        """The lines that match, in their latest wording, oldest first; BadSearch if there is no word to look for."""

    def line(self, conversation: str, number: int) -> Awaitable[Any]:
        """The line of that number in its latest wording, or None."""

    def find(self, id: str) -> Awaitable[Event | None]:
        """The event of that id as it was, or None."""

    def latest(self, conversations: Sequence[str]) -> Awaitable[dict[str, int]]:
        """When (ms) something was said last, in each of the conversations in which something was."""

    def state(self, kind: str, key: str) -> Awaitable[str | None]:
        """What lasts of one thing, as JSON, or None."""

    def states_of(self, kind: str, start: str) -> Awaitable[list[State]]:
        """All that lasts of a kind whose keys begin with `start`, in the order of the keys."""
