"""The doorway: who comes in is recognised by the first byte, or by silence."""

from __future__ import annotations

import contextlib
import os
import random
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
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from chat.doorway import DOUBT, DOUBTED, HANDSHAKE, HTTP, IRC, LINGER, PERSON, SILENCE, TLS, DoorwayFactory, recognise
from chat.factory import BROWSER
from chat.irc.protocol import IRCProtocol
from chat.line.protocol import LineProtocol
from chat.tls import Certificates
from chat.web.http import WebFactory
from tests.daemon.running import trusting
from tests.invariants import left_behind
from tests.talk import ChatTestCase
from tests.test_tls import NAME, issue

ADDRESS = IPv4Address("TCP", "127.0.0.1", 40_000)


class Visitor:
    """Somebody who comes to a door; the transport gives what they send to whatever protocol it has then."""

    def __init__(self, test: ChatTestCase, factory: Factory, address: IPv4Address = ADDRESS) -> None:
        self._test = test
        self.transport: Any = StringTransport(peerAddress=address)
        self.transport.protocol = factory.buildProtocol(address)
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

    def __init__(
        self,
        visitor: Visitor,
        trust: str | ssl.SSLContext,
        session: ssl.SSLSession | None = None,
        piece: int = 65_536,
    ) -> None:
        self.visitor, self._piece = visitor, piece
        self._received, self._sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = trusting(trust) if isinstance(trust, str) else trust
        self.tls = context.wrap_bio(self._received, self._sent, server_hostname=NAME, session=session)

    def begins(self) -> None:
        """Say hello, and hear the server's half of the handshake; one's own has to follow."""
        with contextlib.suppress(ssl.SSLWantReadError):
            self.tls.do_handshake()
        self._exchange()

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


class DoorwayTestCase(ChatTestCase):
    """A port that knows TLS, with a certificate."""

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


class DoorwayTests(DoorwayTestCase):
    """The port of one wire."""

    def test_who_waits_in_silence_is_greeted(self) -> None:
        visitor = self.comes()
        self.pass_time(SILENCE - 0.01)
        self.assertEqual(visitor.reads(), b"")
        self.pass_time(0.01)
        self.assertTrue(visitor.reads().endswith(b"\nYour name? "))
        visitor.types(b"alice\n")
        self.assertIn(b"* Hello alice.", visitor.reads())

    def test_where_nobody_is_greeted_what_is_late_is_heard(self) -> None:
        door = DoorwayFactory(self.factory.speaking(IRCProtocol), self.certificates, self.clock)
        visitor = self.comes(door)
        self.pass_time(HANDSHAKE - 0.1)
        inside = TLSVisitor(visitor, self.root.cert_pem.decode())
        self.assertEqual(inside.reads(), b"")
        inside.types(b"NICK alice\r\nUSER a 0 * :A\r\n")
        self.assertIn(b" 001 alice ", inside.reads())
        silent = self.comes(door)
        self.pass_time(HANDSHAKE)
        self.assertIsInstance(silent.protocol, IRCProtocol)

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


#: Who begins how.
STARTS = {
    IRC: (
        b"CAP LS 302\r\n", b"nick alice\n", b"USER a 0 * :A\r\n", b"PASS x\r\n", b"PING x\r\n", b"WEBIRC a b c d\r\n",
        b"AUTHENTICATE PLAIN\r\n", b"STARTTLS\r\n", b"STARTTLS \r\n", b":alice NICK alice\r\n", b"@label=1 CAP LS\r\n",
        b"@a=b;c :alice  NICK alice\r\n",
    ),
    HTTP: (b"GET / HTTP/1.1\r\n", b"POST / HTTP/1.1\r\n", b"PRI * HTTP/2.0\r\n", b"OPTIONS * "),
    TLS: (b"\x16\x03\x01", b"\x16"),
    PERSON: (
        b"alice\n", b"Nick\n", b"cap\r\n", b"patch\n", b"Get lost\n", b"\n", b"\xff\xfb\x01", b" NICK alice\n",
        b"NICKY x\n", b"NICK\tx", b"@all hi\n", b"@exit\n", b":)\n", b"@a @b @c NICK x\n", b"@" + b"x" * 600,
        b"\x00", b"QUIT\r\n", b"\r\n\r\n\x00\r\nQUIT\n", b"\x15", b"\x17",
    ),
}  # fmt: skip


