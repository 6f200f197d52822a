"""One port for every wire: what comes in is recognised by its first bytes, and then the doorway steps aside.

The laws of this file:

- The first word decides, and it decides once: what comes later is text of the wire that was chosen.
- Nothing that came with an HTTP request reaches any wire: a page in a browser could have sent it.
- Silence is a person's, unless a browser was just here from the same address: it opens connections before it knows what
  it will ask on them, and would take a greeting for a broken answer.
- As many may wait here as may be inside; who comes then is cut off, since nobody knows yet how to tell them why.
- Inside TLS the same is looked at again, from the moment the two sides have shaken hands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol, IHandshakeListener, ISSLTransport
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.protocols.policies import ProtocolWrapper
from twisted.python.failure import Failure
from zope.interface import implementer

from chat.ciphertext import StraightTLSFactory
from chat.core.refusals import Full
from chat.tls import Certificates

if TYPE_CHECKING:
    from chat.factory import Wire

#: Seconds of silence after which somebody is taken for a person, who waits to be greeted.
SILENCE = 0.3
#: Seconds for which a browser makes that doubtful, and seconds after which a person is greeted all the same.
DOUBT, DOUBTED = 4, 6
#: Seconds that TLS may take to shake hands, and that a browser has to read what it is told.
HANDSHAKE, LINGER = 10, 2
#: The first byte of a TLS handshake record (RFC 8446, section 5.1); no line of text begins with it.
TLS_HANDSHAKE = 0x16
#: Commands that an IRC client may begin with; all but the last have parameters, so that a person may have their names.
IRC_VERBS = frozenset((b"CAP", b"NICK", b"USER", b"PASS", b"PING", b"WEBIRC", b"AUTHENTICATE", b"STARTTLS"))
#: The methods of HTTP (RFC 9110 section 9, RFC 5789), and the first word of HTTP/2 (RFC 9113 section 3.4).
HTTP_VERBS = frozenset(
    (b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH", b"PRI")
)
#: Tags and a source may stand before a command of IRC; nobody needs more of them at the start.
_PREFIXES = re.compile(rb"(?:[@:][^ \r\n]{1,500} +){0,2}")
_UNFINISHED_PREFIX = re.compile(rb"[@:][^ \r\n]{0,500}")
_FIRST_WORD = re.compile(rb"([A-Za-z]*)([ \r\n]?)")

PERSON, IRC, TLS, HTTP = "person", "irc", "tls", "http"


def recognise(heard: bytes) -> str | None:
    """Who begins with these bytes; None while that cannot be told."""
    if heard[0] == TLS_HANDSHAKE:
        return TLS
    rest = heard[_PREFIXES.match(heard).end() :]  # type: ignore[union-attr]  # it matches nothing, too
    if not rest or _UNFINISHED_PREFIX.fullmatch(rest):
        return None
    found = _FIRST_WORD.match(rest)
    assert found is not None
    word, end = found.groups()
    if not end and len(word) == len(rest):
        return None if any(verb.startswith(word.upper()) for verb in IRC_VERBS | HTTP_VERBS) else PERSON
    if word in HTTP_VERBS and end == b" ":
        return HTTP
    if word.upper() in IRC_VERBS and (end == b" " or (end and word.upper() == b"STARTTLS")):
        return IRC
    return PERSON


class Browsers:
    """Where browsers were just now: addresses, and when."""

    def __init__(self, clock: Any) -> None:
        self._clock = clock
        self._seen: dict[str, float] = {}

    def note(self, transport: Any) -> None:
        """A browser is there."""
        now = self._clock.seconds()
        self._seen = {host: then for host, then in self._seen.items() if now - then < DOUBT}
        self._seen[host_of(transport)] = now

    def near(self, transport: Any) -> bool:
        """Whether one was at this address just now."""
        then = self._seen.get(host_of(transport))
        return then is not None and self._clock.seconds() - then < DOUBT


def host_of(transport: Any) -> str:
    """Where the other side is; all who come by a unix socket are at one place."""
    return str(getattr(transport.getPeer(), "host", ""))


def step_aside(protocol: Protocol, factory: Any, address: IAddress | None) -> Any:
    """Have a protocol of `factory` take the place of `protocol` on its transport; the new protocol."""
    return take_place(protocol, factory.buildProtocol(address))


def take_place(protocol: Protocol, successor: Any) -> Any:
    """Have a new protocol take the place of `protocol` on its transport; the new protocol."""
    transport: Any = protocol.transport
    if isinstance(transport, ProtocolWrapper):  # TLS or PROXY, by the endpoint
        transport.wrappedProtocol = successor
    else:
        transport.protocol = successor
    successor.makeConnection(transport)
    return successor


@implementer(IHalfCloseableProtocol, IHandshakeListener)
class Doorway(Protocol):
    """Waits for the first word of a connection, or for silence, and hands it to the factory that fits."""

    factory: DoorwayFactory

    def __init__(self, address: IAddress | None) -> None:
        self._address = address
        self._heard = b""
        self._came = 0.0

    def connectionMade(self) -> None:
        transport: Any = self.transport
        self._came = self.factory.clock.seconds()
        self._timer = self.factory.clock.callLater(HANDSHAKE, transport.abortConnection)
        try:
            self.factory.chat.let_wait(self)
        except Full:
            transport.abortConnection()
            return
        if not ISSLTransport.providedBy(transport):
            self._timer.cancel()
            self._listen()

    def handshakeCompleted(self) -> None:
        """TLS can be spoken through now, not before: it would be no silence."""
        self._timer.cancel()
        self._listen()

    def _listen(self) -> None:
        self._timer = self.factory.clock.callLater(self.factory.silence, self._heard_nothing)

    def _heard_nothing(self) -> None:
        """After a long turn of the reactor it may be we who have not listened: what waits is read before the next."""
        waited = self.factory.clock.seconds() - self._came
        if not self._heard and waited < DOUBTED and self.factory.browsers.near(self.transport):
            self._listen()
            return
        self._timer = self.factory.clock.callLater(0, self._hand_over, PERSON)

    def dataReceived(self, data: bytes) -> None:
        self._timer.cancel()
        self._heard += data
        who = self.factory.recognise(self._heard)
        if who is None:
            self._listen()
        else:
            if who == HTTP:
                self.factory.browsers.note(self.transport)
            self._hand_over(who)

    def _hand_over(self, who: str) -> Any:
        self.factory.chat.waiting.drop(self)
        successor = step_aside(self, self.factory.wires[who], self._address)
        if self._heard:
            successor.dataReceived(self._heard)
        return successor

    def readConnectionLost(self) -> None:
        self._timer.cancel()
        self._hand_over(PERSON).readConnectionLost()

    def writeConnectionLost(self) -> None:
        """Nothing was written yet: the end of the connection follows."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.factory.chat.waiting.drop(self)
        if self._timer.active():
            self._timer.cancel()


