"""What systemd is told with Type=notify (sd_notify(3)), on a socket like its own."""

from __future__ import annotations

import signal
import socket

from tests.daemon.running import LOCAL, PATIENCE, Daemon, DaemonTestCase


class NotifyTests(DaemonTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.systemd = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.systemd.close)
        self.systemd.settimeout(PATIENCE)
        self.systemd.bind(self.path("notify"))

    def starts(self, **environ: str) -> Daemon:
        daemon = self.new_daemon("--listen", LOCAL, environ={"NOTIFY_SOCKET": self.path("notify"), **environ})
        daemon.start()
        return daemon

    def is_told(self) -> str:
        return self.systemd.recv(4096).decode()

    def test_it_is_ready_when_people_can_come_in(self) -> None:
        daemon = self.starts()
        self.assertEqual(self.is_told(), "READY=1")
        daemon.person("alice")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.is_told(), "STOPPING=1")

    def test_the_watchdog_hears_of_it_again_and_again(self) -> None:
        daemon = self.starts(WATCHDOG_USEC="100000")
        self.assertEqual([self.is_told() for _ in range(6)], ["READY=1", *["WATCHDOG=1"] * 5])
        daemon.send(signal.SIGSTOP)
        self.systemd.setblocking(False)
        with self.assertRaises(BlockingIOError):
            for _ in range(1000):
                self.is_told()
        self.systemd.settimeout(PATIENCE)
        daemon.send(signal.SIGCONT)
        self.assertEqual(self.is_told(), "WATCHDOG=1")
        self.assertEqual(daemon.stop(), 0)

    def test_a_watchdog_for_another_process(self) -> None:
        daemon = self.starts(WATCHDOG_USEC="1000", WATCHDOG_PID="1")
        self.assertEqual(self.is_told(), "READY=1")
        daemon.person("alice")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(self.is_told(), "STOPPING=1")

    def test_it_is_never_ready_when_it_cannot_start(self) -> None:
        self.write("chat.sqlite", "no database")
        self.assertEqual(self.starts().wait(), 1)
        self.systemd.setblocking(False)
        self.assertRaises(BlockingIOError, self.is_told)