class CrowdTests(DoorwayTestCase):
    """Those who wait in the doorway take room, too."""

    def setUp(self) -> None:
        super().setUp()
        self.configure(max_per_address=2)

    def far(self, number: int) -> Visitor:
        return Visitor(self, self.doorway, IPv4Address("TCP", f"192.0.2.{number}", 40_000))

    def test_so_many_of_one_address_may_wait(self) -> None:
        """As many as may be inside, or as many as a browser opens."""
        self.configure(max_per_address=BROWSER + 1)
        first, *others, late, other = *(self.far(1) for _ in range(BROWSER + 2)), self.far(2)
        self.assertEqual({each.transport.disconnected for each in (first, *others, other)}, {False})
        self.assertTrue(late.transport.disconnected)
        self.configure(max_per_address=2)
        late.hangs_up()
        for each in others[:2]:
            each.hangs_up()
        first.types(b"alice\n")
        self.assertIn(b"Hello alice.", first.reads())
        self.assertFalse(self.far(1).transport.disconnected)

    def test_so_many_may_wait_in_all(self) -> None:
        self.configure(max_connections=2, max_per_address=0)
        self.assertEqual([self.far(number).transport.disconnected for number in range(3)], [False, False, True])

    def test_who_waits_inside_tls_is_one_of_them(self) -> None:
        self.people, self.irc_clients = self.factory.speaking(LineProtocol), self.factory.speaking(IRCProtocol)
        web = WebFactory(self.irc_clients)
        self.doorway = DoorwayFactory(self.people, self.certificates, self.clock, self.irc_clients, web)
        waiting = [self.far(1) for _ in range(BROWSER)]
        for visitor in waiting:
            TLSVisitor(visitor, self.root.cert_pem.decode()).begins()
        late = self.far(1)
        self.assertTrue(late.transport.disconnected)
        for visitor in (*waiting, late):
            visitor.hangs_up()
        self.assertEqual(left_behind(self.factory), [])

    def test_who_waits_too_long_is_told_when_there_is_no_room_inside(self) -> None:
        for number in range(2):
            self.far(1).types(b"alice%d\n" % number)
        late = self.far(1)
        late.types(b"carol\n")
        self.assertIn(b"! There are too many connections from your address.", late.reads())


class FirstWordTests(SynchronousTestCase):
    def test_who_begins_so(self) -> None:
        for who, starts in STARTS.items():
            for start in starts:
                self.assertEqual(recognise(start), who, start)

    def test_no_more_is_waited_for_than_is_needed(self) -> None:
        for start in (b"C", b"nic", b"NICK", b"POST", b"STARTTLS", b"@", b"@a", b"@a ", b"@a :b ", b"@a :b us"):
            self.assertIsNone(recognise(start), start)
        for start in (b"al", b"nix", b"NICKY", b"1", b"@a x", b":" + b"x" * 600):
            self.assertEqual(recognise(start), PERSON, start)

    def test_whole_or_in_pieces_is_the_same(self) -> None:
        dice = random.Random(1)
        pieces = [b" ", b"@", b":", b"\n", b"PO", b"st", b"\0", *(one for starts in STARTS.values() for one in starts)]
        thrown = [b"".join(dice.choices(pieces, k=3))[dice.randrange(3) :] or b"x" for _ in range(1000)]
        for start in pieces + thrown:
            answers = [recognise(start[:length]) for length in range(1, len(start) + 1)]
            known = {who for who in answers if who is not None}
            self.assertLessEqual(len(known), 1, start)
            self.assertEqual(answers[-1:], [recognise(start)], start)


