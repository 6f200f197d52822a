"""Word to systemd, over a real datagram socket."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile

from twisted.trial.unittest import SynchronousTestCase

from chat.ops.systemd import notify, watchdog_interval


class NotifyTests(SynchronousTestCase):
    def listen(self, address: str) -> socket.socket:
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(listener.close)
        listener.bind(address)
        listener.setblocking(False)
        return listener

    def directory(self) -> str:
        """Not mktemp(): the address of a unix socket holds about 100 bytes only (unix(7))."""
        directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, directory)
        return directory

    def test_the_state_arrives_as_one_datagram(self) -> None:
        address = os.path.join(self.directory(), "notify")
        listener = self.listen(address)
        self.assertTrue(notify("READY=1\nSTATUS=12 people äöü", {"NOTIFY_SOCKET": address}))
        self.assertEqual(listener.recv(4096), "READY=1\nSTATUS=12 people äöü".encode())
        self.assertRaises(BlockingIOError, listener.recv, 4096)

    def test_an_abstract_socket(self) -> None:
        name = f"chat-test-{os.getpid()}"
        listener = self.listen("\0" + name)
        self.assertTrue(notify("WATCHDOG=1", {"NOTIFY_SOCKET": "@" + name}))
        self.assertEqual(listener.recv(4096), b"WATCHDOG=1")

    if not sys.platform.startswith("linux"):
        test_an_abstract_socket.skip = "abstract sockets exist on Linux only"  # type: ignore[attr-defined]

    def test_without_systemd_nothing_happens(self) -> None:
        self.assertFalse(notify("READY=1", {}))
        self.assertFalse(notify("READY=1", {"NOTIFY_SOCKET": ""}))

    def test_a_socket_that_nobody_reads_is_no_error(self) -> None:
        address = os.path.join(self.directory(), "notify")
        self.assertFalse(notify("READY=1", {"NOTIFY_SOCKET": address}))
        self.listen(address).close()
        self.assertFalse(notify("READY=1", {"NOTIFY_SOCKET": address}))

    def test_it_takes_the_socket_from_the_environment(self) -> None:
        address = os.path.join(self.directory(), "notify")
        listener = self.listen(address)
        os.environ["NOTIFY_SOCKET"] = address
        self.addCleanup(os.environ.pop, "NOTIFY_SOCKET")
        self.assertTrue(notify("STOPPING=1"))
        self.assertEqual(listener.recv(4096), b"STOPPING=1")


class WatchdogTests(SynchronousTestCase):
    def test_half_of_what_systemd_allows_in_seconds(self) -> None:
        self.assertEqual(watchdog_interval({"WATCHDOG_USEC": "30000000"}), 15.0)
        self.assertEqual(watchdog_interval({"WATCHDOG_USEC": "1500"}), 0.00075)

    def test_no_watchdog(self) -> None:
        for allowed in ("", "0", "soon", "-1", "٣"):
            self.assertIsNone(watchdog_interval({"WATCHDOG_USEC": allowed}))
        self.assertIsNone(watchdog_interval({}))

    def test_only_the_process_that_is_asked(self) -> None:
        environ = {"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}
        self.assertEqual(watchdog_interval(environ), 15.0)
        self.assertIsNone(watchdog_interval({**environ, "WATCHDOG_PID": str(os.getppid())}))
        self.assertEqual(watchdog_interval({**environ, "WATCHDOG_PID": ""}), 15.0)
