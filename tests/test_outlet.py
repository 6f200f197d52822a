"""What leaves by one connection: at once while it is taken, bounded when it is not, and nothing twice."""

from __future__ import annotations

import random
import socket
from collections.abc import Callable
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionLost
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import Clock, deferLater
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase

from chat.outlet import CHUNK, KEEP, LIMIT, Outlet
from chat.turn import Turn

#: What a blocked transport that we write through is taken to hold.
GIVEN = 2 * CHUNK


def stamp(seq: int) -> int:
    """The stamp of the event `seq`."""
    return 2 * seq - 1


class OutletTestCase(TestCase):
    """An outlet on a transport in memory, which is full when the test says so."""

    def setUp(self) -> None:
        self.clock = Clock()
        self.turn = Turn(self.clock)
        self.transport = StringTransport()
        self.drained = 0
        self.outlet = Outlet(self.transport, self.turn, self.count_drained)

    def count_drained(self) -> None:
        self.drained += 1

    def blocks(self) -> None:
        """The transport takes no more."""
        self.transport.producer.pauseProducing()

    def resumes(self) -> None:
        """The transport takes more."""
        self.transport.producer.resumeProducing()

    def tell(self, seq: int, size: int = 100) -> None:
        """A line of the event `seq`, of that many bytes, and the end of the turn."""
        self.outlet.write(b"%d " % seq + b"." * (size - len(b"%d \n" % seq)) + b"\n", stamp(seq))
        self.clock.advance(0)

    def answer(self, text: bytes) -> None:
        """A line that answers this connection, and the end of the turn."""
        self.outlet.write(text + b"\n")
        self.clock.advance(0)

    def told(self) -> list[str]:
        """The first words of the lines that have come since the last time."""
        lines = self.transport.value().decode().splitlines()
        self.transport.clear()
        return [line.split()[0] for line in lines]


class TurnTests(OutletTestCase):
    def test_nothing_is_written_before_the_turn_ends(self) -> None:
        self.outlet.write(b"one ")
        self.outlet.write(b"two ", stamp(1))
        self.assertEqual(self.transport.value(), b"")
        self.clock.advance(0)
        self.assertEqual(self.transport.value(), b"one two ")
        self.assertEqual(self.clock.getDelayedCalls(), [])

    def test_a_flush_writes_now(self) -> None:
        self.outlet.write(b"one ")
        self.outlet.flush()
        self.assertEqual(self.transport.value(), b"one ")
        self.clock.advance(0)
        self.assertEqual(self.transport.value(), b"one ")


