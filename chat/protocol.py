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

from collections.abc import Awaitable, Callable, Hashable, Iterator, Mapping
from functools import partial
from types import CoroutineType
from typing import TYPE_CHECKING, Any

from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionLost
from twisted.internet.interfaces import IHalfCloseableProtocol
from twisted.internet.protocol import connectionDone
from twisted.logger import Logger
from twisted.protocols.basic import LineReceiver
from twisted.python.failure import Failure
from zope.interface import implementer

from chat.core.events import Event, Left, Told
from chat.core.refusals import Goodbye, Refused
from chat.core.registry import Registry, Room, User
from chat.core.session import SERVER, Crowd, Session
from chat.core.user import EMPTY, NO_KEYS
from chat.linequeue import ENDLESS, LONGEST, LineQueue
from chat.link import Linked
from chat.outlet import Outlet
from chat.speaker import IN_FLIGHT, Speaker, is_speech
from chat.turn import DialectGroup, stamp
from chat.voice import NOTHING, Command

if TYPE_CHECKING:
    from chat.core.history import History
    from chat.factory import ChatFactory

log = Logger(namespace="chat")

#: Bytes that may wait to be understood before the connection is read no further.
QUEUED = 16_384
#: How much one connection may do in one turn of the reactor: a line of speech is 1, and so is each event that it makes;
#: what is no speech, or is refused, is so many.
PER_TURN, COMMAND = 256, 32


