"""Whether the certificate of a server is to be believed: signed by somebody this computer trusts, for that name; or
the very one that the person has decided to trust.
"""

from __future__ import annotations

from typing import Any

from OpenSSL import SSL
from service_identity.exceptions import CertificateError, VerificationError
from twisted.internet.interfaces import IOpenSSLClientConnectionCreator
from twisted.internet.ssl import optionsForClientTLS
from twisted.python.failure import Failure
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
        if self.fingerprint:
            context = SSL.Context(SSL.TLS_CLIENT_METHOD)
            context.set_min_proto_version(SSL.TLS1_2_VERSION)
            connection = SSL.Connection(context, None)
            connection.set_verify(SSL.VERIFY_PEER, self._is_the_one)
            return connection
        connection = optionsForClientTLS(self.host).clientConnectionForTLS(tlsProtocol)
        connection.set_verify(SSL.VERIFY_PEER, self._is_right)
        return connection

    def _is_right(self, connection: SSL.Connection, certificate: Any, error: int, depth: int, ok: int) -> bool:
        if depth == 0:
            self.seen = _fingerprint(certificate)
        if not ok and not self.wrong:
            self.wrong = WRONG.get(error, "is not in order")
        return bool(ok)

    def _is_the_one(self, connection: SSL.Connection, certificate: Any, error: int, depth: int, ok: int) -> bool:
        if depth:
            return True
        self.seen = _fingerprint(certificate)
        if self.seen != self.fingerprint:
            self.wrong = "is not the one that you trusted"
        return not self.wrong

    def refused(self, why: Failure) -> str:
        """What was wrong with the certificate, if that is why there is no connection; else nothing."""
        if self.wrong:
            return self.wrong
        if self.seen and why.check(VerificationError, CertificateError):
            return f"is not for {self.host}"
        return ""


def _fingerprint(certificate: Any) -> str:
    return certificate.digest("sha256").decode()  # type: ignore[no-any-return]
