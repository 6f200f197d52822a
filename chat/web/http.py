"""What comes by HTTP: requests for the page, which are answered, and those that become a WebSocket.

The laws of this file:

- Nothing is done for a request but to answer it, with a file of our page or a sentence.  It reaches the chat only as a
  WebSocket, and only from a page that may: a browser says whose page it is (Origin, RFC 6454 section 7), and no page
  can make it say something else.
- A request is bounded, in bytes and in seconds.
- A browser may ask again on the same connection when it has its answer.  Nobody else may: what comes behind a request
  that was refused is read and thrown away, since a system that has unread bytes resets the connection, and the answer
  is lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from importlib.util import find_spec
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol, IPushProducer
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from chat.core.refusals import Full
from chat.doorway import LINGER, take_place
from chat.factory import Wire
from chat.proxy import Source, shown, source, within
from chat.web.page import Page

if TYPE_CHECKING:
    from chat.web.transfer import Transfers
    from chat.web.websocket import WebSockets

log = Logger(namespace="chat")

#: Bytes of the head of a request, seconds in which it has to come, and seconds that a file may take to leave.
LONGEST, DEADLINE, PATIENCE = 8192, 10, 60
NOTHING_DONE = "This is a chat server, not a web server. Nothing that you sent was done."
NOT_ALLOWED = f"{NOTHING_DONE} It answers GET and HEAD."
NOT_INSTALLED = "WebSockets need a library that is missing here. To install it: pip install wsproto"

_END = re.compile(rb"\r?\n\r?\n")
_METHOD = re.compile(rb"([A-Z]{1,20})( |\Z)")
#: How a request for or of a file begins, and what may still become one.
_OF_FILES = re.compile(rb"[A-Z]{1,20} (?:https?://[^/ ?]{0,300})?/(?:upload|files)[/? ]")
_PERHAPS_OF_FILES = re.compile(rb"[A-Z]{0,20}(?: (?:/[a-z]{0,6})?)?")
_FIRST_LINE = re.compile(r"(GET|HEAD) (\S+) HTTP/1\.([01])")
_SERVER = re.compile(r"(?i)https?://[^/?]*")
_FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*")


class Refusal(Exception):
    """A request that is refused: with which status (RFC 9110, section 15), and in a sentence why."""

    def __init__(self, status: int, sentence: str, fields: Iterable[str] = ()) -> None:
        super().__init__(sentence)
        self.status, self.fields = status, tuple(fields)


@dataclass(frozen=True)
class Request:
    """A GET or HEAD: its head as it came, what it asks for, and its fields by their names in small letters.

    `lasting`: whether there may be another one behind it on the same connection (RFC 9112, section 9.3).
    """

    head: bytes
    method: str
    target: str
    fields: Mapping[str, str]
    lasting: bool = False

    def listed(self, name: str) -> list[str]:
        """The members of a field that is a list (RFC 9110, section 5.6.1)."""
        return [member.strip() for member in self.fields.get(name, "").split(",") if member.strip()]

    @property
    def path(self) -> str:
        """What it asks for, without the server where it is (RFC 9112, section 3.2.2) and without a query."""
        return _SERVER.sub("", self.target).partition("?")[0] or "/"

    @property
    def wants_websocket(self) -> bool:
        return self.method == "GET" and "websocket" in map(str.lower, self.listed("upgrade"))

    def may_come(self, origins: Iterable[str]) -> bool:
        """Whether the page it comes from may talk here: this server's own, and those of `origins`.

        A client that is no browser names no page; what it could do here, it could do without HTTP.
        """
        origin, host = self.fields.get("origin", "").lower(), self.fields.get("host", "").lower()
        own = bool(host) and origin.partition("://")[2] == host
        return "origin" not in self.fields or own or bool({origin, "*"} & set(map(str.lower, origins)))


def parse(head: bytes) -> Request:
    """A request from its head, without the empty line at the end (RFC 9112, sections 3 and 5); Refusal."""
    first, *lines = re.split("\r?\n", head.decode("latin-1"))
    asked = _FIRST_LINE.fullmatch(first)
    fields: dict[str, str] = {}
    for line in lines:
        field = _FIELD.fullmatch(line)
        if field is None:
            raise Refusal(400, NOTHING_DONE)
        name, value = field[1].lower(), field[2]
        fields[name] = f"{fields[name]}, {value}" if name in fields else value
    if asked is None or fields.get("content-length", "0") != "0" or "transfer-encoding" in fields:
        raise Refusal(400, NOTHING_DONE)
    if asked[3] == "0":
        fields.pop("upgrade", None)  # HTTP/1.0 knows none: RFC 9110, section 7.8
    lasting = asked[3] == "1" and "close" not in fields.get("connection", "").lower()
    return Request(head, asked[1], asked[2], fields, lasting)


def response(status: int, body: bytes, fields: Iterable[str], method: str = "GET", lasting: bool = False) -> bytes:
    """A whole answer; to HEAD without its body, and one of 304 has none (RFC 9110, sections 9.3.2 and 15.4.5)."""
    length = () if status == 304 else (f"Content-Length: {len(body)}",)
    end = () if lasting else ("Connection: close",)
    head = (f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", *end, *length, *fields)
    return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + (b"" if method == "HEAD" else body)


def sentence(status: int, text: str, fields: Iterable[str] = ()) -> bytes:
    """A whole answer: a line of text."""
    plain = "Content-Type: text/plain; charset=utf-8", "X-Content-Type-Options: nosniff"
    return response(status, f"{text}\n".encode(), (*plain, *fields))


@implementer(IHalfCloseableProtocol, IPushProducer)
class Visit(Protocol):
    """One connection: it waits for requests, and answers them or has a WebSocket take its place.

    Who does not read the answers is not read either.
    """

    factory: WebFactory

    def __init__(self, address: IAddress | None) -> None:
        self._address = address
        self._heard = b""
        self._answered = self._producing = False

    def connectionMade(self) -> None:
        late = f"There was no whole request in {DEADLINE} seconds."
        self._timer = self.factory.chat.clock.callLater(DEADLINE, self._answer, 408, late)
        try:
            self.factory.chat.let_wait(self)
        except Full:
            self._answered = True
            transport: Any = self.transport
            transport.abortConnection()

    def dataReceived(self, data: bytes) -> None:
        if self._answered:
            return
        self._heard += data
        try:
            self._understand()
        except Refusal as refusal:
            self._answer(refusal.status, str(refusal), refusal.fields)

    def _understand(self) -> None:
        if self.factory.chat.files is not None:
            if _OF_FILES.match(self._heard):
                self._give_way(self.factory.transfers.buildProtocol(self._address), self._heard)
                return
            if _PERHAPS_OF_FILES.fullmatch(self._heard):
                return
        method = _METHOD.match(self._heard)
        if method is None:
            raise Refusal(400, NOTHING_DONE)
        if method[2] and method[1] not in (b"GET", b"HEAD"):
            raise Refusal(405, NOT_ALLOWED, ["Allow: GET, HEAD"])
        end = _END.search(self._heard)
        if (end.start() if end else len(self._heard)) > LONGEST:
            raise Refusal(431, f"The head of a request may have {LONGEST:,} bytes.")
        if end is None:
            return
        request = parse(self._heard[: end.start()])
        rest = self._heard[end.end() :]
        if request.wants_websocket:
            self._open(request, rest)
        else:
            self._show(request, request.lasting and not rest)

    def _show(self, request: Request, lasting: bool) -> None:
        """Answer with what the page has there; it goes as slowly as the link is."""
        self._answered, self._heard = not lasting, b""
        transport: Any = self.transport
        self._timer.cancel()
        self._timer = self.factory.chat.clock.callLater(PATIENCE, transport.abortConnection)
        answer = self.factory.page.answer(request.path, request.fields)
        transport.write(response(*answer, request.method, lasting))
        if not lasting:
            self._stop_producing()
            transport.loseConnection()
        elif not self._producing:
            self._producing = True
            transport.registerProducer(self, True)

    def pauseProducing(self) -> None:
        """The answers are not read."""
        transport: Any = self.transport
        transport.pauseProducing()

    def resumeProducing(self) -> None:
        transport: Any = self.transport
        transport.resumeProducing()

    def stopProducing(self) -> None:
        """The end of the connection follows."""

    def _stop_producing(self) -> None:
        if self._producing:
            self._producing = False
            transport: Any = self.transport
            transport.unregisterProducer()

    def _open(self, request: Request, rest: bytes) -> None:
        transport: Any = self.transport
        peer = transport.getPeer()
        if not request.may_come(self.factory.chat.config.origins):
            log.warn("[WEB] {peer} was turned away: a page of {origin} is not allowed, see the setting origins.",
                     peer=shown(peer), origin=request.fields["origin"][:100])  # fmt: skip
            raise Refusal(403, "Pages of other sites may not chat here, but for those that the operator allows.")
        socket = self.factory.sockets.accept(request, self._address)
        if within(peer, self.factory.proxies):
            socket.client = self.factory.client_of(request, peer)
            socket.through_tls = request.fields.get("x-forwarded-proto", "").lower() == "https"
        self._give_way(socket, rest)

    def _give_way(self, successor: Any, rest: bytes) -> None:
        """Have somebody else look after the connection, and what has come of it."""
        self._timer.cancel()
        self._stop_producing()
        self.factory.chat.waiting.drop(self)
        take_place(self, successor)
        if rest:
            successor.dataReceived(rest)

    def _answer(self, status: int, text: str, fields: Iterable[str] = ()) -> None:
        self._answered, self._heard = True, b""
        transport: Any = self.transport
        if self._timer.active():
            self._timer.cancel()
        self._stop_producing()
        transport.write(sentence(status, text, fields))
        self._timer = self.factory.chat.clock.callLater(LINGER, transport.abortConnection)

    def readConnectionLost(self) -> None:
        """There is no more to a request: it gets its answer, if it was whole, and that is all."""
        transport: Any = self.transport
        self._stop_producing()
        transport.loseConnection()

    def writeConnectionLost(self) -> None:
        """The end of the connection follows."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.factory.chat.waiting.drop(self)
        if self._timer.active():
            self._timer.cancel()


