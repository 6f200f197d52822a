"""Whom a client believes to be the server: by a certificate for its name, or by the very one that was trusted."""

from __future__ import annotations

import os
import stat
from typing import Any

from cryptography.hazmat.primitives import hashes

from chat.clients.address import Address
from chat.clients.remembered import Remembered
from chat.doorway import DoorwayFactory
from chat.irc.protocol import IRCProtocol
from chat.line.protocol import LineProtocol
from chat.tls import Certificates
from chat.web.http import WebFactory
from tests.clients.sitting import ClientTestCase, Sitter
from tests.test_tls import NAME, Pair, issue

SERVER = Address(NAME, 6697, tls=True)


def fingerprint(pair: Pair) -> str:
    """As openssl writes it: pairs of digits with colons between."""
    return pair.certificate.fingerprint(hashes.SHA256()).hex(":").upper()


class CertificateTests(ClientTestCase):
    def setUp(self) -> None:
        super().setUp()
        self.heard = heard = bytearray()

        class Hearing(IRCProtocol):
            def dataReceived(self, data: bytes) -> None:
                heard.extend(data)
                super().dataReceived(data)

        self.wire = Hearing
        self.root = issue("Root CA")
        self.path = self.mktemp()
        self.shows(issue(NAME, self.root))
        self.believes(self.root)

    def believes(self, root: Pair) -> None:
        """Whom this computer trusts to sign certificates."""
        path = self.mktemp()
        with open(path, "wb") as file:
            file.write(root.cert_pem)
        before = os.environ.get("SSL_CERT_FILE")
        os.environ["SSL_CERT_FILE"] = path
        self.addCleanup(os.environ.__setitem__ if before else os.environ.pop, "SSL_CERT_FILE", before)

    def shows(self, pair: Pair) -> None:
        """The certificate that the server shows from now on."""
        with open(self.path, "wb") as file:
            file.write(pair.cert_pem + pair.key_pem)
        wires = self.factory.speaking(LineProtocol), self.factory.speaking(self.wire)
        self.doorway = DoorwayFactory(wires[0], Certificates(self.path), self.clock, wires[1], WebFactory(wires[1]))

    def server_side(self) -> Any:
        return self.doorway.buildProtocol(None)

    def alice(self) -> Sitter:
        return self.client("alice", address=SERVER)

    def assertUntrusted(self, alice: Sitter, why: str, pair: Pair) -> None:
        state = alice.chat.state
        self.assertEqual(state.kind, "untrusted", state)
        self.assertIn(why, state.sentence)
        self.assertEqual(state.fingerprint, fingerprint(pair))
        self.assertIn(fingerprint(pair), state.sentence)
        self.assertEqual(self.factory.registry.users, {})

    def test_one_that_is_for_that_name_and_signed_by_somebody_trusted(self) -> None:
        alice = self.alice()
        self.assertEqual(alice.chat.state.kind, "online")
        self.assertEqual(alice.remembered.fingerprint(str(SERVER)), "")

    def test_one_that_is_signed_by_nobody_known(self) -> None:
        other = issue(NAME, issue("Other CA"))
        self.shows(other)
        alice = self.alice()
        self.assertUntrusted(alice, "is signed by somebody this computer does not know", other)
        self.pass_time(120)
        self.assertEqual(len(alice.wires), 1)

    def test_one_that_is_signed_by_itself(self) -> None:
        own = issue(NAME)
        self.shows(own)
        self.assertUntrusted(self.alice(), "is signed by nobody but itself", own)

    def test_one_for_another_name(self) -> None:
        other = issue("other.example.org", self.root)
        self.shows(other)
        self.assertUntrusted(self.alice(), f"is not for {NAME}", other)

    def test_one_that_the_person_trusts_is_believed_from_now_on(self) -> None:
        self.shows(issue(NAME))
        alice = self.alice()
        alice.link.trust()
        self.pass_time(0)
        self.assertEqual(alice.chat.state.kind, "online")
        alice.loses_link()
        self.pass_time(5)
        self.assertEqual(alice.chat.state.kind, "online")
        self.assertEqual(Remembered(alice.remembered.path).fingerprint(str(SERVER)), fingerprint(issue(NAME)))

    def test_another_one_than_the_one_that_was_trusted(self) -> None:
        alice = self.client_that_waits("alice", address=SERVER)
        alice.remembered.trust(str(SERVER), fingerprint(issue(NAME)))
        other = issue(NAME, serial=2)
        self.shows(other)
        alice.connect()
        self.pass_time(0)
        self.assertUntrusted(alice, "It is not the one that you trusted before.", other)

    def test_a_better_one_than_the_one_that_was_trusted(self) -> None:
        """A server that had made its certificate itself now has one that everybody may trust."""
        alice = self.client_that_waits("alice", address=SERVER)
        alice.remembered.trust(str(SERVER), fingerprint(issue(NAME)))
        alice.connect()
        self.pass_time(0)
        self.assertEqual(alice.chat.state.kind, "online")

    def test_nothing_is_said_to_somebody_who_is_not_believed(self) -> None:
        self.alice()
        self.assertIn(b"CAP LS", self.heard)
        self.heard.clear()
        self.shows(issue(NAME))
        alice = self.client("alice", address=SERVER, password="correct horse")
        self.assertEqual(alice.chat.state.kind, "untrusted")
        self.assertEqual(self.heard, b"")


class RememberedTests(ClientTestCase):
    def test_it_is_for_its_owner_alone_and_has_no_password(self) -> None:
        alice = self.client("alice", password="")
        alice.remembered.put(server="chat.example.org", nick="alice")
        alice.remembered.trust("chat.example.org:6697", "AB:CD")
        path = alice.remembered.path
        self.assertEqual(stat.S_IMODE(os.stat(path).st_mode), 0o600)
        again = Remembered(path)
        self.assertEqual((again.get("server"), again.get("nick")), ("chat.example.org", "alice"))
        self.assertEqual(again.fingerprint("chat.example.org:6697"), "AB:CD")
        self.assertEqual(os.listdir(os.path.dirname(path)), ["remembered.json"])

    def test_what_cannot_be_read_is_as_nothing(self) -> None:
        path = self.mktemp()
        for content in ("", "[1]", "{", '{"fingerprints": 1, "nick": 2}'):
            with open(path, "w") as file:
                file.write(content)
            remembered = Remembered(path)
            self.assertEqual((remembered.get("nick"), remembered.fingerprint("x")), ("", ""))

    def test_what_cannot_be_written_is_no_harm(self) -> None:
        remembered = Remembered("/dev/null/remembered.json")
        remembered.put(nick="alice")
        self.assertEqual(remembered.get("nick"), "alice")