class BlockedTests(OutletTestCase):
    def test_what_waits_follows_in_order(self) -> None:
        self.blocks()
        for seq in range(1, 51):
            self.tell(seq)
        self.answer(b"answer")
        self.assertEqual(self.told(), [])
        self.assertFalse(self.outlet.clear)
        self.resumes()
        self.assertEqual(self.told(), [*map(str, range(1, 51)), "answer"])
        self.assertTrue(self.outlet.clear)
        self.assertEqual(self.drained, 1)

    def test_what_is_too_much_is_dropped_and_it_is_known_since_when(self) -> None:
        fit = (LIMIT - GIVEN) // 1000
        self.blocks()
        for seq in range(1, 100):
            self.tell(seq, 1000)
        self.assertEqual(self.outlet.behind, fit)
        self.assertFalse(self.outlet.missed)
        self.resumes()
        self.assertEqual(self.told(), [str(seq) for seq in range(1, fit + 1)])
        self.assertTrue(self.outlet.missed)
        self.assertFalse(self.outlet.clear)

    def test_after_a_line_was_dropped_no_shorter_one_slips_through(self) -> None:
        self.blocks()
        for seq in range(1, 100):
            self.tell(seq, 1000)
        behind = self.outlet.behind
        self.tell(100, 10)
        self.resumes()
        self.tell(101, 10)
        self.assertNotIn("100", (told := self.told()))
        self.assertNotIn("101", told)
        self.assertEqual(self.outlet.behind, behind)

    def test_an_answer_is_never_dropped(self) -> None:
        self.blocks()
        for seq in range(1, 100):
            self.tell(seq, 1000)
        self.answer(b"answer")
        self.resumes()
        self.assertEqual(self.told()[-1], "answer")

    def test_what_passes_is_missed_from_where_it_passed(self) -> None:
        """What passes after event 7 has the stamp 14: what comes after 7 is in the history."""
        self.blocks()
        self.outlet.write(b"." * LIMIT, 14)
        self.clock.advance(0)
        self.assertEqual(self.outlet.behind, 7)

    def test_the_earliest_of_what_was_dropped_counts(self) -> None:
        """Something that passes may be told of with a later place than what is still on its way to the disk."""
        self.blocks()
        self.outlet.write(b"." * LIMIT, 20)
        self.tell(8)
        self.tell(9)
        self.assertEqual(self.outlet.behind, 7)

    def test_our_memory_is_bounded_however_much_is_told(self) -> None:
        self.blocks()
        for seq in range(1, 3000):
            self.tell(seq, 500)
            self.assertLessEqual(self.outlet._waits(), LIMIT)
        self.assertLessEqual(len(self.outlet._pending), LIMIT)
        self.assertIsNone(self.outlet._lines)

    def test_a_big_turn_is_given_in_chunks_until_the_transport_is_full(self) -> None:
        class Narrow(StringTransport):
            """Full as soon as it has a chunk."""

            def write(self, data: bytes) -> None:
                super().write(data)
                sizes.append(len(data))
                self.producer.pauseProducing()

        sizes: list[int] = []
        self.transport = Narrow()
        self.outlet = Outlet(self.transport, self.turn, self.count_drained)
        for seq in range(1, 41):
            self.outlet.write(b"%3d " % seq + b"." * 995 + b"\n", stamp(seq))
        self.clock.advance(0)
        while not self.outlet.clear and len(sizes) < 10:
            self.resumes()
        self.assertLessEqual(max(sizes), CHUNK)
        self.assertEqual(len(sizes), 3)
        self.assertEqual(self.told(), [str(seq) for seq in range(1, 41)])

    def test_a_line_that_is_bigger_than_a_chunk_is_written_whole(self) -> None:
        self.outlet.write(b"one " + b"." * 3 * CHUNK + b"\n", stamp(1))
        self.outlet.write(b"two\n", stamp(2))
        self.clock.advance(0)
        self.assertEqual(self.told(), ["one", "two"])


class HoldTests(OutletTestCase):
    def test_live_lines_are_kept_back_and_answers_are_not(self) -> None:
        self.outlet.hold()
        self.tell(1)
        self.answer(b"page")
        self.tell(2)
        self.assertEqual(self.told(), ["page"])
        self.assertTrue(self.outlet.release())
        self.assertEqual(self.told(), ["1", "2"])
        self.tell(3)
        self.assertEqual(self.told(), ["3"])

    def test_what_was_told_before_is_not_kept_back(self) -> None:
        self.outlet.write(b"1\n", stamp(1))
        self.outlet.hold()
        self.assertEqual(self.told(), ["1"])

    def test_if_too_much_is_kept_back_all_of_it_is_dropped(self) -> None:
        """What follows the page would otherwise have a gap."""
        self.outlet.hold()
        for seq in range(5, 105):
            self.tell(seq, 1000)
        self.assertEqual(self.outlet._kept_back, 0)
        self.assertFalse(self.outlet.release())
        self.assertEqual(self.outlet.behind, 4)
        self.assertEqual(self.told(), [])

    def test_what_does_not_fit_when_it_is_released_is_dropped_and_nothing_else(self) -> None:
        self.outlet.hold()
        for seq in range(5, 60):
            self.tell(seq, 1000)
        self.blocks()
        self.assertFalse(self.outlet.release())
        behind = self.outlet.behind or 0
        self.assertGreater(behind, 5)
        self.resumes()
        self.assertEqual(self.told(), [str(seq) for seq in range(5, behind + 1)])

    def test_to_catch_up_drops_what_is_owed_first(self) -> None:
        """It was told of, so it is in the history: it would come twice."""
        self.blocks()
        self.tell(1, LIMIT)
        self.resumes()
        self.outlet.write(b"2\n", stamp(2))
        self.assertEqual(self.outlet.catch_up(), 0)
        self.tell(3)
        self.assertTrue(self.outlet.release())
        self.assertEqual(self.told(), ["3"])

    def test_what_is_kept_back_can_be_given_up(self) -> None:
        self.outlet.hold()
        self.tell(8)
        self.outlet.drop_kept_back(5)
        self.tell(9)
        self.assertEqual((self.told(), self.outlet.behind, self.outlet.catch_up()), ([], 5, 5))
        self.tell(10)
        self.assertTrue(self.outlet.release())
        self.assertEqual(self.told(), ["10"])

    def test_what_waits_and_what_is_kept_back_have_one_limit(self) -> None:
        self.blocks()
        self.outlet.hold()
        self.answer(b"." * (LIMIT - GIVEN))
        self.tell(1, 10)
        self.assertEqual(self.outlet.behind, 0)


