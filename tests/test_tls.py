"""Certificates that reload, seen by real TLS clients."""

from __future__ import annotations

import datetime
import os
import ssl
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from OpenSSL import SSL
from service_identity import VerificationError
from twisted.internet import endpoints, reactor
from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred, gatherResults
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP4ServerEndpoint, connectProtocol
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.ssl import Certificate, optionsForClientTLS
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.logger import LogEvent, capturedLogs, formatEvent
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.protocols.wire import Echo
from twisted.python.failure import Failure
from twisted.trial.unittest import TestCase
from twisted.trial.util import suppress as suppressing
from zope.interface.verify import verifyObject

from chat.tls import CertificateError, Certificates

T = TypeVar("T")
NAME = "chat.example.org"
TODAY = datetime.datetime.now(datetime.timezone.utc)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

    @property
    def cert_pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def identifiers(key: Any, issuer: Any, is_ca: bool) -> Iterator[tuple[x509.ExtensionType, bool]]:
    """What strict clients, such as Python 3.13, want to see too (RFC 5280, section 4.2.1)."""
    yield x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False
    yield x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key()), False
    yield usage(is_ca), True


def usage(is_ca: bool) -> x509.KeyUsage:
    """What the key may be used for: to sign certificates, or a handshake."""
    return x509.KeyUsage(
        digital_signature=not is_ca,
        key_cert_sign=is_ca,
        crl_sign=is_ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


@cache
def issue(name: str, issuer: Pair | None = None, serial: int = 1, rsa_bits: int = 0) -> Pair:
    """A certificate for that name, signed by the issuer or by itself; for the same arguments always the same."""
    key = rsa.generate_private_key(65537, rsa_bits) if rsa_bits else ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(TODAY - datetime.timedelta(days=1))
        .not_valid_after(TODAY + datetime.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=" CA" in name, path_length=None), critical=True)
    )
    for extension, critical in identifiers(key, issuer.key if issuer else key, " CA" in name):
        builder = builder.add_extension(extension, critical)
    return Pair(builder.sign(issuer.key if issuer else key, hashes.SHA256()), key)


class FilesTestCase(TestCase):
    """A directory with cert.pem and key.pem, which hold the first certificate at the start."""

    def setUp(self) -> None:
        directory = self.mktemp()
        os.mkdir(directory)
        self.cert_path = os.path.join(directory, "cert.pem")
        self.key_path = os.path.join(directory, "key.pem")
        self.root = issue("Root CA")
        self.first, self.second = issue(NAME, self.root, serial=1), issue(NAME, self.root, serial=2)
        self.install(self.first)

    def install(self, pair: Pair) -> None:
        self.write(self.cert_path, pair.cert_pem)
        self.write(self.key_path, pair.key_pem)

    def write(self, path: str, content: bytes) -> None:
        """Put a new file in the place of the old, as those who renew certificates do."""
        with open(path + ".new", "wb") as file:
            file.write(content)
        os.replace(path + ".new", path)


class Caller(Protocol):
    """The client's end: says something and waits to hear it back."""

    def __init__(self) -> None:
        self.heard = b""
        self.answer: Deferred[None] = Deferred()
        self.gone: Deferred[None] = Deferred()

    async def says(self, data: bytes) -> None:
        """Send, and come back when the same has come back; raises why the connection ended if it does instead."""
        assert self.transport is not None
        self.heard, self.expected, self.answer = b"", data, Deferred()
        self.transport.write(data)
        await self.answer

    def dataReceived(self, data: bytes) -> None:
        self.heard += data
        if self.heard == self.expected:
            self.answer.callback(None)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        if not self.answer.called:
            self.answer.errback(reason)
        self.gone.callback(None)

    @property
    def serial(self) -> int:
        """Which certificate the server has shown."""
        return cast(int, Certificate.peerFromTransport(self.transport).serialNumber())


class Answerer(Echo):
    """The server's end."""

    def __init__(self) -> None:
        self.gone: Deferred[None] = Deferred()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.gone.callback(None)