class DoorwayFactory(Factory):
    """The doorways of one port: `people` is the factory of the wire for people, or of the only one there is.

    With `irc` there is `web`: what comes by HTTP must never be taken for somebody who types.
    """

    noisy = False

    def __init__(
        self,
        people: Wire,
        certificates: Certificates | None,
        clock: Any,
        irc: Factory | None = None,
        web: Factory | None = None,
        browsers: Browsers | None = None,
    ) -> None:
        self.clock, self.chat, self.browsers = clock, people.chat, browsers or Browsers(clock)
        #: Where nobody is greeted there is no hurry: what a client says over TLS may be lost on its way at first.
        self.silence = SILENCE if people.greets else HANDSHAKE
        self.wires: dict[str, Any] = {PERSON: people}
        if irc is not None:
            assert web is not None
            self.wires |= {IRC: irc, HTTP: web}
        if certificates is not None:
            inside = people if irc is None else DoorwayFactory(people, None, clock, irc, web, self.browsers)
            self.wires[TLS] = StraightTLSFactory(certificates, False, inside, clock)

    def recognise(self, heard: bytes) -> str | None:
        """Which of the wires of this port begins with these bytes; None while that cannot be told."""
        if IRC not in self.wires:
            return TLS if heard[0] == TLS_HANDSHAKE and TLS in self.wires else PERSON
        who = recognise(heard)
        return who if who is None or who in self.wires else PERSON

    def buildProtocol(self, addr: IAddress | None) -> Doorway:  # type: ignore[override]
        doorway = Doorway(addr)
        doorway.factory = self
        return doorway
