"""What leaves by one connection: straight to the socket while it takes everything, bounded when it does not.

A connection that does not read costs at most `LIMIT` bytes here.  What does not fit is dropped; the outlet
remembers from which event on, and what was missed is served from the history later.

A line that may be dropped goes with its stamp, the place of its event among all events: half of it, rounded
down, is the seq of the newest kept event before it, which is where the history is read from if it is dropped.
A line with the stamp `KEEP` answers this one connection, is in no history, and is never dropped.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from twisted.internet import tcp
from twisted.internet.defer import Deferred, fail, succeed
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IPullProducer, IPushProducer
from zope.interface import implementer

from chat import link

if TYPE_CHECKING:
    from chat.turn import Turn

#: Bytes that wait for one connection at most.
LIMIT = 65_536
#: Bytes that are given to a transport at a time, so that a slow reader is seen to make progress.
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
        "transport", "turn", "ready", "closed", "on_drained", "moved",
        "_socket_send", "_write", "_lines", "_dropped", "_blocked", "_pending", "_given",
        "_meanwhile", "_kept_back", "_waiting",
    )  # fmt: skip

    def __init__(self, transport: Any, turn: Turn, on_drained: Callable[[], None]) -> None:
        self.transport, self.turn, self.on_drained = transport, turn, on_drained
        #: Nothing more leaves: the connection is gone, or it will be as soon as it has taken what it was told.
        self.closed = False
        #: Whether the transport took something since somebody last looked.
        self.moved = False
        #: What is to be written at the end of this turn, if anything is.
        self._lines: list[Line] | None = None
        #: The least stamp of a line that was dropped; None: nothing was.
        self._dropped: int | None = None
        self._blocked = False
        self._pending = b""
        self._given = 0
        self._meanwhile: list[Line] | None = None
        self._kept_back = 0
        self._waiting: tuple[Deferred[None], ...] = ()
        self._socket_send: Callable[[bytes], int] | None = None
        if isinstance(transport, tcp.Connection) and not transport.TLS:
            self._socket_send = transport.socket.send
        else:
            self._write_through()
        link.send_at_once(transport)
        self.ready = True

    def _write_through(self) -> None:
        """Encrypted, or not TCP: have the transport say when it is full, and that before it holds much."""
        self._write: Callable[[bytes], None] = link.writer(self.transport)
        link.unwrapped(self.transport).bufferSize = CHUNK
        self.transport.registerProducer(self, True)

    # -- what others call

    def write(self, data: bytes, stamp: int = KEEP) -> None:
        """Have `data` written at the end of this turn, behind everything this connection is owed."""
        if self.turn.groups:
            self.settle()
        if self._lines:
            self._lines.append((stamp, data))
        else:
            self._lines = [(stamp, data)]
            self.turn.wrote(self)

    def settle(self) -> None:
        """Take what the groups owe this connection so far."""
        owed = self.turn.owed(self)
        if owed and self._lines:
            self._lines += owed
        elif owed:
            self._lines = owed
            self.turn.wrote(self)

    def flush(self) -> None:
        """Write now what was to be written at the end of the turn."""
        lines, self._lines = self._lines, None
        if lines:
            self.send(b"".join([data for _, data in lines]) if len(lines) > 1 else lines[0][1], lines)

    def hold(self) -> None:
        """Keep live lines back from now on, while the history is shown."""
        self.settle()
        self.flush()
        self._meanwhile, self._kept_back = [], 0
        self._update()

    def release(self) -> bool:
        """Write what was kept back and go on live; False if lines were dropped: `behind` says since when."""
        self.flush()
        lines, self._meanwhile, self._kept_back = self._meanwhile or [], None, 0
        self._update()
        if lines:
            self.send(b"".join([data for _, data in lines]), lines)
        return self._dropped is None

    def catch_up(self) -> int:
        """What was dropped is about to be shown, all that comes after the seq that is returned: hold.

        What this connection is owed up to now was told of, so it is in the history too: it is dropped first.
        """
        self.settle()
        self.flush()
        after, self._dropped = self.behind or 0, None
        self.hold()
        return after

    def drop_kept_back(self, after: int) -> None:
        """Lines are missing since the event `after`; what was kept back is dropped with them."""
        self._dropped, self._meanwhile, self._kept_back = 2 * after, None, 0
        self._update()

    def drained(self) -> Deferred[None]:
        """Fires when the transport takes more; ConnectionLost if it never will."""
        if self.closed:
            return fail(ConnectionLost())
        if not self._blocked:
            return succeed(None)
        waiting: Deferred[None] = Deferred()
        self._waiting += (waiting,)
        return waiting

    @property
    def behind(self) -> int | None:
        """The seq of the event after which lines are missing; None: none are."""
        return None if self._dropped is None else self._dropped // 2

    @property
    def clear(self) -> bool:
        """Whether the connection has taken all it was given, and nothing was dropped."""
        return not self._blocked and self._dropped is None

    @property
    def idle(self) -> bool:
        """Whether all that this connection was told has left."""
        return self.ready and not self._lines

    @property
    def sure(self) -> bool:
        """Whether what was written last leaves, whatever happens: all before it has left."""
        return self.ready and self._lines is not None and len(self._lines) == 1

    @property
    def missed(self) -> bool:
        """Whether lines were dropped, and the connection takes more now."""
        return not self._blocked and self._dropped is not None

    def unsent(self) -> int | None:
        """How many bytes the other side has not acknowledged; None where the system does not say."""
        raw = getattr(self.transport, "transport", self.transport)
        try:
            return int(struct.unpack("i", fcntl.ioctl(raw.fileno(), termios.TIOCOUTQ, b"\0\0\0\0"))[0])
        except (OSError, AttributeError, TypeError):
            return None

    def unanswered(self) -> bool:
        """Whether something had to be sent again because the other side's machine does not answer (tcp(7): TCP_INFO).

        True as well where the system does not say.
        """
        raw = getattr(self.transport, "transport", self.transport)
        try:
            _, _, retransmits, probes = raw.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 4)
        except (OSError, AttributeError):
            return True
        return bool(retransmits + probes > 1)

    def end(self) -> None:
        """Close the connection when everything it was told has gone out.

        Until it is gone it counts as blocked, so that it is given up if it does not take that.
        """
        if self.closed:
            return
        self.settle()
        self.flush()
        self.closed, self.ready = True, False
        self.transport.loseConnection()
        self.turn.blocked.add(self)
        if not self._blocked:
            self._let_go()

    def close(self) -> None:
        """The connection is gone: forget everything."""
        self.closed, self.ready = True, False
        self._lines, self._meanwhile, self._pending = None, None, b""
        self.turn.blocked.discard(self)
        waiting, self._waiting = self._waiting, ()
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
        """Through a transport of which only the producer calls say whether it takes more: a chunk at a time."""
        for start in range(0, len(data), CHUNK):
            self._write(data[start : start + CHUNK])
            if not self.ready:
                self._shortfall(start + CHUNK, lines)
                break

    def _shortfall(self, sent: int, lines: Sequence[Line]) -> None:
        """Only the first `sent` bytes of `lines` were taken: the line that was cut is finished in any case."""
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
            elif self._dropped is not None:
                self._dropped = min(self._dropped, stamp)
            elif self._waits() + len(now) + len(line) > LIMIT:
                self._drop(stamp)
            elif self._meanwhile is not None:
                self._meanwhile.append((stamp, line))
                self._kept_back += len(line)
            else:
                now += line
        if now:
            self._push(bytes(now))

    def _drop(self, stamp: int) -> None:
        """A line does not fit; what was kept back comes before it, so it is dropped too."""
        self._dropped = min(stamp, *(kept for kept, _ in self._meanwhile)) if self._meanwhile else stamp
        if self._meanwhile:
            self._meanwhile, self._kept_back = [], 0
        self._update()

    def _waits(self) -> int:
        """How many bytes wait here and in the transport: one that only says that it is full may hold two chunks."""
        given = 2 * CHUNK if self._blocked and self._socket_send is None else self._given
        return given + len(self._pending) + self._kept_back

    def _push(self, data: bytes) -> None:
        """Write or queue what is not to be dropped."""
        if self._blocked:
            self._pending += data
        elif self._socket_send is None:
            self._write(data)
        else:
            sent = self._send(data)
            if sent < len(data):
                self._block(data[sent:])

    # -- the transport as a consumer

    def _block(self, rest: bytes) -> None:
        """No more is taken: from now on the transport asks for what is pending, a chunk at a time."""
        self._pending += rest
        if not self._blocked:
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
            while self._pending and not self._blocked:
                self._write(self._chunk())
        elif self._pending:
            chunk = self._chunk()
            self._given = len(chunk)
            self.transport.write(chunk)
        else:
            self._given = 0
            self.transport.unregisterProducer()
            self._set_blocked(False)
        if not self._blocked:
            self._drained()

    def _chunk(self) -> bytes:
        """The next of what is pending."""
        chunk, self._pending = self._pending[:CHUNK], self._pending[CHUNK:]
        return chunk

    def stopProducing(self) -> None:
        """The transport is gone; `close` follows."""
        self.ready = False

    def _drained(self) -> None:
        if self.closed:
            self._let_go()
        waiting, self._waiting = self._waiting, ()
        for deferred in waiting:
            deferred.callback(None)
        if not self._blocked:
            self.on_drained()

    def _let_go(self) -> None:
        """The last has gone out: TLS says its own goodbye only when no producer is left."""
        if self._socket_send is None:
            self.transport.unregisterProducer()

    def _set_blocked(self, blocked: bool) -> None:
        self._blocked = blocked
        if blocked:
            self.turn.blocked.add(self)
        elif not self.closed:
            self.turn.blocked.discard(self)
        self._update()

    def _update(self) -> None:
        self.ready = not (self._blocked or self.closed or self._meanwhile is not None or self._dropped is not None)
