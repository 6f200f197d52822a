"""WebSockets to a real daemon: over real sockets, through every door, plain and encrypted, to the end."""

from __future__ import annotations

import signal
import socket
import ssl

from wsproto.events import CloseConnection

from tests.daemon.running import LOCAL, Daemon, DaemonTestCase, trusting
from tests.test_tls import issue
from tests.web.browser import Browser


class Line:
    """What a browser types into and reads from: a socket."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection

    def types(self, data: bytes) -> None:
        self.socket.sendall(data)

    def reads(self) -> bytes:
        """What comes next; empty at the end."""
        return self.socket.recv(65_536)


class WebDoorTests(DaemonTestCase):
    def setUp(self) -> None:
        super().setUp()
        root = issue("Root CA")
        pair = issue("chat.example.org", root)
        self.trust = trusting(root.cert_pem.decode())
        self.write("both.pem", pair.cert_pem + pair.key_pem)

    def browser(self, daemon: Daemon, name: str, door: int, tls: ssl.SSLContext | None = None) -> Browser:
        """Somebody who is in the lobby by WebSocket."""
        browser = Browser(Line(daemon.caller(door, tls).socket))
        self.assertIsNone(browser.refused)
        browser.says(f"NICK {name}", f"USER {name} 0 * :{name}", "JOIN #lobby")
        self.hears(browser, f" 366 {name} ")
        return browser

    def hears(self, browser: Browser, text: str) -> None:
        """Wait for a line with this text."""
        while not any(text in line for line in browser.hears()):
            self.assertIsNone(browser.closed)

    def test_everybody_meets(self) -> None:
        daemon = self.daemon("--tls-cert", "both.pem", "--listen", LOCAL, "--web", LOCAL, doors=2)
        person = daemon.person("person")
        for number, (door, tls) in enumerate(((0, None), (1, None), (0, self.trust), (1, self.trust))):
            browser = self.browser(daemon, f"web{number}", door, tls)
            person.says(f"hello {number}")
            self.hears(browser, f" PRIVMSG #lobby :hello {number}")
            browser.says("PRIVMSG #lobby :" + "z" * 400)
            person.hears(f"web{number}: " + "z" * 400)
            browser.sends(CloseConnection(1000))
            while browser.closed is None:
                browser.reads()
            self.assertEqual(browser.closed.code, 1000)
            browser.visitor.socket.close()
            person.hears(f"web{number} left")

    def test_a_stop_says_goodbye(self) -> None:
        daemon = self.daemon("--listen", LOCAL, "--web", LOCAL, doors=2)
        daemon.logs("Join by WebSocket:  ws://127.0.0.1:")
        browser = self.browser(daemon, "alice", 1)
        daemon.send(signal.SIGTERM)
        self.hears(browser, "ERROR :Server is restarting, ")
        while browser.closed is None:
            browser.reads()
        self.assertEqual(browser.closed.code, 1001)
        browser.sends(browser.closed.response())
        self.assertEqual(browser.visitor.reads(), b"")
        self.assertEqual(daemon.wait(), 0)
