"""The PROXY protocol, versions 1 and 2: a proxy says where its client comes from, before anything else.

The rules are in https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt (here: "spec"). A header is believed only
from the networks that the operator has named, once, and at the very beginning; from then on the transport itself
answers with the address of the client, so that logs, limits and bans all see that one.  A client that came to the proxy
by TLS counts as encrypted: how the proxy comes to us is for the operator to secure, who named it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address as Four
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from ipaddress import IPv6Address as Six
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.interfaces import IAddress, IHalfCloseableProtocol
from twisted.internet.protocol import Factory, Protocol, connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure
from zope.interface import implementer

from chat.doorway import SILENCE, step_aside

log = Logger(namespace="chat")

#: Seconds in which the header of a proxy has to come (spec section 2: at least 3).
DEADLINE = 5
#: Bytes of a header of version 1 with its end of line (spec section 2.1).
LONGEST = 107
#: What a header of version 2 begins with (spec section 2.2), and its length up to the addresses.
SIGNATURE, FIXED = b"\r\n\r\n\x00\r\nQUIT\n", 16
#: Two more bytes of version 2: the command, and the family with its transport.
LOCAL, PROXY = 0x20, 0x21
TCP4, TCP6 = 0x11, 0x21
#: What may follow the addresses and says that the client came to the proxy by TLS (spec section 2.2.5).
SSL, CLIENT_SSL = 0x20, 0x01

_NUMBER = rb"(0|[1-9][0-9]{0,4})"
_VERSION_1 = re.compile(rb"PROXY (TCP4|TCP6) ([0-9a-fA-F.:]+) ([0-9a-fA-F.:]+) " + _NUMBER + b" " + _NUMBER + rb"\r\n")
_UNKNOWN = re.compile(rb"PROXY UNKNOWN[^\r\n]*\r\n")

Source = IPv4Address | IPv6Address


class BadHeader(Exception):
    """What came is no header of a proxy; the text says why, for the log."""


@dataclass(frozen=True)
class Header:
    """A header: how many bytes it has, and where the client is; None where the proxy speaks for itself.

    `through_tls`: whether the client came to the proxy by TLS.
    """

    length: int
    source: Source | None = None
    through_tls: bool = False


def parse(heard: bytes) -> Header | None:
    """The header that `heard` begins with, None while it is not whole; BadHeader."""
    if heard.startswith(SIGNATURE[: len(heard)]):
        return _parse_2(heard) if len(heard) >= FIXED else None
    if heard.startswith(b"PROXY "[: len(heard)]):
        return _parse_1(heard)
    raise BadHeader("there is no header")


def _parse_1(heard: bytes) -> Header | None:
    line, end, _ = heard[:LONGEST].partition(b"\r\n")
    if not end:
        if len(heard) >= LONGEST:
            raise BadHeader(f"the header has no end of line in its first {LONGEST} bytes")
        return None
    length = len(line) + len(end)
    if _UNKNOWN.fullmatch(heard[:length]):
        return Header(length)
    found = _VERSION_1.fullmatch(heard[:length])
    if found is None:
        raise BadHeader("the header is no line of version 1")
    family, source, destination, *ports = (part.decode() for part in found.groups())
    try:
        kind = Four if family == "TCP4" else Six
        kind(destination)
        client = kind(source)
    except ValueError as error:
        raise BadHeader(f"the header is wrong: {error}") from None
    if max(map(int, ports)) > 65_535:
        raise BadHeader("the header has a port that cannot be")
    return Header(length, _source(client, int(ports[0])))


def _parse_2(heard: bytes) -> Header | None:
    command, family = heard[12], heard[13]
    if command not in (LOCAL, PROXY):
        raise BadHeader("the header has an unknown command")
    if family >> 4 > 3 or family & 15 > 2:
        raise BadHeader("the header has an unknown family of addresses")
    length = FIXED + int.from_bytes(heard[14:FIXED], "big")
    width = {TCP4: 4, TCP6: 16}.get(family)
    if command == LOCAL or width is None:
        return Header(length) if len(heard) >= length else None
    if length < FIXED + 2 * width + 4:
        raise BadHeader("the header is too short for its addresses")
    if len(heard) < length:
        return None
    client = ip_address(heard[FIXED : FIXED + width])
    port = FIXED + 2 * width
    more = _more(heard[port + 4 : length])
    through_tls = any(kind == SSL and value and value[0] & CLIENT_SSL for kind, value in more)
    return Header(length, _source(client, int.from_bytes(heard[port : port + 2], "big")), through_tls)


def _more(data: bytes) -> Iterator[tuple[int, bytes]]:
    """What follows the addresses: kinds and values (spec section 2.2); what does not fit is passed over."""
    while len(data) >= 3:
        end = 3 + int.from_bytes(data[1:3], "big")
        if end <= len(data):
            yield data[0], data[3:end]
        data = data[end:]


def source(text: str) -> Source | None:
    """An address of which only the text is known; None if it is none."""
    try:
        return _source(ip_address(text), 0)
    except ValueError:
        return None


def within(address: Any, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether an address is in one of these networks."""
    try:
        peer = plain(ip_address(str(getattr(address, "host", ""))))
    except ValueError:
        return False
    return any(peer in network for network in networks)


