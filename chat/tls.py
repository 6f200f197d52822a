"""TLS certificates that reload when their files change, so that a renewed certificate needs no restart.

A connection keeps the certificate that it began with. A new one gets what the files hold at that moment, or what they
held before if they are broken now: certificate and key are renewed one after the other, and do not fit in between.

A client is asked for a certificate of its own, and may come without. Any will do, made by whomever: what counts is its
fingerprint, which an account may know (SASL EXTERNAL). A browser is not asked, for it would ask its user.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, cast

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from OpenSSL import SSL
from twisted.internet.interfaces import IOpenSSLServerConnectionCreator
from twisted.logger import Logger
from zope.interface import implementer

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from twisted.protocols.tls import TLSMemoryBIOProtocol

# For TLS 1.2: forward secrecy and authenticated encryption only (RFC 9325 section 4.2). All of TLS 1.3's are such.
# All are strong, so the client chooses: it knows whether its processor is faster at AES or at ChaCha20.
_CIPHERS = b"ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!aPSK"

# No compression: RFC 9325 section 3.3. No renegotiation: section 3.5, and a client could keep us busy with it.
_OPTIONS = SSL.OP_NO_COMPRESSION | SSL.OP_NO_RENEGOTIATION

# What browsers say that they want to speak (RFC 7301, section 6); nobody else does.
_HTTP = b"http/1.1"

# A session is resumed only where it was begun; OpenSSL wants a name for that place where clients show certificates.
_PLACE = b"chat"


class CertificateError(Exception):
    """A certificate or key cannot be used; str() is one sentence that names the file."""


@implementer(IOpenSSLServerConnectionCreator)
class Certificates:
    """What makes the server's side of each TLS connection, from PEM files that may change at any time."""

    _log = Logger()

    def __init__(self, cert_path: str, key_path: str = "") -> None:
        """Read the certificate, its chain, and the key, by default all from one file; CertificateError if it fails."""
        self._cert_path = cert_path
        self._key_path = key_path or cert_path
        self._seen = self._stamps()
        self._context = self._load()

    def serverConnectionForTLS(self, tlsProtocol: TLSMemoryBIOProtocol) -> SSL.Connection:
        """A connection with the certificate that the files hold now."""
        if self._stamps() != self._seen:
            self.reload()
        return SSL.Connection(self._context, None)

    def reload(self) -> None:
        """Read the files again, changed or not; if they are broken, log why and keep what there was."""
        self._seen = self._stamps()
        try:
            self._context = self._load()
        except CertificateError as error:
            self._log.warn("The TLS certificate read before stays in use: {reason}", reason=str(error))
        else:
            self._log.info("The TLS certificate in {path} was read again.", path=self._cert_path)

    def _stamps(self) -> tuple[object, object]:
        """What differs once a file has changed; taken before reading, so that a change during it is seen next time."""
        return _stamp(self._cert_path), _stamp(self._key_path)

    def _load(self) -> SSL.Context:
        chain = _read_chain(self._cert_path)
        key = _read_key(self._key_path)
        try:
            if chain[0].public_key() == key.public_key():
                return _make_context(chain, key)
        except UnsupportedAlgorithm:
            raise CertificateError(f"{self._cert_path}: the certificate has a key of an unknown kind.") from None
        except (SSL.Error, TypeError) as error:
            raise CertificateError(f"{self._cert_path}: OpenSSL refuses it: {_reason(error)}.") from None
        raise CertificateError(f"{self._key_path}: the key is not that of the certificate in {self._cert_path}.")


def _stamp(path: str) -> tuple[int, ...] | None:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError:
        raise CertificateError(f"{path}: there is no such file.") from None
    except OSError as error:
        raise CertificateError(f"{path}: it cannot be read: {(error.strerror or str(error)).lower()}.") from None
    if b"-----BEGIN " not in data:
        raise CertificateError(f'{path}: this is not a PEM file; those have a line "-----BEGIN ...".')
    return data


def _read_chain(path: str) -> list[x509.Certificate]:
    data = _read(path)
    if b"-----BEGIN CERTIFICATE-----" not in data:
        raise CertificateError(f"{path}: there is no certificate in it.")
    try:
        return x509.load_pem_x509_certificates(data)
    except ValueError:
        raise CertificateError(f"{path}: a certificate in it is damaged.") from None


def _read_key(path: str) -> PrivateKeyTypes:
    data = _read(path)
    if b"PRIVATE KEY-----" not in data:
        raise CertificateError(f"{path}: there is no private key in it.")
    try:
        return load_pem_private_key(data, password=None)
    except TypeError:
        raise CertificateError(f"{path}: the private key is locked with a passphrase; store it without one.") from None
    except ValueError:
        raise CertificateError(f"{path}: the private key in it is damaged.") from None
    except UnsupportedAlgorithm:
        raise CertificateError(f"{path}: the private key is of an unknown kind.") from None


def _make_context(chain: list[x509.Certificate], key: PrivateKeyTypes) -> SSL.Context:
    """TLS 1.2 and 1.3; sessions are resumed by tickets, which the clients keep, so that they cost no memory here."""
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(SSL.TLS1_2_VERSION)
    context.set_options(_OPTIONS)
    context.set_cipher_list(_CIPHERS)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_session_id(_PLACE)
    context.set_verify(SSL.VERIFY_PEER, _take_any)
    context.set_alpn_select_callback(_spare_browsers)
    context.use_certificate(chain[0])
    for issuer in chain[1:]:
        context.add_extra_chain_cert(issuer)
    context.use_privatekey(cast(Any, key))  # of a kind that OpenSSL does not sign with: TypeError
    context.check_privatekey()
    return context


def _take_any(connection: SSL.Connection, certificate: object, error: int, depth: int, good: int) -> bool:
    """A client's certificate proves only that it has the key of it, which is all that is asked."""
    return True


def _spare_browsers(connection: SSL.Connection, protocols: list[bytes]) -> Any:
    """Which of the protocols that a client names is spoken; this comes before it is asked for its certificate."""
    if _HTTP not in protocols:
        return SSL.NO_OVERLAPPING_PROTOCOLS
    connection.set_verify(SSL.VERIFY_NONE)
    return _HTTP


def _reason(error: Exception) -> str:
    """What OpenSSL says, without its libraries and functions: pyOpenSSL gives (library, function, reason) triples."""
    if isinstance(error, SSL.Error) and error.args and error.args[0]:
        return str(error.args[0][-1][2])
    return str(error)
