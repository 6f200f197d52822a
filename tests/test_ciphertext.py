"""Ciphertext leaves at once, in order, and what the socket does not take waits in the transport."""

from __future__ import annotations

import socket
import ssl
from typing import Any

from twisted.internet import tcp
from twisted.internet.error import ConnectionLost
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.testing import MemoryReactorClock
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from chat.ciphertext import StraightTLSFactory
from chat.tls import Certificates
from tests.daemon.running import trusting
from tests.test_tls import NAME, issue


class Inside(Protocol):
    """What is inside of TLS: remembers how it ended."""

    reason: Failure | None = None

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.reason = reason


class StraightTLSTests(SynchronousTestCase):
    """The server's side on a real socket, whose reactor does only what it is told; the client's side in memory."""

    def setUp(self) -> None:
        root = issue("Root CA")
        pair = issue(NAME, root)
        path = self.mktemp()
        with open(path, "wb") as file:
            file.write(pair.cert_pem + pair.key_pem)
        near, self.far = socket.socketpair()
        near.setblocking(False)
        self.far.setblocking(False)
        self.addCleanup(near.close)
        self.addCleanup(self.far.close)
        self.reactor = MemoryReactorClock()
        wire = Factory.forProtocol(Inside)
        factory = StraightTLSFactory(Certificates(path), False, wire, self.reactor)
        self.server: Any = factory.buildProtocol(None)
        self.raw = tcp.Connection(near, self.server, self.reactor)
        self.raw.connected = True
        self.server.makeConnection(self.raw)
        self.received, self.sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = trusting(root.cert_pem.decode())
        self.client = context.wrap_bio(self.received, self.sent, server_hostname=NAME)
        for _ in range(4):
            try:
                self.client.do_handshake()
            except ssl.SSLWantReadError:
                self.far.send(self.sent.read())
                self.raw.doRead()
                self.arrives()
        self.far.send(self.sent.read())
        self.raw.doRead()

    def arrives(self) -> None:
        """Everything that is on its way to the client."""
        try:
            while data := self.far.recv(65_536):
                self.received.write(data)
        except BlockingIOError:
            pass

    def hears(self) -> bytes:
        """What the client understands of all that is on its way."""
        self.arrives()
        heard = b""
        try:
            while data := self.client.read(65_536):
                heard += data
        except ssl.SSLWantReadError:
            pass
        return heard

    def test_what_is_written_leaves_at_once(self) -> None:
        self.server.write(b"one")
        self.assertEqual(self.hears(), b"one")
        self.assertEqual(self.reactor.getWriters(), [])

    def test_what_the_socket_does_not_take_waits_and_nothing_overtakes_it(self) -> None:
        pieces = [bytes([65 + number]) * 10_000 for number in range(60)]
        for piece in pieces:
            self.server.write(piece)
        self.assertEqual(self.reactor.getWriters(), [self.raw])
        heard = self.hears()
        self.assertLess(len(heard), 600_000)
        self.server.write(b"last")
        while self.reactor.getWriters():
            self.raw.doWrite()
            heard += self.hears()
        self.assertEqual(heard, b"".join(pieces) + b"last")
        self.server.write(b"straight again")
        self.assertEqual(self.hears(), b"straight again")

    def test_the_transport_meets_the_error_of_a_broken_socket(self) -> None:
        self.far.close()
        self.server.write(b"one")
        self.assertEqual(self.reactor.getWriters(), [self.raw])
        self.assertIsInstance(self.raw.doWrite(), ConnectionLost)

    def test_the_goodbye_of_tls_comes_last(self) -> None:
        self.server.write(b"bye")
        self.server.loseConnection()
        self.arrives()
        self.assertEqual(self.client.read(100), b"bye")
        self.assertEqual(self.client.read(100), b"")  # the end, where more to come would be SSLWantReadError
