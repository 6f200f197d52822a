"""Where a server is: HOST[:PORT], and whether the way there has to be encrypted."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

#: Where the daemon listens if nobody says otherwise, on the machine itself; and where TLS is spoken.
PORT, TLS_PORT = 5050, 6697
BRACKETS = re.compile(r"\[(?P<host>[0-9A-Fa-f:.%]+)\](?::(?P<port>\d+))?")


class BadAddress(ValueError):
    """A text is no address; the words say why."""


@dataclass(frozen=True)
class Address:
    """Where a server is."""

    host: str
    port: int
    tls: bool

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def is_loopback(host: str) -> bool:
    """Whether what is sent there never leaves this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def parse(text: str, tls: bool | None = None) -> Address:
    """The address that HOST[:PORT] means; BadAddress.

    Without a port it is 5050 on this machine, 6697 elsewhere.  What leaves this machine is encrypted, unless `tls` is
    False; what does not is plain, unless it is True.
    """
    brackets = BRACKETS.fullmatch(text)
    if brackets:
        host, port = brackets["host"], brackets["port"] or ""
    elif text.count(":") > 1:
        host, port = text, ""
    else:
        host, _, port = text.partition(":")
        if ":" in text and not port:
            raise BadAddress(f'"{text}" has no port behind its colon.')
    if not host or re.search(r"[\s/@]", host):
        raise BadAddress(f'"{text}" is no address; it is HOST or HOST:PORT.')
    encrypted = not is_loopback(host) if tls is None else tls
    if not port:
        return Address(host, TLS_PORT if encrypted else PORT, encrypted)
    if not (port.isascii() and port.isdigit() and 0 < int(port[:6]) < 65536):
        raise BadAddress(f'"{port}" is no port; ports are numbers from 1 to 65535.')
    return Address(host, int(port), encrypted)
