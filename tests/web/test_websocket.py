"""IRC through a WebSocket: the same as without, whatever the frames are."""

from __future__ import annotations

import os
import random
import struct
from typing import Any

from twisted.internet.interfaces import IHalfCloseableProtocol
from wsproto.events import BytesMessage, CloseConnection, Ping, Pong, TextMessage
from wsproto.frame_protocol import CloseReason

from chat.doorway import LINGER, DoorwayFactory
from chat.irc.message import LONGEST_CLIENT_TAGS
from chat.line.protocol import LineProtocol
from chat.outlet import CHUNK, LIMIT
from chat.tls import Certificates
from chat.web.websocket import LONGEST, LOOK, PIECE, SILENT, STOPPING, TOO_BIG, WebSocket
from tests.invariants import broken, left_behind
from tests.talk import Person
from tests.test_doorway import TLSVisitor, Visitor
from tests.test_tls import NAME, issue
from tests.web.browser import Browser
from tests.web.test_http import UPGRADE, WebTestCase

#: How often the dice are thrown; more with CHAT_FUZZ=N.
TIMES = 20 * int(os.environ.get("CHAT_FUZZ", "1"))

#: What somebody does who sits in #tea with alice: what it says, and what alice says then.
CONVERSATION = (
    (("PING one", "PING :two words"), ()),
    (("PRIVMSG #tea :hello there", "PRIVMSG alice :psst", "PRIVMSG nobody x"), ("PRIVMSG #tea hi", "PRIVMSG bob ha")),
    (("WHO #tea", "WHOIS alice", "TOPIC #tea :Darjeeling", "NAMES #tea"), ("PART #tea :bye", "JOIN #tea")),
    (("PRIVMSG #tea :café \N{TEACUP WITHOUT HANDLE}", "JUNK", "MODE #tea +m"), ("NICK al",)),
    (("JOIN #" + "x" * 600, "NICK", "MOTD", "LIST", "LUSERS"), ("PRIVMSG #tea :" + "y" * 400,) * 60),
    (("QUIT :good night",), ()),
)  # fmt: skip


def masked(first: int, payload: bytes, length: int | None = None) -> bytes:
    """A frame of a client as it stands in RFC 6455, section 5.2, whatever is in it."""
    size = len(payload) if length is None else length
    head = struct.pack("!BB", first, 0x80 | size) if size < 126 else struct.pack("!BBH", first, 0xFE, size)
    mask = b"\x01\x02\x03\x04"
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(payload))


TEXT, BINARY, CONTINUATION, PING, PONG, CLOSE, FIN = 1, 2, 0, 9, 10, 8, 0x80
CONTROL = (FIN | PING, FIN | PONG, FIN | CLOSE)


class Writes(list[bytes]):
    """What a transport in memory was given, write by write."""

    write = list.append

    def getvalue(self) -> bytes:
        return b"".join(self)


class Plain(Person):
    """Somebody without a WebSocket, in the words of one with."""

    def comes_in(self, name: str, *rooms: str) -> Plain:
        self.asks(f"NICK {name}", f"USER {name} 0 * :{name.title()}", *(f"JOIN {room}" for room in rooms))
        return self


