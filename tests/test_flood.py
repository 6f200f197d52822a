"""How fast one connection may speak."""

from __future__ import annotations

import random

from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase

from chat.flood import NO_LIMIT, Bucket

#: A time of today: floats are coarser there than near zero.
TODAY = 1_795_176_000.0


class BucketTests(TestCase):
    def setUp(self) -> None:
        self.clock = Clock()
        self.clock.advance(TODAY)
        self.bucket = Bucket(10, 2, self.clock.seconds)

    def passes(self) -> int:
        """How many lines pass now."""
        count = 0
        while not self.bucket.wait():
            self.bucket.spend()
            count += 1
        return count

    def test_a_burst_passes_at_once(self) -> None:
        self.assertEqual(self.passes(), 10)
        self.assertEqual(self.passes(), 0)

    def test_then_so_many_a_second(self) -> None:
        self.passes()
        self.assertEqual(self.bucket.wait(), 0.5)
        counts = []
        for _ in range(5):
            self.clock.advance(1)
            counts.append(self.passes())
        self.assertEqual(counts, [2] * 5)

    def test_who_was_quiet_may_burst_again_but_no_more_than_that(self) -> None:
        self.passes()
        self.clock.advance(3600)
        self.assertEqual(self.passes(), 10)

    def test_asking_costs_nothing(self) -> None:
        for _ in range(100):
            self.bucket.wait()
        self.assertEqual(self.passes(), 10)

    def test_a_clock_that_is_set_back_stops_nobody(self) -> None:
        self.passes()
        now = self.clock.rightNow
        self.clock.rightNow = now - 3600
        self.assertLessEqual(self.bucket.wait(), 0.5)
        self.clock.advance(0.5)
        self.assertEqual(self.passes(), 1)

    def test_whoever_waits_as_long_as_told_may_speak(self) -> None:
        """Soon, at least: with a rate that floats cannot express one would wait again and again for no time at all."""
        for seed in range(300):
            dice = random.Random(seed)
            self.bucket = Bucket(dice.randrange(1, 4), dice.choice((0.3, 1.7, 3, 1e3, 1e9)), self.clock.seconds)
            for _ in range(20):
                self.passes()
                waits = 0
                while wait := self.bucket.wait():
                    self.clock.advance(wait)
                    waits += 1
                    self.assertLess(waits, 4, f"seed {seed}")

    def test_in_no_span_of_time_more_than_a_burst_and_its_share(self) -> None:
        for seed in range(50):
            dice = random.Random(seed)
            burst, rate = dice.randrange(1, 20), dice.choice((0.5, 2, 7))
            self.bucket = Bucket(burst, rate, self.clock.seconds)
            passed = []
            for _ in range(100):
                self.clock.advance(dice.choice((0, 0.01, 0.3, 1, 10)))
                passed += [self.clock.seconds()] * self.passes()
            for first in range(0, len(passed), 7):
                for last in range(first, len(passed), 5):
                    most = burst + rate * (passed[last] - passed[first]) + 1e-3
                    self.assertLessEqual(last - first + 1, most, f"seed {seed}")


class NoLimitTests(TestCase):
    def test_everything_passes(self) -> None:
        for _ in range(1000):
            self.assertEqual(NO_LIMIT.wait(), 0)
            NO_LIMIT.spend()
