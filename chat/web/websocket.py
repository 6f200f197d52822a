"""A WebSocket as a transport: a protocol of lines speaks through it and need not know (RFC 6455, IRCv3 websocket).

The laws of this file:

- A message is a line without its end, in both directions.  Whatever kind comes is taken; text that leaves is UTF-8.
- What leaves are whole frames, so that an answer to a ping may stand between any two writes.
- What has come is understood a piece a turn, and not at all while the protocol does not read: a flood of tiny frames
  does not hold up the others, and TCP is the back-pressure.
- Nothing grows because the other side wants it to: messages are bounded, and of the pings that wait only the last is
  answered (section 5.5.3).  There are no extensions: compression makes large messages out of small ones.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol, IPushProducer
from twisted.internet.protocol import Protocol, connectionDone
from twisted.protocols.policies import ProtocolWrapper, WrappingFactory
from twisted.python.failure import Failure
from wsproto import WSConnection
from wsproto.connection import Connection, ConnectionState, ConnectionType
from wsproto.events import AcceptConnection, BytesMessage, CloseConnection, Message, Ping, RejectConnection, TextMessage
from wsproto.events import Request as Asked
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import RemoteProtocolError
from zope.interface import directlyProvides, implementer, providedBy

from chat.doorway import LINGER
from chat.factory import Wire
from chat.link import writer
from chat.web.http import Refusal, Request

#: Bytes of a message: more than any line may have, so that one that is a little too long is refused in words.
LONGEST = 16_384
#: Bytes that are understood in one turn of the reactor.
PIECE = 4096
#: How often it is looked, in seconds, whether the other side still says something, and how often it may have not.
LOOK, SILENT = 25, 3
#: Subprotocols, and whether the messages that leave are binary; without one they are text.
SUBPROTOCOLS = {"text.ircv3.net": False, "binary.ircv3.net": True}
NOT_UTF8 = "Text messages have to be UTF-8."
TOO_BIG = f"A message may have {LONGEST:,} bytes."
STOPPING = "The server is restarting."


def framed(data: bytes, binary: bool) -> bytes:
    """Whole lines as frames; those of a server are the same for everyone (section 5.3 masks only a client's)."""
    connection = Connection(ConnectionType.SERVER)
    lines = [line.removesuffix(b"\r") for line in data.split(b"\n")[:-1]]
    if binary:
        return b"".join([connection.send(BytesMessage(line)) for line in lines])
    return b"".join([connection.send(TextMessage(line.decode("utf-8", "replace"))) for line in lines])


@implementer(IPushProducer)
class Flow:
    """Whether the transport below takes more: for a WebSocket itself, and for whoever writes through it."""

    __slots__ = ("full", "producer", "_resumed")

    def __init__(self, resumed: Callable[[], None]) -> None:
        self.full = False
        self.producer: Any = None
        self._resumed = resumed

    def pauseProducing(self) -> None:
        self.full = True
        if self.producer is not None:
            self.producer.pauseProducing()

    def resumeProducing(self) -> None:
        self.full = False
        self._resumed()
        if self.producer is not None:
            self.producer.resumeProducing()

    def stopProducing(self) -> None:
        if self.producer is not None:
            self.producer.stopProducing()


@implementer(IHalfCloseableProtocol)
class WebSocket(ProtocolWrapper):
    """One WebSocket that is open, from `answer`, which ends the handshake, until both sides have said goodbye."""

    factory: WebSockets
    transport: Any
    wrappedProtocol: Any
    #: Where the client is, if a proxy has brought it.
    client: IAddress | None = None
    #: Whether a proxy says that the client came to it by TLS; without a proxy the transport below knows.
    through_tls: bool

    def __init__(
        self, factory: WebSockets, protocol: Any, connection: WSConnection, answer: bytes, binary: bool
    ) -> None:
        super().__init__(factory, protocol)  # type: ignore[arg-type]  # a factory that makes them in its own way
        self._connection, self._answer, self._binary = connection, answer, binary
        self._flow = Flow(self._pong)
        #: What has come and is not understood; what there is of a message; what there is of a line that is to leave.
        self._received, self._message, self._unfinished = bytearray(), bytearray(), b""
        self._ping: Ping | None = None
        #: What our goodbye will be, if the other side has made that necessary.
        self._farewell: CloseConnection | None = None
        #: The protocol wants no more; no more is understood; no more will come; our goodbye is said.
        self._held = self._deaf = self._ended = self._closing = False
        self._reading = True
        self._quiet = 0
        self._again: Any = None

    @property
    def unread(self) -> int:
        """Bytes that have come and of which the protocol knows nothing yet."""
        return len(self._received) + len(self._message)

    # -- as the protocol sees it: a transport

    def makeConnection(self, transport: Any) -> None:
        """Answer the handshake, and let the protocol begin."""
        directlyProvides(self, providedBy(transport))
        Protocol.makeConnection(self, transport)
        self.factory.registerProtocol(self)
        self._send: Callable[[bytes], None] = writer(transport)
        self._send(self._answer)
        transport.registerProducer(self._flow, True)
        self._timer = self.factory.clock.callLater(LOOK, self._look)
        self.wrappedProtocol.makeConnection(self)

    def getPeer(self) -> Any:
        return self.client or self.transport.getPeer()

    def getPeerCertificate(self) -> Any:
        """What the client showed; a proxy's own certificate says nothing of it."""
        return None if self.client else self.transport.getPeerCertificate()

    def write(self, data: bytes) -> None:
        """Send the lines that are whole with this; the beginning of another waits for its end."""
        if self._closing:
            return
        data = self._unfinished + data if self._unfinished else data
        end = data.rfind(b"\n") + 1
        self._unfinished = data[end:]
        if end:
            self._send(self.factory.framed(data[:end], self._binary))

    def writeSequence(self, data: Any) -> None:
        self.write(b"".join(data))

    def registerProducer(self, producer: Any, streaming: bool) -> None:
        if not streaming:
            raise ValueError("a WebSocket never asks for more: it says when it is full")
        self._flow.producer = producer
        if self._flow.full:
            producer.pauseProducing()

    def unregisterProducer(self) -> None:
        self._flow.producer = None
        if self.disconnecting:
            self._goodbye()

    def pauseProducing(self) -> None:
        self._held = True
        self._go_on()

    def resumeProducing(self) -> None:
        self._held = False
        self._go_on()

    def loseConnection(self) -> None:
        """Say goodbye and close, as soon as no producer has anything left to write."""
        if not self.disconnecting:
            self.disconnecting = True
            if self._flow.producer is None:
                self._goodbye()

    def abortConnection(self) -> None:
        self.disconnecting = self._deaf = True
        self.transport.abortConnection()

    # -- as the transport sees it: a protocol

    def dataReceived(self, data: bytes) -> None:
        self._quiet = 0
        if not self._deaf:
            self._received += data
            if not (self._again or self._held):
                self._take()

    def readConnectionLost(self) -> None:
        """Nothing more will come, not even a goodbye."""
        self._ended = True
        if self._closing:
            self.transport.loseConnection()
        else:
            self._go_on()

    def writeConnectionLost(self) -> None:
        """The other side reads no more."""
        self.wrappedProtocol.writeConnectionLost()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._deaf = True
        self._received.clear()
        for timer in (self._timer, self._again):
            if timer is not None and timer.active():
                timer.cancel()
        super().connectionLost(reason)

    # -- what comes in

    def _take(self) -> None:
        """Understand a piece of what has come."""
        self._again = None
        piece = bytes(self._received[:PIECE])
        del self._received[:PIECE]
        self._understand(piece)
        self._go_on()

    def _go_on(self) -> None:
        """The next piece has its turn, or more is read, or the protocol hears that there is no more."""
        held = self._held and not self._closing
        if self._received and not (held or self._again):
            self._again = self.factory.clock.callLater(0, self._take)
        elif self._ended and not (self._received or self._deaf):
            self._deaf = True
            self.wrappedProtocol.readConnectionLost()
        reading = self._deaf or not (held or self._received)
        if reading != self._reading and not self.transport.disconnecting:
            self._reading = reading
            self.transport.resumeProducing() if reading else self.transport.pauseProducing()

    def _understand(self, piece: bytes) -> None:
        lines, end = bytearray(), None
        self._connection.receive_data(piece)
        for event in self._connection.events():
            if isinstance(event, Message):
                lines += self._line(event)
                if len(self._message) > LONGEST:
                    end = CloseConnection(CloseReason.MESSAGE_TOO_BIG, TOO_BIG)
                    break
            elif isinstance(event, Ping):
                self._ping = event
            elif isinstance(event, CloseConnection):
                end = event
        if lines:
            self.wrappedProtocol.dataReceived(bytes(lines))
        self._pong()
        if end is not None:
            self._end(end)

    def _line(self, part: Message[Any]) -> bytes:
        """The line that is whole with this part of a message; empty if none is."""
        self._message += part.data.encode() if isinstance(part.data, str) else part.data
        if not part.message_finished or len(self._message) > LONGEST:
            return b""
        line = bytes(self._message) + b"\n"
        self._message.clear()
        return line

    def _end(self, end: CloseConnection) -> None:
        """The other side has said goodbye, or something that cannot be understood: what it said before is done."""
        self._deaf = True
        self._received.clear()
        if self._closing:
            self.transport.loseConnection()
            return
        if end.code == CloseReason.INVALID_FRAME_PAYLOAD_DATA and self._connection.state is ConnectionState.OPEN:
            end = CloseConnection(end.code, NOT_UTF8)
        self._farewell = end.response()
        self.wrappedProtocol.readConnectionLost()

    # -- what goes out beside the lines

    def _pong(self) -> None:
        """Answer the last ping as soon as there is room."""
        ping, open = self._ping, self._connection.state is ConnectionState.OPEN
        if ping is not None and open and not self._flow.full:
            self._ping = None
            self._send(self._connection.send(ping.response()))

    def _look(self) -> None:
        """Ask whether the other side is there if it is silent, and give it up if it does not answer."""
        if self._held:
            self._quiet = 0
        if self._quiet >= SILENT:
            self.abortConnection()
            return
        if self._quiet and self._connection.state is ConnectionState.OPEN and not self._flow.full:
            self._send(self._connection.send(Ping()))
        self._quiet += 1
        self._timer = self.factory.clock.callLater(LOOK, self._look)

    def _goodbye(self) -> None:
        """Begin or answer the closing handshake (section 7.1); the other side has a while for its half of it."""
        if self._closing:
            return
        self._closing = self.disconnecting = True
        stopping = CloseConnection(CloseReason.GOING_AWAY, STOPPING) if self.factory.stopping else None
        self._send(self._connection.send(self._farewell or stopping or CloseConnection(CloseReason.NORMAL_CLOSURE)))
        self.transport.unregisterProducer()
        if self._timer.active():
            self._timer.cancel()
        if self._ended or self._connection.state is ConnectionState.CLOSED:
            self.transport.loseConnection()
        else:
            self._timer = self.factory.clock.callLater(LINGER, self.transport.loseConnection)
            self._go_on()


class WebSockets(WrappingFactory):
    """Makes WebSockets through which `wire` is spoken."""

    noisy = False

    def __init__(self, wire: Wire) -> None:
        super().__init__(wire)
        self._wire = wire
        self.clock = wire.chat.clock
        #: What is written in a turn is the same for many: the last is remembered.
        self.framed = lru_cache(16)(framed)

    @property
    def stopping(self) -> bool:
        return self._wire.chat.stopping

    def accept(self, request: Request, address: IAddress | None) -> WebSocket:
        """The WebSocket that a request asks for, with the first of its subprotocols that is known here; Refusal."""
        connection = WSConnection(ConnectionType.SERVER)
        try:
            connection.receive_data(request.head + b"\r\n\r\n")
            asked = next(connection.events())
            assert isinstance(asked, Asked)
            subprotocol = next((each for each in asked.subprotocols if each in SUBPROTOCOLS), None)
            answer = connection.send(AcceptConnection(subprotocol=subprotocol))
        except RemoteProtocolError as error:
            hint = error.event_hint if isinstance(error.event_hint, RejectConnection) else RejectConnection()
            fields = [f"{name.decode()}: {value.decode()}" for name, value in hint.headers]
            raise Refusal(hint.status_code, f"This WebSocket cannot be opened: {error}.", fields) from None
        except ValueError:
            raise Refusal(400, "This WebSocket cannot be opened: its request has letters that cannot be.") from None
        protocol = self._wire.buildProtocol(address)
        return WebSocket(self, protocol, connection, answer, SUBPROTOCOLS.get(subprotocol or "", False))
