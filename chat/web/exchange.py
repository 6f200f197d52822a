"""One request and its answer, where either may be long: what comes is understood by h11 (RFC 9112).

The laws of this file:

- No more is read than whoever asks for it takes, and no more is written than the other side reads.
- What was answered before all of it came is read and thrown away for a while, so that the answer can be read.
- Whatever is waited for, it is not waited for longer than `IDLE` seconds, nor for what comes slower than `SLOWEST`.
"""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import h11
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IHalfCloseableProtocol, IPushProducer
from twisted.internet.protocol import Protocol, connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from chat.core.refusals import Full
from chat.doorway import LINGER
from chat.web.http import LONGEST, Refusal, sentence

if TYPE_CHECKING:
    from chat.web.transfer import Transfers

log = Logger(namespace="chat")

#: Seconds in which something has to come or go, and in which all of a request has to come; and how many bytes a second
#: have to come on average after the first `IDLE`: as few may come at once as there is room for, and nobody blocks it.
IDLE, WHOLE, SLOWEST = 60, 3600, 1000
#: Parts of a body that are taken at once: tiny ones are as much work as large ones.
PARTS = 64
SORRY = "Something went wrong on our side; it is noted in the log."


@implementer(IHalfCloseableProtocol, IPushProducer)
class Exchange(Protocol):
    """One connection: `serve` answers its request."""

    factory: Transfers
    transport: Any

    async def serve(self, request: h11.Request) -> None:
        """Answer a request; Refusal."""
        raise NotImplementedError

    def connectionMade(self) -> None:
        self._connection = h11.Connection(h11.SERVER, max_incomplete_event_size=LONGEST)
        self._gone = self._answered = self._ended = self._full = self._only_head = False
        self._waiting: Deferred[None] | None = None
        self._clock = self.factory.chat.clock
        self._began, self._received = self._clock.seconds(), 0
        self._timer: Any = None
        try:
            self.factory.chat.let_wait(self)
        except Full:
            self._answered = True
            self.transport.abortConnection()
            return
        Deferred.fromCoroutine(self._run())

    async def _run(self) -> None:
        """Serve the request, inside the error boundary."""
        try:
            request = await self._head()
            self._only_head = request.method == b"HEAD"
            await self.serve(request)
        except ConnectionLost:
            if not self._gone:
                self.transport.loseConnection()
        except Refusal as refusal:
            self.answer(refusal.status, str(refusal), refusal.fields)
        except h11.RemoteProtocolError as error:
            self.answer(error.error_status_hint, f"This request cannot be understood: {error}.")
        except Exception:
            log.failure("A bug in one request")
            if self._answered:
                self.transport.abortConnection()
            else:
                self.answer(500, SORRY)

    # -- what comes in

    async def _head(self) -> h11.Request:
        while True:
            event = self._connection.next_event()
            if isinstance(event, h11.Request):
                return event
            if event is not h11.NEED_DATA:
                raise ConnectionLost
            await self._more()

    async def parts(self) -> list[bytes]:
        """Some parts of the body, in order; none when it has ended.  RemoteProtocolError, ConnectionLost, Refusal."""
        parts: list[bytes] = []
        while len(parts) < PARTS and not self._ended:
            event = self._connection.next_event()
            if isinstance(event, h11.Data):
                parts.append(bytes(event.data))
            elif event is not h11.NEED_DATA:
                self._ended = True
            elif parts:
                break
            else:
                await self._more()
        if self._gone:
            raise ConnectionLost
        return parts

    def go_ahead(self) -> None:
        """Tell who has asked first that the body may come (RFC 9110, section 10.1.1)."""
        if self._connection.they_are_waiting_for_100_continue:
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    async def _more(self) -> None:
        """Read until more has come, and then nothing until it is asked for; ConnectionLost, Refusal if none comes."""
        if self._clock.seconds() - self._began > min(WHOLE, IDLE + self._received / SLOWEST):
            raise Refusal(408, "It comes too slowly.")
        self.transport.resumeProducing()
        await self._wait(Refusal(408, f"Nothing has come for {IDLE} seconds."))
        self.transport.pauseProducing()

    def dataReceived(self, data: bytes) -> None:
        if not self._answered:
            self._received += len(data)
            self._connection.receive_data(data)
            self._wake()

    def readConnectionLost(self) -> None:
        """No more will come; the answer may still go."""
        if not self._answered:
            self._connection.receive_data(b"")
            self._wake()

    # -- what goes out

    def answer(self, status: int, text: str, fields: Iterable[str] = ()) -> None:
        """Answer with a line of text, and be done."""
        if self._gone:
            return
        self._answered = True
        self._stop_timer()
        data = sentence(status, text, (*self.extra(), *fields))
        self.transport.write(data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if self._only_head else data)
        self._timer = self._clock.callLater(LINGER, self.transport.abortConnection)
        self.transport.resumeProducing()

    def extra(self) -> Iterable[str]:
        """Fields of every answer."""
        return ()

    def begin(self, status: int, fields: Iterable[str]) -> None:
        """Begin an answer whose body follows by `send` and `end`; ConnectionLost."""
        if self._gone:
            raise ConnectionLost
        self._answered = True
        self.transport.resumeProducing()  # what comes now is thrown away
        self.transport.registerProducer(self, True)
        head = (f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Connection: close", *self.extra(), *fields)
        self.transport.write("\r\n".join(head).encode("latin-1") + b"\r\n\r\n")

    async def send(self, data: bytes) -> None:
        """Write more of the body, and wait until there is room for more; ConnectionLost."""
        if self._gone:
            raise ConnectionLost
        self.transport.write(data)
        if self._full:
            try:
                await self._wait(TimeoutError())
            except TimeoutError:
                self.transport.abortConnection()
                raise ConnectionLost from None

    def end(self) -> None:
        """The answer is whole."""
        self.transport.unregisterProducer()
        self.transport.loseConnection()
        self._timer = self._clock.callLater(IDLE, self.transport.abortConnection)

    def pauseProducing(self) -> None:
        self._full = True

    def resumeProducing(self) -> None:
        self._full = False
        self._wake()

    def stopProducing(self) -> None:
        """The connection is about to be lost."""

    # -- waiting

    async def _wait(self, late: Exception) -> None:
        """Wait until something happens; ConnectionLost, or `late` if nothing does in time."""
        if self._gone:
            raise ConnectionLost
        waiting = self._waiting = Deferred()
        self._timer = self._clock.callLater(IDLE, waiting.errback, late)
        try:
            await waiting
        finally:
            self._waiting = None
            self._stop_timer()
        if self._gone:
            raise ConnectionLost

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.callback(None)

    def _stop_timer(self) -> None:
        if self._timer is not None and self._timer.active():
            self._timer.cancel()

    def writeConnectionLost(self) -> None:
        """The end of the connection follows."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.factory.chat.waiting.drop(self)
        self._gone = self._answered = True
        self._stop_timer()
        self._wake()
