"""The disk fails while the daemon runs."""

from __future__ import annotations

import os
import resource

from twisted.trial.unittest import SkipTest

from tests.daemon.running import DaemonTestCase


class DiskTests(DaemonTestCase):
    def setUp(self) -> None:
        super().setUp()
        if not hasattr(resource, "prlimit"):
            raise SkipTest("only Linux can limit the size of another process's files")
        self.running = self.daemon()
        self.alice, self.bob = self.running.person("alice"), self.running.person("bob")
        self.alice.says("/ack on", "/topic before", *("before" for _ in range(200)))
        self.alice.hears("+ 200 lobby ")

    def limit(self, size: int) -> None:
        """No file of the daemon can grow beyond so many bytes: that is how a full disk looks to SQLite."""
        assert self.running.process is not None
        _, hard = resource.prlimit(self.running.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.running.process.pid, resource.RLIMIT_FSIZE, (size, hard))

    def test_a_full_disk_is_an_answer_and_later_it_goes_on(self) -> None:
        self.limit(16_384)  # less than the log holds
        self.alice.says("lost", "/topic lost", "/topic")
        self.alice.hears("! Not stored: disk error. Not sent.\n! Not stored: disk error. Not sent.\n")
        self.alice.hears("* Topic of lobby: before ")
        self.alice.says("/history 1")
        self.alice.hears("alice: before\n")
        self.limit(resource.RLIM_INFINITY)
        self.alice.says("after", "/topic after")
        self.alice.hears("\n+ ")
        self.assertNotIn("lost", self.bob.hears("the topic to: after"))
        self.assertEqual(self.running.stop(), 0)
        self.assertEqual([line.text for line in self.history()], ["before"] * 200 + ["after"])

    def test_it_ends_with_status_1_when_the_database_is_lost(self) -> None:
        for name in ("chat.sqlite", "chat.sqlite-wal"):
            os.truncate(self.path(name), 0)
        self.limit(16_384)  # enough for the log
        self.alice.says("/topic lost")
        self.assertEqual(self.running.wait(), 1)
        self.assertIn("! Not stored: ", self.alice.hears_to_the_end())
        end = "* Server has to stop, because its database is broken. Lines without a receipt may be lost.\n"
        self.assertTrue(self.bob.hears_to_the_end().endswith(end))
        self.assertIn("chat.sqlite can neither be written nor read", self.running.log)
        self.assertFalse(os.path.exists(self.path("twistd.pid")))
