"""What all connections share: who may come in, who is given up, whose name can be had, and the end."""

from __future__ import annotations

import ctypes
import re
import socket
import struct
from dataclasses import replace
from typing import Any

from twisted.internet import reactor
from twisted.internet.address import IPv4Address, UNIXAddress
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import ConnectionDone
from twisted.internet.task import deferLater
from twisted.internet.testing import StringTransport
from twisted.logger import capturedLogs, formatEvent
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from chat.config import Config
from chat.core.events import Said
from chat.factory import DEAD, LOOK, PROBES, ChatFactory, peer_of
from chat.line.protocol import LineProtocol
from chat.outlet import LIMIT
from chat.stores.memory import MemoryHistory
from chat.tls import Certificates
from tests.invariants import broken, left_behind
from tests.talk import ChatTestCase, HeldHistory, Person
from tests.test_backlog import Tube
from tests.test_tls import issue


class DoorTests(ChatTestCase):
    def comes(self, host: str = "192.0.2.1") -> Person:
        """Somebody connects from a host."""
        return self.connects(transport=StringTransport(peerAddress=IPv4Address("TCP", host, 40_000)))

    def test_too_many_in_all(self) -> None:
        self.configure(max_connections=2)
        first, second, third = (self.comes(f"192.0.2.{number}") for number in range(3))
        self.assertEqual((first.is_gone, second.is_gone, third.is_gone), (False, False, True))
        self.assertEqual(third.hears(), ["! This server is full. Try again later."])

    def test_too_many_from_one_address(self) -> None:
        self.configure(max_per_address=2)
        first, second, third, other = self.comes(), self.comes(), self.comes(), self.comes("192.0.2.2")
        self.assertEqual([each.is_gone for each in (first, second, third, other)], [False, False, True, False])
        self.assertEqual(third.hears(), ["! There are too many connections from your address. Try again later."])

    def test_an_irc_client_is_told_too(self) -> None:
        self.configure(max_connections=1)
        self.connects()
        refused = self.irc_connects()
        sentence = "This server is full. Try again later."
        self.assertEqual(refused.hears(), [f":chat.example.org NOTICE * :{sentence}", f"ERROR :{sentence}"])
        self.assertTrue(refused.is_gone)

    def test_who_was_refused_is_forgotten_when_gone(self) -> None:
        self.configure(max_connections=1, max_per_address=1)
        first, second = self.comes(), self.comes()
        self.assertTrue(second.is_gone)
        second.hangs_up()
        first.hangs_up()
        self.assertEqual(left_behind(self.factory), [])
        self.assertFalse(self.comes().is_gone)

    def test_each_connection_has_its_two_lines_in_the_log(self) -> None:
        with capturedLogs() as logs:
            first, second = self.connects(50_001), self.connects(50_002)
            first.hangs_up()
            first.connection.factory.forget(first.connection)
            second.says("alice", "/exit")
            second.hangs_up()
        told = [formatEvent(event) for event in logs]
        self.assertEqual(
            told,
            [
                "[NEW CONNECTION] ('127.0.0.1', 50001) connected.",
                "[NEW CONNECTION] ('127.0.0.1', 50002) connected.",
                "[DISCONNECTED] ('127.0.0.1', 50001) disconnected.",
                "[DISCONNECTED] ('127.0.0.1', 50002) disconnected.",
            ],
        )

    def test_who_comes_over_a_unix_socket(self) -> None:
        for address, peer in ((UNIXAddress(None), ("unix",)), (UNIXAddress(b"/tmp/me"), ("/tmp/me",))):
            person = self.connects(transport=StringTransport(peerAddress=address))
            self.assertEqual(peer_of(person.connection), peer)
            person.hangs_up()
        self.assertEqual(left_behind(self.factory), [])

    def test_a_peer_that_is_known_better_later(self) -> None:
        """Behind a proxy, where somebody comes from is known only when the proxy has said it."""
        person = self.comes("192.0.2.1")
        person.transport.peerAddr = IPv4Address("TCP", "198.51.100.7", 1234)
        person.hangs_up()
        self.assertEqual(left_behind(self.factory), [])


class IdTests(ChatTestCase):
    def test_ids_are_unique_and_tell_the_time(self) -> None:
        ids = [self.factory._new_event_id(self.factory.now()) for _ in range(1000)]
        self.assertEqual(len(set(ids)), 1000)
        identities = [self.factory.new_identity() for _ in range(1000)]
        self.assertEqual(len(set(identities)), 1000)
        for identity in identities:
            self.assertRegex(identity, rf"^{self.factory.now()}-[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$")

    def test_another_node_gives_other_ids(self) -> None:
        other = self.new_factory(self.config)
        self.assertNotEqual(other._new_event_id(0), self.factory._new_event_id(0))


class IdleTests(ChatTestCase):
    def test_since_the_last_line_of_any_session(self) -> None:
        alice = self.person("alice")
        user = alice.connection.me
        self.pass_time(5)
        self.assertEqual(self.factory.idle(user), 5000)
        alice.says("hi")
        self.assertEqual(self.factory.idle(user), 0)

    def test_of_somebody_elsewhere_nothing_is_known(self) -> None:
        author = self.elsewhere("zoe")
        self.assertIsNone(self.factory.idle(self.factory.registry.ids[author.id]))


