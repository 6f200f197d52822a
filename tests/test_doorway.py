"""The doorway: who comes in is recognised by the first byte, or by silence."""

from __future__ import annotations

import os
import ssl
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.error import ConnectionDone
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import Factory
from twisted.internet.testing import StringTransport
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from zope.interface.verify import verifyObject

from chat.doorway import SILENCE, DoorwayFactory
from chat.line.protocol import LineProtocol
from chat.tls import Certificates
from tests.talk import ChatTestCase
from tests.test_tls import NAME, issue

ADDRESS = IPv4Address("TCP", "127.0.0.1", 40_000)


class Visitor:
    """Somebody who comes to a door; the transport gives what they send to whatever protocol it has then."""

    def __init__(self, test: ChatTestCase, factory: Factory) -> None:
        self._test = test
        self.transport: Any = StringTransport(peerAddress=ADDRESS)
        self.transport.protocol = factory.buildProtocol(ADDRESS)
        self.transport.protocol.makeConnection(self.transport)

    @property
    def protocol(self) -> Any:
        return self.transport.protocol

    def types(self, data: bytes) -> None:
        self.protocol.dataReceived(data)
        self._test.pass_time(0)

    def reads(self) -> bytes:
        """All that has come since the last time."""
        self._test.pass_time(0)
        data: bytes = self.transport.value()
        self.transport.clear()
        return data

    def hangs_up(self) -> None:
        self.protocol.connectionLost(Failure(ConnectionDone()))
        self._test.pass_time(0)


class TLSVisitor:
    """The client's side of TLS, in memory."""

    def __init__(self, visitor: Visitor, root_pem: str, piece: int = 65_536) -> None:
        self.visitor, self._piece = visitor, piece
        self._received, self._sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context(cadata=root_pem)
        self.tls = context.wrap_bio(self._received, self._sent, server_hostname=NAME)

    def reads(self) -> bytes:
        """Shake hands if that is not done, and read what there is."""
        heard = b""
        for _ in range(10):
            try:
                heard += self.tls.read(65_536)
            except ssl.SSLWantReadError:
                self._exchange()
        return heard

    def _exchange(self) -> None:
        data = self._sent.read()
        for start in range(0, len(data), self._piece):
            self.visitor.types(data[start : start + self._piece])
        self._received.write(self.visitor.reads())

    def types(self, data: bytes) -> None:
        self.tls.write(data)


