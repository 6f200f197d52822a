"""Whoever comes to the doorway, and however slowly: the same wire in the end, and nothing of a web page on any."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

from twisted.internet.address import IPv4Address

from chat.doorway import HANDSHAKE, HTTP_VERBS, IRC, PERSON, SILENCE, Doorway, DoorwayFactory
from chat.irc.protocol import IRCProtocol
from chat.line.protocol import LineProtocol
from chat.proxy import DEADLINE, SIGNATURE, BadHeader, Proxied, ProxyFactory, parse
from chat.web.http import WebFactory
from tests.fuzz.typist import NOISE
from tests.invariants import left_behind
from tests.test_doorway import STARTS, DoorwayTestCase, Visitor
from tests.test_proxy import version_2

TIMES = int(os.environ.get("CHAT_FUZZ", "1"))
FIRST = int(os.environ.get("CHAT_SEED", "0"))
WIRES = {LineProtocol: PERSON, IRCProtocol: IRC}
#: What somebody might have a browser send who wants to speak through it.
BODIES = [
    b"NICK eve\r\nUSER eve 0 * :E\r\nJOIN #lobby\r\nPRIVMSG #lobby :forged\r\n",
    b"eve\nforged\n/exit\n",
    b"\r\n\r\neve\nhi\n",
    b"Host: x\r\n\r\neve\r\nforged\r\n",
    b"\0\xff\xfb\x01eve\n",
    b"\x16\x03\x01",
    b"GET / HTTP/1.1\r\n\r\n",
    b"eve",
    b"",
]


def pieces(dice: random.Random, data: bytes) -> Iterator[bytes]:
    """The data as it may come: at once, byte by byte, or in any other way."""
    size = dice.choice((1, 1, 2, 5, len(data)))
    while data:
        length = dice.randint(1, max(1, size))
        yield data[:length]
        data = data[length:]


class Comings(DoorwayTestCase):
    """Ports of every wire, with TLS and without."""

    def setUp(self) -> None:
        super().setUp()
        self.people, self.irc_clients = self.factory.speaking(LineProtocol), self.factory.speaking(IRCProtocol)
        web = WebFactory(self.irc_clients)
        self.doorway = DoorwayFactory(self.people, self.certificates, self.clock, self.irc_clients, web)
        self.plain = DoorwayFactory(self.people, None, self.clock, self.irc_clients, web)
        self.witness = self.person("wendy")

    def slowly(self, visitor: Visitor, dice: random.Random, data: bytes, longest: float = SILENCE * 0.9) -> None:
        """Send data in pieces, with pauses of at most so many seconds."""
        for piece in pieces(dice, data):
            if not (visitor.transport.disconnecting or visitor.transport.disconnected):
                visitor.types(piece)
                self.pass_time(dice.choice((0, 0, dice.random() * longest)))

    def leave(self, visitor: Visitor) -> None:
        visitor.hangs_up()
        self.pass_time(HANDSHAKE + 1)
        self.assertEqual([failure.getTraceback() for failure in self.flushLoggedErrors()], [])


class DoorwayFuzzTests(Comings):
    def test_it_makes_no_difference_how_a_beginning_comes(self) -> None:
        for seed in range(FIRST, FIRST + 4 * TIMES):
            dice = random.Random(seed)
            for who in (IRC, PERSON):
                for start in STARTS[who]:
                    visitor = Visitor(self, self.plain)
                    self.slowly(visitor, dice, start)
                    if isinstance(visitor.protocol, Doorway):
                        self.pass_time(SILENCE)
                        self.assertEqual(who, PERSON, (seed, start))
                    self.assertEqual(WIRES[type(visitor.protocol)], who, (seed, start))
                    self.leave(visitor)

    def test_nothing_of_a_web_page_is_done(self) -> None:
        for seed in range(FIRST, FIRST + 6 * TIMES):
            dice = random.Random(seed)
            for verb in sorted(HTTP_VERBS):
                visitor = Visitor(self, self.plain)
                middle = dice.choice((b"/ HTTP/1.1\r\n", b"/\r\n", b"\r\n", b"*", b" ", b"/NICK eve\r\n", b"\n"))
                self.slowly(visitor, dice, verb + b" " + middle + dice.choice(BODIES) + dice.choice(BODIES))
                self.assertNotIsInstance(visitor.protocol, (LineProtocol, IRCProtocol))
                self.assertRegex(visitor.reads(), rb"\A(HTTP/1\.[01] |\Z)")
                self.assertEqual([user.name for user in self.factory.registry.ids.values()], ["wendy"], seed)
                self.leave(visitor)
        self.assertEqual(self.witness.hears(), [])

    def test_anything_at_all(self) -> None:
        starts = [start for who in STARTS.values() for start in who] + [verb + b" " for verb in sorted(HTTP_VERBS)]
        for seed in range(FIRST, FIRST + 300 * TIMES):
            dice = random.Random(seed)
            data = b"".join(dice.choice((*NOISE, *starts, dice.randbytes(5))) for _ in range(dice.randrange(1, 6)))
            visitor = Visitor(self, dice.choice((self.plain, self.doorway)))
            self.slowly(visitor, dice, data, 2 * SILENCE)
            if dice.random() < 0.3 and hasattr(visitor.protocol, "readConnectionLost"):
                visitor.protocol.readConnectionLost()
            self.leave(visitor)
        self.witness.hangs_up()
        self.assertEqual(left_behind(self.factory), [])


class ProxyFuzzTests(Comings):
    """The header of a proxy that has something wrong in it, from where proxies are and from elsewhere."""

    HEADERS = (
        b"PROXY TCP4 192.0.2.7 10.0.0.2 4711 5050\r\n",
        b"PROXY TCP6 2001:db8::7 ::1 1 2\r\n",
        b"PROXY UNKNOWN x\r\n",
        version_2("192.0.2.7"),
        version_2("2001:db8::7", family=0x21),
        version_2("192.0.2.7", command=0x20, more=b"abc"),
        SIGNATURE + b"\x21\x00\xff\xff",
    )

    def setUp(self) -> None:
        super().setUp()
        self.doors = [ProxyFactory(self.plain, ["10.0.0.0/8"], required, self.clock) for required in (True, False)]

    def wrong(self, dice: random.Random) -> bytes:
        """A header with something changed, lost or put in."""
        data = bytearray(dice.choice(self.HEADERS))
        for _ in range(dice.choice((0, 1, 1, 2, 4))):
            place = dice.randrange(len(data) + 1)
            data[place : place + dice.choice((0, 1, 1, 5))] = dice.choice(
                (b"", b"\0", b" ", b"\r\n", b"9", b"%", dice.randbytes(1))
            )
        return bytes(data)

    def test_a_header_is_whole_or_waited_for_or_wrong(self) -> None:
        for seed in range(FIRST, FIRST + 3000 * TIMES):
            dice = random.Random(seed)
            data = self.wrong(dice) or b"x"
            answers = [self.answer(data[:length]) for length in range(1, len(data) + 1)]
            known = [answer for answer in answers if answer is not None]
            self.assertTrue(all(answer == known[0] for answer in known), (seed, data, known[:1]))
            self.assertEqual(answers[len(answers) - len(known) :], known, (seed, data))

    def answer(self, data: bytes) -> Any:
        try:
            return parse(data)
        except BadHeader:
            return BadHeader

    def test_nobody_is_anywhere_but_where_a_proxy_says(self) -> None:
        for seed in range(FIRST, FIRST + 300 * TIMES):
            dice = random.Random(seed)
            data = self.wrong(dice) + dice.choice((b"", b"eve\n", b"NICK eve\r\nUSER a 0 * :A\r\n"))
            host = dice.choice(("10.0.0.1", "192.0.2.99"))
            required, optional = self.doors
            door, pause = dice.choice(((required, SILENCE / 2), (optional, 0)))  # who may be silent is, at once
            visitor = Visitor(self, door, IPv4Address("TCP", host, 40_000))
            self.slowly(visitor, dice, data, pause)
            answer = self.answer(data)
            source = getattr(answer, "source", None) if host == "10.0.0.1" else None
            for connection, peer in self.factory.connections.items():
                if connection is visitor.protocol:
                    self.assertEqual(peer[0], source.host if source else host, (seed, data))
            self.pass_time(DEADLINE)
            waits = isinstance(visitor.protocol, Proxied) and not visitor.transport.disconnected
            self.assertFalse(waits, (seed, data))
            self.leave(visitor)
