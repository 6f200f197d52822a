"""The words for tests of clients: people with a client of ours, whose links to the real factory are in memory.

class TalkTests(ClientTestCase):
    def test_two_people_talk(self) -> None:
        alice, bob = self.client("alice"), self.person("bob")
        alice.types("hello")
        self.assertEqual(bob.hears(), ["[12:00] alice: hello"])
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectionLost, ConnectionRefusedError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.testing import StringTransport
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from zope.interface import implementer

from chat.clients.address import Address
from chat.clients.link import Link
from chat.clients.local import HERE
from chat.clients.model import Change, Chat, Conversation, Identity, Line
from chat.clients.remembered import Remembered
from chat.irc.protocol import IRCProtocol
from tests.talk import ChatTestCase

#: Seconds that may pass before what was written is carried over.
STEP = 5


class Wire:
    """A connection in memory between a client and the factory.  It breaks after so many bytes, either way, if told."""

    def __init__(self, test: ClientTestCase, client: Any, budget: int | None) -> None:
        self.test, self.client, self.budget = test, client, budget
        self.near: Any = StringTransport()
        self.far: Any = StringTransport(peerAddress=IPv4Address("TCP", "127.0.0.1", 40_000))
        self.far.protocol = test.server_side()
        self.carried = 0
        self.broken, self.late = False, test.late
        self.residue = b""
        self.server.makeConnection(self.far)
        self.client.makeConnection(self.near)

    @property
    def server(self) -> Any:
        """The server's end, which may step aside for another one."""
        return self.far.protocol

    def carry(self) -> bool:
        """Bring over what was written on either side; whether there was something."""
        moved = self._carry(self.near, self.server) | self._carry(self.far, self.client)
        if not self.broken and any(side.disconnecting or side.disconnected for side in (self.near, self.far)):
            self.cut()
            moved = True
        return moved

    def _carry(self, source: Any, sink: Any) -> bool:
        data = b"" if self.broken else source.value()
        if not data:
            return False
        source.clear()
        self.carried += len(data)
        if self.budget is not None:
            data, rest = data[: self.budget], data[self.budget :]
            self.budget -= len(data)
            if source is self.near:
                source.write(rest)
        if data:
            sink.dataReceived(data)
        if self.budget == 0 and not self.broken:
            self.cut()
        return True

    def cut(self) -> None:
        """Break: both sides learn of it, the server perhaps only later, after all that was under way to it."""
        self.broken = True
        self.client.connectionLost(Failure(ConnectionLost()))
        if self.late:
            self.residue = self.near.value()
        else:
            self.server.connectionLost(Failure(ConnectionLost()))

    def arrive(self) -> None:
        """What was under way to the server when the wire broke arrives, and then the server learns of the break."""
        if self.broken and self.late:
            self.late = False
            if self.residue:
                self.server.dataReceived(self.residue)
            self.server.connectionLost(Failure(ConnectionLost()))


@implementer(IStreamClientEndpoint)
class Door:
    """An endpoint that leads to the factory of the test."""

    def __init__(self, sitter: Sitter, verified: Any = None) -> None:
        self._sitter, self._verified = sitter, verified

    def connect(self, protocolFactory: Any) -> Deferred[Any]:
        test = self._sitter.test
        if self._sitter.closed:
            return fail(ConnectionRefusedError())
        if self._verified is not None:
            protocolFactory = TLSMemoryBIOFactory(self._verified, True, protocolFactory, test.clock)
        client = protocolFactory.buildProtocol(None)
        budget = self._sitter.budgets.pop(0) if self._sitter.budgets else None
        self._sitter.wires.append(Wire(test, client, budget))
        return succeed(client)


