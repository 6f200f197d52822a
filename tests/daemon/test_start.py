"""How the daemon starts, and what it says when it cannot: a sentence, and nothing is left behind."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import sys
from contextlib import closing

from twisted.trial.unittest import SkipTest

from tests.daemon.running import FOREGROUND, LOCAL, TWISTD, Daemon, DaemonTestCase, until

#: What the log puts before what it says.
PREFIX = re.compile(r"^\S+ \[[^\]]*\] ", re.MULTILINE)


#: `twisted-chat`, with somebody who asks the collector of garbage as soon as the reactor runs.
ASKING = """
import gc
from twisted.internet import reactor
from chat.__main__ import main
reactor.callLater(0, lambda: print("collects:", gc.isenabled(), "spares the modules:", gc.get_freeze_count() > 10_000))
main()
"""


class StartTests(DaemonTestCase):
    def meet(self, daemon: Daemon) -> None:
        daemon.start()
        alice, bob = daemon.ready().person("alice"), daemon.person("bob")
        alice.says("hi")
        bob.hears("alice: hi\n")
        self.assertEqual(daemon.stop(), 0)

    def test_twistd(self) -> None:
        self.meet(self.new_daemon("--listen", LOCAL))
        self.assertEqual([name for name in os.listdir(self.directory) if "sqlite" not in name], ["log"])

    def test_twist(self) -> None:
        self.meet(self.new_daemon("--listen", LOCAL, twistd=(sys.executable, "-m", "twisted", "--log-format=text")))

    def test_python_m_chat(self) -> None:
        daemon = self.new_daemon()
        daemon.program = (sys.executable, "-m", "chat", "--listen", LOCAL)
        self.meet(daemon)

    def test_garbage_is_collected_when_it_runs(self) -> None:
        daemon = self.new_daemon()
        daemon.program = (sys.executable, "-c", ASKING, "serve", "--listen", LOCAL)
        self.meet(daemon)
        self.assertIn("collects: True spares the modules: True\n", daemon.log)

    def test_a_directory_for_the_state(self) -> None:
        os.mkdir(self.path("state"))
        daemon = self.new_daemon("--listen", LOCAL, environ={"STATE_DIRECTORY": self.path("state")})
        daemon.start()
        daemon.ready()
        self.assertTrue(os.path.exists(self.path("state/chat.sqlite")))

    def test_nothing_is_written_for_a_history_in_memory(self) -> None:
        daemon = self.daemon("--database", ":memory:")
        daemon.person("alice").says("hi")
        self.assertEqual(daemon.stop(), 0)
        self.assertEqual(os.listdir(self.directory), ["log"])


class BackgroundTests(DaemonTestCase):
    """twistd without -n: it forks, so threads, database and sockets must be those of the child."""

    def setUp(self) -> None:
        super().setUp()
        self.starter = self.new_daemon("--listen", LOCAL, "--flood", "off", twistd=(*TWISTD, "--logfile", "log"))

    def begin(self) -> int:
        """Start it, and be sure that it is ended; its process id."""
        self.starter.start()
        self.assertEqual(self.starter.wait(), 0)
        with open(self.path("twistd.pid")) as file:
            pid = int(file.read())
        self.addCleanup(self.end, pid)
        self.starter.ready()
        return pid

    def end(self, pid: int) -> None:
        if os.path.exists(self.path("twistd.pid")):
            os.kill(pid, signal.SIGKILL)

    def test_it_talks_keeps_and_ends(self) -> None:
        for life in (1, 2):
            pid = self.begin()
            alice, bob = self.starter.person("alice"), self.starter.person("bob")
            alice.says("/ack on", f"life {life}", "/search life")
            alice.hears(f"+ {life} lobby ")
            alice.hears(f"alice: life {life}")
            bob.hears(f"alice: life {life}\n")
            os.kill(pid, signal.SIGTERM)
            bob.hears_to_the_end()
            until(lambda: not os.path.exists(self.path("twistd.pid")), "the end")
        self.assertEqual([line.text for line in self.history()], ["life 1", "life 2"])

    def test_it_tells_the_shell_and_the_log_when_it_cannot_start(self) -> None:
        self.write("chat.sqlite", "something else")
        self.starter.start(output="terminal")
        self.assertEqual(self.starter.wait(), 1)
        with open(self.path("terminal")) as terminal:
            self.assertIn("chat.sqlite is not a chat database", terminal.read())
        self.starter.logs("Move it away and restore a backup")
        self.assertNotIn("Traceback", self.starter.log)
        self.assertFalse(os.path.exists(self.path("twistd.pid")))


class RefusalTests(DaemonTestCase):
    def refusal(self, *options: str) -> str:
        """What is said at last by a daemon that cannot start; it says it in one line, and leaves nothing behind."""
        before = set(os.listdir(self.directory))
        daemon = self.new_daemon(*options)
        daemon.start()
        self.assertEqual(daemon.wait(), 1)
        self.assertNotIn("Traceback", daemon.log)
        self.assertEqual(daemon.addresses, [])
        left = set(os.listdir(self.directory)) - before
        self.assertEqual({name for name in left if "sqlite" not in name} - {"log"}, set())
        return PREFIX.sub("", daemon.log).splitlines()[-1].removeprefix("twistd -n: ")

    # -- what twistd calls an error of usage

    def test_an_unknown_option(self) -> None:
        self.assertEqual(self.refusal("--lisden", LOCAL), "option --lisden not recognized")

    def test_something_that_is_no_option(self) -> None:
        self.assertEqual(self.refusal("5050"), '"5050" is no option; options begin with "--".')

    def test_a_bad_value(self) -> None:
        sentence = '--flood: must be "off", or burst/lines per second such as "10/2", not "fast".'
        self.assertEqual(self.refusal("--flood", "fast"), sentence)

    def test_bad_toml(self) -> None:
        self.write("chat.toml", 'name = "chat.example.org"\nflood = fast\n')
        sentence = "chat.toml, line 2: this is not valid TOML: invalid value; text must stand in quotes."
        self.assertEqual(self.refusal("--config", "chat.toml"), sentence)

    def test_no_such_file(self) -> None:
        self.assertEqual(self.refusal("--config", "chat.toml"), "chat.toml: there is no such file.")

    # -- doors

    def test_a_port_in_use(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as other:
            endpoint = f"tcp:{other.getsockname()[1]}:interface=127.0.0.1"
            sentence = f'Cannot listen on "{endpoint}": Address already in use.'
            self.assertEqual(self.refusal("--listen", endpoint), sentence)

    def test_nothing_stays_open_when_the_second_door_does_not_open(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            first = f"tcp:{free.getsockname()[1]}:interface=127.0.0.1"
        daemon = self.new_daemon("--listen", first, "--listen", "tpc:1")
        daemon.start()
        self.assertEqual(daemon.wait(), 1)
        with self.assertRaises(ConnectionRefusedError):
            daemon.connect()
        self.daemon("--listen", first).person("alice")

    def test_what_is_no_endpoint(self) -> None:
        for text in ("tpc:5050", "tcp"):
            sentence = f'"{text}" is no endpoint. One is like this: tcp:5050:interface=127.0.0.1'
            self.assertEqual(self.refusal("--listen", text), sentence)

    def test_an_address_that_is_not_ours(self) -> None:
        sentence = 'Cannot listen on "tcp:0:interface=192.0.2.1": Cannot assign requested address.'
        self.assertEqual(self.refusal("--listen", "tcp:0:interface=192.0.2.1"), sentence)

    def test_a_unix_socket_in_no_directory(self) -> None:
        path = self.path("none/socket")
        sentence = f'Cannot listen on "unix:{path}": {path}.lock: No such file or directory.'
        self.assertEqual(self.refusal("--line", f"unix:{path}"), sentence)

    def test_systemd_without_systemd(self) -> None:
        for text in ("systemd:domain=INET:name=chat", "systemd:domain=INET:index=0"):
            sentence = f'systemd has not handed over the socket of "{text}".'
            self.assertEqual(self.refusal("--listen", text), sentence)

    def test_certificates(self) -> None:
        self.write("junk.pem", "junk")
        self.assertEqual(self.refusal("--tls-cert", "none.pem"), "none.pem: there is no such file.")
        self.assertIn("junk.pem: this is not a PEM file", self.refusal("--tls-cert", "junk.pem"))
        none, junk = "ssl:0:privateKey=none.pem", "ssl:0:privateKey=junk.pem"
        self.assertIn("none.pem: No such file or directory.", self.refusal("--listen", none))
        self.assertIn("its certificate or its key cannot be used.", self.refusal("--listen", junk))

    # -- the database

    def test_no_directory_for_the_database(self) -> None:
        folder = self.path("none")
        sentence = f"There is no directory {folder}. Make it, or name another file with --database."
        self.assertEqual(self.refusal("--database", f"{folder}/chat.sqlite"), sentence)

    def test_a_database_that_is_a_directory(self) -> None:
        os.mkdir(self.path("chat.sqlite"))
        self.assertIn("chat.sqlite cannot be written (Is a directory). ", self.refusal())

    def test_a_database_that_may_not_be_written(self) -> None:
        if os.geteuid() == 0:
            raise SkipTest("root may write everything")
        os.chmod(self.write("chat.sqlite", ""), 0o400)
        self.assertIn("chat.sqlite cannot be written (Permission denied). ", self.refusal())

    def test_a_database_of_another_program(self) -> None:
        with closing(sqlite3.connect(self.path("chat.sqlite"))) as connection:
            connection.execute("CREATE TABLE cookies (name TEXT)")
        self.assertIn("chat.sqlite is a database of another program. ", self.refusal())

    def test_a_database_that_is_none(self) -> None:
        self.write("chat.sqlite", "Dear diary, today I have not been a database at all.\n" * 100)
        self.assertIn("chat.sqlite is not a chat database, or it is damaged. ", self.refusal())

    def test_a_database_in_use(self) -> None:
        running = self.daemon(twistd=(*FOREGROUND, "--pidfile="))
        self.assertIn("chat.sqlite is in use by another chat daemon. ", self.refusal("--listen", LOCAL))
        running.person("alice")
