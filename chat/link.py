"""Facts about the link of a connection."""

from __future__ import annotations

from typing import Any

from twisted.internet.address import UNIXAddress


def is_local(transport: Any) -> bool:
    """Whether it does not leave this machine."""
    peer = transport.getPeer()
    host = str(getattr(peer, "host", ""))
    return isinstance(peer, UNIXAddress) or host.startswith("127.") or host == "::1"


def fingerprint(transport: Any) -> str:
    """The SHA-256 of the certificate that the other side of a TLS link showed, in hex; empty for none."""
    certificate = transport.getPeerCertificate()
    return certificate.digest("sha256").decode().replace(":", "").lower() if certificate else ""