class Sitter:
    """Somebody at a client of ours."""

    def __init__(
        self, test: ClientTestCase, nick: str, rooms: tuple[str, ...], address: Address = HERE, **identity: str
    ) -> None:
        self.test = test
        self.nonces = 0
        self.chat = Chat(Identity(nick, **identity), lambda: int(test.clock.seconds() * 1000), rooms, self._nonce)
        self.changes: list[Change] = []
        self.chat.observe(self.changes.append)
        self.wires: list[Wire] = []
        #: After how many bytes the connections to come break; whether none can be made.
        self.budgets: list[int] = []
        self.closed = False
        self.remembered = Remembered(os.path.join(test.mktemp(), "remembered.json"))
        self.link = Link(self.chat, address, self.remembered, test.clock, self._endpoint, jitter=lambda: 0)
        self.connect: Callable[[], None] = self.link.start

    def _nonce(self) -> str:
        self.nonces += 1
        return f"{self.chat.identity.nick}-nonce-{self.nonces:08}"

    def _endpoint(self, reactor: Any, address: Any, verified: Any) -> IStreamClientEndpoint:
        return Door(self, verified)

    @property
    def room(self) -> Conversation:
        """The first conversation."""
        return self.chat.conversations[0]

    def types(self, text: str, conversation: Conversation | None = None, reply_to: Line | None = None) -> None:
        """Type a line, and have everything happen that comes of it."""
        self.chat.perform(conversation or self.room, text, reply_to)
        self.test.pass_time(0)

    def sees(self, conversation: Conversation | None = None) -> list[str]:
        """The lines of a conversation, in short."""
        return [short(line) for line in (conversation or self.room).lines]

    def sees_spoken(self, conversation: Conversation | None = None) -> list[str]:
        """What somebody said in a conversation, in short."""
        return [short(line) for line in (conversation or self.room).lines if line.spoken]

    def loses_link(self) -> None:
        """The connection breaks."""
        self.wires[-1].cut()

    def carry(self) -> bool:
        return any(list(map(Wire.carry, self.wires)))


def short(line: Line) -> str:
    """A line as tests have it: `bob: hi`, `* bob waves`, `-- bob came`, `(waiting) bob: hi`."""
    forms = {"message": "{}: {}", "notice": "-{}- {}", "action": "* {} {}", "event": "-- {} {}", "info": "{}{}"}
    text = forms[line.kind].format(line.who, "(removed)" if line.removed else line.text)
    state = "" if line.state == "kept" else f"({line.state}) "
    return state + text + (" (edited)" if line.edited else "")


class ClientTestCase(ChatTestCase):
    """A chat with clients of ours in it."""

    wire: Any = IRCProtocol
    #: Whether the server learns late of it when a connection to come breaks.
    late = False

    def setUp(self) -> None:
        super().setUp()
        self.sitters: list[Sitter] = []

    def client(self, nick: str, *rooms: str, **identity: Any) -> Sitter:
        """Somebody with a client, in these rooms or in the lobby, who has seen everything so far."""
        sitter = self.client_that_waits(nick, *rooms, **identity)
        sitter.connect()
        self.pass_time(0)
        sitter.changes.clear()
        return sitter

    def client_that_waits(self, nick: str, *rooms: str, **identity: Any) -> Sitter:
        """Somebody with a client that was not told to connect."""
        sitter = Sitter(self, nick, rooms or ("#lobby",), **identity)
        self.sitters.append(sitter)
        self.addCleanup(self._sends_home, sitter)
        return sitter

    def server_side(self) -> Any:
        """The server's end of a connection to come."""
        return self.factory.speaking(self.wire).buildProtocol(None)

    def _sends_home(self, sitter: Sitter) -> None:
        sitter.link.stop()
        self.pass_time(0)

    def pass_time(self, seconds: float) -> None:
        """Let time pass, and everything happen that was to happen by then, on both sides of every wire."""
        while seconds > STEP:
            self._pass_step(STEP)
            seconds -= STEP
        self._pass_step(seconds)

    def _pass_step(self, seconds: float) -> None:
        super().pass_time(seconds)
        for _ in range(2000):
            if not any(list(map(Sitter.carry, self.sitters))):
                return
            super().pass_time(0)
        self.fail("this never ends")
