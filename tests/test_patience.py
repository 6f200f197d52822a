"""How long somebody may take, with one timer for all."""

from __future__ import annotations

from functools import partial

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from chat.patience import Patience


class PatienceTests(SynchronousTestCase):
    """Each has its time from when it began."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.patience = Patience(self.clock, 60)
        self.late: list[str] = []

    def begin(self, *names: str) -> None:
        for name in names:
            self.patience.begin(name, partial(self.late.append, name))

    def test_each_has_its_time(self) -> None:
        self.begin("alice")
        self.clock.advance(20)
        self.begin("bob", "carol")
        self.clock.advance(39)
        self.patience.end("bob")
        self.assertEqual(self.late, [])
        self.clock.advance(1)
        self.assertEqual(self.late, ["alice"])
        self.clock.advance(19)
        self.assertEqual(self.late, ["alice"])
        self.clock.advance(1)
        self.assertEqual(self.late, ["alice", "carol"])

    def test_there_is_one_timer_and_none_when_nobody_is_waited_for(self) -> None:
        self.begin("alice", "bob")
        self.assertEqual(len(self.clock.getDelayedCalls()), 1)
        self.patience.end("alice")
        self.patience.end("bob")
        self.patience.end("bob")
        self.assertEqual(self.clock.getDelayedCalls(), [])
        self.begin("carol")
        self.clock.advance(60)
        self.assertEqual(self.late, ["carol"])

    def test_who_is_late_may_end_another_and_a_bug_stops_nobody(self) -> None:
        self.patience.begin("alice", partial(self.patience.end, "bob"))
        self.begin("bob")
        self.patience.begin("carol", partial([].pop, 0))
        self.begin("dave")
        self.clock.advance(60)
        self.assertEqual(self.late, ["dave"])
        self.assertEqual(len(self.flushLoggedErrors(IndexError)), 1)
        self.begin("eve")
        self.clock.advance(60)
        self.assertEqual(self.late, ["dave", "eve"])
