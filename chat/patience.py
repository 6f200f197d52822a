"""How long somebody may take to come in."""

from __future__ import annotations

from collections.abc import Callable, Hashable

from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

log = Logger(namespace="chat")

#: Seconds that somebody may take.
PATIENCE = 60


class Patience:
    """Who has so many `seconds` for something, each from when it began: one timer for all of them."""

    def __init__(self, clock: IReactorTime, seconds: int) -> None:
        self._clock, self.seconds = clock, seconds
        #: Until when, and what is called then; the first to begin are the first.
        self._waiting: dict[Hashable, tuple[float, Callable[[], None]]] = {}
        self._timer: IDelayedCall | None = None

    def begin(self, who: Hashable, over: Callable[[], None]) -> None:
        """Call `over` unless `who` ends in time."""
        self._waiting[who] = self._clock.seconds() + self.seconds, over
        if self._timer is None:
            self._timer = self._clock.callLater(self.seconds, self._look)

    def end(self, who: Hashable) -> None:
        """It is over, one way or the other."""
        self._waiting.pop(who, None)
        if self._timer is not None and not self._waiting:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        now = self._clock.seconds()
        for who, (until, over) in tuple(self._waiting.items()):
            if until > now:
                self._timer = self._timer or self._clock.callLater(until - now, self._look)
                break
            if self._waiting.pop(who, None) is None:
                continue  # one before it has ended it
            try:
                over()
            except Exception:
                log.failure("A bug while somebody was told that it took too long")
