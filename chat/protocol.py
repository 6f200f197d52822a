"""One connection, whatever its wire: one line at a time, one error boundary, flood and idle limits.

The laws of this file:

- One command at a time.  Speech may follow speech that is still in flight, so that a fast sender's lines
  share a commit; anything else, and any refusal, waits until what is in flight has been told of.  So
  answers never overtake each other.
- What cannot be taken now is not read: our buffer is the queue, TCP is the back-pressure.
- A `Refused` is an answer.  Anything else that is raised is a bug: it is logged, the person is told that
  it is our fault, and the connection goes on.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from twisted.internet.address import UNIXAddress
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IHalfCloseableProtocol, ISSLTransport
from twisted.internet.protocol import connectionDone
from twisted.logger import Logger
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from zope.interface import implementer

from chat.core.events import Event, Left
from chat.core.refusals import Goodbye, Refused
from chat.core.registry import Registry, Room, User
from chat.core.session import SERVER, Session
from chat.linequeue import ENDLESS, LONGEST, LineQueue
from chat.outlet import Outlet
from chat.turn import Dialect, DialectGroup, stamp

if TYPE_CHECKING:
    from chat.core.history import History
    from chat.factory import ChatFactory

log = Logger(namespace="chat")

#: Lines of speech that may be in flight for one connection.
IN_FLIGHT = 64
#: Bytes that may wait to be understood before the connection is read no further.
QUEUED = 16_384
#: Lines that one connection may have understood in one turn of the reactor.
PER_TURN = 256


class Command(NamedTuple):
    """What a line asks for: `run` does it; `speech` need not wait for other speech."""

    run: Callable[[], Awaitable[None] | None]
    speech: bool = False


#: What an empty line asks for.
NOTHING = Command(lambda: None, speech=True)


class Publication:
    """The origin of an event whose publisher waits for what becomes of it."""

    __slots__ = ("session", "outcome")

    def __init__(self, session: Session) -> None:
        self.session = session
        self.outcome: Deferred[Event] = Deferred()

    def delivered(self, event: Event) -> None:
        self.outcome.callback(event)

    def refused(self, event: Event, refusal: Refused) -> None:
        self.outcome.errback(refusal)


@implementer(IHalfCloseableProtocol)
class ChatProtocol(LineReceiver):
    """A connection and, once it has a name, a session of its user.  A wire is a subclass."""

    delimiter = b"\n"
    MAX_LENGTH = LONGEST
    #: Bytes without a line end after which the connection is closed.
    ENDLESS = ENDLESS
    factory: ChatFactory
    #: Where the other side is, for counting: as its gateway says, if it comes by one.
    address: str = ""
    transport: Any
    user: User | None = None

    # -- what a wire says in its own words

    def started(self) -> None:
        """The connection is made: greet."""
        raise NotImplementedError

    def understand(self, line: bytes) -> Command | None:
        """What a line asks for; None for nothing at all.  Raises Refused."""
        raise NotImplementedError

    def refuse(self, refusal: Refused) -> None:
        """Tell the person why not."""
        raise NotImplementedError

    def apologise(self) -> None:
        """Tell the person that something went wrong on our side."""
        raise NotImplementedError

    def said(self, event: Event) -> None:
        """A line of this connection's is on disk, and was told of."""

    def part(self, why: str) -> None:
        """Close the connection, and say why."""
        raise NotImplementedError

    async def catch_up(self) -> None:
        """The connection reads again, after lines were dropped: show them from the history."""
        raise NotImplementedError

    def sees_own(self, event: Event) -> bool:
        """Whether this session is shown an event that it published itself."""
        raise NotImplementedError

    def entered(self, room: Room) -> None:
        """The user of this session is in `room` now, by another session or by somebody else's doing."""
        raise NotImplementedError

    def reconfigured(self) -> None:
        """The settings of the daemon have changed."""

    def moved(self, room: Room, event: Event) -> None:
        """A room that this session listens to has another name; it was shown `event`."""

    def view(self, room: Room | None) -> Dialect:
        """How this session sees a room now, or, without a room, what is said to it alone."""
        raise NotImplementedError

    # -- what commands use

    @property
    def registry(self) -> Registry:
        return self.factory.registry

    @property
    def history(self) -> History:
        return self.factory.history

    def publish(self, event: Event) -> Deferred[Event]:
        """Say that `event` happens; fires when it was told of, or with the refusal."""
        publication = Publication(self)
        self.factory.router.publish(event, publication)
        return publication.outcome

    def speak(self, event: Event) -> None:
        """Say something, without waiting for it to be on disk: `said` or `refuse` is called when it is known."""
        self.in_flight += 1
        try:
            self.factory.router.publish(event, self)
        except BaseException:
            self.in_flight -= 1
            raise

    @property
    def me(self) -> User:
        """The user of this session; only after sign-in."""
        assert self.user is not None
        return self.user

    @property
    def encrypted(self) -> bool:
        return ISSLTransport.providedBy(self.transport)

    @property
    def is_local(self) -> bool:
        """Whether the link does not leave this machine."""
        peer = self.transport.getPeer()
        host = str(getattr(peer, "host", ""))
        return isinstance(peer, UNIXAddress) or host.startswith("127.") or host == "::1"

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the certificate that the other side showed, in hex; empty for none."""
        certificate = self.transport.getPeerCertificate() if self.encrypted else None
        return certificate.digest("sha256").decode().replace(":", "").lower() if certificate else ""

    @property
    def waiting_input(self) -> int:
        """Bytes that were received and are not understood yet."""
        return len(self._queue)

    def leave(self) -> None:
        """Close the connection when everything written has gone out."""
        self.outlet.flush()
        self.transport.loseConnection()

    # -- a session, as the core sees it

    @property
    def session(self) -> Session:
        return self

    def dialect(self, room: Room) -> Hashable:
        return self.view(room)

    def new_group(self, room: Room) -> DialectGroup:
        return DialectGroup(self.factory.turn, self.view(room))

    def hear(self, event: Event, origin: Session | None) -> None:
        """Be told of something that concerns this user, not a whole room."""
        try:
            data = self.view(None).render(event)
        except Exception:
            log.failure("A bug while {kind} was rendered", kind=type(event).__name__)
            return
        if data:
            self.outlet.write(data, stamp(event))

    def noticed(self, event: Event, name: str) -> None:
        """Only a wire that follows names is told."""

    def delivered(self, event: Event) -> None:
        self.in_flight -= 1
        if not self.outlet.closed:
            self.said(event)
            self.go_on()

    def refused(self, event: Event, refusal: Refused) -> None:
        self.in_flight -= 1
        if not self.outlet.closed:
            self.refuse(refusal)
            self.go_on()

    # -- the connection, as Twisted sees it

    def connectionMade(self) -> None:
        self.in_flight = 0
        self.input_ended = False
        self._queue = LineQueue(self.MAX_LENGTH, self.ENDLESS)
        self._running = False
        self._postponed: Command | None = None
        self._timer: Any = None
        self._flood = self.factory.flood_limit()
        self.outlet = Outlet(self.transport, self.factory.turn, self.drained)
        self._guard(self._begin)

    def _begin(self) -> None:
        self.factory.admit(self)
        self.started()

    def drained(self) -> None:
        """The transport took all that waited."""
        if self.outlet.behind is not None and not self._running:
            self._guard(self.catch_up)
        else:
            self.go_on()

    def dataReceived(self, data: bytes) -> None:
        try:
            self._queue.feed(data)
        except Goodbye as goodbye:
            self._failed(Failure(goodbye))
        self.go_on()

    def readConnectionLost(self) -> None:
        """The other side will send nothing more; it may still read (IHalfCloseableProtocol)."""
        self._queue.finish()
        self.input_ended = True
        self.go_on()

    def writeConnectionLost(self) -> None:
        """The other side reads no more."""
        self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.outlet.close()
        if self._timer is not None and self._timer.active():
            self._timer.cancel()
        self.detach()
        self.factory.forget(self)

    def dismiss(self, why: str) -> None:
        """Close this connection, which is no session any more, and say why."""
        self.part(why)
        self.detach(why)

    def detach(self, why: str = "") -> None:
        """This connection is no session any more; with its last session a user has left."""
        user, self.user = self.user, None
        if user is None:
            return
        user.sessions.remove(self)
        for room in user.rooms.values():
            room.crowd.remove(self)
        if not user.sessions and not self.factory.stopping:
            self.factory.router.publish(Left(user.author, why or self.farewell()), SERVER)

    def farewell(self) -> str:
        """Why this user has left, for those who stay."""
        return ""

    # -- one line at a time

    def go_on(self) -> None:
        """Understand what was received, as far as that may be done now."""
        for _ in range(PER_TURN):
            if self._running or self.outlet.closed or self.transport.disconnecting:
                break
            command, self._postponed = self._postponed or self._next(), None
            if command is None:
                break
            if self.in_flight >= (IN_FLIGHT if command.speech else 1):
                self._postponed = command
                break
            self._run(command)
        else:
            self._wait(0)
        self._read_or_not()

    def _next(self) -> Command | None:
        """The next thing this connection asks for, or None if it has to wait or there is none."""
        if self.outlet.clear and self._may_speak():
            try:
                line = self._queue.pop()
                if line is None:
                    return self._end_of_input()
                command = self.understand(line)
            except Exception:
                command = Command(partial(self._failed, Failure()))
            if command is None:
                return NOTHING
            self._flood.spend()
            return command
        return None

    def _end_of_input(self) -> Command | None:
        if not self.input_ended or self._timer_runs():
            return None
        return Command(self.ended)

    def ended(self) -> Awaitable[None] | None:
        """The input has ended and everything in it was done."""
        self.leave()
        return None

    def _may_speak(self) -> bool:
        """Whether the flood limit lets another line in; if not, go on when it does."""
        wait = self._flood.wait()
        if wait:
            self._wait(wait)
        return not wait

    def _timer_runs(self) -> bool:
        return self._timer is not None and self._timer.active()

    def _wait(self, seconds: float) -> None:
        if not self._timer_runs():
            self._timer = self.factory.clock.callLater(seconds, self.go_on)

    def _read_or_not(self) -> None:
        """Read on while little waits; nothing is read while the flood limit holds a line back."""
        if self.outlet.closed or self.input_ended or self.transport.disconnecting:
            return
        full = len(self._queue) > (0 if self._timer_runs() else QUEUED)
        if full and not self.paused:
            self.pauseProducing()
        elif not full and self.paused:
            self.paused = False
            self.transport.resumeProducing()

    def _run(self, command: Command) -> None:
        self._guard(command.run)

    def _guard(self, run: Callable[[], Awaitable[None] | None]) -> None:
        """Run something inside the error boundary; while it waits, nothing else of this connection runs."""
        try:
            result = run()
        except Exception:
            self._failed(Failure())
            return
        if inspect.iscoroutine(result):
            self._running = True
            Deferred.fromCoroutine(result).addErrback(self._failed).addBoth(self._finished)

    def _finished(self, _: object) -> None:
        self._running = False
        self.go_on()

    def _failed(self, failure: Failure) -> None:
        """The one place where what went wrong becomes an answer."""
        if self.outlet.closed:
            if not failure.check(ConnectionLost, Refused):
                log.failure("A bug after a connection was closed", failure)
        elif failure.check(Refused):
            self.refuse(failure.value)  # type: ignore[arg-type]
            if failure.check(Goodbye):
                self.leave()
        else:
            log.failure("A bug in one connection", failure)
            self.apologise()

