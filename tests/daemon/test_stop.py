"""The daemon ends in an orderly way: everybody is told, and what was accepted is there after the next start."""

from __future__ import annotations

import os
import resource
import signal

from twisted.trial.unittest import SkipTest

from tests.daemon.running import LOCAL, Caller, Daemon, DaemonTestCase, until
from tests.daemon.witnesses import Sender, Witness

RESTART = "* Server is restarting, back in about 5 s."
GOODBYE = f"{RESTART} Nothing you sent is lost.\n"
UNREAD = f"{RESTART} Your last lines were not read; the history shows which are kept.\n"


class RestartTests(DaemonTestCase):
    def restart(self, number: signal.Signals) -> None:
        daemon = self.daemon()
        alice, bob = daemon.person("alice"), daemon.person("bob")
        alice.says("/ack on", "one", "two")
        alice.hears("+ 2 lobby ")
        bob.hears("alice: two\n")
        self.assertEqual(daemon.stop(number), 0)
        self.assertEqual(bob.hears_to_the_end(), GOODBYE)
        self.assertTrue(alice.hears_to_the_end().endswith(GOODBYE))
        self.assertNotIn("Traceback", daemon.log)
        self.assertFalse(os.path.exists(daemon.path("twistd.pid")))
        daemon.start()
        carol = daemon.ready().person("carol")
        carol.says("/history", "three")
        self.assertRegex(carol.hears("2 lines of lobby."), r"\[1 \d\d:\d\d\] alice: one\n\[2 \d\d:\d\d\] alice: two\n")
        carol.says("/history 1")
        carol.hears("[3 ")

    def test_sigterm(self) -> None:
        self.restart(signal.SIGTERM)

    def test_sigint(self) -> None:
        self.restart(signal.SIGINT)

    def test_the_port_is_free_at_once(self) -> None:
        daemon = self.daemon()
        daemon.person("alice")
        address = daemon.addresses[0].replace("127.0.0.1:", "tcp:") + ":interface=127.0.0.1"
        self.assertEqual(daemon.stop(), 0)
        self.daemon("--listen", address).person("alice")

    def test_a_second_signal_is_no_error(self) -> None:
        daemon = self.daemon()
        daemon.person("alice")
        for _ in range(3):
            daemon.send(signal.SIGINT)
        self.assertEqual(daemon.wait(), 0)
        self.assertNotIn("Traceback", daemon.log)

    def test_a_signal_as_soon_as_it_listens(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            daemon = self.daemon("--database", ":memory:")
            # For an instant SIGTERM is the reactor's: that ends as orderly, but the status tells of the signal.
            self.assertIn(daemon.stop(number), (0, -signal.SIGTERM))
            self.assertNotIn("Traceback", daemon.log)

    def test_in_the_middle_of_talk(self) -> None:
        daemon = self.daemon()
        senders = [Sender(daemon, name, 1) for name in ("ann", "ben", "cat", "dan")]
        people = [Witness(daemon, "ruth", 1), *senders]
        for person in people:
            person.start()
        until(lambda: len(people[0].numbers) > 200, "200 lines")
        self.assertEqual(daemon.stop(), 0)
        for person in people:
            person.finish()
            self.assertIn(person.last + "\n", (GOODBYE, UNREAD) if person in senders else (GOODBYE,))
        kept = [line.text for line in self.history()]
        for sender in senders:
            receipts = [kept[int(number) - 1] for number, _ in sender.receipts]
            self.assertEqual(receipts, sender.said[: len(receipts)])
            mine = [text for text in kept if text.startswith(sender.name)]
            self.assertEqual(mine, sender.said[: len(mine)])

    def test_who_was_not_read_to_the_end_is_told_so(self) -> None:
        daemon = self.new_daemon("--listen", LOCAL, "--flood", "10/1")
        daemon.start()
        alice = daemon.ready().person("alice")
        alice.says("/ack on", *(f"line {number}" for number in range(100)))
        alice.hears("+ 5 ")
        self.assertEqual(daemon.stop(), 0)
        self.assertTrue(alice.hears_to_the_end().endswith(UNREAD))
        self.assertLess(len(self.history()), 100)

    def test_what_is_done_at_last_has_its_receipt(self) -> None:
        daemon = self.daemon()
        alice = daemon.person("alice")
        alice.says("/ack on")
        alice.hears("\n")
        daemon.send(signal.SIGSTOP)
        alice.says(*(f"line {number} {'.' * 1000}" for number in range(500)))
        daemon.send(signal.SIGTERM)
        daemon.send(signal.SIGCONT)
        heard = alice.hears_to_the_end()
        self.assertEqual(daemon.wait(), 0)
        kept = [line.number for line in self.history()]
        self.assertEqual([int(line.split(" ")[1]) for line in heard.splitlines() if line[0] == "+"], kept)
        self.assertTrue(heard.endswith(GOODBYE if len(kept) == 500 else UNREAD))

    def test_nobody_who_takes_nothing_can_hold_it_up(self) -> None:
        daemon = self.daemon()
        stuck = daemon.person("stuck")
        stuck.types(b"/help\n" * 5000)
        daemon.person("alice")
        self.assertEqual(daemon.stop(), 0)


class CrowdTests(DaemonTestCase):
    """A thousand people are here when the daemon is ended."""

    SIZE = 1000

    def setUp(self) -> None:
        super().setUp()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        needed = self.SIZE + 200
        if hard != resource.RLIM_INFINITY and hard < needed:
            raise SkipTest(f"needs {needed} open files, and the system allows {hard}")
        if soft != resource.RLIM_INFINITY and soft < needed:
            resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
            self.addCleanup(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))

    def test_everyone_gets_a_goodbye_and_what_was_accepted_is_kept(self) -> None:
        daemon = self.daemon()
        crowd = [self.comes(daemon, number) for number in range(self.SIZE)]
        for caller in crowd:
            caller.hears("* You are in lobby")
        for number, speaker in enumerate(crowd[::10]):
            speaker.says("/ack on", *(f"line {number}.{count}" for count in range(10)))
        for speaker in crowd[::10]:
            for _ in range(10):
                speaker.hears("\n+ ")
        daemon.send(signal.SIGTERM)
        self.assertEqual(daemon.wait(5), 0)
        for caller in crowd:
            self.assertTrue(caller.hears_to_the_end().endswith(GOODBYE))
        accepted = {f"line {number}.{count}" for number in range(100) for count in range(10)}
        self.assertEqual(sorted(line.text for line in self.history()), sorted(accepted))

    def comes(self, daemon: Daemon, number: int) -> Caller:
        """Connect and give a name, but do not wait for the answer; the port's queue holds only 50."""
        caller = daemon.caller()
        caller.says(f"person{number}")  # at once: a port that serves several wires waits for who says nothing
        caller.hears("Your name? ")
        return caller