class SameTests(WebTestCase):
    """One contract: a conversation is the same through every kind of WebSocket and through none."""

    def conversation(self, connect: Any) -> list[list[str]]:
        """What bob hears, for each round of the conversation."""
        super().setUp()
        alice = self.irc("alice", "#tea")
        bob = connect().comes_in("bob", "#tea")
        heard = []
        for said, answered in CONVERSATION:
            lines = bob.asks(*said)
            alice.says(*answered)
            heard.append(lines + bob.hears())
        return heard

    def plain(self) -> Any:
        person = self.irc_connects()
        return Plain(self, person.connection, person.transport)

    def test_the_lines_are_the_same(self) -> None:
        expected = self.conversation(self.plain)
        self.assertTrue(all(expected))
        self.assertIn("y" * 400, expected[4][-1])
        self.assertTrue(expected[-1][-1].startswith("ERROR "))
        for subprotocols in (["text.ircv3.net"], ["binary.ircv3.net"], []):
            for piece in (65_536, 1, 7):
                heard = self.conversation(lambda: Browser(self.visitor(), subprotocols, piece=piece))  # noqa: B023
                self.assertEqual(heard, expected)

    def test_through_a_port_of_every_wire_and_through_tls(self) -> None:
        expected = self.conversation(self.plain)
        root = issue("Root CA")
        pair = issue(NAME, root)
        path = self.mktemp()
        with open(path, "wb") as file:
            file.write(pair.cert_pem + pair.key_pem)

        def visitor() -> Visitor:
            people, certificates = self.factory.speaking(LineProtocol), Certificates(path)
            return Visitor(self, DoorwayFactory(people, certificates, self.clock, self.door.wire, self.door))

        def over_tls() -> Browser:
            inside = TLSVisitor(visitor(), root.cert_pem.decode())
            inside.reads()
            browser = Browser(inside)
            [each] = [each for each in self.factory.connections if isinstance(each.transport, WebSocket)]
            self.assertEqual((each.encrypted, each.fingerprint), (True, ""))
            self.leaves_at_once(each.transport, inside.visitor.transport)
            browser.hears()
            return browser

        self.assertEqual(self.conversation(lambda: Browser(visitor())), expected)
        self.assertEqual(self.conversation(over_tls), expected)

    def leaves_at_once(self, socket: Any, transport: Any) -> None:
        """TLS alone would hold it for a turn; and nothing below holds much."""
        before = transport.value()
        socket.write(b"hello\r\n")
        self.assertNotEqual(transport.value(), before)
        self.assertEqual(transport.bufferSize, CHUNK)


