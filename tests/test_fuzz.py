"""Whatever comes in: nothing crashes, nothing is logged as an error, nothing hangs, and nothing is left behind.

The dice are the same each time.  CHAT_FUZZ=N throws them N times as often; a failure says with which seed.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

from twisted.internet import reactor
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.task import deferLater
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from chat.config import Config
from chat.core.registry import Registry
from chat.factory import ChatFactory
from chat.line.commands import COMMANDS
from chat.line.protocol import LineProtocol
from chat.outlet import LIMIT
from chat.protocol import PER_TURN, QUEUED
from chat.stores.sqlite import SQLiteHistory
from tests.invariants import broken, left_behind
from tests.talk import ChatTestCase, HeldHistory

TIMES = int(os.environ.get("CHAT_FUZZ", "1"))
#: Lines that are typed for one throw of the dice.
LINES = 2000

#: Commands that hash a password, which takes a while: they are seldom typed.
SLOW = ["register", "login", "password"]
VERBS = [name for name in COMMANDS._verbs if name not in ("exit", "quit", *SLOW)]
NAMES = [
    "alice",
    "bob",
    "carol",
    "Ålice",
    "аlice",
    "dave7",
    "guest",
    "admin",
    "宮崎",
    "a" * 32,
    "9",
    "@",
    "#dev",
    "all",
]
ROOMS = ["lobby", "dev", "#dev", "DEV", "tea", "9", "a b", "x" * 65, "", "."]
WORDS = [
    "hi",
    "on",
    "off",
    "utc",
    "+05:45",
    "before",
    "since",
    "2h",
    "in",
    "from",
    "👍",
    ":+1:",
    "-",
    "ﷺ",
    "\u202e",
    "%s",
]
WORDS += [
    "{0}",
    "{}",
    "\\",
    '"',
    "'",
    "NULL",
    "*",
    '"*',
    "OR",
    "s/a/b/",
    "s/hi/ho/",
    "0",
    "1",
    "2",
    "#3",
    "999999999999999999",
]
NOISE = [
    b"\xff\xf4",
    b"\xff\xfb\x01",
    b"\xff\xfd\x03",
    b"\xff\xfa\x18\xff\xf0",
    b"\xff",
    b"\xc3\x28",
    b"\x80",
    b"\xed\xa0\x80",
]
NOISE += [
    b"\x00",
    b"\x07",
    b"\x1b[2J",
    b"\x1b]0;x\x07",
    b"\r",
    b"\r\r",
    b"\t",
    b"\x7f",
    b"\xe2\x80\xa8",
    b"\x034,5red",
    b"\x16\x03\x01",
]


class Typist:
    """Types lines of the protocol's own alphabet, of people and rooms that may be there."""

    def __init__(self, dice: random.Random, registry: Registry) -> None:
        self.dice, self.registry = dice, registry

    def line(self) -> bytes:
        """A line with its end, or with another end, or none."""
        text = self.dice.choice((self.command, self.command, self.at, self.by_id, self.text, self.text))()
        data = text.encode("utf-8", "surrogatepass")
        if self.dice.random() < 0.1:
            place = self.dice.randrange(len(data) + 1)
            data = data[:place] + self.dice.choice(NOISE) + data[place:]
        if self.dice.random() < 0.01:
            data *= self.dice.choice((10, 100, 3000))
        return data[:10_000] + self.dice.choices((b"\n", b"\r\n", b"\n\n", b"", b"\r"), (80, 10, 5, 2, 1))[0]

    def goodbye(self) -> bytes:
        """A line after which the connection ends."""
        return self.dice.choice((b"/exit", b"exit", b"@exit", b"/quit why", b"\x04", b"/exit \xff")) + b"\n"

    def command(self) -> str:
        """A command, mostly with as many words as it takes, and words that it may know."""
        name = self.dice.choice(VERBS if self.dice.random() < 0.99 else SLOW)
        verb = COMMANDS.find(name)
        words = self.dice.randrange(verb.required, verb.most + 1) + (verb._text and self.dice.randrange(3))
        if self.dice.random() < 0.2:
            return "/" + self.dice.choice([name, name.upper(), "jion", "x", "", "\0"]) + self.rest()
        if name in ("edit", "delete", "remove", "react", "reply") and self.dice.random() < 0.8:
            lines = [room.lines for room in self.registry.rooms.values()] or [0]
            return f"/{name} {max(1, self.dice.choice(lines) - self.dice.randrange(5))}{self.rest()}"
        return "/" + name + "".join(" " + self.word() for _ in range(words))

    def at(self) -> str:
        head = self.dice.choice(
            ("all", "people", "room", "help", "#" + self.room(), self.name(), f"{self.name()},{self.name()}")
        )
        return "@" + head + self.rest()

    def by_id(self) -> str:
        id = self.dice.choice(list(self.registry.ids) or ["1234567890123-0"])
        cut = self.dice.choice((len(id), 13, 22, 10, self.dice.randrange(40)))
        return id[:cut] + ":" + self.rest()

    def text(self) -> str:
        return self.dice.choice(("", " ", "//", "@@", "  ")) + self.word() + self.rest()

    def rest(self) -> str:
        return "".join(" " + self.word() for _ in range(self.dice.choice((0, 1, 1, 2, 3, 10))))

    def word(self) -> str:
        return self.dice.choice((self.name, self.room, self.some_word, self.number, self.letters))()

    def name(self) -> str:
        return self.dice.choice([*NAMES, *(user.name for user in self.registry.ids.values())])

    def room(self) -> str:
        return self.dice.choice(ROOMS)

    def some_word(self) -> str:
        return self.dice.choice(WORDS)

    def number(self) -> str:
        return str(self.dice.choice((0, 1, self.dice.randrange(50), -1, 10**9, 10**20)))

    def letters(self) -> str:
        return "".join(
            chr(self.dice.choice((self.dice.randrange(32, 127), self.dice.randrange(0xD7FF)))) for _ in range(5)
        )