class DrainedTests(OutletTestCase):
    def test_at_once_if_nothing_waits(self) -> None:
        self.assertIsNone(self.successResultOf(self.outlet.drained()))

    def test_when_the_transport_takes_more(self) -> None:
        self.blocks()
        waiting = self.outlet.drained()
        self.assertNoResult(waiting)
        self.resumes()
        self.assertIsNone(self.successResultOf(waiting))

    def test_who_waited_goes_first(self) -> None:
        """What waits for the transport is written before anybody is told that it takes more."""
        self.blocks()
        self.outlet.drained().addCallback(lambda _: self.blocks())
        self.resumes()
        self.assertEqual(self.drained, 0)

    def test_never_when_the_connection_is_gone(self) -> None:
        self.blocks()
        waiting = self.outlet.drained()
        self.outlet.close()
        self.failureResultOf(waiting, ConnectionLost)
        self.failureResultOf(self.outlet.drained(), ConnectionLost)


class EndTests(OutletTestCase):
    def test_what_was_said_goes_out_and_nothing_more(self) -> None:
        self.outlet.write(b"bye\n")
        self.outlet.end()
        self.tell(1)
        self.answer(b"late")
        self.assertEqual(self.told(), ["bye"])
        self.assertTrue(self.transport.disconnecting)

    def test_tls_needs_the_producer_to_be_gone(self) -> None:
        self.outlet.end()
        self.assertIsNone(self.transport.producer)

    def test_what_waits_goes_out_first(self) -> None:
        self.blocks()
        self.answer(b"bye")
        self.outlet.end()
        self.assertIsNotNone(self.transport.producer)
        self.resumes()
        self.assertEqual(self.told(), ["bye"])
        self.assertIsNone(self.transport.producer)

    def test_until_it_is_gone_it_counts_as_blocked(self) -> None:
        self.outlet.end()
        self.assertEqual(self.turn.blocked, {self.outlet})
        self.outlet.close()
        self.assertEqual(self.turn.blocked, set())

    def test_even_if_it_takes_what_waited(self) -> None:
        self.blocks()
        self.answer(b"bye")
        self.outlet.end()
        self.resumes()
        self.assertEqual(self.turn.blocked, {self.outlet})

    def test_ending_twice_is_ending_once(self) -> None:
        self.outlet.end()
        self.outlet.end()
        self.assertTrue(self.outlet.closed)

    def test_after_it_is_gone_nothing_is_kept(self) -> None:
        self.blocks()
        self.tell(1)
        self.outlet.hold()
        self.tell(2)
        self.outlet.close()
        self.tell(3)
        self.answer(b"late")
        self.assertEqual((len(self.outlet._pending), self.outlet._lines, self.outlet._meanwhile), (0, None, None))


class SystemTests(OutletTestCase):
    def test_a_transport_in_memory_does_not_say_what_is_unsent(self) -> None:
        self.assertIsNone(self.outlet.unsent())
        self.assertTrue(self.outlet.unanswered())


class Sender(Protocol):
    """The server's end of a real connection, with an outlet."""

    gone: Failure | None = None

    def __init__(self, made: Callable[[Sender], None]) -> None:
        self.made = made

    def connectionMade(self) -> None:
        self.drained = 0
        self.turn = Turn(reactor)  # type: ignore[arg-type]
        self.outlet = Outlet(self.transport, self.turn, self.count)
        self.made(self)

    def count(self) -> None:
        self.drained += 1

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.gone = reason
        self.outlet.close()