class MessageTests(WebTestCase):
    def test_each_line_is_a_message_and_a_turn_is_one_write(self) -> None:
        alice = self.irc("alice", "#tea")
        browser = self.browser().comes_in("bob", "#tea")
        browser.visitor.transport.io = writes = Writes()
        alice.says("PRIVMSG #tea one", "PRIVMSG #tea two", "PRIVMSG #tea three")
        self.assertEqual(len(writes), 1)
        self.assertEqual([line.split()[-1] for line in browser.hears()], ["one", "two", "three"])

    def test_fragments_are_one_line(self) -> None:
        alice = self.irc("alice", "#tea")
        browser = self.browser().comes_in("bob", "#tea")
        alice.hears()
        parts = "PRIVMSG #tea :caf", "", "\N{LATIN SMALL LETTER E WITH ACUTE} ", "now"
        for place, part in enumerate(parts):
            browser.sends(TextMessage(part, message_finished=place == 3), Ping(b"between"))
            self.assertEqual(alice.hears() != [], place == 3)
        half = "\N{HOT BEVERAGE}".encode()
        browser.types(masked(TEXT, b"PRIVMSG #tea " + half[:1]) + masked(CONTINUATION, half[1:2]))
        browser.types(masked(FIN | CONTINUATION, half[2:]))
        self.assertEqual(alice.hears()[-1].split()[-1], half.decode())

    def test_ends_of_lines_in_a_message_do_no_harm(self) -> None:
        browser = self.browser()
        browser.says("NICK alice\r\n", "USER a 0 * :A\n", "", "\r\n")
        self.assertIn(" 001 alice ", browser.hears()[0])
        self.assertEqual([line.split()[-1] for line in browser.asks("PING a\r\nPING b")], ["a", "b"])

    def test_a_line_that_is_too_long_is_refused_in_words(self) -> None:
        browser = self.browser().comes_in("alice")
        tags = "@a=" + "x" * (LONGEST_CLIENT_TAGS - 3)
        self.assertIn(" PONG ", browser.asks(f"{tags} PING {'x' * 505}")[0])
        for line in ("PING " + "x" * 506, "x" * 9000, "x" * LONGEST, f"{tags}xx PING x"):
            [answer] = browser.asks(line)
            self.assertTrue(" 417 alice " in answer or "bytes" in answer, answer)
        self.assertIn(" PONG ", browser.asks("PING x")[0])

    def test_a_message_without_end_closes_the_connection(self) -> None:
        whole = [TextMessage("x" * (LONGEST + 1))]
        parts = [TextMessage("x" * 1000, message_finished=False)] * (LONGEST // 1000 + 1)
        for events in (whole, parts):
            browser = self.browser().comes_in("alice")
            browser.sends(TextMessage("PING before"), *events)
            self.assertIn(" PONG ", browser.hears()[0])
            assert browser.closed is not None
            self.assertEqual((browser.closed.code, browser.closed.reason), (1009, TOO_BIG))
            browser.types(masked(FIN | TEXT, b"PING after"))
            self.assertEqual(browser.hears(), [])
            self.pass_time(LINGER)
            self.assertTrue(browser.visitor.transport.disconnecting)
            browser.visitor.hangs_up()
        self.nobody_came()

    def test_text_that_is_not_utf_8_closes_the_connection(self) -> None:
        for payload in (b"PING caf\xe9", b"\xed\xa0\x80", b"\xff"):
            browser = self.browser().comes_in("alice")
            browser.types(b"".join(masked(FIN | TEXT, text) for text in (b"PING before", payload, b"PING after")))
            assert browser.hears() and browser.closed is not None
            self.assertEqual((browser.closed.code, browser.closed.reason), (1007, "Text messages have to be UTF-8."))
            browser.visitor.hangs_up()
        self.nobody_came()

    def test_bytes_that_are_not_utf_8_are_refused_in_words(self) -> None:
        for subprotocol in ("text.ircv3.net", "binary.ircv3.net"):
            browser = self.browser(subprotocol).comes_in("alice")
            browser.sends(BytesMessage(b"PING caf\xe9"))
            self.assertEqual(browser.hears()[0].split()[1:4], ["FAIL", "PING", "INVALID_UTF8"])
            self.assertIn(" PONG ", browser.asks("PING x")[0])
            browser.says("QUIT")
            browser.visitor.hangs_up()

    def test_frames_that_break_the_rules_close_the_connection(self) -> None:
        for frame in (
            b"\x81\x04PING", masked(0xC1, b"PING x"), masked(FIN | 3, b""), masked(FIN | CONTINUATION, b"PING x"),
            masked(TEXT, b"a") + masked(TEXT, b"b"), masked(PING, b""), masked(FIN | PING, b"x" * 126),
            masked(FIN | CLOSE, b"x"), masked(FIN | CLOSE, b"\x00\x01"), masked(FIN | CLOSE, b"\x03\xed"),
            b"\x81\xfe\x00\x01\x00\x00\x00\x00x", b"\x81\xff" + b"\xff" * 8,
        ):  # fmt: skip
            browser = self.browser().comes_in("alice")
            browser.types(frame)
            browser.reads()
            assert browser.closed is not None, frame
            self.assertEqual(browser.closed.code, 1002, frame)
            self.assertTrue(browser.closed.reason)
            browser.visitor.hangs_up()
        self.nobody_came()


class ControlTests(WebTestCase):
    def test_a_ping_is_answered(self) -> None:
        browser = self.browser()
        browser.sends(Ping(b"tea"))
        browser.reads()
        self.assertEqual(browser.events, [Pong(b"tea")])

    def test_of_many_pings_the_last_is_answered_and_only_when_there_is_room(self) -> None:
        browser = self.browser()
        producer = browser.visitor.transport.producer
        producer.pauseProducing()
        for number in range(1000):
            browser.sends(Ping(b"%d" % number))
        self.assertEqual(browser.reads(), b"")
        producer.resumeProducing()
        browser.reads()
        self.assertEqual(browser.events, [Pong(b"999")])

    def test_a_goodbye_is_answered_when_everything_before_it_is_done(self) -> None:
        alice = self.irc("alice", "#tea")
        for code, answered in ((1000, 1000), (1001, 1001), (4711, 4711), (CloseReason.NO_STATUS_RCVD, 1005)):
            browser = self.browser().comes_in("bob", "#tea")
            alice.hears()
            browser.sends(TextMessage("PRIVMSG #tea :one last thing"), CloseConnection(code, None))
            browser.reads()
            assert browser.closed is not None
            self.assertEqual(browser.closed.code, answered)
            self.assertTrue(browser.visitor.transport.disconnecting)
            browser.visitor.hangs_up()
            self.assertEqual([line.split()[1] for line in alice.hears()], ["PRIVMSG", "QUIT"])

    def test_what_was_said_before_a_goodbye_is_done_however_long_it_takes(self) -> None:
        self.configure(flood="2/1")
        alice = self.irc("alice", "#tea")
        self.configure(flood="1/1")
        for goodbye in (True, False):
            browser = self.browser()
            browser.says("NICK bob", "USER b 0 * :B", "JOIN #tea", "PRIVMSG #tea :late")
            if goodbye:
                browser.sends(CloseConnection(1000))
            else:
                IHalfCloseableProtocol(browser.visitor.protocol).readConnectionLost()
            for _ in range(10):
                self.pass_time(1)
            self.assertEqual(alice.hears()[-1].split()[-1], "late")
            self.assertTrue(browser.visitor.transport.disconnecting)
            browser.visitor.hangs_up()
            alice.hears()

    def test_the_server_waits_a_while_for_the_answer_to_its_goodbye(self) -> None:
        for answers in (True, False):
            browser = self.browser().comes_in("alice")
            self.assertTrue(browser.asks("QUIT")[-1].startswith("ERROR "))
            assert browser.closed is not None
            self.assertEqual(browser.closed.code, 1000)
            self.assertIsNone(browser.visitor.transport.producer)  # TLS ends only when none is left
            self.pass_time(LINGER - 0.1)
            self.assertFalse(browser.visitor.transport.disconnecting)
            if answers:
                browser.types(masked(FIN | TEXT, b"NICK x") + masked(FIN | CLOSE, b"\x03\xe8"))
            else:
                self.pass_time(0.1)
            self.assertTrue(browser.visitor.transport.disconnecting)
            self.assertEqual(browser.reads(), b"")
            browser.visitor.hangs_up()
        self.nobody_came()

    def test_a_server_that_stops_says_so(self) -> None:
        browser = self.browser().comes_in("alice")
        self.factory.stopping = True
        for connection in tuple(self.factory.connections):
            connection.part("back soon")
        self.assertIn("back soon", browser.hears()[-1])
        assert browser.closed is not None
        self.assertEqual((browser.closed.code, browser.closed.reason), (1001, STOPPING))

    def test_who_is_silent_is_asked_and_then_given_up(self) -> None:
        browser = self.browser().comes_in("alice")
        for _ in range(20):
            self.pass_time(LOOK)
            if browser.reads():
                browser.sends(browser.events.pop().response())
        self.assertFalse(browser.visitor.transport.disconnected)
        for _ in range(SILENT):
            self.pass_time(LOOK)
            self.assertFalse(browser.visitor.transport.disconnected)
        self.pass_time(LOOK)
        self.assertTrue(browser.visitor.transport.disconnected)
        browser.visitor.hangs_up()
        self.nobody_came()

    def test_who_talks_is_not_asked(self) -> None:
        browser = self.browser().comes_in("alice")
        for _ in range(5):
            self.pass_time(LOOK - 0.1)
            browser.asks("PING x")
        self.assertEqual(browser.events, [])


class FlowTests(WebTestCase):
    def test_a_reader_that_does_not_read_is_bounded_and_misses_nothing(self) -> None:
        for subprotocol in ("text.ircv3.net", "binary.ircv3.net"):
            alice = self.irc("alice", "#tea")
            browser = self.browser(subprotocol).comes_in("bob", "#tea")
            producer = browser.visitor.transport.producer
            producer.pauseProducing()
            count = 8 * LIMIT // 400
            for number in range(count):
                alice.says(f"PRIVMSG #tea :{number} {'x' * 400}")
            self.assertLess(len(browser.reads()), 2 * CHUNK)
            [bob] = [each for each in self.factory.connections if each is not alice.connection]
            self.assertLess(len(bob.outlet._pending), LIMIT + CHUNK)
            producer.resumeProducing()
            for _ in range(100):
                self.pass_time(0)
            said = [line.split(":")[2].split()[0] for line in browser.hears() if " PRIVMSG #tea " in line]
            self.assertEqual(said, [str(number) for number in range(count)])
            alice.says("QUIT")
            alice.hangs_up()
            browser.says("QUIT")
            browser.visitor.hangs_up()

    def test_a_goodbye_comes_behind_what_waits(self) -> None:
        alice = self.irc("alice", "#tea")
        browser = self.browser().comes_in("bob", "#tea")
        producer = browser.visitor.transport.producer
        producer.pauseProducing()
        alice.says(*(f"PRIVMSG #tea :{'x' * 400}" for _ in range(100)))
        [bob] = [each for each in self.factory.connections if each is not alice.connection]
        bob.part("that is all")
        self.assertEqual((browser.reads(), browser.closed), (b"", None))
        producer.resumeProducing()
        self.assertIn("that is all", browser.hears()[-1])
        self.assertIsNotNone(browser.closed)

    def test_a_burst_of_tiny_frames_takes_turns(self) -> None:
        browser = self.browser()
        transport = browser.visitor.transport
        browser.visitor.protocol.dataReceived(masked(FIN | TEXT, b"") * (4 * PIECE // 6))
        self.assertEqual(browser.visitor.protocol.unread, 3 * PIECE - 4)
        self.assertEqual(transport.producerState, "paused")
        for _ in range(3):
            self.clock.advance(0)
        self.assertEqual((browser.visitor.protocol.unread, transport.producerState), (0, "producing"))

    def test_what_the_protocol_does_not_read_is_not_understood(self) -> None:
        alice = self.irc("alice", "#tea")
        browser = self.browser().comes_in("bob", "#tea")
        alice.hears()
        socket = browser.visitor.protocol
        socket.pauseProducing()
        self.assertEqual(browser.visitor.transport.producerState, "paused")
        browser.says("PRIVMSG #tea :later")
        self.assertEqual((alice.hears(), socket.unread > 0), ([], True))
        socket.resumeProducing()
        self.pass_time(0)
        self.assertEqual(alice.hears()[0].split()[-1], "later")
        self.assertEqual((browser.visitor.transport.producerState, socket.unread), ("producing", 0))

    def test_a_line_is_sent_when_it_is_whole(self) -> None:
        browser = self.browser()
        socket = browser.visitor.protocol
        for data in (b"on", b"e\r", b"\ntwo\r\nth", b"ree\r\n\r\n"):
            socket.write(data)
        socket.writeSequence([b"fo", b"ur\n"])
        self.assertEqual(browser.hears(), ["one", "two", "three", "", "four"])
        socket.write(b"caf\xe9\n")
        self.assertEqual(browser.hears(), ["caf\N{REPLACEMENT CHARACTER}"])


class DiceTests(WebTestCase):
    """Whatever comes: nothing is raised, nothing is logged as an error, nobody else is disturbed."""

    def test_random_bytes(self) -> None:
        alice = self.irc("alice", "#tea")
        for seed in range(TIMES):
            dice = random.Random(seed)
            visitor = self.visitor()
            visitor.types(UPGRADE + b"\r\n")
            visitor.reads()
            data = b"".join(self.frame(dice) for _ in range(dice.randrange(1, 30)))
            while data and not visitor.transport.disconnecting:
                size = dice.choice((1, 10, 1000, 100_000))
                visitor.types(data[:size])
                data = data[size:]
                self.pass_time(dice.choice((0, 0, 0, LOOK)))
            visitor.hangs_up()
            self.assertEqual(alice.hears(), [], seed)
            self.assertEqual(broken(self.factory), [], seed)
        alice.says("QUIT")
        alice.hangs_up()
        self.assertEqual(left_behind(self.factory), [])
        self.nobody_came()

    def frame(self, dice: random.Random) -> bytes:
        """A frame, or what looks like one."""
        payload = dice.choice((b"", b"PING x", b"NICK bob", b"USER b 0 * :B", b"\r\n", b"\xff\xfe", b"x" * 20_000))
        if dice.random() < 0.2:
            return dice.randbytes(dice.randrange(1, 50))
        first = dice.choice((FIN | TEXT, FIN | TEXT, FIN | BINARY, TEXT, CONTINUATION, FIN, *CONTROL))
        if first in CONTROL:
            payload = dice.choice((b"", b"\x03\xe8bye", b"\x03", b"\x0f\xa0\xff"))
        return masked(first, payload)