class ConnectionTests(FilesTestCase):
    """Over loopback, between Twisted's own TLS server and client."""

    async def serve(self, certificates: Certificates) -> None:
        self.answerers: list[Answerer] = []

        def answerer() -> Answerer:
            self.answerers.append(Answerer())
            return self.answerers[-1]

        factory = Factory()
        factory.protocol = answerer
        endpoint = TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")
        port = await endpoints.wrapServerTLS(certificates, endpoint).listen(factory)
        self.addCleanup(port.stopListening)
        self.addCleanup(lambda: gatherResults([answerer.gone for answerer in self.answerers]))
        self.port = cast(IPv4Address, port.getHost()).port

    async def connect(self, name: str = NAME, trusted: Pair | None = None) -> Caller:
        """A client that trusts the root, or only another, and has heard its greeting back."""
        root = Certificate.loadPEM((trusted or self.root).cert_pem)
        endpoint = TCP4ClientEndpoint(reactor, "127.0.0.1", self.port)
        tls_endpoint = endpoints.wrapClientTLS(optionsForClientTLS(name, trustRoot=root), endpoint)
        caller: Caller = await connectProtocol(tls_endpoint, Caller())
        self.addCleanup(self.hang_up, caller)
        await caller.says(b"hello")
        return caller

    def hang_up(self, caller: Caller) -> Deferred[None]:
        assert caller.transport is not None
        caller.transport.loseConnection()
        return caller.gone

    async def test_the_right_name_is_verified(self) -> None:
        await self.serve(Certificates(self.cert_path, self.key_path))
        self.assertEqual((await self.connect()).serial, 1)

    async def test_a_wrong_name_is_refused(self) -> None:
        await self.serve(Certificates(self.cert_path, self.key_path))
        await self.assertFailure(Deferred.fromCoroutine(self.connect(name="chat.example.net")), VerificationError)

    async def test_an_untrusted_certificate_is_refused(self) -> None:
        await self.serve(Certificates(self.cert_path, self.key_path))
        connecting = Deferred.fromCoroutine(self.connect(trusted=issue("Other CA")))
        error = await self.assertFailure(connecting, SSL.Error)
        self.assertIn("certificate verify failed", str(error))

    async def test_the_file_may_hold_the_chain_and_the_key(self) -> None:
        middle = issue("Middle CA", self.root)
        leaf = issue(NAME, middle, serial=3)
        self.write(self.cert_path, leaf.cert_pem + middle.cert_pem + leaf.key_pem)
        await self.serve(Certificates(self.cert_path))
        self.assertEqual((await self.connect()).serial, 3)

    async def test_a_new_certificate_is_for_the_next_connection(self) -> None:
        await self.serve(Certificates(self.cert_path, self.key_path))
        before = await self.connect()
        self.install(self.second)
        after = await self.connect()
        self.assertEqual((before.serial, after.serial), (1, 2))
        await before.says(b"still here")
        await after.says(b"and here")


class Client:
    """A TLS client of the standard library on a connection in memory to Twisted's TLS server."""

    def __init__(
        self, certificates: Certificates, context: ssl.SSLContext, session: ssl.SSLSession | None = None
    ) -> None:
        self.clock = Clock()
        self.wire = StringTransport()
        factory = TLSMemoryBIOFactory(certificates, False, Factory.forProtocol(Echo), self.clock)
        self.server = factory.buildProtocol(self.wire.getPeer())
        self.server.makeConnection(self.wire)
        self.received, self.sent = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.received, self.sent, server_hostname=NAME, session=session)
        self.until_done(self.tls.do_handshake)
        self.says(b"hello")

    def says(self, data: bytes) -> None:
        """Send and hear the same back."""
        self.tls.write(data)
        assert self.until_done(lambda: self.tls.read(len(data))) == data

    def until_done(self, step: Callable[[], T]) -> T:
        """Carry bytes to and fro until the step has all it needs."""
        for _ in range(10):
            try:
                return step()
            except ssl.SSLWantReadError:
                self.exchange()
        raise AssertionError("The server does not answer.")

    def exchange(self) -> None:
        """Give the server what the client has sent, and the client what the server has."""
        self.server.dataReceived(self.sent.read())
        self.clock.advance(0)
        self.received.write(self.wire.value())
        self.wire.clear()

    @property
    def serial(self) -> int:
        """Which certificate the server has shown."""
        shown = self.tls.getpeercert(binary_form=True)
        assert shown is not None
        return x509.load_der_x509_certificate(shown).serial_number


