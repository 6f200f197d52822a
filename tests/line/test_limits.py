"""Too fast, too slow, gone, or stopping: what a connection may ask of the server, and what it is told."""

import re
from typing import Any

from twisted.internet.defer import Deferred, fail
from twisted.internet.error import ConnectionDone
from twisted.internet.task import deferLater
from twisted.internet.testing import StringTransport
from twisted.logger import formatEvent, globalLogPublisher
from twisted.python.failure import Failure

from chat.config import Config
from chat.core.events import Event
from chat.core.history import Query
from chat.stores.memory import MemoryHistory
from tests.talk import ChatTestCase, Person


class FloodTests(ChatTestCase):
    config = Config(name="chat.example.org")

    def setUp(self) -> None:
        super().setUp()
        self.alice, self.bob = self.people("alice", "bob")
        self.pass_time(60)

    def pastes(self, person: Person, data: bytes) -> bytes:
        """Send as much of `data` as is read; what is left."""
        while data and person.transport.producerState == "producing":
            person.types(data[:1024])
            data = data[1024:]
        return data

    def test_ten_at_once_then_two_a_second(self) -> None:
        self.alice.says(*(f"line {n}" for n in range(14)))
        self.assertEqual(self.bob.hears(), [f"[12:01] alice: line {n}" for n in range(10)])
        for n in range(10, 14):
            self.assertEqual(self.bob.hears(), [])
            self.pass_time(0.5)
            self.assertEqual(self.bob.hears(), [f"[12:01] alice: line {n}"])

    def test_a_paste_of_300_lines_arrives_complete_and_in_order(self) -> None:
        lines = [f"line {n} {'x' * 400}" for n in range(300)]
        data, most, heard = "".join(f"{line}\n" for line in lines).encode(), 0, []
        for _ in range(146 * 2):
            data = self.pastes(self.alice, data)
            most = max(most, self.alice.connection.waiting_input)
            self.pass_time(0.5)
            heard += self.bob.hears()
        self.assertEqual([line.partition(": ")[2] for line in heard], lines)
        self.assertLess(most, 65_536)
        self.assertEqual(self.alice.hears(), [])
        self.assertEqual(self.alice.transport.producerState, "producing")

    def test_nothing_is_read_while_a_line_is_held_back(self) -> None:
        self.alice.says(*"0123456789", "held", "back")
        self.assertEqual(self.alice.transport.producerState, "paused")
        self.pass_time(0.5)
        self.assertEqual(self.alice.transport.producerState, "paused")
        self.pass_time(0.5)
        self.assertEqual(self.alice.transport.producerState, "producing")

    def test_commands_refusals_and_lines_that_are_too_long_count(self) -> None:
        self.alice.types(b"/jion\n/topic\n@zed hi\n\xe9\n" + b"x" * 5000 + b"\n/whoami\n")
        self.assertEqual(len(self.alice.hears()), 8)
        self.alice.says(*(f"line {n}" for n in range(6)))
        self.assertEqual(len(self.bob.hears()), 4)

    def test_one_who_floods_delays_nobody_else(self) -> None:
        carol = self.person("carol")
        self.bob.hears()
        self.alice.says(*(f"line {n}" for n in range(30)))
        self.bob.hears()
        carol.says("hi")
        self.assertEqual(self.bob.hears(), ["[12:01] carol: hi"])

    def test_the_end_of_input_waits_for_what_is_held_back(self) -> None:
        self.alice.says(*(f"line {n}" for n in range(14)))
        self.alice.ends_input()
        self.assertFalse(self.alice.is_gone)
        for _ in range(8):
            self.pass_time(0.5)
        self.assertEqual(len(self.bob.hears()), 14)
        self.assertEqual(self.alice.hears()[-1], "* Bye alice.")