def _source(client: Four | Six, port: int) -> Source:
    client = plain(client)
    return (IPv4Address if client.version == 4 else IPv6Address)("TCP", str(client), port)


def plain(address: Four | Six) -> Four | Six:
    """An address without the disguise of IPv4 as IPv6 (RFC 4291, section 2.5.5.2)."""
    return getattr(address, "ipv4_mapped", None) or address


def shown(address: Any) -> tuple[str, int]:
    """An address as the log has it."""
    return str(getattr(address, "host", address)), int(getattr(address, "port", 0))


@implementer(IHalfCloseableProtocol)
class Proxied(Protocol):
    """Reads the header of one connection and steps aside; without a good one in time it closes the connection.

    Where none is required, who begins with something else, or is silent, speaks for itself.
    """

    factory: ProxyFactory

    def __init__(self, address: IAddress | None) -> None:
        self._address = address
        self._heard = b""

    def connectionMade(self) -> None:
        clock = self.factory.clock
        self._deadline = clock.callLater(DEADLINE, self._refuse, f"there is no whole header after {DEADLINE} s")
        self._silence = None if self.factory.required else clock.callLater(SILENCE, self._hand_over)

    def dataReceived(self, data: bytes) -> None:
        self._heard += data
        try:
            header = parse(self._heard)
        except BadHeader as error:
            if self.factory.required or self._has_begun:
                self._refuse(str(error))
            else:
                self._hand_over()
            return
        if header is not None:
            self._believe(header)
        elif self._has_begun and self._silence and self._silence.active():
            self._silence.cancel()

    @property
    def _has_begun(self) -> bool:
        """Whether what came so far begins a header and nothing else."""
        return self._heard.startswith((b"PROXY ", SIGNATURE[:6]))

    def _believe(self, header: Header) -> None:
        if header.source is not None:
            source = self._address = header.source
            transport: Any = self.transport
            log.info("[PROXY] {proxy} brings {client}.", proxy=shown(transport.getPeer()), client=shown(source))
            transport.getPeer = lambda: source
            if header.through_tls:  # if not, there may be TLS with us inside
                transport.through_tls = True
        self._heard = self._heard[header.length :]
        self._hand_over()

    def _hand_over(self) -> Any:
        self._stop_waiting()
        successor = step_aside(self, self.factory.inside, self._address)
        if self._heard:
            successor.dataReceived(self._heard)
        return successor

    def _refuse(self, why: str) -> None:
        self._stop_waiting()
        transport: Any = self.transport
        log.warn("[PROXY] {proxy} was turned away: {why}.", proxy=shown(transport.getPeer()), why=why)
        transport.abortConnection()

    def readConnectionLost(self) -> None:
        if self.factory.required or self._has_begun:
            self._refuse("there is no whole header, and nothing more will come")
        else:
            self._hand_over().readConnectionLost()

    def writeConnectionLost(self) -> None:
        """Nothing was written yet: the end of the connection follows."""

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self._stop_waiting()

    def _stop_waiting(self) -> None:
        for timer in (self._deadline, self._silence):
            if timer and timer.active():
                timer.cancel()


class ProxyFactory(Factory):
    """Reads the headers of the proxies in `networks`; everyone else is let through to `inside` as they are."""

    noisy = False

    def __init__(self, inside: Factory, networks: Iterable[str], required: bool, clock: Any) -> None:
        self.inside, self.required, self.clock = inside, required, clock
        self.networks = tuple(map(ip_network, networks))

    def trusts(self, address: IAddress | None) -> bool:
        """Whether a proxy is at this address."""
        return within(address, self.networks)

    def buildProtocol(self, addr: IAddress | None) -> Any:
        if not self.trusts(addr):
            return self.inside.buildProtocol(addr)
        protocol = Proxied(addr)
        protocol.factory = self
        return protocol