class Line(LineProtocol):
    """The wire for people, which counts what it understands at a time."""

    count = most = 0

    def go_on(self) -> None:
        if not self._going_on:
            self.count = 0
        super().go_on()

    def understand(self, line: bytes) -> Any:
        self.count += 1
        self.most = max(self.most, self.count)
        return super().understand(line)


class Tap(StringTransport):
    """A transport that is full when it has much, until somebody empties it."""

    def __init__(self, port: int) -> None:
        super().__init__(peerAddress=IPv4Address("TCP", "127.0.0.1", port))
        self.full = False

    def write(self, data: bytes) -> None:
        super().write(data)
        if not self.full and self.io.tell() > LIMIT and self.producer is not None:
            self.full = True
            self.producer.pauseProducing()

    def empty(self) -> None:
        """Take all that is there."""
        self.clear()
        if self.full and self.producer is not None:
            self.full = False
            self.producer.resumeProducing()


class Caller:
    """A connection to be fuzzed: what is to be sent, and is sent only as far as it is read."""

    def __init__(self, factory: ChatFactory, port: int) -> None:
        self.transport = Tap(port)
        self.connection: Any = factory.speaking(Line).buildProtocol(None)
        self.connection.makeConnection(self.transport)
        self.data = b""

    @property
    def gone(self) -> bool:
        return self.transport.disconnecting

    @property
    def over(self) -> bool:
        """Whether nothing that is sent will ever be read."""
        return self.gone or self.connection.input_ended

    @property
    def read(self) -> bool:
        """Whether anything that is sent now is read."""
        return self.transport.producerState == "producing" and not self.over

    def end_input(self) -> None:
        """Send nothing more, but go on reading."""
        if self.read:
            self.connection.readConnectionLost()

    def send(self, size: int) -> None:
        """Send so many bytes of what is to be sent, if they are read."""
        if self.read and self.data:
            piece, self.data = self.data[:size], self.data[size:]
            self.connection.dataReceived(piece)

    def hang_up(self) -> None:
        """Cut the connection, whatever is under way."""
        self.transport.disconnecting = True
        self.connection.connectionLost(Failure(ConnectionDone()))


class Party:
    """Several who type at once whatever they please, in any pieces, and hang up when they please."""

    def __init__(self, test: Any, factory: ChatFactory, dice: random.Random, label: str) -> None:
        self.test, self.factory, self.dice, self.label = test, factory, dice, label
        self.typist = Typist(dice, factory.registry)
        self.callers: list[Caller] = []
        self.came = 0

    def steps(self, lines: int) -> Iterator[None]:
        """Go on until so many lines are typed, a turn at a time."""
        while lines > 0 or any(caller.data and not caller.over for caller in self.callers):
            if lines > 0 and (len(self.callers) < 3 or (len(self.callers) < 8 and self.dice.random() < 0.05)):
                self.come()
            caller = self.dice.choice(self.callers)
            if lines > 0 and len(caller.data) < 1000:
                many = self.dice.choice((1, 3, 40))
                caller.data += b"".join(self.typist.line() for _ in range(many))
                lines -= many
            self.step(caller)
            yield
            self.test.assertEqual(broken(self.factory), [], self.label)

    def step(self, caller: Caller) -> None:
        """Somebody sends something, reads something, or is gone."""
        caller.send(self.dice.choice((1, 7, 100, 10_000)))
        if self.dice.random() < 0.3:
            caller.transport.empty()
        act = self.dice.random()
        if act < 0.003:
            caller.data += self.typist.goodbye()
        elif act < 0.005:
            caller.end_input()
        elif act < 0.008 or caller.gone:
            self.leave(caller)
        self.check(caller)

    def check(self, caller: Caller) -> None:
        """The work of a turn and what waits are bounded."""
        connection = caller.connection
        self.test.assertLessEqual(connection.most, PER_TURN, self.label)
        self.test.assertLessEqual(connection.waiting_input, QUEUED + 10_100, self.label)
        self.test.assertLessEqual(len(connection.outlet._pending), 3 * LIMIT, self.label)

    def come(self) -> None:
        self.came += 1
        caller = Caller(self.factory, self.came)
        caller.data = self.dice.choice((f"n{self.came}\n", f"{self.typist.name()}\nn{self.came}\n", "\n", "")).encode()
        self.callers.append(caller)

    def leave(self, caller: Caller) -> None:
        self.callers.remove(caller)
        caller.hang_up()

    def end(self) -> None:
        """Everyone hangs up."""
        for caller in tuple(self.callers):
            self.leave(caller)


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