class DeadTests(ChatTestCase):
    """Who takes nothing for so long is given up; who takes a little is not."""

    def stalled(self, name: str) -> Person:
        """Somebody who reads no more, and to whom something is said."""
        person = self.connects(transport=Tube())
        person.says(name)
        person.hears()
        person.transport.holds = 0
        person.connection.notice("x" * 100)
        self.pass_time(0)
        self.assertFalse(person.connection.outlet.clear)
        return person

    def test_dead_for_so_long(self) -> None:
        bob = self.stalled("bob")
        self.pass_in_looks(DEAD - 1)
        self.assertFalse(bob.transport.disconnected)
        self.pass_in_looks(2 * LOOK)
        self.assertTrue(bob.transport.disconnected)
        bob.hangs_up()
        self.assertEqual(left_behind(self.factory), [])
        self.assertEqual(self.factory._stuck, {})

    def pass_in_looks(self, seconds: int) -> None:
        """Let time pass a second at a time, as it does."""
        for _ in range(seconds):
            self.pass_time(1)

    def test_whenever_it_fell_silent_it_has_all_that_time(self) -> None:
        for before in (1, LOOK - 1, LOOK + 1):
            self.pass_in_looks(before)
            bob = self.stalled("bob")
            self.pass_in_looks(DEAD)
            self.assertFalse(bob.transport.disconnected, f"fell silent after {before} s")
            bob.hangs_up()

    def test_slow_but_moving(self) -> None:
        alice, bob = self.person("alice"), self.stalled("bob")
        for _ in range(10):
            alice.says("x" * 3000)
            self.pass_in_looks(DEAD - LOOK)
            bob.transport.read()
            self.pass_time(0)
        self.assertFalse(bob.transport.disconnected)

    def test_who_reads_again_starts_anew(self) -> None:
        bob = self.stalled("bob")
        self.pass_in_looks(DEAD - LOOK)
        bob.transport.read()
        self.assertEqual(self.factory.turn.blocked, set())
        bob.connection.notice("y")
        self.pass_in_looks(DEAD - 1)
        self.assertFalse(bob.transport.disconnected)

    def test_who_is_told_goodbye_and_does_not_take_it(self) -> None:
        """TLS waits for the other side to agree; it may never do."""
        bob = self.person("bob")
        bob.says("/exit")
        self.assertTrue(bob.is_gone)
        self.pass_in_looks(DEAD - 1)
        self.assertFalse(bob.transport.disconnected)
        self.pass_in_looks(2 * LOOK)
        self.assertTrue(bob.transport.disconnected)

    def test_a_tls_handshake_that_is_never_finished(self) -> None:
        """The greeting waits for it; somebody who never agrees on keys takes nothing either."""
        certificate = self.mktemp()
        pair = issue("localhost")
        with open(certificate, "wb") as file:
            file.write(pair.cert_pem + pair.key_pem)
        people: Any = self.factory.speaking(LineProtocol)
        encrypted = TLSMemoryBIOFactory(Certificates(certificate), False, people, self.clock).buildProtocol(None)
        transport = StringTransport(peerAddress=IPv4Address("TCP", "192.0.2.1", 40_000))
        encrypted.makeConnection(transport)
        encrypted.dataReceived(b"\x16\x03\x01\x02\x00\x01")
        self.pass_in_looks(DEAD - 1)
        self.assertFalse(transport.disconnected)
        self.pass_in_looks(2 * LOOK)
        self.assertTrue(transport.disconnected)
        encrypted.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(left_behind(self.factory), [])

    def test_who_has_nothing_to_take_is_left_alone(self) -> None:
        bob = self.person("bob")
        self.pass_in_looks(3 * DEAD)
        self.assertFalse(bob.is_gone)


class ProbeTests(ChatTestCase):
    """On transports that do not say what is unsent, a name is never taken from anyone who has it."""

    def test_a_name_that_is_taken(self) -> None:
        self.person("alice")
        outcome = self.ask("alice")
        self.pass_time(PROBES[0])
        self.assertFalse(self.successResultOf(outcome))

    def ask(self, name: str) -> Deferred[bool]:
        """Ask whether a name can be had."""
        return Deferred.fromCoroutine(self.factory.probe(name))

    def test_its_holder_is_told(self) -> None:
        alice = self.person("alice")
        self.ask("alice")
        self.assertEqual(alice.hears(), ['* Somebody else asked for the name "alice".'])
        self.pass_time(PROBES[0])

    def test_its_holder_leaves_meanwhile(self) -> None:
        alice = self.person("alice")
        outcome = self.ask("alice")
        alice.hangs_up()
        self.pass_time(PROBES[0])
        self.assertTrue(self.successResultOf(outcome))

    def test_its_holder_is_on_another_node(self) -> None:
        self.elsewhere("zoe")
        outcome = self.ask("zoe")
        self.pass_time(PROBES[0])
        self.assertFalse(self.successResultOf(outcome))


