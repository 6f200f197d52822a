"""Takes a file to a server by HTTP, over a link that is as safe as that of the chat."""

from __future__ import annotations

import os
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from twisted.internet.defer import Deferred
from twisted.web.client import Agent, FileBodyProducer, readBody
from twisted.web.http_headers import Headers
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

from chat.clients.address import Address
from chat.clients.certificate import Verified
from chat.clients.files import CannotSend
from chat.clients.remembered import Remembered

#: Seconds that making a connection may take.
PATIENCE = 30


@implementer(IPolicyForHTTPS)
class Trust:
    """Believes the certificates that are right, and those that the person has trusted for the server of the chat."""

    def __init__(self, server: Address, remembered: Remembered) -> None:
        self._server, self._remembered = server, remembered
        self.last: Verified | None = None

    def creatorForNetloc(self, hostname: bytes, port: int) -> Verified:
        host = hostname.decode()
        same = host == self._server.host or port == self._server.port
        there = self._remembered.fingerprint(str(Address(host, port, True)))
        here = self._remembered.fingerprint(str(self._server)) if same else ""
        self.last = Verified(host, there or here)
        return self.last


def carry(reactor: Any, server: Address, remembered: Remembered, url: str, permit: str, path: str) -> Deferred[str]:
    """Take the file at `path` to `url`; fires with where it is then, or CannotSend."""
    return Deferred.fromCoroutine(_carry(reactor, server, Trust(server, remembered), url, permit, path))


async def _carry(reactor: Any, server: Address, trust: Trust, url: str, permit: str, path: str) -> str:
    if server.tls and urlsplit(url).scheme != "https":
        raise CannotSend("The server wants files over a link that others can read. Nothing was sent.")
    path = os.path.expanduser(path)
    try:
        file = open(path, "rb")  # noqa: SIM115 - its producer closes it
    except OSError as error:
        raise CannotSend(f"{path} cannot be read: {(error.strerror or str(error)).lower()}.") from None
    name = quote(os.path.basename(path), safe="")
    headers = Headers({
        "Authorization": [f"Bearer {permit}"],
        "Content-Disposition": [f"attachment; filename*=UTF-8''{name}"],
    })  # fmt: skip
    try:
        agent = Agent(reactor, trust, connectTimeout=PATIENCE)
        response = await agent.request(b"POST", url.encode(), headers, FileBodyProducer(file))
        text = (await readBody(response)).decode("utf-8", "replace").strip()
    except Exception as error:
        wrong = trust.last.wrong if trust.last is not None else ""
        why = f"the certificate of the server {wrong}" if wrong else str(error) or type(error).__name__
        raise CannotSend(f"The file was not sent: {why.rstrip('.')}.") from None
    finally:
        file.close()
    location: str = response.headers.getRawHeaders("location", [""])[0]
    if response.code != HTTPStatus.CREATED or not location:
        raise CannotSend(text or f"The file was not sent: the server says {response.code}.")
    return location
