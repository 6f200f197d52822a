"""The PROXY protocol: whose address is believed, what a header is, and what becomes of everything else."""

from __future__ import annotations

import struct
from ipaddress import ip_address
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.trial.unittest import SynchronousTestCase
from zope.interface.verify import verifyObject

from chat.doorway import SILENCE, DoorwayFactory
from chat.irc.protocol import IRCProtocol
from chat.line.protocol import LineProtocol
from chat.proxy import DEADLINE, FIXED, SIGNATURE, BadHeader, ProxyFactory, parse
from chat.tls import Certificates
from chat.web.http import WebFactory
from tests.talk import ChatTestCase
from tests.test_doorway import TLSVisitor, Visitor
from tests.test_tls import NAME, issue

TCP4, TCP6, UDP4, UNIX, UNSPECIFIED = 0x11, 0x21, 0x12, 0x31, 0x00


def version_2(source: str, port: int = 4711, family: int = TCP4, command: int = 0x21, more: bytes = b"") -> bytes:
    """A header of version 2; the server's own address and port are of no interest."""
    packed = ip_address(source).packed
    addresses = packed + bytes(len(packed)) + struct.pack("!HH", port, 5050) + more
    return SIGNATURE + struct.pack("!BBH", command, family, len(addresses)) + addresses


