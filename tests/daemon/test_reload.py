"""SIGHUP: settings and certificates are read again, and whatever is broken changes nothing."""

from __future__ import annotations

import signal
import ssl

from cryptography import x509

from tests.daemon.running import LOCAL, Caller, DaemonTestCase, trusting
from tests.test_tls import issue

NAME = "chat.example.org"


class SettingsTests(DaemonTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.settings('name = "before.example.org"', f'listen = "{LOCAL}"')
        self.running = self.new_daemon("--config", "chat.toml")
        self.running.start()
        self.running.ready()

    def settings(self, *lines: str) -> None:
        self.write("chat.toml", "".join(line + "\n" for line in lines))

    def reloads(self, answer: str) -> None:
        """Send SIGHUP, and wait until the log says this."""
        self.running.send(signal.SIGHUP)
        self.running.logs(answer)

    def welcome(self) -> str:
        return self.running.caller().hears("Your name? ")

    def test_a_changed_setting_is_for_those_who_come_then(self) -> None:
        alice = self.running.person("alice")
        self.assertIn("Welcome to before.example.org.", self.welcome())
        self.settings('name = "after.example.org"', f'listen = "{LOCAL}"', 'lobby = "hall"')
        self.reloads("Configuration reloaded.")
        self.assertIn("Welcome to after.example.org.", self.welcome())
        bob = self.running.caller()
        bob.hears("Your name? ")
        bob.says("bob")
        bob.hears("* You are in hall.")
        alice.says("/whoami")
        alice.hears("lobby")

    def test_the_flood_limit_can_be_lifted(self) -> None:
        self.settings(f'listen = "{LOCAL}"', 'flood = "off"')
        self.reloads("Configuration reloaded.")
        free = self.running.person("free")
        free.says(*["/whoami"] * 100)
        for _ in range(100):
            free.hears("free")

    def test_a_broken_file_is_told_of_and_changes_nothing(self) -> None:
        self.settings('name = "after.example.org"', "flood = fast")
        self.reloads("Not reloaded: chat.toml, line 2: ")
        self.assertIn("Welcome to before.example.org.", self.welcome())
        self.settings('name = "later.example.org"', f'listen = "{LOCAL}"')
        self.reloads("Configuration reloaded.")
        self.assertIn("Welcome to later.example.org.", self.welcome())

    def test_what_only_a_restart_changes_is_told_and_stays(self) -> None:
        self.settings('listen = "tcp:1:interface=127.0.0.1"', 'database = "other.sqlite"', 'name = "new.example.org"')
        self.reloads("These change only with a restart: listen, database")
        self.running.logs("Configuration reloaded.")
        self.assertIn("Welcome to new.example.org.", self.welcome())

    def test_the_command_line_still_wins(self) -> None:
        self.running.kill()
        self.running = self.new_daemon("--config", "chat.toml", "--name", "mine.example.org")
        self.running.start()
        self.running.ready()
        self.settings('name = "after.example.org"', f'listen = "{LOCAL}"')
        self.reloads("Configuration reloaded.")
        self.assertIn("Welcome to mine.example.org.", self.welcome())


class HangupTests(DaemonTestCase):
    def test_as_soon_as_it_listens_and_again_and_again(self) -> None:
        daemon = self.daemon("--database", ":memory:")
        for _ in range(20):
            daemon.send(signal.SIGHUP)
        daemon.person("alice")
        daemon.send(signal.SIGHUP)
        daemon.logs("Configuration reloaded.")
        self.assertEqual(daemon.stop(), 0)


class CertificateTests(DaemonTestCase):
    """A certificate that is renewed while people are connected."""

    def setUp(self) -> None:
        super().setUp()
        self.root = issue("Root CA")
        self.trust = trusting(self.root.cert_pem.decode())
        self.renew(1)
        self.running = self.daemon("--tls-cert", "cert.pem", "--tls-key", "key.pem")

    def renew(self, serial: int) -> None:
        pair = issue(NAME, self.root, serial=serial)
        self.write("cert.pem", pair.cert_pem)
        self.write("key.pem", pair.key_pem)

    def serial(self, caller: Caller) -> int:
        """Which certificate the server has shown."""
        assert isinstance(caller.socket, ssl.SSLSocket)
        shown = caller.socket.getpeercert(binary_form=True)
        assert shown is not None
        return x509.load_der_x509_certificate(shown).serial_number

    def test_the_next_connection_sees_it_and_the_old_goes_on(self) -> None:
        alice = self.running.person("alice", tls=self.trust)
        self.renew(2)
        self.running.send(signal.SIGHUP)
        self.running.logs("The TLS certificate in cert.pem was read again.")
        bob = self.running.person("bob", tls=self.trust)
        self.assertEqual((self.serial(alice), self.serial(bob)), (1, 2))
        alice.says("still here")
        bob.hears("alice: still here\n")

    def test_it_is_noticed_without_a_signal(self) -> None:
        self.renew(2)
        self.assertEqual(self.serial(self.running.caller(tls=self.trust)), 2)

    def test_a_broken_one_is_told_of_and_the_old_stays(self) -> None:
        self.write("cert.pem", "half a certif")
        self.running.send(signal.SIGHUP)
        self.running.logs("The TLS certificate read before stays in use: cert.pem: ")
        alice = self.running.person("alice", tls=self.trust)
        self.assertEqual(self.serial(alice), 1)


class CapabilityTests(DaemonTestCase):
    """IRC clients that are here hear what the new configuration offers."""

    def setUp(self) -> None:
        super().setUp()
        root = issue("Root CA")
        self.trust = trusting(root.cert_pem.decode())
        pair = issue(NAME, root)
        self.write("cert.pem", pair.cert_pem + pair.key_pem)
        self.settings("sts = 60")
        self.running = self.daemon("--config", "chat.toml", "--tls-cert", "cert.pem", "--sts-port", "6697")

    def settings(self, *lines: str) -> None:
        self.write("chat.toml", "".join(line + "\n" for line in lines))

    def reloads(self) -> None:
        self.running.send(signal.SIGHUP)
        self.running.logs("Configuration reloaded.")

    def client(self, name: str, tls: ssl.SSLContext | None = None) -> tuple[Caller, str]:
        """An IRC client, and what it was offered."""
        client = self.running.caller(tls=tls)
        client.says("CAP LS 302", "CAP REQ :setname", f"NICK {name}", f"USER {name} 0 * :x", "CAP END")
        offer = client.hears("K setname\r\n")
        client.hears(f" 422 {name} ")
        return client, offer

    def test_sts_and_what_is_withheld(self) -> None:
        (alice, over_tls), (bob, without) = self.client("alice", self.trust), self.client("bob")
        self.assertIn(" sts=duration=60 ", over_tls)
        self.assertIn(" sts=port=6697 ", without)
        self.settings("sts = 0", 'without = "setname"', "register-early = true")
        self.reloads()
        early = "draft/account-registration=before-connect"
        alice.hears(f":{NAME} CAP alice NEW :{early} sts=duration=0\r\n:{NAME} CAP alice DEL setname\r\n")
        bob.hears(f":{NAME} CAP bob NEW {early}\r\n:{NAME} CAP bob DEL setname\r\n")
        bob.says("CAP LIST", "CAP REQ setname")
        bob.hears(f"CAP bob LIST cap-notify\r\n:{NAME} CAP bob NAK setname\r\n")
        self.assertNotIn(" sts", self.client("carol")[1])
