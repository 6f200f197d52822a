"""Our clients send files: what is asked for, what is said when that cannot be, and files that reach a real daemon."""

from __future__ import annotations

import os
import signal
from urllib.request import urlopen

from cryptography.hazmat.primitives.hashes import SHA256
from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from chat.clients.address import Address
from chat.clients.carrier import Trust
from chat.clients.remembered import Remembered
from chat.factory import WebDoor
from chat.files.disk import DirectDisk
from chat.files.host import FileHost
from tests.clients.sitting import ClientTestCase
from tests.clients.test_plain import Joined
from tests.daemon.running import PATIENCE, Daemon, DaemonTestCase
from tests.test_tls import issue


class AskingTests(ClientTestCase):
    def takes_files(self, **settings: str) -> None:
        """The server takes files from now on."""
        self.configure(files=os.path.abspath(self.mktemp()), **settings)
        self.factory.web_doors = [WebDoor(False, "http://chat.example.org:5050", "http://127.0.0.1:5050")]
        self.factory.files = FileHost(self.factory, DirectDisk(self.clock))
        self.factory.files.start()

    def test_a_server_that_takes_none(self) -> None:
        alice = self.client("alice")
        alice.types("/upload plan.pdf")
        self.assertEqual(alice.sees()[-1], "This server takes no files.")

    def test_without_a_link(self) -> None:
        alice = self.client_that_waits("alice")
        alice.types("/upload plan.pdf")
        self.assertEqual(alice.sees()[-1], "There is no link to the server at the moment.")

    def test_a_server_that_does_not_let_us(self) -> None:
        self.takes_files(files_from="accounts")
        alice = self.client("alice")
        alice.types("/upload plan.pdf")
        self.assertEqual(alice.sees()[-1], "Only people with an account may send files here.")
        self.assertFalse(alice.chat.files.busy)

    def test_a_file_that_cannot_be_read(self) -> None:
        self.takes_files()
        alice = self.client("alice")
        alice.types("/upload nothing.pdf")
        sentence = "nothing.pdf cannot be read: no such file or directory."
        self.assertEqual(alice.sees()[-2:], ["Sending nothing.pdf ...", sentence])
        self.assertFalse(alice.chat.files.busy)

    def test_a_link_that_breaks_meanwhile(self) -> None:
        self.takes_files()
        alice = self.client("alice")
        alice.chat.perform(alice.room, "/upload plan.pdf")
        self.assertTrue(alice.chat.files.busy)
        alice.loses_link()
        self.assertIn("/upload sends it again.", alice.sees()[-1])
        self.assertFalse(alice.chat.files.busy)

    def test_no_file_goes_over_a_link_that_is_less_safe(self) -> None:
        self.takes_files()
        alice = self.client("alice")
        alice.link.address = Address("chat.example.org", 6697, True)
        alice.types(f"/upload {__file__}")
        sentence = "The server wants files over a link that others can read. Nothing was sent."
        self.assertEqual(alice.sees()[-1], sentence)

    def test_where_the_server_does_not_say_it_we_do(self) -> None:
        self.takes_files()
        alice, bob = self.client("alice"), self.person("bob")
        alice.chat.support.learn(["-twisted-chat/FILEHOST-TARGET"])
        carried: list[tuple[str, ...]] = []

        def carry(url: str, permit: str, path: str) -> Deferred[str]:
            carried.append((url, path))
            return succeed("http://files.example.org/x")

        alice.chat.files.carry = carry
        alice.types("/upload ~/my plan.pdf")
        self.assertEqual(carried, [("http://127.0.0.1:5050/upload", "~/my plan.pdf")])
        self.assertEqual(bob.hears()[-1], "[12:00] alice: http://files.example.org/x")


class TrustTests(SynchronousTestCase):
    def test_a_certificate_that_the_person_has_trusted_is_believed_where_that_server_is(self) -> None:
        remembered = Remembered(os.path.join(self.mktemp(), "remembered.json"))
        remembered.trust("chat.example.org:6697", "AA")
        remembered.trust("files.example.org:443", "BB")
        trust = Trust(Address("chat.example.org", 6697, True), remembered)
        for host, port, fingerprint in (
            ("chat.example.org", 6697, "AA"), ("chat.example.org", 443, "AA"), ("10.0.0.1", 6697, "AA"),
            ("files.example.org", 443, "BB"), ("other.example.org", 443, ""),
        ):  # fmt: skip
            verified = trust.creatorForNetloc(host.encode(), port)
            self.assertEqual((verified.host, verified.fingerprint), (host, fingerprint))


class SentTests(DaemonTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.content = os.urandom(3_000_000)
        self.write("my plän.pdf", self.content)

    def joins(self, daemon: Daemon, *words: str) -> Joined:
        joined = Joined(self.directory, ["--nick", "alice", *words, daemon.addresses[0]])
        self.addCleanup(joined.reap)
        return joined

    def test_a_file_is_there_before_the_client_leaves(self) -> None:
        daemon = self.daemon("--files", "files")
        bob = daemon.person("bob")
        alice = self.joins(daemon)
        alice.types("/upload my plän.pdf")
        alice.ends_input()
        bob.hears("alice sent a file: my plän.pdf (3 MB) ")
        with urlopen(bob.reads_line(), timeout=PATIENCE) as response:
            self.assertEqual(response.read(), self.content)
        self.assertEqual(alice.leaves(), 0)
        self.assertIn("Sending my plän.pdf ...", alice.out.decode())

    def test_what_is_too_large_is_refused_in_the_words_of_the_server(self) -> None:
        daemon = self.daemon("--files", "files", "--files-largest", "1M")
        alice = self.joins(daemon)
        alice.types("/upload my plän.pdf")
        alice.hears("That is too large: a file may have 1 MB here. Nothing of it was kept.")

    def test_over_tls_to_a_server_whose_certificate_was_trusted(self) -> None:
        pair = issue("127.0.0.1")
        self.write("both.pem", pair.cert_pem + pair.key_pem)
        daemon = self.daemon("--files", "files", "--tls-cert", "both.pem")
        bob = daemon.person("bob")
        fingerprint = pair.certificate.fingerprint(SHA256()).hex(":").upper()
        alice = self.joins(daemon, "--tls", "--trust", fingerprint)
        alice.types("/upload my plän.pdf")
        alice.ends_input()
        bob.hears("alice sent a file: my plän.pdf (3 MB) https://127.0.0.1:")
        self.assertEqual(alice.leaves(), 0)

    def test_not_to_a_server_whose_certificate_is_another_one(self) -> None:
        pair, other = issue("127.0.0.1"), issue("127.0.0.1", serial=2)
        self.write("both.pem", pair.cert_pem + pair.key_pem)
        daemon = self.daemon("--files", "files", "--tls-cert", "both.pem")
        alice = self.joins(daemon, "--tls", "--trust", pair.certificate.fingerprint(SHA256()).hex(":").upper())
        alice.is_told("Connected to ")
        self.write("both.pem", other.cert_pem + other.key_pem)
        daemon.send(signal.SIGHUP)
        daemon.logs("Configuration reloaded.")
        alice.types("/upload my plän.pdf")
        alice.hears("The file was not sent: the certificate of the server is not the one that you trusted.")
