"""What leaves by one connection: straight to the socket while it takes everything, bounded when it does not.

A connection that does not read costs at most `LIMIT` bytes here.  What does not fit is dropped; the outlet
remembers from which event on, and what was missed is served from the history later.

A line that may be dropped goes with its stamp: the seq of the newest kept event before it, which is where
the history is read from if it is dropped.  A line with the stamp `KEEP` answers this one connection, is in
no history, and is never dropped.
"""

from __future__ import annotations

import fcntl
import struct
import termios
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from twisted.internet import tcp
from twisted.internet.defer import Deferred, succeed
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IPullProducer, IPushProducer
from zope.interface import implementer

if TYPE_CHECKING:
    from chat.turn import Turn

#: Bytes that wait for one connection at most.
LIMIT = 65_536
#: Bytes that are given to a blocked transport at a time, so that a slow reader is seen to make progress.
CHUNK = 16_384
#: The stamp of a line that is never dropped.
KEEP = -1
#: A line as bytes of the wire, behind its stamp.
Line = tuple[int, bytes]


@implementer(IPushProducer, IPullProducer)
class Outlet:
    """What one connection is told: straight to the socket while it takes everything, bounded when it does not.

    `on_drained` is called when the transport, after it was full, has taken all that waited.
    """

    __slots__ = (
        "transport", "turn", "ready", "behind", "closed", "on_drained", "moved",
        "_socket_send", "_lines", "_blocked", "_pending", "_given", "_meanwhile", "_kept_back", "_waiting",
    )  # fmt: skip

    def __init__(self, transport: Any, turn: Turn, on_drained: Callable[[], None]) -> None:
        self.transport, self.turn, self.on_drained = transport, turn, on_drained
        #: The stamp of the first line that was dropped; None: nothing was.
        self.behind: int | None = None
        self.closed = False
        #: Whether the transport took something since somebody last looked.
        self.moved = False
        self._lines: list[Line] = []
        self._blocked = False
        self._pending = bytearray()
        self._given = 0
        self._meanwhile: list[Line] | None = None
        self._kept_back = 0
        self._waiting: list[Deferred[None]] = []
        plain = isinstance(transport, tcp.Connection) and not transport.TLS
        self._socket_send: Callable[[bytes], int] | None = transport.socket.send if plain else None
        if not plain:
            transport.registerProducer(self, True)
        self.ready = True

    # -- what others call

    def write(self, data: bytes, stamp: int = KEEP) -> None:
        """Have `data` written at the end of this turn, behind everything this connection is owed."""
        self.settle()
        if not self._lines:
            self.turn.wrote(self)
        self._lines.append((stamp, data))

    def settle(self) -> None:
        """Take what the groups owe this connection so far."""
        owed = self.turn.owed(self)
        if owed:
            if not self._lines:
                self.turn.wrote(self)
            self._lines += owed

    def flush(self) -> None:
        """Write now what was to be written at the end of the turn."""
        lines, self._lines = self._lines, []
        if lines:
            self.send(b"".join([data for _, data in lines]), lines)

    def hold(self) -> None:
        """Keep live lines back from now on, while the history is shown."""
        self.flush()
        self._meanwhile, self._kept_back = [], 0
        self._update()

    def release(self) -> bool:
        """Write what was kept back and go on live; False if it had become too much: then lines were dropped."""
        self.flush()
        lines, self._meanwhile, self._kept_back = self._meanwhile or [], None, 0
        self._update()
        if self.behind is None and lines:
            self.send(b"".join([data for _, data in lines]), lines)
        return self.behind is None

    def catch_up(self) -> None:
        """What was dropped is about to be shown from the history: keep live lines back from here on."""
        self.behind = None
        self.hold()

    def drop_kept_back(self, after: int) -> None:
        """Lines are missing since the event `after`; what was kept back is dropped with them."""
        self.behind, self._meanwhile = after, None
        self._update()

    def drained(self) -> Deferred[None]:
        """Fires when the transport takes more; ConnectionLost if it never will."""
        if not self._blocked:
            return succeed(None)
        waiting: Deferred[None] = Deferred()
        self._waiting.append(waiting)
        return waiting

    @property
    def clear(self) -> bool:
        """Whether the connection has taken all it was given, and nothing was dropped."""
        return not self._blocked and self.behind is None

    def unsent(self) -> int | None:
        """How many bytes the other side has not acknowledged; None where the system does not say."""
        raw = getattr(self.transport, "transport", self.transport)
        try:
            return int(struct.unpack("i", fcntl.ioctl(raw.fileno(), termios.TIOCOUTQ, b"\0\0\0\0"))[0])
        except (OSError, AttributeError, TypeError):
            return None

    def close(self) -> None:
        """The connection is gone: forget everything."""
        self.closed, self.ready = True, False
        self._lines, self._meanwhile = [], None
        self._pending.clear()
        self.turn.blocked.discard(self)
        waiting, self._waiting = self._waiting, []
        for deferred in waiting:
            deferred.errback(ConnectionLost())

    # -- sending

    def send(self, data: bytes, lines: Sequence[Line]) -> None:
        """Write `data`, which is `lines` joined."""
        if not self.ready:
            self._select(lines)
        elif self._socket_send is None:
            self._send_through(data, lines)
        else:
            sent = self._send(data)
            if sent < len(data):
                self._shortfall(sent, lines)

    def _send(self, data: bytes) -> int:
        """Straight to the socket; how many bytes it took."""
        try:
            return self._socket_send(data)  # type: ignore[misc]
        except BlockingIOError:
            return 0
        except OSError:
            self.ready = False
            self.transport.write(data)  # the transport meets the same error, and says so in its own way
            self.closed = True
            return len(data)

    def _send_through(self, data: bytes, lines: Sequence[Line]) -> None:
        """Through a transport of which only the producer calls say whether it takes more."""
        if len(data) <= CHUNK:
            self.transport.write(data)
            return
        for position, (_, line) in enumerate(lines):
            if not self.ready:
                self._select(lines[position:])
                break
            self.transport.write(line)

    def _shortfall(self, sent: int, lines: Sequence[Line]) -> None:
        """The socket took only the first `sent` bytes of `lines`: the line that was cut is finished in any case."""
        for position, (_, line) in enumerate(lines):
            if sent < len(line):
                self._block(line[sent:])
                self._select(lines[position + 1 :])
                break
            sent -= len(line)

    def _select(self, lines: Sequence[Line]) -> None:
        """Decide for each line: now, kept back, or dropped."""
        now = bytearray()
        for stamp, line in () if self.closed else lines:
            if stamp == KEEP:
                now += line
            elif self.behind is not None:
                continue
            elif self._meanwhile is not None and self._kept_back + len(line) <= LIMIT:
                self._meanwhile.append((stamp, line))
                self._kept_back += len(line)
            elif self._meanwhile is None and self._waits() + len(now) + len(line) <= LIMIT:
                now += line
            else:
                self.behind = stamp
                self._update()
        if now:
            self._push(bytes(now))

    def _waits(self) -> int:
        """How many bytes wait here and in the transport: one that only says that it is full is taken to be full."""
        return LIMIT if self._blocked and self._socket_send is None else self._given + len(self._pending)

    def _push(self, data: bytes) -> None:
        """Write or queue what is not to be dropped."""
        if self._blocked:
            self._pending += data
        elif self._socket_send is None:
            self.transport.write(data)
        else:
            sent = self._send(data)
            if sent < len(data):
                self._block(data[sent:])

    # -- the transport as a consumer

    def _block(self, rest: bytes) -> None:
        """The socket takes no more: from now on the transport asks for what is pending, a chunk at a time."""
        self._pending += rest
        self._set_blocked(True)
        self.transport.registerProducer(self, False)

    def pauseProducing(self) -> None:
        """A transport we write through is full."""
        self._set_blocked(True)

    def resumeProducing(self) -> None:
        """The transport takes more."""
        self.moved = True
        if self._socket_send is None:
            self._set_blocked(False)
            pending, self._pending = bytes(self._pending), bytearray()
            if pending:
                self.transport.write(pending)
        elif self._pending:
            self._given = min(len(self._pending), CHUNK)
            chunk = bytes(self._pending[: self._given])
            del self._pending[: self._given]
            self.transport.write(chunk)
        else:
            self._given = 0
            self.transport.unregisterProducer()
            self._set_blocked(False)
        if not self._blocked:
            self._drained()

    def stopProducing(self) -> None:
        """The transport is gone; `close` follows."""
        self.ready = False

    def _drained(self) -> None:
        waiting, self._waiting = self._waiting, []
        for deferred in waiting:
            deferred.callback(None)
        if not self._blocked:
            self.on_drained()

    def _set_blocked(self, blocked: bool) -> None:
        self._blocked = blocked
        (self.turn.blocked.add if blocked else self.turn.blocked.discard)(self)
        self._update()

    def _update(self) -> None:
        self.ready = not (self._blocked or self.closed or self._meanwhile is not None or self.behind is not None)
