"""The link between a chat and its server: made, verified, lost, and made again by itself.

    link = Link(chat, parse("chat.example.org"), Remembered(), reactor)
    link.start()

After a loss it waits a second, then two, four, up to a minute, and each time up to half as long more, so that not
everybody comes back at once.  `chat.state` says how it is.  When the certificate cannot be believed, that is UNTRUSTED:
show the sentence and the fingerprint, and call `trust` if the person says so, or `stop`.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.error import (
    ConnectionAborted,
    ConnectionDone,
    ConnectionLost,
    ConnectionRefusedError,
    DNSLookupError,
    NoRouteError,
    TCPTimedOutError,
    TimeoutError,
)
from twisted.internet.interfaces import IReactorTime, IStreamClientEndpoint
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.internet.task import LoopingCall
from twisted.logger import Logger
from twisted.python.failure import Failure

from chat.clients.address import Address
from chat.clients.certificate import Verified
from chat.clients.chat import Chat
from chat.clients.remembered import Remembered
from chat.clients.state import CONNECTING, OFFLINE, ONLINE, REFUSED, UNTRUSTED, WAITING, Change, State

log = Logger()

#: Seconds before the first new try, and before later ones at most; after so long online the next try is a first one.
FIRST, LONGEST, STABLE = 1.0, 60.0, 30.0
#: Seconds that making a connection may take; of silence until we ask whether the server is there; until we give up.
PATIENCE, QUIET, SILENCE = 30, 45, 75
#: Bytes without the end of a line that no server sends.
ENDLESS = 1 << 20
#: Failures in words.
SENTENCES = {
    (ConnectionRefusedError,): "nothing listens there",
    (DNSLookupError,): "there is no machine of that name",
    (TimeoutError, TCPTimedOutError): "it does not answer",
    (ConnectionLost, ConnectionAborted): "the connection broke",
    (ConnectionDone,): "it was closed",
    (NoRouteError,): "there is no way there",
}
#: Something that makes the endpoint of an address, with the verifier of its certificate, if it has TLS.
Endpoints = Callable[[Any, Address, "Verified | None"], IStreamClientEndpoint]


def endpoint(reactor: Any, address: Address, verified: Verified | None) -> IStreamClientEndpoint:
    """The endpoint of an address."""
    plain = HostnameEndpoint(reactor, address.host, address.port, timeout=PATIENCE)
    return plain if verified is None else wrapClientTLS(verified, plain)


class Lines(Protocol):
    """A connection, as lines."""

    transport: Any

    def __init__(self, link: Link) -> None:
        self._link = link
        self._rest = b""

    def connectionMade(self) -> None:
        self._link.made(self)

    def dataReceived(self, data: bytes) -> None:
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._link.heard()
        for line in lines:
            if self._link.lines is self and line:
                self._understand(line)
        if len(self._rest) > ENDLESS:
            self.transport.abortConnection()

    def _understand(self, line: bytes) -> None:
        """A line that is not understood, a bug of ours, is not to cost the link."""
        try:
            self._link.chat.received(line)
        except Exception:
            log.failure("A bug while a line was understood: {line}", line=line)

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._link.lost(self, reason)


class Link:
    """Keeps a chat connected to the server at `address`, for as long as it is not stopped."""

    def __init__(
        self,
        chat: Chat,
        address: Address,
        remembered: Remembered,
        reactor: Any,
        endpoints: Endpoints = endpoint,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.chat, self.address, self.remembered = chat, address, remembered
        self._clock: IReactorTime = reactor
        self._reactor, self._endpoints, self._jitter = reactor, endpoints, jitter
        self.lines: Lines | None = None
        self._verified: Verified | None = None
        self._attempt: Deferred[Any] | None = None
        self._again: Any = None
        self._losses = 0
        self._since = self._last = 0.0
        self._running = False
        self._ended: list[Deferred[None]] = []
        #: The certificate has changed since it was trusted: see whether it is one that all may trust.
        self._strictly = False
        self.chat.observe(self._watch)
        self.chat.files.carry = self._carry
        self._ticking = LoopingCall(self._tick)
        self._ticking.clock = reactor

    # -- from outside

    def start(self) -> None:
        """Connect, and stay connected."""
        self._running = True
        self._losses = 0
        if not self._ticking.running:
            self._ticking.start(1, now=False)
        self._connect()

    def stop(self) -> Deferred[None]:
        """Leave; fires when the connection is closed."""
        self._running = False
        self._cancel()
        if self._ticking.running:
            self._ticking.stop()
        if self.lines is None:
            self.chat.set_state(State(OFFLINE, "You are not connected."))
            return succeed(None)
        self.chat.quit()
        self.lines.transport.loseConnection()
        ended: Deferred[None] = Deferred()
        self._ended.append(ended)
        return ended

    def retry(self) -> None:
        """Try again now, after a loss or when what was wrong is mended."""
        if self.lines is None and self._attempt is None:
            self._cancel()
            self._running = True
            if not self._ticking.running:
                self._ticking.start(1, now=False)
            self._connect()

    def trust(self) -> None:
        """Believe the certificate that was just refused, from now on."""
        if self.chat.state.kind == UNTRUSTED:
            self.remembered.trust(str(self.address), self.chat.state.fingerprint)
            self._strictly = False
            self.retry()

    def _carry(self, url: str, permit: str, path: str) -> Deferred[str]:
        """Take a file to the server; what that needs is imported when the first goes."""
        from chat.clients.carrier import carry

        return carry(self._reactor, self.address, self.remembered, url, permit, path)

    # -- one connection after the other

    def _connect(self) -> None:
        self.chat.set_state(State(CONNECTING, f"Connecting to {self.address}."))
        self._verified = None
        if self.address.tls:
            fingerprint = "" if self._strictly else self.remembered.fingerprint(str(self.address))
            self._verified = Verified(self.address.host, fingerprint)
        factory = Factory.forProtocol(lambda: Lines(self))
        factory.noisy = False
        self._attempt = self._endpoints(self._reactor, self.address, self._verified).connect(factory)
        self._attempt.addCallbacks(self._connected, self._failed)

    def _watch(self, change: Change) -> None:
        """A server that does not let us in need not be waited for."""
        if change.what == "state" and self.chat.state.kind == REFUSED and self.lines is not None:
            self.lines.transport.loseConnection()

    def _connected(self, lines: Any) -> None:
        self._attempt = None

    def _failed(self, why: Failure) -> None:
        self._attempt = None
        if self._running:
            self._wait(f"{self.address} cannot be reached: {words(why)}.")

    def made(self, lines: Lines) -> None:
        """A connection is there."""
        if not self._running:
            lines.transport.abortConnection()
            return
        self.lines, self._last = lines, self._clock.seconds()
        self._since = self._last
        self.chat.connected(lines.transport.write)

    def heard(self) -> None:
        """The server is alive."""
        self._last = self._clock.seconds()

    def lost(self, lines: Lines, why: Failure) -> None:
        """A connection is gone."""
        if lines is not self.lines:
            return
        self.lines = None
        was = self.chat.state.kind
        if was == ONLINE and self._clock.seconds() - self._since > STABLE:
            self._losses = 0
        self.chat.disconnected()
        if not self._running or was == OFFLINE:
            self._end()
        elif was == REFUSED:
            self._running = False
        elif self._verified is not None and self._verified.wrong:
            self._unbelievable(self._verified, self._verified.wrong)
        else:
            farewell = self.chat.farewell or ("" if why.check(ConnectionLost) else words(why))
            self._wait(f"The link to {self.address} is lost{farewell and ': '}{farewell.rstrip('.')}.")

    def _unbelievable(self, verified: Verified, wrong: str) -> None:
        """The certificate is not to be believed: no connection.  One that was trusted may have become a better one."""
        if verified.fingerprint and not self._strictly:
            self._strictly = True
            self._connect()
            return
        changed = "It is not the one that you trusted before. " if self._strictly else ""
        sentence = (
            f"The certificate of {self.address} {wrong}, so this may not be {self.address.host} at all. {changed}"
            f"Nothing was sent. Its fingerprint (SHA-256) is {verified.seen}. Trust it only if whoever runs the server "
            "tells you the same fingerprint."
        )
        self._running = self._strictly = False
        self.chat.set_state(State(UNTRUSTED, sentence, fingerprint=verified.seen))

    def _wait(self, why: str) -> None:
        delay = min(FIRST * 2 ** min(self._losses, 10), LONGEST) * (1 + self._jitter() / 2)
        self._losses += 1
        until = self._clock.seconds() + delay
        seconds = max(1, round(delay))
        again = f"Trying again in {seconds} second{'' if seconds == 1 else 's'}."
        self._again = self._clock.callLater(delay, self._retry)
        self.chat.set_state(State(WAITING, f"{why} {again}", until))

    def _retry(self) -> None:
        self._again = None
        self._connect()

    def _cancel(self) -> None:
        if self._again is not None:
            self._again.cancel()
            self._again = None
        if self._attempt is not None:
            self._attempt.cancel()

    def _end(self) -> None:
        self._running = False
        if self._ticking.running:
            self._ticking.stop()
        self.chat.set_state(State(OFFLINE, "You are not connected."))
        ended, self._ended = self._ended, []
        for each in ended:
            each.callback(None)

    def _tick(self) -> None:
        self.chat.tick()
        if self.lines is None:
            return
        silent = self._clock.seconds() - self._last
        if silent > SILENCE:
            self.chat.farewell = "the server does not answer"
            self.lines.transport.abortConnection()
        elif silent > QUIET:
            self.chat.send("PING", "alive")


def words(why: Failure) -> str:
    """A failure in words, without the full stop at its end."""
    for kind, sentence in SENTENCES.items():
        if why.check(*kind):
            return sentence
    text = str(why.value) or type(why.value).__name__
    return text.rstrip(".")
