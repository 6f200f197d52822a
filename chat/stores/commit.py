"""Group commit: the events of a turn are written together, and told of in the order in which they came.

Whatever gathers while one batch is written goes into the next, and so does what gathers while the store rests
from it: a commit costs nearly the same for one line as for many.

A batch that cannot be written is refused whole, and what waits behind it too, since it may rest on it.  A batch
that is written may still leave out single events: one whose id was kept before, or one that is itself faulty.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from types import MappingProxyType

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from chat.core.events import Event
from chat.core.history import Then
from chat.core.refusals import NotStored, Refused
from chat.core.registry import State

log = Logger(namespace="chat.store")

#: An event, the states it changed, and who waits for it; without an event it is only a turn to be taken.
Entry = tuple[Event | None, Sequence[State], Then]
#: The events of a batch that were left out, by their seq, and why.
LeftOut = Mapping[int, Refused]

NOTHING: LeftOut = MappingProxyType({})


def faulty(event: Event) -> Refused:
    """Why an event was left out that raised what it should not; called where that is caught, it is logged.

    It is no NotStored: that would mean that all behind it were refused too.
    """
    log.failure("A bug: {kind} cannot be kept", kind=type(event).__name__)
    return Refused("Not stored: something went wrong on our side. Not sent.")


class GroupCommit:
    """The writing half of a history; a subclass says how a batch is written, and where states are read."""

    takes_back: Callable[[Sequence[State]], None]
    undoes: Callable[[Sequence[Event]], None]

    def __init__(self, clock: IReactorTime) -> None:
        self._clock = clock
        self.undoes = lambda events: None
        self._waiting: deque[Entry] = deque()
        self._untold: deque[tuple[Then, Refused | None]] = deque()
        self._called = self._beginning = self._writing = False
        #: Seconds to rest before the next batch; a subclass says so before `committed` or `failed`.
        self.rest = 0.0
        self._rested: IDelayedCall | None = None

    def keep(self, event: Event, states: Sequence[State], then: Then) -> None:
        """Write `event` and `states` at the end of this turn; see `chat.core.history`."""
        self._waiting.append((event, states, then))
        if not self._called and not self._writing:
            self._called = True
            self._clock.callLater(0, self._begin)

    def after(self, then: Then) -> None:
        """Call `then` behind everything that waits: at once if nothing does."""
        if self.idle:
            self._tell(then, None)
        else:
            self._waiting.append((None, (), then))

    @property
    def idle(self) -> bool:
        """Whether everything that was given has been told of."""
        return not self._waiting and not self._writing

    # -- what a subclass does

    def commit(self, batch: list[Entry]) -> None:
        """Write the batch, then call `committed` or `failed`, now or later, in the thread of the reactor."""
        raise NotImplementedError

    def read_states(self, which: Collection[State]) -> list[State]:
        """What the store says now of the same kinds and keys.  It may block: it is called when something went wrong."""
        raise NotImplementedError

    def lost(self, error: Exception) -> None:
        """The registry could not be put right after a write had failed: it is not to be believed any more."""
        log.failure("The registry could not be put right")

    # -- what becomes of a batch

    def committed(self, batch: Sequence[Entry], left_out: LeftOut = NOTHING) -> None:
        """The batch is where it survives, but for the events that were left out."""
        if left_out:
            self._take_back([entry for entry in batch if entry[0] is not None and entry[0].seq in left_out])
        refusals = [left_out.get(event.seq) if left_out and event is not None else None for event, _, _ in batch]
        self._untold.extend(zip([then for _, _, then in batch], refusals, strict=True))
        self._go_on()

    def failed(self, batch: Sequence[Entry], why: str) -> None:
        """Nothing of the batch was written."""
        refused = [*batch, *self._waiting]
        self._waiting.clear()
        count = sum(event is not None for event, _, _ in refused)
        log.error("A write failed, {count} events are refused: {why}", count=count, why=why)
        self._take_back(refused)
        self.undoes([event for event, _, _ in refused if event is not None])
        self._untold.extend((then, NotStored(why) if event is not None else None) for event, _, then in refused)
        self._go_on()

    def _take_back(self, entries: Iterable[Entry]) -> None:
        """Have the states that were not kept put right, but for those that are about to be written anyway."""
        coming = {(state.kind, state.key) for _, states, _ in self._waiting for state in states}
        given = {(state.kind, state.key): state for _, states, _ in entries for state in states}
        wrong = [state for key, state in given.items() if key not in coming]
        try:
            if wrong:
                self.takes_back(self.read_states(wrong))
        except Exception as error:
            self.lost(error)

    def _tell(self, then: Then, refusal: Refused | None) -> None:
        """A bug in one who listens is logged, and kept from everyone else."""
        try:
            then(refusal)
        except Exception:
            log.failure("A bug while an event was told of")

    def _go_on(self) -> None:
        """Tell what there is to tell, then those who waited only for their turn; the rest is the next batch.

        What is still untold is in a queue, so that this may be called from within `then`.
        """
        while self._untold or (self._waiting and self._waiting[0][0] is None):
            then, refusal = self._untold.popleft() if self._untold else (self._waiting.popleft()[2], None)
            self._tell(then, refusal)
        self._writing = False
        rest, self.rest = self.rest, 0.0
        if rest and self._waiting:
            self._called = True
            self._rested = self._clock.callLater(rest, self._begin)
        else:
            self._begin()

    def _begin(self) -> None:
        """Commit what waits.  A loop, since a commit that ends at once comes back here from within."""
        self._called = False
        if self._rested is not None and self._rested.active():
            self._rested.cancel()
        if self._beginning:
            return
        self._beginning = True
        while self._waiting and not self._writing:
            batch = list(self._waiting)
            self._waiting.clear()
            self._writing = True
            self.commit(batch)
        self._beginning = False
