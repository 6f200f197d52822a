"""`twisted-chat join --plain` as a process, against the real daemon, with people at nc on the other side."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence

from tests.daemon.running import PATIENCE, ROOT, Daemon, DaemonTestCase, until


class Joined:
    """Somebody who joined with the plain client: what comes out of it is gathered while it runs."""

    def __init__(self, directory: str, words: Sequence[str]) -> None:
        environ = {**os.environ, "PYTHONPATH": ROOT, "XDG_STATE_HOME": directory, "PYTHONUNBUFFERED": "1", "TZ": "UTC"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "chat", "join", "--plain", *words], cwd=directory, env=environ,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        self.out, self.err = bytearray(), bytearray()
        self._threads = [
            threading.Thread(target=self._gather, args=each, daemon=True)
            for each in ((self.process.stdout, self.out), (self.process.stderr, self.err))
        ]
        for thread in self._threads:
            thread.start()

    def _gather(self, pipe: object, into: bytearray) -> None:
        while data := pipe.read1(65_536):  # type: ignore[attr-defined]
            into += data

    def types(self, *lines: str) -> None:
        """Type lines."""
        assert self.process.stdin is not None
        self.process.stdin.write("".join(line + "\n" for line in lines).encode())
        self.process.stdin.flush()

    def ends_input(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()

    @property
    def lines(self) -> list[str]:
        """What was said, without the time: all lines on standard output."""
        return [line.partition("] ")[2] if line.startswith("[") else line for line in self.out.decode().splitlines()]

    def hears(self, text: str) -> None:
        """Wait until this has come out."""
        until(lambda: text in self.out.decode() or self.process.poll() is not None, text)
        if text not in self.out.decode():
            raise AssertionError(f"{text!r} never came, but {self.out.decode()!r} and {self.err.decode()!r}")

    def is_told(self, text: str) -> None:
        """Wait until this has come on standard error."""
        until(lambda: text in self.err.decode(), text)

    def leaves(self) -> int:
        """Its exit status, when it has left by itself."""
        status = self.process.wait(PATIENCE)
        for thread in self._threads:
            thread.join(PATIENCE)
        return status

    def reap(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


class PlainTests(DaemonTestCase):
    def joins(self, *words: str) -> Joined:
        joined = Joined(self.directory, words)
        self.addCleanup(joined.reap)
        return joined

    def join(self, daemon: Daemon, nick: str, *words: str) -> Joined:
        joined = self.joins(daemon.addresses[0], "--nick", nick, *words)
        joined.is_told(f" as {nick}.")
        return joined

    def test_it_talks_with_somebody_at_nc(self) -> None:
        daemon = self.daemon()
        bob = daemon.person("bob")
        bob.says("is anybody there?")
        alice = self.join(daemon, "alice")
        alice.hears("bob: is anybody there?\n* -- now --\n")
        bob.hears("* alice came\n")
        alice.types("hello bob", "  not a command", "/jion tea", "/me waves")
        for text in ("alice: hello bob", "alice:  not a command", "* alice waves"):
            bob.hears(text)
        alice.types("@bob and in private")
        bob.hears("alice -> you: and in private")
        alice.hears("Did you mean /join?")
        bob.says("hello alice", "@alice for you", "s/alice/all/")
        alice.hears("bob -> you: for you")
        alice.types("exit")
        self.assertEqual(alice.leaves(), 0)
        bob.hears("* alice left")
        self.assertNotIn("jion", bob.unread)

    def test_edits_answers_and_reactions_are_told_in_words(self) -> None:
        daemon = self.daemon()
        alice, bob = self.join(daemon, "alice"), daemon.person("bob")
        alice.types("tea at for?")
        bob.hears("alice: tea at for?")
        bob.says("/react 1 :tea:", "/reply 1 or five", "no")
        alice.hears('* bob reacts to "tea at for?": 🍵\n')
        alice.hears('bob (re alice "tea at for?"): or five\n')
        bob.says("s/no/yes/")
        alice.hears('bob edited "no": yes\n')
        alice.types("s/for/four/")
        bob.hears("alice edited 1: tea at four?")
        bob.says("/delete 3")
        alice.hears('* bob took back: "yes"\n')
        alice.types("@exit")
        self.assertEqual(alice.leaves(), 0)

    def test_a_pipe_is_sent_whole_and_in_order_and_ends_with_its_input(self) -> None:
        daemon = self.daemon()
        alice = self.joins(daemon.addresses[0], "--nick", "alice")
        alice.types(*(f"line {number}" for number in range(300)))
        alice.ends_input()
        self.assertEqual(alice.leaves(), 0)
        self.assertEqual([line.text for line in self.history()], [f"line {number}" for number in range(300)])
        self.assertEqual(alice.out.decode(), "")

    def test_nothing_is_lost_or_doubled_when_the_daemon_is_killed_and_comes_back(self) -> None:
        port = free_port()
        listen = ("--listen", f"tcp:{port}:interface=127.0.0.1")
        daemon = self.daemon(*listen)
        alice, carol = self.join(daemon, "alice"), self.join(daemon, "carol")
        said: list[str] = []
        for life in range(4):
            bob = daemon.person(f"bob{life}")
            for number in range(20):
                said.append(f"{life}-{number}")
                alice.types(said[-1])
            bob.hears(f"alice: {life}-{5 * life}\n")
            daemon.kill()
            alice.types(f"{life}-while there was no server")
            said.append(f"{life}-while there was no server")
            daemon.start()
            daemon.ready()
        carol.hears(f"alice: {said[-1]}\n")
        alice.ends_input()
        self.assertEqual(alice.leaves(), 0)
        carol.types("exit")
        self.assertEqual(carol.leaves(), 0)
        self.assertEqual([line.text for line in self.history() if line.by.name.startswith("alice")], said)
        heard = [line.partition(": ")[2] for line in carol.lines if line.startswith("alice")]
        self.assertEqual(heard, said)
        self.assertIn("is lost", alice.err.decode())

    def test_where_nobody_listens_it_says_so_and_fails(self) -> None:
        alice = self.joins(f"127.0.0.1:{free_port()}", "--nick", "alice")
        alice.types("hello")
        self.assertEqual(alice.leaves(), 1)
        self.assertIn("cannot be reached: nothing listens there.", alice.err.decode())

    def test_what_the_server_refuses_is_told_and_fails(self) -> None:
        daemon = self.daemon()
        alice = self.join(daemon, "alice")
        alice.types("@nobody hello?")
        alice.hears("! Not sent: hello?")
        alice.ends_input()
        self.assertEqual(alice.leaves(), 1)

    def test_an_interrupt_leaves_in_order(self) -> None:
        daemon = self.daemon()
        alice, bob = self.join(daemon, "alice"), daemon.person("bob")
        alice.types("hello")
        bob.hears("alice: hello\n")
        alice.process.send_signal(signal.SIGINT)
        self.assertEqual(alice.leaves(), 0)
        bob.hears("* alice left")
        self.assertNotIn("Traceback", alice.err.decode())

    def test_two_rooms(self) -> None:
        daemon = self.daemon()
        alice, bob = self.join(daemon, "alice", "--room", "tea", "--room", "#dev"), daemon.person("bob")
        bob.says("/join dev", "hello dev", "/join tea", "hello tea")
        alice.hears("#dev bob: hello dev\n")
        alice.hears("] bob: hello tea\n")
        alice.types("/join dev", "over there")
        bob.hears("#dev alice: over there")
        alice.types("exit")
        self.assertEqual(alice.leaves(), 0)
