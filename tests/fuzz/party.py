"""Connections to be fuzzed, and a party of them that goes on at once."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from chat.factory import ChatFactory
from chat.irc.protocol import IRCProtocol
from chat.line.protocol import LineProtocol
from chat.outlet import LIMIT
from chat.protocol import PER_TURN, QUEUED, ChatProtocol
from tests.fuzz.typist import Typist
from tests.invariants import broken


class Counting(ChatProtocol):
    """A wire that counts what it understands at a time."""

    count = most = 0

    def go_on(self) -> None:
        if not self._going_on:
            self.count = 0
        super().go_on()

    def understand(self, line: bytes) -> Any:
        self.count += 1
        self.most = max(self.most, self.count)
        return super().understand(line)


class Line(Counting, LineProtocol):
    """The wire for people."""


class IRC(Counting, IRCProtocol):
    """The wire of IRC clients."""


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

    wire: type[ChatProtocol] = Line

    def __init__(self, factory: ChatFactory, port: int, typist: Any = None) -> None:
        self.transport = Tap(port)
        self.typist = typist
        self.connection: Any = factory.speaking(self.wire).buildProtocol(None)
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

    def empty(self) -> list[str]:
        """Take all that was written; what is wrong with it, in words."""
        self.transport.empty()
        return []

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
                caller.data += b"".join(caller.typist.line() for _ in range(many))
                lines -= many
            self.step(caller)
            yield
            self.test.assertEqual(broken(self.factory), [], self.label)

    def step(self, caller: Caller) -> None:
        """Somebody sends something, reads something, or is gone."""
        caller.send(self.dice.choice((1, 7, 100, 10_000)))
        if self.dice.random() < 0.3:
            self.test.assertEqual(caller.empty(), [], self.label)
        act = self.dice.random()
        if act < 0.003:
            caller.data += caller.typist.goodbye()
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
        self.callers.append(self.caller())

    def caller(self) -> Caller:
        """Somebody new, and what they begin with."""
        caller = Caller(self.factory, self.came, self.typist)
        caller.data = self.dice.choice((f"n{self.came}\n", f"{self.typist.name()}\nn{self.came}\n", "\n", "")).encode()
        return caller

    def leave(self, caller: Caller) -> None:
        self.callers.remove(caller)
        caller.hang_up()

    def end(self) -> None:
        """Everyone hangs up."""
        for caller in tuple(self.callers):
            self.leave(caller)
