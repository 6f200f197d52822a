"""A secret that the server asks for: the next line is the answer, and is neither shown nor said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from chat.line.telnet import ECHO, IAC, WILL, WONT

if TYPE_CHECKING:
    from chat.line.protocol import LineProtocol

Then = Callable[[str], Awaitable[None]]

#: What is put behind a question whose answer the terminal shows.
VISIBLE = " (will be visible)"


class Question:
    """Waits for one secret, and does `then` with it; an empty line means no, which is what `no` is for.

    A telnet client is told that the server will show what is typed, which it does not (RFC 857).
    """

    def __init__(self, client: LineProtocol, text: str, then: Then, no: Callable[[], None] | None = None) -> None:
        self._client, self._then = client, then
        self._no = no or partial(client.notice, "Never mind. Nothing was changed.")
        self.hidden = client.settings.newline == "\r\n" and not client.settings.json
        client.ask(text if self.hidden else text + VISIBLE)
        if self.hidden:
            client.telnet.hiding = True
            client.outlet.write(bytes((IAC, WILL, ECHO)))

    def end(self) -> None:
        """The terminal shows again what is typed."""
        if self.hidden:
            self._client.telnet.hiding = False
            self._client.outlet.write(bytes((IAC, WONT, ECHO)))

    async def answer(self, text: str) -> None:
        """Somebody answered; Refused."""
        if text:
            await self._then(text)
        else:
            self._no()
