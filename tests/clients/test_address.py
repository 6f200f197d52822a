"""Where a server is, by what somebody types; and the server on this machine."""

from __future__ import annotations

import os
import signal

from twisted.trial.unittest import TestCase

from chat.clients import parts
from chat.clients.address import Address, BadAddress, parse
from chat.clients.local import HERE, NoServer, find, start
from chat.clients.options import options
from chat.clients.remembered import Remembered
from tests.clients.test_plain import free_port
from tests.daemon.running import DaemonTestCase, until


class AddressTests(TestCase):
    def test_what_leaves_the_machine_is_encrypted(self) -> None:
        for text, address in {
            "chat.example.org": Address("chat.example.org", 6697, True),
            "chat.example.org:7000": Address("chat.example.org", 7000, True),
            "192.0.2.7": Address("192.0.2.7", 6697, True),
            "[2001:db8::1]:7000": Address("2001:db8::1", 7000, True),
            "2001:db8::1": Address("2001:db8::1", 6697, True),
            "localhost": Address("localhost", 5050, False),
            "127.0.0.1:6667": Address("127.0.0.1", 6667, False),
            "[::1]": Address("::1", 5050, False),
            "localhost.example.org": Address("localhost.example.org", 6697, True),
        }.items():
            self.assertEqual(parse(text), address, text)
            self.assertEqual(parse(str(address), address.tls), address)

    def test_unless_somebody_says_otherwise(self) -> None:
        self.assertEqual(parse("chat.example.org", tls=False), Address("chat.example.org", 5050, False))
        self.assertEqual(parse("localhost", tls=True), Address("localhost", 6697, True))

    def test_what_is_none(self) -> None:
        for text in ("", ":5050", "a:", "a:x", "a:0", "a:65536", "a:1234567", "a b", "http://a", "a:٣"):
            self.assertRaises(BadAddress, parse, text)


class OptionsTests(TestCase):
    def test_a_command_line(self) -> None:
        words = ["chat.example.org", "--nick", "alice", "--room", "tea", "--room", "#dev", "--plain"]
        given = options("join", "", words)
        self.assertEqual(given.address, Address("chat.example.org", 6697, True))
        self.assertEqual((given.nick, given.rooms, given.plain), ("alice", ("#tea", "#dev"), True))
        self.assertEqual(options("window", "", []).rooms, ("#lobby",))

    def test_a_password_from_a_file(self) -> None:
        path = self.mktemp()
        with open(path, "w") as file:
            file.write("correct horse\nmore\n")
        given = options("join", "", ["--password-file", path, "--account", "alice"])
        self.assertEqual((given.password, given.asks_password), ("correct horse", False))
        self.assertTrue(options("join", "", ["--account", "alice"]).asks_password)

    def test_what_cannot_be_is_refused_in_words(self) -> None:
        for words in (["a:x"], ["--password-file", "/nowhere"], ["--tls", "--insecure"]):
            self.assertRaises(SystemExit, options, "join", "", words)


class HomeTests(DaemonTestCase):
    """Where one joins who does not say where."""

    def setUp(self) -> None:
        super().setUp()
        self.patch(os, "environ", {**os.environ, "XDG_STATE_HOME": self.directory})
        self.found: list[str] = []
        self.patch(parts, "find", lambda directory: self.found.append(directory) or "")

    def test_on_this_machine_unless_one_was_elsewhere_and_can_be_asked(self) -> None:
        for server, words, address in (
            ("", [], HERE), ("", ["--plain"], HERE), (str(HERE), [], HERE), ("chat.example.org:6697", [], None),
            ("chat.example.org:6697", ["--plain"], HERE),
        ):  # fmt: skip
            Remembered(os.path.join(self.directory, "twisted-chat", "remembered.json")).put(server=server)
            self.found.clear()
            self.assertEqual(parts.at_home(options("join", "", words)).address, address, (server, words))
            self.assertEqual(self.found, [os.path.join(self.directory, "twisted-chat")] if address else [])


class LocalTests(DaemonTestCase):
    def test_it_is_started_once_and_goes_on(self) -> None:
        address = Address("127.0.0.1", free_port(), False)
        told = find(self.directory, address)
        process = int(told.rpartition("kill ")[2].split()[0])
        try:
            self.assertIn(f"Nobody listened on {address}, so a server was started there", told)
            self.assertEqual(find(self.directory, address), "")
        finally:
            os.kill(process, signal.SIGTERM)
            until(lambda: os.waitpid(process, os.WNOHANG) != (0, 0), "the end of the server")
        self.assertTrue(os.path.exists(self.path("chat.sqlite")))

    def test_why_it_could_not_be_started_is_told(self) -> None:
        self.write("chat.sqlite", "no database" * 1000)
        problem = self.assertRaises(NoServer, start, self.directory, Address("127.0.0.1", free_port(), False))
        self.assertIn("A server could not be started. It says: ", str(problem))
        self.assertIn("database", str(problem))