class SocketTests(TestCase):
    """On real sockets with small buffers, so that what does not fit waits with us."""

    async def connect(self) -> tuple[Any, socket.socket]:
        """The two ends: a protocol with an outlet, and a bare socket that reads only when it is told to."""
        made: Deferred[Sender] = Deferred()
        factory = Factory()
        factory.buildProtocol = lambda address: Sender(made.callback)  # type: ignore[method-assign,assignment]
        port: Any = reactor.listenTCP(0, factory, interface="127.0.0.1")  # type: ignore[attr-defined]
        self.addCleanup(port.stopListening)
        port.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
        reader = socket.socket()
        self.addCleanup(reader.close)
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(("127.0.0.1", port.getHost().port))
        reader.setblocking(False)
        sender = await made
        self.addCleanup(self.hang_up, sender)
        return sender, reader

    async def test_nothing_waits_for_what_went_before_to_be_acknowledged(self) -> None:
        sender, _ = await self.connect()
        raw: Any = sender.transport
        self.assertTrue(raw.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async def hang_up(self, sender: Sender) -> None:
        sender.transport.abortConnection()  # type: ignore[union-attr]
        while sender.gone is None:
            await self.turns()

    async def turns(self, count: int = 1) -> None:
        """Let the reactor turn."""
        for _ in range(count):
            await deferLater(reactor, 0, lambda: None)  # type: ignore[arg-type]

    async def read(self, reader: socket.socket, sender: Any) -> bytes:
        """Everything that comes until the sender has nothing left, however often the reactor must turn for it."""
        data = bytearray()
        quiet = 0
        while quiet < 50:
            await self.turns()
            try:
                data += reader.recv(65_536)
                quiet = 0
            except BlockingIOError:
                quiet += sender.outlet._blocked is False
        return bytes(data)

    async def test_while_everything_is_taken_nothing_goes_through_the_transport(self) -> None:
        sender, reader = await self.connect()
        sender.outlet.write(b"hello\n", stamp(1))
        await self.turns(2)
        self.assertEqual(reader.recv(100), b"hello\n")
        self.assertFalse(sender.transport.dataBuffer or sender.transport._tempDataBuffer)

    async def test_what_does_not_fit_waits_and_a_line_is_never_cut(self) -> None:
        for seed in range(5):
            await self.flood(random.Random(seed), f"seed {seed}")

    async def flood(self, dice: random.Random, label: str) -> None:
        """Tell much in many turns while nobody reads: what comes in the end is all lines up to some place, whole."""
        sender, reader = await self.connect()
        outlet, transport, written, seq = sender.outlet, sender.transport, [], 0
        for _ in range(200):
            for _ in range(dice.randrange(20)):
                seq += 1
                written.append(b"%d " % seq + b"." * dice.randrange(300) + b"\n")
                outlet.write(written[-1], stamp(seq))
            await self.turns()
            waiting = len(outlet._pending) + len(transport.dataBuffer) + transport._tempDataLen - transport.offset
            self.assertLessEqual(waiting, LIMIT, label)
        self.assertIsNotNone(outlet.behind, label)
        self.assertEqual(sender.turn.blocked, {outlet})
        self.assertEqual(await self.read(reader, sender), b"".join(written[: outlet.behind]), label)
        self.assertEqual((outlet.missed, sender.drained, sender.turn.blocked), (True, 1, set()), label)

    async def test_nobody_who_reads_is_behind(self) -> None:
        sender, reader = await self.connect()
        heard = bytearray()
        for seq in range(1, 500):
            sender.outlet.write(b"%d " % seq + b"." * 1000 + b"\n", stamp(seq))
            heard += await self.read(reader, sender) if seq % 20 == 0 else b""
        heard += await self.read(reader, sender)
        self.assertIsNone(sender.outlet.behind)
        self.assertEqual([int(line.split()[0]) for line in heard.splitlines()], list(range(1, 500)))

    async def test_the_end_comes_behind_all_that_waits(self) -> None:
        sender, reader = await self.connect()
        sender.outlet.write(b"." * 100_000 + b"bye", KEEP)
        sender.outlet.end()
        data = bytearray()
        while sender.gone is None or len(data) < 100_003:
            await self.turns()
            try:
                data += reader.recv(65_536)
            except BlockingIOError:
                continue
        self.assertEqual(bytes(data), b"." * 100_000 + b"bye")
        self.assertEqual(reader.recv(1), b"")

    async def test_a_reader_who_is_gone_ends_the_connection(self) -> None:
        sender, reader = await self.connect()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        reader.close()
        sender.transport.stopReading()  # it is the write that must notice
        while sender.gone is None:
            sender.outlet.write(b"hello?\n")
            await self.turns()
        self.assertTrue(sender.outlet.closed)

    async def test_what_the_other_side_has_not_taken_is_known(self) -> None:
        sender, reader = await self.connect()
        self.assertEqual(sender.outlet.unsent(), 0)
        sender.outlet.write(b"." * 100_000)
        await self.turns(5)
        before = sender.outlet.unsent()
        self.assertGreater(before, 0)
        self.assertFalse(sender.outlet.unanswered())
        reader.recv(65_536)
        await self.turns(5)
        self.assertTrue(sender.outlet.moved)


