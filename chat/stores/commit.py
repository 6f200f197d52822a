"""Group commit: the events of a turn are written together, and told of in the order in which they came.

Whatever gathers while one batch is written goes into the next.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from chat.core.events import Event
from chat.core.history import Then
from chat.core.refusals import Duplicate, NotStored, Refused
from chat.core.registry import State

log = Logger(namespace="chat.store")

#: An event, the states it changed, and who waits for it; without an event it is only a turn to be taken.
Entry = tuple[Event | None, Sequence[State], Then]


class GroupCommit:
    """The writing half of a history; a subclass says how a batch is written, and where states are read."""

    takes_back: Callable[[Sequence[State]], None]

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self._waiting: list[Entry] = []
        self._writing = False
        self._called = False

    def keep(self, event: Event, states: Sequence[State], then: Then) -> None:
        """Write `event` and `states` at the end of this turn; see `chat.core.history`."""
        self._waiting.append((event, states, then))
        if not self._called and not self._writing:
            self._called = True
            self._clock.callLater(0, self._begin)

    def after(self, then: Then) -> None:
        """Call `then` behind everything that waits: at once if nothing does."""
        if self._waiting or self._writing:
            self._waiting.append((None, (), then))
        else:
            then(None)

    def _begin(self) -> None:
        self._called = False
        if self._waiting and not self._writing:
            batch, self._waiting = self._waiting, []
            self._writing = True
            self.commit(batch)

    def commit(self, batch: list[Entry]) -> None:
        """Write the batch, then call `committed` or `failed`, in the thread of the reactor."""
        raise NotImplementedError

    def read_states(self, which: Collection[State]) -> list[State]:
        """What the store says now of the same kinds and keys.  It may block: it is called when a write failed."""
        raise NotImplementedError

    def committed(self, batch: list[Entry], duplicates: Collection[int] = ()) -> None:
        """The batch is where it survives, but for the events of these seqs, whose ids were kept before."""
        for event, _, then in batch:
            twice = event is not None and event.seq in duplicates and Duplicate()
            self._tell(then, twice or None)
        self._end()

    def failed(self, batch: list[Entry], why: str) -> None:
        """Nothing of the batch was written.  What waits behind it may rest on it, so it is refused too."""
        log.error("A write failed, {count} events are refused: {why}", count=len(batch), why=why)
        batch, self._waiting = batch + self._waiting, []
        changed = {(state.kind, state.key): state for _, states, _ in batch for state in states}
        if changed:
            self.takes_back(self.read_states(changed.values()))
        refusal = NotStored(why)
        for event, _, then in batch:
            self._tell(then, refusal if event else None)
        self._end()

    def _tell(self, then: Then, refusal: Refused | None) -> None:
        """A bug in one who listens is logged, and kept from everyone else."""
        try:
            then(refusal)
        except Exception:
            log.failure("A bug while an event was told of")

    def _end(self) -> None:
        self._writing = False
        self._begin()
