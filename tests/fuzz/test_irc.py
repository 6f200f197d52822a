"""Whatever IRC clients send: no bug is met, everything they are sent is a line of IRC, and they still are answered.

The dice are the same each time.  CHAT_FUZZ=N throws them N times as often, from CHAT_SEED on; a failure says its seed.
"""

from __future__ import annotations

import base64
import os
import random
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater
from twisted.trial.unittest import TestCase

from chat.config import Config
from chat.factory import PROBES, ChatFactory
from chat.stores.sqlite import SQLiteHistory
from tests.fuzz.clients import OPENINGS, Clerk, Client
from tests.fuzz.party import Caller, Party
from tests.fuzz.wellformed import flaws
from tests.invariants import broken, left_behind
from tests.talk import ChatTestCase, HeldHistory

TIMES = int(os.environ.get("CHAT_FUZZ", "1"))
FIRST = int(os.environ.get("CHAT_SEED", "0"))
LINES = 1500
CONFIG = Config(
    name="chat.example.org", flood="off", operators=(("root", "secret"),), webirc=(("127.0.0.0/8", "gate"),)
)


class Gathering(Party):
    """Clients of IRC, and `people` for some of those who come."""

    def __init__(self, *words: Any, people: float = 0) -> None:
        super().__init__(*words)
        self.people = people
        self.ids: list[str] = []

    def caller(self) -> Caller:
        if self.dice.random() < self.people:
            return super().caller()
        clerk = Clerk(self.dice, self.factory.registry, self.ids)
        client = Client(self.factory, self.came, clerk)
        if self.dice.random() < 0.9:
            client.data = clerk.opening(f"n{self.came}")
        return client

    def ask_all(self) -> None:
        """Whoever is there is answered."""
        for caller in self.callers:
            if isinstance(caller, Client) and not caller.over and not caller.data:
                caller.connection.dataReceived(b"\r\nPING :the end\r\n")

    def check_answers(self) -> None:
        for caller in self.callers:
            if isinstance(caller, Client) and not caller.over:
                self.test.assertEqual(caller.empty(), [], self.label)
                self.test.assertIn(b"PONG chat.example.org :the end", caller.last, self.label)


class IRCFuzzTests(ChatTestCase):
    """With the history in memory."""

    config = CONFIG
    history_class = HeldHistory

    def test_clients(self) -> None:
        for seed in range(FIRST, FIRST + 3 * TIMES):
            self.play(seed)

    def test_clients_and_people(self) -> None:
        for seed in range(FIRST + 10_000, FIRST + 10_000 + 2 * TIMES):
            self.play(seed, people=0.5)

    def test_clients_while_the_disk_is_slow(self) -> None:
        for seed in range(FIRST + 20_000, FIRST + 20_000 + TIMES):
            self.play(seed, people=0.3, slow=True)

    def play(self, seed: int, people: float = 0, slow: bool = False) -> None:
        """A gathering on a factory of its own."""
        dice, label = random.Random(seed), f"seed {seed}"
        self.factory.stop()
        self.history = self.history_class(self.clock)
        self.factory = self.new_factory(CONFIG)
        party = Gathering(self, self.factory, dice, label, people=people)
        try:
            for _ in party.steps(LINES):
                self.pass_time(dice.choice((0, 0, 0, 0.01, 1)))
                if slow:
                    self.disk(dice)
            self.end(party)
            self.assertEqual(left_behind(self.factory), [], label)
        except Exception as error:
            raise AssertionError(f"{label}: {error!r}") from error
        self.assertEqual([failure.getTraceback() for failure in self.flushLoggedErrors()], [], label)
        self.factory.stop()

    def end(self, party: Gathering) -> None:
        """Everything is written, everyone is answered, and everyone hangs up."""
        self.history.holding = False
        while self.history.held:
            self.history.let_go()
            self.pass_time(0)
        for _ in range(20):
            for caller in party.callers:
                self.assertEqual(caller.empty(), [], party.label)
            self.pass_time(0)
        party.ask_all()
        self.pass_time(0)
        party.check_answers()
        self.assertEqual(broken(self.factory, quiet=True), [], party.label)
        party.end()
        self.pass_time(20)

    def disk(self, dice: random.Random) -> None:
        """The disk takes its time, and may fail."""
        while self.history.held and (not self.history.holding or dice.random() < 0.5):
            if dice.random() < 0.05:
                self.history.fail("disk full")
            else:
                self.history.let_go()
            self.pass_time(0)
        self.history.holding = bool(self.history.held) or dice.random() < 0.5

    def test_after_any_nonsense_of_sasl_the_right_password_is_right(self) -> None:
        self.factory = self.new_factory(CONFIG)
        owner = self.person("owner")
        owner.says("/register", "a password", "a password")
        right = base64.b64encode(b"\0owner\0a password").decode()
        for seed in range(FIRST, FIRST + 40 * TIMES):
            dice = random.Random(seed)
            client = self.irc_connects()
            client.says("CAP REQ :sasl")
            for _ in range(dice.randrange(1, 8)):
                client.says(f"AUTHENTICATE {self.nonsense(dice)}")
            said = client.asks("AUTHENTICATE *", "AUTHENTICATE PLAIN", f"AUTHENTICATE {right}")
            self.assertEqual([flaw for line in said for flaw in flaws(line.encode())], [], seed)
            self.assertIn(" 903 * ", said[-1], seed)
            client.hangs_up()
            self.pass_time(60)
        self.assertEqual([failure.getTraceback() for failure in self.flushLoggedErrors()], [])

    def nonsense(self, dice: random.Random) -> str:
        """A mechanism, an answer to none, pieces without an end."""
        answer = base64.b64encode(
            dice.choice([opening.encode() for opening in OPENINGS] + [dice.randbytes(40)])
        ).decode()
        words = (
            "PLAIN",
            "SCRAM-SHA-256",
            "EXTERNAL",
            "+",
            "*",
            "=",
            "A" * 400,
            "A" * 401,
            "é",
            answer,
            answer[:-1] or "x",
        )
        return dice.choice(words)


class StoredIRCFuzzTests(TestCase):
    """With the history on disk, and the reactor's own time."""

    timeout = 600

    def setUp(self) -> None:
        self.history = SQLiteHistory(reactor, self.mktemp(), self.fail)
        self.history.open()
        self.addCleanup(self.history.close)
        self.factory = ChatFactory(CONFIG, self.history, reactor)
        self.factory.start()
        self.addCleanup(self.factory.stop)

    async def test_clients_and_people(self) -> None:
        for seed in range(FIRST + 30_000, FIRST + 30_000 + TIMES):
            party = Gathering(self, self.factory, random.Random(seed), f"seed {seed}", people=0.3)
            for _ in party.steps(LINES // 2):
                await self.turn()
            party.end()
            await self.factory.settled()
            while self.factory.registry.users:
                await self.turn(0.05)
            await self.factory.settled()
            self.assertEqual(broken(self.factory, quiet=True), [], party.label)
            self.assertEqual([failure.getTraceback() for failure in self.flushLoggedErrors()], [], party.label)
        await self.turn(max(PROBES))  # somebody may have asked for the name of one who was gone then

    def turn(self, seconds: float = 0) -> Deferred[None]:
        return deferLater(reactor, seconds, lambda: None)  # type: ignore[arg-type]