class ProtocolTests(FilesTestCase):
    """What is agreed with a client: version, cipher, session."""

    def context(self, version: ssl.TLSVersion) -> ssl.SSLContext:
        """A client that speaks one version, all ciphers, and trusts the root."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = version
        context.maximum_version = version
        context.load_verify_locations(cadata=self.root.cert_pem.decode())
        return context

    def test_tls_1_2_and_1_3(self) -> None:
        certificates = Certificates(self.cert_path, self.key_path)
        for version, name in (ssl.TLSVersion.TLSv1_2, "TLSv1.2"), (ssl.TLSVersion.TLSv1_3, "TLSv1.3"):
            self.assertEqual(Client(certificates, self.context(version)).tls.version(), name)

    def test_tls_1_1_is_refused(self) -> None:
        certificates = Certificates(self.cert_path, self.key_path)
        error = self.assertRaises(ssl.SSLError, Client, certificates, self.context(ssl.TLSVersion.TLSv1_1))
        self.assertEqual(error.reason, "TLSV1_ALERT_PROTOCOL_VERSION")

    # That the standard library calls TLS 1.1 deprecated is the point.
    test_tls_1_1_is_refused.suppress = (suppressing(category=DeprecationWarning),)  # type: ignore[attr-defined]

    def test_a_cipher_without_authenticated_encryption_or_certificate_is_refused(self) -> None:
        certificates = Certificates(self.cert_path, self.key_path)
        context = self.context(ssl.TLSVersion.TLSv1_2)
        context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")
        Client(certificates, context)
        for cipher in ("ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384", "AECDH-AES128-SHA"):
            context.set_ciphers(f"{cipher}:@SECLEVEL=0")
            error = self.assertRaises(ssl.SSLError, Client, certificates, context)
            self.assertEqual(error.reason, "SSLV3_ALERT_HANDSHAKE_FAILURE")

    def test_a_cipher_without_forward_secrecy_is_refused(self) -> None:
        self.install(issue(NAME, self.root, rsa_bits=2048))
        certificates = Certificates(self.cert_path, self.key_path)
        context = self.context(ssl.TLSVersion.TLSv1_2)
        context.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256")
        Client(certificates, context)
        context.set_ciphers("AES128-GCM-SHA256:@SECLEVEL=0")
        error = self.assertRaises(ssl.SSLError, Client, certificates, context)
        self.assertEqual(error.reason, "SSLV3_ALERT_HANDSHAKE_FAILURE")

    def test_a_session_is_resumed(self) -> None:
        certificates = Certificates(self.cert_path, self.key_path)
        for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
            context = self.context(version)
            first = Client(certificates, context)
            second = Client(certificates, context, first.tls.session)
            self.assertEqual((first.tls.session_reused, second.tls.session_reused), (False, True))

    def test_a_session_from_before_a_new_certificate_is_not_resumed(self) -> None:
        certificates = Certificates(self.cert_path, self.key_path)
        for version in ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3:
            self.install(self.first)
            context = self.context(version)
            first = Client(certificates, context)
            self.install(self.second)
            second = Client(certificates, context, first.tls.session)
            self.assertEqual((first.serial, second.serial, second.tls.session_reused), (1, 2, False))


class ReloadTests(FilesTestCase):
    """Files that change under a running daemon, well and badly."""

    def setUp(self) -> None:
        super().setUp()
        self.certificates = Certificates(self.cert_path, self.key_path)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.load_verify_locations(cadata=self.root.cert_pem.decode())

    def shown(self) -> int:
        """The serial number that the next connection sees."""
        return Client(self.certificates, self.context).serial

    def test_it_is_what_twisted_wants(self) -> None:
        verifyObject(IOpenSSLServerConnectionCreator, self.certificates)

    def test_files_that_stay_the_same_are_read_once(self) -> None:
        with capturedLogs() as logs:
            self.assertEqual([self.shown(), self.shown()], [1, 1])
        self.assertEqual(list(logs), [])

    def test_a_change_is_noticed_and_told(self) -> None:
        self.install(self.second)
        with capturedLogs() as logs:
            self.assertEqual([self.shown(), self.shown()], [2, 2])
        self.assertEqual(said(logs), [f"The TLS certificate in {self.cert_path} was read again."])

    def test_a_broken_file_keeps_the_old_certificate_and_is_told_once(self) -> None:
        self.write(self.cert_path, b"half a certif")
        with capturedLogs() as logs:
            self.assertEqual([self.shown(), self.shown()], [1, 1])
        [sentence] = said(logs)
        self.assertIn(f"The TLS certificate read before stays in use: {self.cert_path}: this is not a PEM", sentence)

    def test_a_broken_file_that_is_mended_is_used(self) -> None:
        self.write(self.cert_path, b"half a certif")
        self.assertEqual(self.shown(), 1)
        self.install(self.second)
        self.assertEqual(self.shown(), 2)

    def test_files_that_are_gone_keep_the_old_certificate(self) -> None:
        os.remove(self.cert_path)
        os.remove(self.key_path)
        with capturedLogs() as logs:
            self.assertEqual([self.shown(), self.shown()], [1, 1])
        self.assertEqual(len(said(logs)), 1)
        self.install(self.second)
        self.assertEqual(self.shown(), 2)

    def test_between_the_new_certificate_and_its_key_the_old_is_shown(self) -> None:
        self.write(self.cert_path, self.second.cert_pem)
        self.assertEqual(self.shown(), 1)
        self.write(self.key_path, self.second.key_pem)
        self.assertEqual(self.shown(), 2)

    def test_a_change_behind_a_link_is_noticed(self) -> None:
        cert_link, key_link = self.cert_path + ".link", self.key_path + ".link"
        os.symlink("cert.pem", cert_link)
        os.symlink("key.pem", key_link)
        self.certificates = Certificates(cert_link, key_link)
        self.install(self.second)
        self.assertEqual(self.shown(), 2)

    def test_reload_reads_again_and_raises_nothing(self) -> None:
        with capturedLogs() as logs:
            self.certificates.reload()
            os.remove(self.cert_path)
            self.certificates.reload()
            self.certificates.reload()
        self.assertEqual(len(said(logs)), 3)
        self.assertEqual(self.shown(), 1)


class FirstLoadTests(FilesTestCase):
    """What is said at the start when the files are no good."""

    def refusal(self, cert_path: str, key_path: str = "") -> str:
        return str(self.assertRaises(CertificateError, Certificates, cert_path, key_path))

    def test_a_missing_file(self) -> None:
        for path in (self.cert_path, self.key_path):
            os.rename(path, path + ".gone")
            self.assertEqual(self.refusal(self.cert_path, self.key_path), f"{path}: there is no such file.")
            os.rename(path + ".gone", path)

    def test_a_file_that_cannot_be_read(self) -> None:
        directory = os.path.dirname(self.cert_path)
        self.assertEqual(self.refusal(directory), f"{directory}: it cannot be read: is a directory.")

    def test_a_file_that_is_not_pem(self) -> None:
        for content in (b"", b"hello", self.first.certificate.public_bytes(Encoding.DER)):
            self.write(self.cert_path, content)
            self.assertEqual(
                self.refusal(self.cert_path, self.key_path),
                f'{self.cert_path}: this is not a PEM file; those have a line "-----BEGIN ...".',
            )

    def test_a_file_without_a_certificate(self) -> None:
        self.assertEqual(self.refusal(self.key_path), f"{self.key_path}: there is no certificate in it.")

    def test_a_file_without_a_key(self) -> None:
        self.assertEqual(self.refusal(self.cert_path), f"{self.cert_path}: there is no private key in it.")

    def test_a_damaged_certificate(self) -> None:
        self.write(self.cert_path, self.first.cert_pem[:200])
        refusal = f"{self.cert_path}: a certificate in it is damaged."
        self.assertEqual(self.refusal(self.cert_path, self.key_path), refusal)

    def test_a_damaged_key(self) -> None:
        self.write(self.key_path, self.first.key_pem.replace(b"M", b"!"))
        refusal = f"{self.key_path}: the private key in it is damaged."
        self.assertEqual(self.refusal(self.cert_path, self.key_path), refusal)

    def test_a_key_with_a_passphrase(self) -> None:
        locked = self.first.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
        self.write(self.key_path, locked)
        refusal = f"{self.key_path}: the private key is locked with a passphrase; store it without one."
        self.assertEqual(self.refusal(self.cert_path, self.key_path), refusal)

    def test_a_key_on_an_unknown_curve(self) -> None:
        p256, unknown = bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d03017f")
        certificate = self.first.certificate.public_bytes(Encoding.DER).replace(p256, unknown)
        key = self.first.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()).replace(p256, unknown)
        self.write(self.cert_path, ssl.DER_cert_to_PEM_cert(certificate).encode())
        refusal = f"{self.cert_path}: the certificate has a key of an unknown kind."
        self.assertEqual(self.refusal(self.cert_path, self.key_path), refusal)
        self.write(self.key_path, ssl.DER_cert_to_PEM_cert(key).replace("CERTIFICATE", "PRIVATE KEY").encode())
        refusal = f"{self.key_path}: the private key is of an unknown kind."
        self.assertEqual(self.refusal(self.cert_path, self.key_path), refusal)

    def test_the_key_of_another_certificate(self) -> None:
        self.write(self.key_path, self.second.key_pem)
        refusal = f"{self.key_path}: the key is not that of the certificate in {self.cert_path}."
        self.assertEqual(self.refusal(self.cert_path, self.key_path), refusal)

    def test_a_key_too_short_to_be_safe(self) -> None:
        self.install(issue(NAME, rsa_bits=1024))
        self.assertRegex(self.refusal(self.cert_path, self.key_path), "OpenSSL refuses it: [^\n]*key too small")


def said(logs: Sequence[LogEvent]) -> list[str]:
    """The log as an operator reads it."""
    return [formatEvent(event) for event in logs]