class DoorwayTests(ChatTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.root = issue("Root CA")
        pair = issue(NAME, self.root)
        self.path = self.mktemp()
        with open(self.path, "wb") as file:
            file.write(pair.cert_pem + pair.key_pem)
        self.certificates = Certificates(self.path)
        self.doorway = DoorwayFactory(self.factory.speaking(LineProtocol), self.certificates, self.clock)
        self.calls = len(self.clock.getDelayedCalls())

    def comes(self, factory: Factory | None = None) -> Visitor:
        return Visitor(self, factory or self.doorway)

    def test_who_waits_in_silence_is_greeted(self) -> None:
        visitor = self.comes()
        self.pass_time(SILENCE - 0.01)
        self.assertEqual(visitor.reads(), b"")
        self.pass_time(0.01)
        self.assertTrue(visitor.reads().endswith(b"\nYour name? "))
        visitor.types(b"alice\n")
        self.assertIn(b"* Hello alice.", visitor.reads())

    def test_who_talks_first_is_understood_at_once(self) -> None:
        visitor = self.comes()
        visitor.types(b"alice\nhi\n")
        heard = visitor.reads()
        self.assertIn(b"Your name? * Hello alice.", heard)
        self.assertIn(b"\n+ 1 lobby ", heard)
        self.pass_time(SILENCE)
        self.assertEqual(visitor.reads(), b"")

    def test_the_doorway_is_out_of_the_way_then(self) -> None:
        for first in (b"alice\n", b""):
            visitor = self.comes()
            if first:
                visitor.types(first)
            else:
                self.pass_time(SILENCE)
            self.assertIsInstance(visitor.protocol, LineProtocol)

    def test_tls_is_known_by_its_first_byte(self) -> None:
        visitor = TLSVisitor(self.comes(), self.root.cert_pem.decode())
        self.assertTrue(visitor.reads().endswith(b"\nYour name? "))
        visitor.types(b"alice\n/tls\n")
        heard = visitor.reads()
        self.assertIn(b"* Hello alice.", heard)
        self.assertIn(b"* Your link is encrypted.\n", heard)

    def test_tls_that_comes_byte_by_byte(self) -> None:
        visitor = TLSVisitor(self.comes(), self.root.cert_pem.decode(), piece=1)
        self.assertTrue(visitor.reads().endswith(b"\nYour name? "))

    def test_plain_and_encrypted_people_meet(self) -> None:
        alice, bob = TLSVisitor(self.comes(), self.root.cert_pem.decode()), self.comes()
        alice.reads()
        alice.types(b"alice\n")
        alice.reads()
        bob.types(b"bob\n")
        bob.types(b"hi\n")
        self.assertIn(b"bob: hi\n", alice.reads())

    def test_bytes_near_that_of_tls_are_text(self) -> None:
        for first in (b"\x15", b"\x17", b"\n", b"\xff"):
            visitor = self.comes()
            visitor.types(first)
            self.assertIsInstance(visitor.protocol, LineProtocol)

    def test_who_leaves_before_anything_leaves_nothing_behind(self) -> None:
        visitor = self.comes()
        visitor.hangs_up()
        self.pass_time(SILENCE * 2)
        self.assertEqual(visitor.reads(), b"")
        self.assertEqual(len(self.factory.connections), 0)
        self.assertEqual(len(self.clock.getDelayedCalls()), self.calls)

    def test_who_sends_nothing_at_all_is_greeted_and_let_go(self) -> None:
        visitor = self.comes()
        visitor.protocol.readConnectionLost()
        self.assertIn(b"* Welcome to chat.example.org.", visitor.reads())
        self.assertTrue(visitor.transport.disconnecting)
        visitor.hangs_up()
        self.pass_time(SILENCE * 2)
        self.assertEqual(len(self.factory.connections), 0)

    def test_the_end_of_writing_alone_changes_nothing(self) -> None:
        visitor = self.comes()
        verifyObject(IHalfCloseableProtocol, visitor.protocol)
        visitor.protocol.writeConnectionLost()
        visitor.types(b"alice\n")
        self.assertIsInstance(visitor.protocol, LineProtocol)

    def test_behind_a_transport_that_wraps_another(self) -> None:
        """As with haproxy: the wrapper, not the socket, has to be told of the new protocol."""
        for pieces in ((b"alice\n", b"exit\n"), (b"", b"bob\n", b"exit\n")):
            visitor = self.comes(WrappingFactory(self.doorway))
            for piece in pieces:
                visitor.types(piece) if piece else self.pass_time(SILENCE)
            self.assertIsInstance(visitor.protocol, ProtocolWrapper)
            self.assertIn(b"* Bye ", visitor.reads())

    def test_behind_an_endpoint_that_encrypts(self) -> None:
        """As with ssl: the doorway is inside."""
        inside = TLSMemoryBIOFactory(self.certificates, False, self.doorway, self.clock)
        visitor = TLSVisitor(self.comes(inside), self.root.cert_pem.decode())
        visitor.reads()
        self.pass_time(SILENCE)
        self.assertTrue(visitor.reads().endswith(b"\nYour name? "))
        visitor.types(b"alice\n")
        self.assertIn(b"* Hello alice.", visitor.reads())

    def test_a_certificate_that_is_gone_shuts_nobody_out(self) -> None:
        os.remove(self.path)
        visitor = TLSVisitor(self.comes(), self.root.cert_pem.decode())
        self.assertTrue(visitor.reads().endswith(b"\nYour name? "))
