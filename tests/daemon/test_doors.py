"""Every way in: addresses, sockets, certificates, and several at once."""

from __future__ import annotations

import os
import signal
import socket
import stat
import sys

from twisted.trial.unittest import SkipTest

from tests.daemon.running import FOREGROUND, LOCAL, PATIENCE, Caller, Daemon, DaemonTestCase, trusting
from tests.test_tls import issue

IPV6 = r"tcp:0:interface=\:\:1"


def require_ipv6() -> None:
    """Skip where this machine has no ::1."""
    try:
        with socket.socket(socket.AF_INET6) as trial:
            trial.bind(("::1", 0))
    except OSError as error:
        raise SkipTest(f"this machine has no ::1 ({error.strerror})") from None


class DoorTests(DaemonTestCase):
    def test_ipv4(self) -> None:
        daemon = self.daemon("--listen", LOCAL)
        self.assertRegex(daemon.addresses[0], r"\A127\.0\.0\.1:\d+\Z")
        daemon.logs("Join with:  nc 127.0.0.1 ")
        self.meet(daemon, daemon.person("alice"))

    def test_ipv6(self) -> None:
        require_ipv6()
        daemon = self.daemon("--listen", IPV6)
        self.assertRegex(daemon.addresses[0], r"\A\[::1\]:\d+\Z")
        daemon.logs("Join with:  nc ::1 ")
        self.meet(daemon, daemon.person("alice"))

    def test_a_unix_socket(self) -> None:
        path = self.path("chat.socket")
        daemon = self.daemon("--listen", f"unix:{path}")
        self.assertEqual(daemon.addresses, [path])
        daemon.logs(f"Join with:  nc -U {path}")
        self.meet(daemon, daemon.person("alice"))
        self.assertEqual(daemon.stop(), 0)
        self.assertFalse(os.path.exists(path))

    def test_a_unix_socket_that_a_killed_daemon_has_left(self) -> None:
        path = self.path("chat.socket")
        daemon = self.daemon("--listen", f"unix:{path}")
        daemon.kill()
        self.assertTrue(stat.S_ISSOCK(os.stat(path).st_mode))
        daemon.start()
        self.meet(daemon.ready(), daemon.person("alice"))

    def test_several_of_each(self) -> None:
        require_ipv6()
        paths = [self.path("one"), self.path("two")]
        endpoints = ("--listen", LOCAL, "--line", LOCAL, "--listen", IPV6, "--line", IPV6)
        sockets = ("--listen", f"unix:{paths[0]}", "--line", f"unix:{paths[1]}")
        daemon = self.daemon(*endpoints, *sockets, doors=6)
        people = [daemon.person(f"person{door}", door) for door in range(6)]
        for number, person in enumerate(people):
            person.says(f"from {number}")
        for number, person in enumerate(people):
            heard = person.hears(f"from {4 if number == 5 else 5}\n")
            for other in range(5):
                self.assertEqual(f": from {other}\n" in heard, other != number)

    def meet(self, daemon: Daemon, caller: Caller) -> None:
        """Somebody else hears what the caller says."""
        other = daemon.person("bob")
        caller.says("hi")
        other.hears(": hi\n")


