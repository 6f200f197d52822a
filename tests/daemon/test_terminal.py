"""The terminal client as a process on a pseudoterminal, the daemon as another, and people with nc."""

from __future__ import annotations

import os
import signal

from cryptography.hazmat.primitives import hashes
from twisted.trial.unittest import SkipTest

from tests.daemon.running import PATIENCE, Daemon, DaemonTestCase, until
from tests.test_tls import NAME, issue

try:
    import textual  # noqa: F401 - it is there, or it is not

    from tests.daemon.pseudoterminal import ALT_A, BACKSPACE, CONTROL_B, CONTROL_C, ENTER, ESCAPE, F5, UP, Terminal
except ModuleNotFoundError as missing:
    MISSING = f"{missing.name} is not installed; pip install '.[test]' brings it"
else:
    MISSING = ""


class TerminalTests(DaemonTestCase):
    def setUp(self) -> None:
        if MISSING:
            raise SkipTest(MISSING)
        super().setUp()

    def terminal(self, *words: str, size: tuple[int, int] = (100, 30), home: str = "home") -> Terminal:
        """`twisted-chat join` with these words, on a terminal; `home` is where it remembers things."""
        os.makedirs(self.path(home), exist_ok=True)
        terminal = Terminal("join", *words, home=self.path(home), size=size)
        self.addCleanup(terminal.reap)
        return terminal

    def seat(self, daemon: Daemon, nick: str, size: tuple[int, int] = (100, 30)) -> Terminal:
        """Somebody who is in the lobby."""
        terminal = self.terminal(daemon.addresses[0], "--nick", nick, size=size)
        terminal.sees("● Connected", "#lobby ›")
        return terminal

    def said(self) -> list[str]:
        """What the store says was said in the lobby."""
        return [line.text for line in self.history("lobby")]

    def test_an_evening(self) -> None:
        daemon = self.daemon()
        bob = daemon.person("bob")
        alice = self.terminal(daemon.addresses[0])
        alice.sees("Join a chat", daemon.addresses[0])
        alice.types("alice" + ENTER)
        alice.sees("● Connected", "#lobby ›", "People  2", " bob")
        bob.hears("* alice came")

        alice.types("hello bob" + ENTER)
        bob.hears("alice: hello bob")
        bob.says("hello alice, tea?")
        alice.sees("hello alice, tea?")
        self.assertIn("@", alice.row_of("hello alice, tea?"))

        bob.says("@alice psst")
        alice.sees("@1")
        alice.types(ALT_A)
        alice.sees("bob ›", "psst")
        alice.types("what is it?" + ENTER)
        bob.hears("alice -> you: what is it?")

        alice.types(CONTROL_B)
        alice.sees("#lobby ›")
        alice.types("at for" + ENTER)
        bob.hears("alice: at for")
        alice.sees("at for")
        alice.types(UP)
        alice.sees("e edit")
        alice.types("e")
        alice.sees("Editing: at for")
        alice.types(BACKSPACE * 2 + "our" + ENTER)
        bob.hears("alice edited 3: at four")
        alice.sees("at four (edited)")

        alice.types(CONTROL_C)
        self.assertEqual(alice.ends(), 0)
        self.assertTrue(alice.restored)
        bob.hears("* alice left")

    def test_what_is_typed_faster_than_it_is_drawn_is_sent_as_it_was_typed(self) -> None:
        daemon = self.daemon()
        bob, alice = daemon.person("bob"), self.seat(daemon, "alice")
        alice.types("".join(f"lime{BACKSPACE * 2}ne {number}{ENTER}" for number in range(30)))
        for number in range(30):
            self.assertIn(f"alice: line {number}\n", bob.hears(f"line {number}\n"))

    def test_a_paste_of_many_lines_is_one_message(self) -> None:
        daemon = self.daemon()
        alice = self.seat(daemon, "alice")
        alice.pastes("def tea():\r    return 5\r")
        alice.sees("def tea():", "    return 5")
        self.assertEqual(self.said(), [])
        alice.types(ENTER)
        until(self.said, "the message")
        self.assertEqual(self.said(), ["def tea():\n    return 5"])

    def test_the_daemon_is_killed_and_comes_back_and_nothing_is_lost_or_doubled(self) -> None:
        daemon = self.daemon()
        listen = f"tcp:{daemon.addresses[0].rpartition(':')[2]}:interface=127.0.0.1"
        alice = self.seat(daemon, "alice", size=(100, 40))
        bob = daemon.person("bob")
        for number in range(3):
            alice.types(f"before {number}{ENTER}")
            bob.says(f"bob before {number}")
        until(lambda: len(self.said()) == 6, "all lines")
        daemon.kill()
        alice.sees("○")
        alice.types(f"meanwhile 0{ENTER}meanwhile 1{ENTER}")
        alice.sees("meanwhile 1", "not sent yet")

        again = self.daemon("--listen", listen)
        bob = again.person("bob")
        bob.says("bob is back")
        alice.sees("● Connected", "bob is back")
        alice.sees_no("not sent yet", "…")
        until(lambda: len(self.said()) == 9, "all lines")
        self.assertEqual([line for line in self.said() if line.startswith("meanwhile")], ["meanwhile 0", "meanwhile 1"])
        for line in self.said():
            alice.sees(line)
            self.assertEqual(sum(f"│ {line}" in row for row in alice.rows), 1, f"{line!r} in\n{alice}")
        alice.sees("People  2")

    def test_the_sidebar_follows_who_comes_and_who_leaves(self) -> None:
        daemon = self.daemon()
        alice = self.seat(daemon, "alice")
        alice.sees("People  1")
        people = [daemon.person(f"guest{number}") for number in range(5)]
        alice.sees("People  6", *(f" guest{number}" for number in range(5)))
        people[2].says("exit")
        alice.sees("People  5")
        alice.waits(lambda: not any(row.startswith("  guest2") for row in alice.rows), "guest2 gone")

    def test_an_unknown_certificate_is_asked_about_once(self) -> None:
        pair = issue(NAME, issue("Root CA"))
        daemon = self.daemon(
            "--tls-cert", self.write("cert.pem", pair.cert_pem), "--tls-key", self.write("key.pem", pair.key_pem)
        )
        words = (daemon.addresses[0], "--tls", "--nick", "alice")
        alice = self.terminal(*words)
        alice.sees("Is this really", "fingerprint", "Do not connect")
        alice.types(ENTER)
        alice.sees("Join a chat")
        alice.types(CONTROL_C)
        self.assertEqual(alice.ends(), 0)

        alice = self.terminal(*words)
        alice.sees("Do not connect")
        alice.types("\t" + ENTER)
        alice.sees("● Connected", "#lobby ›")
        alice.types(CONTROL_C)
        self.assertEqual(alice.ends(), 0)

        alice = self.terminal(*words)
        alice.sees("● Connected", "#lobby ›")

        fingerprint = pair.certificate.fingerprint(hashes.SHA256()).hex(":")
        bob = self.terminal(daemon.addresses[0], "--tls", "--nick", "bob", "--trust", fingerprint, home="bob")
        bob.sees("● Connected", "#lobby ›")

    def test_a_mention_is_in_the_title_and_rings_only_when_that_is_wanted(self) -> None:
        daemon = self.daemon()
        bob, alice = daemon.person("bob"), self.seat(daemon, "alice")
        bob.says("@alice one")
        alice.sees("@1")
        alice.waits(lambda: "(1)" in alice.screen.title, "the title")
        self.assertEqual(self.bells(alice), 0)
        alice.types(F5)
        alice.sees("The bell is on.")
        rung = self.bells(alice)
        bob.says("@alice two")
        alice.sees("@2")
        alice.waits(lambda: self.bells(alice) == rung + 1, "the bell")

    def bells(self, terminal: Terminal) -> int:
        """How often it rang: a BEL that ends no operating system command (OSC), such as that of the title."""
        return terminal.written.count(b"\x07") - terminal.written.count(b"\x1b]")

    def test_what_ends_it_from_outside_ends_it_in_order(self) -> None:
        daemon = self.daemon()
        for number in (signal.SIGTERM, signal.SIGHUP):
            alice = self.seat(daemon, "alice")
            alice.process.send_signal(number)
            self.assertEqual(alice.ends(), 0)
            self.assertTrue(alice.restored)

    def test_a_terminal_that_is_closed_ends_it_too(self) -> None:
        daemon = self.daemon()
        bob, alice = daemon.person("bob"), self.seat(daemon, "alice")
        bob.hears("* alice came\n")
        alice.closes()
        self.assertEqual(bob.hears("alice left\n"), "* alice left\n")
        self.assertEqual(alice.process.wait(PATIENCE), 0)

    def test_a_window_that_is_made_smaller_and_larger(self) -> None:
        daemon = self.daemon()
        alice = self.seat(daemon, "alice", size=(120, 40))
        alice.types("half a sen")
        for size in ((60, 16), (200, 60)):
            alice.resize(*size)
            alice.process.send_signal(signal.SIGWINCH)
            alice.waits(lambda size=size: alice.rows[size[1] - 1].startswith(" ● Connected"), f"{size}")
            alice.sees("half a sen", "#lobby ›", "F1 help")
        alice.types("tence" + ESCAPE + ENTER)
        until(self.said, "the message")
        self.assertEqual(self.said(), ["half a sentence"])