class EveryWireTests(DoorwayTestCase):
    """The port of every wire."""

    def setUp(self) -> None:
        super().setUp()
        self.people, self.irc_clients = self.factory.speaking(LineProtocol), self.factory.speaking(IRCProtocol)
        self.web = WebFactory(self.irc_clients)
        self.doorway = DoorwayFactory(self.people, self.certificates, self.clock, self.irc_clients, self.web)

    def test_an_irc_client_and_a_person_meet(self) -> None:
        alice, bob = self.comes(), self.comes()
        alice.types(b"CAP LS 302\r\nNICK alice\r\nUSER a 0 * :A\r\nCAP END\r\nJOIN #lobby\r\n")
        self.assertIn(b" 001 alice :Welcome", alice.reads())
        bob.types(b"bob\nhi\n")
        self.assertIn(b" PRIVMSG #lobby hi\r\n", alice.reads())
        alice.types(b"PRIVMSG #lobby :hi yourself\r\n")
        self.assertIn(b"alice: hi yourself\n", bob.reads())

    def test_an_irc_client_byte_by_byte(self) -> None:
        alice = self.comes()
        for byte in b"nick alice\r\nUSER a 0 * :A\r\n":
            alice.types(bytes([byte]))
            self.pass_time(SILENCE / 2)
        self.assertIn(b" 001 alice :Welcome", alice.reads())

    def test_who_stops_within_a_word_is_a_person(self) -> None:
        for word in (b"CAP", b"POST", b"@a", b"n"):
            visitor = self.comes()
            visitor.types(word)
            self.assertEqual(visitor.reads(), b"")
            self.pass_time(SILENCE)
            self.assertIsInstance(visitor.protocol, LineProtocol)
            self.assertIn(b"Your name? ", visitor.reads())

    def test_what_was_typed_before_the_greeting_is_not_lost(self) -> None:
        visitor = self.comes()
        visitor.types(b"cap")
        self.pass_time(SILENCE)
        visitor.types(b"tain\n")
        self.assertIn(b"* Hello captain.", visitor.reads())

    def test_who_was_greeted_is_a_person_whatever_they_type(self) -> None:
        visitor = self.comes()
        self.pass_time(SILENCE)
        visitor.types(b"CAP LS 302\r\n")
        self.assertIsInstance(visitor.protocol, LineProtocol)

    def test_a_person_who_begins_at_once(self) -> None:
        visitor = self.comes()
        visitor.types(b"alice\n")
        self.assertIn(b"* Hello alice.", visitor.reads())

    def test_a_word_and_then_the_end(self) -> None:
        visitor = self.comes()
        visitor.types(b"nick")
        visitor.protocol.readConnectionLost()
        self.pass_time(0)
        self.assertIsInstance(visitor.protocol, LineProtocol)
        self.assertIn(b"Hello nick.", visitor.reads())

    def test_nothing_of_a_web_page_reaches_a_wire(self) -> None:
        for verb in (b"POST", b"PATCH", b"PUT", b"OPTIONS"):
            visitor = self.comes()
            visitor.types(verb + b" / HTTP/1.1\r\nHost: x\r\n\r\nalice\nhi\nNICK alice\r\nUSER a 0 * :A\r\n")
            visitor.types(b"bob\n/exit\nNICK alice\r\nUSER a 0 * :A\r\n")
            head, _, text = visitor.reads().partition(b"\r\n\r\n")
            self.assertTrue(head.startswith(b"HTTP/1.1 405 Method Not Allowed\r\n"))
            self.assertIn(b"Content-Length: %d" % len(text), head)
            self.assertIn(b"This is a chat server, not a web server. Nothing that you sent was done.", text)
            self.assertEqual((len(self.factory.connections), len(self.factory.registry.users)), (0, 0))
            self.assertFalse(visitor.transport.disconnected)
            self.pass_time(LINGER)
            self.assertTrue(visitor.transport.disconnected)
            visitor.hangs_up()
        self.assertEqual(len(self.clock.getDelayedCalls()), self.calls)

    def test_nothing_behind_a_question_reaches_a_wire_either(self) -> None:
        visitor = self.comes()
        visitor.types(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nNICK alice\r\nUSER a 0 * :A\r\n")
        visitor.types(b"bob\nhi\nNICK alice\r\nUSER a 0 * :A\r\n")
        self.assertTrue(visitor.reads().startswith(b"HTTP/1.1 200 OK\r\n"))
        self.assertEqual((len(self.factory.connections), len(self.factory.registry.users)), (0, 0))

    def test_silence_where_a_browser_was_just_now_is_no_person_for_a_while(self) -> None:
        """It opens connections before it knows what it will ask on them."""
        spare, elsewhere = self.comes(), Visitor(self, self.doorway, IPv4Address("TCP", "192.0.2.1", 40_000))
        browser = self.comes()
        browser.types(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.pass_time(SILENCE)
        self.assertIn(b"* Welcome", elsewhere.reads())
        self.pass_time(DOUBT - 2 * SILENCE)
        self.assertEqual(spare.reads(), b"")
        late = self.comes()
        spare.types(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        self.assertTrue(spare.reads().startswith(b"HTTP/1.1 200 OK\r\n"))
        self.pass_time(SILENCE)
        self.assertEqual(late.reads(), b"")
        late.types(b"alice\n")
        self.assertIn(b"Hello alice", late.reads())

    def test_who_is_silent_is_greeted_however_many_browsers_there_are(self) -> None:
        person = self.comes()
        waited = 0.0
        while not person.reads():
            self.comes().types(b"GET / HTTP/1.1\r\n\r\n")
            self.pass_time(SILENCE)
            waited += SILENCE
        self.assertTrue(DOUBTED <= waited <= DOUBTED + 2 * SILENCE, waited)
        self.pass_time(DOUBT)
        person = self.comes()
        self.pass_time(SILENCE)
        self.assertIn(b"* Welcome", person.reads())

    def test_a_browser_that_leaves_by_itself_leaves_nothing_behind(self) -> None:
        visitor = self.comes()
        visitor.types(b"GET / HTTP/1.1\r\n\r\n")
        visitor.hangs_up()
        self.assertEqual(len(self.clock.getDelayedCalls()), self.calls)

    def test_inside_tls_it_is_looked_at_again(self) -> None:
        irc = b"NICK bob\r\nUSER b 0 * :B\r\n"
        for first, answer in ((b"alice\n", b"* Hello alice."), (irc, b" 001 bob "), (b"POST / ", b" 405 ")):
            visitor = TLSVisitor(self.comes(), self.root.cert_pem.decode())
            self.assertEqual(visitor.reads(), b"")
            visitor.types(first)
            self.assertIn(answer, visitor.reads())

    def test_inside_tls_silence_begins_when_hands_are_shaken(self) -> None:
        inside = TLSVisitor(self.comes(), self.root.cert_pem.decode())
        inside.begins()
        self.pass_time(HANDSHAKE - 0.1)
        self.assertEqual(inside.reads(), b"")
        self.pass_time(SILENCE - 0.1)
        inside.types(b"NICK alice\r\nUSER a 0 * :A\r\n")
        self.assertIn(b" 001 alice ", inside.reads())

    def test_who_was_not_listened_to_was_not_silent(self) -> None:
        inside = TLSVisitor(self.comes(), self.root.cert_pem.decode())
        self.clock.callLater(SILENCE, inside.begins)  # as after a long turn of the reactor: the clock first, then this
        self.pass_time(SILENCE)
        self.assertEqual(inside.reads(), b"")
        inside.types(b"NICK alice\r\nUSER a 0 * :A\r\n")
        self.assertIn(b" 001 alice ", inside.reads())

    def test_who_is_silent_inside_tls_is_greeted(self) -> None:
        visitor = TLSVisitor(self.comes(), self.root.cert_pem.decode())
        visitor.reads()
        self.pass_time(SILENCE)
        self.assertTrue(visitor.reads().endswith(b"\nYour name? "))

    def test_tls_that_never_shakes_hands_is_closed(self) -> None:
        visitor = self.comes()
        visitor.types(b"\x16\x03\x01\x02\x00")
        self.pass_time(HANDSHAKE)
        self.assertTrue(visitor.transport.disconnected)
        visitor.hangs_up()
        self.assertEqual(len(self.clock.getDelayedCalls()), self.calls)

    def test_tls_inside_tls_is_text(self) -> None:
        visitor = TLSVisitor(self.comes(), self.root.cert_pem.decode())
        visitor.reads()
        visitor.types(b"\x16\x03\x01\n")
        self.assertIn(b"Your name? ", visitor.reads())

    def test_without_a_certificate_tls_is_text(self) -> None:
        self.doorway = DoorwayFactory(self.people, None, self.clock, self.irc_clients, self.web)
        for first, wire in ((b"\x16\x03\x01", LineProtocol), (b"NICK a\r\n", IRCProtocol), (b"alice\n", LineProtocol)):
            visitor = self.comes()
            visitor.types(first)
            self.assertIsInstance(visitor.protocol, wire)

    def test_a_port_of_one_wire_takes_everything_for_that(self) -> None:
        only = DoorwayFactory(self.irc_clients, self.certificates, self.clock)
        for first in (b"alice\n", b"n", b"GET / HTTP/1.1\r\n"):
            visitor = self.comes(only)
            visitor.types(first)
            self.assertIsInstance(visitor.protocol, IRCProtocol)
