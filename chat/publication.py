"""An event that somebody waits for."""

from __future__ import annotations

from twisted.internet.defer import Deferred

from chat.core.events import Event
from chat.core.refusals import Refused
from chat.core.session import Session


class Publication:
    """The origin of an event whose publisher waits for what becomes of it."""

    __slots__ = ("session", "outcome")

    def __init__(self, session: Session | None) -> None:
        self.session = session
        self.outcome: Deferred[Event] = Deferred()

    def delivered(self, event: Event) -> None:
        self.outcome.callback(event)

    def refused(self, event: Event, refusal: Refused) -> None:
        self.outcome.errback(refusal)
