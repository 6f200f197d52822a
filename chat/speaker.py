"""The half of a connection that says something: what is in flight, and what becomes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from chat.core.events import Event
from chat.core.refusals import Refused
from chat.core.session import Session
from chat.outlet import Outlet
from chat.publication import Publication
from chat.voice import Command, Voice

if TYPE_CHECKING:
    from chat.factory import ChatFactory

#: Lines of speech that may be in flight for one connection.
IN_FLIGHT = 64


class Speaker(Voice):
    """The origin of what its connection publishes; `in_flight` is how much that is said was not told of yet."""

    factory: ChatFactory
    outlet: Outlet
    in_flight: int
    #: What its connection has done in this turn of the reactor, and what has to wait until less is in flight.
    _done: int
    _postponed: Command | Event | None
    go_on: Callable[[], None]
    _guard: Callable[[Callable[[], Awaitable[None] | None]], None]
    _failed: Callable[[Failure], None]

    @property
    def session(self) -> Session:
        """The session that says it."""
        raise NotImplementedError

    def publish(self, event: Event) -> Deferred[Event]:
        """Say that `event` happens; fires when it was told of, or with the refusal."""
        publication = Publication(self.session)
        self.factory.router.publish(event, publication)
        return publication.outcome

    def speak(self, event: Event, *further: Event) -> None:
        """Say something, without waiting for it to be on disk: `said` or `refuse` is called when it is known.

        What is said in one go with it is of the same kind and to the same people.
        """
        count = 1 + len(further)
        self.in_flight += count
        self._done += count
        try:
            if further:
                self.factory.router.publish_run((event, *further), self)
            else:
                self.factory.router.publish(event, self)
        except BaseException:
            self.in_flight -= count
            raise

    def in_turn(self, answer: Callable[[], None]) -> None:
        """Answer something that was said, behind what is in flight: that is what it counts as itself until then."""
        if self.in_flight:
            self.in_flight += 1
            self.factory.history.after(partial(self._its_turn, answer))
        else:
            answer()

    def delivered(self, event: Event) -> None:
        self.in_flight -= 1
        if not self.outlet.closed:
            try:
                self.said(event)
            except Exception:
                self._failed(Failure())
            if self._postponed is not None:
                self._spoke()

    def refused(self, event: Event, refusal: Refused) -> None:
        self._its_turn(partial(self.refuse, refusal))

    def _its_turn(self, answer: Callable[[], None], _: Refused | None = None) -> None:
        self.in_flight -= 1
        if not self.outlet.closed:
            self._guard(answer)
            if self._postponed is not None:
                self._spoke()

    def _spoke(self) -> None:
        """It is known what became of something that was said: go on with what had to wait for that, if enough is."""
        if self.in_flight <= (IN_FLIGHT // 2 if is_speech(self._postponed) else 0):
            self.go_on()


def is_speech(command: Command | Event | None) -> bool:
    """Whether it may follow speech that is still in flight."""
    return not isinstance(command, Command) or command.speech
