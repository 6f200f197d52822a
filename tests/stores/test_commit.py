"""Group commit, batch by batch."""

from __future__ import annotations

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chat.core.refusals import Refused
from chat.stores.commit import Entry, GroupCommit
from tests.contracts.events import Stream


class Held(GroupCommit):
    """Writes nothing; a batch is committed when the test says so."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.batch: list[Entry] = []

    def commit(self, batch: list[Entry]) -> None:
        self.batch = batch


class RestTests(SynchronousTestCase):
    """A store that rests between its commits."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.told: list[str] = []
        self.history, self.stream = Held(self.clock), Stream()

    def keep(self, text: str) -> None:
        def then(refusal: Refused | None) -> None:
            self.told.append(text)

        self.history.keep(self.stream.said(text), (), then)

    def texts(self) -> list[str]:
        return [event.text for event, _, _ in self.history.batch]  # type: ignore[union-attr]

    def written(self, rest: float) -> None:
        self.history.rest, batch, self.history.batch = rest, self.history.batch, []
        self.history.committed(batch)

    def test_what_comes_after_nothing_is_written_at_once(self) -> None:
        self.keep("one")
        self.clock.advance(0)
        self.assertEqual(self.texts(), ["one"])
        self.written(rest=0.25)
        self.keep("two")
        self.clock.advance(0)
        self.assertEqual((self.told, self.texts()), (["one"], ["two"]))

    def test_what_gathers_until_the_rest_is_over_is_one_batch(self) -> None:
        self.keep("one")
        self.clock.advance(0)
        self.keep("two")
        self.written(rest=0.25)
        self.clock.advance(0.2)
        self.keep("three")
        self.clock.advance(0)
        self.assertEqual((self.told, self.texts()), (["one"], []))
        self.clock.advance(0.05)
        self.assertEqual(self.texts(), ["two", "three"])

    def test_a_rest_is_over_once(self) -> None:
        self.keep("one")
        self.clock.advance(0)
        self.keep("two")
        self.written(rest=0.25)
        self.clock.advance(0.25)
        self.written(rest=0)
        self.assertEqual(self.told, ["one", "two"])
        self.assertEqual(self.clock.getDelayedCalls(), [])
