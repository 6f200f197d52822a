"""Facts about the link of a connection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from socket import AF_INET, AF_INET6
from typing import Any

from twisted.internet import tcp
from twisted.internet.address import UNIXAddress
from twisted.internet.interfaces import ISSLTransport
from twisted.protocols.policies import ProtocolWrapper
from twisted.protocols.tls import BufferingTLSTransport, TLSMemoryBIOProtocol


def is_loopback(host: str) -> bool:
    """Whether only this machine itself is found there."""
    return host.startswith("127.") or host == "::1"


def is_local(transport: Any) -> bool:
    """Whether it does not leave this machine."""
    peer = transport.getPeer()
    return isinstance(peer, UNIXAddress) or is_loopback(str(getattr(peer, "host", "")))


def is_encrypted(transport: Any) -> bool:
    """Whether nobody can read along: by TLS with us; behind a proxy that we believe what counts is what that says."""
    told: bool | None = getattr(transport, "through_tls", None)
    return ISSLTransport.providedBy(transport) if told is None else told


def fingerprint(transport: Any) -> str:
    """The SHA-256 of the certificate that the other side of a TLS link showed, in hex; empty for none."""
    if not ISSLTransport.providedBy(transport):
        return ""
    certificate: Any = transport.getPeerCertificate()
    return certificate.digest("sha256").decode().replace(":", "").lower() if certificate else ""


def unwrapped(transport: Any) -> Any:
    """The transport below TLS and whatever else is around it."""
    while isinstance(transport, ProtocolWrapper):
        transport = transport.transport
    return transport


def send_at_once(transport: Any) -> None:
    """Have TCP keep nothing back until the other side has acknowledged what went before (RFC 9293, section 3.7.4).

    What belongs together is one write here, and who reads over a slow link is not to wait for it twice.
    """
    raw = unwrapped(transport)
    if isinstance(raw, tcp.Connection) and raw.socket.family in (AF_INET, AF_INET6):
        raw.setTcpNoDelay(True)


def writer(transport: Any) -> Callable[[bytes], None]:
    """How to write what is joined already: TLS need not do that again, behind our back and a turn later."""
    if isinstance(transport, BufferingTLSTransport):
        return partial(TLSMemoryBIOProtocol.write, transport)
    return transport.write  # type: ignore[no-any-return]


class Linked:
    """Something at one end of a link, of which it can say how safe it is."""

    transport: Any

    @property
    def encrypted(self) -> bool:
        return is_encrypted(self.transport)

    @property
    def is_local(self) -> bool:
        """Whether the link does not leave this machine."""
        return is_local(self.transport)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate that the other side showed, in hex; empty for none."""
        return fingerprint(self.transport)