class WebFactory(Factory):
    """Answers what comes by HTTP; `wire` is what is spoken through the WebSockets."""

    noisy = False
    greets = False

    def __init__(self, wire: Wire) -> None:
        self.wire, self.chat = wire, wire.chat

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Where those are who may say for whom they come."""
        return tuple(map(ip_network, self.chat.config.proxy))

    def client_of(self, request: Request, proxy: IAddress) -> Source | None:
        """Whom a proxy brings: the last address of X-Forwarded-For that is no proxy's; each adds one at the end."""
        for text in reversed(request.listed("x-forwarded-for")):
            client = source(text)
            if client is None or not within(client, self.proxies):
                log.info("[PROXY] {proxy} brings {client}.", proxy=shown(proxy), client=shown(client or text))
                return client
        return None

    @cached_property
    def transfers(self) -> Transfers:
        """Looks after files that come and go; imported when the first does."""
        from chat.web.transfer import Transfers

        assert self.chat.files is not None
        return Transfers(self, self.chat.files)

    @cached_property
    def page(self) -> Page:
        """What a browser is shown."""
        return Page(self.about)

    def about(self) -> dict[str, object]:
        """What the page has to know of this server before anyone comes in."""
        config = self.chat.config
        return {
            "name": config.name,
            "network": config.network,
            "lobby": f"#{config.lobby}",
            "password": bool(config.password),
            "guests": config.guests == "allow",
            "missing": "" if find_spec("wsproto") else NOT_INSTALLED,
        }

    @cached_property
    def sockets(self) -> WebSockets:
        """Makes the WebSockets; their library is imported when the first is asked for, so that start-up is fast."""
        try:
            from chat.web.websocket import WebSockets
        except ImportError as error:
            log.warn("[WEB] No WebSocket: {error}. {hint}", error=str(error), hint=NOT_INSTALLED)
            raise Refusal(501, NOT_INSTALLED) from None
        return WebSockets(self.wire)

    def buildProtocol(self, addr: IAddress | None) -> Visit:  # type: ignore[override]
        visit = Visit(addr)
        visit.factory = self
        return visit