@implementer(IHalfCloseableProtocol)
class ChatProtocol(Speaker, Linked, LineReceiver):
    """A connection and, once it has a name, a session of its user.  A wire is a subclass."""

    __slots__ = ("in_flight", "input_ended", "left", "outlet", "private", "queue", "since", "_done", "_flood",
                 "_going_on", "_postponed", "_running", "_timer")  # fmt: skip
    delimiter = b"\n"
    MAX_LENGTH = LONGEST
    #: Bytes without a line end after which the connection is closed.
    ENDLESS = ENDLESS
    factory: ChatFactory
    #: Where the other side is, for counting: as its gateway says, if it comes by one.
    address: str = ""
    #: What operators call this wire.
    wire = ""
    #: When (ms) it was connected, and when something was said on it last.
    came = active = 0
    user: User | None = None
    outlet: Outlet
    #: The rooms it has left before it took what it heard there: with which event it came, and with which it went.
    left: Mapping[str, tuple[int, int]]
    #: The private conversations of which something may not have left yet.
    private: frozenset[str]

    # -- what commands use

    @property
    def registry(self) -> Registry:
        return self.factory.registry

    @property
    def history(self) -> History:
        return self.factory.history

    @property
    def me(self) -> User:
        """The user of this session, after sign-in; ConnectionLost when it is a session no more."""
        if self.user is None:
            raise ConnectionLost
        return self.user

    @property
    def waiting_input(self) -> int:
        """Bytes that were received and are not understood yet."""
        return len(self.queue)

    def leave(self) -> None:
        """Close the connection when everything written has gone out; what still comes in is dropped."""
        if self.paused and not self.outlet.closed:
            self.paused = False
            self.transport.resumeProducing()  # TLS is closed only when the other side is heard to agree
        self.outlet.end()

    # -- a session, as the core sees it

    @property
    def session(self) -> Session:
        return self

    def enters(self, crowd: Crowd) -> None:
        self.since[crowd] = self.factory.router.delivered

    def leaves(self, crowd: Crowd) -> None:
        came = self.since.pop(crowd)
        self.outlet.flush()
        if not self.outlet.ready:
            self.left = {**self.left, crowd.room.key: (came, self.factory.router.delivered)}

    def dialect(self, room: Room) -> Hashable:
        return self.view(room)

    def new_group(self, room: Room) -> DialectGroup:
        return DialectGroup(self.factory.turn, self.view(room))

    def hear(self, event: Event, origin: Session | None) -> None:
        """Be told of something that concerns this user, not a whole room."""
        try:
            data = self.view_of(event).render(event)
        except Exception:
            log.failure("A bug while {kind} was rendered", kind=type(event).__name__)
            return
        if data:
            self.outlet.write(data, stamp(event))
            if isinstance(event, Told):
                self._remember(event)

    def _remember(self, event: Told) -> None:
        """Something private was written: know where to look for it if it is dropped."""
        if not self.outlet.sure:
            self.private |= {*event.conversations()}
        elif self.private:
            self.private = EMPTY

    # -- the connection, as Twisted sees it

    def connectionMade(self) -> None:
        self.in_flight = self._done = 0
        self.input_ended = self._running = self._going_on = False
        #: The crowds this session is one of, and with which event it came there.
        self.since: dict[Crowd, int] = {}
        self.left = NO_KEYS
        self.private = EMPTY
        self.queue = LineQueue(self.MAX_LENGTH, self.ENDLESS)
        self._postponed: Command | Event | None = None
        self._timer: Any = None
        self._flood = self.factory.flood_limit()
        self.outlet = Outlet(self.transport, self.factory.turn, self.go_on)
        self._guard(self._begin)

    def _begin(self) -> None:
        self.factory.admit(self)
        self.started()

    def dataReceived(self, data: bytes) -> None:
        if not self.outlet.closed:
            self.queue.feed(data)
            self.go_on()

    def readConnectionLost(self) -> None:
        """The other side will send nothing more; it may still read (IHalfCloseableProtocol)."""
        self.queue.finish()
        self.input_ended = True
        self.go_on()

    def writeConnectionLost(self) -> None:
        """The other side reads no more."""
        self.leave()

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        self.outlet.close()
        if self._timer is not None:
            self._timer.cancel()
        self.detach()
        self.factory.forget(self)

    def dismiss(self, why: str) -> None:
        """Close this connection, which is no session any more, and say why."""
        self.part(why)
        self.detach(why)

    def detach(self, why: str = "") -> None:
        """This connection is no session any more; with its last session a user has left, unless it stays."""
        user, self.user = self.user, None
        if user is None:
            return
        user.sessions = tuple(session for session in user.sessions if session is not self)
        for crowd in tuple(self.since):
            crowd.remove(self)
        if not user.sessions:
            user.alone = self.factory.now()
        if not (user.sessions or self.factory.stopping or self.registry.stays(user)):
            self.factory.router.publish(Left(user.author, why or self.farewell()), SERVER)

    # -- one line at a time

    def go_on(self) -> None:
        """Do what can be done now: show what was missed, understand what was received."""
        if self._going_on:
            return  # what was run there has ended at once
        self._going_on = True
        try:
            self._do_what_can_be_done()
        finally:
            self._going_on = False
        self._read_or_not()

    def _do_what_can_be_done(self) -> None:
        while not self._running and (self.outlet.ready or self._takes_more()):
            command = self._next()
            if command is None:
                return
            if self.in_flight and self.in_flight >= (IN_FLIGHT if is_speech(command) else 1):
                self._postponed = command
                return
            if isinstance(command, Command):
                self._done += 1 if command.speech else COMMAND
                self._guard(command.run)
            else:
                self._say(command)

    def _say(self, event: Event) -> None:
        """Speak, with what stands right behind it and may be said in one go with it, inside the error boundary."""
        try:
            if len(self.queue):
                self.speak(event, *self._further(event))
            else:
                self.speak(event)
        except Exception:
            self._failed(Failure())
        self.active = event.time

    def _further(self, event: Event) -> Iterator[Event]:
        """What was received right behind `event` and may be said in one go with it."""
        lines = self.further(event)
        for _ in range(min(IN_FLIGHT - self.in_flight, PER_TURN - self._done) - 1):
            further = None if self._flood.wait() else next(lines, None)
            if further is None:
                break
            self._flood.spend()
            yield further

    def _takes_more(self) -> bool:
        """Whether answers can be written; if lines were dropped, and there is room again, they are shown first."""
        if self.outlet.missed and not self.outlet.closed:
            self._guard(self._show_missed)
        return self.outlet.clear and not (self._running or self.outlet.closed)

    async def _show_missed(self) -> None:
        try:
            await self.catch_up()
        except ConnectionLost:
            raise
        except Exception:
            log.failure("A connection could not be shown what it missed")
            self.part("What you have missed cannot be read now, so you would not see all there is. Come back later.")

    def _next(self) -> Command | Event | None:
        """The next thing this connection asks for, or None if it has to wait or there is none."""
        if self._timer is not None:
            return None
        if self._done >= PER_TURN:
            self._done = 0
            self._wait(0)
            return None
        command, self._postponed = self._postponed, None
        if command is not None:
            return command
        wait = self._flood.wait()
        if wait:
            self._wait(wait)
            return None
        try:
            line = self.queue.pop()
            if line is None:
                self._done = 0  # what comes next comes in another turn
                return Command(self.ended) if self.input_ended else None
            command = self.understand(line)
        except Exception:
            command = Command(partial(self._failed, Failure()))
        if command is None:
            return NOTHING
        self._flood.spend()
        return command

    def ended(self) -> Awaitable[None] | None:
        """The input has ended and everything in it was done."""
        self.leave()
        return None

    def _wait(self, seconds: float) -> None:
        """Do nothing more for so long."""
        self._timer = self.factory.clock.callLater(seconds, self._waited)

    def _waited(self) -> None:
        self._timer = None
        self.go_on()

    def _read_or_not(self) -> None:
        """Read on while little waits; nothing is read while the flood limit holds a line back."""
        if self.outlet.closed or self.input_ended:
            return
        full = len(self.queue) > (QUEUED if self._timer is None else 0)
        if full and not self.paused:
            self.pauseProducing()
        elif not full and self.paused and not self.factory.stopping:
            self.paused = False
            self.transport.resumeProducing()

    def _guard(self, run: Callable[[], Awaitable[None] | None]) -> None:
        """Run something inside the error boundary; while it waits, nothing else of this connection runs."""
        try:
            result = run()
        except Exception:
            self._done += COMMAND
            self._failed(Failure())
            return
        if isinstance(result, CoroutineType):
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
            self.in_turn(partial(self._refuse, failure.value))  # type: ignore[arg-type]
        else:
            log.failure("A bug in one connection", failure)
            self.apologise()


    def _refuse(self, refusal: Refused) -> None:
        self.refuse(refusal)
        if isinstance(refusal, Goodbye):
            self.leave()
