"""What comes by HTTP: who is let in as a WebSocket, and how everything else is answered."""

from __future__ import annotations

import subprocess
import sys
from typing import Any
from unittest import mock

from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHalfCloseableProtocol
from wsproto.events import TextMessage

from chat.doorway import LINGER, DoorwayFactory
from chat.irc.protocol import IRCProtocol
from chat.line.protocol import LineProtocol
from chat.tls import Certificates
from chat.web.http import DEADLINE, LONGEST, NOT_ALLOWED, NOT_INSTALLED, NOTHING_DONE, PATIENCE, WebFactory
from tests.daemon.running import ROOT
from tests.secure import FAR, SecureTestCase
from tests.talk import ChatTestCase
from tests.test_doorway import TLSVisitor, Visitor
from tests.test_tls import issue
from tests.web.browser import HOST, Browser

UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: chat.example.org\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)


class WebTestCase(ChatTestCase):
    """A port for HTTP alone."""

    def setUp(self) -> None:
        super().setUp()
        self.door: Any = WebFactory(self.factory.speaking(IRCProtocol))
        self.calls = len(self.clock.getDelayedCalls())

    def visitor(self, host: str = "127.0.0.1") -> Visitor:
        return Visitor(self, self.door, IPv4Address("TCP", host, 40_000))

    def browser(self, *subprotocols: str, **options: Any) -> Browser:
        return Browser(self.visitor(), subprotocols or ("text.ircv3.net",), **options)

    def answer(self, request: bytes) -> tuple[int, str]:
        """The status and the text that a request is answered with."""
        visitor = self.visitor()
        visitor.types(request)
        head, _, text = visitor.reads().decode().partition("\r\n\r\n")
        self.assertIn(f"\r\nContent-Length: {len(text.encode())}", head, request)
        if not head.startswith("HTTP/1.1 200 "):
            self.assertIn("\r\nConnection: close", head)
        visitor.hangs_up()
        return int(head.split()[1]), text.removesuffix("\n")

    def nobody_came(self) -> None:
        """No connection has reached the chat, and nothing is left of those that tried."""
        self.assertEqual((len(self.factory.connections), len(self.factory.registry.users)), (0, 0))
        self.assertEqual(len(self.clock.getDelayedCalls()), self.calls)