class HeaderTests(SynchronousTestCase):
    def says(self, data: bytes) -> tuple[Any, ...]:
        """The type, address and port of the client in a header that is whole."""
        header = parse(data + b"NICK alice\r\n")
        assert header is not None and header.source is not None
        self.assertEqual(header.length, len(data))
        return header.source.type, header.source.host, header.source.port

    def test_version_1(self) -> None:
        self.assertEqual(self.says(b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 5050\r\n"), ("TCP", "192.0.2.7", 4711))
        self.assertEqual(self.says(b"PROXY TCP6 2001:db8::7 2001:db8::1 0 65535\r\n"), ("TCP", "2001:db8::7", 0))

    def test_version_2(self) -> None:
        self.assertEqual(self.says(version_2("192.0.2.7")), ("TCP", "192.0.2.7", 4711))
        self.assertEqual(self.says(version_2("2001:db8::7", family=TCP6)), ("TCP", "2001:db8::7", 4711))

    def test_what_follows_the_addresses_of_version_2_is_passed_over(self) -> None:
        self.assertEqual(self.says(version_2("192.0.2.7", more=b"\x03\x00\x04abcd")), ("TCP", "192.0.2.7", 4711))

    def test_that_the_client_came_by_tls(self) -> None:
        tls = b"\x20\x00\x05\x01\x00\x00\x00\x00"
        for more, through_tls in (
            (tls, True),
            (b"\x03\x00\x04abcd" + tls, True),
            (b"\x20\x00\x0f\x07\x00\x00\x00\x01\x21\x00\x07TLSv1.3", True),
            (b"", False),
            (b"\x20\x00\x05\x00\x00\x00\x00\x00", False),  # it did not
            (b"\x20\x00\x05\x06\x00\x00\x00\x00", False),
            (b"\x20\x00\x00", False),  # empty
            (b"\x20\x00\x06\x01\x00\x00\x00\x00", False),  # cut off
            (b"\x04\x00\x08" + tls, False),  # inside of something else
            (b"\x20\x00", False),
        ):
            header = parse(version_2("192.0.2.7", more=more))
            assert header is not None
            self.assertEqual(header.through_tls, through_tls, more)
        local = parse(version_2("192.0.2.7", command=0x20, more=tls))
        assert local is not None
        self.assertFalse(local.through_tls)

    def test_ipv4_in_the_clothes_of_ipv6(self) -> None:
        self.assertEqual(self.says(version_2("::ffff:192.0.2.7", family=TCP6))[1], "192.0.2.7")
        self.assertEqual(self.says(b"PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2\r\n")[1], "192.0.2.7")

    def test_a_proxy_that_speaks_for_itself(self) -> None:
        headers = [b"PROXY UNKNOWN\r\n", b"PROXY UNKNOWN ffff::1 ffff::2 65535 65535\r\n"]
        headers.append(version_2("192.0.2.7", command=0x20))
        headers += [version_2("192.0.2.7", family=family) for family in (UDP4, UNIX, UNSPECIFIED)]
        headers.append(SIGNATURE + b"\x20\x00\x00\x00")
        for data in headers:
            header = parse(data + b"x")
            assert header is not None
            self.assertEqual((header.length, header.source), (len(data), None))

    def test_every_piece_of_a_header_is_waited_for(self) -> None:
        version_1 = b"PROXY TCP4 192.0.2.7 198.51.100.1 4711 5050\r\n"
        for data in (version_1, b"PROXY UNKNOWN\r\n", version_2("192.0.2.7", more=b"abc")):
            for length in range(len(data)):
                self.assertIsNone(parse(data[:length]), data[:length])
            self.assertIsNotNone(parse(data))

    def test_what_is_no_version_1(self) -> None:
        for text in (
            "TCP4 192.0.2.7 198.51.100.1 4711",
            "TCP4 192.0.2.256 198.51.100.1 1 2",
            "TCP4 ::1 ::1 1 2",
            "TCP6 127.0.0.1 ::1 1 2",
            "TCP4 192.0.2.7 198.51.100.1 65536 2",
            "TCP4 192.0.2.7 198.51.100.1 04711 2",
            "TCP4  192.0.2.7 198.51.100.1 1 2",
            "TCP4 192.0.2.7 198.51.100.1 1 2 ",
            "TCP4 192.0.2.7 host 1 2",
            "TCP6 fe80::1%\x1b[2J ::1 1 2",
            "UDP4 192.0.2.7 198.51.100.1 1 2",
            "tcp4 192.0.2.7 198.51.100.1 1 2",
            "UNKNOWN \n",
            "",
        ):
            self.assertRaises(BadHeader, parse, f"PROXY {text}\r\n".encode())
        self.assertRaises(BadHeader, parse, b"NICK alice\r\n")

    def test_a_line_of_version_1_has_an_end(self) -> None:
        self.assertIsNone(parse(b"PROXY UNKNOWN ".ljust(106, b"x")))
        self.assertRaises(BadHeader, parse, b"PROXY UNKNOWN ".ljust(107, b"x"))
        self.assertRaises(BadHeader, parse, b"PROXY UNKNOWN ".ljust(107, b"x") + b"\r\n")
        self.assertIsNotNone(parse(b"PROXY UNKNOWN ".ljust(105, b"x") + b"\r\n"))

    def test_what_is_no_version_2(self) -> None:
        good = version_2("192.0.2.7")
        for place, value in ((12, 0x11), (12, 0x22), (12, 0x2F), (13, 0x41), (13, 0x13), (13, 0xFF), (15, 11), (15, 0)):
            bad = bytearray(good)
            bad[place] = value
            self.assertRaises(BadHeader, parse, bytes(bad))
        self.assertRaises(BadHeader, parse, SIGNATURE[:-1] + b"\r")

    def test_a_header_is_no_longer_than_it_says_it_can_be(self) -> None:
        data = SIGNATURE + b"\x21\x11\xff\xff"
        self.assertIsNone(parse(data + bytes(65_534)))
        header = parse(data + bytes(65_535))
        assert header is not None
        self.assertEqual(header.length, FIXED + 65_535)


class ProxyTests(ChatTestCase):
    """The proxy is at 10.0.0.1; everyone comes to a port of every wire."""

    required = True

    def setUp(self) -> None:
        super().setUp()
        self.root = issue("Root CA")
        pair = issue(NAME, self.root)
        path = self.mktemp()
        with open(path, "wb") as file:
            file.write(pair.cert_pem + pair.key_pem)
        people, irc = self.factory.speaking(LineProtocol), self.factory.speaking(IRCProtocol)
        door = DoorwayFactory(people, Certificates(path), self.clock, irc, WebFactory(irc))
        self.door = ProxyFactory(door, ["10.0.0.0/8"], self.required, self.clock)
        self.calls = len(self.clock.getDelayedCalls())

    def comes(self, host: str = "10.0.0.1") -> Visitor:
        return Visitor(self, self.door, IPv4Address("TCP", host, 40_000))

    def hosts(self) -> list[str]:
        return [str(peer[0]) for peer in self.factory.connections.values()]

    def assertClosed(self, visitor: Visitor) -> None:
        self.assertEqual(visitor.reads(), b"")
        self.assertTrue(visitor.transport.disconnected)
        visitor.hangs_up()
        self.assertEqual(len(self.clock.getDelayedCalls()), self.calls)

    def test_the_client_is_where_the_proxy_says(self) -> None:
        for header in (b"PROXY TCP4 192.0.2.7 10.0.0.2 4711 5050\r\n", version_2("192.0.2.7")):
            visitor = self.comes()
            visitor.types(header + b"alice\nhi\n")
            self.assertIn(b"Hello alice.", visitor.reads())
            self.assertEqual(list(self.factory.connections.values()), [("192.0.2.7", 4711)])
            self.assertEqual(visitor.transport.getPeer().host, "192.0.2.7")
            visitor.types(b"exit\n")
            visitor.hangs_up()

    def test_an_irc_client_byte_by_byte(self) -> None:
        visitor = self.comes()
        for byte in version_2("2001:db8::7", family=TCP6) + b"NICK alice\r\nUSER a 0 * :A\r\nWHOIS alice\r\n":
            visitor.types(bytes([byte]))
        self.assertIsInstance(visitor.protocol, IRCProtocol)
        self.assertEqual(visitor.protocol.address, "2001:db8::7")
        self.assertIn(b" 338 alice alice ~a@2001:db8::7 2001:db8::7 ", visitor.reads())

    def test_connections_are_counted_by_client_not_by_proxy(self) -> None:
        self.configure(max_per_address=1)
        visitors = [self.comes() for _ in range(3)]
        for visitor, number in zip(visitors, (7, 8, 7), strict=True):
            visitor.types(b"PROXY TCP4 192.0.2.%d 10.0.0.2 4711 5050\r\nalice%d\n" % (number, number))
        self.assertIn(b"Hello alice7.", visitors[0].reads())
        self.assertIn(b"Hello alice8.", visitors[1].reads())
        self.assertIn(b"too many connections from your address", visitors[2].reads())

    def test_a_client_is_not_local_because_its_proxy_is(self) -> None:
        self.door = ProxyFactory(self.door.inside, ["127.0.0.1"], True, self.clock)
        visitor = self.comes("127.0.0.1")
        visitor.types(b"PROXY TCP4 192.0.2.7 10.0.0.2 4711 5050\r\nalice\n")
        self.assertFalse(visitor.protocol.is_local)

    def test_who_came_to_the_proxy_by_tls_is_encrypted(self) -> None:
        tls = b"\x20\x00\x05\x01\x00\x00\x00\x00"
        for more, answer in ((tls, b"* Your link is encrypted.\n"), (b"", b"* Your link is not encrypted.")):
            visitor = self.comes()
            visitor.types(version_2("192.0.2.7", more=more) + b"alice\n/tls\n")
            self.assertIn(answer, visitor.reads())
            visitor.types(b"exit\n")
            visitor.hangs_up()
        stranger = self.comes("192.0.2.66")
        stranger.types(version_2("192.0.2.7", more=tls) + b"alice\n")
        self.assertFalse(any(connection.encrypted for connection in self.factory.connections))

    def test_an_irc_client_that_came_to_the_proxy_by_tls_may_log_in(self) -> None:
        client = self.comes()
        client.types(version_2("192.0.2.7", more=b"\x20\x00\x05\x01\x00\x00\x00\x00"))
        client.types(b"CAP LS 302\r\nNICK alice\r\nUSER a 0 * :A\r\nCAP END\r\nREGISTER * * :correct horse\r\n")
        said = client.reads()
        self.assertIn(b" sasl=PLAIN,SCRAM-SHA-256 ", said)
        self.assertIn(b" REGISTER SUCCESS alice ", said)

    def test_a_second_header_is_text(self) -> None:
        visitor = self.comes()
        visitor.types(b"PROXY TCP4 192.0.2.7 10.0.0.2 1 2\r\nPROXY TCP4 192.0.2.8 10.0.0.2 1 2\r\n")
        self.assertEqual(self.hosts(), ["192.0.2.7"])
        self.assertIsInstance(visitor.protocol, LineProtocol)

    def test_a_header_from_elsewhere_is_text(self) -> None:
        visitor = self.comes("192.0.2.66")
        visitor.types(b"PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n")
        self.assertEqual(self.hosts(), ["192.0.2.66"])
        self.assertIsInstance(visitor.protocol, LineProtocol)

    def test_a_proxy_on_a_socket_for_both_versions_of_ip(self) -> None:
        self.assertTrue(self.door.trusts(IPv4Address("TCP", "::ffff:10.9.9.9", 1)))
        for host in ("::ffff:11.0.0.1", "::1", "", "fe80::1%eth0", "/run/chat"):
            self.assertFalse(self.door.trusts(IPv4Address("TCP", host, 1)), host)
        self.assertFalse(self.door.trusts(None))

    def test_tls_behind_the_header(self) -> None:
        visitor = self.comes()
        visitor.types(version_2("192.0.2.7"))
        inside = TLSVisitor(visitor, self.root.cert_pem.decode())
        inside.reads()
        inside.types(b"alice\n/tls\n")
        self.assertIn(b"* Your link is encrypted.\n", inside.reads())
        self.assertEqual(self.hosts(), ["192.0.2.7"])

    def test_a_proxy_that_checks_the_health_of_the_server(self) -> None:
        visitor = self.comes()
        visitor.types(SIGNATURE + b"\x20\x00\x00\x00")
        self.pass_time(SILENCE)
        self.assertEqual(self.hosts(), ["10.0.0.1"])

    def test_who_is_silent_behind_the_header_is_greeted(self) -> None:
        visitor = self.comes()
        visitor.types(version_2("192.0.2.7"))
        self.pass_time(SILENCE)
        self.assertTrue(visitor.reads().endswith(b"\nYour name? "))

    def test_a_header_that_is_bad_closes_the_connection(self) -> None:
        bad_command = SIGNATURE + b"\x31\x11\x00\x0c"
        for header in (b"PROXY TCP4 nowhere\r\n", b"PROXY " + b"x" * 200, bad_command, b"PROXY me\n" * 20):
            visitor = self.comes()
            visitor.types(header)
            self.assertClosed(visitor)

    def test_a_header_that_does_not_end_in_time_closes_the_connection(self) -> None:
        visitor = self.comes()
        visitor.types(b"PROXY TCP4 ")
        self.pass_time(DEADLINE - 0.1)
        self.assertFalse(visitor.transport.disconnected)
        self.pass_time(0.1)
        self.assertClosed(visitor)

    def test_a_connection_that_ends_within_the_header(self) -> None:
        visitor = self.comes()
        verifyObject(IHalfCloseableProtocol, visitor.protocol)
        visitor.types(b"PROXY TCP4 ")
        visitor.protocol.writeConnectionLost()
        visitor.protocol.readConnectionLost()
        self.assertClosed(visitor)

    def test_who_leaves_at_once_leaves_nothing_behind(self) -> None:
        visitor = self.comes()
        visitor.hangs_up()
        self.assertEqual(len(self.clock.getDelayedCalls()), self.calls)


class RequiredProxyTests(ProxyTests):
    def test_without_a_header_nobody_comes_in(self) -> None:
        for first in (b"NICK alice\r\n", b"alice\n", b"\x16\x03\x01", b"GET / HTTP/1.1\r\n\r\n", b"\r\n\r\n\r\n"):
            visitor = self.comes()
            visitor.types(first)
            self.assertClosed(visitor)

    def test_silence_is_no_header(self) -> None:
        visitor = self.comes()
        self.pass_time(DEADLINE)
        self.assertClosed(visitor)


class OptionalProxyTests(ProxyTests):
    required = False

    def test_without_a_header_the_proxy_speaks_for_itself(self) -> None:
        for first, wire in ((b"NICK alice\r\n", IRCProtocol), (b"bob\n", LineProtocol), (b"Pe", LineProtocol)):
            visitor = self.comes()
            visitor.types(first)
            self.pass_time(SILENCE)
            self.assertIsInstance(visitor.protocol, wire)
        self.assertEqual(self.hosts(), ["10.0.0.1"] * 3)

    def test_who_is_silent_is_greeted(self) -> None:
        visitor = self.comes()
        self.pass_time(SILENCE)
        self.pass_time(SILENCE)
        self.assertTrue(visitor.reads().endswith(b"\nYour name? "))

    def test_a_header_that_has_begun_is_waited_for(self) -> None:
        visitor = self.comes()
        visitor.types(b"PROXY ")
        self.pass_time(DEADLINE - 1)
        visitor.types(b"TCP4 192.0.2.7 10.0.0.2 1 2\r\nalice\n")
        self.assertEqual(self.hosts(), ["192.0.2.7"])

    def test_who_sends_nothing_at_all_is_greeted_and_let_go(self) -> None:
        visitor = self.comes()
        visitor.protocol.readConnectionLost()
        self.assertIn(b"* Welcome to chat.example.org.", visitor.reads())
        self.assertTrue(visitor.transport.disconnecting)
