"""Whatever comes in: nothing crashes, nothing is logged as an error, nothing hangs, and nothing is left behind.

The dice are the same each time.  CHAT_FUZZ=N throws them N times as often; a failure says with which seed.
"""

from __future__ import annotations

import os
import random

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from chat.config import Config
from chat.factory import ChatFactory
from chat.protocol import PER_TURN
from chat.stores.sqlite import SQLiteHistory
from tests.fuzz.party import Caller, Party
from tests.fuzz.typist import Typist
from tests.invariants import broken, left_behind
from tests.talk import ChatTestCase, HeldHistory

TIMES = int(os.environ.get("CHAT_FUZZ", "1"))
#: Lines that are typed for one throw of the dice.
LINES = 2000


class FuzzTests(ChatTestCase):
    """With the history in memory."""

    history_class = HeldHistory

    def test_lines_of_the_protocols_own_alphabet(self) -> None:
        for seed in range(6 * TIMES):
            self.play(seed, flood="off")

    def test_lines_while_the_disk_is_slow(self) -> None:
        for seed in range(1000, 1000 + 3 * TIMES):
            self.play(seed, flood="off", slow=True)

    def test_lines_under_the_flood_limit(self) -> None:
        for seed in range(2000, 2000 + TIMES):
            self.play(seed, flood="20/50")

    def play(self, seed: int, flood: str, slow: bool = False) -> None:
        """A party on a factory of its own."""
        dice, label = random.Random(seed), f"seed {seed}"
        self.factory.stop()
        self.history = self.history_class(self.clock)
        self.factory = self.new_factory(Config(name="chat.example.org", flood=flood))
        party = Party(self, self.factory, dice, label)
        try:
            for _ in party.steps(LINES):
                self.pass_time(dice.choice((0, 0, 0, 0.01, 1)))
                if slow:
                    self.disk(dice)
            party.end()
            self.history.holding = False
            while self.history.held:
                self.history.let_go()
                self.pass_time(0)
            self.pass_time(20)
            self.assertEqual(broken(self.factory, quiet=True), [], label)
            self.assertEqual(left_behind(self.factory), [], label)
        except Exception as error:
            raise AssertionError(label) from error
        self.check_log(label)
        self.factory.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [], label)

    def disk(self, dice: random.Random) -> None:
        """The disk takes its time, and may fail."""
        while self.history.held and (not self.history.holding or dice.random() < 0.5):
            if dice.random() < 0.05:
                self.history.fail("disk full")
            else:
                self.history.let_go()
            self.pass_time(0)
        self.history.holding = (dice.random() < 0.5 and len(self.history.held) == 0) or bool(self.history.held)

    def check_log(self, label: str) -> None:
        """No error was logged, but for writes that failed because the dice said so."""
        errors = [failure.getTraceback() for failure in self.flushLoggedErrors()]
        self.assertEqual(errors, [], label)

    # -- bytes that are no lines at all

    def alone(self) -> Caller:
        """Somebody who is in the lobby."""
        caller = Caller(self.factory, 1)
        caller.connection.dataReceived(b"alice\n")
        self.pass_time(0)
        return caller

    def pour(self, caller: Caller, data: bytes, size: int = 65_536) -> None:
        """Send all, in pieces as the system gives them, as far as it is read."""
        caller.data = data
        turns = 0
        while caller.data and not caller.gone:
            caller.send(size)
            self.clock.advance(0.001)
            caller.transport.empty()
            turns += 1
            self.assertLessEqual(turns, 10 * len(data) // min(size, PER_TURN) + 1000, "it is stuck")
        self.assertLessEqual(caller.connection.most, PER_TURN)

    def finish(self, caller: Caller) -> None:
        caller.hang_up()
        self.pass_time(10)
        self.assertEqual(left_behind(self.factory), [])
        self.check_log("")

    def test_nothing_but_line_feeds(self) -> None:
        caller = self.alone()
        self.pour(caller, b"\n" * min(10_000_000, 1_000_000 * TIMES))
        self.assertFalse(caller.gone)
        self.finish(caller)

    def test_no_line_feed(self) -> None:
        caller = self.alone()
        self.pour(caller, b"x" * 10_000_000)
        self.assertTrue(caller.gone)
        self.assertGreater(len(caller.data), 9_800_000)
        self.finish(caller)

    def test_nothing_but_telnet(self) -> None:
        for data in (b"\xff", b"\xff\xfd\x01", b"\xff\xfa", b"\xff\xfb\x01x"):
            caller = self.alone()
            self.pour(caller, data * (200_000 // len(data)))
            self.finish(caller)

    def test_single_bytes(self) -> None:
        dice = random.Random(0)
        caller = self.alone()
        typist = Typist(dice, self.factory.registry)
        self.pour(caller, b"".join(typist.line() for _ in range(300)), 1)
        self.finish(caller)

    def test_random_bytes(self) -> None:
        for seed in range(5 * TIMES):
            dice = random.Random(seed)
            for letters in (bytes(range(256)), bytes(range(32, 127)) + b"\n", b"\xff\xfb\xfa\xf0\r\n\x04/@"):
                caller = Caller(self.factory, 1)
                for _ in range(30):
                    if not caller.gone:
                        self.pour(caller, bytes(dice.choices(letters, k=dice.choice((1, 100, 3000)))))
                self.finish(caller)


class StoredFuzzTests(TestCase):
    """With the history on disk, and the reactor's own time."""

    timeout = 600

    def setUp(self) -> None:
        self.history = SQLiteHistory(reactor, self.mktemp(), self.fail)
        self.history.open()
        self.addCleanup(self.history.close)
        self.factory = ChatFactory(Config(name="chat.example.org", flood="off"), self.history, reactor)
        self.factory.start()
        self.addCleanup(self.factory.stop)

    async def test_lines_of_the_protocols_own_alphabet(self) -> None:
        for seed in range(3000, 3000 + TIMES):
            dice, label = random.Random(seed), f"seed {seed}"
            party = Party(self, self.factory, dice, label)
            for _ in party.steps(LINES):
                await self.turn()
            party.end()
            await self.factory.settled()
            await self.turn(0.05)
            while self.factory.registry.users:
                await self.turn(0.05)
            await self.factory.settled()
            self.assertEqual(broken(self.factory, quiet=True), [], label)
            self.assertEqual(left_behind(self.factory), [], label)
            errors = [failure.getTraceback() for failure in self.flushLoggedErrors()]
            self.assertEqual(errors, [], label)

    def turn(self, seconds: float = 0) -> Deferred[None]:
        return deferLater(reactor, seconds, lambda: None)  # type: ignore[arg-type]