class RequestTests(WebTestCase):
    def test_a_question_is_answered_with_what_this_is(self) -> None:
        for end in (b"\r\n\r\n", b"\n\n"):
            status, text = self.answer(b"GET / HTTP/1.0" + end)
            self.assertEqual(status, 200)
            self.assertIn("<!doctype html>", text)
        self.nobody_came()

    def test_everything_else_is_refused_and_nothing_is_done(self) -> None:
        irc = b"NICK alice\r\nUSER a 0 * :A\r\nJOIN #lobby\r\n"
        for request in (
            b"Post / HTTP/1.1\r\n", b"\x16\x03\x01", b"\r\n", b"HEADS\r\n\r\n", b"A" * 21,
            b"GET /\r\n\r\n", b"GET / HTTP/2.0\r\n\r\n", b"GET / HTTP/1.1\r\nno field\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", b"GET / HTTP/1.1\r\n folded\r\n\r\n",
            b"GET / HTTP/1.1\r\nContent-Length: 40\r\n\r\n", b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
            UPGRADE + b"Content-Length: 3\r\n\r\n",
        ):  # fmt: skip
            self.assertEqual(self.answer(request + irc), (400, NOTHING_DONE), request)
        for method in (b"POST", b"PUT", b"OPTIONS", b"NICK"):
            self.assertEqual(self.answer(method + b" / HTTP/1.1\r\n\r\n" + irc), (405, NOT_ALLOWED))
        self.nobody_came()

    def test_a_head_is_answered_without_a_body(self) -> None:
        for path, status in ((b"/", b"200 OK"), (b"/nothing", b"404 Not Found")):
            visitor, other = self.visitor(), self.visitor()
            visitor.types(b"HEAD " + path + b" HTTP/1.1\r\n\r\n")
            other.types(b"GET " + path + b" HTTP/1.1\r\n\r\n")
            head, _, body = other.reads().partition(b"\r\n\r\n")
            self.assertEqual(visitor.reads(), head + b"\r\n\r\n")
            self.assertIn(status, head)
            self.assertTrue(body)
            visitor.hangs_up()
            other.hangs_up()
        self.nobody_came()

    def test_a_browser_may_ask_again(self) -> None:
        visitor = self.visitor()
        for _ in range(3):
            for byte in b"GET /app.js HTTP/1.1\r\nHost: x\r\n\r\n":
                visitor.types(bytes([byte]))
            head, _, body = visitor.reads().partition(b"\r\n\r\n")
            self.assertTrue(head.startswith(b"HTTP/1.1 200 OK\r\n"))
            self.assertNotIn(b"Connection:", head)
            self.assertIn(b"Content-Length: %d\r\n" % len(body), head)
            self.assertFalse(visitor.transport.disconnecting)
            self.pass_time(PATIENCE - 1)
        visitor.types(b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        self.assertIn(b"\r\nConnection: close\r\n", visitor.reads())
        self.assertTrue(visitor.transport.disconnecting)
        visitor.hangs_up()
        self.nobody_came()

    def test_what_comes_before_the_answer_is_there_is_not_answered(self) -> None:
        for first, behind in ((b"GET / HTTP/1.1\r\n\r\n", UPGRADE + b"\r\n"), (b"GET / HTTP/1.0\r\n\r\n", b"")):
            visitor = self.visitor()
            visitor.types(first + behind)
            self.assertIn(b"\r\nConnection: close\r\n", visitor.reads())
            self.assertTrue(visitor.transport.disconnecting)
            visitor.types(UPGRADE + b"\r\n")
            self.assertEqual(visitor.reads(), b"")
            visitor.hangs_up()
        self.nobody_came()

    def test_a_refusal_is_the_last_answer_and_a_websocket_may_come_last(self) -> None:
        visitor = self.visitor()
        visitor.types(b"GET / HTTP/1.1\r\n\r\n")
        visitor.types(b"POST / HTTP/1.1\r\n\r\n")
        visitor.types(b"GET / HTTP/1.1\r\n\r\n")
        self.assertEqual(visitor.reads().count(b"HTTP/1.1 "), 2)
        visitor.hangs_up()
        visitor = self.visitor()
        visitor.types(b"GET / HTTP/1.1\r\n\r\n")
        visitor.reads()
        visitor.types(UPGRADE + b"\r\n")
        self.assertTrue(visitor.reads().startswith(b"HTTP/1.1 101 "))
        self.assertEqual(len(self.factory.connections), 1)
        visitor.hangs_up()

    def test_who_does_not_read_the_answers_is_not_read(self) -> None:
        visitor = self.visitor()
        visitor.types(b"GET / HTTP/1.1\r\n\r\n")
        visitor.transport.producer.pauseProducing()
        self.assertEqual(visitor.transport.producerState, "paused")
        visitor.transport.producer.resumeProducing()
        self.assertEqual(visitor.transport.producerState, "producing")
        visitor.types(UPGRADE + b"\r\n")
        self.assertIsNot(visitor.transport.producer, visitor.protocol)
        visitor.hangs_up()

    def test_a_file_has_its_time(self) -> None:
        """Longer than a sentence has: a link may be slow."""
        visitor = self.visitor()
        visitor.types(b"GET / HTTP/1.0\r\n\r\n")
        self.assertTrue(visitor.transport.disconnecting)
        self.pass_time(PATIENCE - 0.1)
        self.assertFalse(visitor.transport.disconnected)
        self.pass_time(0.1)
        self.assertTrue(visitor.transport.disconnected)
        visitor.hangs_up()
        self.nobody_came()

    def test_what_comes_behind_the_answer_is_thrown_away_and_then_the_connection_is_closed(self) -> None:
        visitor = self.visitor()
        visitor.types(b"POST / HTTP/1.1\r\n\r\n" + UPGRADE + b"\r\n")
        visitor.reads()
        visitor.types(UPGRADE + b"\r\nPOST / HTTP/1.1\r\n")
        self.pass_time(LINGER - 0.1)
        self.assertEqual((visitor.reads(), visitor.transport.disconnected), (b"", False))
        self.pass_time(0.1)
        self.assertTrue(visitor.transport.disconnected)
        visitor.hangs_up()
        self.nobody_came()

    def test_a_head_is_bounded(self) -> None:
        field = b"X: " + b"x" * (LONGEST - len(b"GET / HTTP/1.1\r\nX: "))
        self.assertEqual(self.answer(b"GET / HTTP/1.1\r\n" + field + b"\r\n\r\n")[0], 200)
        for end in (b"x\r\n\r\n", b"\r\n" * 3 + b"x" * 70_000, b"xxxx"):
            self.assertIn(self.answer(b"GET / HTTP/1.1\r\n" + field + end)[0], (431,) if end[:1] == b"x" else (200,))

    def test_a_request_has_its_time(self) -> None:
        visitor = self.visitor()
        visitor.types(b"GET / HTTP/1.1\r\n")
        self.pass_time(DEADLINE - 0.1)
        self.assertEqual(visitor.reads(), b"")
        self.pass_time(0.1)
        self.assertTrue(visitor.reads().startswith(b"HTTP/1.1 408 Request Timeout\r\n"))
        self.pass_time(LINGER)
        self.assertTrue(visitor.transport.disconnected)
        visitor.hangs_up()
        self.nobody_came()

    def test_who_has_said_all_still_gets_the_answer(self) -> None:
        """As with printf and nc: the end of the request comes right behind it."""
        visitor = self.visitor()
        visitor.types(b"GET / HTTP/1.0\r\n\r\n")
        IHalfCloseableProtocol(visitor.protocol).readConnectionLost()
        self.assertTrue(visitor.transport.disconnecting)
        self.assertFalse(visitor.transport.disconnected)
        self.assertIn(b" 200 OK", visitor.reads())

    def test_who_waits_is_counted(self) -> None:
        self.configure(max_connections=2)
        visitors = [self.visitor() for _ in range(3)]
        for visitor, part in zip(visitors, (b"GET", b"GET / HTTP/1.0\r\n\r\n", UPGRADE + b"\r\n"), strict=True):
            visitor.types(part)
        self.assertEqual([visitor.transport.disconnected for visitor in visitors], [False, False, True])
        for visitor in visitors:
            visitor.hangs_up()
        self.assertIsNone(self.browser().refused)
        self.assertEqual(self.factory.waiting.addresses, {})

    def test_who_leaves_in_the_middle_leaves_nothing_behind(self) -> None:
        for part in (b"", b"GET", UPGRADE):
            visitor = self.visitor()
            visitor.types(part)
            visitor.hangs_up()
        self.nobody_came()


class UpgradeTests(WebTestCase):
    def test_the_key_is_answered(self) -> None:
        """The example of RFC 6455, section 1.3."""
        visitor = self.visitor()
        for byte in UPGRADE + b"\r\n":
            visitor.types(bytes([byte]))
        head = visitor.reads()
        self.assertTrue(head.startswith(b"HTTP/1.1 101 "))
        self.assertIn(b"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", head)

    def test_the_clients_order_of_subprotocols_counts(self) -> None:
        text, binary = "text.ircv3.net", "binary.ircv3.net"
        for offered, chosen in (
            ([text], text), ([binary], binary), ([text, binary], text), ([binary, text], binary),
            (["x", binary], binary), (["x"], None), ([], None),
        ):  # fmt: skip
            browser = Browser(self.visitor(), offered)
            self.assertEqual(browser.subprotocol, chosen)
            browser.comes_in("alice")
            self.assertEqual(browser.kinds == {TextMessage}, chosen != binary)
            browser.asks("QUIT")
            browser.visitor.hangs_up()

    def test_what_is_no_handshake_is_refused_in_words(self) -> None:
        for wrong, right, status in (
            (b"Version: 8", b"Version: 13", 426), (b"X-Key: x", b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", 400),
            (b"Connection: close", b"Connection: Upgrade", 400), (b"X: y", b"Host: chat.example.org", 400),
            (b"Host: caf\xe9", b"Host: chat.example.org", 400), (b"GET /\xe9 HTTP", b"GET / HTTP", 400),
            (b"Connection: \xff", b"Connection: Upgrade", 400),
        ):  # fmt: skip
            answered, text = self.answer(UPGRADE.replace(right, wrong) + b"\r\n")
            self.assertEqual(answered, status, (wrong, text))
            self.assertRegex(text, r"\AThis WebSocket cannot be opened: .+\.\Z")
        self.nobody_came()

    def test_http_1_0_knows_no_upgrade(self) -> None:
        self.assertEqual(self.answer(UPGRADE.replace(b"HTTP/1.1", b"HTTP/1.0") + b"\r\n")[0], 200)
        self.nobody_came()

    def test_a_version_that_is_not_known_is_told_which_one_is(self) -> None:
        visitor = self.visitor()
        visitor.types(UPGRADE.replace(b"Version: 13", b"Version: 8") + b"\r\n")
        self.assertIn(b"\r\nSec-WebSocket-Version: 13\r\n", visitor.reads())

    def test_pages_of_other_sites_are_turned_away(self) -> None:
        for origin in ("https://evil.example", "null", "", f"https://{HOST}:8080", f"https://{HOST}.evil.example"):
            browser = self.browser(fields=[("Origin", origin)])
            assert browser.refused is not None
            self.assertEqual(browser.refused[0], 403, origin)
            self.assertIn("Pages of other sites", browser.refused[1])
            browser.visitor.hangs_up()
        self.assertEqual(self.answer(UPGRADE.replace(HOST.encode(), b"") + b"Origin: null\r\n\r\n")[0], 403)
        self.nobody_came()

    def test_pages_of_this_site_come_in_and_who_is_no_page(self) -> None:
        for host, fields in ((HOST, []), (HOST, [f"https://{HOST}"]), (f"{HOST}:8080", [f"http://{HOST.upper()}:8080"])):
            browser = self.browser(host=host, fields=[("Origin", origin) for origin in fields])
            self.assertIsNone(browser.refused)

    def test_pages_that_the_operator_allows_come_in(self) -> None:
        self.configure(origins=("https://Friend.example", "http://[::1]:8000"))
        for origin, refused in (("https://friend.example", 0), ("http://[::1]:8000", 0), ("http://friend.example", 1)):
            browser = self.browser(fields=[("Origin", origin)])
            self.assertEqual(browser.refused is not None, bool(refused), origin)
        self.configure(origins=("*",))
        self.assertIsNone(self.browser(fields=[("Origin", "null")]).refused)

    def test_without_the_library_it_is_said_what_to_install(self) -> None:
        modules = {name: None for name in sys.modules if name.split(".")[0] == "wsproto"}
        with mock.patch.dict(sys.modules, modules | {"chat.web.websocket": None}):
            self.assertEqual(self.answer(UPGRADE + b"\r\n"), (501, NOT_INSTALLED))
            self.assertEqual(self.answer(b"GET / HTTP/1.1\r\n\r\n")[0], 200)
        with mock.patch.object(sys, "meta_path", []), mock.patch.dict(sys.modules, modules):
            for name in modules:
                del sys.modules[name]
            self.assertEqual(self.door.about()["missing"], NOT_INSTALLED)
        self.assertEqual(self.door.about()["missing"], "")
        self.nobody_came()
        self.assertIsNone(self.browser().refused)

    def test_the_library_is_not_imported_before_it_is_needed(self) -> None:
        program = "import sys, chat.service; sys.exit('wsproto' in sys.modules)"
        self.assertEqual(subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode, 0)


class ProxyTests(WebTestCase):
    """A proxy at 10.0.0.1 that speaks HTTP and says for whom."""

    def setUp(self) -> None:
        super().setUp()
        self.configure(proxy=("10.0.0.0/8",))

    def came_from(self, peer: str, *fields: tuple[str, str]) -> str:
        """Where a client is said to be, by itself."""
        browser = Browser(self.visitor(peer), fields=fields).comes_in("alice")
        host = browser.asks("WHOIS alice")[0].split()[5]
        [connection] = self.factory.connections
        self.assertEqual(self.factory.connections[connection][0], host)
        self.encrypted = connection.encrypted
        self.assertEqual(connection.fingerprint, "")
        browser.visitor.hangs_up()
        return host

    def test_the_last_address_that_is_no_proxys_is_believed(self) -> None:
        for said in ("192.0.2.7", "6.6.6.6, 192.0.2.7", "192.0.2.7, 10.0.0.2", "::ffff:192.0.2.7"):
            self.assertEqual(self.came_from("10.0.0.1", ("X-Forwarded-For", said)), "192.0.2.7")
            self.assertFalse(self.encrypted)

    def test_what_a_proxy_says_wrongly_is_not_believed(self) -> None:
        for said in ("unknown", "192.0.2.7, unknown", "", "10.0.0.2"):
            self.assertEqual(self.came_from("10.0.0.1", ("X-Forwarded-For", said)), "10.0.0.1")

    def test_nobody_else_is_believed(self) -> None:
        fields = ("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Proto", "https")
        self.assertEqual(self.came_from("198.51.100.1", *fields), "198.51.100.1")
        self.assertFalse(self.encrypted)

    def test_a_link_that_is_encrypted_up_to_the_proxy(self) -> None:
        fields = ("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Proto", "https")
        self.assertEqual(self.came_from("10.0.0.1", *fields), "192.0.2.7")
        self.assertTrue(self.encrypted)

    def test_a_link_that_is_encrypted_only_from_the_proxy_on(self) -> None:
        root = issue("Root CA")
        pair, path = issue(HOST, root), self.mktemp()
        with open(path, "wb") as file:
            file.write(pair.cert_pem + pair.key_pem)
        people, irc = self.factory.speaking(LineProtocol), self.factory.speaking(IRCProtocol)
        self.door = DoorwayFactory(people, Certificates(path), self.clock, irc, self.door)
        for scheme, encrypted in (("http", False), ("https", True)):
            proxy = TLSVisitor(self.visitor("10.0.0.1"), root.cert_pem.decode())
            proxy.reads()
            Browser(proxy, fields=[("X-Forwarded-For", "192.0.2.7"), ("X-Forwarded-Proto", scheme)])
            self.assertEqual([each.encrypted for each in self.factory.connections], [encrypted])
            proxy.visitor.hangs_up()


class SecureProxyTests(SecureTestCase):
    def test_the_certificate_of_a_proxy_is_not_its_clients(self) -> None:
        for networks, known in (((), True), (("192.0.2.0/24",), False)):
            self.configure(proxy=networks)
            visitor = Visitor(self, self.doorway, FAR)
            inside = TLSVisitor(visitor, self.context("proxy"))
            inside.reads()
            Browser(inside, fields=[("X-Forwarded-For", "198.51.100.1")])
            [connection] = self.factory.connections
            self.assertEqual(bool(connection.fingerprint), known)
            visitor.hangs_up()
