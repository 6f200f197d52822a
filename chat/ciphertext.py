"""TLS whose records leave at once: straight to the socket where nothing waits before them.

A transport keeps what it is given until the reactor says that the socket takes it: two more calls of the system for
each record, and a turn of the reactor, though there nearly always is room.
"""

from __future__ import annotations

from typing import Any

from OpenSSL.SSL import WantReadError
from twisted.internet import tcp
from twisted.protocols.tls import TLSMemoryBIOFactory, TLSMemoryBIOProtocol

#: Bytes of ciphertext that are taken from OpenSSL at a time.
PIECE = 32_768


class StraightTLS(TLSMemoryBIOProtocol):
    """One connection.  What is written should be joined already: each write is a record of its own."""

    def _flushSendBIO(self) -> None:
        """Twisted calls this for all that goes out, handshakes and goodbyes too, so the order is kept."""
        try:
            data = self._tlsConnection.bio_read(PIECE)
        except WantReadError:
            return
        raw: Any = self.transport
        if isinstance(raw, tcp.Connection) and raw.connected and not (raw.dataBuffer or raw._tempDataBuffer):
            data = data[_sent(raw, data) :]
        if data:
            raw.write(data)


def _sent(raw: tcp.Connection, data: bytes) -> int:
    """How many bytes the socket took; where it is broken, the transport meets the same error, and says so."""
    try:
        return raw.socket.send(data)
    except OSError:
        return 0


class StraightTLSFactory(TLSMemoryBIOFactory):
    """Puts TLS around the connections of another factory."""

    protocol = StraightTLS
    noisy = False
