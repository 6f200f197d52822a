"""A client that speaks WebSocket, in memory: the client's side of wsproto over whatever reaches a door."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Message,
    Ping,
    Pong,
    RejectConnection,
    RejectData,
    Request,
    TextMessage,
)

HOST = "chat.example.org"


class Browser:
    """Somebody whose client speaks WebSocket; `visitor` types bytes and reads bytes."""

    def __init__(
        self,
        visitor: Any,
        subprotocols: Iterable[str] = ("text.ircv3.net",),
        host: str = HOST,
        fields: Iterable[tuple[str, str]] = (),
        piece: int = 65_536,
    ) -> None:
        self.visitor, self.piece = visitor, piece
        self.socket = WSConnection(ConnectionType.CLIENT)
        self.accepted: AcceptConnection | None = None
        #: With which status and in which words it was refused.
        self.refused: tuple[int, str] | None = None
        self.refusal_fields: dict[str, str] = {}
        self.closed: CloseConnection | None = None
        self.events: list[Any] = []
        self._lines: list[str] = []
        self._kinds: set[type] = set()
        self._part = ""
        extra = [(name.encode(), value.encode()) for name, value in fields]
        self.sends(Request(host=host, target="/", subprotocols=list(subprotocols), extra_headers=extra))
        self.reads()

    @property
    def subprotocol(self) -> str | None:
        assert self.accepted is not None
        return self.accepted.subprotocol

    @property
    def kinds(self) -> set[type]:
        """The kinds of messages that have come."""
        self.reads()
        return self._kinds

    def types(self, data: bytes) -> None:
        """Send bytes as they are, in pieces."""
        for start in range(0, len(data), self.piece):
            self.visitor.types(data[start : start + self.piece])

    def sends(self, *events: Any) -> None:
        """Send events of wsproto, in one piece."""
        self.types(b"".join(self.socket.send(event) for event in events))

    def says(self, *lines: str) -> None:
        """Send lines, one a message, in one piece."""
        self.sends(*map(TextMessage, lines))

    def reads(self) -> bytes:
        """Take what has come; the same, as bytes."""
        data: bytes = self.visitor.reads()
        if data:
            self.socket.receive_data(data)
        for event in self.socket.events():
            self._take(event)
        return data

    def _take(self, event: Any) -> None:
        if isinstance(event, AcceptConnection):
            self.accepted = event
        elif isinstance(event, RejectConnection):
            self.refused = event.status_code, ""
            self.refusal_fields = {name.decode().lower(): value.decode() for name, value in event.headers}
        elif isinstance(event, RejectData):
            assert self.refused is not None
            self.refused = self.refused[0], self.refused[1] + event.data.decode()
        elif isinstance(event, CloseConnection):
            self.closed = event
        elif isinstance(event, Message):
            self._kinds.add(TextMessage if isinstance(event, TextMessage) else BytesMessage)
            self._part += event.data if isinstance(event.data, str) else bytes(event.data).decode()
            if event.message_finished:
                self._lines.append(self._part)
                self._part = ""
        else:
            assert isinstance(event, (Ping, Pong)), event
            self.events.append(event)

    def hears(self) -> list[str]:
        """The lines that have come since the last time."""
        self.reads()
        lines, self._lines = self._lines, []
        return lines

    def asks(self, *lines: str) -> list[str]:
        """Say lines, and hear what comes of them."""
        self.says(*lines)
        return self.hears()

    def comes_in(self, name: str, *rooms: str) -> Browser:
        """Register, and be in these channels, and have read everything so far."""
        self.says(f"NICK {name}", f"USER {name} 0 * :{name.title()}", *(f"JOIN {room}" for room in rooms))
        self.hears()
        return self
