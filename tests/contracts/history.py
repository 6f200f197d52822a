"""What every history promises, `chat.core.history`: one suite, run over each implementation.

class MemoryHistoryTests(HistoryContract, TestCase):
    def new_history(self):
        return MemoryHistory(reactor)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from chat.core.events import Event
from chat.core.refusals import Refused
from chat.core.registry import State
from tests.contracts.events import Stream

if TYPE_CHECKING:
    from twisted.trial.unittest import TestCase
else:
    TestCase = object


class HistoryCase(TestCase):
    """A history for each test, and the words in which the laws are written."""

    def new_history(self) -> Any:
        """An empty history, ready for use."""
        raise NotImplementedError

    def fill_disk(self) -> None:
        """From now on nothing can be written, and the words for that are "disk full"."""
        raise NotImplementedError

    def free_disk(self) -> None:
        """Writing is possible again."""
        raise NotImplementedError

    def setUp(self) -> None:
        self.stream = Stream()
        #: What the history called, in order: ("back", states) and ("told", name, refusal).
        self.log: list[tuple[Any, ...]] = []
        self.use(self.new_history())

    def use(self, history: Any) -> None:
        self.history = history
        history.takes_back = self.note_back

    def note_back(self, states: Sequence[State]) -> None:
        self.log.append(("back", {(state.kind, state.key): state.value for state in states}))

    def give(self, event: Event, states: Sequence[State] = (), name: object = None) -> Deferred[Refused | None]:
        """Keep an event; what it is told goes into the log, under its seq or `name`, and is what this fires with."""
        told: Deferred[Refused | None] = Deferred()
        name = event.seq if name is None else name

        def then(refusal: Refused | None) -> None:
            self.log.append(("told", name, refusal))
            told.callback(refusal)

        self.history.keep(event, states, then)
        return told

    async def keep(self, *events: Event) -> list[Refused | None]:
        """Keep events in one turn; what each was told."""
        return [await told for told in [self.give(event) for event in events]]

    async def kept(self, *events: Event) -> None:
        """Keep events, which works."""
        self.assertEqual(await self.keep(*events), [None] * len(events))

    async def settled(self) -> None:
        """Wait until everything that was given has been told of."""
        done: Deferred[None] = Deferred()
        self.history.after(done.callback)
        await done

    async def turn(self) -> None:
        """Let the reactor go round once: what was given is being written now."""
        await deferLater(reactor, 0, lambda: None)

    @property
    def told(self) -> list[object]:
        """Who was told something, in order."""
        return [entry[1] for entry in self.log if entry[0] == "told"]