class RealTests(TestCase):
    """Over real sockets, where the system says what the other machine has answered."""

    timeout = 30

    def setUp(self) -> None:
        self.history = MemoryHistory(reactor)  # type: ignore[arg-type]
        self.factory = ChatFactory(Config(name="chat.example.org", flood="off"), self.history, reactor)
        self.factory.start()
        self.addCleanup(self.factory.stop)
        self.addCleanup(self.everyone_leaves)

    async def everyone_leaves(self) -> None:
        for connection in tuple(self.factory.connections):
            connection.transport.abortConnection()
        await self.factory.everyone_gone()
        await self.factory.settled()
        self.assertEqual(left_behind(self.factory), [])

    async def listen(self, description: str = "tcp:0:interface=127.0.0.1") -> int:
        """Open a port."""
        endpoint = serverFromString(reactor, description)
        port: Any = await endpoint.listen(self.factory.speaking(LineProtocol))
        self.addCleanup(port.stopListening)
        return int(port.getHost().port)

    async def connect(self, port: int, data: bytes) -> socket.socket:
        """Somebody who says this, and has an answer."""
        caller = socket.socket()
        self.addCleanup(caller.close)
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        caller.connect(("127.0.0.1", port))
        caller.setblocking(False)
        caller.send(data)
        heard = b""
        while b"You are in lobby" not in heard:
            await self.turn()
            try:
                heard += caller.recv(65_536)
            except BlockingIOError:
                continue
        return caller

    async def turn(self) -> None:
        await deferLater(reactor, 0, lambda: None)  # type: ignore[arg-type]

    def deafen(self, caller: socket.socket) -> None:
        """As if its machine were gone: nothing that comes for it is let in, so nothing is acknowledged (bpf(2))."""
        drop_all = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
        program = struct.pack("H6xP", 1, ctypes.addressof(drop_all))
        attach_filter = 26
        caller.setsockopt(socket.SOL_SOCKET, attach_filter, program)

    async def test_a_dead_connection_gives_up_its_name(self) -> None:
        port = await self.listen()
        dead = await self.connect(port, b"alice\n")
        self.deafen(dead)
        await self.connect(port, b"alice\n")
        self.assertEqual(len(self.factory.connections), 1)
        self.assertEqual(broken(self.factory, quiet=True), [])

    async def test_a_living_one_does_not(self) -> None:
        port = await self.listen()
        await self.connect(port, b"alice\n")
        self.assertFalse(await self.factory.probe("alice"))
        self.assertIn("alice", self.factory.registry.users)

    async def test_nor_does_one_whose_user_does_not_read(self) -> None:
        """Its machine says that it can take no more, which a dead one would not."""
        port = await self.listen()
        await self.connect(port, b"alice\n")
        alice = self.factory.registry.user("alice")
        (session,) = alice.sessions
        while session.outlet.clear:  # type: ignore[attr-defined]
            session.hear(Said(alice.author, "lobby", "x" * LIMIT), None)
            await self.turn()
        self.assertFalse(await self.factory.probe("alice"))
        self.assertIn("alice", self.factory.registry.users)

    async def test_behind_a_proxy(self) -> None:
        port = await self.listen("haproxy:tcp:0:interface=127.0.0.1")
        caller = await self.connect(port, b"PROXY TCP4 198.51.100.7 192.0.2.1 1234 5050\r\nalice\n")
        caller.close()
        await self.factory.everyone_gone()
        self.assertEqual(self.flushLoggedErrors(), [])


class StopTests(ChatTestCase):
    history_class = HeldHistory

    def test_it_is_settled_when_all_that_was_accepted_is_told_of(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        self.history.holding = True
        alice.says("hi")
        settled = self.factory.settled()
        self.assertNoResult(settled)
        self.history.holding = False
        self.history.let_go()
        self.pass_time(0)
        self.successResultOf(settled)
        self.assertEqual([re.sub(r"^\[.*?\] ", "", line) for line in bob.hears()], ["alice: hi"])

    def test_everyone_is_gone_when_the_last_connection_is_closed(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        gone = self.factory.everyone_gone()
        alice.hangs_up()
        self.assertNoResult(gone)
        bob.hangs_up()
        self.successResultOf(gone)
        self.successResultOf(self.factory.everyone_gone())
        self.connects().hangs_up()

    def test_nobody_is_told_that_all_leave_when_the_server_stops(self) -> None:
        alice, bob = self.person("alice"), self.person("bob")
        bob.hears()
        self.factory.stopping = True
        alice.hangs_up()
        self.assertEqual(bob.hears(), [])

    def test_after_it_has_stopped_nothing_is_to_be_done(self) -> None:
        self.factory.stop()
        self.factory.stop()
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_setting_that_changes_is_for_those_who_come(self) -> None:
        self.factory.config = replace(self.factory.config, flood="1/1")
        alice = self.connects()
        alice.says("alice", "/whoami")
        self.assertNotIn("* You are alice, in", alice.reads())
        self.pass_time(1)
        self.assertIn("* You are alice, in", alice.reads())
