"""One port for every wire: what comes in is recognised by its first byte, and then the doorway steps aside."""

from __future__ import annotations

from typing import Any

from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.protocols.policies import ProtocolWrapper
from twisted.protocols.tls import TLSMemoryBIOFactory
from twisted.python.failure import Failure
from zope.interface import implementer

from chat.tls import Certificates

#: Seconds of silence after which somebody is taken for a person, who waits to be greeted.
SILENCE = 0.3
#: The first byte of a TLS handshake record (RFC 8446, section 5.1); no line of text begins with it.
TLS_HANDSHAKE = 0x16


@implementer(IHalfCloseableProtocol)
class Doorway(Protocol):
    """Waits for the first byte of a connection, or for silence, and hands it to the factory that fits."""

    factory: DoorwayFactory

    def __init__(self, address: IAddress | None) -> None:
        self._address = address

    def connectionMade(self) -> None:
        self._silence = self.factory.clock.callLater(SILENCE, self._hand_over, self.factory.people)

    def dataReceived(self, data: bytes) -> None:
        self._silence.cancel()
        encrypted = data[0] == TLS_HANDSHAKE
        self._hand_over(self.factory.encrypted if encrypted else self.factory.people).dataReceived(data)

    def _hand_over(self, factory: Any) -> Any:
        protocol: Any = factory.buildProtocol(self._address)
        transport: Any = self.transport
        if isinstance(transport, ProtocolWrapper):  # TLS or PROXY, by the endpoint
            transport.wrappedProtocol = protocol
        else:
            transport.protocol = protocol
        protocol.makeConnection(transport)
        return protocol

    def readConnectionLost(self) -> None:
        self._silence.cancel()
        self._hand_over(self.factory.people).readConnectionLost()

    def writeConnectionLost(self) -> None:
        """Nothing was written yet: the end of the connection follows."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._silence.cancel()


class DoorwayFactory(Factory):
    """The doorways of one port: `people` is the factory of the wire for people."""

    noisy = False

    def __init__(self, people: Factory, certificates: Certificates, clock: Any) -> None:
        self.people, self.clock = people, clock
        self.encrypted = TLSMemoryBIOFactory(certificates, False, people, clock)
        self.encrypted.noisy = False

    def buildProtocol(self, addr: IAddress | None) -> Doorway:  # type: ignore[override]
        doorway = Doorway(addr)
        doorway.factory = self
        return doorway
