"""The words for tests over TLS: people who come through the doorway in memory, with a certificate of theirs or without.

    class SecureTests(SecureTestCase):
        def test_it_is_encrypted(self) -> None:
            alice = self.secure_irc("alice", certificate="hers")
            self.assertIn(" 671 ", " ".join(alice.asks("WHOIS alice")))
"""

from __future__ import annotations

import ssl

from cryptography.hazmat.primitives import hashes
from twisted.internet.address import IPv4Address

from chat.certificates import FINGERPRINT
from chat.doorway import DoorwayFactory
from chat.irc.protocol import IRCProtocol
from chat.line.protocol import LineProtocol
from chat.tls import Certificates
from chat.web.http import WebFactory
from tests.daemon.running import trusting
from tests.talk import ChatTestCase
from tests.test_doorway import TLSVisitor, Visitor
from tests.test_tls import NAME, Pair, issue

#: Not on this machine, so that passwords need encryption.
FAR = IPv4Address("TCP", "192.0.2.7", 40_000)


class Secure:
    """Somebody at the other end of TLS."""

    def __init__(self, visitor: Visitor, context: ssl.SSLContext, session: ssl.SSLSession | None = None) -> None:
        self.visitor = visitor
        self._link = TLSVisitor(visitor, context, session)
        self.tls = self._link.tls
        self.hears()

    def hears(self) -> list[str]:
        """The lines that have come since the last time."""
        return self._link.reads().decode().splitlines()

    def asks(self, *lines: str) -> list[str]:
        """Say whole lines, and hear what comes of them."""
        self._link.types("".join(line + "\n" for line in lines).encode())
        return self.hears()

    def hangs_up(self) -> None:
        """Be gone."""
        self.visitor.hangs_up()


class SecureTestCase(ChatTestCase):
    """A port for every wire that knows TLS."""

    def setUp(self) -> None:
        super().setUp()
        self.root = issue("Root CA")
        pair = issue(NAME, self.root)
        certificates = Certificates(self.written("server", pair))
        wires = self.factory.speaking(LineProtocol), self.factory.speaking(IRCProtocol)
        self.doorway = DoorwayFactory(wires[0], certificates, self.clock, wires[1], WebFactory(wires[1]))

    def written(self, name: str, pair: Pair) -> str:
        """A file with a certificate and its key."""
        path = self.mktemp()
        with open(path, "wb") as file:
            file.write(pair.cert_pem + pair.key_pem)
        return path

    def context(self, certificate: str = "") -> ssl.SSLContext:
        """A client that shows the certificate of that name, made by itself, or none."""
        context = trusting(self.root.cert_pem.decode())
        if certificate:
            context.load_cert_chain(self.written(certificate, issue(certificate)))
        return context

    def comes(self, certificate: str = "") -> Secure:
        """Somebody who comes from afar over TLS, and has said nothing yet."""
        return Secure(Visitor(self, self.doorway, FAR), self.context(certificate))

    def secure_irc(self, name: str, *lines: str, certificate: str = "") -> Secure:
        """Somebody with an IRC client, who says something more, and has read everything so far."""
        person = self.comes(certificate)
        person.asks(f"NICK {name}", f"USER {name} 0 * :{name.title()}", *lines)
        return person

    def fingerprint(self, certificate: str) -> str:
        """Of the certificate of that name."""
        found = issue(certificate).certificate.fingerprint(hashes.SHA256()).hex()
        assert FINGERPRINT.fullmatch(found)
        return found
