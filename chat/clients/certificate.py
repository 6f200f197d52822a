"""Whether the certificate of a server is to be believed: signed by somebody this computer trusts, for that name; or
the very one that the person has decided to trust.

Both is decided while it is shown, before anything is said to the server; so we see also those that we refuse.
"""

from __future__ import annotations

import ipaddress
from typing import Any

from OpenSSL import SSL
from service_identity.cryptography import extract_patterns
from service_identity.exceptions import CertificateError, VerificationError
from service_identity.hazmat import DNS_ID, IPAddress_ID, verify_service_identity
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from zope.interface import implementer

#: What OpenSSL finds wrong with a certificate (X509_V_ERR_...), in words.
WRONG = {
    9: "is not valid yet",
    10: "has expired",
    18: "is signed by nobody but itself",
    19: "is signed by somebody this computer does not know",
    20: "is signed by somebody this computer does not know",
    21: "is signed by somebody this computer does not know",
    23: "was revoked",
}


@implementer(IOpenSSLClientConnectionCreator)
class Verified:
    """Makes TLS connections to `host`.  With a `fingerprint` only the certificate of that SHA-256 is believed.

    `seen` is the fingerprint of the certificate that was shown; `wrong` says what is wrong with it.
    """

    def __init__(self, host: str, fingerprint: str = "") -> None:
        self.host, self.fingerprint = host, fingerprint
        self.seen = self.wrong = ""

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_min_proto_version(SSL.TLS1_2_VERSION)
        context.set_default_verify_paths()
        context.set_verify(SSL.VERIFY_PEER, self._is_the_one if self.fingerprint else self._is_right)
        connection = SSL.Connection(context, None)
        if not _is_ip(self.host):
            connection.set_tlsext_host_name(self.host.encode("idna"))
        return connection

    def _is_right(self, connection: SSL.Connection, certificate: Any, error: int, depth: int, ok: int) -> bool:
        """Whether a certificate of the chain is in order; the one of the server, the last, has to be for its name."""
        if depth == 0:
            self.seen = _fingerprint(certificate)
        if not ok:
            self.wrong = self.wrong or WRONG.get(error, "is not in order")
        elif depth == 0 and not self._is_for_host(certificate):
            self.wrong = f"is not for {self.host}"
        return not self.wrong

    def _is_for_host(self, certificate: Any) -> bool:
        """RFC 9525."""
        wanted = IPAddress_ID(self.host) if _is_ip(self.host) else DNS_ID(self.host.encode("idna").decode())
        try:
            verify_service_identity(extract_patterns(certificate.to_cryptography()), [wanted], [])
        except (VerificationError, CertificateError, ValueError):
            return False
        return True

    def _is_the_one(self, connection: SSL.Connection, certificate: Any, error: int, depth: int, ok: int) -> bool:
        """Whether the certificate of the server is the one that was trusted; who signed it is of no importance."""
        if depth == 0:
            self.seen = _fingerprint(certificate)
            self.wrong = "" if self.seen == self.fingerprint else "is not the one that you trusted"
        return not self.wrong


def _fingerprint(certificate: Any) -> str:
    return certificate.digest("sha256").decode()  # type: ignore[no-any-return]


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