class SlowReaderTests(ChatTestCase):
    def test_what_was_missed_is_shown_later_and_nothing_is_lost(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.stops_reading()
        lines = [f"line {n} {'x' * 100}" for n in range(2000)]
        for first in range(0, 2000, 50):
            bob.says(*lines[first : first + 50])
        before = alice.hears()
        alice.reads_on()
        heard = alice.hears()
        (notice,) = [line for line in heard if line[0] == "*"]
        self.assertRegex(notice, "^[*] you are [12],[0-9]{3} lines behind, catching up$")
        said = [line for line in before + heard if line[0] == "["]
        self.assertEqual(said, [f"[12:00] bob: {line}" for line in lines])
        bob.says("live")
        self.assertEqual(alice.hears(), ["[12:00] bob: live"])

    def test_one_line(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.stops_reading()
        bob.says(*("x" * 4000 for _ in range(20)))
        alice.hears()
        alice.reads_on()
        missed = int(re.findall(r"are ([0-9]+) lines behind", alice.reads())[0])
        alice.stops_reading()
        bob.says(*("x" * 4000 for _ in range(20 - missed + 1)))  # as many as are kept, and one
        alice.hears()
        alice.reads_on()
        self.assertIn("* you are 1 line behind, catching up", alice.hears())

    def test_what_one_said_oneself_is_not_shown(self) -> None:
        alice, bob = self.people("alice", "bob")
        bob.connection.dataReceived(b"".join(b"x" * 4000 + b"\n" for _ in range(20)))
        alice.connection.dataReceived(b"mine\n")
        bob.connection.dataReceived(b"last\n")
        alice.stops_reading()
        self.pass_time(0)
        alice.hears()
        alice.reads_on()
        heard = alice.hears()
        self.assertEqual(heard[-1], "[12:00] bob: last")
        self.assertNotIn("[12:00] alice: mine", heard)

    def test_it_is_shown_as_it_would_have_been_seen(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.says("/join dev")
        alice.hears()
        alice.stops_reading()
        bob.says(*(f"{n} {'x' * 4000}" for n in range(20)))
        bob.says("@alice hi", "/edit 20 twenty", "/nick rob", "/topic tea", "/join dev", "hi")
        alice.hears()
        alice.reads_on()
        self.assertEqual(alice.hears()[-6:], [
            "[12:00] bob -> you: hi",
            "[12:00] #lobby bob edited 20: twenty",
            "* bob is now rob",
            "* #lobby rob changed the topic to: tea",
            "* rob came",
            "[12:00] rob: hi",
        ])  # fmt: skip

    def test_who_takes_nothing_for_90_seconds_is_gone(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.stops_reading()
        bob.says("hi")
        for _ in range(4):
            self.pass_time(15)
        self.assertFalse(alice.is_gone)
        for _ in range(3):
            self.pass_time(15)
        self.assertTrue(alice.is_gone)
        self.assertFalse(bob.is_gone)

    def test_while_it_does_not_read_its_commands_wait(self) -> None:
        alice, bob = self.people("alice", "bob")
        alice.stops_reading()
        alice.says("one", "/whoami")
        self.assertEqual(bob.hears(), [])
        alice.reads_on()
        self.assertEqual(bob.hears(), ["[12:00] alice: one"])
        self.assertEqual(len(alice.hears()), 3)


class Narrow(StringTransport):
    """A transport that is full when it holds 4 KiB."""

    def write(self, data: bytes) -> None:
        super().write(data)
        if len(self.value()) > 4096 and self.producer is not None:
            self.producer.pauseProducing()


class LongAnswerTests(ChatTestCase):
    def test_it_is_written_no_faster_than_it_is_read(self) -> None:
        bob = self.person("bob")
        lines = [f"line {n} {'x' * 500}" for n in range(500)]
        bob.says(*lines)
        alice = self.connects(transport=Narrow())
        alice.says("alice")
        alice.hears()
        alice.says("/history 500", "/whoami")
        data = ""
        for _ in range(30):
            part = alice.reads()
            self.assertLess(len(part), 32_768)
            data += part
            alice.reads_on()
        heard = data.splitlines()
        self.assertEqual(heard[:500], [f"[{n + 1} 12:00] bob: {line}" for n, line in enumerate(lines)])
        self.assertEqual(heard[500], "* 500 lines of lobby.")
        self.assertEqual(len(heard), 504)


class SlowPages(MemoryHistory):
    """A history that takes a second to read a page, as a disk might."""

    broken = False

    def page(self, query: Query) -> Deferred[list[Event]]:
        if self.broken:
            return fail(OSError("the disk is gone"))
        return deferLater(self._clock, 1).addCallback(lambda _: super(SlowPages, self).page(query))


class ComingInTests(ChatTestCase):
    history_class = SlowPages

    def setUp(self) -> None:
        super().setUp()
        self.bob = self.person("bob")
        self.pass_time(1)
        self.bob.says("before")
        self.alice = self.connects()
        self.alice.says("alice")
        self.alice.hears()

    def test_what_is_said_while_the_past_is_read_comes_behind_it(self) -> None:
        self.bob.says("one", "two")
        self.assertEqual(self.alice.hears(), [])
        self.pass_time(1)
        self.assertEqual(self.alice.hears(), [
            "* You are in lobby (2 people): bob. Last line:", "[12:00] bob: before", "* -- now --",
            "[12:00] bob: one", "[12:00] bob: two",
        ])  # fmt: skip

    def test_even_if_the_past_cannot_be_read(self) -> None:
        self.pass_time(1)
        self.alice.hears()
        self.history.broken = True
        self.assertEqual(
            self.alice.asks("/join dev"),
            ["! Something went wrong on our side; it is noted in the log. Your line was not done."],
        )
        self.assertEqual(len(self.flushLoggedErrors(OSError)), 1)
        self.bob.says("hi")
        self.assertEqual(self.alice.hears(), ["[12:00] #lobby bob: hi"])

    def test_even_if_that_is_too_much_to_be_kept(self) -> None:
        lines = [f"{n} {'x' * 4000}" for n in range(20)]
        self.bob.says(*lines)
        for _ in range(4):
            self.pass_time(1)
        heard = self.alice.hears()
        self.assertEqual(heard[2], "* -- now --")
        self.assertRegex(heard[3], "^[*] you are [0-9]+ lines behind, catching up$")
        self.assertEqual(heard[4:], [f"[12:00] bob: {line}" for line in lines])


class StoppingTests(ChatTestCase):
    def test_a_session_is_told(self) -> None:
        alice = self.person("alice")
        alice.connection.part("Server is restarting, back in about 5 s. Nothing you sent is lost.")
        self.assertEqual(alice.hears(), ["* Server is restarting, back in about 5 s. Nothing you sent is lost."])
        self.assertTrue(alice.is_gone)


class LogTests(ChatTestCase):
    def test_a_connection_is_logged_once_when_it_comes_and_once_when_it_goes(self) -> None:
        lines: list[str] = []

        def note(event: Any) -> None:
            lines.append(formatEvent(event))

        globalLogPublisher.addObserver(note)  # type: ignore[arg-type]
        self.addCleanup(globalLogPublisher.removeObserver, note)  # type: ignore[arg-type]
        alice = self.connects(port=12345)
        alice.says("alice", "hi", "exit")
        alice.hangs_up()
        alice.connection.connectionLost(Failure(ConnectionDone()))
        self.assertEqual(
            [line for line in lines if line.startswith("[")],
            ["[NEW CONNECTION] ('127.0.0.1', 12345) connected.", "[DISCONNECTED] ('127.0.0.1', 12345) disconnected."],
        )


class BugTests(ChatTestCase):
    def test_a_bug_is_logged_and_the_connection_goes_on(self) -> None:
        alice, bob = self.people("alice", "bob")
        self.factory.registry.room("lobby").topic = 7  # type: ignore[assignment]
        sorry = "! Something went wrong on our side; it is noted in the log. Your line was not done."
        self.assertEqual(alice.asks("/topic"), [sorry])
        self.assertEqual(len(self.flushLoggedErrors(AttributeError)), 1)
        alice.says("hi")
        self.assertEqual(bob.hears(), ["[12:00] alice: hi"])