class EncryptedDoorTests(DaemonTestCase):
    def setUp(self) -> None:
        super().setUp()
        root = issue("Root CA")
        self.trust = trusting(root.cert_pem.decode())
        pair = issue("chat.example.org", root)
        self.write("cert.pem", pair.cert_pem)
        self.write("key.pem", pair.key_pem)
        self.write("both.pem", pair.cert_pem + pair.key_pem)

    def test_an_ssl_endpoint(self) -> None:
        daemon = self.daemon("--listen", "ssl:0:privateKey=key.pem:certKey=cert.pem:interface=127.0.0.1")
        daemon.logs("Or over TLS:  openssl s_client -quiet -connect 127.0.0.1:")
        self.assertNotIn("nc 127.0.0.1", daemon.log)
        self.says_it_is_encrypted(daemon.person("alice", tls=self.trust), True)

    def test_plain_and_tls_on_the_same_port(self) -> None:
        for option in ("--listen", "--line"):
            daemon = self.daemon("--tls-cert", "cert.pem", "--tls-key", "key.pem", option, LOCAL)
            alice, bob = daemon.person("alice", tls=self.trust), daemon.person("bob")
            self.says_it_is_encrypted(alice, True)
            self.says_it_is_encrypted(bob, False)
            alice.says("hi")
            bob.hears("alice: hi\n")
            bob.says("hi yourself")
            alice.hears("bob: hi yourself\n")
            alice.socket.close()
            self.assertEqual(daemon.stop(), 0)

    def test_a_certificate_of_ones_own_signs_in_after_a_restart_too(self) -> None:
        mine = issue("alice")
        self.trust.load_cert_chain(self.write("mine.pem", mine.cert_pem + mine.key_pem))
        daemon = self.daemon("--tls-cert", "both.pem")
        alice = daemon.person("alice", tls=self.trust)
        alice.says("/register", "correct horse", "/certificate add", "exit")
        alice.hears("* It opens your account from now on: ")
        alice.hears("* Bye alice.")
        alice.socket.close()
        self.assertEqual(daemon.stop(), 0)
        daemon.start()
        alice = daemon.ready().caller(tls=self.trust)
        alice.hears("Your name? ")
        alice.says("alice")
        self.assertEqual(alice.hears("Hello alice."), "* Hello alice.")
        client = daemon.caller(tls=self.trust)
        client.says("CAP REQ sasl", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +")
        client.hears(" 903 * ")

    def test_one_file_with_both(self) -> None:
        daemon = self.daemon("--tls-cert", "both.pem")
        self.says_it_is_encrypted(daemon.person("alice", tls=self.trust), True)

    def test_an_ssl_endpoint_beside_a_certificate(self) -> None:
        endpoint = "ssl:0:privateKey=key.pem:certKey=cert.pem:interface=127.0.0.1"
        daemon = self.daemon("--tls-cert", "both.pem", "--listen", endpoint, "--listen", LOCAL, doors=2)
        alice, bob = daemon.person("alice", 0, self.trust), daemon.person("bob", 1, self.trust)
        alice.says("hi", "and again")
        bob.hears("alice: and again\n")

    def test_ipv6_with_tls(self) -> None:
        require_ipv6()
        daemon = self.daemon("--tls-cert", "both.pem", "--listen", IPV6)
        daemon.logs("Or over TLS:  openssl s_client -quiet -connect [::1]:")
        self.says_it_is_encrypted(daemon.person("alice", tls=self.trust), True)

    def test_a_stop_says_goodbye_over_tls(self) -> None:
        daemon = self.daemon("--tls-cert", "both.pem")
        alice = daemon.person("alice", tls=self.trust)
        daemon.send(signal.SIGTERM)
        self.assertTrue(alice.hears_to_the_end().startswith("* Server is restarting, "))
        alice.socket.close()
        self.assertEqual(daemon.wait(), 0)

    def says_it_is_encrypted(self, person: Caller, encrypted: bool) -> None:
        person.says("/tls")
        person.hears("* Your link is encrypted." if encrypted else "* Your link is not encrypted.")


class ActivationTests(DaemonTestCase):
    """Sockets that somebody else has opened, as systemd does (sd_listen_fds(3))."""

    #: Puts the sockets that it is given where systemd does, and becomes the daemon.
    ACTIVATE = (
        "import fcntl, os, sys\n"
        "count = int(sys.argv[1])\n"
        "spare = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 100) for fd in sys.argv[2 : 2 + count]]\n"
        "for position, fd in enumerate(spare, 3):\n"
        "    os.dup2(fd, position)\n"
        "os.environ['LISTEN_PID'] = str(os.getpid())\n"
        "os.execv(sys.executable, [sys.executable, *sys.argv[2 + count :]])\n"
    )

    def activated(self, listeners: dict[str, socket.socket], *options: str) -> Daemon:
        fds = [listener.fileno() for listener in listeners.values()]
        environ = {"LISTEN_FDS": str(len(fds)), "LISTEN_FDNAMES": ":".join(listeners)}
        activate = (sys.executable, "-c", self.ACTIVATE, str(len(fds)), *map(str, fds), *FOREGROUND[1:])
        daemon = self.new_daemon(*options, twistd=activate, environ=environ)
        daemon.start(pass_fds=fds)
        return daemon

    def listener(self, family: int, address: tuple[str, int] | str) -> socket.socket:
        listener = socket.socket(family)
        self.addCleanup(listener.close)
        listener.settimeout(PATIENCE)
        listener.bind(address)
        listener.listen()
        return listener

    def test_sockets_by_name(self) -> None:
        listeners = {
            "chat": self.listener(socket.AF_INET, ("127.0.0.1", 0)),
            "local": self.listener(socket.AF_UNIX, self.path("chat.socket")),
        }
        options = ("--listen", "systemd:domain=INET:name=chat", "--listen", "systemd:domain=UNIX:name=local")
        daemon = self.activated(listeners, *options).ready(doors=2)
        host, port = listeners["chat"].getsockname()
        self.assertEqual(daemon.addresses, [f"{host}:{port}", self.path("chat.socket")])
        alice, bob = daemon.person("alice", 0), daemon.person("bob", 1)
        alice.says("hi")
        bob.hears("alice: hi\n")

    def test_who_comes_while_it_restarts_waits(self) -> None:
        listener = self.listener(socket.AF_INET, ("127.0.0.1", 0))
        daemon = self.activated({"chat": listener}, "--listen", "systemd:domain=INET:index=0").ready()
        alice = daemon.person("alice")
        self.assertEqual(daemon.stop(), 0)
        alice.hears_to_the_end()
        early = socket.create_connection(listener.getsockname(), PATIENCE)
        self.addCleanup(early.close)
        daemon.start(pass_fds=[listener.fileno()])
        Caller(early).signs_in("bob")

    def test_a_name_that_systemd_did_not_give(self) -> None:
        listener = self.listener(socket.AF_INET, ("127.0.0.1", 0))
        daemon = self.activated({"chat": listener}, "--listen", "systemd:domain=INET:name=caht")
        self.assertEqual(daemon.wait(), 1)
        self.assertIn('"systemd:domain=INET:name=caht"', daemon.log)
        self.assertNotIn("Traceback", daemon.log)
